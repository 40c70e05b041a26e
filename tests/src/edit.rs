//! Single edits of a document, in YAML text or JSON.

use openapi_contract::document::{Document, Entry, NodeId, Span, Value as Node, unescape_token};
use serde_json::Value;

/// One edit. Locations are JSON pointers, values are JSON, which is also YAML.
#[derive(Clone, Copy, Debug)]
pub enum Edit {
    /// Sets a property or element; adds the property if it is missing.
    Set(&'static str, &'static str),
    /// Removes a property or element.
    Remove(&'static str),
    /// Renames a property.
    Rename(&'static str, &'static str),
}

impl Edit {
    /// Applies the edit to YAML text, and leaves the rest of the text unchanged.
    ///
    /// # Panics
    /// If the location does not exist.
    pub fn in_yaml(self, text: &str) -> String {
        let document =
            Document::parse("edited.yaml", text).expect("a valid document before the edit");
        let (pointer, (span, new)) = match self {
            Self::Set(pointer, value) => (pointer, set(&document, pointer, value)),
            Self::Remove(pointer) => (pointer, (lines_of(&document, pointer), String::new())),
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

    /// Applies the edit to a JSON document.
    ///
    /// # Panics
    /// If the location does not exist.
    pub fn in_json(self, document: &mut Value) {
        let (Self::Set(pointer, _) | Self::Remove(pointer) | Self::Rename(pointer, _)) = self;
        let before = document.clone();
        let (parent, key) = split(pointer);
        let parent = document.pointer_mut(parent).expect(pointer);
        match (parent, self) {
            (Value::Object(properties), Self::Set(_, value)) => {
                properties.insert(key, json(value));
            }
            (Value::Object(properties), Self::Remove(_)) => {
                properties.remove(&key);
            }
            (Value::Object(properties), Self::Rename(_, name)) => {
                let value = properties.remove(&key).expect(pointer);
                properties.insert(name.to_owned(), value);
            }
            (Value::Array(elements), edit) => {
                let index: usize = key.parse().expect(pointer);
                match edit {
                    Self::Set(_, value) if index == elements.len() => elements.push(json(value)),
                    Self::Set(_, value) => elements[index] = json(value),
                    Self::Remove(_) => drop(elements.remove(index)),
                    Self::Rename(..) => panic!("{pointer}: elements have no name"),
                }
            }
            (other, _) => panic!("{pointer}: {other} is not an object or array"),
        }
        assert_ne!(*document, before, "{pointer}: nothing changed");
    }
}

/// The YAML text without the property or element at a pointer.
///
/// # Panics
/// If the location does not exist.
pub fn remove(text: &str, pointer: &str) -> String {
    let document = Document::parse("edited.yaml", text).expect("a valid document before the edit");
    let span = lines_of(&document, pointer);
    [&text[..span.start as usize], &text[span.end as usize..]].concat()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The pointer to the parent, and the unescaped last token.
fn split(pointer: &str) -> (&str, String) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer with a parent");
    (parent, unescape_token(key).into_owned())
}

fn parent(document: &Document, pointer: &str) -> (NodeId, String) {
    let (parent, key) = split(pointer);
    let parent = document
        .at_pointer(parent)
        .unwrap_or_else(|| panic!("{pointer}: no such location"));
    (parent, key)
}

fn existing<'d>(document: &'d Document, parent: NodeId, key: &str, pointer: &str) -> Entry<'d> {
    document
        .entry(parent, key)
        .unwrap_or_else(|| panic!("{pointer}: no such property"))
}

/// The span to replace, and its replacement.
fn set(document: &Document, pointer: &str, value: &str) -> (Span, String) {
    let (parent, key) = parent(document, pointer);
    match document.node(parent).value {
        Node::Array(elements) => {
            let index: usize = key.parse().expect(pointer);
            match elements.get(index) {
                Some(&element) => (document.node(element).span, value.to_owned()),
                None => {
                    // Insert before the first element, whose position is known.
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
                let Span { start, end } = lines_of(document, pointer);
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

/// The indentation of a position that is the first on its line.
fn indent(document: &Document, offset: u32) -> String {
    let column = document.source().position(offset).column as usize;
    " ".repeat(column - 1)
}

/// The lines of a property or element in block style: the first line and all lines indented deeper.
fn lines_of(document: &Document, pointer: &str) -> Span {
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
    let head = lines.next().expect("the line of the property");
    let rest = lines.take_while(|line| line.trim().is_empty() || depth(line) > depth(head));
    let length = head.len() + rest.map(str::len).sum::<usize>();
    let end = u32::try_from(start + length).expect("a small document");
    let start = u32::try_from(start).expect("a small document");
    Span { start, end }
}
