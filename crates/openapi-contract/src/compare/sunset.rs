//! Sunsets: the day from which something deprecated may be gone, `x-sunset`.

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
pub(super) fn change(old: Option<&str>, new: Option<&str>) -> (String, Level) {
    let shown =
        |day: Option<&str>| day.map_or_else(|| "not set".to_owned(), |day| format!("`{day}`"));
    let fact = format!(
        "the sunset is {} in the old contract and {} in the new contract",
        shown(old),
        shown(new)
    );
    // An earlier end than announced takes time away that was promised.
    let is_earlier = old.zip(new).is_some_and(|(old, new)| new < old);
    let level = if is_earlier {
        Level::Risky
    } else {
        Level::Compatible
    };
    (fact, level)
}
