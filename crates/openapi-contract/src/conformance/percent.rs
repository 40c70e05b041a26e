//! Percent encoding.

use percent_encoding::percent_decode_str;

/// How a part of a request is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PercentCoding {
    /// Percent-encoded, and `+` is a space: queries and forms.
    Form,
    /// Percent-encoded: paths and cookies.
    Percent,
    /// Not encoded, with insignificant whitespace around it: headers.
    Plain,
}

impl PercentCoding {
    /// Decodes the text.
    pub(super) fn decode(self, text: &str) -> String {
        match self {
            Self::Form => decode(&text.replace('+', " ")),
            Self::Percent => decode(text),
            Self::Plain => text.trim().to_owned(),
        }
    }
}

/// Decodes percent-encoded text. A `%` without two hex digits is kept, and invalid UTF-8 is
/// replaced.
pub(super) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded() {
        for (text, expected) in [
            ("a%20b+c", "a b+c"),
            ("%C3%a4", "ä"),
            ("100%", "100%"),
            ("%zz%4", "%zz%4"),
            ("%ff", "\u{fffd}"),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
        assert_eq!(PercentCoding::Form.decode("a+b%2B"), "a b+");
    }
}
