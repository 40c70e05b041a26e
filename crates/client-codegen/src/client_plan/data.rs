//! The plans of operations.

use openapi_contract::document::NodeId;
use openapi_contract::model::{ParameterIn, SchemaId, StatusPattern};
use openapi_contract::rust_names;
use serde_json::Value;

use crate::types::{TypeId, TypeRef};

/// What the client does for an operation.
#[derive(Debug, Clone)]
pub(crate) struct OperationPlan {
    /// The `operationId` in the contract, or the one that the client uses instead.
    pub(crate) id: String,
    /// The operation object.
    pub(crate) node: NodeId,
    /// The first tag.
    pub(crate) tag: Option<String>,
    /// The HTTP method in lower case.
    pub(crate) http_method: &'static str,
    /// The path template of the contract.
    pub(crate) path: String,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) deprecated: bool,
    /// The parameters, in the order of the contract: those of the path item come first.
    pub(crate) parameters: Vec<ParameterPlan>,
    pub(crate) body: Option<BodyPlan>,
    /// The value of `Accept`: the media types that the client reads.
    pub(crate) accept: Option<String>,
    /// The statuses of the contract, in its order.
    pub(crate) statuses: Vec<StatusPattern>,
    /// The stream that the operation responds with instead of JSON, if the caller asks for it.
    pub(crate) stream: Option<StreamPlan>,
    /// How responses are read, by status. More specific statuses come first, and the last applies to all others.
    pub(crate) responses: Vec<ResponsePlan>,
    /// What a success holds.
    pub(crate) success: ResultType,
    /// What a declared error holds.
    pub(crate) error: ResultType,
    /// The headers of the responses that declare some, in the order of the contract.
    pub(crate) response_headers: Vec<ResponseHeaders>,
    /// The security alternatives, each with the names of the schemes that are needed together. An empty alternative
    /// needs none.
    pub(crate) security: Vec<Vec<String>>,
    /// The `x-pagination` of the operation.
    pub(crate) pagination: Option<Pagination>,
    /// The items of the pages of an operation with `x-dropshot-pagination`, if the client can stream them.
    pub(crate) dropshot_items: Option<TypeRef>,
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
    /// Never nullable: null cannot be sent.
    pub(crate) ty: TypeRef,
    pub(crate) schema: SchemaId,
    /// What the server uses instead of a missing value.
    pub(crate) default: Option<Value>,
    /// Markdown; empty if the contract describes nothing.
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
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
    pub(crate) required: bool,
    /// Markdown; empty if the contract describes nothing.
    pub(crate) doc: String,
    /// What the body can be, the preferred content first. The caller chooses.
    pub(crate) contents: Vec<ContentPlan>,
}

/// A body in the media type that the client prefers of those with one schema.
#[derive(Debug, Clone)]
pub(crate) struct ContentPlan {
    /// The media type in the contract.
    pub(crate) media_type: String,
    /// The other media types with the same schema, in order of preference.
    pub(crate) also: Vec<String>,
    pub(crate) kind: BodyKind,
    /// The type of JSON and of URL-encoded forms.
    pub(crate) ty: Option<TypeRef>,
    /// The schema, if the contract declares one.
    pub(crate) schema: Option<SchemaId>,
    /// The fields of a URL-encoded form that have an `encoding`.
    pub(crate) fields: Vec<FieldPlan>,
    /// The parts of a multipart form, in the order of the contract.
    pub(crate) parts: Vec<PartPlan>,
    /// The setter of the builder.
    pub(crate) setter: String,
}

/// How a field of a URL-encoded form is serialized (OpenAPI 3.0.4, "Encoding Object").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldPlan {
    pub(crate) name: String,
    pub(crate) style: Style,
    /// The media type, if the value is sent in it.
    pub(crate) content_type: Option<String>,
}

/// A part of a multipart form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PartPlan {
    /// The name of the property.
    pub(crate) name: String,
    /// The setter of the form.
    pub(crate) setter: String,
    pub(crate) kind: PartKind,
    /// Whether the property is an array, with one part per item.
    pub(crate) is_list: bool,
    pub(crate) required: bool,
    /// Markdown; empty if the contract describes nothing.
    pub(crate) doc: String,
    /// The media type of the part, if `encoding` names one.
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Vec<PartHeaderPlan>,
}

/// A header of a part of a multipart form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartHeaderPlan {
    pub(crate) name: String,
    pub(crate) required: bool,
    /// Markdown; empty if the contract describes nothing.
    pub(crate) doc: String,
}

/// How a part is sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PartKind {
    File,
    /// A string.
    Word,
    /// A scalar of this type, as a string.
    Text(TypeRef),
    /// JSON of this type.
    Json(TypeRef),
    /// A file or any other content that is not JSON.
    Content,
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
        ty: TypeRef,
        /// The media type in the contract.
        media_type: String,
        /// The media types other than JSON ones that contain the same.
        also: Vec<String>,
    },
    /// JSON of a variant of the operation's success or error.
    Variant(VariantPlan),
    /// JSON of a variant for each media type. Media types that the contract does not declare are read as the first.
    ByMediaType(Vec<VariantPlan>),
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

/// JSON that is a variant of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VariantPlan {
    pub(crate) union: TypeId,
    /// The Rust name of the variant.
    pub(crate) variant: String,
    /// Whether the variant has a box of the type.
    pub(crate) is_boxed: bool,
    /// The type of the JSON.
    pub(crate) ty: TypeRef,
    /// The media type in the contract.
    pub(crate) media_type: String,
    /// The other media types that contain the same; JSON ones only in [`ResponseBody::ByMediaType`].
    pub(crate) also: Vec<String>,
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
    /// The schema of an item.
    pub(crate) schema: SchemaId,
    /// The type of an item.
    pub(crate) ty: TypeRef,
}

