//! Routing: the operation of a request.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::percent::decode;
use crate::model::{Contract, Operation, OperationKey, ParameterIn, ParameterKey};

impl Contract {
    /// The operation of a request by method and full path, and the values of its path parameters as
    /// sent. The path is percent-encoded.
    pub fn route(
        &self,
        method: &str,
        path: &str,
    ) -> Option<(&OperationKey, &Operation, Vec<String>)> {
        self.route_whole(method, path, None, &[])
    }

    /// Like [`Contract::route`], but also uses the query and headers, which distinguish operations
    /// with the same path.
    ///
    /// Some contracts write a query or a fragment into their paths: `/a?full=true`, or
    /// `/#X-Amz-Target=A`. Such a query must be sent. Of several fragments, the one matches that a
    /// header or the query repeats.
    pub(super) fn route_whole(
        &self,
        method: &str,
        path: &str,
        query: Option<&str>,
        headers: &[(String, String)],
    ) -> Option<(&OperationKey, &Operation, Vec<String>)> {
        let segments: Vec<&str> = path.split('/').collect();
        let sent: Vec<&str> = query.unwrap_or_default().split('&').collect();
        let matching = self.operations.iter().filter_map(|(key, operation)| {
            if operation.is_callback_or_webhook || !key.method.eq_ignore_ascii_case(method) {
                return None;
            }
            let template = PathTemplate::of(&key.path);
            let texts = |index: usize| self.path_texts(operation, index);
            let mut values = match_path(template.path, &segments, &texts)?;
            // If the query is unknown (`None`), only the path is matched.
            if query.is_some() {
                template.match_query(&sent, &mut values, &texts)?;
            }
            let repeated = template.repeated(&sent, headers);
            Some((key, operation, values, (template, repeated)))
        });
        // A matching query or fragment wins over the path alone, a concrete path over a templated
        // one (OpenAPI 3.0.3, "Path Templating Matching"), and `{name}.json` over `{name}`.
        let best = matching.min_by_key(|(_, _, values, (template, repeated))| {
            let queried = template.query().count();
            (
                Reverse(*repeated),
                Reverse(queried),
                values.len(),
                Reverse(template.path.len()),
            )
        });
        best.map(|(key, operation, values, _)| (key, operation, values))
    }

    /// The enum of a path parameter, if it has one.
    fn path_texts(&self, operation: &Operation, index: usize) -> Option<&BTreeSet<String>> {
        let key = ParameterKey {
            location: ParameterIn::Path,
            name: index.to_string(),
        };
        let parameter = operation.parameters.get(&key)?;
        let rules = self.schemas.get(parameter.schema).string.as_ref()?;
        rules.constants.as_ref()
    }
}

/// The enums of path parameters by their position.
type SegmentTexts<'a> = dyn Fn(usize) -> Option<&'a BTreeSet<String>> + 'a;

/// A path template with the query and fragment that follow it.
#[derive(Clone, Copy)]
pub(super) struct PathTemplate<'t> {
    path: &'t str,
    query: &'t str,
    fragment: &'t str,
}

