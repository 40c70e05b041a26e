/// Characters that are not allowed in a cookie value (RFC 6265, section 4.1.1).
const NO_COOKIE: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

/// Percent-encodes the characters that are not allowed in a cookie value.
pub(crate) fn cookie_value(value: impl ToString) -> String {
    percent_encoding::utf8_percent_encode(&value.to_string(), NO_COOKIE).to_string()
}
