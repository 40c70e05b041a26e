//! Loading the files of a document: the main file and those it refers to.
//!
//! An error in another file is an error of the document only once a reference to it is followed,
//! because a `$ref` may also be part of an example.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Component, Path};

use super::error::LoadError;
use super::json::{self, JsonError};
use super::node::{Arena, NodeId};
use super::source::Source;
use super::{MAX_BYTES, MAX_FILES, reference_target, yaml};

/// A file of a document.
#[derive(Debug)]
pub(super) struct LoadedFile {
    pub(super) source: Source,
    pub(super) root: NodeId,
    /// The path relative to the root directory.
    pub(super) path: String,
    /// The number of nodes in the files before it.
    first: usize,
}

/// The files of a document, the main file first.
#[derive(Debug)]
pub(super) struct Files {
    list: Vec<LoadedFile>,
    by_path: HashMap<String, Result<usize, LoadError>>,
    /// The names of the root directory and those above it, as far as they are known.
    pub(super) root: Vec<String>,
    /// Whether references to other files are followed.
    pub(super) has_directory: bool,
    bytes: usize,
}

impl Files {
    /// Parses the main file in the root directory. Messages call it `name`.
    pub(super) fn first(name: &str, text: String) -> Result<(Self, Arena), LoadError> {
        let path = &name[directory(name).len()..];
        Self::first_below(Vec::new(), path, name, text)
    }

    /// Parses the main file at a path relative to the root directory. Messages call it `name`.
    pub(super) fn first_below(
        root: Vec<String>,
        path: &str,
        name: &str,
        text: String,
    ) -> Result<(Self, Arena), LoadError> {
        let mut arena = Arena::default();
        let mut files = Self {
            list: Vec::new(),
            by_path: HashMap::new(),
            root,
            has_directory: false,
            bytes: 0,
        };
        files.add(&mut arena, name, path, text)?;
        files.by_path.insert(path.to_owned(), Ok(0));
        Ok((files, arena))
    }

    /// Loads the files that are referred to, directly or indirectly. `read` receives paths relative
    /// to the root directory.
    pub(super) fn follow(
        &mut self,
        arena: &mut Arena,
        read: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
    ) {
        self.has_directory = true;
        let (mut references, mut mappings) = (0, 0);
        loop {
            let mut paths = Vec::new();
            for &id in &arena.references[references..] {
                let value = arena.entry(id, "$ref").map(|entry| entry.value);
                paths.extend(value.and_then(|value| self.new_path(arena, value)));
            }
            for &id in &arena.mappings[mappings..] {
                let Some(mapping) = arena.entry(id, "mapping") else {
                    continue;
                };
                for entry in arena.entries(mapping.value) {
                    paths.extend(self.new_path(arena, entry.value));
                }
            }
            (references, mappings) = (arena.references.len(), arena.mappings.len());
            if paths.is_empty() {
                return;
            }
            for path in paths {
                if !self.by_path.contains_key(&path) {
                    let file = self.load(arena, &path, read);
                    self.by_path.insert(path, file);
                }
            }
        }
    }

    /// The path of the file that `value` refers to, unless it is loaded already.
    fn new_path(&self, arena: &Arena, value: NodeId) -> Option<String> {
        let reference = arena.text(value)?;
        let base = &self.of(value).path;
        let path = reference_target::target(reference, &self.root, base)
            .ok()?
            .file?;
        (!self.by_path.contains_key(&path)).then_some(path)
    }

