//! The responses of an operation.

use openapi_contract::model::{MediaType, StatusPattern, is_json};
use serde_json::Value;

use super::{ItemsPlan, PlanSource, Reading, ResponseBody, ResponsePlan, Statuses, StreamPlan};
use crate::lower::walk::Object;
use crate::lower::{
    ContentKind, ResponseArm, StatusRange, StreamKind, content_kind, preferred_media_type, walk,
};

const JSON: &str = "application/json";

const SUCCESS: Statuses = Statuses::Range(200, 299);

pub(super) fn read(source: &PlanSource<'_>) -> Vec<ResponsePlan> {
    let mut plans: Vec<ResponsePlan> = Vec::new();
    let mut add = |statuses: Statuses, reading: Reading| {
        if !plans.iter().any(|plan| plan.statuses == statuses) {
            plans.push(ResponsePlan { statuses, reading });
        }
    };
    let overrides = source.overrides;
    for (statuses, arm) in &overrides.arms {
        let reading = match arm {
            ResponseArm::Empty => Reading::Success(ResponseBody::Absent),
            ResponseArm::Unexpected => Reading::Unexpected,
        };
        add(range(*statuses), reading);
    }
    let drafts: Vec<(StatusPattern, &str, &Value)> = walk::entries(source.draft.get("responses"))
        .filter_map(|(status, response)| Some((StatusPattern::parse(status)?, status, response)))
        .collect();
    let variant = |statuses: Option<StatusRange>| {
        let mut read = overrides.bodies_by_status.iter();
        read.find(|read| read.statuses == statuses)
            .map(|read| ResponseBody::Variant {
                union: read.union.clone(),
                alternative: read.alternative.clone(),
            })
    };
    let mut has_success = false;
    for (pattern, status, response) in &drafts {
        let role = match pattern {
            StatusPattern::Code(400..=599) | StatusPattern::Range(4 | 5) => Role::Error,
            _ => Role::Success,
        };
        let body = variant(StatusRange::of(status))
            .unwrap_or_else(|| body(source, *pattern, status, response, role));
        match pattern {
            StatusPattern::Code(code @ (101 | 200..=299)) => {
                has_success = true;
                add(Statuses::Range(*code, *code), Reading::Success(body));
            }
            StatusPattern::Range(2) => {
                has_success = true;
                add(SUCCESS, Reading::Success(body));
            }
            StatusPattern::Code(code @ 400..=599) => {
                add(Statuses::Range(*code, *code), Reading::Error(body));
            }
            StatusPattern::Range(hundred @ (4 | 5)) => {
                add(
                    Statuses::Range(hundred * 100, hundred * 100 + 99),
                    Reading::Error(body),
                );
            }
            StatusPattern::Code(_) | StatusPattern::Range(_) | StatusPattern::Default => {}
        }
    }
    let default = drafts
        .iter()
        .find(|(pattern, ..)| *pattern == StatusPattern::Default);
    if let Some((pattern, status, response)) = default {
        let body =
            |role| variant(None).unwrap_or_else(|| body(source, *pattern, status, response, role));
        add(SUCCESS, Reading::Success(body(Role::Success)));
        // A connection is not upgraded by an error.
        match body(Role::Error) {
            ResponseBody::Upgrade => add(Statuses::Rest, Reading::Unexpected),
            body => add(Statuses::Rest, Reading::Error(body)),
        }
    } else if !has_success {
        // The contract declares no success: whatever arrives is one.
        add(SUCCESS, Reading::Success(ResponseBody::Stream));
    }
    if overrides.catches_all {
        let body = variant(None).unwrap_or(ResponseBody::Json { also: Vec::new() });
        add(Statuses::Rest, Reading::Error(body));
    }
    add(Statuses::Rest, Reading::Unexpected);
    // A range must come after the statuses that it contains.
    plans.sort_by_key(|plan| plan.statuses.width());
    plans
}

/// The value of `Accept`: what the client reads of successes, then of errors.
pub(super) fn accept(source: &PlanSource<'_>) -> Option<String> {
    let is_read = |status: &&str| {
        let statuses = StatusRange::of(status);
        let mut arms = source.overrides.arms.iter();
        !arms.any(|(of, arm)| *arm == ResponseArm::Unexpected && Some(*of) == statuses)
    };
    let responses = || walk::entries(source.operation.get("responses"));
    let is_error = |status: &str| status.starts_with(['4', '5']);
    let successes = responses().filter(|(status, _)| !is_error(status));
    let errors = responses().filter(|(status, _)| is_error(status));
    let mut accepted: Vec<&str> = Vec::new();
    for (_, response) in successes
        .chain(errors)
        .filter(|(status, _)| is_read(status))
    {
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            continue;
        };
        let read = match preferred_media_type(content) {
            // A range with a schema is read as JSON.
            Some(chosen) if chosen.contains('*') => vec![JSON],
            Some(chosen) => content
                .keys()
                .map(String::as_str)
                .filter(|key| *key == chosen)
                .collect(),
            None => match items(content) {
                Some(items) => content
                    .keys()
                    .map(String::as_str)
                    .filter(|key| *key == items.media_type)
                    .collect(),
                None => content.keys().map(String::as_str).collect(),
            },
        };
        for media_type in read {
            if !accepted.contains(&media_type) && is_header_value(media_type) {
                accepted.push(media_type);
            }
        }
    }
    (!accepted.is_empty()).then(|| accepted.join(", "))
}

