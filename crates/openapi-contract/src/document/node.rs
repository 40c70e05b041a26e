//! The values of a document, in an arena.

use std::borrow::Cow;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::ops::Range;

use indexmap::IndexSet;
use indexmap::set::Slice;
use serde_json::Number;

use super::pointer::escape_token;
use super::source::Span;

/// Identifies a value of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The id of the value at an index of the arena. [`super::MAX_VALUES`] keeps the index in
    /// range.
    pub(super) fn at(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(index as u32))
    }

    pub(super) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A value with its location.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// The location.
    pub span: Span,
    /// The value.
    pub value: Value<'a>,
}

/// A JSON value.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number. Integers that need more than 64 bits are floating-point numbers.
    Number(&'a Number),
    /// A string.
    String(&'a str),
    /// An array.
    Array(&'a [NodeId]),
    /// An object, with its properties in document order and without duplicate keys.
    Object(Entries<'a>),
}

impl Value<'_> {
    /// The JSON type, with an article.
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

/// A property of an object.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The key.
    pub key: &'a str,
    /// The location of the key.
    pub key_span: Span,
    /// The value.
    pub value: NodeId,
}

/// The properties of an object, in document order.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'a> {
    properties: &'a [Property],
    keys: &'a Slice<Box<str>>,
}

impl<'a> Entries<'a> {
    /// The property at an index.
    pub fn get(self, index: usize) -> Option<Entry<'a>> {
        let property = self.properties.get(index)?;
        Some(Entry {
            key: &self.keys[property.key.0 as usize],
            key_span: property.key_span,
            value: property.value,
        })
    }

    /// The first property.
    pub fn first(self) -> Option<Entry<'a>> {
        self.get(0)
    }

    /// The number of properties.
    pub fn len(self) -> usize {
        self.properties.len()
    }

    /// Whether there are no properties.
    pub fn is_empty(self) -> bool {
        self.properties.is_empty()
    }

    /// Iterates over the properties.
    pub fn iter(self) -> EntriesIter<'a> {
        EntriesIter {
            entries: self,
            next: 0,
        }
    }
}

impl<'a> IntoIterator for Entries<'a> {
    type Item = Entry<'a>;
    type IntoIter = EntriesIter<'a>;

    fn into_iter(self) -> EntriesIter<'a> {
        self.iter()
    }
}

impl Default for Entries<'_> {
    /// No properties.
    fn default() -> Self {
        Self {
            properties: &[],
            keys: Slice::new(),
        }
    }
}

/// The iterator of [`Entries::iter`].
#[derive(Clone, Debug)]
pub struct EntriesIter<'a> {
    entries: Entries<'a>,
    next: usize,
}

impl<'a> Iterator for EntriesIter<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let entry = self.entries.get(self.next)?;
        self.next += 1;
        Some(entry)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.entries.len() - self.next;
        (left, Some(left))
    }
}

/// A key, as an index into the keys of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct KeyId(u32);

/// A property of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Property {
    pub(super) key: KeyId,
    pub(super) key_span: Span,
    pub(super) value: NodeId,
}

/// The index of each property of a large object.
pub(super) type Index = HashMap<KeyId, u32>;

/// Objects with more properties than this are looked up by hash.
pub(super) const INDEX_FROM: usize = 16;

/// A value to be added to the arena that is not an array or object.
#[derive(Debug)]
pub(super) enum Scalar<'t> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'t, str>),
}

/// A value in the arena.
#[derive(Debug)]
struct Record {
    span: Span,
    kind: RecordKind,
    /// The array or object in which it is defined.
    parent: Option<NodeId>,
    /// The index of the value in `parent`.
    slot: u32,
}

/// The type of a value. The content is in the arena's arrays.
#[derive(Clone, Copy, Debug)]
enum RecordKind {
    Null,
    Bool(bool),
    /// An index into `numbers`.
    Number(u32),
    /// A range of `text`.
    String(ArenaRange),
    /// A range of `elements`.
    Array(ArenaRange),
    /// A range of `properties`.
    Object(ArenaRange),
}

/// A range of one of the arena's arrays.
#[derive(Clone, Copy, Debug)]
struct ArenaRange {
    start: u32,
    len: u32,
}

