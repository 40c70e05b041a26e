//! Which operation a request goes to.

use std::cmp::Reverse;

use super::percent::decode;
use crate::model::{Contract, Operation, OperationKey};

impl Contract {
    /// The operation that a request goes to, by method and full path, and the values of its path
    /// parameters as they were sent. The path is percent-encoded.
    pub fn route(
        &self,
        method: &str,
        path: &str,
    ) -> Option<(&OperationKey, &Operation, Vec<String>)> {
        let segments: Vec<&str> = path.split('/').collect();
        let matching = self.operations.iter().filter_map(|(key, operation)| {
            if operation.is_reversed || !key.method.eq_ignore_ascii_case(method) {
                return None;
            }
            let values = match_path(&key.path, &segments)?;
            Some((key, operation, values))
        });
        // A concrete path wins over a templated one (OpenAPI 3.0.3, "Path Templating Matching"), and
        // `{name}.json` over `{name}`.
        matching.min_by_key(|(key, _, values)| (values.len(), Reverse(key.path.len())))
    }
}

fn match_path(template: &str, segments: &[&str]) -> Option<Vec<String>> {
    let templates: Vec<&str> = template.split('/').collect();
    if templates.len() != segments.len() {
        return None;
    }
    let mut values = Vec::new();
    for (template, segment) in templates.into_iter().zip(segments) {
        match_segment(template, segment, &mut values)?;
    }
    Some(values)
}

/// Adds the values of the parameters of a segment: none of them is empty, and each but the last is as
/// short as it can be.
fn match_segment(template: &str, segment: &str, values: &mut Vec<String>) -> Option<()> {
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
        match_path(template, &path.split('/').collect::<Vec<_>>())
    }

    #[test]
    fn parameters_take_what_is_between_fixed_text() {
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
