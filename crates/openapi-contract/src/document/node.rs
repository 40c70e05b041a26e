//! The values of a document's files, in one arena.

use std::borrow::Cow;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::ops::Range;

use indexmap::IndexSet;
use indexmap::set::Slice;
use serde_json::Number;

use super::pointer::escape_token;
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
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// Where it is written.
    pub span: Span,
    /// What it is.
    pub value: Value<'a>,
}

/// What a node holds: the data model of JSON.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; integers beyond 64 bits have become floating point.
    Number(&'a Number),
    /// A string.
    String(&'a str),
    /// An array.
    Array(&'a [NodeId]),
    /// An object, its members in the order they are written, no key twice.
    Object(Entries<'a>),
}

impl Value<'_> {
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
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The key.
    pub key: &'a str,
    /// Where the key is written.
    pub key_span: Span,
    /// The value.
    pub value: NodeId,
}

/// The members of an object, in the order they are written.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'a> {
    members: &'a [Member],
    keys: &'a Slice<Box<str>>,
}

impl<'a> Entries<'a> {
    /// The member at a place.
    pub fn get(self, index: usize) -> Option<Entry<'a>> {
        let member = self.members.get(index)?;
        Some(Entry {
            key: &self.keys[member.key.0 as usize],
            key_span: member.key_span,
            value: member.value,
        })
    }

    /// The first member.
    pub fn first(self) -> Option<Entry<'a>> {
        self.get(0)
    }

    /// How many members there are.
    pub fn len(self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.members.is_empty()
    }

    /// The members one after the other.
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
    /// No members.
    fn default() -> Self {
        Self {
            members: &[],
            keys: Slice::new(),
        }
    }
}

/// What [`Entries::iter`] makes.
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

/// A key, as its place among all the keys of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct KeyId(u32);

/// A member of an object, as it is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) key: KeyId,
    pub(super) key_span: Span,
    pub(super) value: NodeId,
}

/// The members of a large object by key, as places in its list of members.
pub(super) type Index = HashMap<KeyId, u32>;

/// Objects with more members than this are looked up by hash.
pub(super) const INDEX_FROM: usize = 16;

/// A value that holds no others, on its way into an arena.
#[derive(Debug)]
pub(super) enum Scalar<'t> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'t, str>),
}

/// A value as it is kept: a contract has hundreds of thousands.
#[derive(Debug)]
struct Record {
    span: Span,
    kind: RecordKind,
    /// The array or object it is first written in.
    parent: Option<NodeId>,
    /// Its place among the children of `parent`.
    slot: u32,
}

/// What a value is; the rest is in the lists of the arena.
#[derive(Clone, Copy, Debug)]
enum RecordKind {
    Null,
    Bool(bool),
    /// Its place in `numbers`.
    Number(u32),
    /// A part of `text`.
    String(ArenaRange),
    /// A part of `elements`.
    Array(ArenaRange),
    /// A part of `members`.
    Object(ArenaRange),
}

/// A part of one of the arena's lists.
#[derive(Clone, Copy, Debug)]
struct ArenaRange {
    start: u32,
    len: u32,
}

impl ArenaRange {
    /// What follows `start` in a list that is now `end` long. [`super::MAX_BYTES`] and
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

/// All values of a document. What they hold is in a few long lists, so that a contract of millions of
/// bytes costs a few allocations and is gone at once.
#[derive(Debug, Default)]
pub(super) struct Arena {
    records: Vec<Record>,
    members: Vec<Member>,
    elements: Vec<NodeId>,
    numbers: Vec<Number>,
    text: String,
    keys: IndexSet<Box<str>>,
    indexes: HashMap<NodeId, Index>,
    /// The objects that have a `$ref`, which may lead to other places.
    pub(super) references: Vec<NodeId>,
    /// The objects that have a `mapping`, as discriminators do.
    pub(super) mappings: Vec<NodeId>,
    /// The objects that give themselves a name with `$anchor`, `$dynamicAnchor` or `$id`.
    pub(super) named: Vec<NodeId>,
    /// What the files stand for so far.
    pub(super) written: Extent,
}

/// A state of an [`Arena`].
#[derive(Clone, Copy)]
pub(super) struct Checkpoint {
    /// How many values there are.
    pub(super) len: usize,
    members: usize,
    elements: usize,
    numbers: usize,
    text: usize,
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
    pub(super) fn mark(&self) -> Checkpoint {
        Checkpoint {
            len: self.records.len(),
            members: self.members.len(),
            elements: self.elements.len(),
            numbers: self.numbers.len(),
            text: self.text.len(),
            written: self.written,
        }
    }

