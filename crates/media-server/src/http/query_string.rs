//! Splits query strings into names and values, and decodes them strictly: invalid encoding is an error.

/// A name and its value, still encoded.
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
}

/// The pairs of a query string in order. A name without `=` has an empty value.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = Pair<'_>> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Pair { name, value }
        })
}

/// Decodes percent-encoding and `+`. `None` if an escape is incomplete or the bytes are not UTF-8.
pub(crate) fn decode(encoded: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match first {
            b'+' => decoded.push(b' '),
            b'%' => {
                let [high, low, tail @ ..] = rest else {
                    return None;
                };
                decoded.push(digit(*high)? << 4 | digit(*low)?);
                rest = tail;
            }
            other => decoded.push(*other),
        }
    }
    String::from_utf8(decoded).ok()
}

fn digit(byte: u8) -> Option<u8> {
    // A hexadecimal digit is less than 16.
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(decode("%69m+age%C3%A9"), Some("im ageé".to_owned()));
        assert_eq!(decode(""), Some(String::new()));
    }

    #[test]
    fn invalid_escapes_are_rejected() {
        for broken in ["%", "%4", "%4g", "%+1", "%ff", "%C3"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }

    #[test]
    fn pairs_keep_order_and_repetition() {
        let split: Vec<_> = pairs("a=1&&b&a=2=3&=")
            .map(|pair| (pair.name, pair.value))
            .collect();
        assert_eq!(split, [("a", "1"), ("b", ""), ("a", "2=3"), ("", "")]);
    }
}
