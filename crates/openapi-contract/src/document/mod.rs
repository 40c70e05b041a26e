//! The document: an OpenAPI contract as it was written, in one file or several, each value with its
//! place.
//!
//! This module knows YAML and JSON, and nothing of OpenAPI beyond `$ref`.

mod error;
mod files;
mod json;
mod node;
mod pointer;
mod reference;
mod scalar;
mod source;
mod target;
mod tree;
mod yaml;

use std::io;
use std::path::Path;

pub use error::LoadError;
pub use node::{Entries, Entry, Node, NodeId, Value};
pub use pointer::{InvalidJsonPointer, JsonPointer, escape_token, unescape_token};
pub use reference::RefError;
pub use source::{Position, Source, Span};

use files::Files;
use node::Arena;
pub(crate) use pointer::tokens;
use reference::ReferenceTable;

/// The most bytes that are read, of all files together.
pub const MAX_BYTES: usize = 64 << 20;

/// The most files that are read. Real contracts have up to 2,000.
pub const MAX_FILES: usize = 10_000;

/// The deepest nesting that is read. Real contracts stay below 60.
pub const MAX_DEPTH: usize = 256;

/// The most values a document may stand for once its aliases are written out. Real contracts have
/// up to 500,000.
pub const MAX_VALUES: usize = 5_000_000;

/// A parsed YAML or JSON file, with the files that it refers to.
///
/// Values are addressed by [`NodeId`]; an id is only good for the document it came from.
#[derive(Debug)]
pub struct Document {
    files: Files,
    arena: Arena,
    links: ReferenceTable,
}

impl Document {
    /// Reads and parses the file at `path`, and the files below its folder that references lead to.
    /// Errors and findings name the file as `name`.
    ///
    /// # Errors
    /// When the file cannot be read, is larger than [`MAX_BYTES`], is not UTF-8, or does not parse.
    /// What is wrong with another file is told by [`Document::resolve`].
    pub fn load(path: &Path, name: &str) -> Result<Self, LoadError> {
        let bytes = files::read(path).map_err(|error| LoadError::unreadable(name, &error))?;
        let (mut files, mut arena) = Files::first(name, files::decode(name, bytes)?)?;
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        files.follow(&mut arena, &mut |path| files::read_below(folder, path));
        Ok(Self::new(files, arena))
    }

    /// As [`Document::load`], with files that `read` finds by their names: `name` itself, and names
    /// in the same folder. The folder is what `name` has up to its last `/`, or `:` in names such
    /// as `HEAD:media.yaml`.
    ///
    /// # Errors
    /// As [`Document::load`].
    pub fn load_with(
        name: &str,
        read: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
    ) -> Result<Self, LoadError> {
        let bytes = read(name).map_err(|error| LoadError::unreadable(name, &error))?;
        let (mut files, mut arena) = Files::first(name, files::decode(name, bytes)?)?;
        let folder = files::folder(name);
        files.follow(&mut arena, &mut |path| read(&format!("{folder}{path}")));
        Ok(Self::new(files, arena))
    }

    /// Parses the bytes of a file that refers to no other.
    ///
    /// # Errors
    /// As [`Document::load`], but for reading.
    pub fn parse_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, LoadError> {
        Self::parse(name, files::decode(name, bytes)?)
    }

    /// Parses the text of a file that refers to no other.
    ///
    /// # Errors
    /// As [`Document::parse_bytes`].
    pub fn parse(name: &str, text: impl Into<String>) -> Result<Self, LoadError> {
        let (files, arena) = Files::first(name, text.into())?;
        Ok(Self::new(files, arena))
    }

    fn new(files: Files, mut arena: Arena) -> Self {
        arena.shrink_to_fit();
        let links = ReferenceTable::new(&files, &arena);
        Self {
            files,
            arena,
            links,
        }
    }

    /// The name and text of the file that was asked for.
    pub fn source(&self) -> &Source {
        &self.files.list()[0].source
    }

    /// The names and texts of all files, the one that was asked for first.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.files.list().iter().map(|file| &file.source)
    }

    /// The name and text of the file that a value is written in.
    pub fn source_of(&self, id: NodeId) -> &Source {
        &self.files.of(id).source
    }

    /// Where a value stands in the document, for sorting: its file, in the order of
    /// [`Document::sources`], and its place there.
    pub fn sort_key(&self, id: NodeId) -> (usize, Span) {
        (self.files.index_of(id), self.node(id).span)
    }

    /// The outermost value of the file that was asked for.
    pub fn root(&self) -> NodeId {
        self.files.list()[0].root
    }

    /// The value behind an id.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        self.arena.node(id)
    }

    /// The member `key` of an object; nothing where `id` is no object or has no such member.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.entry(id, key).map(|entry| entry.value)
    }

    /// The member `key` of an object with the place of its key.
    pub fn entry(&self, id: NodeId, key: &str) -> Option<Entry<'_>> {
        self.arena.entry(id, key)
    }

    /// The members of an object in the order they are written; none where `id` is no object.
    pub fn entries(&self, id: NodeId) -> Entries<'_> {
        self.arena.entries(id)
    }

    /// The members of the member `key` of an object; none where there are none.
    pub fn members(&self, id: NodeId, key: &str) -> Entries<'_> {
        self.get(id, key)
            .map_or_else(Entries::default, |id| self.entries(id))
    }

    /// The elements of an array; none where `id` is no array.
    pub fn elements(&self, id: NodeId) -> &[NodeId] {
        self.arena.elements(id)
    }

    /// The text of a string; nothing where `id` is no string.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        self.arena.text(id)
    }

    /// The string member `key` of an object.
    pub fn get_text(&self, id: NodeId, key: &str) -> Option<&str> {
        self.get(id, key).and_then(|value| self.text(value))
    }

    /// The value of a boolean; nothing where `id` is no boolean.
    pub fn bool(&self, id: NodeId) -> Option<bool> {
        match self.node(id).value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The boolean member `key` of an object.
    pub fn get_bool(&self, id: NodeId, key: &str) -> Option<bool> {
        self.get(id, key).and_then(|value| self.bool(value))
    }

    /// The value as plain JSON, without places.
    pub fn to_json(&self, id: NodeId) -> serde_json::Value {
        self.arena.to_json(id)
    }

    /// The place of the key that a value is first written under; nothing for elements of arrays.
    pub fn key_span(&self, id: NodeId) -> Option<Span> {
        self.arena.key_span(id)
    }

    /// The JSON pointer (RFC 6901) of a value within its file.
    pub fn pointer(&self, id: NodeId) -> String {
        self.arena.pointer(id)
    }

    /// The value at a JSON pointer in the file that was asked for.
    pub fn at_pointer(&self, pointer: &str) -> Option<NodeId> {
        reference::at_pointer(&self.arena, self.root(), pointer)
    }

    /// The value that `id` stands for: itself, or the target of its `$ref`, however long the chain.
    ///
    /// # Errors
    /// When a reference leads nowhere, out of the contract's folder, or back to itself.
    pub fn resolve(&self, id: NodeId) -> Result<NodeId, RefError> {
        self.links.resolve(&self.files, &self.arena, id)
    }

    /// The value that `reference` means where it is written at `at`: a discriminator's mapping has
    /// references that are no `$ref`.
    ///
    /// # Errors
    /// As [`Document::resolve`].
    pub fn target(&self, at: NodeId, reference: &str) -> Result<NodeId, RefError> {
        self.links.target(&self.files, &self.arena, at, reference)
    }
}
