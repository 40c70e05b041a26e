//! The request body of an operation.
//!
//! Media types with one schema are forms of one content, of which the client sends the preferred one: JSON first,
//! because its types are the most precise. The caller chooses between contents with different schemas.

use std::collections::HashSet;

use openapi_contract::document::NodeId;
use openapi_contract::model::{Contract, MediaType, Operation, RequestBody, Schema};

use super::data::{BodyKind, BodyPlan, ContentPlan};
use super::findings::{Findings, Loss};
use super::forms;
use super::schemas::{Content, are_same, contents, first_unused, is_header_value, is_string};
use crate::rules;
use crate::types::{TypePlanner, TypeRef};

/// How much a client prefers a media type. Variants that come first are preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Preference {
    Json,
    OtherJson,
    Form,
    Text,
    Bytes,
    OtherText,
    Multipart,
    Other,
    Range,
}

impl Preference {
    fn of(media_type: &MediaType) -> Self {
        match media_type.essence() {
            "application/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "text/plain" | "text/x-markdown" => Self::Text,
            "application/octet-stream" => Self::Bytes,
            _ if media_type.is_json() => Self::OtherJson,
            _ if media_type.is_range() => Self::Range,
            essence if essence.starts_with("multipart/") => Self::Multipart,
            essence if essence.starts_with("text/") => Self::OtherText,
            _ => Self::Other,
        }
    }
}

/// Reads the body of an operation.
pub(super) fn read(
    contract: &Contract,
    operation: &Operation,
    http_method: &str,
    types: &mut TypePlanner<'_>,
    findings: &mut Findings<'_>,
) -> Option<BodyPlan> {
    let document = &contract.document;
    let body = operation.request_body.as_ref()?;
    let mut written = contents(document, body.node, &body.content);
    written.retain(|content| is_valid(content, findings));
    if written.is_empty() {
        return None;
    }
    match http_method {
        "trace" => {
            let loss = Loss::new(
                "a TRACE request cannot have a body; the body is removed",
                "The client sends no body.",
                "Remove `requestBody`, or use another method.",
            );
            findings.weakened(rules::REQUEST_BODIES, body.node, loss);
            return None;
        }
        "get" | "head" | "delete" => {
            let fact = format!(
                "the body of a {} request has no defined meaning in HTTP; it is sent as declared",
                http_method.to_ascii_uppercase()
            );
            findings.exact(rules::REQUEST_BODIES, body.node, fact);
        }
        _ => {}
    }
    written.sort_by_key(|content| Preference::of(&content.media_type));
    let mut setters = Setters::default();
    let mut plans = Vec::new();
    for group in groups(contract, written) {
        let setter = setters.name(&group[0].media_type);
        plans.push(content(contract, &group, setter, types, findings));
    }
    Some(BodyPlan {
        required: body.required,
        doc: document
            .get_text(body.node, "description")
            .map(str::to_owned)
            .unwrap_or_default(),
        contents: plans,
    })
}

/// The names of the methods that set the body, and change it.
pub(super) fn methods(body: Option<&BodyPlan>) -> Vec<String> {
    let Some(body) = body else { return Vec::new() };
    let setters = body.contents.iter().map(|content| content.setter.clone());
    setters.chain(["body_map".to_owned()]).collect()
}

fn is_valid(content: &Content<'_>, findings: &mut Findings<'_>) -> bool {
    let is_valid = is_header_value(content.written);
    if !is_valid {
        let loss = Loss::new(
            format!(
                "`{}` is not a valid media type; it is ignored",
                content.written
            ),
            "The client cannot send a body of this media type.",
            "Use a media type such as `application/json`.",
        );
        findings.weakened(rules::REQUEST_BODIES, content.body.node, loss);
    }
    is_valid
}

/// Groups media types with the same schema.
fn groups<'c>(contract: &Contract, written: Vec<Content<'c>>) -> Vec<Vec<Content<'c>>> {
    let mut groups: Vec<Vec<Content<'_>>> = Vec::new();
    for content in written {
        let is_same = |group: &&mut Vec<Content<'_>>| {
            let first = group[0].body;
            first.schema_node.is_some() == content.body.schema_node.is_some()
                && are_same(contract, first.schema, content.body.schema)
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(content),
            None => groups.push(vec![content]),
        }
    }
    groups
}

