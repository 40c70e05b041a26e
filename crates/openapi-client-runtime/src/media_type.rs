//! Media types of responses.

use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// The media type of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// There is no `Content-Type`.
    Absent,
    /// The type and subtype in lower case, without parameters. Empty if the header is not a string.
    Essence(String),
}

impl MediaType {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        match headers.get(CONTENT_TYPE) {
            None => Self::Absent,
            Some(value) => Self::Essence(essence(value.to_str().unwrap_or_default())),
        }
    }

    /// Whether it is one of these media types or ranges.
    pub(crate) fn is_one_of(&self, media_types: &[&str]) -> bool {
        match self {
            Self::Absent => false,
            Self::Essence(own) => media_types.iter().any(|one| matches(own, &essence(one))),
        }
    }

    /// Whether a body with this media type is JSON, or has one of these media types or ranges.
    pub(crate) fn is_json_or(&self, also: &[&str]) -> bool {
        match self {
            Self::Absent => true,
            Self::Essence(own) => is_json(own) || also.iter().any(|range| matches(own, range)),
        }
    }
}

/// Returns the type and subtype in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether the media type is JSON: `*/json` or `*/*+json`.
pub(crate) fn is_json(essence: &str) -> bool {
    let Some((_, subtype)) = essence.split_once('/') else {
        return false;
    };
    subtype == "json" || subtype.ends_with("+json")
}

/// Whether a media type is in a range such as `text/*`.
fn matches(own: &str, range: &str) -> bool {
    let range = essence(range);
    match range.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, "*")) => own.split_once('/').is_some_and(|(own, _)| own == kind),
        _ => own == range,
    }
}

/// Returns the `charset` of a response in lower case.
pub(crate) fn charset(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let parameters = value.split(';').skip(1);
    let mut pairs = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, charset) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(charset.trim().trim_matches('"').to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::MediaType;

    #[test]
    fn json_has_a_subtype_or_a_suffix() {
        for (own, also, expected) in [
            ("application/json", &[][..], true),
            ("text/json; charset=utf-8", &[], true),
            ("Application/Problem+JSON", &[], true),
            ("application/jsonl", &[], false),
            ("json", &[], false),
            ("text/html", &[], false),
            ("text/html", &["text/html; charset=utf-8"], true),
            ("text/html", &["text/*"], true),
            ("image/png", &["text/*"], false),
            ("image/png", &["*/*"], true),
            ("", &["text/*"], false),
        ] {
            let media_type = MediaType::Essence(super::essence(own));
            assert_eq!(media_type.is_json_or(also), expected, "{own} {also:?}");
        }
        assert!(MediaType::Absent.is_json_or(&[]));
    }
}