impl ArenaRange {
    /// The range from `start` to `end`, the current length of the array. [`super::MAX_BYTES`] and
    /// [`super::MAX_VALUES`] keep it in range.
    fn since(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            len: (end - start) as u32,
        }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

/// All values of a document. Their content is in a few large arrays, so that a large document needs
/// few allocations and is freed quickly.
#[derive(Debug, Default)]
pub(super) struct Arena {
    records: Vec<Record>,
    properties: Vec<Property>,
    elements: Vec<NodeId>,
    numbers: Vec<Number>,
    text: String,
    keys: IndexSet<Box<str>>,
    indexes: HashMap<NodeId, Index>,
    /// The objects with a `$ref`.
    pub(super) references: Vec<NodeId>,
    /// The objects with a `mapping`, such as discriminators.
    pub(super) mappings: Vec<NodeId>,
    /// The objects with `$anchor`, `$dynamicAnchor` or `$id`.
    pub(super) named: Vec<NodeId>,
    /// The size of the files so far.
    pub(super) written: Extent,
}

/// A state of an [`Arena`] to return to.
#[derive(Clone, Copy)]
pub(super) struct Checkpoint {
    /// The number of values.
    pub(super) len: usize,
    properties: usize,
    elements: usize,
    numbers: usize,
    text: usize,
    written: Extent,
}

/// The size of values after aliases are expanded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    pub(super) values: usize,
    /// The bytes of keys and strings.
    pub(super) bytes: usize,
    /// The nesting depth; 0 for scalars.
    pub(super) depth: usize,
}