fn content(
    contract: &Contract,
    group: &[Content<'_>],
    setter: String,
    types: &mut TypePlanner<'_>,
    findings: &mut Findings<'_>,
) -> ContentPlan {
    let document = &contract.document;
    let (chosen, others) = (&group[0], &group[1..]);
    let mut kind = kind(&chosen.media_type);
    let is_plain = |other: &Content<'_>| self::kind(&other.media_type) == BodyKind::Bytes;
    if kind == BodyKind::Bytes && others.iter().any(is_plain) {
        // The bytes of one media type are not those of another.
        kind = BodyKind::Content;
    } else if !others.is_empty() {
        let fact = format!(
            "the media types of the request body have the same schema; the client sends `{}`",
            chosen.written
        );
        findings.exact(rules::REQUEST_BODIES, chosen.body.node, fact);
    }
    let schema = chosen.body.schema_node.map(|_| chosen.body.schema);
    if kind.is_raw() && kind != BodyKind::Multipart {
        record_lost_schema(contract, chosen, kind, findings);
    }
    let ty = match (kind, schema) {
        (BodyKind::Json, _) => Some(types.in_request(chosen.body.schema)),
        (BodyKind::Form, Some(schema)) => Some(types.in_request(schema)),
        (BodyKind::Form, None) => Some(TypeRef::Map(
            Box::new(TypeRef::String),
            Box::new(TypeRef::String),
        )),
        _ => None,
    };
    ContentPlan {
        media_type: chosen.written.to_owned(),
        also: others
            .iter()
            .map(|other| other.written.to_owned())
            .collect(),
        kind,
        ty,
        schema,
        fields: match kind {
            BodyKind::Form => forms::fields(document, chosen.body, findings),
            _ => Vec::new(),
        },
        parts: match kind {
            BodyKind::Multipart => forms::parts(contract, chosen.body, types, findings),
            _ => Vec::new(),
        },
        setter,
    }
}

/// How a body of a media type is sent.
fn kind(media_type: &MediaType) -> BodyKind {
    let essence = media_type.essence();
    match essence {
        "multipart/form-data" => BodyKind::Multipart,
        // The caller chooses the media type of a range, and the boundary of other multipart types.
        _ if essence.contains('*') || essence.starts_with("multipart/") => BodyKind::Content,
        "application/x-www-form-urlencoded" => BodyKind::Form,
        _ if media_type.is_json() => BodyKind::Json,
        "text/plain" => BodyKind::Text,
        // A string is accepted as well, and so is a stream.
        _ => BodyKind::Bytes,
    }
}

/// A media type of a request body whose schema the client does not enforce.
#[derive(Debug)]
pub(crate) struct UnenforcedBody<'c> {
    pub(crate) node: NodeId,
    pub(crate) media_type: &'c str,
    /// The keywords, in backticks.
    pub(crate) keywords: Vec<&'static str>,
}

/// The media types that are sent as strings or bytes, although their schemas restrict the values further.
pub(crate) fn unenforced_bodies<'c>(
    contract: &'c Contract,
    body: &'c RequestBody,
) -> Vec<UnenforcedBody<'c>> {
    let mut written = contents(&contract.document, body.node, &body.content);
    written.retain(|content| is_header_value(content.written));
    written.sort_by_key(|content| Preference::of(&content.media_type));
    let groups = groups(contract, written).into_iter();
    let preferred = groups.filter_map(|group| group.into_iter().next());
    let unenforced = preferred.map(|content| UnenforcedBody {
        node: content.body.node,
        media_type: content.written,
        keywords: match self::kind(&content.media_type) {
            BodyKind::Multipart | BodyKind::Json | BodyKind::Form => Vec::new(),
            BodyKind::Text | BodyKind::Bytes | BodyKind::Content => {
                restrictions(contract.schemas.get(content.body.schema))
            }
        },
    });
    unenforced
        .filter(|found| !found.keywords.is_empty())
        .collect()
}

