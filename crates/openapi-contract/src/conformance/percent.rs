//! Percent-encoded text.

use percent_encoding::percent_decode_str;

/// How text is written in a part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PercentCoding {
    /// Percent-encoded, and `+` is a space: queries and forms.
    Form,
    /// Percent-encoded: paths and cookies.
    Percent,
    /// As it is, with space around it that means nothing: headers.
    Plain,
}

impl PercentCoding {
    /// The text that is meant.
    pub(super) fn decode(self, text: &str) -> String {
        match self {
            Self::Form => decode(&text.replace('+', " ")),
            Self::Percent => decode(text),
            Self::Plain => text.trim().to_owned(),
        }
    }
}

/// Percent-encoded text as what it means. A `%` that begins nothing stands for itself, and what is no
/// UTF-8 is replaced.
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