/// Whether a string can be sent in a header.
fn is_header_value(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

fn range(statuses: StatusRange) -> Statuses {
    Statuses::Range(statuses.first, statuses.last)
}

/// The body of a response of the draft.
fn body(
    source: &PlanSource<'_>,
    pattern: StatusPattern,
    status: &str,
    response: &Value,
    role: Role,
) -> ResponseBody {
    let raw = || match content(source, status).and_then(items) {
        Some(items) if role == Role::Success => ResponseBody::Items(items),
        _ if are_text(source, role) => ResponseBody::Text,
        _ => ResponseBody::Stream,
    };
    match content_kind(response) {
        ContentKind::Json(_) => ResponseBody::Json {
            also: same_content(source, status),
        },
        _ if pattern == StatusPattern::Code(101) => ResponseBody::Upgrade,
        ContentKind::None => ResponseBody::Empty,
        ContentKind::Raw | ContentKind::Upgrade => raw(),
    }
}

/// The content of a response of the contract.
fn content<'a>(source: &PlanSource<'a>, status: &str) -> Option<&'a Object> {
    let responses = source.operation.get("responses")?;
    let response = responses.get(status).or_else(|| responses.get("default"))?;
    response.get("content")?.as_object()
}

/// The first stream of typed items in some content.
fn items(content: &Object) -> Option<ItemsPlan> {
    content.iter().find_map(|(media_type, content)| {
        let schema = content.get("schema")?.as_object()?;
        Some(ItemsPlan {
            media_type: media_type.clone(),
            kind: StreamKind::of(media_type)?,
            component: walk::referenced_component(schema)?.to_owned(),
        })
    })
}

/// The stream of items that the operation offers next to JSON.
pub(super) fn stream(source: &PlanSource<'_>) -> Option<StreamPlan> {
    let drafts = walk::entries(source.draft.get("responses"));
    let mut successes = drafts.filter(|(status, _)| status.starts_with('2'));
    successes.find_map(|(status, response)| {
        matches!(content_kind(response), ContentKind::Json(_)).then_some(())?;
        Some(StreamPlan {
            statuses: Statuses::of(StatusPattern::parse(status)?),
            items: content(source, status).and_then(items)?,
        })
    })
}

/// Whether responses are successes or errors. All of the same role have the same Rust type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Success,
    Error,
}

/// Whether all bodies that are not JSON are text.
fn are_text(source: &PlanSource<'_>, role: Role) -> bool {
    let is_of_role = |status: &str| {
        let is_error = status.starts_with(['4', '5']);
        status == "default" || is_error == (role == Role::Error)
    };
    let mut any = false;
    let responses = walk::entries(source.operation.get("responses"));
    let all = responses
        .filter(|(status, _)| is_of_role(status))
        .flat_map(|(_, response)| walk::entries(response.get("content")))
        .all(|(media_type, _)| {
            let is_text = MediaType::parse(media_type).essence() == "text/plain";
            any |= is_text;
            is_text || is_json(media_type)
        });
    any && all
}

/// The media types other than JSON ones with the schema of the one that the client reads.
fn same_content(source: &PlanSource<'_>, status: &str) -> Vec<String> {
    let Some(content) = content(source, status) else {
        return Vec::new();
    };
    let Some(chosen) = preferred_media_type(content) else {
        return Vec::new();
    };
    let schema = |key: &str| {
        content
            .get(key)
            .and_then(|media_type| media_type.get("schema"))
    };
    let is_same = |key: &&String| {
        StreamKind::of(key).is_none()
            && !is_json(key)
            && **key != chosen
            && schema(key) == schema(&chosen)
    };
    let same = content.keys().filter(is_same);
    same.map(|key| MediaType::parse(key).essence().to_owned())
        .collect()
}

impl Statuses {
    /// The statuses of a key of `responses`.
    pub(crate) fn of(pattern: StatusPattern) -> Self {
        match pattern {
            StatusPattern::Code(code) => Self::Range(code, code),
            StatusPattern::Range(hundred) => Self::Range(hundred * 100, hundred * 100 + 99),
            StatusPattern::Default => Self::Rest,
        }
    }

    fn width(self) -> u32 {
        match self {
            Self::Range(first, last) => u32::from(last) - u32::from(first),
            Self::Rest => u32::MAX,
        }
    }

    /// Whether a status is one of these.
    pub(crate) fn contain(self, status: u16) -> bool {
        match self {
            Self::Range(first, last) => (first..=last).contains(&status),
            Self::Rest => true,
        }
    }
}