/// How the items of a stream are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamKind {
    /// Server-sent events (WHATWG HTML, "Server-sent events").
    Events,
    /// One JSON value for each line, or a JSON text sequence (RFC 7464).
    JsonLines,
}

/// What a success or an error of an operation holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResultType {
    Json(TypeRef),
    /// `Option` of the type: some responses have no body.
    OptionalJson(TypeRef),
    /// A string.
    Text,
    /// A stream of bytes.
    Bytes,
    /// A stream of items.
    Items(ItemsPlan),
    /// Nothing.
    Empty,
    /// The upgraded connection.
    Upgraded,
}

/// The headers of a response.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ResponseHeaders {
    pub(crate) status: StatusPattern,
    /// In the order of the contract.
    pub(crate) headers: Vec<HeaderPlan>,
}

/// A response header.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeaderPlan {
    /// The name as written.
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) schema: SchemaId,
    /// A scalar, or a `Vec` of scalars.
    pub(crate) ty: TypeRef,
    /// Markdown; empty if the contract describes nothing.
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
}

/// How pages are requested. Parameters are indexes of [`OperationPlan::parameters`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pagination {
    pub(crate) style: PaginationStyle,
    /// JSON pointer to the items in the response body.
    pub(crate) items: String,
}

/// How the next page is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PaginationStyle {
    /// By an increasing number in a query parameter.
    Counted {
        step: PageStep,
        parameter: usize,
        /// The default number of the first page.
        first: u64,
        /// The parameter with the maximum number of items per page, and its default.
        limit: Option<(usize, Option<u64>)>,
        /// JSON pointer to the page size.
        size: Option<String>,
        /// JSON pointer to the total number of items or pages.
        total: Option<String>,
        /// JSON pointer to whether there is another page.
        more: Option<String>,
    },
    /// By a cursor from the response body, sent in a query parameter.
    Cursor {
        parameter: usize,
        /// JSON pointer to the cursor.
        next: String,
        /// JSON pointer to whether there is another page.
        more: Option<String>,
    },
    /// By the URL in the `Link` header.
    Link,
}

/// The increment of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageStep {
    /// The number of items on the page.
    Items,
    /// One.
    Page,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SchemePlan {
    /// The name in the contract.
    pub(crate) name: String,
    pub(crate) kind: SchemeKind,
    /// Whether the contract declares it.
    pub(crate) is_declared: bool,
    /// Markdown; empty if the contract describes nothing.
    pub(crate) doc: String,
    /// The URL of the token endpoint of the OAuth 2 client credentials grant.
    pub(crate) client_credentials_url: Option<String>,
    /// The URL of the token endpoint of the OAuth 2 refresh token grant.
    pub(crate) refresh_url: Option<String>,
}

/// How the credentials of a scheme are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SchemeKind {
    /// In `Authorization`, after this scheme name.
    Token(String),
    Basic,
    Header(String),
    Query(String),
    Cookie(String),
    /// Not by the generated code: client certificates and unknown schemes.
    Outside,
}

/// A tag that the contract declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TagPlan {
    pub(crate) name: String,
    /// Markdown; empty if the contract describes nothing.
    pub(crate) doc: String,
}

/// A server of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerPlan {
    pub(crate) url: String,
    /// Empty if the contract describes nothing.
    pub(crate) description: String,
    pub(crate) variables: Vec<ServerVariablePlan>,
}

/// A variable in the URL of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerVariablePlan {
    pub(crate) name: String,
    pub(crate) default: String,
    /// The allowed values; empty if all are.
    pub(crate) values: Vec<String>,
}

/// A part of a path template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathPart<'p> {
    Literal(&'p str),
    /// The name of a parameter.
    Parameter(&'p str),
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
        path_parts(&self.path)
    }

    /// How a response with this status is read.
    pub(crate) fn reading(&self, status: u16) -> &Reading {
        let mut responses = self.responses.iter();
        let found = responses.find(|response| response.statuses.contain(status));
        found.map_or(&Reading::Unexpected, |response| &response.reading)
    }
}

/// The literal parts and the parameters of a path template.
pub(super) fn path_parts(path: &str) -> Vec<PathPart<'_>> {
    let mut parts = Vec::new();
    let mut rest = path;
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

impl BodyPlan {
    /// The content that the setter `body` takes.
    pub(crate) fn preferred(&self) -> Option<&ContentPlan> {
        self.contents.first()
    }
}

impl BodyKind {
    /// Whether the body has no generated type of JSON values.
    pub(crate) const fn is_raw(self) -> bool {
        !matches!(self, Self::Json | Self::Form)
    }
}

impl StreamKind {
    /// The kind of a media type; `None` if its content is no stream of items.
    pub(crate) fn of(essence: &str) -> Option<Self> {
        match essence {
            "text/event-stream" => Some(Self::Events),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonl"
            | "application/json-seq" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

impl Statuses {
    /// All statuses of successes.
    pub(super) const SUCCESS: Self = Self::Range(200, 299);

    /// The statuses of a key of `responses`.
    pub(crate) fn of(pattern: StatusPattern) -> Self {
        match pattern {
            StatusPattern::Code(code) => Self::Range(code, code),
            StatusPattern::Range(hundred) => Self::Range(hundred * 100, hundred * 100 + 99),
            StatusPattern::Default => Self::Rest,
        }
    }

    pub(super) fn width(self) -> u32 {
        match self {
            Self::Range(first, last) => u32::from(last) - u32::from(first),
            Self::Rest => u32::MAX,
        }
    }

    /// Whether a status is one of these.
    pub(crate) fn contain(self, status: u16) -> bool {
        match self {
            Self::Range(first, last) => (first..=last).contains(&status),
            Self::Rest => true,
        }
    }
}
