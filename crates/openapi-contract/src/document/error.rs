//! Errors when loading documents.

use std::fmt;
use std::sync::Arc;

use super::source::{Position, Source, Span};

/// A document that could not be read or parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    name: String,
    position: Option<Position>,
    offset: u32,
    /// The file, if the error has a location in it.
    file: Option<Arc<Source>>,
    message: String,
    remedy: Option<&'static str>,
}

impl LoadError {
    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The position in the file, if there is one.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// The file, for showing an excerpt.
    pub fn file(&self) -> Option<&Source> {
        self.file.as_deref()
    }

    /// The bytes to highlight: a word, or a single character.
    pub fn span(&self) -> Option<Span> {
        let text = self.file()?.text().get(self.offset as usize..)?;
        let goes_on = |character: char| character.is_alphanumeric() || "-_/.$".contains(character);
        let mut characters = text.char_indices().skip(1);
        let end = characters.find(|&(_, character)| !goes_on(character));
        let end = end.map_or(text.len(), |(end, _)| end);
        Some(Span {
            start: self.offset,
            end: self.offset + end as u32,
        })
    }

    /// What is wrong, without the location.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to fix it, if it is not a syntax error.
    pub(crate) fn remedy(&self) -> Option<&'static str> {
        self.remedy
    }

    pub(super) fn with_remedy(self, remedy: &'static str) -> Self {
        Self {
            remedy: Some(remedy),
            ..self
        }
    }

    pub(super) fn at(source: &Source, offset: u32, message: impl Into<String>) -> Self {
        Self {
            name: source.name().to_owned(),
            position: Some(source.position(offset)),
            offset,
            file: None,
            message: message.into(),
            remedy: None,
        }
    }

    /// Attaches the file that failed to parse.
    pub(super) fn in_file(self, source: Source) -> Self {
        Self {
            file: Some(Arc::new(source)),
            ..self
        }
    }

    pub(super) fn unreadable(name: &str, error: &std::io::Error) -> Self {
        Self::without_position(name, &format!("cannot read the file: {error}"))
    }

    pub(super) fn too_large(name: &str) -> Self {
        let mebibytes = super::MAX_BYTES >> 20;
        let message = format!(
            "the file is larger than {mebibytes} MiB; split it, or check that it is a contract"
        );
        Self::without_position(name, &message)
    }

    /// The first `valid` bytes are UTF-8, the next one is not.
    pub(super) fn not_utf8(name: &str, bytes: &[u8], valid: usize) -> Self {
        let source = Source::new(name, String::from_utf8_lossy(bytes).into_owned());
        let message = "invalid UTF-8; save the file as UTF-8";
        Self::at(&source, valid as u32, message).in_file(source)
    }

    pub(super) fn without_position(name: &str, message: &str) -> Self {
        Self {
            name: name.to_owned(),
            position: None,
            offset: 0,
            file: None,
            message: message.to_owned(),
            remedy: None,
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
