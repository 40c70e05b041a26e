//! `$ref`: JSON references, within a file and to other files of the document.

use std::collections::HashMap;

use thiserror::Error;

use super::error::LoadError;
use super::files::Files;
use super::node::{Arena, NodeId, Value};
use super::pointer::unescape_token;
use super::target::{percent_decode, target};
use super::tree::shown;

/// A `$ref` that leads to no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RefError {
    /// The target is in another file, and the document has no folder to look in.
    #[error("`{target}` is outside of this document: nothing else is read, move it here")]
    External {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
    },
    /// The target is on a network, or outside of the contract's folder.
    #[error("`{target}` {why}")]
    Refused {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
        /// What is refused, and what to do.
        why: &'static str,
    },
    /// The file that holds the target could not be loaded.
    #[error("`{target}` cannot be followed: {error}")]
    Unreadable {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
        /// Why not.
        error: LoadError,
    },
    /// There is nothing at the target.
    #[error("`{target}` does not exist in {}", file.as_deref().unwrap_or("this document"))]
    Unresolved {
        /// The reference as written.
        target: String,
        /// The node that holds the `$ref`.
        at: NodeId,
        /// The file that was looked in, if it is another one.
        file: Option<String>,
    },
    /// References that lead back to themselves without a value in between.
    #[error("`{target}` leads back to itself")]
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
            | Self::Refused { at, .. }
            | Self::Unreadable { at, .. }
            | Self::Unresolved { at, .. }
            | Self::Cycle { at, .. } => *at,
        }
    }
}

/// The schema objects that references can mean by a name (JSON Schema 2020-12 core, section 8.2).
#[derive(Debug, Default)]
struct SchemaNames {
    /// `$anchor` and `$dynamicAnchor`, by file.
    anchors: HashMap<(usize, Box<str>), NodeId>,
    /// `$id`, where it is a whole URI without a fragment.
    ids: HashMap<Box<str>, NodeId>,
}

impl SchemaNames {
    fn new(files: &Files, arena: &Arena) -> Self {
        let mut names = Self::default();
        for &node in &arena.named {
            let text = |key| arena.text(arena.entry(node, key)?.value);
            for anchor in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text) {
                let place = (files.index_of(node), anchor.into());
                names.anchors.entry(place).or_insert(node);
            }
            let id = text("$id").map(|id| id.strip_suffix('#').unwrap_or(id));
            if let Some(id) = id.filter(|id| !id.is_empty()) {
                names.ids.entry(id.into()).or_insert(node);
            }
        }
        names
    }
}

/// Where the references of a document lead.
#[derive(Debug)]
pub(super) struct ReferenceTable {
    names: SchemaNames,
    /// The value at the end of all references that follow each other, or the reference that leads
    /// nowhere. Each is walked once, so a chain of any length is followed in one step.
    ends: HashMap<NodeId, Result<NodeId, NodeId>>,
}

impl ReferenceTable {
    pub(super) fn new(files: &Files, arena: &Arena) -> Self {
        let names = SchemaNames::new(files, arena);
        let mut ends = HashMap::with_capacity(arena.references.len());
        // Most references are written many times.
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
                // Until its end is known it fails, which is right for those that lead back here.
                ends.insert(current, Err(current));
                chain.push(current);
                let next = steps
                    .entry((files.index_of(current), reference))
                    .or_insert_with(|| step(&names, files, arena, current, reference).ok());
                match next {
                    Some(next) => current = *next,
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
                let target = || shown(reference).into_owned();
                // Each step is fine by itself when they lead in a circle.
                step(&self.names, files, arena, at, reference)?;
                Err(RefError::Cycle {
                    target: target(),
                    at,
                })
            }
        }
    }

    /// The value that a reference means which is written at `at`.
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

/// The text of an object's `$ref`.
fn reference(arena: &Arena, id: NodeId) -> Option<&str> {
    arena.text(arena.entry(id, "$ref")?.value)
}

/// The value that a reference written at `at` names, which may be a reference itself.
fn step(
    names: &SchemaNames,
    files: &Files,
    arena: &Arena,
    at: NodeId,
    reference: &str,
) -> Result<NodeId, RefError> {
    let own = files.of(at);
    let text = || shown(reference).into_owned();
    let (id, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    if let Some(&schema) = names.ids.get(id)
        && let Some(node) = at_pointer(arena, schema, &percent_decode(fragment))
    {
        return Ok(node);
    }
    if !files.has_folder && !reference.is_empty() && !reference.starts_with('#') {
        let target = text();
        return Err(RefError::External { target, at });
    }
    let named = target(reference, &own.path).map_err(|why| RefError::Refused {
        target: text(),
        at,
        why,
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
        at_pointer(arena, file.root, &fragment)
    } else {
        let place = (files.index_of(file.root), fragment.into());
        names.anchors.get(&place).copied()
    };
    found.ok_or_else(|| RefError::Unresolved {
        target: text(),
        at,
        file: (file.path != own.path).then(|| file.source.name().to_owned()),
    })
}

/// The value at a JSON pointer from `root` on.
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
    fn follows_a_chain_and_escapes() {
        let text =
            "start: {$ref: '#/a~1b/%7Bid%7D'}\na/b: {'{id}': {$ref: '#/list/1'}}\nlist: [x, y]\n";
        assert_eq!(resolved(text), Ok("/list/1".to_owned()));
    }

    #[test]
    fn follows_names() {
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
    fn refuses_what_leads_nowhere() {
        for (text, message) in [
            ("start: {$ref: '#/no'}\n", "does not exist"),
            (
                "start: {$ref: 'other.yaml#/a'}\n",
                "outside of this document",
            ),
            ("start: {$ref: '#/start'}\n", "leads back to itself"),
            (
                "start: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {$ref: '#/b'}\n",
                "leads back to itself",
            ),
        ] {
            let error = resolved(text).expect_err("it leads nowhere");
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn a_chain_that_ends_nowhere_names_its_last_reference() {
        let text = "start: {$ref: '#/b'}\nb: {$ref: '#/c'}\n";
        assert_eq!(
            resolved(text),
            Err("`#/c` does not exist in this document".to_owned())
        );
    }
}
