//! Sunsets: the day from which something deprecated may be gone, `x-sunset`.

use super::change::Change;
use crate::finding::Level;

/// The day of an end that has come; nothing where none was announced, or where it is not known which
/// day it is.
pub(super) fn come<'s>(
    deprecated: bool,
    sunset: Option<&'s str>,
    today: Option<&str>,
) -> Option<&'s str> {
    let today = today?;
    sunset.filter(|&sunset| deprecated && sunset <= today)
}

/// What it means that the day is another, and how much it matters.
pub(super) fn change(old: Option<&str>, new: Option<&str>) -> (Change, Level) {
    let change = Change::keyword("x-sunset", old, new);
    // An earlier end than announced takes time away that was promised.
    let is_earlier = old.zip(new).is_some_and(|(old, new)| new < old);
    let level = if is_earlier {
        Level::Risky
    } else {
        Level::Compatible
    };
    (change, level)
}
