//! From the events of the YAML parser to nodes. JSON is read as the subset of YAML that it is.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use super::error::LoadError;
use super::node::{Arena, Entry, NodeId, Value};
use super::source::{Source, Span};
use super::{MAX_DEPTH, MAX_VALUES, scalar};

/// Parses a source that holds one YAML document.
pub(super) fn parse(source: &Source) -> Result<(Arena, NodeId), LoadError> {
    let mut builder = Builder {
        source,
        cursor: Cursor::new(source),
        arena: Arena::default(),
        open: Vec::new(),
        anchors: HashMap::new(),
        extents: HashMap::new(),
        values: 0,
        root: None,
    };
    let text = source.text();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| builder.syntax_error(&error))?;
        let start = builder.cursor.offset(&span.start);
        let end = builder.cursor.offset(&span.end);
        builder.event(event, Span { start, end })?;
    }
    let root = builder.root.ok_or_else(|| {
        LoadError::at(
            source,
            0,
            "is empty: a contract starts with `openapi: 3.0.3`",
        )
    })?;
    Ok((builder.arena, root))
}

struct Builder<'a> {
    source: &'a Source,
    cursor: Cursor<'a>,
    arena: Arena,
    open: Vec<Open>,
    /// Anchored values; an anchor whose value is still open is not among them.
    anchors: HashMap<usize, NodeId>,
    /// How much an anchored value stands for, aliases written out.
    extents: HashMap<usize, Extent>,
    /// How many values the document stands for so far, aliases written out.
    values: usize,
    root: Option<NodeId>,
}

/// How much a value stands for, aliases written out.
#[derive(Clone, Copy)]
struct Extent {
    values: usize,
    /// The levels of nesting; a scalar has none.
    depth: usize,
}

/// An array or object whose end has not come yet.
struct Open {
    start: u32,
    anchor: usize,
    /// `Builder::values` when it was opened.
    values_before: usize,
    /// The levels of nesting inside, so far.
    depth: usize,
    content: Content,
}

