//! Errors of generation.

use openapi_contract::Location;
use openapi_contract::document::{Document, JsonPointer};

/// Why no crate was generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
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
    /// The contract has more types than a client can have.
    #[error(
        "{location}: the contract has more than {most} types; move repeated schemas to components, or split the contract"
    )]
    TooLarge {
        /// The location of the first schema over the limit.
        location: Box<Location>,
        /// The limit.
        most: usize,
    },
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
    /// A default of the plan is no value of its type.
    ///
    /// This is a bug of this crate, not of the contract.
    #[error("{0}; this is a bug of the generator, please report it")]
    InvalidDefault(#[from] InvalidDefault),
    /// An operation has no mock.
    #[error("the mock of the operation `{operation}` cannot be generated: {error}")]
    Mock {
        /// The `operationId`.
        operation: String,
        /// Why it has none.
        #[source]
        error: MockError,
    },
    /// The manifest of the crate cannot be updated.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// Why the mock of an operation cannot be generated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MockError {
    /// Two methods would have the same name.
    #[error("two of its methods would have the name `{0}`; rename the parameter")]
    DuplicateMethod(String),
    /// The path names a parameter that the operation does not have.
    #[error("its path has a parameter `{0}` that the operation does not have")]
    UnknownPathParameter(String),
    /// A path parameter does not occur in the path.
    #[error("its parameter `{0}` does not occur in the path")]
    NotInPath(String),
    /// The body of the request is JSON or a form, but has no type.
    #[error("the body of its request has no type")]
    UntypedBody,
    /// A stream of items has no type.
    #[error("the items of its response have no type")]
    UntypedItems,
    /// The client reads a declared status in no way.
    #[error("the client does not read its response with status {0}")]
    UnreadStatus(String),
}

/// A field has a default that is no value of its type.
#[derive(Debug, thiserror::Error)]
#[error("the default of `{field}` in `{type_name}` is no value of its type")]
pub struct InvalidDefault {
    pub(crate) type_name: String,
    pub(crate) field: String,
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

fn location_or_pointer(location: &Option<Box<Location>>, pointer: &JsonPointer) -> String {
    match location {
        Some(location) => location.to_string(),
        None => format!("`{pointer}` of the contract"),
    }
}
