//! The lines of a document around a place.

use super::sanitize::visible_in_place;
use crate::document::Source;
use crate::finding::Location;

/// The most characters that are shown of a part of a line.
const MOST: usize = 120;

/// What stands where something is left out.
const LEFT_OUT: char = '\u{2026}';

/// A line that people see, in parts. A line without the place has all of it in `before`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// The line's number, from 1.
    pub(super) number: usize,
    /// What stands before the place.
    pub(super) before: String,
    /// The place itself.
    pub(super) marked: String,
    /// What stands behind it.
    pub(super) after: String,
}

/// The text of the line that a place starts in, and the bytes of the place in it. What goes on in
/// further lines is cut off: the beginning is enough to see which one is meant.
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

/// The line of a place with `context` lines on both sides, without the indentation that all of
/// them have.
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
    match text.char_indices().nth(MOST) {
        Some((end, _)) => visible_in_place(&text[..end]) + &LEFT_OUT.to_string(),
        None => visible_in_place(text),
    }
}

fn ending(text: &str) -> String {
    match text.char_indices().rev().nth(MOST) {
        Some((at, character)) => {
            let kept = visible_in_place(&text[at + character.len_utf8()..]);
            format!("{LEFT_OUT}{kept}")
        }
        None => visible_in_place(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    /// The lines around `/a/b`, the place between brackets.
    fn shown(text: &str, context: usize) -> Vec<String> {
        let document = Document::parse("x.yaml", text).expect("it is YAML");
        let node = document.at_pointer("/a/b").expect("it has the value");
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
    fn the_place_is_marked_among_its_neighbours() {
        let lines = shown("a:\n  x: 1\n  b: 2\n  y: 3\n", 1);
        assert_eq!(lines, ["2 x: 1[]", "3 [b: 2]", "4 y: 3[]"]);
    }

    #[test]
    fn there_may_be_no_neighbours() {
        assert_eq!(shown("a: {b: 2}", 3), ["1 a: {[b: 2]}"]);
    }

    #[test]
    fn only_the_first_line_of_a_place_is_marked() {
        let lines = shown("a:\r\n  b: |\r\n    one\r\n    two\r\n", 1);
        assert_eq!(lines, ["1 a:[]", "2   [b: |]", "3     one[]"]);
    }

    #[test]
    fn a_long_line_is_shown_around_the_place() {
        let long = "x".repeat(5_000);
        let lines = shown(&format!("a: {{c: {long}, b: 2, d: {long}}}"), 0);
        let [line] = &lines[..] else {
            panic!("it is one line: {lines:?}");
        };
        assert!(line.starts_with("1 \u{2026}x"), "{line}");
        assert!(line.contains("x, [b: 2], d: x"), "{line}");
        assert!(line.ends_with("x\u{2026}"), "{line}");
        assert!(line.chars().count() < 300);
    }

    #[test]
    fn what_acts_is_replaced_one_for_one() {
        let lines = shown("a: {\u{202e}c: 1, b: \"\u{2066}2\"}", 0);
        assert_eq!(lines, ["1 a: {\u{fffd}c: 1, [b: \"\u{fffd}2\"]}"]);
    }
}
