//! Conversion of YAML parser events to values.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::MAX_BYTES;
use super::error::LoadError;
use super::flow::{self, RepairedText};
use super::node::{Arena, Extent, NodeId, Scalar};
use super::scalar;
use super::source::{Source, Span};
use super::tree::{ParserContext, TreeBuilder, shorten};

/// How much text may be parsed again to repair flow collections, in bytes: a few seconds.
const MOST_REPEATED: usize = 8 * MAX_BYTES;

/// Parses a source that contains one YAML document.
pub(super) fn parse(source: &Source, arena: &mut Arena) -> Result<NodeId, LoadError> {
    let checkpoint = arena.checkpoint();
    let text = source.text();
    let mut text = RepairedText::new(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut repeated = 0;
    loop {
        let (error, flow) = match parse_text(source, &text, arena) {
            Ok(root) => return Ok(root),
            Err(ParseError::Rejected(error)) => return Err(error),
            Err(ParseError::Syntax { error, flow }) => (error, flow),
        };
        let Some(start) = flow else {
            return Err(error);
        };
        // Parsing ended there, and a repair copies the text.
        repeated += start + text.text().len() / 16;
        let is_repaired = repeated <= MOST_REPEATED && text.repair(start, MAX_BYTES);
        if !is_repaired {
            return Err(error);
        }
        arena.rewind(checkpoint);
    }
}

/// Why a text was not parsed.
enum ParseError {
    /// A value has no equivalent in JSON, or is over a limit.
    Rejected(LoadError),
    Syntax {
        error: LoadError,
        /// The offset of the flow collection around the error, in the text without a byte order mark.
        flow: Option<usize>,
    },
}

impl From<LoadError> for ParseError {
    fn from(error: LoadError) -> Self {
        Self::Rejected(error)
    }
}

fn parse_text(
    source: &Source,
    text: &RepairedText<'_>,
    arena: &mut Arena,
) -> Result<NodeId, ParseError> {
    let mut reader = YamlParser {
        cursor: ByteOffsets::new(source, text),
        tree: TreeBuilder::new(source, arena),
        open: Vec::new(),
        anchors: HashMap::new(),
    };
    let mut flow = FlowContext::default();
    for event in Parser::new_from_str(text.text()) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = reader.cursor.offset(error.marker());
                let message = format!("invalid YAML: {}", error.info());
                return Err(ParseError::Syntax {
                    error: LoadError::at(source, at, message),
                    flow: flow.start(&reader.cursor, at),
                });
            }
        };
        let start = reader.cursor.offset(&span.start);
        let end = reader.cursor.offset(&span.end);
        flow.event(&event, &reader.cursor, start, end);
        reader.event(event, Span { start, end })?;
    }
    let root = reader.tree.finish().ok_or_else(|| {
        let message = "the file is empty; a contract starts with `openapi: 3.0.3`";
        LoadError::at(source, 0, message)
    })?;
    Ok(root)
}

/// The flow collection that the parser is in.
#[derive(Default)]
struct FlowContext {
    /// The offset of the outermost one.
    outermost: Option<u32>,
    /// The number of open arrays and objects in the outermost one, with itself.
    depth: usize,
    /// The end of the last event.
    last: u32,
}

impl FlowContext {
    fn event(&mut self, event: &Event<'_>, cursor: &ByteOffsets<'_>, start: u32, end: u32) {
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if self.outermost.is_none() {
                    // Anchors and tags precede the bracket.
                    let bracket = cursor.next_flow(start, end);
                    self.outermost = bracket.filter(|bracket| *bracket <= end);
                }
                self.depth += usize::from(self.outermost.is_some());
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.outermost = None;
                }
            }
            _ => {}
        }
        self.last = self.last.max(end);
    }

    /// The start of the collection around an error: the parser reads a few tokens ahead of its events.
    fn start(&self, cursor: &ByteOffsets<'_>, error: u32) -> Option<usize> {
        let start = self
            .outermost
            .or_else(|| cursor.next_flow(self.last, error));
        start.map(|start| start as usize - cursor.skipped)
    }
}

struct YamlParser<'a> {
    cursor: ByteOffsets<'a>,
    tree: TreeBuilder<'a>,
    /// The anchors of the open arrays and objects; 0 for none.
    open: Vec<usize>,
    /// Anchored values, without those that are still open.
    anchors: HashMap<usize, (NodeId, Extent)>,
}

