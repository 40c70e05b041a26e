//! The canonical model: equal contracts have equal models, however they are written.

mod contract;
mod emit;
mod encoding;
mod fingerprint;
mod formats;
pub(crate) mod media_type;
mod number;
mod print;
mod problem;
mod read;
mod schema;
mod security;

pub use crate::http::{ParameterIn, StatusPattern};
pub use contract::{
    Body, Contract, Dialect, Header, Operation, OperationKey, Parameter, ParameterKey, RequestBody,
    Response, ServerOverride, is_framing_header, is_header_name, is_ignored_header,
};
pub use emit::canonical_schema_json;
pub use encoding::{ParameterEncoding, ParameterStyle, StyledEncoding};
pub(crate) use fingerprint::Fingerprints;
pub(crate) use formats::{format_range, is_checked_format};
pub use media_type::{MediaType, is_json};
pub use number::{Bound, Num};
pub use print::canonical_json;
pub use problem::{InvalidContract, Problem, ProblemKind};
pub(crate) use read::is_same;
pub(crate) use schema::is_constrained;
pub use schema::{
    Annotations, ArrayConstraints, Booleans, NumberConstraints, ObjectConstraints, Opaque, Schema,
    SchemaId, Schemas, StringConstraints, Union,
};
pub use security::{ApiKeyLocation, SecurityRequirement, SecurityScheme};
