//! What can keep a client from being generated, in words that help.

use std::fmt;

use openapi_contract::document::escape_token;

/// Why no client was generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The document is neither OpenAPI 3.0 nor 3.1.
    #[error(
        "the contract is {found}, but clients are generated from OpenAPI 3.0 and 3.1; \
         write it in one of these, or convert it"
    )]
    UnsupportedVersion {
        /// What it is instead.
        found: String,
    },
    /// The document is OpenAPI 3.0 by name, but not by content.
    #[error("the contract is malformed at `{at}`: {message}")]
    Malformed {
        /// The operation, as `paths./media.get.responses`.
        at: String,
        /// What is wrong there.
        message: String,
    },
    /// A reference of the contract leads nowhere.
    #[error("{location}: {message}")]
    Reference {
        /// The operation of the `$ref`.
        location: String,
        /// What is wrong with it.
        message: String,
    },
    /// Types of the client would have one name.
    #[error(
        "the client would have several types called {}; give their schemas other names or titles",
        .names.join(", ")
    )]
    DuplicateTypes {
        /// The names.
        names: Vec<String>,
    },
    /// A client of the contract would be larger than any compiler takes.
    #[error(
        "{location}: the contract has more than {most} objects with properties, each of which would be \
         a type; write what is there more than once as a component, or split the contract"
    )]
    TooLarge {
        /// The operation of the first that is too many.
        location: String,
        /// How many there can be.
        most: usize,
    },
    /// The document is valid, but progenitor cannot generate a client from it.
    #[error("progenitor cannot generate a client from the contract{}", list(.rejections))]
    Rejected {
        /// What it refuses, one entry for each operation concerned.
        rejections: Vec<Rejection>,
    },
    /// The generated code is not of the shape that this crate reads.
    ///
    /// This is a fault of this crate or a new shape of progenitor's, not of the contract.
    #[error("the generated code cannot be read: {0}")]
    UnexpectedCode(String),
    /// The manifest of the client crate cannot be kept up to date.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// Why the manifest of the client crate cannot be kept up to date.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The manifest is not TOML.
    #[error("Cargo.toml of the client crate is not valid TOML: {0}")]
    Syntax(#[from] toml_edit::TomlError),
    /// An entry has a type that it cannot have.
    #[error("`{key}` in Cargo.toml of the client crate must be {expected}")]
    Type {
        /// The entry, as `dependencies.serde`.
        key: String,
        /// What it must be.
        expected: &'static str,
    },
    /// `client-state` does not name a type.
    #[error("`package.metadata.openapi.client-state` is not a Rust path: `{0}`")]
    ClientState(String),
}

/// Something in the contract that progenitor refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The operation that is refused; none when the components already are.
    pub operation: Option<OperationRef>,
    /// The name of the component schema that is refused, where it is one.
    pub schema: Option<String>,
    /// Progenitor's own words.
    pub message: String,
    /// What to do about it, where that is known.
    pub advice: Option<&'static str>,
}

/// An operation of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRef {
    /// The path template.
    pub path: String,
    /// The method, in lower case as in the contract.
    pub method: String,
    /// The operation's id, if it has one.
    pub operation_id: Option<String>,
}

impl GenerateError {
    /// Generated code that is not Rust.
    pub(crate) fn unparsable(error: syn::Error) -> Self {
        Self::UnexpectedCode(error.to_string())
    }
}

impl OperationRef {
    /// The JSON pointer of the operation in the contract.
    pub fn pointer(&self) -> String {
        format!("/paths/{}/{}", escape_token(&self.path), self.method)
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

fn list(rejections: &[Rejection]) -> String {
    rejections
        .iter()
        .map(|rejection| format!("\n  {rejection}"))
        .collect()
}

/// What to do about a message of progenitor's, where that is known.
pub(crate) fn advice(message: &str) -> Option<&'static str> {
    const ADVICE: &[(&str, &str)] = &[
        (
            "response_types.len() <= 1",
            "give all 2xx answers of the operation one body schema, and all its 4xx and 5xx answers \
             one, and replace `default` by `4XX` and `5XX`",
        ),
        (
            "unexpected content type",
            "a request body must be application/json, application/x-www-form-urlencoded, text/plain \
             or application/octet-stream",
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
            "give each operation an `operationId` of its own",
        ),
        (
            "unique variant names",
            "enum values must differ in more than case and punctuation",
        ),
        (
            "cookie parameters",
            "send the value in a header or in the query",
        ),
        ("style of", "use the default `style` of the parameter"),
        (
            "parameter_data.required",
            "a path parameter needs `required: true`",
        ),
        (
            "missing path name mapping",
            "declare every `{name}` of the path as a path parameter",
        ),
        (
            "unresolved reference",
            "point the `$ref` at a whole component",
        ),
    ];
    ADVICE
        .iter()
        .find(|(part, _)| message.contains(part))
        .map(|(_, advice)| *advice)
}
