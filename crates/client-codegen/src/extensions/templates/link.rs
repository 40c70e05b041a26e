/// Sends a request to the address that a page said is the next one.
pub(crate) fn follow<E>(request: &mut reqwest::Request, address: &str) -> Result<(), Error<E>> {
    // The query of an address can have a key in it.
    let shown = address.split(['?', '#']).next().unwrap_or_default();
    let wrong = |what: &str| Error::Custom(format!("the next page, `{shown}`, {what}"));
    let next = request.url().join(address);
    let next = next.map_err(|error| wrong(&format!("is no address: {error}")))?;
    // The credentials of this API are for no one else.
    if next.origin() != request.url().origin() {
        return Err(wrong("is on another server"));
    }
    if next == *request.url() {
        return Err(wrong("is the first one again"));
    }
    *request.url_mut() = next;
    Ok(())
}

/// The target of `rel="next"` in the `Link` headers, as RFC 8288 has them.
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

/// The first `rel` of a link's parameters, and what is behind the link.
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

/// A token, or a text in quotes; and what is behind it.
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
