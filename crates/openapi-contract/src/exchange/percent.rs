//! Percent-encoded text.

/// How text is written in a part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Percent-encoded, and `+` is a space: queries and forms.
    Form,
    /// Percent-encoded: paths and cookies.
    Percent,
    /// As it is, with space around it that means nothing: headers.
    Plain,
}

impl Coding {
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
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digit = |index| bytes.get(index).and_then(|&digit| hex(digit));
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(high << 4 | low);
                at += 3;
            }
            _ => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    match String::from_utf8(decoded) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
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
        assert_eq!(Coding::Form.decode("a+b%2B"), "a b+");
    }
}
