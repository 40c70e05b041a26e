//! Source files and positions in them.

use std::fmt;
use std::sync::OnceLock;

/// A range of bytes of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

/// A line and column.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
pub struct Position {
    /// The line, starting at 1.
    pub line: u32,
    /// The column in characters, starting at 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The name and text of a file.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Computed when the first position is requested.
    lines: OnceLock<Lines>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text) == (&other.name, &other.text)
    }
}

impl Eq for Source {}

/// Tables to convert offsets to lines and columns.
#[derive(Debug)]
struct Lines {
    /// The offset of each line.
    starts: Vec<u32>,
    /// The number of characters before each block of [`BLOCK`] bytes; empty if the text is ASCII.
    characters: Vec<u32>,
}

/// A file can consist of one long line, so characters are counted per block instead of from the
/// start of the line.
const BLOCK: usize = 1024;

impl Source {
    /// Creates a source. The text must not be longer than [`super::MAX_BYTES`].
    pub(crate) fn new(name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            text,
            lines: OnceLock::new(),
        }
    }

    /// The name of the file in messages.
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

    /// The position of a byte.
    pub fn position(&self, offset: u32) -> Position {
        let lines = self.lines();
        let line = lines.starts.partition_point(|&start| start <= offset);
        let start = lines.starts[line - 1];
        Position {
            line: line as u32,
            column: self.characters(offset) - self.characters(start) + 1,
        }
    }

    /// The number of characters before a byte.
    fn characters(&self, offset: u32) -> u32 {
        let offset = (offset as usize).min(self.text.len());
        match self.lines().characters.get(offset / BLOCK) {
            None => offset as u32,
            Some(before) => {
                before + starts_of_characters(&self.text.as_bytes()[offset / BLOCK * BLOCK..offset])
            }
        }
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate();
            let ends = ends.filter(|&(_, byte)| byte == b'\n');
            let starts = ends.map(|(index, _)| index as u32 + 1);
            let mut characters = Vec::new();
            if !self.text.is_ascii() {
                let mut count = 0;
                for block in self.text.as_bytes().chunks(BLOCK) {
                    characters.push(count);
                    count += starts_of_characters(block);
                }
                // The end of the text may be the start of a block.
                characters.push(count);
            }
            Lines {
                starts: std::iter::once(0).chain(starts).collect(),
                characters,
            }
        })
    }
}

/// The number of UTF-8 characters that start in these bytes.
fn starts_of_characters(bytes: &[u8]) -> u32 {
    let starts = bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80);
    starts.count() as u32
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

    #[test]
    fn columns_are_counted_across_blocks() {
        let text = "é".repeat(3_000);
        let source = Source::new("x", text);
        for column in [1, 512, 513, 2_000, 3_001] {
            assert_eq!(source.position((column - 1) * 2).column, column);
        }
    }
}
