//! What was sent for a value, before a schema says which value it is.

use indexmap::IndexMap;
use serde_json::Value;

use crate::model::media_type::is_json;

/// How deep names in brackets go: `a[b][c]` is two deep. What is deeper is part of the last name.
const DEEPEST: usize = 8;

/// What was sent for a value.
#[derive(Clone, Debug)]
pub(super) enum RawValue {
    /// One text.
    Text(RawText),
    /// Several values under one name.
    Several(Vec<RawValue>),
    /// Values by their names.
    Members(Vec<(String, RawValue)>),
    /// A value that says itself what it is: JSON.
    Value(Value),
    /// Likewise, and where a list is expected it may be an element of it: a part of a form.
    Part(Value),
}

/// A text, and what else it can be than text.
#[derive(Clone, Debug, Default)]
pub(super) struct RawText {
    /// The text.
    pub(super) text: String,
    /// The ways to read it as a list, the likeliest first.
    pub(super) lists: Vec<Vec<String>>,
    /// The ways to read it as an object, the likeliest first.
    pub(super) tables: Vec<Vec<(String, String)>>,
    /// Whether a list or an object may be written in it as JSON.
    pub(super) may_be_json: bool,
}

impl RawValue {
    /// A text that is nothing else.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(RawText {
            text: text.into(),
            ..RawText::default()
        })
    }

    /// A text that may be the only element of a list.
    pub(super) fn one_of_list(text: String, may_be_json: bool) -> Self {
        Self::Text(RawText {
            lists: vec![vec![text.clone()]],
            text,
            tables: Vec::new(),
            may_be_json,
        })
    }

    /// The only value, or all of them.
    pub(super) fn all(mut values: Vec<Self>) -> Self {
        match values.pop() {
            Some(only) if values.is_empty() => only,
            last => {
                values.extend(last);
                Self::Several(values)
            }
        }
    }

    /// Values by the paths of their names: `[b][c]` of `a[b][c]` is `b`, `c`.
    pub(super) fn nested(values: Vec<(Vec<String>, Self)>) -> Self {
        let mut own = Vec::new();
        let mut members: IndexMap<String, Vec<(Vec<String>, Self)>> = IndexMap::new();
        for (mut path, value) in values {
            if path.is_empty() {
                own.push(value);
            } else {
                let name = path.remove(0);
                members.entry(name).or_default().push((path, value));
            }
        }
        if !members.is_empty() {
            let members = members.into_iter();
            let members = members.map(|(name, values)| (name, Self::nested(values)));
            own.push(Self::Members(members.collect()));
        }
        Self::all(own)
    }
}

/// A body as text, or what its JSON says.
///
/// # Errors
/// When it is not JSON and should be.
pub(super) fn json_or_text(essence: &str, bytes: &[u8]) -> Result<Value, String> {
    if is_json(essence) {
        return serde_json::from_slice(bytes)
            .map_err(|error| format!("the body is not JSON: {error}"));
    }
    Ok(String::from_utf8_lossy(bytes).into_owned().into())
}

/// The name before the brackets, and the names in them; nothing where there are none.
pub(super) fn bracketed(name: &str) -> Option<(&str, Vec<String>)> {
    let (base, mut rest) = name.split_once('[')?;
    if base.is_empty() || !rest.ends_with(']') {
        return None;
    }
    let mut path = Vec::new();
    while path.len() + 1 < DEEPEST
        && let Some((key, after)) = rest.split_once("][")
    {
        path.push(key.to_owned());
        rest = after;
    }
    path.push(rest.strip_suffix(']')?.to_owned());
    Some((base, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_brackets() {
        for (name, expected) in [
            ("a", None),
            ("[a]", None),
            ("a[b", None),
            ("a[b]c", None),
            ("a[]", Some(("a", vec![""]))),
            ("a[b][c d]", Some(("a", vec!["b", "c d"]))),
        ] {
            let expected =
                expected.map(|(base, path)| (base, path.into_iter().map(str::to_owned).collect()));
            assert_eq!(bracketed(name), expected, "{name}");
        }
        let deep = format!("a{}", "[b]".repeat(100_000));
        let path = bracketed(&deep).map(|(_, path)| path.len());
        assert_eq!(path, Some(DEEPEST));
    }
}
