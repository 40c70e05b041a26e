use progenitor_client::Error;

fn value<E>(value: &impl Serialize) -> Result<Value, Error<E>> {
    json(value).map_err(|error| Error::InvalidRequest(error.to_string()))
}

/// An address that takes parameters.
pub(super) fn address<E>(address: String) -> Result<reqwest::Url, Error<E>> {
    let wrong = |error| Error::InvalidRequest(format!("`{address}` is no address: {error}"));
    reqwest::Url::parse(&address).map_err(wrong)
}

/// Adds a parameter to the query of an address. What separates the parts of a value stands there as it
/// is, so that it is not taken for one in a part.
pub(super) fn query<E>(
    address: &mut reqwest::Url,
    name: &str,
    style: Style,
    parameter: &impl Serialize,
) -> Result<(), Error<E>> {
    for (name, value) in style.pairs(name, &value(parameter)?, encoded) {
        let query = match address.query() {
            Some(before) if !before.is_empty() => format!("{before}&{name}={value}"),
            _ => format!("{name}={value}"),
        };
        address.set_query(Some(&query));
    }
    Ok(())
}

/// A parameter as a part of a path.
pub(super) fn path<E>(
    name: &str,
    style: Style,
    parameter: &impl Serialize,
) -> Result<String, Error<E>> {
    Ok(style.text(name, &value(parameter)?, encoded))
}

/// A parameter as the value of a header.
pub(super) fn header<E>(
    name: &str,
    style: Style,
    parameter: &impl Serialize,
) -> Result<String, Error<E>> {
    Ok(style.text(name, &value(parameter)?, str::to_owned))
}

/// A parameter as cookies.
pub(super) fn cookie<E>(
    name: &str,
    style: Style,
    parameter: &impl Serialize,
) -> Result<String, Error<E>> {
    let pairs = style.pairs(name, &value(parameter)?, encoded).into_iter();
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
    Ok(pairs.join("; "))
}