impl<'t> PathTemplate<'t> {
    pub(super) fn of(template: &'t str) -> Self {
        let (rest, fragment) = template.split_once('#').unwrap_or((template, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Self {
            path,
            query,
            fragment,
        }
    }

    /// The names and values of the query.
    pub(super) fn query(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        pairs(self.query)
    }

    /// Appends the values of the parameters in the query.
    fn match_query(
        self,
        sent: &[&str],
        values: &mut Vec<String>,
        texts: &SegmentTexts<'_>,
    ) -> Option<()> {
        for (name, template) in self.query() {
            let before = values.len();
            let is_found = sent.iter().any(|pair| {
                let (sent, value) = pair.split_once('=').unwrap_or((pair, ""));
                values.truncate(before);
                match_segment(name, sent, values, texts).is_some()
                    && match_segment(template, value, values, texts).is_some()
            });
            if !is_found {
                return None;
            }
        }
        Some(())
    }

    /// How many pairs of the fragment a query or headers repeat.
    fn repeated(self, query: &[&str], headers: &[(String, String)]) -> usize {
        let is_there = |(name, value): &(&str, &str)| {
            let pair = format!("{name}={value}");
            query
                .iter()
                .any(|sent| *sent == pair || value.is_empty() && decode(sent) == *name)
                || headers
                    .iter()
                    .any(|(header, sent)| header.eq_ignore_ascii_case(name) && sent == value)
        };
        pairs(self.fragment).filter(is_there).count()
    }
}

fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn match_path(template: &str, segments: &[&str], texts: &SegmentTexts<'_>) -> Option<Vec<String>> {
    let templates: Vec<&str> = template.split('/').collect();
    if templates.len() != segments.len() {
        return None;
    }
    let mut values = Vec::new();
    for (template, segment) in templates.into_iter().zip(segments) {
        match_segment(template, segment, &mut values, texts)?;
    }
    Some(values)
}

/// Appends the values of the parameters of a segment. No value is empty, and each but the last is
/// as short as possible. The last one, if it has an enum, is the longest enum value that matches.
fn match_segment(
    template: &str,
    segment: &str,
    values: &mut Vec<String>,
    texts: &SegmentTexts<'_>,
) -> Option<()> {
    if let Some((head, after)) = template.rsplit_once("{}")
        && head.contains("{}")
        && let Some(texts_of_last) = texts(values.len() + head.matches("{}").count())
    {
        let rest = segment.strip_suffix(after)?;
        let there = texts_of_last.iter().filter_map(|text| {
            let others = rest.strip_suffix(text.as_str())?;
            (!text.is_empty()).then_some((others, text))
        });
        if let Some((others, text)) = there.max_by_key(|(_, text)| text.len()) {
            match_segment(head, others, values, texts)?;
            values.push(text.clone());
            return Some(());
        }
    }
    let Some((before, rest)) = template.split_once("{}") else {
        let is_same = template == segment || decode(template) == decode(segment);
        return is_same.then_some(());
    };
    let (inner, after) = match rest.rsplit_once("{}") {
        Some((inner, after)) => (Some(inner), after),
        None => (None, rest),
    };
    let mut rest = segment.strip_prefix(before)?.strip_suffix(after)?;
    let inner = inner.map(|inner| inner.split("{}"));
    for between in inner.into_iter().flatten() {
        let first = rest.chars().next()?;
        let at = first.len_utf8() + rest[first.len_utf8()..].find(between)?;
        values.push(rest[..at].to_owned());
        rest = &rest[at + between.len()..];
    }
    if rest.is_empty() {
        return None;
    }
    values.push(rest.to_owned());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(template: &str, path: &str) -> Option<Vec<String>> {
        match_path(template, &path.split('/').collect::<Vec<_>>(), &|_| None)
    }

    #[test]
    fn queries_and_fragments_distinguish_operations() {
        let of = |template, query: &[&str]| {
            let mut values = Vec::new();
            let matched = PathTemplate::of(template).match_query(query, &mut values, &|_| None);
            matched.map(|()| values)
        };
        assert_eq!(of("/a?v=2", &["v=2"]), Some(vec![]));
        assert_eq!(of("/a?v=2", &["v=1"]), None);
        assert_eq!(
            of("/a?x={}&y={}", &["y=2", "x=1"]),
            Some(vec!["1".to_owned(), "2".to_owned()])
        );
        // Some contracts use a parameter as the name in a query.
        assert_eq!(
            of("/a?{}=1&{}=2", &["y=2", "x=1"]),
            Some(vec!["x".to_owned(), "y".to_owned()])
        );
        let fragment = PathTemplate::of("/#X-Target=A");
        let header = |value: &str| [("x-target".to_owned(), value.to_owned())];
        assert_eq!(fragment.path, "/");
        assert_eq!(fragment.repeated(&[], &header("A")), 1);
        assert_eq!(fragment.repeated(&[], &header("B")), 0);
        assert_eq!(fragment.repeated(&["X-Target=A"], &[]), 1);
    }

    #[test]
    fn enums_limit_path_parameters() {
        let kinds = BTreeSet::from([".json", ".xml", "n"].map(str::to_owned));
        for (path, expected) in [
            ("/a/ab.c.json", Some(vec!["ab.c", ".json"])),
            ("/a/ab.xml", Some(vec!["ab", ".xml"])),
            // A value outside of the enum still matches; validation rejects it.
            ("/a/abc", Some(vec!["a", "bc"])),
            ("/a/.json", None),
        ] {
            let segments: Vec<&str> = path.split('/').collect();
            let texts = |index| (index == 1).then_some(&kinds);
            let matched = match_path("/a/{}{}", &segments, &texts);
            let expected = expected.map(|values| values.into_iter().map(str::to_owned).collect());
            assert_eq!(matched, expected, "{path}");
        }
    }

    #[test]
    fn path_parameters_match_between_fixed_text() {
        for (template, path, expected) in [
            ("/a", "/a", Some(vec![])),
            ("/a:b", "/a%3Ab", Some(vec![])),
            ("/a", "/b", None),
            ("/{}", "/", None),
            ("/{}", "/x%2Fy", Some(vec!["x%2Fy"])),
            ("/{}", "/x/y", None),
            ("/{}.json", "/x.json", Some(vec!["x"])),
            ("/{}.json", "/.json", None),
            ("/{}...{}", "/v1.0...v2", Some(vec!["v1.0", "v2"])),
            ("/{}...{}", "/v1.0...", None),
            ("/{}{}", "/äb", Some(vec!["ä", "b"])),
            ("/{},{},{}", "/1,2,3", Some(vec!["1", "2", "3"])),
        ] {
            let expected = expected.map(|values| values.into_iter().map(str::to_owned).collect());
            assert_eq!(matched(template, path), expected, "{template} {path}");
        }
    }
}
