//! What the draft cannot express of an operation, and its plan needs.

use std::collections::BTreeMap;
use std::fmt;

use openapi_contract::model::StatusPattern;
use serde_json::{Map, Value};

use super::{NameMangler, walk};

/// Behavior of a generated operation that the draft cannot express.
#[derive(Debug, Default)]
pub(crate) struct OperationOverrides {
    /// The request body of the contract, if the draft declares a different one.
    pub(crate) body: Option<BodyOverride>,
    /// Whether a typed body is optional.
    pub(crate) may_lack_body: bool,
    /// How to treat responses with some statuses, before all other rules.
    pub(crate) arms: Vec<(StatusRange, ResponseArm)>,
    /// The alternatives of union bodies, by status.
    pub(crate) bodies_by_status: Vec<BodyByStatus>,
    /// Whether responses with all other statuses are errors: `default`.
    pub(crate) catches_all: bool,
    /// The parameters that progenitor would serialize differently.
    pub(crate) styled: Vec<StyledParameter>,
    /// The header parameters of the draft that are cookies in the contract.
    pub(crate) cookies: Vec<String>,
    /// The responses of the contract.
    pub(super) responses: Option<Map<String, Value>>,
}

/// The type of the body for a status, if the bodies of the operation are a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BodyByStatus {
    /// `None`: all statuses that the contract does not declare.
    pub(crate) statuses: Option<StatusRange>,
    /// The component of the union.
    pub(crate) union: String,
    /// The component of the alternative.
    pub(crate) alternative: String,
}

/// A request body that progenitor does not support.
#[derive(Debug, Clone)]
pub(crate) struct BodyOverride {
    /// The media type in the contract.
    pub(crate) media_type: String,
    /// The media type object of the contract, lowered: `schema` and `encoding`.
    pub(crate) content: Value,
    /// Whether the body is required.
    pub(crate) required: bool,
    /// Whether the draft declares a stream of bytes instead.
    pub(crate) is_stream: bool,
}

/// A parameter that the generated code serializes in a style that progenitor does not support.
#[derive(Debug, Clone)]
pub(crate) struct StyledParameter {
    /// The location of the parameter in the contract: `query`, `header`, `path` or `cookie`.
    pub(crate) location: String,
    /// The name of the parameter on the wire.
    pub(crate) name: String,
    /// Whether the draft declares an array of its type.
    pub(crate) is_wrapped_in_array: bool,
    /// `style`, `explode` and `content` in the contract.
    pub(super) written: Map<String, Value>,
}

/// How a parameter is serialized (OpenAPI 3.0.4, "Style Values").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterStyle {
    /// Each element or property as its own name and value.
    Exploded,
    /// Each property, with its name in brackets after that of the parameter.
    Deep,
    /// One string.
    Joined {
        /// The separator of elements and properties.
        between: &'static str,
        /// The separator of the name of a property and its value.
        equals: &'static str,
    },
    /// One string after a `.`.
    Label { explodes: bool },
    /// One string after a `;` and the name.
    Matrix { explodes: bool },
    /// JSON.
    Json,
}

impl ParameterStyle {
    pub(super) const fn joined(between: &'static str, equals: &'static str) -> Self {
        Self::Joined { between, equals }
    }
}

impl fmt::Display for ParameterStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exploded => f.write_str("as one value per element or property"),
            Self::Deep => f.write_str("in the style `deepObject`"),
            Self::Joined { between, .. } => write!(f, "as one string, separated by `{between}`"),
            Self::Label { .. } => f.write_str("in the style `label`"),
            Self::Matrix { .. } => f.write_str("in the style `matrix`"),
            Self::Json => f.write_str("as JSON"),
        }
    }
}

impl OperationOverrides {
    /// The style of a parameter of the draft, where cookies are headers. `name` is the name on the wire.
    pub(super) fn styled_in_draft(
        &self,
        parameter: &Value,
        name: &str,
    ) -> Option<&StyledParameter> {
        let location = match walk::string_of(parameter, "in")? {
            "header" if self.cookies.iter().any(|cookie| cookie == name) => "cookie",
            location => location,
        };
        self.styled(location, name)
    }

    /// The style of a parameter, if progenitor would serialize it differently.
    pub(crate) fn styled(&self, location: &str, name: &str) -> Option<&StyledParameter> {
        let mut styled = self.styled.iter();
        styled.find(|styled| styled.location == location && styled.name == name)
    }
}

impl StyledParameter {
    /// Restores the parameter of the contract.
    fn restore(&self, parameter: &mut Map<String, Value>) {
        let schema = parameter.shift_remove("schema").map(|mut schema| {
            let inner = schema.get_mut("items").filter(|_| self.is_wrapped_in_array);
            inner.map(Value::take).unwrap_or(schema)
        });
        parameter.extend(self.written.clone());
        let content = walk::object_mut(parameter.get_mut("content"));
        let media_type =
            content.and_then(|content| content.values_mut().find_map(Value::as_object_mut));
        match media_type {
            Some(media_type) => {
                media_type.extend(schema.map(|schema| ("schema".to_owned(), schema)))
            }
            None => parameter.extend(schema.map(|schema| ("schema".to_owned(), schema))),
        }
    }
}

/// The statuses of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StatusRange {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

impl StatusRange {
    /// The statuses of a key of `responses`; nothing for `default`.
    pub(crate) fn of(key: &str) -> Option<Self> {
        let (first, last) = match StatusPattern::parse(key)? {
            StatusPattern::Code(code) => (code, code),
            StatusPattern::Range(hundred) => (hundred * 100, hundred * 100 + 99),
            StatusPattern::Default => return None,
        };
        Some(Self { first, last })
    }
}

/// How the client treats a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseArm {
    /// A success without a body, next to others with one: `None`.
    Empty,
    /// A response that is returned unread: `Error::UnexpectedResponse`.
    Unexpected,
}

/// Replaces the parts of a draft that progenitor required by those that the contract declares.
pub(super) fn restore_contract(
    document: &mut Value,
    overrides: &BTreeMap<String, OperationOverrides>,
    mangler: &NameMangler,
) {
    walk::operations(document, &mut |_, operation| {
        let id = walk::string(operation, "operationId").unwrap_or_default();
        let Some(operation_overrides) = overrides.get(id) else {
            return;
        };
        if let Some(responses) = &operation_overrides.responses {
            let responses = Value::Object(responses.clone());
            operation.insert("responses".to_owned(), responses);
        }
        if let Some(body) = &operation_overrides.body
            && let Some(of_draft) = walk::object_mut(operation.get_mut("requestBody"))
        {
            let content = Map::from_iter([(body.media_type.clone(), body.content.clone())]);
            of_draft.insert("content".to_owned(), Value::Object(content));
        }
        for parameter in walk::elements_mut(operation.get_mut("parameters")) {
            let name = mangler.demangle(walk::string_of(parameter, "name").unwrap_or_default());
            let styled = operation_overrides.styled_in_draft(parameter, &name);
            let Some(parameter) = parameter.as_object_mut() else {
                continue;
            };
            if operation_overrides.cookies.contains(&name) {
                parameter.insert("in".to_owned(), Value::from("cookie"));
            }
            if let Some(styled) = styled {
                styled.restore(parameter);
            }
        }
    });
}
