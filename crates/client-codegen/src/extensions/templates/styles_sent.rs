use progenitor_client::Error;

fn value<E>(value: &impl Serialize) -> Result<Value, Error<E>> {
    json(value).map_err(|error| Error::InvalidRequest(error.to_string()))
}

/// Parses the URL of a request.
pub(super) fn parse_url<E>(url: String) -> Result<reqwest::Url, Error<E>> {
    let invalid = |error| Error::InvalidRequest(format!("`{url}` is not a valid URL: {error}"));
    reqwest::Url::parse(&url).map_err(invalid)
}

/// Appends a parameter to the query of a URL. Delimiters are not encoded, in contrast to the same
/// characters inside of a value.
pub(super) fn query<E>(
    url: &mut reqwest::Url,
    name: &str,
    style: Style,
    parameter: &impl Serialize,
) -> Result<(), Error<E>> {
    for (name, value) in style.pairs(name, &value(parameter)?, encoded) {
        let query = match url.query() {
            Some(before) if !before.is_empty() => format!("{before}&{name}={value}"),
            _ => format!("{name}={value}"),
        };
        url.set_query(Some(&query));
    }
    Ok(())
}

/// Serializes a parameter for a path.
pub(super) fn path<E>(
    name: &str,
    style: Style,
    parameter: &impl Serialize,
) -> Result<String, Error<E>> {
    Ok(style.text(name, &value(parameter)?, encoded))
}

/// Serializes a parameter as a header value.
pub(super) fn header<E>(
    name: &str,
    style: Style,
    parameter: &impl Serialize,
) -> Result<String, Error<E>> {
    Ok(style.text(name, &value(parameter)?, str::to_owned))
}

/// Serializes a parameter as cookies.
pub(super) fn cookie<E>(
    name: &str,
    style: Style,
    parameter: &impl Serialize,
) -> Result<String, Error<E>> {
    let pairs = style.pairs(name, &value(parameter)?, encoded).into_iter();
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
    Ok(pairs.join("; "))
}