/// Records the keywords of the schema of a string or of bytes that the client does not enforce.
fn record_lost_schema(
    contract: &Contract,
    content: &Content<'_>,
    kind: BodyKind,
    findings: &mut Findings<'_>,
) {
    let dropped = restrictions(contract.schemas.get(content.body.schema));
    if dropped.is_empty() {
        return;
    }
    let sent = match kind {
        BodyKind::Text => "a string",
        _ => "bytes",
    };
    let loss = Loss::new(
        format!(
            "`{}` is sent as {sent}; {} of its schema is dropped",
            content.written,
            dropped.join(", ")
        ),
        "The client does not check the body.",
        "Use `application/json`, `application/x-www-form-urlencoded` or `multipart/form-data`, or serialize the body yourself.",
    );
    findings.weakened(rules::REQUEST_BODIES, content.body.node, loss);
}

/// The keywords of a schema that strings and bytes do not express.
fn restrictions(schema: &Schema) -> Vec<&'static str> {
    if schema.allows_everything() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if !is_string(schema) {
        found.push("`type`");
    }
    if !schema.unions.is_empty() {
        found.push("`anyOf` or `oneOf`");
    }
    if let Some(rules) = schema.string.as_deref() {
        let keywords = [
            (rules.constants.is_some(), "`enum`"),
            (!rules.patterns.is_empty(), "`pattern`"),
            (rules.min_length > 0, "`minLength`"),
            (rules.max_length.is_some(), "`maxLength`"),
        ];
        found.extend(
            keywords
                .iter()
                .filter(|(is_set, _)| *is_set)
                .map(|(_, name)| name),
        );
    }
    found
}

/// The names of the setters of a body.
#[derive(Debug)]
struct Setters {
    taken: HashSet<String>,
    is_first: bool,
}

impl Default for Setters {
    fn default() -> Self {
        Self {
            taken: ["body", "body_map"].map(str::to_owned).into(),
            is_first: true,
        }
    }
}

impl Setters {
    /// `body` for the preferred content; others are named after their media type.
    fn name(&mut self, media_type: &MediaType) -> String {
        if std::mem::take(&mut self.is_first) {
            return "body".to_owned();
        }
        let short = format!("body_{}", words(media_type.essence()));
        if self.taken.insert(short.clone()) {
            return short;
        }
        let parameters: Vec<String> = media_type.as_str().split(';').skip(1).map(snake).collect();
        let long = [short]
            .into_iter()
            .chain(parameters)
            .collect::<Vec<_>>()
            .join("_");
        first_unused(&long, |name| self.taken.insert(name.to_owned()))
    }
}

/// A media type in words: `json_merge_patch` for `application/merge-patch+json`.
fn words(essence: &str) -> String {
    match essence {
        "application/x-www-form-urlencoded" => return "form".to_owned(),
        "multipart/form-data" => return "multipart".to_owned(),
        "text/plain" => return "text".to_owned(),
        "application/octet-stream" => return "bytes".to_owned(),
        "*/*" => return "any".to_owned(),
        _ => {}
    }
    let (ty, subtype) = essence.split_once('/').unwrap_or((essence, ""));
    let (name, suffix) = match subtype.rsplit_once('+') {
        Some((name, suffix)) => (snake(name), Some(snake(suffix))),
        None => (snake(subtype), None),
    };
    let name = match suffix {
        Some(suffix) if !name.split('_').any(|word| word == suffix) => format!("{suffix}_{name}"),
        _ => name,
    };
    match (ty, name.trim_matches('_')) {
        ("application", name) if !name.is_empty() => name.to_owned(),
        (ty, "") => snake(ty),
        (ty, name) => format!("{}_{name}", snake(ty)),
    }
}

fn snake(text: &str) -> String {
    let text = text.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let words: Vec<&str> = text.split('_').filter(|word| !word.is_empty()).collect();
    words.join("_")
}
