//! The document: an OpenAPI file as it was written, each value with its place.
//!
//! This module knows YAML and JSON, and nothing of OpenAPI beyond `$ref`.

mod error;
mod node;
mod reference;
mod scalar;
mod source;
mod yaml;

use std::fs::File;
use std::io::Read;
use std::path::Path;

pub use error::LoadError;
pub use node::{Entry, Node, NodeId, Value};
pub use reference::RefError;
pub use source::{Position, Source, Span};

use node::Arena;
pub(crate) use node::escape;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// The deepest nesting that is read. Real contracts stay below 60.
pub const MAX_DEPTH: usize = 256;

/// The most values a document may stand for once its aliases are written out.
pub const MAX_VALUES: usize = 20_000_000;

/// A parsed YAML or JSON file.
///
/// Values are addressed by [`NodeId`]; an id is only good for the document it came from.
#[derive(Debug)]
pub struct Document {
    source: Source,
    arena: Arena,
    root: NodeId,
}

impl Document {
    /// Reads and parses the file at `path`. Errors and findings name the file as `name`.
    ///
    /// # Errors
    /// When the file cannot be read, is larger than [`MAX_BYTES`], is not UTF-8, or does not parse.
    pub fn load(path: &Path, name: &str) -> Result<Self, LoadError> {
        let unreadable = |error: std::io::Error| LoadError::unreadable(name, &error);
        let file = File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        // One byte more than allowed tells a file of the limit from a larger one, and a pipe that
        // never ends is read no further.
        file.take(MAX_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        Self::parse_bytes(name, bytes)
    }

    /// Parses the bytes of a file.
    ///
    /// # Errors
    /// As [`Document::load`], but for reading.
    pub fn parse_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, LoadError> {
        if bytes.len() > MAX_BYTES {
            return Err(LoadError::too_large(name));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            LoadError::not_utf8(name, &error.as_bytes()[..valid])
        })?;
        Self::parse(name, text)
    }

    /// Parses the text of a file.
    ///
    /// # Errors
    /// As [`Document::parse_bytes`].
    pub fn parse(name: &str, text: impl Into<String>) -> Result<Self, LoadError> {
        let source = Source::new(name, text.into());
        if source.text().len() > MAX_BYTES {
            return Err(LoadError::too_large(name));
        }
        let (arena, root) = yaml::parse(&source)?;
        Ok(Self {
            source,
            arena,
            root,
        })
    }

    /// The file's name and text.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The outermost value.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The value behind an id.
    pub fn node(&self, id: NodeId) -> &Node {
        self.arena.node(id)
    }

    /// The member `key` of an object; nothing where `id` is no object or has no such member.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.entry(id, key).map(|entry| entry.value)
    }

    /// The member `key` of an object with the place of its key.
    pub fn entry(&self, id: NodeId, key: &str) -> Option<&Entry> {
        self.arena.entry(id, key)
    }

    /// The members of an object in the order they are written; none where `id` is no object.
    pub fn entries(&self, id: NodeId) -> &[Entry] {
        match &self.node(id).value {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of an array; none where `id` is no array.
    pub fn elements(&self, id: NodeId) -> &[NodeId] {
        match &self.node(id).value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The text of a string; nothing where `id` is no string.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The string member `key` of an object.
    pub fn get_text(&self, id: NodeId, key: &str) -> Option<&str> {
        self.get(id, key).and_then(|value| self.text(value))
    }

    /// The boolean member `key` of an object.
    pub fn get_bool(&self, id: NodeId, key: &str) -> Option<bool> {
        match self.node(self.get(id, key)?).value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The value as plain JSON, without places.
    pub fn to_json(&self, id: NodeId) -> serde_json::Value {
        self.arena.to_json(id)
    }

    /// The place of the key that a value is first written under; nothing for elements of arrays.
    pub fn key_span(&self, id: NodeId) -> Option<Span> {
        self.arena.key_span(id)
    }

    /// The JSON pointer (RFC 6901) of a value.
    pub fn pointer(&self, id: NodeId) -> String {
        self.arena.pointer(id)
    }

    /// The value at a JSON pointer.
    pub fn at_pointer(&self, pointer: &str) -> Option<NodeId> {
        reference::at_pointer(self, pointer)
    }

    /// The value that `id` stands for: itself, or the target of its `$ref`, however long the chain.
    ///
    /// # Errors
    /// When a reference leads nowhere, out of the document, or back to itself.
    pub fn resolve(&self, id: NodeId) -> Result<NodeId, RefError> {
        reference::resolve(self, id)
    }
}
