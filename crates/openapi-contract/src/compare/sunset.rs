//! Sunset dates (`x-sunset`), after which a deprecated operation or parameter can be removed.

use super::change::Change;
use crate::finding::Level;

/// The sunset date, if it has passed. `None` without a date, or if `today` is unknown.
pub(super) fn passed<'s>(
    deprecated: bool,
    sunset: Option<&'s str>,
    today: Option<&str>,
) -> Option<&'s str> {
    let today = today?;
    sunset.filter(|&sunset| deprecated && sunset <= today)
}

/// The change of a sunset date, and its level.
pub(super) fn change(old: Option<&str>, new: Option<&str>) -> (Change, Level) {
    let change = Change::keyword("x-sunset", old, new);
    // Users were promised the time until the old date.
    let is_earlier = old.zip(new).is_some_and(|(old, new)| new < old);
    let level = if is_earlier {
        Level::Risky
    } else {
        Level::Compatible
    };
    (change, level)
}
