//! What the client does for each operation: no tokens.
//!
//! A plan has everything that the code of an operation follows from, and nothing of the code itself. The
//! client, its companions and the documentation are generated from the same plans.

mod bodies;
mod parameters;
mod responses;

use openapi_contract::model::{ParameterIn, StatusPattern};
use openapi_contract::rust_names;
use serde_json::Value;

use crate::error::GenerateError;
use crate::http_methods::METHODS;
use crate::lower::{Lowered, OperationOverrides, StreamKind, walk};

/// What the client does for an operation.
#[derive(Debug, Clone)]
pub(crate) struct OperationPlan {
    /// The `operationId` in the contract.
    pub(crate) id: String,
    /// The first tag.
    pub(crate) tag: Option<String>,
    /// The HTTP method in lower case.
    pub(crate) http_method: &'static str,
    /// The path template of the contract.
    pub(crate) path: String,
    /// The parameters, in the order of the contract.
    pub(crate) parameters: Vec<ParameterPlan>,
    pub(crate) body: Option<BodyPlan>,
    /// The value of `Accept`: the media types that the client reads.
    pub(crate) accept: Option<String>,
    /// The statuses of the contract, in its order.
    pub(crate) statuses: Vec<StatusPattern>,
    /// The stream that the operation responds with instead of JSON, if the caller asks for it.
    pub(crate) stream: Option<StreamPlan>,
    /// How responses are read, by status. More specific statuses come first, and the last applies to all
    /// others.
    pub(crate) responses: Vec<ResponsePlan>,
    /// Whether the request upgrades the connection to a web socket (`x-dropshot-websocket`).
    pub(crate) is_websocket: bool,
}

/// A parameter that the client sends.
#[derive(Debug, Clone)]
pub(crate) struct ParameterPlan {
    /// The name in the request.
    pub(crate) name: String,
    /// The setter of the builder, and its field.
    pub(crate) setter: String,
    pub(crate) location: ParameterIn,
    pub(crate) style: Style,
    pub(crate) required: bool,
    /// Whether progenitor gets an array of the parameter's type, because it rejects the type itself.
    pub(crate) is_wrapped_in_array: bool,
}

/// How a parameter is serialized (OpenAPI 3.0.4, "Style Values"). The names are those of the runtime crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Simple,
    SimpleExploded,
    Form,
    FormExploded,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Label,
    LabelExploded,
    Matrix,
    MatrixExploded,
    /// One JSON document.
    Json,
}

/// The body that the client sends.
#[derive(Debug, Clone)]
pub(crate) struct BodyPlan {
    /// The media type in the contract.
    pub(crate) media_type: String,
    pub(crate) kind: BodyKind,
    pub(crate) required: bool,
    /// The fields of a URL-encoded form that have an `encoding`.
    pub(crate) fields: Vec<FieldPlan>,
}

/// How a field of a URL-encoded form is serialized (OpenAPI 3.0.4, "Encoding Object").
#[derive(Debug, Clone)]
pub(crate) struct FieldPlan {
    pub(crate) name: String,
    pub(crate) style: Style,
    /// The media type, if the value is sent in it.
    pub(crate) content_type: Option<String>,
}

/// How a body is serialized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyKind {
    /// A generated type, as JSON.
    Json,
    /// A generated type, as a URL-encoded form.
    Form,
    /// A string.
    Text,
    /// Bytes or a stream of them.
    Bytes,
    /// A generated type for a multipart form.
    Multipart,
    /// Bytes with a media type that the caller chooses.
    Content,
}

/// How responses with some statuses are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResponsePlan {
    pub(crate) statuses: Statuses,
    pub(crate) reading: Reading,
}

/// A stream of items that an operation offers next to JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StreamPlan {
    pub(crate) statuses: Statuses,
    pub(crate) items: ItemsPlan,
}

/// A stream of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemsPlan {
    pub(crate) media_type: String,
    pub(crate) kind: StreamKind,
    /// The component with the schema of an item.
    pub(crate) component: String,
}

/// The statuses that a part of a plan applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statuses {
    /// From the first to the last, inclusive.
    Range(u16, u16),
    /// All others.
    Rest,
}

/// How a response is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As a success, with this body.
    Success(ResponseBody),
    /// As a declared error, with this body.
    Error(ResponseBody),
    /// As an error that the contract does not declare.
    Unexpected,
}

/// The body of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResponseBody {
    /// JSON of the type of the operation's success or error.
    Json {
        /// The media types other than JSON ones that contain the same.
        also: Vec<String>,
    },
    /// JSON of a variant of the operation's success or error.
    Variant {
        /// The component of the union.
        union: String,
        /// The component of the alternative.
        alternative: String,
    },
    /// A string.
    Text,
    /// Bytes that are not buffered.
    Stream,
    /// A stream of typed items.
    Items(ItemsPlan),
    /// No body, where other successes have one: `None`.
    Absent,
    /// No body.
    Empty,
    /// Another protocol.
    Upgrade,
}

