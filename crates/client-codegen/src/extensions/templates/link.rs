/// Sets the URL of a request to the link to the next page.
pub(crate) fn follow<E>(request: &mut reqwest::Request, link: &str) -> Result<(), Error<E>> {
    // The query may contain an API key.
    let shown = link.split(['?', '#']).next().unwrap_or_default();
    let invalid = |reason: &str| {
        Error::Custom(format!("cannot follow the link to the next page `{shown}`: {reason}"))
    };
    let next = request.url().join(link);
    let next = next.map_err(|error| invalid(&format!("it is not a valid URL: {error}")))?;
    // Credentials must not be sent to another server.
    if next.origin() != request.url().origin() {
        return Err(invalid("it points to another server"));
    }
    if next == *request.url() {
        return Err(invalid("it points to the current page"));
    }
    *request.url_mut() = next;
    Ok(())
}

/// Returns the target of `rel="next"` in the `Link` headers (RFC 8288).
fn next_link(headers: &reqwest::header::HeaderMap) -> Option<String> {
    let lines = headers.get_all(reqwest::header::LINK);
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
            return (found.unwrap_or_default(), rest.strip_prefix(',').unwrap_or(rest));
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
