//! Flow collections (`[...]` and `{...}`) that libyaml and go-yaml accept and the parser does not.
//!
//! In a flow collection, indentation has no meaning, but the parser requires that all lines are
//! indented more than the block around it. It also requires a space in `{key: [1]}`, although YAML 1.2
//! does not. Both are repaired by inserting spaces. Offsets in the repaired text are converted to those
//! in the file.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// The text of a file, with spaces inserted in flow collections.
pub(super) struct RepairedText<'a> {
    file: &'a str,
    /// The number of spaces that are inserted before a byte of the file.
    spaces: BTreeMap<usize, usize>,
    text: Cow<'a, str>,
    /// The index of the first character after each insertion, and the number of spaces inserted so
    /// far.
    shifts: Vec<(usize, usize)>,
}

impl<'a> RepairedText<'a> {
    pub(super) fn new(file: &'a str) -> Self {
        Self {
            file,
            spaces: BTreeMap::new(),
            text: file.into(),
            shifts: Vec::new(),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The index in the file of the character at an index in the text.
    pub(super) fn index_in_file(&self, index: usize) -> usize {
        let next = self.shifts.partition_point(|&(end, _)| end <= index);
        let before = |at: usize| self.shifts.get(at).map_or(0, |&(_, spaces)| spaces);
        let shifted = index - next.checked_sub(1).map_or(0, before);
        match self.shifts.get(next) {
            // The index may be in the middle of the next insertion.
            Some(&(end, spaces)) => shifted.min(end - spaces),
            None => shifted,
        }
    }

    /// Repairs the flow collection that starts at a byte of the file. Returns whether it changed, and
    /// stays below a size.
    pub(super) fn repair(&mut self, start: usize, most_bytes: usize) -> bool {
        let Some(insertions) = insertions(self.file, start) else {
            return false;
        };
        let before = self.spaces.len();
        self.spaces.extend(insertions);
        let inserted: usize = self.spaces.values().sum();
        if self.spaces.len() == before || self.file.len() + inserted > most_bytes {
            return false;
        }
        self.rewrite(inserted);
        true
    }

    fn rewrite(&mut self, inserted: usize) {
        let mut text = String::with_capacity(self.file.len() + inserted);
        let (mut copied, mut chars, mut total) = (0, 0, 0);
        self.shifts.clear();
        for (&at, &spaces) in &self.spaces {
            let part = &self.file[copied..at];
            text += part;
            text.extend(std::iter::repeat_n(' ', spaces));
            copied = at;
            chars += part.chars().count() + spaces;
            total += spaces;
            self.shifts.push((chars, total));
        }
        text += &self.file[copied..];
        self.text = text.into();
    }
}

/// The start of the flow collection that is the next node after a byte of the file, before `end`.
pub(super) fn next_start(file: &str, after: usize, end: usize) -> Option<usize> {
    let bytes = file.as_bytes();
    let mut at = after;
    while at <= end {
        let is_followed_by_blank = bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace);
        match bytes.get(at)? {
            b'[' | b'{' => return Some(at),
            b'#' => at = line_end(bytes, at),
            b'&' | b'!' => at = word_end(bytes, at),
            b':' | b'-' | b'?' if is_followed_by_blank => at += 1,
            blank if blank.is_ascii_whitespace() => at += 1,
            _ => return None,
        }
    }
    None
}

/// The spaces to insert in a flow collection, by the byte that they precede; `None` if it has no end.
fn insertions(file: &str, start: usize) -> Option<Vec<(usize, usize)>> {
    let bytes = file.as_bytes();
    let line = bytes[..start].iter().rposition(|&byte| byte == b'\n');
    // More than the indentation of the block around it.
    let column = file[line.map_or(0, |line| line + 1)..start].chars().count() + 1;
    let mut spaces = Vec::new();
    let mut indent = |newline: usize| {
        let line = &bytes[newline + 1..];
        let indented = line.iter().take_while(|&&byte| byte == b' ').count();
        if indented < column {
            spaces.push((newline + 1, column - indented));
        }
    };
    let mut adjacent = Vec::new();
    let (mut depth, mut is_plain, mut at) = (0_usize, false, start);
    loop {
        let follows_blank = at > 0 && bytes[at - 1].is_ascii_whitespace();
        match *bytes.get(at)? {
            b'[' | b'{' => {
                depth += 1;
                is_plain = false;
            }
            b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
                is_plain = false;
            }
            b',' => is_plain = false,
            b'#' if !is_plain || follows_blank => {
                at = line_end(bytes, at);
                continue;
            }
            quote @ (b'"' | b'\'') if !is_plain => {
                let end = quoted_end(bytes, at, quote)?;
                let newlines = (at..end).filter(|&inside| bytes[inside] == b'\n');
                newlines.for_each(&mut indent);
                at = end;
                continue;
            }
            b'&' | b'!' if !is_plain => {
                at = word_end(bytes, at);
                continue;
            }
            b':' => match bytes.get(at + 1) {
                Some(b'[' | b'{') => {
                    if is_plain {
                        adjacent.push((at + 1, 1));
                    }
                    is_plain = false;
                }
                Some(next) if next.is_ascii_whitespace() || b",]}".contains(next) => {
                    is_plain = false;
                }
                _ => {}
            },
            b'\n' => indent(at),
            blank if blank.is_ascii_whitespace() => {}
            _ => is_plain = true,
        }
        at += 1;
    }
    spaces.extend(adjacent);
    Some(spaces)
}

