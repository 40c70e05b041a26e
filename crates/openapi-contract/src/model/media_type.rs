//! Media types and ranges of them: which one of those that are declared a body goes by.

use std::collections::BTreeMap;

/// Whether a media type, whatever parameters it has, is JSON (WHATWG MIME Sniffing, "JSON MIME type").
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence.ends_with("+json") || ["application/json", "text/json"].contains(&essence.as_str())
}

/// What is declared for a media type: by itself, else by the range that says most about it (OpenAPI
/// 3.0.3, "Media Type": only the most specific key is applicable).
pub(crate) fn declared<'c, T>(content: &'c BTreeMap<String, T>, media_type: &str) -> Option<&'c T> {
    let exact = content.get(media_type);
    exact.or_else(|| {
        let covering = content
            .iter()
            .filter(|(range, _)| covers(range, media_type));
        let closest = covering.max_by_key(|(range, _)| range.len());
        closest.map(|(_, value)| value)
    })
}

/// Whether a range (`*/*`, `image/*`, `application/*+json`) has a media type, or another range, in
/// it.
pub(crate) fn covers(range: &str, media_type: &str) -> bool {
    let Some((before, after)) = ends(range) else {
        return false;
    };
    let fits = media_type.len() >= before.len() + after.len();
    range != media_type && fits && media_type.starts_with(before) && media_type.ends_with(after)
}

/// What the media types of a range begin and end with; nothing where it is no range.
pub(crate) fn ends(range: &str) -> Option<(&str, &str)> {
    match range {
        "*/*" => Some(("", "")),
        range => range.split_once('*'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_three_names() {
        for media_type in [
            "application/json; v=1",
            "Text/JSON",
            "application/problem+json",
        ] {
            assert!(is_json(media_type), "{media_type}");
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
    fn the_closest_range_counts() {
        let content: BTreeMap<String, u8> = [("*/*", 0), ("text/*", 1), ("text/csv", 2)]
            .map(|(name, index)| (name.to_owned(), index))
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
    fn ranges_cover_what_is_in_them() {
        assert!(covers("application/*+json", "application/problem+json"));
        assert!(!covers("application/*+json", "application/json"));
        assert!(covers("*/*", "image/*"));
        assert!(!covers("image/*", "image/*"));
        assert!(!covers("image/png", "image/png"));
    }
}
