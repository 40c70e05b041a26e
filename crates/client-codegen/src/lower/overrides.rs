//! What has to be changed in the code that is generated for an operation.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::{NameMangler, walk};

/// What is done to an operation's generated code.
#[derive(Debug, Default)]
pub(crate) struct OperationOverrides {
    /// The body that the client really sends, where progenitor was told of another.
    pub(crate) body: Option<BodyOverride>,
    /// Whether a typed body may be left out.
    pub(crate) may_lack_body: bool,
    /// The media types of answers, where they are not `application/json`.
    pub(crate) accept: Option<String>,
    /// What to do with answers of some statuses, before anything else is looked at.
    pub(crate) arms: Vec<(StatusRange, ResponseArm)>,
    /// The unions of bodies, of which each status has its own member.
    pub(crate) bodies_by_status: Vec<BodyByStatus>,
    /// Whether answers of all other statuses are read as errors: `default`.
    pub(crate) catches_all: bool,
    /// The parameters that are written otherwise than progenitor would.
    pub(crate) styled: Vec<StyledParameter>,
    /// Header parameters that are really cookies.
    pub(crate) cookies: Vec<String>,
    /// The responses as the contract has them.
    pub(super) responses: Option<Map<String, Value>>,
}

/// What the body of an answer is, where the type of the operation's answers is a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BodyByStatus {
    /// Nothing for all statuses that are not named.
    pub(crate) statuses: Option<StatusRange>,
    /// The component that is the union.
    pub(crate) union: String,
    /// The component that is its member.
    pub(crate) member: String,
}

/// A request body that progenitor cannot make.
#[derive(Debug, Clone)]
pub(crate) struct BodyOverride {
    /// The media type in the contract.
    pub(crate) media_type: String,
    /// The media type object of the contract, lowered: `schema` and `encoding`.
    pub(crate) content: Value,
    /// Whether the operation needs it.
    pub(crate) required: bool,
    /// Whether progenitor is told of a stream of bytes, because it has no word for this body.
    pub(crate) is_stream: bool,
}

/// A parameter that the generated code writes in a style of its own.
#[derive(Debug, Clone)]
pub(crate) struct StyledParameter {
    /// Where the contract has it: `query`, `header`, `path` or `cookie`.
    pub(crate) place: String,
    /// Its name on the wire.
    pub(crate) name: String,
    pub(crate) style: ParameterStyle,
    /// Whether progenitor is told of a list of its type.
    pub(crate) is_hidden: bool,
    /// What the contract says of how it is written: `style`, `explode` or `content`.
    pub(super) written: Map<String, Value>,
}

/// How a parameter is written (OpenAPI 3.0.4, "Style Values").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterStyle {
    /// Its elements or members, each under a name.
    Exploded,
    /// Its members, each under its name and theirs in brackets.
    Deep,
    /// One text.
    Joined {
        /// What stands between elements and members.
        between: &'static str,
        /// What stands between the name of a member and its value.
        equals: &'static str,
    },
    /// One text behind a `.`.
    Label { explodes: bool },
    /// One text behind a `;`, with its name.
    Matrix { explodes: bool },
    /// One text of JSON.
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
            Self::Exploded => f.write_str("as its elements or members, each under its name"),
            Self::Deep => f.write_str("as its members, with brackets in their names"),
            Self::Joined { between, .. } => write!(f, "as one text, joined with `{between}`"),
            Self::Label { .. } => f.write_str("in the style `label`"),
            Self::Matrix { .. } => f.write_str("in the style `matrix`"),
            Self::Json => f.write_str("as JSON"),
        }
    }
}

impl OperationOverrides {
    /// How a parameter of the draft is written, if not as progenitor would; `name` is the one on the
    /// wire. A cookie is a header there.
    pub(super) fn styled_in_draft(
        &self,
        parameter: &Value,
        name: &str,
    ) -> Option<&StyledParameter> {
        let place = match walk::string_of(parameter, "in")? {
            "header" if self.cookies.iter().any(|cookie| cookie == name) => "cookie",
            place => place,
        };
        self.styled(place, name)
    }

    /// How a parameter is written, if not as progenitor would.
    pub(crate) fn styled(&self, place: &str, name: &str) -> Option<&StyledParameter> {
        let mut styled = self.styled.iter();
        styled.find(|styled| styled.place == place && styled.name == name)
    }
}

impl StyledParameter {
    /// Puts back what progenitor was not told.
    fn restore(&self, parameter: &mut Map<String, Value>) {
        let schema = parameter.shift_remove("schema").map(|mut schema| {
            let inner = schema.get_mut("items").filter(|_| self.is_hidden);
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

/// The statuses of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StatusRange {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

impl StatusRange {
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
pub(crate) enum ResponseArm {
    /// A success without a body, where others have one: `None`.
    Empty,
    /// An answer whose body the client leaves to the caller: `Error::UnexpectedResponse`.
    Unexpected,
}

/// Puts back into a document what progenitor was told otherwise.
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
