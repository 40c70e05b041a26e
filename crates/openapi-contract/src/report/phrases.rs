//! What all formats for people say in the same words.

use serde_json::Value;

use super::sanitize::shortened;
use crate::finding::{Direction, Finding, Level, Location, Witness};

/// The most characters of a value that are shown in a line.
const MOST: usize = 100;

/// A name, and the level that a finding has by it.
pub(super) type NamedVerdict = (&'static str, fn(&Finding) -> Level);

/// What is judged of a finding: the first is the worst of the others.
pub(super) const VERDICTS: &[NamedVerdict] = &[
    ("level", |finding| finding.level),
    ("wire", |finding| finding.wire),
    ("rust", |finding| finding.rust),
];

/// A level in a sentence.
pub(super) fn about(level: Level) -> &'static str {
    match level {
        Level::Breaking => "A message or a build breaks, or the document is no contract.",
        Level::Undecided => "No proof was found, and a break cannot be excluded.",
        Level::Risky => "No value breaks, but meaning may be lost.",
        Level::Compatible => "Nothing that worked is refused.",
        Level::Editorial => "No machine sees it.",
    }
}

/// The level of a finding as it is shown: `breaking`, or `breaking, accepted`.
pub(super) fn standing(finding: &Finding) -> String {
    match finding.accepted {
        Some(_) => format!("{}, accepted", finding.level),
        None => finding.level.to_string(),
    }
}

/// What a group of findings is called that are accepted.
pub(super) const ACCEPTED: &str = "accepted";

/// What such a group has.
pub(super) const ABOUT_ACCEPTED: &str =
    "The team decided so: it fails nothing, and still asks for its version.";

/// What is to be done, under its heading; or why nothing is, where the finding is accepted.
pub(super) fn what_to_do(finding: &Finding) -> (String, &str) {
    match &finding.accepted {
        Some(acceptance) => {
            let heading = format!("Accepted until {}", acceptance.until);
            (heading, &acceptance.reason)
        }
        None => ("What to do".to_owned(), &finding.remedy),
    }
}

/// The same in a sentence that stands alone.
pub(super) fn last_sentence(finding: &Finding) -> String {
    let (heading, what) = what_to_do(finding);
    match finding.accepted {
        Some(_) => format!("{heading}: {what}"),
        None => what.to_owned(),
    }
}

/// Where a finding is in the messages: the first place, and how many more there are.
pub(super) fn sites(finding: &Finding) -> String {
    match &finding.sites[..] {
        [] => String::new(),
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
    }
}

/// The pointer of a place as it is shown.
pub(super) fn pointer(location: &Location) -> &str {
    if location.pointer.is_empty() {
        "its root"
    } else {
        &location.pointer
    }
}

/// A text with its end as a sentence.
pub(super) fn sentence(text: &str) -> String {
    let ends = text.ends_with(['.', '!', '?']);
    format!("{text}{}", if ends { "" } else { "." })
}

/// A witness in two sentences: the message, and who says what of it.
pub(super) fn witness(witness: &Witness) -> [String; 2] {
    let message = match &witness.value {
        Some((name, value)) if name.starts_with('$') => {
            format!("{} with {name} = {}", message(witness), json(value))
        }
        _ => message(witness),
    };
    let verdicts = format!(
        "{} allows it, {} refuses it: {}",
        witness.allowed_by, witness.rejected_by, witness.reason
    );
    [message, verdicts]
}

/// The message in a line: enough to see it; machine formats have it whole.
fn message(witness: &Witness) -> String {
    match witness.direction {
        Direction::Request => request(witness),
        Direction::Response => {
            let operation = &witness.operation;
            let status = &witness.message["status"];
            let headers = match &witness.value {
                None => with_headers(&witness.message),
                Some((name, value)) if !name.starts_with('$') => {
                    format!(" with {name}: {}", bare(value))
                }
                Some(_) => String::new(),
            };
            format!("{operation} answers {status}{headers}")
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
            .map(|(name, value)| format!("{name}={}", bare(value)));
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

fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => shortened(text, MOST).into_owned(),
        other => json(other),
    }
}

fn json(value: &Value) -> String {
    shortened(&value.to_string(), MOST).into_owned()
}