impl OperationPlan {
    /// The method of the generated `Client`.
    pub(crate) fn client_method(&self) -> String {
        rust_names::method_name(&self.id)
    }

    /// The builder in the generated module `builder`.
    pub(crate) fn builder(&self) -> String {
        rust_names::builder_name(&self.id)
    }

    /// The literal parts and the parameters of the path, in order. Some contracts have a query in a path template.
    pub(crate) fn path_parts(&self) -> Vec<PathPart<'_>> {
        let mut parts = Vec::new();
        let mut rest = self.path.as_str();
        while let Some((literal, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else {
                break;
            };
            if !literal.is_empty() {
                parts.push(PathPart::Literal(literal));
            }
            parts.push(PathPart::Parameter(name));
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(PathPart::Literal(rest));
        }
        parts
    }
}

/// A part of a path template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathPart<'p> {
    Literal(&'p str),
    /// The name of a parameter.
    Parameter(&'p str),
}

/// Returns the plans of all operations, in the order of the contract. `document` is the contract as the client
/// implements it; the draft of `lowered` is the same contract as progenitor reads it.
pub(crate) fn plans(
    lowered: &Lowered<'_>,
    document: &Value,
) -> Result<Vec<OperationPlan>, GenerateError> {
    let mut plans = Vec::new();
    let none = OperationOverrides::default();
    let count = |of: &Value| walk::entries(of.get("paths")).count();
    if count(&lowered.draft) != count(document) {
        return Err(GenerateError::UnexpectedCode(
            "the number of paths in the document of progenitor".to_owned(),
        ));
    }
    let drafts = walk::entries(lowered.draft.get("paths"));
    let paths = drafts.zip(walk::entries(document.get("paths")));
    for ((draft_path, draft_item), (path, item)) in
        paths.filter(|(_, (path, _))| path.starts_with('/'))
    {
        if lowered.mangler.demangle(draft_path) != path {
            return Err(GenerateError::UnexpectedCode(format!(
                "the path `{path}` in the document of progenitor"
            )));
        }
        for http_method in METHODS {
            let (operation, draft) = match (item.get(http_method), draft_item.get(http_method)) {
                (Some(operation), Some(draft)) => (operation, draft),
                (None, None) => continue,
                (Some(_), None) | (None, Some(_)) => {
                    return Err(GenerateError::UnexpectedCode(format!(
                        "the operation {http_method} {path} in the document of progenitor"
                    )));
                }
            };
            let id = operation.get("operationId").and_then(Value::as_str);
            let id = id.unwrap_or_default();
            let source = PlanSource {
                operation,
                draft,
                overrides: lowered.overrides.get(id).unwrap_or(&none),
            };
            let (parameters, body) = (
                parameters::read(&source, lowered, id)?,
                bodies::read(&source),
            );
            plans.push(OperationPlan {
                parameters,
                body,
                accept: responses::accept(&source),
                statuses: walk::entries(operation.get("responses"))
                    .filter_map(|(status, _)| StatusPattern::parse(status))
                    .collect(),
                stream: responses::stream(&source),
                responses: responses::read(&source),
                is_websocket: operation.get("x-dropshot-websocket").is_some(),
                tag: operation
                    .pointer("/tags/0")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
                path: path.to_owned(),
                http_method,
                id: id.to_owned(),
            });
        }
    }
    Ok(plans)
}

/// What a plan is read from.
struct PlanSource<'a> {
    /// The operation as the client implements it.
    operation: &'a Value,
    /// The operation as progenitor reads it.
    draft: &'a Value,
    overrides: &'a OperationOverrides,
}

#[cfg(test)]
mod tests {
    use super::{OperationPlan, PathPart};

    #[test]
    fn path_templates_are_split_into_literals_and_parameters() {
        let plan = |path: &str| OperationPlan {
            id: String::new(),
            tag: None,
            http_method: "get",
            path: path.to_owned(),
            parameters: Vec::new(),
            body: None,
            accept: None,
            statuses: Vec::new(),
            responses: Vec::new(),
            stream: None,
            is_websocket: false,
        };
        use PathPart::{Literal, Parameter};
        assert_eq!(
            plan("/a/{b}.{c}/d").path_parts(),
            [
                Literal("/a/"),
                Parameter("b"),
                Literal("."),
                Parameter("c"),
                Literal("/d")
            ]
        );
        assert_eq!(plan("/a").path_parts(), [Literal("/a")]);
    }
}
