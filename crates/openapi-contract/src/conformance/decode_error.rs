//! Why a parameter, a header or a body cannot be decoded.

/// Why a string does not match the encoding of its parameter, header or form field.
#[derive(Debug, thiserror::Error)]
pub(super) enum ValueError {
    #[error("not valid JSON: {0}")]
    Json(serde_json::Error),
    #[error("a value of style `label` must start with `.`")]
    LabelPrefix,
    #[error("a value of style `matrix` must start with `;`")]
    MatrixPrefix,
    #[error("a value of style `matrix` must start with `;{name}=`")]
    MatrixName { name: String },
    #[error("sent {count} times, but it can have only one value")]
    Repeated { count: usize },
}

/// Why a body does not match its content type.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the request has a body but no content-type")]
    NoContentType,
    #[error("the body is not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("field `{name}`: {error}")]
    Field { name: String, error: ValueError },
    #[error("the content-type has no boundary")]
    NoBoundary,
    #[error("the form has no closing boundary")]
    NoClosingBoundary,
    #[error("a part of the form has no headers")]
    NoPartHeaders,
    #[error("a part of the form has no name")]
    NoPartName,
    #[error("part `{name}`: the body is not valid JSON: {error}")]
    PartJson {
        name: String,
        error: serde_json::Error,
    },
}
