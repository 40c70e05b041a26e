//! Single edits of a document: of the text that people write, or of JSON.

use openapi_contract::document::{Document, Entry, NodeId, Span, Value as Node};
use serde_json::Value;

/// One edit. Places are JSON pointers, values are JSON, which is YAML as well.
#[derive(Clone, Copy, Debug)]
pub enum Edit {
    /// Gives a member or element this value; a member that is not there is added.
    Set(&'static str, &'static str),
    /// Takes a member or element away.
    Remove(&'static str),
    /// Gives a member another name.
    Rename(&'static str, &'static str),
}

impl Edit {
    /// The YAML text with this edit; everything else stays as it is written.
    ///
    /// # Panics
    /// When there is nothing at the place.
    pub fn in_yaml(self, text: &str) -> String {
        let document = Document::parse("edited.yaml", text).expect("it parses before the edit");
        let (pointer, (span, new)) = match self {
            Self::Set(pointer, value) => (pointer, set(&document, pointer, value)),
            Self::Remove(pointer) => (pointer, (member_lines(&document, pointer), String::new())),
            Self::Rename(pointer, name) => {
                let (parent, key) = parent(&document, pointer);
                let entry = existing(&document, parent, &key, pointer);
                (pointer, (entry.key_span, name.to_owned()))
            }
        };
        let (start, end) = (span.start as usize, span.end as usize);
        let edited = [&text[..start], &new, &text[end..]].concat();
        assert_ne!(edited, text, "{pointer}: nothing changed");
        edited
    }

    /// The JSON document with this edit.
    ///
    /// # Panics
    /// When there is nothing at the place.
    pub fn in_json(self, document: &mut Value) {
        let (Self::Set(pointer, _) | Self::Remove(pointer) | Self::Rename(pointer, _)) = self;
        let before = document.clone();
        let (parent, key) = split(pointer);
        let parent = document.pointer_mut(parent).expect(pointer);
        match (parent, self) {
            (Value::Object(members), Self::Set(_, value)) => {
                members.insert(key, json(value));
            }
            (Value::Object(members), Self::Remove(_)) => {
                members.remove(&key);
            }
            (Value::Object(members), Self::Rename(_, name)) => {
                let value = members.remove(&key).expect(pointer);
                members.insert(name.to_owned(), value);
            }
            (Value::Array(elements), edit) => {
                let index: usize = key.parse().expect(pointer);
                match edit {
                    Self::Set(_, value) if index == elements.len() => elements.push(json(value)),
                    Self::Set(_, value) => elements[index] = json(value),
                    Self::Remove(_) => drop(elements.remove(index)),
                    Self::Rename(..) => panic!("{pointer}: an element has no name"),
                }
            }
            (other, _) => panic!("{pointer}: {other} has no members"),
        }
        assert_ne!(*document, before, "{pointer}: nothing changed");
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A pointer's way to the parent, and the last step as it is without escapes.
fn split(pointer: &str) -> (&str, String) {
    let (parent, key) = pointer.rsplit_once('/').expect("a place has a parent");
    (parent, key.replace("~1", "/").replace("~0", "~"))
}

fn parent(document: &Document, pointer: &str) -> (NodeId, String) {
    let (parent, key) = split(pointer);
    let parent = document
        .at_pointer(parent)
        .unwrap_or_else(|| panic!("{pointer}: there is no such place"));
    (parent, key)
}

fn existing<'d>(document: &'d Document, parent: NodeId, key: &str, pointer: &str) -> Entry<'d> {
    document
        .entry(parent, key)
        .unwrap_or_else(|| panic!("{pointer}: there is no such member"))
}

/// The bytes to replace and what replaces them.
fn set(document: &Document, pointer: &str, value: &str) -> (Span, String) {
    let (parent, key) = parent(document, pointer);
    match document.node(parent).value {
        Node::Array(elements) => {
            let index: usize = key.parse().expect(pointer);
            match elements.get(index) {
                Some(&element) => (document.node(element).span, value.to_owned()),
                None => {
                    // Before the first one: what comes behind it is harder to say.
                    let start = document.node(elements[0]).span.start;
                    let end = start;
                    let dash = indent(document, start).replacen("  ", "", 1) + "- ";
                    (Span { start, end }, format!("{value}\n{dash}"))
                }
            }
        }
        _ => match document.entry(parent, &key) {
            Some(entry) if is_in_one_line(document, entry.value) => {
                (document.node(entry.value).span, value.to_owned())
            }
            Some(entry) => {
                let Span { start, end } = member_lines(document, pointer);
                let indent = indent(document, entry.key_span.start);
                (Span { start, end }, format!("{indent}{key}: {value}\n"))
            }
            None => {
                let first = document.entries(parent).first().expect(pointer);
                let start = first.key_span.start;
                let rest = if is_flow(document, parent) {
                    ", ".to_owned()
                } else {
                    format!("\n{}", indent(document, start))
                };
                (Span { start, end: start }, format!("{key}: {value}{rest}"))
            }
        },
    }
}

fn is_flow(document: &Document, node: NodeId) -> bool {
    let text = document.source().slice(document.node(node).span);
    text.starts_with(['{', '['])
}

fn is_in_one_line(document: &Document, node: NodeId) -> bool {
    let is_container = matches!(document.node(node).value, Node::Object(_) | Node::Array(_));
    let text = document.source().slice(document.node(node).span);
    is_flow(document, node) || (!is_container && !text.starts_with(['|', '>']))
}

/// The spaces before this place, if there is nothing else before it in its line.
fn indent(document: &Document, place: u32) -> String {
    let column = document.source().position(place).column as usize;
    " ".repeat(column - 1)
}

/// The lines of a member or element of a block: its first line and those that are indented deeper.
fn member_lines(document: &Document, pointer: &str) -> Span {
    let (parent, key) = parent(document, pointer);
    let first = match document.node(parent).value {
        Node::Array(elements) => {
            let index: usize = key.parse().expect(pointer);
            document.node(elements[index]).span.start
        }
        _ => existing(document, parent, &key, pointer).key_span.start,
    };
    let text = document.source().text();
    let start = text[..first as usize].rfind('\n').map_or(0, |at| at + 1);
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text[start..].split_inclusive('\n');
    let head = lines.next().expect("it starts with the member");
    let rest = lines.take_while(|line| line.trim().is_empty() || depth(line) > depth(head));
    let length = head.len() + rest.map(str::len).sum::<usize>();
    let end = u32::try_from(start + length).expect("a small document");
    let start = u32::try_from(start).expect("a small document");
    Span { start, end }
}
