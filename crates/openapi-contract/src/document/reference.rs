//! JSON references (`$ref`), within a file and to other files of the document.

use std::collections::HashMap;

use thiserror::Error;

use super::error::LoadError;
use super::files::Files;
use super::node::{Arena, NodeId, Value};
use super::pointer::unescape_token;
use super::reference_target::{percent_decode, target};
use super::tree::shorten;

/// A `$ref` that could not be resolved.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RefError {
    /// The target is in another file, but the document was parsed without a directory.
    #[error("`{target}` is in another file, which is not read")]
    External {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
    },
    /// The target is on a network, or outside the contract's directory.
    #[error("`{target}` {why}")]
    Rejected {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
        /// What is wrong with the reference.
        why: &'static str,
        /// How to fix it.
        remedy: &'static str,
    },
    /// The file that contains the target could not be loaded.
    #[error("cannot resolve `{target}`: {error}")]
    Unreadable {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
        /// The error.
        error: LoadError,
    },
    /// The target does not exist.
    #[error("`{target}` does not exist in {}", file.as_deref().unwrap_or("this document"))]
    Unresolved {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
        /// The file that was searched, if it is another one.
        file: Option<String>,
    },
    /// The reference is part of a cycle of references.
    #[error("`{target}` is part of a cycle of references")]
    Cycle {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
    },
}

impl RefError {
    /// The node that holds the `$ref`.
    pub fn at(&self) -> NodeId {
        match self {
            Self::External { at, .. }
            | Self::Rejected { at, .. }
            | Self::Unreadable { at, .. }
            | Self::Unresolved { at, .. }
            | Self::Cycle { at, .. } => *at,
        }
    }

    /// How to fix the reference, where the kind of error shows it.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::External { .. } => Some("Move the target into this document."),
            Self::Rejected { remedy, .. } => Some(remedy),
            Self::Unreadable { .. } => Some("Fix the file, or the path in the reference."),
            Self::Unresolved { .. } => None,
            Self::Cycle { .. } => Some("Replace one of the references by its definition."),
        }
    }
}

/// The schemas that references can identify by anchor or id (JSON Schema 2020-12 core, section
/// 8.2).
#[derive(Debug, Default)]
struct SchemaNames {
    /// `$anchor` and `$dynamicAnchor`, by file.
    anchors: HashMap<(usize, Box<str>), NodeId>,
    /// `$id`, if it is an absolute URI without a fragment.
    ids: HashMap<Box<str>, NodeId>,
}

impl SchemaNames {
    fn new(files: &Files, arena: &Arena) -> Self {
        let mut names = Self::default();
        for &node in &arena.named {
            let text = |key| arena.text(arena.entry(node, key)?.value);
            for anchor in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text) {
                let key = (files.index_of(node), anchor.into());
                names.anchors.entry(key).or_insert(node);
            }
            let id = text("$id").map(|id| id.strip_suffix('#').unwrap_or(id));
            if let Some(id) = id.filter(|id| !id.is_empty()) {
                names.ids.entry(id.into()).or_insert(node);
            }
        }
        names
    }
}

/// The targets of a document's references.
#[derive(Debug)]
pub(super) struct ReferenceTable {
    names: SchemaNames,
    /// The target at the end of each chain of references, or the reference at which it breaks.
    /// Chains are followed once, so resolving takes one step whatever their length.
    ends: HashMap<NodeId, Result<NodeId, NodeId>>,
}

impl ReferenceTable {
    pub(super) fn new(files: &Files, arena: &Arena) -> Self {
        let names = SchemaNames::new(files, arena);
        let mut ends = HashMap::with_capacity(arena.references.len());
        // Cache: many references have the same target.
        let mut steps: HashMap<(usize, &str), Option<NodeId>> = HashMap::new();
        let mut chain = Vec::new();
        for &start in &arena.references {
            let mut current = start;
            let end = loop {
                if let Some(&end) = ends.get(&current) {
                    break end;
                }
                let Some(reference) = reference(arena, current) else {
                    break Ok(current);
                };
                // Mark the reference as unresolved until its target is known, to detect cycles.
                ends.insert(current, Err(current));
                chain.push(current);
                let find = || step(&names, files, arena, current, reference).ok();
                let next = if is_definition(reference) {
                    find()
                } else {
                    let key = (files.index_of(current), reference);
                    *steps.entry(key).or_insert_with(find)
                };
                match next {
                    Some(next) => current = next,
                    None => break Err(current),
                }
            };
            for id in chain.drain(..) {
                ends.insert(id, end);
            }
        }
        Self { names, ends }
    }

