//! Builds the values of a file from the events of a parser.
//!
//! It enforces the limits, so that they are the same for all formats.

use super::error::LoadError;
use super::node::{Arena, Extent, INDEX_FROM, Index, KeyId, NodeId, Property, Scalar, Value};
use super::source::{Source, Span};
use super::{MAX_BYTES, MAX_DEPTH, MAX_VALUES};

/// The context of the next value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ParserContext {
    /// Before or after the root value.
    Nothing,
    Array,
    /// An object that expects a key.
    ObjectKey,
    /// An object that expects the value of a key.
    ObjectValue,
}

/// The key of the next value of an object.
enum MemberKey {
    Key(KeyId, Span),
    /// The merge key `<<` of YAML.
    MergeKey,
}

/// An array or object that is not complete.
struct OpenContainer {
    span: Span,
    is_object: bool,
    /// The index of its first child on the stack.
    first: usize,
    /// The size of the arena before it was opened.
    before: Extent,
    /// The nesting depth inside, so far.
    depth: usize,
    under: Option<MemberKey>,
    /// The index of each property, for large objects.
    index: Option<Index>,
    /// The values of merge keys. Properties of the object override theirs.
    merged: Vec<NodeId>,
}

pub(super) struct TreeBuilder<'a> {
    pub(super) source: &'a Source,
    arena: &'a mut Arena,
    open: Vec<OpenContainer>,
    /// The properties of all open objects, innermost last.
    properties: Vec<Property>,
    /// The elements of all open arrays, innermost last.
    elements: Vec<NodeId>,
    root: Option<NodeId>,
    /// The number of nodes before the file.
    before: usize,
    has_merge_keys: bool,
}

impl<'a> TreeBuilder<'a> {
    pub(super) fn new(source: &'a Source, arena: &'a mut Arena) -> Self {
        Self {
            source,
            before: arena.checkpoint().len,
            has_merge_keys: false,
            arena,
            open: Vec::new(),
            properties: Vec::new(),
            elements: Vec::new(),
            root: None,
        }
    }

    pub(super) fn context(&self) -> ParserContext {
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

    /// The root value, if the file is complete.
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

    /// Adds another occurrence of an existing value.
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
                self.properties.len()
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

    /// Sets the key of the next value of the innermost object.
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
        if let Some(at) = open.position(&self.properties, key) {
            let first = self.properties[open.first + at].key_span;
            let line = self.source.position(first.start).line;
            let message = format!(
                "duplicate key `{}`, first used on line {line}",
                shorten(text)
            );
            return Err(LoadError::at(self.source, span.start, message)
                .with_remedy("Remove or rename one of them."));
        }
        open.under = Some(MemberKey::Key(key, span));
        Ok(())
    }

    /// Marks the next value of the innermost object as one to merge into it.
    pub(super) fn merge_key(&mut self, span: Span) -> Result<(), LoadError> {
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        if !open.merged.is_empty() {
            let message = "duplicate merge key `<<`; use one with a list of mappings";
            return Err(LoadError::at(self.source, span.start, message));
        }
        open.under = Some(MemberKey::MergeKey);
        self.has_merge_keys = true;
        Ok(())
    }

    /// Closes the innermost array or object; `None` if none is open.
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
            let properties = self.properties.drain(open.first..);
            self.arena.object(span, properties, open.index)
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

    /// Adds the properties of a merge key's value (a mapping, or a list of mappings) that the
    /// object does not have.
    fn merge(&mut self, id: NodeId, open: &mut OpenContainer) -> Result<(), LoadError> {
        let node = self.arena.node(id);
        match node.value {
            Value::Object(_) => {
                for &property in self.arena.properties(id) {
                    if open.position(&self.properties, property.key).is_none() {
                        open.record_key(&self.properties, property.key);
                        self.properties.push(property);
                    }
                }
                Ok(())
            }
            Value::Array(elements) => {
                let elements = elements.to_vec();
                elements.iter().try_for_each(|&id| self.merge(id, open))
            }
            _ => {
                let message =
                    "the value of the merge key `<<` must be a mapping or a list of mappings";
                Err(LoadError::at(self.source, node.span.start, message))
            }
        }
    }

    /// Adds a value to the innermost array or object. `depth` is the nesting depth of the value.
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
                open.record_key(&self.properties, key);
                self.properties.push(Property {
                    key,
                    key_span,
                    value: id,
                });
            }
            // Parsers check `context` and pass keys first.
            None => {}
        }
    }

    fn count(&mut self, more: Extent, span: Span) -> Result<(), LoadError> {
        self.arena.written.values = self.arena.written.values.saturating_add(more.values);
        self.arena.written.bytes = self.arena.written.bytes.saturating_add(more.bytes);
        let message = if self.arena.written.values > MAX_VALUES {
            format!(
                "the file has more than {MAX_VALUES} values after aliases are expanded; split it, or check its aliases"
            )
        } else if self.arena.written.bytes > MAX_BYTES {
            let mebibytes = MAX_BYTES >> 20;
            format!(
                "the file has more than {mebibytes} MiB of text after aliases are expanded; check its aliases"
            )
        } else {
            return Ok(());
        };
        Err(LoadError::at(self.source, span.start, message))
    }

    fn check_depth(&self, depth: usize, span: Span) -> Result<(), LoadError> {
        if depth > MAX_DEPTH {
            let message = format!("values are nested more than {MAX_DEPTH} levels deep");
            return Err(LoadError::at(self.source, span.start, message));
        }
        Ok(())
    }
}

impl OpenContainer {
    /// The index of a key among the properties of an object. `properties` has the properties of all
    /// open objects.
    fn position(&self, properties: &[Property], key: KeyId) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(&key).map(|&at| at as usize),
            None => {
                let mut own = properties[self.first..].iter();
                own.position(|property| property.key == key)
            }
        }
    }

    /// Records the key of the next property.
    fn record_key(&mut self, properties: &[Property], key: KeyId) {
        let own = &properties[self.first..];
        match &mut self.index {
            Some(index) => {
                index.insert(key, own.len() as u32);
            }
            None if own.len() < INDEX_FROM => {}
            None => {
                let keys = own.iter().map(|property| property.key).chain([key]);
                let index = keys.enumerate().map(|(at, key)| (key, at as u32));
                self.index = Some(index.collect());
            }
        }
    }
}

/// Shortens a text for use in a message.
pub(super) fn shorten(text: &str) -> std::borrow::Cow<'_, str> {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]).into(),
        None => text.into(),
    }
}
