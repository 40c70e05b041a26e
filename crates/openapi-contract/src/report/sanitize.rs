//! Characters that deceive a reader or drive a terminal, shown by their code.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character does something instead of being seen. Line feed and tab are among them:
/// where they are meant, their reader splits by them first.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // Direction marks, embeddings, overrides and isolates.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // What takes no room: zero-width space, word joiner, byte order mark, tags.
            | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
            // Line and paragraph separator.
            | '\u{2028}' | '\u{2029}'
            // No characters at all, and forbidden in XML.
            | '\u{fffe}' | '\u{ffff}'
        )
}

/// The text in one line in which everything is seen: `\n`, `\u{1b}`, `\u{202e}`.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if acts(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// The same for text of several lines.
pub(super) fn visible_lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.lines().map(visible).collect();
    lines.join("\n")
}

/// The same, with one character for one, so that columns stay what they are.
pub(super) fn visible_in_place(text: &str) -> String {
    let seen = |character| match character {
        '\t' => '\t',
        _ if acts(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    };
    text.chars().map(seen).collect()
}

/// JSON in which these characters are escaped inside of strings: the same value, safe to print.
pub(super) fn visible_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        // Outside of strings there is nothing but ASCII, and line feeds from the layout.
        if character == '\n' || !acts(character) {
            shown.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(shown, "\\u{unit:04x}").expect("writing to a string does not fail");
        }
    }
    shown
}

/// The text's beginning, with three dots where something is left out.
pub(super) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_by_its_code() {
        assert_eq!(
            visible("a\u{1b}[31m\n\u{202e}b"),
            "a\\u{1b}[31m\\n\\u{202e}b"
        );
    }

    #[test]
    fn letters_of_any_script_stay() {
        let text = "größe 名 مرحبا 👩\u{200d}🚀";
        assert_eq!(visible(text), text);
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({"\u{9b}31m": "\u{e0041}\u{7f}\u{202e}\n"});
        let shown = visible_json(&value.to_string());
        assert!(shown.is_ascii());
        let read: serde_json::Value = serde_json::from_str(&shown).expect("it is JSON");
        assert_eq!(read, value);
    }
}
