//! Media types and media type ranges.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A media type, or a range such as `image/*`: in lower case, with sorted parameters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediaType(String);

impl MediaType {
    /// Parses a media type. Nothing is rejected: text that isn't a media type is kept in lower case.
    pub fn parse(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let mut parts = lower.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_owned();
        let parameters: BTreeSet<&str> = parts.filter(|part| !part.is_empty()).collect();
        Self(
            parameters
                .into_iter()
                .fold(essence, |text, part| format!("{text};{part}")),
        )
    }

    /// The whole media type.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The media type without its parameters.
    pub fn essence(&self) -> &str {
        self.0.split(';').next().unwrap_or_default()
    }

    /// Whether it is JSON (WHATWG MIME Sniffing, "JSON MIME type").
    pub fn is_json(&self) -> bool {
        is_json(&self.0)
    }

    /// Whether it is a range.
    pub fn is_range(&self) -> bool {
        affixes(&self.0).is_some()
    }

    /// Whether it is a range that contains another media type or range.
    pub fn covers(&self, other: &Self) -> bool {
        covers(&self.0, &other.0)
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for MediaType {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Whether a media type, whatever its parameters, is JSON (WHATWG MIME Sniffing, "JSON MIME type").
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence.ends_with("+json") || ["application/json", "text/json"].contains(&essence.as_str())
}

/// The entry that applies to a media type: its own, or the one of the most specific range (OpenAPI
/// 3.0.3, "Media Type": only the most specific key is applicable).
pub(crate) fn declared<'c, T>(
    content: &'c BTreeMap<MediaType, T>,
    media_type: &str,
) -> Option<&'c T> {
    let exact = content.get(media_type);
    exact.or_else(|| {
        let covering = content
            .iter()
            .filter(|(range, _)| covers(range.as_str(), media_type));
        let closest = covering.max_by_key(|(range, _)| range.as_str().len());
        closest.map(|(_, value)| value)
    })
}

/// Whether `range` (`*/*`, `image/*`, `application/*+json`) contains a media type or another range.
pub(crate) fn covers(range: &str, media_type: &str) -> bool {
    let Some((before, after)) = affixes(range) else {
        return false;
    };
    let fits = media_type.len() >= before.len() + after.len();
    range != media_type && fits && media_type.starts_with(before) && media_type.ends_with(after)
}

/// What the media types in a range start and end with, or `None` if it isn't a range.
pub(crate) fn affixes(range: &str) -> Option<(&str, &str)> {
    match range {
        "*/*" => Some(("", "")),
        range => range.split_once('*'),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parsing_normalizes_case_spaces_and_order_of_parameters() {
        let media_type = MediaType::parse("Text/Plain ; version=2;  Charset=UTF-8;");
        assert_eq!(media_type.as_str(), "text/plain;charset=utf-8;version=2");
        assert_eq!(media_type.essence(), "text/plain");
    }

    proptest! {
        #[test]
        fn printing_and_parsing_again_changes_nothing(text in "[a-zA-Z*/+;= ]{0,20}") {
            let media_type = MediaType::parse(&text);
            prop_assert_eq!(MediaType::parse(&media_type.to_string()), media_type);
        }
    }

    #[test]
    fn json_media_types_are_recognized() {
        for media_type in [
            "application/json; v=1",
            "Text/JSON",
            "application/problem+json",
        ] {
            assert!(is_json(media_type), "{media_type}");
            assert!(MediaType::parse(media_type).is_json(), "{media_type}");
        }
        for media_type in [
            "application/jsonl",
            "text/plain",
            "application/json-seq",
            "",
        ] {
            assert!(!is_json(media_type), "{media_type}");
        }
    }

    #[test]
    fn the_most_specific_range_applies() {
        let content: BTreeMap<MediaType, u8> = [("*/*", 0), ("text/*", 1), ("text/csv", 2)]
            .map(|(name, index)| (MediaType::parse(name), index))
            .into();
        for (media_type, expected) in [("text/csv", 2), ("text/plain", 1), ("image/png", 0)] {
            assert_eq!(
                declared(&content, media_type),
                Some(&expected),
                "{media_type}"
            );
        }
    }

    #[test]
    fn ranges_cover_the_media_types_in_them() {
        for (range, other, expected) in [
            ("application/*+json", "application/problem+json", true),
            ("application/*+json", "application/json", false),
            ("*/*", "image/*", true),
            ("image/*", "image/*", false),
            ("image/png", "image/png", false),
        ] {
            let (range, other) = (MediaType::parse(range), MediaType::parse(other));
            assert_eq!(range.covers(&other), expected, "{range} {other}");
        }
    }
}
