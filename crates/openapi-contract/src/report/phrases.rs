//! Sentences that several formats share.

use serde_json::Value;

use super::sanitize::shortened;
use crate::finding::{Direction, Finding, Level, Location, Witness};

/// The maximum number of characters of a value in a line.
const MAX_VALUE: usize = 100;

/// The name of a verdict, and how to get it from a finding.
pub(super) type NamedVerdict = (&'static str, fn(&Finding) -> Level);

/// The verdicts of a finding: the first is the worst of the others.
pub(super) const VERDICTS: &[NamedVerdict] = &[
    ("level", |finding| finding.level),
    ("wire", |finding| finding.wire),
    ("rust", |finding| finding.rust),
];

/// The level of a finding with what qualifies it: `breaking`, `breaking, accepted`, `risky, weakened`.
pub(super) fn level(finding: &Finding) -> String {
    let level = finding.level;
    match (&finding.accepted, finding.fidelity) {
        (Some(_), _) => format!("{level}, accepted"),
        (None, Some(fidelity)) => format!("{level}, {fidelity}"),
        (None, None) => level.to_string(),
    }
}

/// A heading and the remedy, or the reason if the finding is accepted.
pub(super) fn what_to_do(finding: &Finding) -> (String, &str) {
    match &finding.accepted {
        Some(acceptance) => {
            let heading = format!("Accepted until {}", acceptance.until);
            (heading, &acceptance.reason)
        }
        None => ("What to do".to_owned(), &finding.remedy),
    }
}

/// The remedy, or the reason if the finding is accepted, as one sentence.
pub(super) fn last_sentence(finding: &Finding) -> String {
    let (heading, what) = what_to_do(finding);
    match finding.accepted {
        Some(_) => format!("{heading}: {what}"),
        None => what.to_owned(),
    }
}

/// The first site of a finding, and the number of the others.
pub(super) fn sites(finding: &Finding) -> String {
    match &finding.sites[..] {
        [] => String::new(),
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
    }
}

/// The JSON pointer of a location, as it is shown.
pub(super) fn pointer(location: &Location) -> &str {
    if location.pointer.is_empty() {
        "the root"
    } else {
        &location.pointer
    }
}

/// A location that has no excerpt, or that is not the main one of a finding:
/// "in the old contract, released/orders.yaml: `/paths/~1orders`".
pub(super) fn elsewhere(finding: &Finding, location: &Location) -> String {
    let documents = finding.documents.map(|[old, new]| {
        if finding.old.as_ref() == Some(location) {
            old
        } else {
            new
        }
    });
    let file = &location.file;
    let document = documents.map_or_else(|| file.clone(), |name| format!("{name}, {file}"));
    if location.pointer.is_empty() {
        format!("in {document}")
    } else {
        format!("in {document}: `{}`", location.pointer)
    }
}

/// A text with a full stop, if it has no punctuation at its end.
pub(super) fn sentence(text: &str) -> String {
    let ends = text.ends_with(['.', '!', '?']);
    format!("{text}{}", if ends { "" } else { "." })
}

/// A witness in two sentences: the message, and the verdicts of both sides.
pub(super) fn witness(witness: &Witness) -> [String; 2] {
    let message = match &witness.value {
        Some((name, value)) if name.starts_with('$') => {
            format!("{} with {name} = {}", message(witness), json(value))
        }
        _ => message(witness),
    };
    let verdicts = format!(
        "{} allows it, {} rejects it: {}",
        witness.allowed_by, witness.rejected_by, witness.reason
    );
    [message, verdicts]
}

/// The message in one line; JSON has it in full.
fn message(witness: &Witness) -> String {
    match witness.direction {
        Direction::Request => request(witness),
        Direction::Response => {
            let operation = &witness.operation;
            let status = &witness.message["status"];
            let headers = match &witness.value {
                None => with_headers(&witness.message),
                Some((name, value)) if !name.starts_with('$') => {
                    format!(" with {name}: {}", unquoted(value))
                }
                Some(_) => String::new(),
            };
            format!("{operation} returns {status}{headers}")
        }
    }
}

fn request(witness: &Witness) -> String {
    let message = &witness.message;
    let method = message["method"].as_str().unwrap_or_default();
    let path = message["path"].as_str().unwrap_or_default();
    let query = message["query"].as_object().map(|query| {
        let pairs = query
            .iter()
            .map(|(name, value)| format!("{name}={}", unquoted(value)));
        pairs.collect::<Vec<_>>().join("&")
    });
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    let credentials = match message.get("credentials") {
        Some(_) => "",
        None => " without credentials",
    };
    let body = match (&witness.value, message.get("body")) {
        (None, Some(body)) => format!(" with the body {}", json(body)),
        _ => String::new(),
    };
    format!("{method} {path}{query}{credentials}{body}")
}

fn with_headers(message: &Value) -> String {
    let names = message["headers"]
        .as_object()
        .map(|headers| headers.keys().cloned().collect::<Vec<_>>());
    match names {
        Some(names) if !names.is_empty() => format!(" with the headers {}", names.join(", ")),
        _ => " without headers".to_owned(),
    }
}

fn unquoted(value: &Value) -> String {
    match value {
        Value::String(text) => shortened(text, MAX_VALUE).into_owned(),
        other => json(other),
    }
}

fn json(value: &Value) -> String {
    shortened(&value.to_string(), MAX_VALUE).into_owned()
}
