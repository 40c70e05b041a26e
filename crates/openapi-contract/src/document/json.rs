//! The JSON parser (RFC 8259).
//!
//! It parses the structure. serde_json decodes numbers, and strings with escapes.

use std::borrow::Cow;

use serde_json::Number;

use super::error::LoadError;
use super::node::{Arena, NodeId, Scalar};
use super::source::{Source, Span};
use super::tree::{ParserContext, TreeBuilder};

/// Errors of the JSON parser.
pub(super) enum JsonError {
    /// The text is not JSON. It may be YAML.
    NotJson(LoadError),
    /// The text is JSON, but exceeds a limit or has a duplicate key.
    Rejected(LoadError),
}

impl From<LoadError> for JsonError {
    fn from(error: LoadError) -> Self {
        Self::Rejected(error)
    }
}

/// Whether a text looks like JSON. JSON objects and arrays start with these characters, which is
/// rare in YAML.
pub(super) fn is_likely(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.trim_start().starts_with(['{', '['])
}

/// Parses a source that contains one JSON value.
pub(super) fn parse(source: &Source, arena: &mut Arena) -> Result<NodeId, JsonError> {
    let text = source.text();
    let mut reader = JsonParser {
        text,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        tree: TreeBuilder::new(source, arena),
    };
    reader.skip_space();
    loop {
        let is_complete = reader.value()?;
        if is_complete && !reader.continues()? {
            break;
        }
    }
    reader.skip_space();
    match reader.tree.root() {
        Some(root) if reader.at == text.len() => Ok(root),
        _ => Err(reader.expected("the end of the file")),
    }
}

struct JsonParser<'a> {
    text: &'a str,
    at: usize,
    tree: TreeBuilder<'a>,
}

