//! Judges what a client made of a response: nothing that arrived may be lost.

use serde_json::Value;

use super::mock_server::CannedResponse;
use super::program::{CallOutcome, Head, RawKind};
use super::roundtrip::{Defaults, difference};

/// A response that the server sent.
#[derive(Debug)]
pub(super) struct SentResponse<'a> {
    pub(super) response: &'a CannedResponse,
    /// The body as the contract declares it; `None` if it has none, or no value of its schema.
    pub(super) value: Option<&'a Value>,
}

/// What a client made of a response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The value that was sent.
    Equal,
    /// An error with everything that arrived, which a finding reports.
    Reported,
    /// Something else.
    Lost(String),
}

/// Judges the outcome of a response that the contract declares. `is_reported` is whether a finding says that
/// the client does not read the body of this response.
pub(super) fn declared(
    sent: &SentResponse<'_>,
    outcome: &CallOutcome,
    defaults: &Defaults,
    is_reported: bool,
) -> Verdict {
    let lost = |what: String| Verdict::Lost(what);
    if let Some(what) = lost_head(sent.response, outcome) {
        return lost(what);
    }
    let body = &sent.response.body;
    match outcome {
        CallOutcome::Value { value, .. } => match sent.value {
            Some(own) => match difference(own, value, defaults) {
                None => Verdict::Equal,
                Some(at) => lost(format!(
                    "was decoded as {}: different at `{at}`",
                    shown(Some(value))
                )),
            },
            None if is_body(value, body) => Verdict::Equal,
            None => lost(format!("was decoded as {}", shown(Some(value)))),
        },
        CallOutcome::Items { items, .. } => {
            let items = Value::from(items.clone());
            match sent.value.and_then(|own| difference(own, &items, defaults)) {
                None if sent.value.is_some() => Verdict::Equal,
                at => lost(format!(
                    "was read as the items {}: different at `{}`",
                    shown(Some(&items)),
                    at.unwrap_or_default()
                )),
            }
        }
        CallOutcome::Bytes { bytes, .. } if bytes == body => Verdict::Equal,
        CallOutcome::Bytes { bytes, .. } => lost(format!("was read as {}", text(bytes))),
        CallOutcome::Empty { .. } if body.is_empty() => Verdict::Equal,
        // The type of null is `()`.
        CallOutcome::Empty { .. } if sent.value == Some(&Value::Null) => Verdict::Equal,
        CallOutcome::Empty { .. } => lost("was read without its body".to_owned()),
        CallOutcome::Raw { kind, message, .. } => match (is_reported, kind) {
            // There is no body that needs a type.
            (_, RawKind::Unexpected) if body.is_empty() => Verdict::Equal,
            (true, _) => Verdict::Reported,
            (false, RawKind::Unexpected) => lost("has no type".to_owned()),
            (false, RawKind::Unreadable | RawKind::Incomplete) => {
                lost(format!("cannot be decoded: {message}"))
            }
        },
        CallOutcome::Rejected { message } | CallOutcome::Failed { message } => {
            lost(message.clone())
        }
    }
}

/// Judges the outcome of a response that the contract does not declare like this. Returns what is wrong.
/// `may_be_none` is whether the client may read an empty body as `None`.
pub(super) fn fault(
    sent: &CannedResponse,
    outcome: &CallOutcome,
    may_be_none: bool,
) -> Option<String> {
    if let Some(what) = lost_head(sent, outcome) {
        return Some(what);
    }
    match outcome {
        CallOutcome::Value { value, .. } if value.is_null() && sent.body.is_empty() => {
            (!may_be_none).then(|| "was read as null, which the contract does not allow".to_owned())
        }
        CallOutcome::Value { value, .. } => {
            (!is_body(value, &sent.body)).then(|| format!("was decoded as {}", shown(Some(value))))
        }
        CallOutcome::Items { items, .. } => {
            (!items.is_empty() || !sent.body.is_empty()).then(|| "was read as a stream".to_owned())
        }
        CallOutcome::Bytes { bytes, .. } => {
            (*bytes != sent.body).then(|| format!("was read as {}", text(bytes)))
        }
        CallOutcome::Empty { .. } => {
            (!sent.body.is_empty()).then(|| "was read without its body".to_owned())
        }
        CallOutcome::Raw { .. } => None,
        CallOutcome::Rejected { message } | CallOutcome::Failed { message } => {
            Some(message.clone())
        }
    }
}

