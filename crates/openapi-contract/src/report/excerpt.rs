//! The lines of a document around a location.

use super::sanitize::visible_in_place;
use crate::document::Source;
use crate::finding::Location;

/// The maximum number of characters of a part of a line.
const MAX_PART: usize = 120;

/// Shown where text is cut.
const ELLIPSIS: char = '\u{2026}';

/// A line in three parts. A line without the location is all in `before`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// The line's number, from 1.
    pub(super) number: usize,
    /// The text before the location.
    pub(super) before: String,
    /// The text of the location.
    pub(super) marked: String,
    /// The text after the location.
    pub(super) after: String,
}

/// The line in which a location starts, and the start and end of the location in it. Of a location
/// with several lines, only the first is included.
pub(super) fn line<'s>(source: &'s Source, location: &Location) -> (&'s str, usize, usize) {
    let text = source.text();
    let start = location.span.start as usize;
    let head = text.get(..start).unwrap_or_default();
    let tail = text.get(start..).unwrap_or_default();
    let line_start = head.rfind('\n').map_or(0, |at| at + 1);
    let rest = tail.split('\n').next().unwrap_or_default();
    let rest = rest.trim_end_matches('\r');
    let line = text
        .get(line_start..head.len() + rest.len())
        .unwrap_or_default();
    let from = head.len() - line_start;
    let length = (location.span.end as usize).saturating_sub(start);
    let whole = rest.get(..length).unwrap_or(rest);
    (line, from, from + whole.len())
}

/// The line of a location with `context` lines before and after it, without their common
/// indentation.
pub(super) fn excerpt(source: &Source, location: &Location, context: usize) -> Vec<Line> {
    let (line, start, end) = line(source, location);
    let number = location.position.line as usize;
    let first = (location.span.start as usize).saturating_sub(start);
    let text = source.text();
    let above = text.get(..first).unwrap_or_default();
    let mut lines: Vec<(usize, &str)> = above
        .strip_suffix('\n')
        .map(|above| {
            let above = above.rsplit('\n').take(context);
            above.enumerate().map(|(at, line)| (number - at - 1, line))
        })
        .into_iter()
        .flatten()
        .collect();
    lines.reverse();
    lines.push((number, line));
    let below = text.get(first..).unwrap_or_default().lines().skip(1);
    lines.extend(
        below
            .take(context)
            .zip(number + 1..)
            .map(|(line, at)| (at, line)),
    );

    let indentation = lines
        .iter()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(_, line)| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or_default();
    let shown = lines.into_iter().map(|(at, line)| {
        let dedented = line.get(indentation..).unwrap_or_default();
        if at != number {
            return Line {
                number: at,
                before: beginning(dedented.trim_end()),
                ..Line::default()
            };
        }
        Line {
            number: at,
            before: ending(line.get(indentation.min(start)..start).unwrap_or_default()),
            marked: beginning(&line[start..end]),
            after: beginning(&line[end..]),
        }
    });
    shown.collect()
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(MAX_PART) {
        Some((end, _)) => visible_in_place(&text[..end]) + &ELLIPSIS.to_string(),
        None => visible_in_place(text),
    }
}

fn ending(text: &str) -> String {
    match text.char_indices().rev().nth(MAX_PART) {
        Some((at, character)) => {
            let kept = visible_in_place(&text[at + character.len_utf8()..]);
            format!("{ELLIPSIS}{kept}")
        }
        None => visible_in_place(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    /// The lines around `/a/b`, with the location in brackets.
    fn shown(text: &str, context: usize) -> Vec<String> {
        let document = Document::parse("x.yaml", text).expect("the YAML is valid");
        let node = document.at_pointer("/a/b").expect("the value exists");
        let location = Location::new(&document, node, None);
        let lines = excerpt(document.source(), &location, context);
        let shown = lines.iter().map(|line| {
            let Line {
                number,
                before,
                marked,
                after,
            } = line;
            format!("{number} {before}[{marked}]{after}")
        });
        shown.collect()
    }

    #[test]
    fn location_is_marked_in_its_context() {
        let lines = shown("a:\n  x: 1\n  b: 2\n  y: 3\n", 1);
        assert_eq!(lines, ["2 x: 1[]", "3 [b: 2]", "4 y: 3[]"]);
    }

    #[test]
    fn context_may_be_empty() {
        assert_eq!(shown("a: {b: 2}", 3), ["1 a: {[b: 2]}"]);
    }

    #[test]
    fn only_first_line_of_location_is_marked() {
        let lines = shown("a:\r\n  b: |\r\n    one\r\n    two\r\n", 1);
        assert_eq!(lines, ["1 a:[]", "2   [b: |]", "3     one[]"]);
    }

    #[test]
    fn long_line_is_cut_around_the_location() {
        let long = "x".repeat(5_000);
        let lines = shown(&format!("a: {{c: {long}, b: 2, d: {long}}}"), 0);
        let [line] = &lines[..] else {
            panic!("expected one line: {lines:?}");
        };
        assert!(line.starts_with("1 \u{2026}x"), "{line}");
        assert!(line.contains("x, [b: 2], d: x"), "{line}");
        assert!(line.ends_with("x\u{2026}"), "{line}");
        assert!(line.chars().count() < 300);
    }

    #[test]
    fn control_characters_are_replaced_one_for_one() {
        let lines = shown("a: {\u{202e}c: 1, b: \"\u{2066}2\"}", 0);
        assert_eq!(lines, ["1 a: {\u{fffd}c: 1, [b: \"\u{fffd}2\"]}"]);
    }
}