impl<'a> JsonParser<'a> {
    /// Parses a value, or the start of an array or object up to its first value. Returns whether
    /// the value is complete.
    fn value(&mut self) -> Result<bool, JsonError> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => return self.open(true, b'}'),
            Some(b'[') => return self.open(false, b']'),
            Some(b'"') => Scalar::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Scalar::Number(self.number()?),
            Some(b't') => self.literal("true", Scalar::Bool(true))?,
            Some(b'f') => self.literal("false", Scalar::Bool(false))?,
            Some(b'n') => self.literal("null", Scalar::Null)?,
            _ => return Err(self.expected("a value")),
        };
        self.tree.scalar(self.span(start), value)?;
        Ok(true)
    }

    fn open(&mut self, is_object: bool, end: u8) -> Result<bool, JsonError> {
        let start = self.at;
        self.at += 1;
        self.tree.open(self.span(start), is_object)?;
        self.skip_space();
        if self.peek() == Some(end) {
            self.close()?;
            return Ok(true);
        }
        if is_object {
            self.key()?;
        }
        Ok(false)
    }

    fn close(&mut self) -> Result<(), LoadError> {
        self.at += 1;
        self.tree.close(self.at as u32).map(drop)
    }

    /// Continues after a complete value up to the next one; false at the end.
    fn continues(&mut self) -> Result<bool, JsonError> {
        loop {
            let is_object = match self.tree.context() {
                ParserContext::Nothing => return Ok(false),
                ParserContext::Array => false,
                ParserContext::ObjectKey | ParserContext::ObjectValue => true,
            };
            self.skip_space();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.skip_space();
                    if is_object {
                        self.key()?;
                    }
                    return Ok(true);
                }
                Some(b'}') if is_object => self.close()?,
                Some(b']') if !is_object => self.close()?,
                _ if is_object => return Err(self.expected("`,` or `}`")),
                _ => return Err(self.expected("`,` or `]`")),
            }
        }
    }

    /// Parses a key and the colon after it.
    fn key(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key in double quotes"));
        }
        let key = self.string()?;
        self.tree.key(&key, self.span(start))?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    /// Parses a string that starts at `at`.
    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        let start = self.at;
        let mut has_escapes = false;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    self.at += 2;
                }
                Some(0..=0x1f) => {
                    let message =
                        "unescaped control character in a string; escape it, such as `\\n`";
                    return Err(self.error_at(self.at, message));
                }
                Some(_) => self.at += 1,
                None => return Err(self.error_at(start, "unterminated string")),
            }
        }
        self.at += 1;
        if !has_escapes {
            return Ok(Cow::Borrowed(&self.text[start + 1..self.at - 1]));
        }
        serde_json::from_str(&self.text[start..self.at])
            .map(Cow::Owned)
            .map_err(|error| self.decoding(start, &error))
    }

    fn number(&mut self) -> Result<Number, JsonError> {
        let start = self.at;
        while let Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        serde_json::from_str(text).map_err(|error| self.decoding(start, &error))
    }

    fn literal(&mut self, text: &str, value: Scalar<'a>) -> Result<Scalar<'a>, JsonError> {
        if !self.text.as_bytes()[self.at..].starts_with(text.as_bytes()) {
            return Err(self.expected("a value"));
        }
        self.at += text.len();
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn span(&self, start: usize) -> Span {
        Span {
            start: start as u32,
            end: self.at as u32,
        }
    }

    fn expected(&self, what: &str) -> JsonError {
        let found = match self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            Some(found) if found.is_control() => format!("`{}`", found.escape_default()),
            Some(found) => format!("`{found}`"),
            None => "the end of the file".to_owned(),
        };
        self.error_at(self.at, &format!("expected {what}, found {found}"))
    }

    /// The error of serde_json for a string or number that starts at `start`.
    fn decoding(&self, start: usize, error: &serde_json::Error) -> JsonError {
        let message = error.to_string();
        let what = message.split(" at line ").next().unwrap_or_default();
        self.error_at(start + error.column().saturating_sub(1), what)
    }

    fn error_at(&self, at: usize, what: &str) -> JsonError {
        let at = at.min(self.text.len()) as u32;
        let message = format!("invalid JSON: {what}");
        JsonError::NotJson(LoadError::at(self.tree.source, at, message))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use crate::document::Document;

    fn json(text: &str) -> serde_json::Value {
        let document = Document::parse("test.json", text).expect("it parses");
        document.to_json(document.root())
    }

    fn error(text: &str) -> String {
        let error = Document::parse("test.json", text).expect_err("it is rejected");
        error.to_string()
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(
            json(r#"{"\u0061\/": "\ud83d\ude00\t"}"#),
            json!({"a/": "😀\t"})
        );
    }

    #[test]
    fn merge_keys_have_no_meaning_in_json() {
        assert_eq!(json(r#"{"<<": {"a": 1}}"#), json!({"<<": {"a": 1}}));
    }

    #[test]
    fn values_have_spans_and_pointers() {
        let text = "{\"é\": [1, {\"b\": \"here\"}]}";
        let document = Document::parse("test.json", text).expect("it parses");
        let here = document.at_pointer("/é/1/b").expect("it is there");
        let span = document.node(here).span;
        assert_eq!(document.source().slice(span), "\"here\"");
        assert_eq!(document.pointer(here), "/é/1/b");
        assert_eq!(document.source().position(span.start).to_string(), "1:17");
    }

    #[test]
    fn errors_have_positions() {
        insta::assert_snapshot!(
            [
                "{\"a\": 1,}",
                "{\"a\": 1 \"b\": 2}",
                "{\"a\"; 1}",
                "{\n  a: 1\n}",
                "[1, 2",
                "[1 2]",
                "{\"a\": \"no end}",
                "{\"a\": \"tab\there\"}",
                "{\"a\": \"\\x\"}",
                "{\"a\": \"\\ud83d\"}",
                "{\"a\": 01}",
                "{\"a\": 1e999}",
                "{\"a\": tru}",
                "{\"a\": 1} x",
                "{\"a\": 1, \"b\": 2,\n \"a\": 3}",
                "{\"a\": \"\\",
            ]
            .map(error)
            .join("\n"),
            @r#"
        test.json:1:9: invalid JSON: expected a key in double quotes, found `}`
        test.json:1:9: invalid JSON: expected `,` or `}`, found `"`
        test.json:1:5: invalid JSON: expected `:`, found `;`
        test.json:2:3: invalid JSON: expected a key in double quotes, found `a`
        test.json:1:6: invalid JSON: expected `,` or `]`, found the end of the file
        test.json:1:4: invalid JSON: expected `,` or `]`, found `2`
        test.json:1:7: invalid JSON: unterminated string
        test.json:1:11: invalid JSON: unescaped control character in a string; escape it, such as `\n`
        test.json:1:9: invalid JSON: invalid escape
        test.json:1:14: invalid JSON: unexpected end of hex escape
        test.json:1:8: invalid JSON: invalid number
        test.json:1:11: invalid JSON: number out of range
        test.json:1:7: invalid JSON: expected a value, found `t`
        test.json:1:10: invalid JSON: expected the end of the file, found `x`
        test.json:2:2: duplicate key `a`, first used on line 1
        test.json:1:7: invalid JSON: unterminated string
        "#
        );
    }

    #[test]
    fn yaml_flow_mappings_are_parsed_as_yaml() {
        let document = Document::parse("test.yaml", "{a: 1, b: [x, y]}").expect("it is YAML");
        assert_eq!(
            document.to_json(document.root()),
            json!({"a": 1, "b": ["x", "y"]})
        );
    }

    /// Strings that are almost JSON.
    fn texts() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"", "\\", "\\u00", "\\n", "0", "1",
            "-", ".5", "e3", "true", "null", " ", "\n", "é", "\u{1}",
        ]);
        prop::collection::vec(pieces, 0..20).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_reads(inner in texts()) {
            let text = format!("[{inner}]");
            let theirs: Option<serde_json::Value> = serde_json::from_str(&text).ok();
            let ours = Document::parse("test.json", text.as_str());
            match ours {
                Ok(document) => prop_assert_eq!(Some(document.to_json(document.root())), theirs),
                // serde_json uses the last of two properties with one key.
                Err(error) => prop_assert!(theirs.is_none() || error.message().contains("duplicate key")),
            }
        }
    }
}
