//! Why a document could not be loaded.

use std::fmt;

use super::source::{Position, Source};

/// A document that could not be read or parsed. Its text says what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    name: String,
    position: Option<Position>,
    message: String,
}

impl LoadError {
    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where in the file, when the problem has a place.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn at(source: &Source, offset: u32, message: impl Into<String>) -> Self {
        Self {
            name: source.name().to_owned(),
            position: Some(source.position(offset)),
            message: message.into(),
        }
    }

    pub(super) fn unreadable(name: &str, error: &std::io::Error) -> Self {
        Self::without_place(name, &format!("cannot be read: {error}"))
    }

    pub(super) fn too_large(name: &str) -> Self {
        let mebibytes = super::MAX_BYTES >> 20;
        let message =
            format!("is larger than {mebibytes} MiB: split it, or check that it is a contract");
        Self::without_place(name, &message)
    }

    /// `valid` is the text before the first byte that is not UTF-8.
    pub(super) fn not_utf8(name: &str, valid: &[u8]) -> Self {
        let text = String::from_utf8_lossy(valid).into_owned();
        let end = text.len() as u32;
        let source = Source::new(name, text);
        Self::at(&source, end, "is not UTF-8 from here on: save it as UTF-8")
    }

    pub(super) fn without_place(name: &str, message: &str) -> Self {
        Self {
            name: name.to_owned(),
            position: None,
            message: message.to_owned(),
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(position) = self.position {
            write!(f, ":{position}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for LoadError {}