impl YamlParser<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), LoadError> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) if self.tree.root().is_some() => {
                let message = "a second YAML document starts here; use one document per file";
                Err(self.rejected(span, message))
            }
            Event::DocumentStart(_) => Ok(()),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, tag.as_deref(), anchor, span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.expect_tag(tag.as_deref(), "seq", span)?;
                self.open(span, anchor, false)
            }
            Event::MappingStart(anchor, tag) => {
                self.expect_tag(tag.as_deref(), "map", span)?;
                self.open(span, anchor, true)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        anchor: usize,
        span: Span,
    ) -> Result<(), LoadError> {
        if self.tree.context() == ParserContext::ObjectKey {
            if text == "<<" && style == ScalarStyle::Plain {
                return self.tree.merge_key(span);
            }
            return self.tree.key(text, span);
        }
        let value = match tag {
            Some(tag) => scalar::tagged(text, tag),
            None if style == ScalarStyle::Plain => scalar::plain(text),
            None => Ok(Scalar::String(text.into())),
        };
        let value =
            value.map_err(|why| self.rejected(span, &format!("`{}`: {why}", shorten(text))))?;
        let (id, extent) = self.tree.scalar(span, value)?;
        self.anchor(anchor, id, extent);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), LoadError> {
        let Some(&(id, extent)) = self.anchors.get(&anchor) else {
            let message = "the alias refers to a value that contains it";
            return Err(self.rejected(span, message));
        };
        self.expect_value(span)?;
        self.tree.alias(id, extent, span)
    }

    fn open(&mut self, span: Span, anchor: usize, is_object: bool) -> Result<(), LoadError> {
        self.expect_value(span)?;
        self.tree.open(span, is_object)?;
        self.open.push(anchor);
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), LoadError> {
        let anchor = self.open.pop().unwrap_or(0);
        if let Some((id, extent)) = self.tree.close(span.end)? {
            self.anchor(anchor, id, extent);
        }
        Ok(())
    }

    /// Rejects an array, object or alias as a key.
    fn expect_value(&self, span: Span) -> Result<(), LoadError> {
        if self.tree.context() == ParserContext::ObjectKey {
            return Err(self.rejected(span, "keys must be strings, as in JSON"));
        }
        Ok(())
    }

    /// Rejects a tag that does not match the type of an array or object.
    fn expect_tag(&self, tag: Option<&Tag>, kind: &str, span: Span) -> Result<(), LoadError> {
        match tag {
            Some(tag) if !scalar::is_core(tag, kind) && !scalar::is_non_specific(tag) => {
                let tag = tag.to_string();
                let message = format!(
                    "the tag `{}` has no equivalent in JSON; remove it",
                    shorten(&tag)
                );
                Err(self.rejected(span, &message))
            }
            _ => Ok(()),
        }
    }

    /// Records an anchored value. The parser uses the id 0 for values without an anchor.
    fn anchor(&mut self, anchor: usize, id: NodeId, extent: Extent) {
        if anchor != 0 {
            self.anchors.insert(anchor, (id, extent));
        }
    }

    fn rejected(&self, span: Span, message: &str) -> LoadError {
        LoadError::at(self.tree.source, span.start, message)
    }
}

/// Converts the parser's character indexes in the repaired text to byte offsets in the file. They are nearly in order, so each
/// conversion continues from the last one.
struct ByteOffsets<'a> {
    text: &'a str,
    repaired: &'a RepairedText<'a>,
    is_ascii: bool,
    skipped: usize,
    chars: usize,
    bytes: usize,
}

impl<'a> ByteOffsets<'a> {
    fn new(source: &'a Source, repaired: &'a RepairedText<'a>) -> Self {
        let text = source.text();
        // The parser does not receive the byte order checkpoint.
        let skipped = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let text = &text[skipped..];
        Self {
            text,
            repaired,
            is_ascii: text.is_ascii(),
            skipped,
            chars: 0,
            bytes: 0,
        }
    }

    /// The offset of the flow collection that is the next node after an offset.
    fn next_flow(&self, after: u32, end: u32) -> Option<u32> {
        let [after, end] = [after, end].map(|at| (at as usize).saturating_sub(self.skipped));
        let start = flow::next_start(self.text, after, end)?;
        Some((start + self.skipped) as u32)
    }

    fn offset(&mut self, marker: &Marker) -> u32 {
        let index = self.repaired.index_in_file(marker.index());
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
            .expect_err("it is rejected")
            .to_string()
    }

    #[test]
    fn keys_are_strings_as_written() {
        assert_eq!(
            json("200: a\ntrue: b\n"),
            serde_json::json!({"200": "a", "true": "b"})
        );
    }

    #[test]
    fn aliases_and_merge_keys_are_expanded() {
        let text = "base: &b {x: 1, y: 2}\none: *b\ntwo:\n  <<: *b\n  y: 3\n";
        assert_eq!(
            json(text),
            serde_json::json!({"base": {"x": 1, "y": 2}, "one": {"x": 1, "y": 2}, "two": {"y": 3, "x": 1}})
        );
    }

    #[test]
    fn merged_values_belong_to_the_object_they_are_merged_into() {
        let text = "\
base: &base {x: {y: 1}}
one: {<<: {a: [b]}}
two: {<<: [*base, {c: {d: 2}}, &e {f: 3}], g: *e}
";
        let document = Document::parse("test.yaml", text).expect("it parses");
        for pointer in ["/base/x/y", "/one/a/0", "/two/c/d"] {
            let id = document.at_pointer(pointer).expect(pointer);
            assert_eq!(document.pointer(id), pointer);
        }
        for pointer in ["/two/x", "/two/f", "/two/g"] {
            let id = document.at_pointer(pointer).expect(pointer);
            assert_eq!(
                document.at_pointer(&document.pointer(id)),
                Some(id),
                "{pointer}"
            );
        }
    }

