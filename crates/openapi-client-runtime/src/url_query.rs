//! The pairs of a URL's query, without changing how the others are encoded.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::style::encoded;

/// Appends an encoded pair.
pub(crate) fn append(url: &mut Url, pair: &str) {
    let query = match url.query() {
        Some(before) if !before.is_empty() => format!("{before}&{pair}"),
        _ => pair.to_owned(),
    };
    url.set_query(Some(&query));
}

/// Sets a pair, replacing all with the same name.
pub(crate) fn set(url: &mut Url, name: &str, value: &str) {
    let others = url.query().unwrap_or_default().split('&');
    let others = others.filter(|pair| !pair.is_empty() && name_of(pair) != name);
    let own = format!("{}={}", encoded(name), encoded(value));
    let pairs: Vec<&str> = others.chain([own.as_str()]).collect();
    let query = pairs.join("&");
    url.set_query(Some(&query));
}

/// Replaces the values of all pairs with one of these names.
pub(crate) fn redact<'n>(url: &mut Url, names: impl Iterator<Item = &'n str> + Clone) {
    let Some(query) = url.query() else { return };
    let pairs: Vec<Cow<'_, str>> = query
        .split('&')
        .map(|pair| {
            let name = name_of(pair);
            match names.clone().any(|secret| secret == name) {
                true => Cow::Owned(format!("{}=redacted", encoded(&name))),
                false => Cow::Borrowed(pair),
            }
        })
        .collect();
    let redacted = pairs.join("&");
    url.set_query(Some(&redacted));
}

/// Returns the decoded name of a pair.
fn name_of(pair: &str) -> String {
    let name = pair.split('=').next().unwrap_or_default();
    let name = name.replace('+', " ");
    percent_decode_str(&name).decode_utf8_lossy().into_owned()
}
