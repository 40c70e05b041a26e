//! What has to be changed in the code that is generated for an operation.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Spelling, walk};

/// What is done to an operation's generated code.
#[derive(Debug, Default)]
pub(crate) struct Treatment {
    /// The body that the client really sends, where progenitor was told of another.
    pub(crate) body: Option<Body>,
    /// Whether a typed body may be left out.
    pub(crate) may_lack_body: bool,
    /// The media types of answers, where they are not `application/json`.
    pub(crate) accept: Option<String>,
    /// What to do with answers of some statuses, before anything else is looked at.
    pub(crate) arms: Vec<(Statuses, Arm)>,
    /// The unions of bodies, of which each status has its own member.
    pub(crate) read_as: Vec<ReadAs>,
    /// Whether answers of all other statuses are read as errors: `default`.
    pub(crate) catches_all: bool,
    /// The separator of list parameters that are one text, by their names.
    pub(crate) lists: BTreeMap<String, char>,
    /// Header parameters that are really cookies.
    pub(crate) cookies: Vec<String>,
    /// The responses as the contract has them.
    pub(super) responses: Option<Map<String, Value>>,
}

/// What the body of an answer is, where the type of the operation's answers is a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadAs {
    /// Nothing for all statuses that are not named.
    pub(crate) statuses: Option<Statuses>,
    /// The component that is the union.
    pub(crate) union: String,
    /// The component that is its member.
    pub(crate) member: String,
}

/// A request body that progenitor cannot make.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    /// The media type in the contract.
    pub(crate) media_type: String,
    /// The media type object of the contract, lowered: `schema` and `encoding`.
    pub(crate) content: Value,
    /// Whether the operation needs it.
    pub(crate) required: bool,
    /// Whether progenitor is told of a stream of bytes, because it has no word for this body.
    pub(crate) is_stream: bool,
}

/// The statuses of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statuses {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

impl Statuses {
    /// The statuses of a key of `responses`; nothing for `default`.
    pub(crate) fn of(key: &str) -> Option<Self> {
        if let Some(range) = key.strip_suffix("XX") {
            let range: u16 = range.parse().ok()?;
            return Some(Self {
                first: range * 100,
                last: range * 100 + 99,
            });
        }
        let code = key.parse().ok()?;
        Some(Self {
            first: code,
            last: code,
        })
    }
}

/// What the client does with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arm {
    /// A success without a body, where others have one: `None`.
    Nothing,
    /// An answer whose body the client leaves to the caller: `Error::UnexpectedResponse`.
    Unexpected,
}

/// Puts back into a document what progenitor was told otherwise.
pub(super) fn put_back(
    document: &mut Value,
    treatments: &BTreeMap<String, Treatment>,
    spelling: &Spelling,
) {
    walk::operations(document, &mut |_, operation| {
        let id = walk::text(operation, "operationId").unwrap_or_default();
        let Some(treatment) = treatments.get(id) else {
            return;
        };
        if let Some(responses) = &treatment.responses {
            let responses = Value::Object(responses.clone());
            operation.insert("responses".to_owned(), responses);
        }
        if let Some(body) = &treatment.body
            && let Some(of_draft) = walk::object_mut(operation.get_mut("requestBody"))
        {
            let content = Map::from_iter([(body.media_type.clone(), body.content.clone())]);
            of_draft.insert("content".to_owned(), Value::Object(content));
        }
        for parameter in walk::elements_mut(operation.get_mut("parameters")) {
            let Some(parameter) = parameter.as_object_mut() else {
                continue;
            };
            let name = spelling.read(walk::text(parameter, "name").unwrap_or_default());
            if treatment.cookies.contains(&name) {
                parameter.insert("in".to_owned(), Value::from("cookie"));
            } else if let Some(separator) = treatment.lists.get(&name)
                && walk::text(parameter, "in") == Some("query")
            {
                let style = match separator {
                    ' ' => "spaceDelimited",
                    '|' => "pipeDelimited",
                    _ => "form",
                };
                parameter.insert("style".to_owned(), Value::from(style));
                parameter.insert("explode".to_owned(), Value::Bool(false));
            }
        }
    });
}
