//! The form of the extension `x-pagination`, which other vendors use in forms of their own.

use serde_json::Value;

/// The name of the extension.
pub(crate) const KEY: &str = "x-pagination";

/// The keys of all styles.
pub(crate) const COMMON: [&str; 2] = ["style", "items"];

/// The styles with their keys, besides those of all styles.
pub(crate) const STYLES: [(&str, &[&str]); 4] = [
    ("offset", &["parameter", "limit", "size", "total", "more"]),
    (
        "page",
        &["parameter", "first", "limit", "size", "pages", "more"],
    ),
    ("cursor", &["parameter", "next", "more"]),
    ("link", &[]),
];

/// The keys of a style, besides those of all styles; `None` for an unknown style.
pub(crate) fn of_style(style: &str) -> Option<&'static [&'static str]> {
    let found = STYLES.iter().find(|(name, _)| *name == style);
    found.map(|(_, keys)| *keys)
}

/// Whether a value of `x-pagination` has the form of this generator, with or without mistakes: it has
/// one of the styles, or `style` or `items` and no key that is unknown to all styles.
pub(crate) fn is_own_form(value: &Value) -> bool {
    let Some(members) = value.as_object() else {
        return false;
    };
    let style = members.get("style").and_then(Value::as_str);
    if style.and_then(of_style).is_some() {
        return true;
    }
    let is_known =
        |key: &str| COMMON.contains(&key) || STYLES.iter().any(|(_, keys)| keys.contains(&key));
    COMMON.iter().any(|key| members.contains_key(*key)) && members.keys().all(|key| is_known(key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_own_form;

    #[test]
    fn own_forms_are_recognised_with_mistakes() {
        for (value, is_own) in [
            (json!({ "style": "link", "items": "" }), true),
            (json!({ "style": "offset", "limitParam": "count" }), true),
            (json!({ "style": "cursors", "items": "/a" }), true),
            (json!({ "items": "/a", "parameter": "page" }), true),
            (json!({ "style": 1, "next": "/a" }), true),
            (
                json!({ "limitParam": "count", "resultsPath": "things" }),
                false,
            ),
            (json!({ "style": "token", "nextToken": "next" }), false),
            (json!({ "limit": 20 }), false),
            (json!({}), false),
            (json!(true), false),
            (json!("cursor"), false),
        ] {
            assert_eq!(is_own_form(&value), is_own, "{value}");
        }
    }
}
