#![doc = include_str!("../README.md")]

pub mod auth;
mod builder;
mod byte_stream;
mod client;
mod constrained_string;
mod content;
mod conversion_error;
mod convert;
mod error;
mod form;
pub mod headers;
mod hooks;
mod integer_enum;
mod media_type;
#[cfg(feature = "multipart")]
pub mod multipart;
pub mod nullable;
#[cfg(feature = "oauth2")]
pub mod oauth2;
pub mod pages;
mod parsed;
mod request;
mod response;
mod response_value;
#[cfg(feature = "retry")]
pub mod retry;
mod schema;
mod server;
mod shown;
pub mod stream;
mod string_enum;
pub mod style;
mod timeouts;
mod union;
mod url_query;
mod wrapper;

pub use byte_stream::{ByteStream, InnerByteStream};
pub use client::{ClientHooks, ClientInfo, OperationInfo};
pub use content::Content;
pub use conversion_error::ConversionError;
pub use convert::{convert, convert_field};
pub use error::Error;
pub use form::FieldEncoding;
pub use hooks::ClientState;
pub use nullable::Nullable;
pub use request::Request;
pub use response::Response;
pub use response_value::{RawResponse, ResponseValue};
pub use server::{Server, ServerError, ServerVariable};
pub use stream::{Event, EventStream, JsonLines, StreamError, TextEvents};
pub use style::Style;
pub use timeouts::{Timeouts, http_client};
// Part of the public interface.
pub use reqwest;

/// What the macros use.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "schemars")]
    pub use schemars;
    pub use {serde, serde_json};

    pub use crate::builder::{field_name, missing_field};
    #[cfg(feature = "patterns")]
    pub use crate::constrained_string::Pattern;
    pub use crate::constrained_string::{check_max_length, check_min_length};
    pub use crate::conversion_error::unknown_value;
    pub use crate::integer_enum::deserialize_integer;
    pub use crate::parsed::deserialize_parsed;
    #[cfg(feature = "schemars")]
    pub use crate::schema::{
        StringConstraints, any_of, enum_schema, one_of, tagged_schema, type_schema,
    };
    pub use crate::union::{Reader, read_tagged, read_untagged, write_tagged};
}
