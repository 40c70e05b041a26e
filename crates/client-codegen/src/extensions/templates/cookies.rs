/// Adds a cookie to those that are there: a request has one header for all of them (RFC 6265, 5.4).
pub(super) fn add_cookie<E>(
    headers: &mut reqwest::header::HeaderMap,
    cookie: String,
) -> Result<(), Error<E>> {
    let cookies = match headers.get("cookie").map(|others| others.to_str()) {
        Some(Ok(others)) => format!("{others}; {cookie}"),
        _ => cookie,
    };
    headers.insert("cookie", cookies.try_into()?);
    Ok(())
}
