//! The response headers of the API: the name, schema and value of each.
//!
//! The document and the responses are created from the same entries, so a header is sent if and only if it is documented.

use axum::http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};

use super::rate_limit::Count;
use super::schema;

/// What is known about a request when its response is written.
#[derive(Clone, Copy)]
pub(crate) struct ResponseContext<'a> {
    pub(crate) request_id: &'a str,
    /// `None` if the request was not counted.
    pub(crate) count: Option<Count>,
}

/// A response header.
pub(crate) struct HeaderEntry {
    /// The name as documented. In responses it is lowercase.
    pub(crate) name: &'static str,
    description: &'static str,
    schema: fn() -> Object,
    example: fn() -> Value,
    /// `None` if the context has no value for it.
    value: fn(ResponseContext<'_>) -> Option<HeaderValue>,
}

/// A header in the responses with a certain status.
pub(crate) struct HeaderUse {
    pub(crate) header: &'static HeaderEntry,
    pub(crate) required: bool,
}

impl HeaderUse {
    pub(crate) const fn required(header: &'static HeaderEntry) -> Self {
        Self {
            header,
            required: true,
        }
    }

    const fn optional(header: &'static HeaderEntry) -> Self {
        Self {
            header,
            required: false,
        }
    }

    /// The header of a response.
    pub(crate) fn to_header(
        &self,
        context: ResponseContext<'_>,
    ) -> Option<(HeaderName, HeaderValue)> {
        let name = HeaderName::from_bytes(self.header.name.as_bytes()).ok()?;
        let value = (self.header.value)(context);
        debug_assert!(
            value.is_some() || !self.required,
            "{} has no value",
            self.header.name
        );
        Some((name, value?))
    }

    /// The documentation of the header.
    pub(crate) fn document(&self) -> Header {
        let entry = self.header;
        HeaderBuilder::new()
            .description(Some(entry.description))
            .schema(Some((entry.schema)()))
            .example(Some((entry.example)()))
            // utoipa has no field for `required` of a header. Extensions become properties of the header object.
            .extensions(
                self.required
                    .then(|| Extensions::from_iter([("required", true)])),
            )
            .build()
    }
}

/// The headers of a response to a counted request.
pub(crate) const COUNTED: &[HeaderUse] = &[
    HeaderUse::required(&REQUEST_ID),
    HeaderUse::required(&LIMIT),
    HeaderUse::required(&REMAINING),
    HeaderUse::required(&RESET),
];

/// The headers of a response to a request over the limit.
pub(crate) const OVER_LIMIT: &[HeaderUse] = &[
    HeaderUse::required(&REQUEST_ID),
    HeaderUse::required(&LIMIT),
    HeaderUse::required(&REMAINING),
    HeaderUse::required(&RESET),
    HeaderUse::required(&RETRY_AFTER),
];

/// The headers of a response that may be sent before the request is counted.
pub(crate) const MAYBE_COUNTED: &[HeaderUse] = &[
    HeaderUse::required(&REQUEST_ID),
    HeaderUse::optional(&LIMIT),
    HeaderUse::optional(&REMAINING),
    HeaderUse::optional(&RESET),
];

/// The headers of a response to a request without a valid key.
pub(crate) const UNAUTHENTICATED: &[HeaderUse] = &[
    HeaderUse::required(&REQUEST_ID),
    HeaderUse::required(&AUTHENTICATE),
];

/// The id of the request.
pub(crate) static REQUEST_ID: HeaderEntry = HeaderEntry {
    name: "X-Request-Id",
    description: "The same value as `meta.request_id` in the body.",
    schema: schema::request_id,
    example: || json!("a1b2c3d4"),
    value: |context| HeaderValue::from_str(context.request_id).ok(),
};

static LIMIT: HeaderEntry = HeaderEntry {
    name: "X-RateLimit-Limit",
    description: "The number of requests the key may make in a window.",
    schema: || integer(1),
    example: || json!(60),
    value: |context| context.count.map(|count| count.limit.into()),
};

static REMAINING: HeaderEntry = HeaderEntry {
    name: "X-RateLimit-Remaining",
    description: "The number of requests that are left in the current window.",
    schema: || integer(0),
    example: || json!(59),
    value: |context| context.count.map(|count| count.remaining.into()),
};

static RESET: HeaderEntry = HeaderEntry {
    name: "X-RateLimit-Reset",
    description: "When the current window ends, in seconds of Unix time.",
    schema: || {
        let mut schema = integer(0);
        schema.format = Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
        schema
    },
    example: || json!(1_775_822_460),
    value: |context| context.count.map(|count| count.reset.into()),
};

static RETRY_AFTER: HeaderEntry = HeaderEntry {
    name: "Retry-After",
    description: "The number of seconds to wait before the next request.",
    schema: || integer(1),
    example: || json!(17),
    value: |context| Some(context.count?.retry_after?.into()),
};

static AUTHENTICATE: HeaderEntry = HeaderEntry {
    name: "WWW-Authenticate",
    description: "The scheme to authenticate with (RFC 9110, section 11.6.1).",
    schema: || {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some([CHALLENGE]))
            .build()
    },
    example: || json!(CHALLENGE),
    value: |_| Some(HeaderValue::from_static(CHALLENGE)),
};

const CHALLENGE: &str = "Bearer";

fn integer(minimum: i64) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(minimum))
        .build()
}
