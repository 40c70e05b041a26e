//! A file that does not parse, as a finding.

use crate::document::LoadError;
use crate::finding::{Finding, Level, Location};
use crate::rules;

/// What keeps a file from being parsed; nothing where the error has no place in a file, as when there
/// is no such file. [`LoadError::file`] shows the place.
pub fn parse_failure(error: &LoadError) -> Option<Finding> {
    let place = Location {
        file: error.name().to_owned(),
        position: error.position()?,
        pointer: String::new(),
        named_pointer: "#".to_owned(),
        span: error.span()?,
    };
    Some(Finding {
        rule: rules::INVALID_DOCUMENT,
        level: Level::Breaking,
        wire: Level::Breaking,
        rust: Level::Editorial,
        rust_item: None,
        direction: None,
        sites: Vec::new(),
        subject: Vec::new(),
        fact: error.message().to_owned(),
        consequence: "Nothing in the file is read before it parses.".to_owned(),
        remedy: "Correct this place, or the one before it.".to_owned(),
        old: Some(place),
        new: None,
        witness: None,
        accepted: None,
    })
}
