//! Documents: YAML and JSON files as syntax trees, with the location of every value.
//!
//! A document consists of one file and the files it refers to. Of OpenAPI, this module knows only
//! `$ref`.

mod error;
mod files;
mod flow;
mod json;
mod node;
mod pointer;
mod reference;
mod reference_target;
mod scalar;
mod source;
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

/// The maximum size of a document in bytes, all files together.
pub const MAX_BYTES: usize = 64 << 20;

/// The maximum number of files. Real contracts have up to 2,000.
pub const MAX_FILES: usize = 10_000;

/// The maximum nesting depth. Real contracts stay below 60.
pub const MAX_DEPTH: usize = 256;

/// The maximum number of values after aliases are expanded. Real contracts have up to 500,000.
pub const MAX_VALUES: usize = 5_000_000;

/// A parsed YAML or JSON file, with the files it refers to.
///
/// A [`NodeId`] is valid only for the document that returned it.
#[derive(Debug)]
pub struct Document {
    files: Files,
    arena: Arena,
    links: ReferenceTable,
}

impl Document {
    /// Reads and parses the file at `path`, and the files in its directory and below that it refers
    /// to. Messages call the file `name`.
    ///
    /// # Errors
    /// When the file cannot be read, is larger than [`MAX_BYTES`], is not UTF-8, or does not parse.
    /// Errors in the other files are returned by [`Document::resolve`].
    pub fn load(path: &Path, name: &str) -> Result<Self, LoadError> {
        Self::load_below(parent(path), path, name)
    }

    /// Like [`Document::load`], but the file may refer to all files in the directory `root` and below.
    ///
    /// # Errors
    /// See [`Document::load`], and when the file is not below `root`.
    pub fn load_below(root: &Path, path: &Path, name: &str) -> Result<Self, LoadError> {
        let unreadable = |error| LoadError::unreadable(name, &error);
        let bytes = files::read(path).map_err(unreadable)?;
        let text = files::decode(name, bytes)?;
        let root = root.canonicalize().map_err(unreadable)?;
        let directory = parent(path).canonicalize().map_err(unreadable)?;
        let Ok(directory) = directory.strip_prefix(&root) else {
            let message = format!("the file is not in {} or below", root.display());
            return Err(LoadError::without_position(name, &message));
        };
        let mut steps = files::names(directory);
        let file = path.file_name().unwrap_or_default();
        steps.push(file.to_string_lossy().into_owned());
        let above = files::names(&root);
        let (mut files, mut arena) = Files::first_below(above, &steps.join("/"), name, text)?;
        files.follow(&mut arena, &mut |path| files::read_below(&root, path));
        Ok(Self::new(files, arena))
    }

    /// Like [`Document::load`], but reads files with `read`. It receives `name`, and names in the
    /// same directory: the directory is the part of `name` up to the last `/`, or up to the last
    /// `:` in names such as `HEAD:media.yaml`.
    ///
    /// # Errors
    /// See [`Document::load`].
    pub fn load_with(
        name: &str,
        read: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
    ) -> Result<Self, LoadError> {
        Self::load_with_below(files::directory(name), name, read)
    }

    /// Like [`Document::load_with`], but the file may refer to all files whose name starts with
    /// `root`, which is a part of `name` up to a `/` or `:`.
    ///
    /// # Errors
    /// See [`Document::load`], and when `name` does not start with `root`.
    pub fn load_with_below(
        root: &str,
        name: &str,
        read: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
    ) -> Result<Self, LoadError> {
        let is_directory = root.is_empty() || root.ends_with(['/', '\\', ':']);
        let Some(path) = name.strip_prefix(root).filter(|_| is_directory) else {
            let message = format!("the file is not in {root} or below");
            return Err(LoadError::without_position(name, &message));
        };
        let bytes = read(name).map_err(|error| LoadError::unreadable(name, &error))?;
        let text = files::decode(name, bytes)?;
        let above = root.rsplit(':').next().unwrap_or_default();
        let above = files::names(Path::new(above));
        let (mut files, mut arena) = Files::first_below(above, path, name, text)?;
        files.follow(&mut arena, &mut |path| read(&format!("{root}{path}")));
        Ok(Self::new(files, arena))
    }

    /// Parses a file that does not refer to other files.
    ///
    /// # Errors
    /// See [`Document::load`]. No error about reading files occurs.
    pub fn parse_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, LoadError> {
        Self::parse(name, files::decode(name, bytes)?)
    }