/// What is wrong with the outcome, whatever the body is: the response is missing, has another status, lacks a
/// header, is an error instead of a success or the other way round, or has another raw body.
fn lost_head(sent: &CannedResponse, outcome: &CallOutcome) -> Option<String> {
    let (head, is_raw) = match outcome {
        CallOutcome::Value { head, .. }
        | CallOutcome::Items { head, .. }
        | CallOutcome::Bytes { head, .. }
        | CallOutcome::Empty { head } => (head, false),
        CallOutcome::Raw { head, .. } => (head, true),
        CallOutcome::Rejected { message } => return Some(format!("was not requested: {message}")),
        CallOutcome::Failed { message } => return Some(format!("was lost: {message}")),
    };
    if head.status != sent.status {
        return Some(format!("was read as status {}", head.status));
    }
    if let Some((name, value)) = sent.headers.iter().find(|header| !has(head, header)) {
        return Some(format!("was read without the header `{name}: {value}`"));
    }
    let is_success = (200..300).contains(&sent.status);
    if !is_raw && head.is_error == is_success {
        let role = if head.is_error {
            "an error"
        } else {
            "a success"
        };
        return Some(format!("was returned as {role}"));
    }
    match outcome {
        CallOutcome::Raw { body, .. } if *body != sent.body => {
            Some(format!("was returned with the raw body {}", text(body)))
        }
        _ => None,
    }
}

fn has(head: &Head, (name, value): &(String, String)) -> bool {
    head.headers
        .iter()
        .any(|(own, got)| own.eq_ignore_ascii_case(name) && got == value)
}

/// Whether a decoded value is the body itself.
fn is_body(value: &Value, body: &[u8]) -> bool {
    match value {
        Value::Null => body.is_empty(),
        Value::String(text) => text.as_bytes() == body,
        _ => false,
    }
}

fn text(bytes: &[u8]) -> String {
    shown(Some(&Value::String(String::from_utf8_lossy(bytes).into())))
}

