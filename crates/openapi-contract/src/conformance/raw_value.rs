//! Sent values before a schema gives them a type.

use indexmap::IndexMap;
use serde_json::Value;

use crate::model::media_type::is_json;

/// The deepest nesting of names in brackets: `a[b][c]` has depth 2. Anything deeper belongs to the
/// last name.
const DEEPEST: usize = 8;

/// A sent value without a type.
#[derive(Clone, Debug)]
pub(super) enum RawValue {
    /// One string.
    Text(RawText),
    /// Several values with the same name.
    Several(Vec<RawValue>),
    /// Values by name.
    Members(Vec<(String, RawValue)>),
    /// A value with types: JSON.
    Value(Value),
    /// A JSON value from a part of a form. It may be one element of an array.
    Part(Value),
}

/// A string, and how else it can be read.
#[derive(Clone, Debug, Default)]
pub(super) struct RawText {
    /// The string.
    pub(super) text: String,
    /// The possible readings as an array, the most likely first.
    pub(super) lists: Vec<Vec<String>>,
    /// The possible readings as an object, the most likely first.
    pub(super) tables: Vec<Vec<(String, String)>>,
    /// Whether it may contain an array or object as JSON.
    pub(super) may_be_json: bool,
}

impl RawValue {
    /// A string and nothing else.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(RawText {
            text: text.into(),
            ..RawText::default()
        })
    }

    /// A string that may be the only element of an array.
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

    /// Nests values by the paths in their names: `[b][c]` of `a[b][c]` is `b`, `c`.
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

/// A body as a string, or as the value of its JSON.
///
/// # Errors
/// If a JSON body is not valid JSON.
pub(super) fn json_or_text(essence: &str, bytes: &[u8]) -> Result<Value, serde_json::Error> {
    if is_json(essence) {
        return serde_json::from_slice(bytes);
    }
    Ok(String::from_utf8_lossy(bytes).into_owned().into())
}

/// The name before the brackets and the names in them. `None` without brackets.
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
    fn bracketed_names_are_split() {
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
