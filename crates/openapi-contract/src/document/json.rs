//! From the text of a JSON file (RFC 8259) to nodes.
//!
//! Only the structure is read here: serde_json decodes strings with escapes, and numbers.

use std::borrow::Cow;

use serde_json::Number;

use super::error::LoadError;
use super::node::{Arena, NodeId, Scalar};
use super::source::{Source, Span};
use super::tree::{ParserContext, TreeBuilder};

/// Why a text was not read as JSON.
pub(super) enum JsonError {
    /// It is none. It may still be YAML.
    NotJson(LoadError),
    /// It is, but not one that can be a contract.
    Rejected(LoadError),
}

impl From<LoadError> for JsonError {
    fn from(error: LoadError) -> Self {
        Self::Rejected(error)
    }
}

/// Whether a text looks like JSON: JSON's arrays and objects start with these, and little YAML does.
pub(super) fn is_likely(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.trim_start().starts_with(['{', '['])
}

/// Parses a source that holds one JSON value.
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
        if is_complete && !reader.go_on()? {
            break;
        }
    }
    reader.skip_space();
    match reader.tree.root() {
        Some(root) if reader.at == text.len() => Ok(root),
        _ => Err(reader.expected("the end of the file behind the outermost value")),
    }
}

struct JsonParser<'a> {
    text: &'a str,
    at: usize,
    tree: TreeBuilder<'a>,
}

impl<'a> JsonParser<'a> {
    /// Reads a value, or the start of an array or object up to its first value; whether the value is
    /// complete.
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

    /// Reads on behind a complete value, to the next one; false where there is none.
    fn go_on(&mut self) -> Result<bool, JsonError> {
        loop {
            let is_object = match self.tree.inside() {
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
                _ if is_object => return Err(self.expected("`,` or `}` behind a member")),
                _ => return Err(self.expected("`,` or `]` behind an element")),
            }
        }
    }

    /// Reads a key and the colon behind it.
    fn key(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key in double quotes"));
        }
        let key = self.string()?;
        self.tree.key(&key, self.span(start))?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:` behind a key"));
        }
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    /// Reads a string; `at` is on its first quote.
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
                    let message = "a control character in a string must be escaped, as in `\\n`";
                    return Err(self.wrong(self.at, message));
                }
                Some(_) => self.at += 1,
                None => return Err(self.wrong(start, "this string has no end")),
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
        self.wrong(self.at, &format!("expected {what}, found {found}"))
    }

    /// What serde_json says about a string or number that starts at `start`, without its own place.
    fn decoding(&self, start: usize, error: &serde_json::Error) -> JsonError {
        let message = error.to_string();
        let what = message.split(" at line ").next().unwrap_or_default();
        self.wrong(start + error.column().saturating_sub(1), what)
    }

    fn wrong(&self, at: usize, what: &str) -> JsonError {
        let at = at.min(self.text.len()) as u32;
        let message = format!("this is not valid JSON: {what}");
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
        let error = Document::parse("test.json", text).expect_err("it is refused");
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
    fn the_merge_key_is_an_ordinary_one() {
        assert_eq!(json(r#"{"<<": {"a": 1}}"#), json!({"<<": {"a": 1}}));
    }

    #[test]
    fn spans_and_pointers_are_those_of_the_text() {
        let text = "{\"é\": [1, {\"b\": \"here\"}]}";
        let document = Document::parse("test.json", text).expect("it parses");
        let here = document.at_pointer("/é/1/b").expect("it is there");
        let span = document.node(here).span;
        assert_eq!(document.source().slice(span), "\"here\"");
        assert_eq!(document.pointer(here), "/é/1/b");
        assert_eq!(document.source().position(span.start).to_string(), "1:17");
    }

    #[test]
    fn what_is_wrong_has_a_place() {
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
        test.json:1:9: this is not valid JSON: expected a key in double quotes, found `}`
        test.json:1:9: this is not valid JSON: expected `,` or `}` behind a member, found `"`
        test.json:1:5: this is not valid JSON: expected `:` behind a key, found `;`
        test.json:2:3: this is not valid JSON: expected a key in double quotes, found `a`
        test.json:1:6: this is not valid JSON: expected `,` or `]` behind an element, found the end of the file
        test.json:1:4: this is not valid JSON: expected `,` or `]` behind an element, found `2`
        test.json:1:7: this is not valid JSON: this string has no end
        test.json:1:11: this is not valid JSON: a control character in a string must be escaped, as in `\n`
        test.json:1:9: this is not valid JSON: invalid escape
        test.json:1:14: this is not valid JSON: unexpected end of hex escape
        test.json:1:8: this is not valid JSON: invalid number
        test.json:1:11: this is not valid JSON: number out of range
        test.json:1:7: this is not valid JSON: expected a value, found `t`
        test.json:1:10: this is not valid JSON: expected the end of the file behind the outermost value, found `x`
        test.json:2:2: the key `a` is already on line 1: keep one of them
        test.json:1:7: this is not valid JSON: this string has no end
        "#
        );
    }

    #[test]
    fn a_flow_mapping_of_yaml_is_no_json() {
        let document = Document::parse("test.yaml", "{a: 1, b: [x, y]}").expect("it is YAML");
        assert_eq!(
            document.to_json(document.root()),
            json!({"a": 1, "b": ["x", "y"]})
        );
    }

    /// Texts that are nearly JSON.
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
                // serde_json takes the last of two members with one key.
                Err(error) => prop_assert!(theirs.is_none() || error.message().contains("is already on")),
            }
        }
    }
}
