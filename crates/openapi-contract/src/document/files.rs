//! Reads the files of a document: the one that was asked for, and those that its references name.
//!
//! What is wrong with another file is not wrong with the document before someone follows a reference
//! to it: a `$ref` may as well stand in an example.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::Path;

use super::error::LoadError;
use super::json::{self, JsonError};
use super::node::{Arena, NodeId};
use super::source::Source;
use super::{MAX_BYTES, MAX_FILES, target, yaml};

/// One file of a document.
#[derive(Debug)]
pub(super) struct LoadedFile {
    pub(super) source: Source,
    pub(super) root: NodeId,
    /// Its path relative to the contract's folder.
    pub(super) path: String,
    /// How many nodes there are before its own.
    first: usize,
}

/// The files of a document, the one that was asked for first.
#[derive(Debug)]
pub(super) struct Files {
    list: Vec<LoadedFile>,
    by_path: HashMap<String, Result<usize, LoadError>>,
    /// Whether references to other files are followed.
    pub(super) has_folder: bool,
    bytes: usize,
}

impl Files {
    /// Parses the first file. `name` is what messages call it.
    pub(super) fn first(name: &str, text: String) -> Result<(Self, Arena), LoadError> {
        let mut arena = Arena::default();
        let mut files = Self {
            list: Vec::new(),
            by_path: HashMap::new(),
            has_folder: false,
            bytes: 0,
        };
        let path = &name[folder(name).len()..];
        files.add(&mut arena, name, path, text)?;
        files.by_path.insert(path.to_owned(), Ok(0));
        Ok((files, arena))
    }

    /// Reads the files that references name, and those that references in them name. `read` is given
    /// paths relative to the contract's folder.
    pub(super) fn follow(
        &mut self,
        arena: &mut Arena,
        read: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
    ) {
        self.has_folder = true;
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

    /// The path of a file that was not read yet, if `value` refers to one.
    fn new_path(&self, arena: &Arena, value: NodeId) -> Option<String> {
        let reference = arena.text(value)?;
        let base = &self.of(value).path;
        let path = target::target(reference, base).ok()?.file?;
        (!self.by_path.contains_key(&path)).then_some(path)
    }

    fn load(
        &mut self,
        arena: &mut Arena,
        path: &str,
        read: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
    ) -> Result<usize, LoadError> {
        let root = self.list[0].source.name();
        let name = format!("{}{path}", folder(root));
        if self.list.len() >= MAX_FILES {
            let message = format!("is one file too many: {MAX_FILES} are read");
            return Err(LoadError::without_place(&name, &message));
        }
        let bytes = read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => LoadError::without_place(&name, "there is no such file"),
            _ => LoadError::unreadable(&name, &error),
        })?;
        if bytes.len() + self.bytes > MAX_BYTES {
            return Err(LoadError::too_large(&name));
        }
        let text = decode(&name, bytes)?;
        self.add(arena, &name, path, text)
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
        let mark = arena.mark();
        let root = match parse(&source, arena) {
            Ok(root) => root,
            Err(error) => {
                arena.rewind(mark);
                return Err(error.in_file(source));
            }
        };
        self.list.push(LoadedFile {
            source,
            root,
            path: path.to_owned(),
            first: mark.len,
        });
        Ok(self.list.len() - 1)
    }

    /// The file at a path relative to the contract's folder; nothing where no reference named it.
    pub(super) fn at(&self, path: &str) -> Option<Result<&LoadedFile, &LoadError>> {
        let file = self.by_path.get(path)?.as_ref();
        Some(file.map(|&index| &self.list[index]))
    }

    /// The index of the file that a node is written in.
    pub(super) fn index_of(&self, id: NodeId) -> usize {
        let after = |file: &LoadedFile| file.first <= id.index();
        self.list.partition_point(after).saturating_sub(1)
    }

    /// The file that a node is written in.
    pub(super) fn of(&self, id: NodeId) -> &LoadedFile {
        &self.list[self.index_of(id)]
    }

    pub(super) fn list(&self) -> &[LoadedFile] {
        &self.list
    }
}

/// The part of a file's name that its folder has: everything up to the last separator. What stands
/// before a colon is a git revision.
pub(super) fn folder(name: &str) -> &str {
    let end = name.rfind(['/', '\\', ':']).map_or(0, |at| at + 1);
    &name[..end]
}

/// The text of a file.
pub(super) fn decode(name: &str, bytes: Vec<u8>) -> Result<String, LoadError> {
    if bytes.len() > MAX_BYTES {
        return Err(LoadError::too_large(name));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        LoadError::not_utf8(name, error.as_bytes(), valid)
    })
}

/// Reads what can be read of a file: one byte more than allowed tells a file of the limit from a
/// larger one, and a pipe that never ends is read no further.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    // Devices and pipes have no length, and a file can be lying about it: only a hint.
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let mut bytes = Vec::with_capacity(length.min(MAX_BYTES as u64) as usize + 1);
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file below a folder, wherever links lead.
pub(super) fn read_below(folder: &Path, path: &str) -> io::Result<Vec<u8>> {
    let folder = folder.canonicalize()?;
    let file = folder.join(path).canonicalize()?;
    if !file.starts_with(&folder) {
        return Err(io::Error::other("it leads out of the contract's folder"));
    }
    if !file.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    read(&file)
}

/// Parses one file, as JSON where it looks like it, or else as YAML.
fn parse(source: &Source, arena: &mut Arena) -> Result<NodeId, LoadError> {
    if !json::is_likely(source.text()) {
        return yaml::parse(source, arena);
    }
    let mark = arena.mark();
    let as_json = match json::parse(source, arena) {
        Ok(root) => return Ok(root),
        Err(JsonError::Rejected(error)) => return Err(error),
        Err(JsonError::NotJson(error)) => error,
    };
    if source.name().ends_with(".json") {
        return Err(as_json);
    }
    arena.rewind(mark);
    // The reader that came further knows better what was meant.
    yaml::parse(source, arena).map_err(|as_yaml| {
        if as_yaml.position() > as_json.position() {
            as_yaml
        } else {
            as_json
        }
    })
}