/// A value, truncated.
pub(super) fn shown(value: Option<&Value>) -> String {
    const MAX_LENGTH: usize = 160;
    let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    match text.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{SentResponse, Verdict, declared, fault};
    use crate::commands::prove::mock_server::CannedResponse;
    use crate::commands::prove::program::CallOutcome;
    use crate::commands::prove::roundtrip::Defaults;

    fn outcome(outcome: Value) -> CallOutcome {
        serde_json::from_value(outcome).expect("it is an outcome")
    }

    fn head(status: u16) -> Value {
        json!({"status": status, "headers": [["x-a", "1"]], "is_error": status >= 300})
    }

    fn response(status: u16, body: &str) -> CannedResponse {
        CannedResponse {
            status,
            headers: vec![("X-A".to_owned(), "1".to_owned())],
            body: body.as_bytes().to_vec(),
        }
    }

    fn judged(value: Option<&Value>, of: Value, is_reported: bool) -> Verdict {
        let body = value.map(Value::to_string).unwrap_or_default();
        let sent = SentResponse {
            response: &response(200, &body),
            value,
        };
        declared(&sent, &outcome(of), &Defaults::default(), is_reported)
    }

    fn raw(kind: &str, body: &str) -> Value {
        json!({"raw": {"head": head(200), "kind": kind, "body": body.as_bytes(), "message": "why"}})
    }

    #[test]
    fn a_response_comes_back_as_it_was_sent() {
        let value = json!({"a": 1});
        let text = value.to_string();
        for (sent, of, is_reported, expected) in [
            (
                Some(&value),
                json!({"value": {"head": head(200), "value": {"a": 1}}}),
                false,
                Verdict::Equal,
            ),
            (
                Some(&value),
                json!({"bytes": {"head": head(200), "bytes": text.as_bytes()}}),
                false,
                Verdict::Equal,
            ),
            (
                None,
                json!({"empty": {"head": head(200)}}),
                false,
                Verdict::Equal,
            ),
            (
                None,
                json!({"value": {"head": head(200), "value": null}}),
                false,
                Verdict::Equal,
            ),
            (None, raw("unexpected", ""), false, Verdict::Equal),
            (
                Some(&value),
                raw("unexpected", &text),
                true,
                Verdict::Reported,
            ),
            (
                Some(&value),
                raw("unreadable", &text),
                true,
                Verdict::Reported,
            ),
        ] {
            assert_eq!(judged(sent, of.clone(), is_reported), expected, "{of}");
        }
    }

    #[test]
    fn a_response_that_vanishes_is_a_failure() {
        let value = json!({"a": 1});
        let text = value.to_string();
        let other = |key: &str, value: Value| {
            let mut head = head(200);
            head[key] = value;
            json!({"value": {"head": head, "value": {"a": 1}}})
        };
        for (of, is_reported) in [
            // The body is dropped, whether a finding says so or not.
            (json!({"empty": {"head": head(200)}}), true),
            (json!({"value": {"head": head(200), "value": null}}), true),
            (json!({"value": {"head": head(200), "value": {}}}), true),
            (json!({"bytes": {"head": head(200), "bytes": []}}), true),
            (raw("unexpected", ""), true),
            // No finding reports the error.
            (raw("unexpected", &text), false),
            (raw("unreadable", &text), false),
            // Something else of the response is lost.
            (other("status", json!(201)), true),
            (other("headers", json!([])), true),
            (other("headers", json!([["x-a", "2"]])), true),
            (other("is_error", json!(true)), true),
            (json!({"rejected": {"message": "why"}}), true),
            (json!({"failed": {"message": "why"}}), true),
        ] {
            let verdict = judged(Some(&value), of.clone(), is_reported);
            assert!(matches!(verdict, Verdict::Lost(_)), "{of}: {verdict:?}");
        }
        // A value without a body.
        let verdict = judged(None, other("status", json!(200)), true);
        assert!(matches!(verdict, Verdict::Lost(_)), "{verdict:?}");
    }

    #[test]
    fn a_stream_has_the_items_that_were_sent() {
        let sent = json!([1, {"a": 2}]);
        for (items, is_equal) in [
            (json!([1, {"a": 2}]), true),
            (json!([1]), false),
            (json!([1, {}]), false),
            (json!([]), false),
        ] {
            let of = json!({"items": {"head": head(200), "items": items}});
            let verdict = judged(Some(&sent), of, true);
            assert_eq!(verdict == Verdict::Equal, is_equal, "{items}: {verdict:?}");
        }
        // Items of a body without a value.
        let of = json!({"items": {"head": head(200), "items": []}});
        assert!(matches!(judged(None, of, true), Verdict::Lost(_)));
    }

    #[test]
    fn errors_have_everything_that_arrived() {
        let html = "<html></html>";
        let raw = |body: &str| {
            json!({"raw": {"head": head(502), "kind": "unexpected", "body": body.as_bytes(),
                "message": ""}})
        };
        for (sent, of, may_be_none, expected) in [
            (response(502, html), raw(html), false, true),
            (
                response(502, html),
                json!({"value": {"head": head(502), "value": html}}),
                false,
                true,
            ),
            (
                response(404, ""),
                json!({"empty": {"head": head(404)}}),
                false,
                true,
            ),
            (
                response(200, ""),
                json!({"value": {"head": head(200), "value": null}}),
                true,
                true,
            ),
            (
                response(200, ""),
                json!({"items": {"head": head(200), "items": []}}),
                false,
                true,
            ),
            // A body that is dropped or replaced.
            (
                response(200, html),
                json!({"items": {"head": head(200), "items": []}}),
                false,
                false,
            ),
            (response(502, html), raw(""), false, false),
            (
                response(502, html),
                json!({"empty": {"head": head(502)}}),
                false,
                false,
            ),
            (
                response(502, html),
                json!({"bytes": {"head": head(502), "bytes": []}}),
                false,
                false,
            ),
            // A value that nobody sent.
            (
                response(200, ""),
                json!({"value": {"head": head(200), "value": null}}),
                false,
                false,
            ),
            (
                response(200, ""),
                json!({"value": {"head": head(200), "value": {}}}),
                true,
                false,
            ),
            // A success.
            (
                response(404, ""),
                json!({"empty": {"head": {"status": 404, "headers": [["x-a", "1"]], "is_error": false}}}),
                false,
                false,
            ),
            // Another status.
            (
                response(404, ""),
                json!({"empty": {"head": head(400)}}),
                false,
                false,
            ),
        ] {
            let what = fault(&sent, &outcome(of.clone()), may_be_none);
            assert_eq!(what.is_none(), expected, "{of}: {what:?}");
        }
    }
}
