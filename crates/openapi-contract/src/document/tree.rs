//! Builds the values of one file out of what its reader meets, in the order it meets it.
//!
//! The limits are kept here, so that every format has the same.

use super::error::LoadError;
use super::node::{Arena, Extent, INDEX_FROM, Index, KeyId, Member, NodeId, Scalar, Value};
use super::source::{Source, Span};
use super::{MAX_BYTES, MAX_DEPTH, MAX_VALUES};

/// What a reader is inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ParserContext {
    /// Nothing: before the outermost value, or behind it.
    Nothing,
    Array,
    /// An object, where a key comes next.
    ObjectKey,
    /// An object, where the value of a key comes next.
    ObjectValue,
}

/// What the next value of an object stands under.
enum MemberKey {
    Key(KeyId, Span),
    /// The merge key `<<` of YAML.
    MergeKey,
}

/// An array or object whose end has not come yet.
struct OpenContainer {
    span: Span,
    is_object: bool,
    /// Where its children start on the stack of all open ones.
    first: usize,
    /// What was written before it was opened.
    before: Extent,
    /// The levels of nesting inside, so far.
    depth: usize,
    under: Option<MemberKey>,
    /// The members by key, once there are many.
    index: Option<Index>,
    /// Values of merge keys: their members count where the object has none of that key.
    merged: Vec<NodeId>,
}

pub(super) struct TreeBuilder<'a> {
    pub(super) source: &'a Source,
    arena: &'a mut Arena,
    open: Vec<OpenContainer>,
    /// The members of all open objects, innermost last.
    members: Vec<Member>,
    /// The elements of all open arrays, innermost last.
    elements: Vec<NodeId>,
    root: Option<NodeId>,
    /// How many nodes there were before.
    before: usize,
    has_merge_keys: bool,
}

impl<'a> TreeBuilder<'a> {
    pub(super) fn new(source: &'a Source, arena: &'a mut Arena) -> Self {
        Self {
            source,
            before: arena.mark().len,
            has_merge_keys: false,
            arena,
            open: Vec::new(),
            members: Vec::new(),
            elements: Vec::new(),
            root: None,
        }
    }

    pub(super) fn inside(&self) -> ParserContext {
        match self.open.last() {
            None => ParserContext::Nothing,
            Some(open) if !open.is_object => ParserContext::Array,
            Some(open) if open.under.is_none() => ParserContext::ObjectKey,
            Some(_) => ParserContext::ObjectValue,
        }
    }

    pub(super) fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// The outermost value, once there is no more to come.
    pub(super) fn finish(self) -> Option<NodeId> {
        let root = self.root?;
        if self.has_merge_keys {
            self.arena.reparent(root, self.before);
        }
        Some(root)
    }

    pub(super) fn scalar(
        &mut self,
        span: Span,
        value: Scalar<'_>,
    ) -> Result<(NodeId, Extent), LoadError> {
        let bytes = match &value {
            Scalar::String(text) => text.len(),
            _ => 0,
        };
        let extent = Extent {
            values: 1,
            bytes,
            depth: 0,
        };
        self.count(extent, span)?;
        let id = self.arena.scalar(span, value);
        self.add(id, 0);
        Ok((id, extent))
    }

    /// Adds a value that is already there once more.
    pub(super) fn alias(
        &mut self,
        id: NodeId,
        extent: Extent,
        span: Span,
    ) -> Result<(), LoadError> {
        self.count(extent, span)?;
        self.check_depth(self.open.len() + extent.depth, span)?;
        self.add(id, extent.depth);
        Ok(())
    }

    pub(super) fn open(&mut self, span: Span, is_object: bool) -> Result<(), LoadError> {
        self.check_depth(self.open.len() + 1, span)?;
        let before = self.arena.written;
        let one = Extent {
            values: 1,
            ..Extent::default()
        };
        self.count(one, span)?;
        self.open.push(OpenContainer {
            span,
            is_object,
            first: if is_object {
                self.members.len()
            } else {
                self.elements.len()
            },
            before,
            depth: 0,
            under: None,
            index: None,
            merged: Vec::new(),
        });
        Ok(())
    }

    /// The key of the next value of the innermost object.
    pub(super) fn key(&mut self, text: &str, span: Span) -> Result<(), LoadError> {
        let extent = Extent {
            bytes: text.len(),
            ..Extent::default()
        };
        self.count(extent, span)?;
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        let key = self.arena.key(text);
        if let Some(at) = open.position(&self.members, key) {
            let first = self.members[open.first + at].key_span;
            let line = self.source.position(first.start).line;
            let message = format!(
                "the key `{}` is already on line {line}: keep one of them",
                shown(text)
            );
            return Err(LoadError::at(self.source, span.start, message));
        }
        open.under = Some(MemberKey::Key(key, span));
        Ok(())
    }

