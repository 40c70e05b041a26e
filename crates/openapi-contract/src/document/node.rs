//! The values of a document, in one arena.

use std::collections::HashMap;

use serde_json::Number;

use super::source::Span;

/// Addresses a value of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// A value with its place.
#[derive(Debug)]
pub struct Node {
    /// Where it is written.
    pub span: Span,
    /// What it is.
    pub value: Value,
    /// The array or object it is first written in.
    parent: Option<NodeId>,
}

/// What a node holds: the data model of JSON.
#[derive(Debug)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; integers beyond 64 bits have become floating point.
    Number(Number),
    /// A string.
    String(Box<str>),
    /// An array.
    Array(Vec<NodeId>),
    /// An object, its members in the order they are written, no key twice.
    Object(Vec<Entry>),
}

impl Value {
    /// What JSON calls this kind of value.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// A member of an object.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: Box<str>,
    /// Where the key is written.
    pub key_span: Span,
    /// The value.
    pub value: NodeId,
}

/// Objects with more members than this are looked up by hash.
const INDEX_FROM: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Arena {
    nodes: Vec<Node>,
    /// The members of large objects by key.
    indexes: HashMap<NodeId, HashMap<Box<str>, u32>>,
}

impl Arena {
    pub(super) fn push(&mut self, span: Span, value: Value) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        let children: Vec<NodeId> = match &value {
            Value::Array(elements) => elements.clone(),
            Value::Object(entries) => {
                if entries.len() > INDEX_FROM {
                    let index = entries.iter().enumerate();
                    let index = index.map(|(at, entry)| (entry.key.clone(), at as u32));
                    self.indexes.insert(id, index.collect());
                }
                entries.iter().map(|entry| entry.value).collect()
            }
            _ => Vec::new(),
        };
        for child in children {
            self.nodes[child.0 as usize].parent.get_or_insert(id);
        }
        self.nodes.push(Node {
            span,
            value,
            parent: None,
        });
        id
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn entry(&self, id: NodeId, key: &str) -> Option<&Entry> {
        let Value::Object(entries) = &self.node(id).value else {
            return None;
        };
        match self.indexes.get(&id) {
            Some(index) => index.get(key).map(|&at| &entries[at as usize]),
            None => entries.iter().find(|entry| &*entry.key == key),
        }
    }

    pub(super) fn to_json(&self, id: NodeId) -> serde_json::Value {
        match &self.node(id).value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(value) => value.clone().into(),
            Value::String(value) => (**value).into(),
            Value::Array(elements) => elements.iter().map(|&id| self.to_json(id)).collect(),
            Value::Object(entries) => entries
                .iter()
                .map(|entry| (entry.key.to_string(), self.to_json(entry.value)))
                .collect(),
        }
    }

    /// The place of the key that a value is first written under; nothing for elements of arrays.
    pub(super) fn key_span(&self, id: NodeId) -> Option<Span> {
        match &self.node(self.node(id).parent?).value {
            Value::Object(entries) => {
                let entry = entries.iter().find(|entry| entry.value == id);
                entry.map(|entry| entry.key_span)
            }
            _ => None,
        }
    }

    pub(super) fn pointer(&self, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut child = id;
        while let Some(parent) = self.node(child).parent {
            steps.push(match &self.node(parent).value {
                Value::Array(elements) => position(elements, |&id| id == child).to_string(),
                Value::Object(entries) => {
                    let at = position(entries, |entry| entry.value == child);
                    escape(&entries[at].key)
                }
                _ => unreachable!("only arrays and objects are parents"),
            });
            child = parent;
        }
        steps.iter().rev().map(|step| format!("/{step}")).collect()
    }
}

fn position<T>(children: &[T], is_child: impl Fn(&T) -> bool) -> usize {
    children
        .iter()
        .position(is_child)
        .expect("a node is among the children of its parent")
}

/// Escapes a key for use in a JSON pointer (RFC 6901, section 3).
pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