impl Arena {
    /// The current state.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            len: self.records.len(),
            properties: self.properties.len(),
            elements: self.elements.len(),
            numbers: self.numbers.len(),
            text: self.text.len(),
            written: self.written,
        }
    }

    /// Removes everything that was added since a checkpoint.
    pub(super) fn rewind(&mut self, checkpoint: Checkpoint) {
        self.records.truncate(checkpoint.len);
        self.properties.truncate(checkpoint.properties);
        self.elements.truncate(checkpoint.elements);
        self.numbers.truncate(checkpoint.numbers);
        self.text.truncate(checkpoint.text);
        self.indexes.retain(|id, _| id.index() < checkpoint.len);
        self.references.retain(|id| id.index() < checkpoint.len);
        self.mappings.retain(|id| id.index() < checkpoint.len);
        self.named.retain(|id| id.index() < checkpoint.len);
        self.written = checkpoint.written;
    }

    /// Frees unused capacity.
    pub(super) fn shrink_to_fit(&mut self) {
        self.records.shrink_to_fit();
        self.properties.shrink_to_fit();
        self.elements.shrink_to_fit();
        self.text.shrink_to_fit();
    }

    /// The id of a key.
    pub(super) fn key(&mut self, text: &str) -> KeyId {
        let index = self.keys.get_index_of(text);
        KeyId(index.unwrap_or_else(|| self.keys.insert_full(text.into()).0) as u32)
    }

    pub(super) fn scalar(&mut self, span: Span, value: Scalar<'_>) -> NodeId {
        let kind = match value {
            Scalar::Null => RecordKind::Null,
            Scalar::Bool(value) => RecordKind::Bool(value),
            Scalar::Number(value) => {
                self.numbers.push(value);
                RecordKind::Number(self.numbers.len() as u32 - 1)
            }
            Scalar::String(value) => {
                let start = self.text.len();
                self.text.push_str(&value);
                RecordKind::String(ArenaRange::since(start, self.text.len()))
            }
        };
        self.add(span, kind)
    }

    pub(super) fn array(&mut self, span: Span, elements: impl Iterator<Item = NodeId>) -> NodeId {
        let id = NodeId::at(self.records.len());
        let start = self.elements.len();
        for (slot, element) in elements.enumerate() {
            self.set_parent(element, id, slot);
            self.elements.push(element);
        }
        self.add(
            span,
            RecordKind::Array(ArenaRange::since(start, self.elements.len())),
        )
    }

    /// `index` is required for objects with more than [`INDEX_FROM`] properties.
    pub(super) fn object(
        &mut self,
        span: Span,
        properties: impl Iterator<Item = Property>,
        index: Option<Index>,
    ) -> NodeId {
        let id = NodeId::at(self.records.len());
        let start = self.properties.len();
        for (slot, property) in properties.enumerate() {
            self.set_parent(property.value, id, slot);
            match &*self.keys[property.key.0 as usize] {
                "$ref" => self.references.push(id),
                "mapping" => self.mappings.push(id),
                "$anchor" | "$dynamicAnchor" | "$id" => self.named.push(id),
                _ => {}
            }
            self.properties.push(property);
        }
        if let Some(index) = index {
            self.indexes.insert(id, index);
        }
        self.add(
            span,
            RecordKind::Object(ArenaRange::since(start, self.properties.len())),
        )
    }

    fn add(&mut self, span: Span, kind: RecordKind) -> NodeId {
        let id = NodeId::at(self.records.len());
        self.records.push(Record {
            span,
            kind,
            parent: None,
            slot: 0,
        });
        id
    }

    fn set_parent(&mut self, child: NodeId, parent: NodeId, slot: usize) {
        let child = &mut self.records[child.index()];
        if child.parent.is_none() {
            child.parent = Some(parent);
            child.slot = slot as u32;
        }
    }

    fn record(&self, id: NodeId) -> &Record {
        &self.records[id.index()]
    }

    /// Recomputes the parents of the values below `root` whose index is at least `first`. The
    /// values in a merge key belong to the object they are merged into.
    pub(super) fn reparent(&mut self, root: NodeId, first: usize) {
        for record in self.records.iter_mut().skip(first) {
            record.parent = None;
        }
        let mut todo = self.children(root);
        while let Some((child, parent, slot)) = todo.pop() {
            if child != root && self.record(child).parent.is_none() {
                self.set_parent(child, parent, slot);
                todo.append(&mut self.children(child));
            }
        }
    }

    /// The children of a value with their indexes, in reverse order.
    fn children(&self, id: NodeId) -> Vec<(NodeId, NodeId, usize)> {
        let properties = self.properties(id).iter().map(|property| property.value);
        let children = properties.chain(self.elements(id).iter().copied());
        let mut children: Vec<_> = children
            .enumerate()
            .map(|(slot, child)| (child, id, slot))
            .collect();
        children.reverse();
        children
    }

    pub(super) fn node(&self, id: NodeId) -> Node<'_> {
        let record = self.record(id);
        Node {
            span: record.span,
            value: match record.kind {
                RecordKind::Null => Value::Null,
                RecordKind::Bool(value) => Value::Bool(value),
                RecordKind::Number(index) => Value::Number(&self.numbers[index as usize]),
                RecordKind::String(part) => Value::String(&self.text[part.range()]),
                RecordKind::Array(part) => Value::Array(&self.elements[part.range()]),
                RecordKind::Object(_) => Value::Object(self.entries(id)),
            },
        }
    }

    /// The properties of an object; empty if `id` is not an object.
    pub(super) fn properties(&self, id: NodeId) -> &[Property] {
        match self.record(id).kind {
            RecordKind::Object(part) => &self.properties[part.range()],
            _ => &[],
        }
    }

    /// The properties of an object; empty if `id` is not an object.
    pub(super) fn entries(&self, id: NodeId) -> Entries<'_> {
        Entries {
            properties: self.properties(id),
            keys: self.keys.as_slice(),
        }
    }

    pub(super) fn entry(&self, id: NodeId, key: &str) -> Option<Entry<'_>> {
        let entries = self.entries(id);
        if entries.len() <= INDEX_FROM {
            return entries.iter().find(|entry| entry.key == key);
        }
        let key = KeyId(self.keys.get_index_of(key)? as u32);
        let at = self.indexes.get(&id)?.get(&key)?;
        entries.get(*at as usize)
    }

    /// The elements of an array; empty if `id` is not an array.
    pub(super) fn elements(&self, id: NodeId) -> &[NodeId] {
        match self.record(id).kind {
            RecordKind::Array(part) => &self.elements[part.range()],
            _ => &[],
        }
    }

    /// The content of a string; `None` if `id` is not a string.
    pub(super) fn text(&self, id: NodeId) -> Option<&str> {
        match self.record(id).kind {
            RecordKind::String(part) => Some(&self.text[part.range()]),
            _ => None,
        }
    }

    pub(super) fn to_json(&self, id: NodeId) -> serde_json::Value {
        match self.node(id).value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => value.into(),
            Value::Number(value) => value.clone().into(),
            Value::String(value) => value.into(),
            Value::Array(elements) => elements.iter().map(|&id| self.to_json(id)).collect(),
            Value::Object(entries) => entries
                .iter()
                .map(|entry| (entry.key.to_owned(), self.to_json(entry.value)))
                .collect(),
        }
    }

    /// The location of the key under which a value is defined; `None` for array elements.
    pub(super) fn key_span(&self, id: NodeId) -> Option<Span> {
        let record = self.record(id);
        let properties = self.properties(record.parent?);
        Some(properties.get(record.slot as usize)?.key_span)
    }

    /// The array or object in which a value is defined.
    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.record(id).parent
    }

    pub(super) fn pointer(&self, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut child = self.record(id);
        while let Some(parent) = child.parent {
            let key = self.entries(parent).get(child.slot as usize);
            steps.push(key.map_or_else(|| child.slot.to_string(), |entry| escape_token(entry.key)));
            child = self.record(parent);
        }
        steps.iter().rev().map(|step| format!("/{step}")).collect()
    }
}