    #[test]
    fn offsets_count_bytes() {
        let text = "a: é\nb: ü\nc: here\n";
        let document = Document::parse("test.yaml", text).expect("it parses");
        let c = document.get(document.root(), "c").expect("c is there");
        assert_eq!(document.source().slice(document.node(c).span), "here");
    }

    #[test]
    fn byte_order_marks_are_skipped() {
        let document = Document::parse("test.yaml", "\u{feff}a: x\n").expect("it parses");
        let a = document.get(document.root(), "a").expect("a is there");
        assert_eq!(document.source().slice(document.node(a).span), "x");
    }

    #[test]
    fn duplicate_keys_name_both_lines() {
        assert_eq!(
            error("a: 1\nb: 2\na: 3\n"),
            "test.yaml:3:1: duplicate key `a`, first used on line 1"
        );
    }

    #[test]
    fn alias_bombs_are_rejected_quickly() {
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
    fn deep_nesting_is_rejected() {
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
    fn deep_nesting_by_aliases_is_rejected() {
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
    fn syntax_errors_have_positions() {
        assert!(
            error("a:\n  - b\n c: d\n").starts_with("test.yaml:3:"),
            "{}",
            error("a:\n  - b\n c: d\n")
        );
    }

    #[test]
    fn aliases_inside_their_own_value_are_rejected() {
        assert!(Document::parse("test.yaml", "a: &a [*a]\n").is_err());
    }

    #[test]
    fn flow_collections_may_have_any_indentation() {
        let one = serde_json::json!({"a": {"b": {"c": "d e"}}, "f": [1]});
        for text in [
            "a:\n  b: {\n    \"c\": \"d e\"\n  }\nf: [1]\n",
            "a:\n  b: {\n  c:\n  d e\n}\nf: [\n1\n]\n",
            "a:\n  b: &x { # }\n\t\"c\": \"d\ne\"\n  }\nf: [\n1]\n",
            "a:\n  b: !!map\n    {c: 'd\ne'\n}\nf: [1]\n",
            "a: {b:{c: d e}}\nf:\n- 1\n",
        ] {
            assert_eq!(json(text), one, "{text}");
        }
        assert_eq!(
            json("- x: {\n    a: 1\n  }\n- y: [\n  1\n  ]\n- [\n  {k:[2]}\n]\n"),
            serde_json::json!([{"x": {"a": 1}}, {"y": [1]}, [{"k": [2]}]])
        );
    }

    #[test]
    fn spans_after_repaired_flow_collections_are_those_of_the_file() {
        let text = "\u{feff}é:\n  ü: {\n  'ö': 1,\n\"b\":\nß\n  }\nlast: {k:[here]}\n";
        let document = Document::parse("test.yaml", text).expect("it parses");
        for (pointer, written) in [
            ("/é/ü/ö", "1"),
            ("/é/ü/b", "ß"),
            ("/last", "{k:[here]}"),
            ("/last/k", "[here]"),
            ("/last/k/0", "here"),
        ] {
            let id = document.at_pointer(pointer).expect(pointer);
            let span = document.node(id).span;
            assert_eq!(document.source().slice(span), written, "{pointer}");
        }
        let last = document.at_pointer("/last/k/0").expect("it exists");
        let start = document.node(last).span.start;
        assert_eq!(document.source().position(start).to_string(), "7:11");
    }

    #[test]
    fn errors_after_repaired_flow_collections_have_their_position() {
        let flow = "a:\n  b: {\n    c: 1\n  }\n";
        for (rest, message) in [
            (
                "a: 2\n",
                "test.yaml:5:1: duplicate key `a`, first used on line 1",
            ),
            ("d: [\n", "test.yaml:6:1: invalid YAML: "),
            ("e: f: g\n", "test.yaml:5:5: invalid YAML: "),
        ] {
            let error = error(&format!("{flow}{rest}"));
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn repairs_take_bounded_time() {
        let text: String = (0..20_000)
            .map(|index| format!("a{index}:\n  b: {{\n    c: 1\n  }}\n"))
            .collect();
        let small: String = text.split_inclusive("  }\n").take(300).collect();
        assert!(Document::parse("test.yaml", small).is_ok());
        let start = std::time::Instant::now();
        // Whether it is repaired does not matter.
        let _ = Document::parse("test.yaml", text);
        assert!(start.elapsed().as_secs() < 60);
    }

    #[test]
    fn empty_files_are_rejected() {
        assert!(error("# only a comment\n").contains("is empty"));
    }

    #[test]
    fn invalid_utf8_names_its_place() {
        let error =
            Document::parse_bytes("test.yaml", b"a: 1\nb: \xff\n".to_vec()).expect_err("rejected");
        assert_eq!(
            error.to_string(),
            "test.yaml:2:4: invalid UTF-8; save the file as UTF-8"
        );
    }
}