    pub(super) fn resolve(
        &self,
        files: &Files,
        arena: &Arena,
        id: NodeId,
    ) -> Result<NodeId, RefError> {
        match self.ends.get(&id) {
            None => Ok(id),
            Some(Ok(end)) => Ok(*end),
            Some(&Err(at)) => {
                let reference = reference(arena, at).unwrap_or_default();
                let target = || shorten(reference).into_owned();
                // In a cycle, each reference has a target of its own.
                step(&self.names, files, arena, at, reference)?;
                Err(RefError::Cycle {
                    target: target(),
                    at,
                })
            }
        }
    }

    /// The immediate target of a `$ref`; `None` if `id` is not a reference.
    pub(super) fn next(
        &self,
        files: &Files,
        arena: &Arena,
        id: NodeId,
    ) -> Option<Result<NodeId, RefError>> {
        let reference = reference(arena, id)?;
        Some(step(&self.names, files, arena, id, reference))
    }

    /// The target of a reference that is written at `at`.
    pub(super) fn target(
        &self,
        files: &Files,
        arena: &Arena,
        at: NodeId,
        reference: &str,
    ) -> Result<NodeId, RefError> {
        let next = step(&self.names, files, arena, at, reference)?;
        self.resolve(files, arena, next)
    }
}

/// The value of an object's `$ref`.
fn reference(arena: &Arena, id: NodeId) -> Option<&str> {
    arena.text(arena.entry(id, "$ref")?.value)
}