    /// Parses the text of a file that does not refer to other files.
    ///
    /// # Errors
    /// See [`Document::parse_bytes`].
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

    /// Name and text of the main file.
    pub fn source(&self) -> &Source {
        &self.files.list()[0].source
    }

    /// Names and texts of all files, the main file first.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.files.list().iter().map(|file| &file.source)
    }

    /// Name and text of the file that contains a value.
    pub fn source_of(&self, id: NodeId) -> &Source {
        &self.files.of(id).source
    }

    /// A key that sorts values by their position: by file, in the order of [`Document::sources`],
    /// then by offset.
    pub fn sort_key(&self, id: NodeId) -> (usize, Span) {
        (self.files.index_of(id), self.node(id).span)
    }

    /// The root value of the main file.
    pub fn root(&self) -> NodeId {
        self.files.list()[0].root
    }

    /// The value with an id.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        self.arena.node(id)
    }

    /// The property `key` of an object; `None` if `id` is not an object or has no such property.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.entry(id, key).map(|entry| entry.value)
    }

    /// The property `key` of an object, with the location of its key.
    pub fn entry(&self, id: NodeId, key: &str) -> Option<Entry<'_>> {
        self.arena.entry(id, key)
    }

    /// The properties of an object in document order; empty if `id` is not an object.
    pub fn entries(&self, id: NodeId) -> Entries<'_> {
        self.arena.entries(id)
    }

    /// The properties of the object in the property `key`; empty if there is no such object.
    pub fn members(&self, id: NodeId, key: &str) -> Entries<'_> {
        self.get(id, key)
            .map_or_else(Entries::default, |id| self.entries(id))
    }

    /// The elements of an array; empty if `id` is not an array.
    pub fn elements(&self, id: NodeId) -> &[NodeId] {
        self.arena.elements(id)
    }

    /// The content of a string; `None` if `id` is not a string.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        self.arena.text(id)
    }

    /// The content of the string property `key` of an object.
    pub fn get_text(&self, id: NodeId, key: &str) -> Option<&str> {
        self.get(id, key).and_then(|value| self.text(value))
    }

    /// The value of a boolean; `None` if `id` is not a boolean.
    pub fn bool(&self, id: NodeId) -> Option<bool> {
        match self.node(id).value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The value of the boolean property `key` of an object.
    pub fn get_bool(&self, id: NodeId, key: &str) -> Option<bool> {
        self.get(id, key).and_then(|value| self.bool(value))
    }

    /// The value as plain JSON.
    pub fn to_json(&self, id: NodeId) -> serde_json::Value {
        self.arena.to_json(id)
    }

    /// The location of the key under which a value is defined; `None` for array elements.
    pub fn key_span(&self, id: NodeId) -> Option<Span> {
        self.arena.key_span(id)
    }

    /// The JSON pointer (RFC 6901) of a value in its file.
    pub fn pointer(&self, id: NodeId) -> String {
        self.arena.pointer(id)
    }

    /// The value at a JSON pointer in the main file.
    pub fn at_pointer(&self, pointer: &str) -> Option<NodeId> {
        reference::at_pointer(&self.arena, self.root(), pointer)
    }

    /// The immediate target of a `$ref`, which may be a reference itself; `None` if `id` is not a
    /// reference.
    ///
    /// # Errors
    /// See [`Document::resolve`]. Cycles are not detected.
    pub fn next_target(&self, id: NodeId) -> Option<Result<NodeId, RefError>> {
        self.links.next(&self.files, &self.arena, id)
    }

    /// The target of a `$ref`, through any number of references, or `id` itself if it is not a
    /// reference.
    ///
    /// # Errors
    /// When a reference has no target, points outside the contract's directory, or is part of a
    /// cycle.
    pub fn resolve(&self, id: NodeId) -> Result<NodeId, RefError> {
        self.links.resolve(&self.files, &self.arena, id)
    }

    /// The target of `reference`, resolved relative to the file that contains `at`. Discriminator
    /// mappings contain references that are not a `$ref`.
    ///
    /// # Errors
    /// See [`Document::resolve`].
    pub fn target(&self, at: NodeId, reference: &str) -> Result<NodeId, RefError> {
        self.links.target(&self.files, &self.arena, at, reference)
    }
}

/// The directory of a file.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if directory != Path::new("") => directory,
        _ => Path::new("."),
    }
}
