//! Escapes for characters that mislead a reader or control a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character is invisible, or controls the output. Line feed and tab are among them: callers
/// that keep them split the text first.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // Direction marks, embeddings, overrides and isolates.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Characters without width: zero-width space, word joiner, byte order mark, tags.
            | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
            // Line and paragraph separator.
            | '\u{2028}' | '\u{2029}'
            // Noncharacters, which are forbidden in XML.
            | '\u{fffe}' | '\u{ffff}'
        )
}

/// The text in one line, with escapes for control characters: `\n`, `\u{1b}`, `\u{202e}`.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_control(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// The text with escapes for control characters other than line feeds.
pub(super) fn visible_lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.lines().map(visible).collect();
    lines.join("\n")
}

/// The text with each control character replaced by one other, so that columns stay the same.
pub(super) fn visible_in_place(text: &str) -> String {
    let replaced = |character| match character {
        '\t' => '\t',
        _ if is_control(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    };
    text.chars().map(replaced).collect()
}

/// JSON with these characters escaped inside strings: the same value, safe to print.
pub(super) fn visible_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        // Outside of strings there is only ASCII, and line feeds of the layout.
        if character == '\n' || !is_control(character) {
            shown.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(shown, "\\u{unit:04x}").expect("writing to a string does not fail");
        }
    }
    shown
}

/// The start of the text, with three dots if it is cut.
pub(super) fn shortened(text: &str, max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(
            visible("a\u{1b}[31m\n\u{202e}b"),
            "a\\u{1b}[31m\\n\\u{202e}b"
        );
    }

    #[test]
    fn letters_of_any_script_are_unchanged() {
        let text = "größe 名 مرحبا 👩\u{200d}🚀";
        assert_eq!(visible(text), text);
    }

    #[test]
    fn escaped_json_has_the_same_value() {
        let value = serde_json::json!({"\u{9b}31m": "\u{e0041}\u{7f}\u{202e}\n"});
        let shown = visible_json(&value.to_string());
        assert!(shown.is_ascii());
        let read: serde_json::Value = serde_json::from_str(&shown).expect("the JSON is valid");
        assert_eq!(read, value);
    }
}