    fn load(
        &mut self,
        arena: &mut Arena,
        path: &str,
        read: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
    ) -> Result<usize, LoadError> {
        let name = self.name_of(path);
        if self.list.len() >= MAX_FILES {
            let message = format!("the contract refers to more than {MAX_FILES} files");
            return Err(LoadError::without_position(&name, &message));
        }
        let bytes = read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => LoadError::without_position(&name, "no such file"),
            _ => LoadError::unreadable(&name, &error),
        })?;
        if bytes.len() + self.bytes > MAX_BYTES {
            return Err(LoadError::too_large(&name));
        }
        let text = decode(&name, bytes)?;
        self.add(arena, &name, path, text)
    }

    /// The name in messages of the file at a path relative to the root directory.
    fn name_of(&self, path: &str) -> String {
        let main = &self.list[0];
        let name = main.source.name();
        let root = name.strip_suffix(&main.path);
        if let Some(root) = root.filter(|root| directory(root).len() == root.len()) {
            return format!("{root}{path}");
        }
        // The name has fewer directories than the path.
        let depth = main.path.matches('/').count();
        format!("{}{}{path}", directory(name), "../".repeat(depth))
    }

    fn add(
        &mut self,
        arena: &mut Arena,
        name: &str,
        path: &str,
        text: String,
    ) -> Result<usize, LoadError> {
        if text.len() > MAX_BYTES {
            return Err(LoadError::too_large(name));
        }
        self.bytes += text.len();
        let source = Source::new(name, text);
        let checkpoint = arena.checkpoint();
        let root = match parse(&source, arena) {
            Ok(root) => root,
            Err(error) => {
                arena.rewind(checkpoint);
                return Err(error.in_file(source));
            }
        };
        self.list.push(LoadedFile {
            source,
            root,
            path: path.to_owned(),
            first: checkpoint.len,
        });
        Ok(self.list.len() - 1)
    }

    /// The file at a path relative to the root directory; `None` if no reference names it.
    pub(super) fn at(&self, path: &str) -> Option<Result<&LoadedFile, &LoadError>> {
        let file = self.by_path.get(path)?.as_ref();
        Some(file.map(|&index| &self.list[index]))
    }

    /// The index of the file that contains a node.
    pub(super) fn index_of(&self, id: NodeId) -> usize {
        let after = |file: &LoadedFile| file.first <= id.index();
        self.list.partition_point(after).saturating_sub(1)
    }

    /// The file that contains a node.
    pub(super) fn of(&self, id: NodeId) -> &LoadedFile {
        &self.list[self.index_of(id)]
    }

    pub(super) fn list(&self) -> &[LoadedFile] {
        &self.list
    }
}

/// The directory part of a file's name: everything up to the last separator. A git revision ends
/// with a colon.
pub(super) fn directory(name: &str) -> &str {
    let end = name.rfind(['/', '\\', ':']).map_or(0, |at| at + 1);
    &name[..end]
}

/// Decodes the bytes of a file.
pub(super) fn decode(name: &str, bytes: Vec<u8>) -> Result<String, LoadError> {
    if bytes.len() > MAX_BYTES {
        return Err(LoadError::too_large(name));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        LoadError::not_utf8(name, error.as_bytes(), valid)
    })
}

/// Reads a file up to one byte more than the limit: enough to detect a larger file, and to stop
/// reading an endless pipe.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    // The length is only a hint: devices and pipes have none, and files can grow.
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let mut bytes = Vec::with_capacity(length.min(MAX_BYTES as u64) as usize + 1);
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The names of a directory and those above it.
pub(super) fn names(directory: &Path) -> Vec<String> {
    let components = directory.components();
    let names = components.filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    names.collect()
}

/// Reads a file in a directory or below it, after following symbolic links.
pub(super) fn read_below(directory: &Path, path: &str) -> io::Result<Vec<u8>> {
    let directory = directory.canonicalize()?;
    let file = directory.join(path).canonicalize()?;
    if !file.starts_with(&directory) {
        return Err(io::Error::other(
            "the path is outside the contract's directory",
        ));
    }
    if !file.is_file() {
        return Err(io::Error::other("not a file"));
    }
    read(&file)
}

/// Parses a file as JSON if it looks like JSON, else as YAML.
fn parse(source: &Source, arena: &mut Arena) -> Result<NodeId, LoadError> {
    if !json::is_likely(source.text()) {
        return yaml::parse(source, arena);
    }
    let checkpoint = arena.checkpoint();
    let as_json = match json::parse(source, arena) {
        Ok(root) => return Ok(root),
        Err(JsonError::Rejected(error)) => return Err(error),
        Err(JsonError::NotJson(error)) => error,
    };
    if source.name().ends_with(".json") {
        return Err(as_json);
    }
    arena.rewind(checkpoint);
    // Report the error of the parser that got further.
    yaml::parse(source, arena).map_err(|as_yaml| {
        if as_yaml.position() > as_json.position() {
            as_yaml
        } else {
            as_json
        }
    })
}
