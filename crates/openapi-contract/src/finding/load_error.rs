//! Files that fail to parse.

use super::{Finding, Level, Location};
use crate::document::LoadError;
use crate::rules;

impl Finding {
    /// The finding for a file that fails to parse, or `None` for errors without a location in the
    /// file, such as a missing file. [`LoadError::file`] has the text for an excerpt.
    pub fn from_load_error(error: &LoadError) -> Option<Self> {
        let location = Location {
            file: error.name().to_owned(),
            position: error.position()?,
            pointer: String::new(),
            named_pointer: "#".to_owned(),
            span: error.span()?,
        };
        Some(Self {
            rule: rules::INVALID_DOCUMENT,
            level: Level::Breaking,
            wire: Level::Breaking,
            rust: Level::Editorial,
            rust_item: None,
            direction: None,
            sites: Vec::new(),
            subject: Vec::new(),
            fact: error.message().to_owned(),
            consequence: "The file can't be read until it parses.".to_owned(),
            remedy: "Fix the syntax here or on the line before.".to_owned(),
            old: Some(location),
            new: None,
            witness: None,
            accepted: None,
        })
    }
}
