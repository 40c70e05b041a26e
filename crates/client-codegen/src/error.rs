//! Errors of generation.

use std::fmt;

use openapi_contract::Location;
use openapi_contract::document::{Document, JsonPointer};

/// Why no crate was generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The document is neither OpenAPI 3.0 nor 3.1.
    #[error(
        "the contract is {found}, but clients are generated from OpenAPI 3.0 and 3.1; \
         convert it to one of these versions"
    )]
    UnsupportedVersion {
        /// What was found instead of a supported version, such as `Swagger 2.0`.
        found: String,
    },
    /// A value of the contract is invalid.
    #[error("{}: {message}", location_or_pointer(.location, .pointer))]
    Malformed {
        /// The value, in the bundled contract.
        pointer: JsonPointer,
        /// The location of the value. `None` if the document is not at hand.
        location: Option<Box<Location>>,
        /// What is wrong and what is expected.
        message: String,
    },
    /// Several types of the client would have the same name.
    #[error(
        "several types of the client would have the same name: {}; rename their schemas, or give them \
         different titles",
        .names.join(", ")
    )]
    DuplicateTypes {
        /// The names.
        names: Vec<String>,
    },
    /// The contract has more types than a client can have.
    #[error(
        "{location}: the contract has more than {most} objects with properties, each of which becomes a \
         type; move repeated schemas to components, or split the contract"
    )]
    TooLarge {
        /// The location of the first schema over the limit.
        location: Box<Location>,
        /// The limit.
        most: usize,
    },
    /// Progenitor cannot generate code from the contract.
    #[error("progenitor cannot generate code from the contract{}", lines(.rejections))]
    Rejected {
        /// The operations and schemas that it rejects.
        rejections: Vec<Rejection>,
    },
    /// The lowered contract is not a valid OpenAPI 3.0 document.
    ///
    /// This is a bug of this crate, or of the contract in a part that the generator does not check.
    #[error("the lowered contract is invalid: {0}")]
    InvalidLowering(String),
    /// The example on the page of a rule cannot be parsed.
    #[error("the example of the rule is invalid: {0}")]
    InvalidExample(String),
    /// Progenitor's code is not what this crate expects.
    ///
    /// This is a bug of this crate, not of the contract.
    #[error(
        "unexpected code from progenitor: {0}; this is a bug of the generator, please report it"
    )]
    UnexpectedCode(String),
    /// The manifest of the crate cannot be updated.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// Why the manifest of a crate cannot be updated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The manifest is not TOML.
    #[error("Cargo.toml of the generated crate is not valid TOML: {0}")]
    Syntax(#[from] toml_edit::TomlError),
    /// An entry has the wrong type.
    #[error("`{key}` in Cargo.toml of the generated crate must be {expected}")]
    Type {
        /// The entry, such as `dependencies.serde`.
        key: String,
        /// The expected type.
        expected: &'static str,
    },
    /// `client-state` does not name a type.
    #[error("`package.metadata.openapi.client-state` must be the Rust path of a type, found `{0}`")]
    ClientState(String),
}

/// A part of the contract that progenitor rejects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The rejected operation; `None` if it is a component.
    pub operation: Option<OperationRef>,
    /// The name of the rejected component schema, if it is one.
    pub schema: Option<String>,
    /// The message of progenitor.
    pub message: String,
    /// What to do, if known.
    pub advice: Option<&'static str>,
}

/// An operation of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRef {
    /// The path template.
    pub path: String,
    /// The method, in lower case as in the contract.
    pub method: String,
    /// The operation ID, if it has one.
    pub operation_id: Option<String>,
}

impl GenerateError {
    /// A value of the contract that is invalid.
    pub(crate) fn malformed(pointer: JsonPointer, message: impl Into<String>) -> Self {
        Self::Malformed {
            pointer,
            location: None,
            message: message.into(),
        }
    }

    /// Generated code that is not Rust.
    pub(crate) fn unparsable(error: syn::Error) -> Self {
        Self::UnexpectedCode(error.to_string())
    }

    /// Adds the location in the contract. If the value itself is missing, its parent is shown.
    pub(crate) fn located_in(mut self, document: &Document) -> Self {
        if let Self::Malformed {
            pointer, location, ..
        } = &mut self
        {
            let mut known = Some(pointer.clone());
            while let Some(pointer) = known {
                if let Some(node) = document.at_pointer(pointer.as_str()) {
                    *location = Some(Box::new(Location::new(document, node, None)));
                    break;
                }
                known = pointer.parent().map(|(parent, _)| parent);
            }
        }
        self
    }
}

impl OperationRef {
    /// The JSON pointer of the operation in the contract.
    pub fn pointer(&self) -> JsonPointer {
        ["paths", &self.path, &self.method].into_iter().collect()
    }
}

impl fmt::Display for OperationRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.to_uppercase(), self.path)?;
        match &self.operation_id {
            Some(id) => write!(f, " ({id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.operation, &self.schema) {
            (Some(operation), _) => write!(f, "{operation}: {}", self.message)?,
            (None, Some(schema)) => write!(f, "schema `{schema}`: {}", self.message)?,
            (None, None) => write!(f, "components: {}", self.message)?,
        }
        match self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

fn lines(rejections: &[Rejection]) -> String {
    rejections
        .iter()
        .map(|rejection| format!("\n  {rejection}"))
        .collect()
}

fn location_or_pointer(location: &Option<Box<Location>>, pointer: &JsonPointer) -> String {
    match location {
        Some(location) => location.to_string(),
        None => format!("`{pointer}` of the contract"),
    }
}

/// What to do about a message of progenitor, if known.
pub(crate) fn advice(message: &str) -> Option<&'static str> {
    const ADVICE: &[(&str, &str)] = &[
        (
            "response_types.len() <= 1",
            "use one body schema for all 2xx responses of the operation and one for all its 4xx and \
             5xx responses, and replace `default` by `4XX` and `5XX`",
        ),
        (
            "unexpected content type",
            "use application/json, application/x-www-form-urlencoded, text/plain or \
             application/octet-stream for the request body",
        ),
        (
            "more media types than expected",
            "give the request body one media type",
        ),
        (
            "media type encoding",
            "give the media type a schema and no `encoding`",
        ),
        (
            "missing operation ID",
            "add an `operationId`: it names the method of the client",
        ),
        (
            "duplicate operation ID",
            "give each operation a different `operationId`",
        ),
        (
            "unique variant names",
            "make the enum values differ in more than case and punctuation",
        ),
        (
            "cookie parameters",
            "send the value in a header or the query",
        ),
        ("style of", "use the default `style` of the parameter"),
        (
            "parameter_data.required",
            "add `required: true` to the path parameter",
        ),
        (
            "missing path name mapping",
            "declare every `{name}` of the path as a path parameter",
        ),
        (
            "unresolved reference",
            "let the `$ref` refer to a component",
        ),
    ];
    ADVICE
        .iter()
        .find(|(part, _)| message.contains(part))
        .map(|(_, advice)| *advice)
}