enum Content {
    Array(Vec<NodeId>),
    Object {
        entries: Vec<Entry>,
        seen: HashMap<Box<str>, Span>,
        key: Option<(Box<str>, Span)>,
        /// Values of the merge key `<<`: their members count where the object has none of that key.
        merged: Vec<NodeId>,
    },
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), LoadError> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) if self.root.is_some() => Err(LoadError::at(
                self.source,
                span.start,
                "holds a second YAML document: keep one document a file",
            )),
            Event::DocumentStart(_) => Ok(()),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Scalar(text, style, anchor, tag) => {
                let is_string = tag.is_some_and(|tag| tag.suffix == "str");
                self.scalar(&text, style, is_string, anchor, span)
            }
            Event::SequenceStart(anchor, _) => self.open(span, anchor, Content::Array(Vec::new())),
            Event::MappingStart(anchor, _) => self.open(
                span,
                anchor,
                Content::Object {
                    entries: Vec::new(),
                    seen: HashMap::new(),
                    key: None,
                    merged: Vec::new(),
                },
            ),
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        is_string: bool,
        anchor: usize,
        span: Span,
    ) -> Result<(), LoadError> {
        if let Some(Open {
            content:
                Content::Object {
                    key: key @ None,
                    seen,
                    ..
                },
            ..
        }) = self.open.last_mut()
        {
            if let Some(first) = seen.insert(text.into(), span) {
                let line = self.source.position(first.start).line;
                let message =
                    format!("the key `{text}` is already on line {line}: keep one of them");
                return Err(LoadError::at(self.source, span.start, message));
            }
            *key = Some((text.into(), span));
            return Ok(());
        }
        let value = if style == ScalarStyle::Plain && !is_string {
            scalar::plain(text)
                .map_err(|why| LoadError::at(self.source, span.start, format!("`{text}`: {why}")))?
        } else {
            Value::String(text.into())
        };
        self.count(1, span)?;
        let id = self.arena.push(span, value);
        self.anchor(
            anchor,
            id,
            Extent {
                values: 1,
                depth: 0,
            },
        );
        self.add(id, 0);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), LoadError> {
        let Some(&id) = self.anchors.get(&anchor) else {
            let message = "this alias stands inside the value it stands for";
            return Err(LoadError::at(self.source, span.start, message));
        };
        self.expect_value(span)?;
        let extent = self.extents[&anchor];
        self.count(extent.values, span)?;
        self.check_depth(self.open.len() + extent.depth, span)?;
        self.add(id, extent.depth);
        Ok(())
    }

    fn open(&mut self, span: Span, anchor: usize, content: Content) -> Result<(), LoadError> {
        self.expect_value(span)?;
        self.check_depth(self.open.len() + 1, span)?;
        self.count(1, span)?;
        self.open.push(Open {
            start: span.start,
            anchor,
            values_before: self.values - 1,
            depth: 0,
            content,
        });
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), LoadError> {
        let open = self.open.pop().expect("the parser closes what it opened");
        let value = match open.content {
            Content::Array(elements) => Value::Array(elements),
            Content::Object {
                mut entries,
                mut seen,
                merged,
                ..
            } => {
                for id in merged {
                    self.merge(id, span, &mut entries, &mut seen)?;
                }
                Value::Object(entries)
            }
        };
        let span = Span {
            start: open.start,
            end: span.end.max(open.start),
        };
        let id = self.arena.push(span, value);
        let extent = Extent {
            values: self.values - open.values_before,
            depth: open.depth + 1,
        };
        self.anchor(open.anchor, id, extent);
        self.add(id, extent.depth);
        Ok(())
    }

    /// Adds the members of a merge key's value (a mapping, or a list of them) that are not there yet.
    fn merge(
        &self,
        id: NodeId,
        span: Span,
        entries: &mut Vec<Entry>,
        seen: &mut HashMap<Box<str>, Span>,
    ) -> Result<(), LoadError> {
        match &self.arena.node(id).value {
            Value::Object(members) => {
                for member in members {
                    if !seen.contains_key(&member.key) {
                        seen.insert(member.key.clone(), member.key_span);
                        entries.push(member.clone());
                    }
                }
                Ok(())
            }
            Value::Array(elements) => elements
                .iter()
                .try_for_each(|&id| self.merge(id, span, entries, seen)),
            _ => {
                let message = "the merge key `<<` takes a mapping or a list of mappings";
                Err(LoadError::at(self.source, span.start, message))
            }
        }
    }

    /// Refuses an array, object or alias where a key belongs.
    fn expect_value(&self, span: Span) -> Result<(), LoadError> {
        match self.open.last() {
            Some(Open {
                content: Content::Object { key: None, .. },
                ..
            }) => Err(LoadError::at(
                self.source,
                span.start,
                "a key must be a string, as in JSON",
            )),
            _ => Ok(()),
        }
    }

    fn count(&mut self, values: usize, span: Span) -> Result<(), LoadError> {
        self.values = self.values.saturating_add(values);
        if self.values > MAX_VALUES {
            let message = format!("stands for more than {MAX_VALUES} values: check its aliases");
            return Err(LoadError::at(self.source, span.start, message));
        }
        Ok(())
    }

    fn check_depth(&self, depth: usize, span: Span) -> Result<(), LoadError> {
        if depth > MAX_DEPTH {
            let message = format!("values are nested more than {MAX_DEPTH} deep");
            return Err(LoadError::at(self.source, span.start, message));
        }
        Ok(())
    }

    /// Remembers an anchored value; the parser gives values without an anchor the id 0.
    fn anchor(&mut self, anchor: usize, id: NodeId, extent: Extent) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
            self.extents.insert(anchor, extent);
        }
    }

    /// Puts a value where it belongs; `depth` is its levels of nesting.
    fn add(&mut self, id: NodeId, depth: usize) {
        if let Some(open) = self.open.last_mut() {
            open.depth = open.depth.max(depth);
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(id),
            Some(Content::Array(elements)) => elements.push(id),
            Some(Content::Object {
                entries,
                key,
                merged,
                ..
            }) => {
                let (key, key_span) = key.take().expect("a value follows its key");
                if &*key == "<<" {
                    merged.push(id);
                } else {
                    entries.push(Entry {
                        key,
                        key_span,
                        value: id,
                    });
                }
            }
        }
    }

    fn syntax_error(&self, error: &ScanError) -> LoadError {
        let marker = error.marker();
        let start = self.source.line_start(marker.line().max(1));
        let line = &self.source.text()[start as usize..];
        let column: usize = line.chars().take(marker.col()).map(char::len_utf8).sum();
        let message = format!("is not valid YAML: {}", error.info());
        LoadError::at(self.source, start + column as u32, message)
    }
}

/// Turns the parser's character indexes into byte offsets. They come nearly in order, so walking
/// from the last one keeps the whole conversion linear.
struct Cursor<'a> {
    text: &'a str,
    is_ascii: bool,
    skipped: usize,
    chars: usize,
    bytes: usize,
}

