//! Pagination: the position of the next page.

use std::str::FromStr;

use reqwest::header::{HeaderMap, LINK};

use crate::error::Error;

/// Parses the value of the parameter that selects the next page.
///
/// # Errors
///
/// Returns [`Error::InvalidRequest`] if the position of the next page is not a value of the parameter.
pub fn value_of<T: FromStr, E>(parameter: &str, text: &str) -> Result<T, Error<E>> {
    text.parse().map_err(|_| {
        Error::InvalidRequest(format!(
            "`{text}`, the position of the next page, is not a valid value of `{parameter}`"
        ))
    })
}

/// Returns the target of `rel="next"` in the `Link` headers (RFC 8288).
pub fn next_link(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(LINK);
    lines.iter().find_map(|line| next_in(line.to_str().ok()?))
}

fn next_in(line: &str) -> Option<String> {
    let mut rest = line;
    loop {
        let (target, behind) = rest.split_once('<')?.1.split_once('>')?;
        let (relation, behind) = relation(behind);
        let mut relations = relation.split_whitespace();
        if relations.any(|relation| relation.eq_ignore_ascii_case("next")) {
            return Some(target.trim().to_owned());
        }
        rest = behind;
    }
}

/// Parses the parameters of a link. Returns its first `rel`, and the rest of the header.
fn relation(parameters: &str) -> (String, &str) {
    let mut found = None;
    let mut rest = parameters;
    loop {
        rest = rest.trim_start();
        let Some(parameter) = rest.strip_prefix(';') else {
            return (
                found.unwrap_or_default(),
                rest.strip_prefix(',').unwrap_or(rest),
            );
        };
        let name_end = parameter.find(['=', ';', ',']).unwrap_or(parameter.len());
        let (name, behind) = parameter.split_at(name_end);
        let (value, behind) = match behind.strip_prefix('=') {
            Some(value) => parameter_value(value.trim_start()),
            None => (String::new(), behind),
        };
        if found.is_none() && name.trim().eq_ignore_ascii_case("rel") {
            found = Some(value);
        }
        rest = behind;
    }
}

/// Parses a token or a quoted string. Returns its value, and the rest of the header.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (token, behind) = text.split_at(end);
        return (token.trim().to_owned(), behind);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
            _ => value.push(letter),
        }
    }
    (value, "")
}