    /// Forgets everything since a mark.
    pub(super) fn rewind(&mut self, mark: Checkpoint) {
        self.records.truncate(mark.len);
        self.members.truncate(mark.members);
        self.elements.truncate(mark.elements);
        self.numbers.truncate(mark.numbers);
        self.text.truncate(mark.text);
        self.indexes.retain(|id, _| id.index() < mark.len);
        self.references.retain(|id| id.index() < mark.len);
        self.mappings.retain(|id| id.index() < mark.len);
        self.named.retain(|id| id.index() < mark.len);
        self.written = mark.written;
    }

    /// Gives back the room that was kept for more values.
    pub(super) fn shrink_to_fit(&mut self) {
        self.records.shrink_to_fit();
        self.members.shrink_to_fit();
        self.elements.shrink_to_fit();
        self.text.shrink_to_fit();
    }

    /// The key with this text.
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

    /// `index` must be there for objects of more than [`INDEX_FROM`] members.
    pub(super) fn object(
        &mut self,
        span: Span,
        members: impl Iterator<Item = Member>,
        index: Option<Index>,
    ) -> NodeId {
        let id = NodeId::at(self.records.len());
        let start = self.members.len();
        for (slot, member) in members.enumerate() {
            self.set_parent(member.value, id, slot);
            match &*self.keys[member.key.0 as usize] {
                "$ref" => self.references.push(id),
                "mapping" => self.mappings.push(id),
                "$anchor" | "$dynamicAnchor" | "$id" => self.named.push(id),
                _ => {}
            }
            self.members.push(member);
        }
        if let Some(index) = index {
            self.indexes.insert(id, index);
        }
        self.add(
            span,
            RecordKind::Object(ArenaRange::since(start, self.members.len())),
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

    /// Finds out anew where the values below `root` stand first, of all values from `first` on: those
    /// in the value of a merge key stand where they are merged into.
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

    /// The values in a value with their places, the last first.
    fn children(&self, id: NodeId) -> Vec<(NodeId, NodeId, usize)> {
        let members = self.members(id).iter().map(|member| member.value);
        let children = members.chain(self.elements(id).iter().copied());
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

    /// The members of an object as they are kept; none where `id` is no object.
    pub(super) fn members(&self, id: NodeId) -> &[Member] {
        match self.record(id).kind {
            RecordKind::Object(part) => &self.members[part.range()],
            _ => &[],
        }
    }

    /// The members of an object; none where `id` is no object.
    pub(super) fn entries(&self, id: NodeId) -> Entries<'_> {
        Entries {
            members: self.members(id),
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

    /// The elements of an array; none where `id` is no array.
    pub(super) fn elements(&self, id: NodeId) -> &[NodeId] {
        match self.record(id).kind {
            RecordKind::Array(part) => &self.elements[part.range()],
            _ => &[],
        }
    }

    /// The text of a string; nothing where `id` is no string.
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

    /// The place of the key that a value is first written under; nothing for elements of arrays.
    pub(super) fn key_span(&self, id: NodeId) -> Option<Span> {
        let record = self.record(id);
        let members = self.members(record.parent?);
        Some(members.get(record.slot as usize)?.key_span)
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
