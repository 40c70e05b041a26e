//! Text from findings in HTML.

use crate::report::sanitize::{visible, visible_lines};

/// Text in one line, for elements and for attributes in double quotes.
pub(super) fn text(text: &str) -> String {
    escaped(&visible(text))
}

/// Text with several lines.
pub(super) fn lines(text: &str) -> String {
    escaped(&visible_lines(text))
}

/// A sentence in which text between backticks is code.
pub(super) fn prose(sentence: &str) -> String {
    let parts: Vec<&str> = sentence.split('`').collect();
    let mut html = String::new();
    for (index, part) in parts.iter().enumerate() {
        let is_code = index % 2 == 1;
        let part = text(part);
        match (is_code, index + 1 < parts.len()) {
            (true, true) => html += &format!("<code>{part}</code>"),
            (true, false) => html += &format!("`{part}"),
            (false, _) => html += &part,
        }
    }
    html
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            '\'' => html += "&#39;",
            _ => html.push(character),
        }
    }
    html
}