/// The immediate target of a reference that is written at `at`. It may be a reference itself.
fn step(
    names: &SchemaNames,
    files: &Files,
    arena: &Arena,
    at: NodeId,
    reference: &str,
) -> Result<NodeId, RefError> {
    let own = files.of(at);
    let text = || shorten(reference).into_owned();
    let (id, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    if let Some(&schema) = names.ids.get(id)
        && let Some(node) = at_pointer(arena, schema, &percent_decode(fragment))
    {
        return Ok(node);
    }
    if !files.has_directory && !reference.is_empty() && !reference.starts_with('#') {
        let target = text();
        return Err(RefError::External { target, at });
    }
    let named =
        target(reference, &files.root, &own.path).map_err(|invalid| RefError::Rejected {
            target: text(),
            at,
            why: invalid.reason,
            remedy: invalid.remedy,
        })?;
    let other = named.file.as_deref().and_then(|path| files.at(path));
    let file = match other {
        Some(Ok(file)) => file,
        Some(Err(error)) => {
            return Err(RefError::Unreadable {
                target: text(),
                at,
                error: error.clone(),
            });
        }
        None if named.file.is_some() => {
            let target = text();
            return Err(RefError::External { target, at });
        }
        None => own,
    };
    let fragment = percent_decode(named.fragment);
    let found = if fragment.is_empty() || fragment.starts_with('/') {
        let found = at_pointer(arena, file.root, &fragment);
        found.or_else(|| enclosing_definition(arena, at, reference, &fragment))
    } else {
        let key = (files.index_of(file.root), fragment.into());
        names.anchors.get(&key).copied()
    };
    found.ok_or_else(|| RefError::Unresolved {
        target: text(),
        at,
        file: (file.path != own.path).then(|| file.source.name().to_owned()),
    })
}

/// Whether a reference has the form of one to the definitions of the JSON Schema that contains it.
/// Its target depends on the location of the reference.
fn is_definition(reference: &str) -> bool {
    reference.starts_with("#/$defs/") || reference.starts_with("#/definitions/")
}

/// The target of a reference to the definitions of the nearest enclosing schema that has them.
/// Libraries write schemas with such references, which programs then copy into documents.
fn enclosing_definition(
    arena: &Arena,
    at: NodeId,
    reference: &str,
    pointer: &str,
) -> Option<NodeId> {
    if !is_definition(reference) {
        return None;
    }
    let mut around = std::iter::successors(Some(at), |&inner| arena.parent(inner));
    around.find_map(|schema| at_pointer(arena, schema, pointer))
}

/// The value at a JSON pointer relative to `root`.
pub(super) fn at_pointer(arena: &Arena, root: NodeId, pointer: &str) -> Option<NodeId> {
    if pointer.is_empty() {
        return Some(root);
    }
    let mut current = root;
    for step in pointer.strip_prefix('/')?.split('/') {
        current = match arena.node(current).value {
            Value::Array(elements) => *elements.get(step.parse::<usize>().ok()?)?,
            _ => arena.entry(current, &unescape_token(step))?.value,
        };
    }
    Some(current)
}

#[cfg(test)]
mod tests {
    use crate::document::Document;

    fn resolved(text: &str) -> Result<String, String> {
        let document = Document::parse("test.yaml", text).expect("it parses");
        let start = document
            .get(document.root(), "start")
            .expect("start is there");
        document
            .resolve(start)
            .map(|id| document.pointer(id))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn chains_and_escapes_are_resolved() {
        let text =
            "start: {$ref: '#/a~1b/%7Bid%7D'}\na/b: {'{id}': {$ref: '#/list/1'}}\nlist: [x, y]\n";
        assert_eq!(resolved(text), Ok("/list/1".to_owned()));
    }

    #[test]
    fn anchors_and_ids_are_resolved() {
        for start in ["#tag", "https://example.com/b", "https://example.com/b#/c"] {
            let text = format!(
                "start: {{$ref: '{start}'}}\na: {{$anchor: tag}}\nb: {{$id: 'https://example.com/b', c: 1}}\n"
            );
            let expected = match start {
                "#tag" => "/a",
                "https://example.com/b" => "/b",
                _ => "/b/c",
            };
            assert_eq!(resolved(&text), Ok(expected.to_owned()), "{start}");
        }
    }

    #[test]
    fn definitions_are_those_of_the_nearest_schema_around() {
        let text = "\
a:
  $defs: {Kind: {type: string}, Outer: {}}
  start: &start {$ref: '#/$defs/Kind'}
  b:
    $defs: {Kind: {type: integer}}
    properties: {kind: {$ref: '#/$defs/Kind'}, outer: {$ref: '#/$defs/Outer'}}
    definitions: {Old: {}}
    items: {$ref: '#/definitions/Old'}
start: *start
c: {$ref: '#/$defs/Kind'}
";
        let document = Document::parse("test.yaml", text).expect("it parses");
        for (from, target) in [
            ("/start", Some("/a/$defs/Kind")),
            ("/a/b/properties/kind", Some("/a/b/$defs/Kind")),
            ("/a/b/properties/outer", Some("/a/$defs/Outer")),
            ("/a/b/items", Some("/a/b/definitions/Old")),
            ("/c", None),
        ] {
            let id = document.at_pointer(from).expect(from);
            let found = document.resolve(id).ok().map(|id| document.pointer(id));
            assert_eq!(found.as_deref(), target, "{from}");
        }
    }

    #[test]
    fn definitions_of_the_file_win_over_those_around() {
        let text = "$defs: {Kind: {}}\na: {$defs: {Kind: {}}, b: {$ref: '#/$defs/Kind'}}\nstart: {$ref: '#/a/b'}\n";
        assert_eq!(resolved(text), Ok("/$defs/Kind".to_owned()));
    }

    #[test]
    fn unresolved_references_are_errors() {
        for (text, message) in [
            ("start: {$ref: '#/no'}\n", "does not exist"),
            ("start: {$ref: 'other.yaml#/a'}\n", "in another file"),
            ("start: {$ref: '#/start'}\n", "part of a cycle"),
            (
                "start: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {$ref: '#/b'}\n",
                "part of a cycle",
            ),
        ] {
            let error = resolved(text).expect_err("it cannot be resolved");
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn errors_in_a_chain_name_its_last_reference() {
        let text = "start: {$ref: '#/b'}\nb: {$ref: '#/c'}\n";
        assert_eq!(
            resolved(text),
            Err("`#/c` does not exist in this document".to_owned())
        );
    }
}
