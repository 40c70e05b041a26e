/// What no value of a cookie can hold (RFC 6265, 4.1.1).
const NO_COOKIE: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

/// The value of a cookie, with what would end it percent-encoded.
pub(crate) fn cookie_value(value: impl ToString) -> String {
    percent_encoding::utf8_percent_encode(&value.to_string(), NO_COOKIE).to_string()
}
