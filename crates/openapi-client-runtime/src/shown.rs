//! Texts in messages and `Debug` output.

use std::fmt;

/// The longest message that `Display` includes, in characters.
const LONGEST_MESSAGE: usize = 300;

/// The length of a body in `Debug` output, in characters.
const LONGEST_BODY: usize = 200;

/// A message on one line of limited length.
pub(crate) struct OneLine<'a>(pub(crate) &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(LONGEST_MESSAGE) {
            let shown = if character.is_control() {
                ' '
            } else {
                character
            };
            write!(f, "{shown}")?;
        }
        match characters.next() {
            Some(_) => f.write_str("…"),
            None => Ok(()),
        }
    }
}

/// Returns the start of a body.
pub(crate) fn shortened(body: &[u8]) -> String {
    // No character has more than four bytes.
    let start = body.get(..4 * LONGEST_BODY).unwrap_or(body);
    let text = String::from_utf8_lossy(start);
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(LONGEST_BODY).collect();
    if start.len() < body.len() || characters.next().is_some() {
        shown.push('…');
    }
    shown
}
