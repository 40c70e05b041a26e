/// Appends a cookie to the `Cookie` header. A request has only one (RFC 6265, section 5.4).
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
