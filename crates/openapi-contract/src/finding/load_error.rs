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
            consequence: "The rest of the file was not checked.".to_owned(),
            remedy: error
                .remedy()
                .unwrap_or("Fix the syntax here or on the line before.")
                .to_owned(),
            old: Some(location),
            ..Self::new(rules::INVALID_DOCUMENT, Level::Breaking, error.message())
        })
    }
}
