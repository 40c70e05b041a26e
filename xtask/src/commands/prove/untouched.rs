//! What a request has although the caller did not set it.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::mock_server::ReceivedRequest;

/// Headers of every HTTP request.
const PROTOCOL: &[&str] = &[
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "connection",
];

/// Headers of requests with a body.
const OF_BODY: &[&str] = &["content-type", "content-length", "transfer-encoding"];

/// Headers of requests for a web socket.
const OF_UPGRADE: &[&str] = &["upgrade", "sec-websocket-key", "sec-websocket-version"];

/// The first part of a request that was not set: a query parameter, a header, a cookie or a body. `set` is the
/// request as the caller made it, `keys` has the location and name of the credentials of the operation, and
/// `template` is its path.
pub(super) fn addition(
    set: &Value,
    received: &ReceivedRequest,
    keys: &BTreeSet<(String, String)>,
    template: &str,
) -> Option<String> {
    let in_set = |location: &str, name: &str| set[location].get(name).is_some();
    let is_key =
        |location: &str, name: &str| keys.contains(&(location.to_owned(), name.to_owned()));
    let query = received.query.as_deref().unwrap_or_default();
    let mut query = names(query, '&').into_iter();
    let in_template = template.split_once('?').map_or("", |(_, query)| query);
    let in_template: Vec<String> = names(in_template, '&');
    // A name in the query of a template can be a parameter of the path.
    let names_parameter = in_template.iter().any(|name| name.contains("{}"));
    if let Some(name) = query.find(|name| {
        let outer = name.split('[').next().unwrap_or_default();
        !(in_set("query", name)
            || in_set("query", outer)
            || is_property(&set["query"], name)
            || is_key("query", name)
            || in_template.contains(name)
            || names_parameter && is_value(&set["path"], name))
    }) {
        return Some(format!("query parameter `{name}`"));
    }
    let has_body = set.get("body").is_some();
    if !has_body && !received.body.is_empty() {
        return Some("body".to_owned());
    }
    let is_upgrade = received.headers.iter().any(|(name, _)| name == "upgrade");
    for (name, value) in &received.headers {
        let name = name.as_str();
        // HTTP wants an empty body to have a length.
        let is_empty_body = name == "content-length" && value == "0";
        let is_expected = PROTOCOL.contains(&name)
            || is_empty_body
            || has_body && OF_BODY.contains(&name)
            || is_upgrade && OF_UPGRADE.contains(&name)
            || in_set("header", name)
            || is_property(&set["header"], name)
            || is_key("header", name);
        if name == "cookie" {
            let cookie = names(value, ';').into_iter().find(|name| {
                !(in_set("cookie", name)
                    || is_property(&set["cookie"], name)
                    || is_key("cookie", name))
            });
            if let Some(cookie) = cookie {
                return Some(format!("cookie `{cookie}`"));
            }
        } else if !is_expected {
            return Some(format!("header `{name}`"));
        }
    }
    None
}

/// The decoded names of pairs.
fn names(pairs: &str, separator: char) -> Vec<String> {
    let pairs = pairs.split(separator).map(str::trim);
    let pairs = pairs.filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let name = pair.split('=').next().unwrap_or_default().replace('+', " ");
            percent_decode_str(&name).decode_utf8_lossy().into_owned()
        })
        .collect()
}

/// Whether a parameter has this value.
fn is_value(parameters: &Value, text: &str) -> bool {
    let mut parameters = parameters.as_object().into_iter().flatten();
    parameters.any(|(_, value)| value.as_str() == Some(text))
}

/// Whether an object among the parameters has a property with this name.
fn is_property(parameters: &Value, name: &str) -> bool {
    let mut parameters = parameters.as_object().into_iter().flatten();
    parameters.any(|(_, value)| value.get(name).is_some())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::addition;
    use crate::commands::prove::mock_server::ReceivedRequest;

    #[test]
    fn only_what_was_set_is_sent() {
        let keys = BTreeSet::from([
            ("query".to_owned(), "key".to_owned()),
            ("cookie".to_owned(), "session".to_owned()),
            ("header".to_owned(), "authorization".to_owned()),
        ]);
        let set =
            json!({"query": {"a b": 1, "o": {"in": 2}}, "header": {"x-a": 1}, "cookie": {"c": 1}});
        let with_body = json!({"body": {"value": 1}});
        let none = json!({});
        for (set, query, headers, body, expected) in [
            (
                &none,
                "",
                &[("host", "a"), ("accept", "*/*"), ("content-length", "0")][..],
                "",
                None,
            ),
            (
                &none,
                "key=1&fixed=1",
                &[("authorization", "a"), ("cookie", "session=1")],
                "",
                None,
            ),
            (
                &set,
                "a%20b=1&o[in]=2&in=2",
                &[("x-a", "1"), ("cookie", "c=1; session=2")],
                "",
                None,
            ),
            (
                &with_body,
                "",
                &[("content-type", "a"), ("content-length", "1")],
                "1",
                None,
            ),
            (&none, "limit=20", &[], "", Some("query parameter `limit`")),
            (&none, "", &[("x-a", "1")], "", Some("header `x-a`")),
            (
                &none,
                "",
                &[("content-type", "application/json")],
                "",
                Some("header `content-type`"),
            ),
            (
                &none,
                "",
                &[("cookie", "session=1; c=1")],
                "",
                Some("cookie `c`"),
            ),
            (&none, "", &[], "{}", Some("body")),
        ] {
            let received = ReceivedRequest {
                method: "GET".to_owned(),
                path: "/".to_owned(),
                query: Some(query.to_owned()),
                headers: headers
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                body: body.into(),
            };
            let found = addition(set, &received, &keys, "/a?fixed=1");
            assert_eq!(found.as_deref(), expected, "{query} {headers:?} {body}");
        }
    }
}
