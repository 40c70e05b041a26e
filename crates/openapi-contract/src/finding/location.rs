//! Locations in documents.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::named_pointer::named_pointer;
use crate::document::{Document, NodeId, Position, Span, Value as NodeValue};

/// A location in a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Location {
    /// The document's name, usually its path.
    pub file: String,
    /// Line and column.
    #[serde(flatten)]
    pub position: Position,
    /// The JSON pointer of the value.
    pub pointer: String,
    /// The JSON pointer with the file name, if it is not the main file, and with the names of array
    /// elements instead of their indexes: it is stable when elements are inserted.
    #[serde(skip)]
    pub named_pointer: String,
    /// The bytes to underline.
    #[serde(skip)]
    pub span: Span,
}

impl Location {
    /// The location of a value, or of its property `member` if it has one.
    pub fn new(document: &Document, node: NodeId, member: Option<&str>) -> Self {
        let entry = member.and_then(|key| document.entry(node, key));
        let target = entry.map_or(node, |entry| entry.value);
        let key_span = match entry {
            Some(entry) => Some(entry.key_span),
            None => document.key_span(node),
        };
        let value = document.node(target);
        // Of an object or an array, only the key is underlined.
        let is_container = matches!(value.value, NodeValue::Object(_) | NodeValue::Array(_));
        let span = match key_span {
            Some(key) if is_container || value.span.start < key.end => key,
            Some(key) => Span {
                start: key.start,
                end: first_line(document, target).end,
            },
            None => first_line(document, target),
        };
        Self {
            file: document.source_of(target).name().to_owned(),
            position: document.source_of(target).position(span.start),
            pointer: document.pointer(target),
            named_pointer: named_pointer(document, target),
            span,
        }
    }
}

/// The first line of a value, which is enough to identify it.
fn first_line(document: &Document, node: NodeId) -> Span {
    let span = document.node(node).span;
    let line = document
        .source_of(node)
        .slice(span)
        .lines()
        .next()
        .unwrap_or_default();
    Span {
        start: span.start,
        end: span.start + line.trim_end().len() as u32,
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.position)
    }
}
