//! The values of a document's files, in one arena.

use std::collections::HashMap;
use std::num::NonZeroU32;

use serde_json::Number;

use super::source::Span;

/// Addresses a value of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The id of the value at this place of the arena; [`super::MAX_VALUES`] keeps it in range.
    pub(super) fn at(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(index as u32))
    }

    pub(super) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A value with its place.
#[derive(Debug)]
pub struct Node {
    /// Where it is written.
    pub span: Span,
    /// What it is.
    pub value: Value,
    /// The array or object it is first written in.
    parent: Option<NodeId>,
    /// Its place among the children of `parent`.
    slot: u32,
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

/// The members of a large object by key, as places in its list of members.
pub(super) type Index = HashMap<Box<str>, u32>;

/// Objects with more members than this are looked up by hash.
pub(super) const INDEX_FROM: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Arena {
    nodes: Vec<Node>,
    indexes: HashMap<NodeId, Index>,
    /// The objects that have a `$ref`, which may lead to other places.
    pub(super) references: Vec<NodeId>,
    /// The objects that have a `mapping`, as discriminators do.
    pub(super) mappings: Vec<NodeId>,
    /// What the files stand for so far.
    pub(super) written: Extent,
}

/// A state of an [`Arena`].
#[derive(Clone, Copy)]
pub(super) struct Mark {
    /// How many nodes there are.
    pub(super) len: usize,
    written: Extent,
}

/// How much a value stands for, aliases written out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    pub(super) values: usize,
    /// The bytes of keys and strings.
    pub(super) bytes: usize,
    /// The levels of nesting; a scalar has none.
    pub(super) depth: usize,
}

impl Arena {
    /// The state to come back to, should what is read next be forgotten.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            len: self.nodes.len(),
            written: self.written,
        }
    }

    /// Forgets everything since a mark.
    pub(super) fn rewind(&mut self, mark: Mark) {
        self.nodes.truncate(mark.len);
        self.indexes.retain(|id, _| id.index() < mark.len);
        self.references.retain(|id| id.index() < mark.len);
        self.mappings.retain(|id| id.index() < mark.len);
        self.written = mark.written;
    }

    pub(super) fn scalar(&mut self, span: Span, value: Value) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        self.nodes.push(Node {
            span,
            value,
            parent: None,
            slot: 0,
        });
        id
    }

    pub(super) fn array(&mut self, span: Span, elements: Vec<NodeId>) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        for (slot, &element) in elements.iter().enumerate() {
            self.adopt(element, id, slot);
        }
        self.scalar(span, Value::Array(elements))
    }

    /// `index` must be there for objects of more than [`INDEX_FROM`] members.
    pub(super) fn object(
        &mut self,
        span: Span,
        entries: Vec<Entry>,
        index: Option<Index>,
    ) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        for (slot, entry) in entries.iter().enumerate() {
            self.adopt(entry.value, id, slot);
            match &*entry.key {
                "$ref" => self.references.push(id),
                "mapping" => self.mappings.push(id),
                _ => {}
            }
        }
        if let Some(index) = index {
            self.indexes.insert(id, index);
        }
        self.scalar(span, Value::Object(entries))
    }

    fn adopt(&mut self, child: NodeId, parent: NodeId, slot: usize) {
        let child = &mut self.nodes[child.index()];
        if child.parent.is_none() {
            child.parent = Some(parent);
            child.slot = slot as u32;
        }
    }

    /// Finds out anew where the values below `root` stand first, of all nodes from `first` on: those
    /// in the value of a merge key stand where they are merged into.
    pub(super) fn adopt_again(&mut self, root: NodeId, first: usize) {
        for node in self.nodes.iter_mut().skip(first) {
            node.parent = None;
        }
        let mut todo = self.children(root);
        while let Some((child, parent, slot)) = todo.pop() {
            if child != root && self.node(child).parent.is_none() {
                self.adopt(child, parent, slot);
                todo.append(&mut self.children(child));
            }
        }
    }

    /// The values in a value with their places, the last first.
    fn children(&self, id: NodeId) -> Vec<(NodeId, NodeId, usize)> {
        let children: Vec<NodeId> = match &self.node(id).value {
            Value::Array(elements) => elements.clone(),
            Value::Object(entries) => entries.iter().map(|entry| entry.value).collect(),
            _ => Vec::new(),
        };
        let children = children.into_iter().enumerate().rev();
        children.map(|(slot, child)| (child, id, slot)).collect()
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    pub(super) fn entry(&self, id: NodeId, key: &str) -> Option<&Entry> {
        let Value::Object(entries) = &self.node(id).value else {
            return None;
        };
        if entries.len() <= INDEX_FROM {
            return entries.iter().find(|entry| &*entry.key == key);
        }
        let at = self.indexes.get(&id)?.get(key)?;
        entries.get(*at as usize)
    }

    /// The members of an object; none where `id` is no object.
    pub(super) fn entries(&self, id: NodeId) -> &[Entry] {
        match &self.node(id).value {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The text of a string; nothing where `id` is no string.
    pub(super) fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).value {
            Value::String(text) => Some(text),
            _ => None,
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
        let node = self.node(id);
        match &self.node(node.parent?).value {
            Value::Object(entries) => Some(entries.get(node.slot as usize)?.key_span),
            _ => None,
        }
    }

    pub(super) fn pointer(&self, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut child = self.node(id);
        while let Some(parent) = child.parent {
            let parent = self.node(parent);
            let key = match &parent.value {
                Value::Object(entries) => entries.get(child.slot as usize),
                _ => None,
            };
            steps.push(key.map_or_else(|| child.slot.to_string(), |entry| escape(&entry.key)));
            child = parent;
        }
        steps.iter().rev().map(|step| format!("/{step}")).collect()
    }
}

/// Escapes a key for use in a JSON pointer (RFC 6901, section 3).
pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
