//! A file's text, and places in it.

use std::fmt;

/// A stretch of bytes of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A file's name and text.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// The byte at which each line starts.
    lines: Vec<u32>,
}

impl Source {
    /// A source of this name. The text is no longer than [`super::MAX_BYTES`], so offsets fit.
    pub(super) fn new(name: &str, text: String) -> Self {
        let starts = text
            .bytes()
            .enumerate()
            .filter(|&(_, byte)| byte == b'\n')
            .map(|(index, _)| index as u32 + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Self {
            name: name.to_owned(),
            text,
            lines,
        }
    }

    /// What the file is called in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// Line and column of a byte.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.lines.partition_point(|&start| start <= offset);
        let start = self.lines[line - 1];
        let before = self.slice(Span { start, end: offset });
        Position {
            line: line as u32,
            column: before.chars().count() as u32 + 1,
        }
    }

    /// The byte at which a line starts; lines count from 1.
    pub(super) fn line_start(&self, line: usize) -> u32 {
        let last = self.text.len() as u32;
        self.lines.get(line - 1).copied().unwrap_or(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("x", "a: é€x\nb: 2\n".to_owned());
        let x = source.text().find('x').expect("x is there") as u32;
        assert_eq!(source.position(x).to_string(), "1:6");
        let b = source.text().find('b').expect("b is there") as u32;
        assert_eq!(source.position(b).to_string(), "2:1");
    }
}
