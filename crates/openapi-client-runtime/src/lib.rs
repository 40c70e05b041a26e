#![doc = include_str!("../README.md")]

pub mod auth;
mod byte_stream;
mod client;
mod content;
mod convert;
mod error;
mod form;
pub mod headers;
mod hooks;
mod media_type;
#[cfg(feature = "multipart")]
pub mod multipart;
pub mod nullable;
#[cfg(feature = "oauth2")]
pub mod oauth2;
pub mod pages;
mod request;
mod response;
mod response_value;
#[cfg(feature = "retry")]
pub mod retry;
mod server;
mod shown;
pub mod stream;
pub mod style;
mod timeouts;
mod url_query;

pub use byte_stream::{ByteStream, InnerByteStream};
pub use client::{ClientHooks, ClientInfo, OperationInfo};
pub use content::Content;
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