impl<'a> Cursor<'a> {
    fn new(source: &'a Source) -> Self {
        let text = source.text();
        // The byte order mark is not handed to the parser.
        let skipped = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let text = &text[skipped..];
        Self {
            text,
            is_ascii: text.is_ascii(),
            skipped,
            chars: 0,
            bytes: 0,
        }
    }

    fn offset(&mut self, marker: &Marker) -> u32 {
        let index = marker.index();
        if self.is_ascii {
            return (self.skipped + index.min(self.text.len())) as u32;
        }
        while self.chars < index && self.bytes < self.text.len() {
            self.bytes += self.text[self.bytes..]
                .chars()
                .next()
                .map_or(1, char::len_utf8);
            self.chars += 1;
        }
        while self.chars > index {
            self.bytes -= self.text[..self.bytes]
                .chars()
                .next_back()
                .map_or(1, char::len_utf8);
            self.chars -= 1;
        }
        (self.skipped + self.bytes) as u32
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Document;

    fn json(text: &str) -> serde_json::Value {
        let document = Document::parse("test.yaml", text).expect("it parses");
        document.to_json(document.root())
    }

    fn error(text: &str) -> String {
        Document::parse("test.yaml", text)
            .expect_err("it is refused")
            .to_string()
    }

    #[test]
    fn keys_are_texts_as_written() {
        assert_eq!(
            json("200: a\ntrue: b\n"),
            serde_json::json!({"200": "a", "true": "b"})
        );
    }

    #[test]
    fn aliases_and_merge_keys_are_written_out() {
        let text = "base: &b {x: 1, y: 2}\none: *b\ntwo:\n  <<: *b\n  y: 3\n";
        assert_eq!(
            json(text),
            serde_json::json!({"base": {"x": 1, "y": 2}, "one": {"x": 1, "y": 2}, "two": {"y": 3, "x": 1}})
        );
    }

    #[test]
    fn offsets_are_bytes_beyond_ascii() {
        let text = "a: é\nb: ü\nc: here\n";
        let document = Document::parse("test.yaml", text).expect("it parses");
        let c = document.get(document.root(), "c").expect("c is there");
        assert_eq!(document.source().slice(document.node(c).span), "here");
    }

    #[test]
    fn a_byte_order_mark_is_no_content() {
        let document = Document::parse("test.yaml", "\u{feff}a: x\n").expect("it parses");
        let a = document.get(document.root(), "a").expect("a is there");
        assert_eq!(document.source().slice(document.node(a).span), "x");
    }

    #[test]
    fn a_key_twice_names_both_lines() {
        assert_eq!(
            error("a: 1\nb: 2\na: 3\n"),
            "test.yaml:3:1: the key `a` is already on line 1: keep one of them"
        );
    }

    #[test]
    fn an_alias_bomb_is_refused_quickly() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            text += &format!("a{level}: &a{level} [{aliases}]\n");
        }
        assert!(
            error(&text).contains("check its aliases"),
            "{}",
            error(&text)
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        let message = error(&"[".repeat(100_000));
        assert!(
            message.contains("nested") || message.contains("recursion"),
            "{message}"
        );
        let mut block = String::new();
        for depth in 0..2_000 {
            block += &format!("{}a:\n", " ".repeat(depth));
        }
        assert!(
            error(&block).contains("nested more than"),
            "{}",
            error(&block)
        );
    }

    #[test]
    fn deep_nesting_by_aliases_is_refused() {
        let mut text = format!("a0: &a0 {}x{}\n", "[".repeat(100), "]".repeat(100));
        for level in 1..5 {
            let (open, close) = ("[".repeat(100), "]".repeat(100));
            text += &format!("a{level}: &a{level} {open}*a{}{close}\n", level - 1);
        }
        assert!(
            error(&text).contains("nested more than"),
            "{}",
            error(&text)
        );
    }

    #[test]
    fn broken_yaml_names_its_place() {
        assert!(
            error("a:\n  - b\n c: d\n").starts_with("test.yaml:3:"),
            "{}",
            error("a:\n  - b\n c: d\n")
        );
    }

    #[test]
    fn an_alias_in_its_own_value_is_refused() {
        assert!(Document::parse("test.yaml", "a: &a [*a]\n").is_err());
    }

    #[test]
    fn nothing_is_no_contract() {
        assert!(error("# only a comment\n").contains("is empty"));
    }

    #[test]
    fn invalid_utf8_names_its_place() {
        let error =
            Document::parse_bytes("test.yaml", b"a: 1\nb: \xff\n".to_vec()).expect_err("refused");
        assert_eq!(
            error.to_string(),
            "test.yaml:2:4: is not UTF-8 from here on: save it as UTF-8"
        );
    }
}