    /// The next value of the innermost object is one to merge with it.
    pub(super) fn merge_key(&mut self, span: Span) -> Result<(), LoadError> {
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        if !open.merged.is_empty() {
            let message = "the merge key `<<` is already there: give it a list of mappings";
            return Err(LoadError::at(self.source, span.start, message));
        }
        open.under = Some(MemberKey::MergeKey);
        self.has_merge_keys = true;
        Ok(())
    }

    /// Closes the innermost array or object; nothing where none is open.
    pub(super) fn close(&mut self, end: u32) -> Result<Option<(NodeId, Extent)>, LoadError> {
        let Some(mut open) = self.open.pop() else {
            return Ok(None);
        };
        let span = Span {
            start: open.span.start,
            end: end.max(open.span.start),
        };
        let id = if open.is_object {
            for id in std::mem::take(&mut open.merged) {
                self.merge(id, &mut open)?;
            }
            let members = self.members.drain(open.first..);
            self.arena.object(span, members, open.index)
        } else {
            let elements = self.elements.drain(open.first..);
            self.arena.array(span, elements)
        };
        let extent = Extent {
            values: self.arena.written.values - open.before.values,
            bytes: self.arena.written.bytes - open.before.bytes,
            depth: open.depth + 1,
        };
        self.add(id, extent.depth);
        Ok(Some((id, extent)))
    }

    /// Adds the members of a merge key's value (a mapping, or a list of them) that are not there yet.
    fn merge(&mut self, id: NodeId, open: &mut OpenContainer) -> Result<(), LoadError> {
        let node = self.arena.node(id);
        match node.value {
            Value::Object(_) => {
                for &member in self.arena.members(id) {
                    if open.position(&self.members, member.key).is_none() {
                        open.note(&self.members, member.key);
                        self.members.push(member);
                    }
                }
                Ok(())
            }
            Value::Array(elements) => {
                let elements = elements.to_vec();
                elements.iter().try_for_each(|&id| self.merge(id, open))
            }
            _ => {
                let message = "the merge key `<<` takes a mapping or a list of mappings";
                Err(LoadError::at(self.source, node.span.start, message))
            }
        }
    }

    /// Puts a value where it belongs; `depth` is its levels of nesting.
    fn add(&mut self, id: NodeId, depth: usize) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(id);
            return;
        };
        open.depth = open.depth.max(depth);
        match open.under.take() {
            _ if !open.is_object => self.elements.push(id),
            Some(MemberKey::MergeKey) => open.merged.push(id),
            Some(MemberKey::Key(key, key_span)) => {
                open.note(&self.members, key);
                self.members.push(Member {
                    key,
                    key_span,
                    value: id,
                });
            }
            // Readers ask with `inside` whether a key is due, and give it first.
            None => {}
        }
    }

    fn count(&mut self, more: Extent, span: Span) -> Result<(), LoadError> {
        self.arena.written.values = self.arena.written.values.saturating_add(more.values);
        self.arena.written.bytes = self.arena.written.bytes.saturating_add(more.bytes);
        let message = if self.arena.written.values > MAX_VALUES {
            format!(
                "the file stands for more than {MAX_VALUES} values: split it, or check its aliases"
            )
        } else if self.arena.written.bytes > MAX_BYTES {
            let mebibytes = MAX_BYTES >> 20;
            format!("the file stands for more than {mebibytes} MiB of text: check its aliases")
        } else {
            return Ok(());
        };
        Err(LoadError::at(self.source, span.start, message))
    }

    fn check_depth(&self, depth: usize, span: Span) -> Result<(), LoadError> {
        if depth > MAX_DEPTH {
            let message = format!("values are nested more than {MAX_DEPTH} deep");
            return Err(LoadError::at(self.source, span.start, message));
        }
        Ok(())
    }
}

impl OpenContainer {
    /// Where among the members of this object a key is; `members` are those of all open objects.
    fn position(&self, members: &[Member], key: KeyId) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(&key).map(|&at| at as usize),
            None => {
                let mut own = members[self.first..].iter();
                own.position(|member| member.key == key)
            }
        }
    }

    /// Records the key of the member that comes next.
    fn note(&mut self, members: &[Member], key: KeyId) {
        let own = &members[self.first..];
        match &mut self.index {
            Some(index) => {
                index.insert(key, own.len() as u32);
            }
            None if own.len() < INDEX_FROM => {}
            None => {
                let keys = own.iter().map(|member| member.key).chain([key]);
                let index = keys.enumerate().map(|(at, key)| (key, at as u32));
                self.index = Some(index.collect());
            }
        }
    }
}

/// A text that is short enough for a message.
pub(super) fn shown(text: &str) -> std::borrow::Cow<'_, str> {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]).into(),
        None => text.into(),
    }
}