/// The end of the line.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    at + end
}

/// The end of an anchor or a tag.
fn word_end(bytes: &[u8], at: usize) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b",[]{}".contains(byte);
    let rest = &bytes[at..];
    at + rest.iter().position(ends).unwrap_or(rest.len())
}

/// The end of a quoted scalar.
fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text after the repair of its first flow collection.
    fn repaired(text: &str) -> Option<String> {
        let start = text.find(['[', '{'])?;
        let mut repaired = RepairedText::new(text);
        repaired
            .repair(start, 1_000)
            .then(|| repaired.text().to_owned())
    }

    #[test]
    fn lines_are_indented_more_than_the_block() {
        for (text, expected) in [
            (
                "a: [\n1, {\n  b: 2}\n]\n",
                "a: [\n    1, {\n    b: 2}\n    ]\n",
            ),
            (
                "a: [ # ]\n'b\nc''\n]', \"\\\"\n]\"]\nd: [\n1]",
                "a: [ # ]\n    'b\n    c''\n    ]', \"\\\"\n    ]\"]\nd: [\n1]",
            ),
            ("a: [b\n\tc#]\n", "a: [b\n    \tc#]\n"),
        ] {
            assert_eq!(repaired(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn values_next_to_plain_keys_get_a_space() {
        for (text, expected) in [
            ("{a:[1], b:{c: 1}}", Some("{a: [1], b: {c: 1}}")),
            ("{'a':[1], \"b\":{}}", None),
            (
                "{a:b, c: 'd:[', e: f:g, !t h:[1]}",
                Some("{a:b, c: 'd:[', e: f:g, !t h: [1]}"),
            ),
        ] {
            assert_eq!(repaired(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn collections_without_an_end_are_not_repaired() {
        for text in ["a: [\n", "a: {\n'", "a: {\n\"\\", "a: [\n# ]"] {
            assert_eq!(repaired(text), None, "{text}");
        }
    }

    #[test]
    fn large_repairs_are_given_up() {
        let text = format!("{}[{}]", " ".repeat(90), "\n".repeat(10));
        let mut repaired = RepairedText::new(&text);
        assert!(!repaired.repair(90, 1_000));
        assert!(RepairedText::new(&text).repair(90, 1_100));
    }

    #[test]
    fn indexes_are_those_of_the_file() {
        let text = "é: [\né,\n  ü]";
        let mut repaired = RepairedText::new(text);
        assert!(repaired.repair(text.find('[').expect("it is there"), 100));
        let shown: Vec<char> = repaired.text().chars().collect();
        let written: Vec<char> = text.chars().collect();
        for (index, char) in shown.iter().enumerate() {
            let original = written[repaired.index_in_file(index)];
            // An inserted space has the position of what follows it.
            assert!(original == *char || *char == ' ', "{index}");
        }
        assert_eq!(repaired.index_in_file(shown.len()), written.len());
    }
}
