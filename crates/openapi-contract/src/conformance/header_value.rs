//! Header values with parameters: `form-data; name="a"`.

use super::percent::decode;

/// A header value in lower case, and its parameters.
pub(super) struct HeaderValue {
    /// The value before the parameters.
    pub(super) essence: String,
    parameters: Vec<(String, String)>,
}

impl HeaderValue {
    /// Parses a header value. Anything that is not a parameter is skipped.
    pub(super) fn parse(text: &str) -> Self {
        let (essence, mut rest) = text.split_once(';').unwrap_or((text, ""));
        let mut parameters = Vec::new();
        while let Some((name, after)) = rest.split_once('=') {
            let name = name.trim_matches([' ', '\t', ';']);
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => unquote(quoted),
                None => {
                    let (value, after) = after.split_once(';').unwrap_or((after, ""));
                    (value.trim().to_owned(), after)
                }
            };
            parameters.push((name.to_ascii_lowercase(), value));
            rest = after;
        }
        Self {
            essence: essence.trim().to_ascii_lowercase(),
            parameters,
        }
    }

    /// A parameter by its name in lower case.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let (_, value) = parameters.find(|(key, _)| key == name)?;
        Some(value)
    }

    /// A parameter that may be encoded: `name*=utf-8''%C3%A4` (RFC 8187).
    pub(super) fn extended(&self, name: &str) -> Option<String> {
        let extended = self.parameter(&format!("{name}*"));
        let extended = extended.and_then(|value| value.splitn(3, '\'').nth(2));
        let plain = || self.parameter(name).map(str::to_owned);
        extended.map(decode).or_else(plain)
    }
}

/// The quoted string, and the rest after it.
fn unquote(quoted: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_can_be_quoted() {
        let value = HeaderValue::parse(r#"Form-Data; name="a;\"b"; Filename*=utf-8''%C3%A4; x=1 "#);
        assert_eq!(value.essence, "form-data");
        assert_eq!(value.parameter("name"), Some(r#"a;"b"#));
        assert_eq!(value.extended("filename").as_deref(), Some("ä"));
        assert_eq!(value.parameter("x"), Some("1"));
        assert_eq!(value.extended("y"), None);
    }
}
