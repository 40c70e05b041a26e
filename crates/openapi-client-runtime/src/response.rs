//! How the bodies of responses are decoded.

use std::future::poll_fn;
use std::pin::pin;

use bytes::BytesMut;
use futures_core::Stream as _;
use reqwest::header::HeaderMap;
use serde::de::{DeserializeOwned, Error as _};

use crate::byte_stream::ByteStream;
use crate::error::Error;
use crate::media_type::{MediaType, charset};
use crate::response_value::{Head, RawResponse, ResponseValue};
use crate::stream::{EventStream, JsonLines};

/// The subtypes of `application` with one JSON value per line.
const LINES: &[&str] = &["x-ndjson", "ndjson", "jsonl", "x-jsonlines", "json-lines"];

/// A response of which only the status and the headers were read.
///
/// Generated clients choose one of the methods by status.
#[derive(Debug)]
pub struct Response(reqwest::Response);

impl From<reqwest::Response> for Response {
    fn from(response: reqwest::Response) -> Self {
        Self(response)
    }
}

impl Response {
    /// Returns the status.
    pub fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// Returns whether the response has one of these media types, whatever its parameters.
    pub fn has_media_type(&self, media_types: &[&str]) -> bool {
        MediaType::of(self.0.headers()).is_one_of(media_types)
    }

    /// Reads a JSON body.
    ///
    /// # Errors
    ///
    /// [`Error::UnexpectedResponse`] if the response has a media type that is neither JSON (`*/json` or
    /// `*/*+json`) nor in `also`; [`Error::InvalidResponsePayload`] if the body is not a `T`;
    /// [`Error::ResponseBodyError`] if it did not arrive.
    pub async fn json<T: DeserializeOwned, E>(
        self,
        also: &[&str],
    ) -> Result<ResponseValue<T>, Error<E>> {
        let raw = self.read_json(also).await?;
        decoded(raw)
    }

    /// Reads a JSON body. An empty body and a JSON null are `None`.
    ///
    /// # Errors
    ///
    /// The errors of [`json`](Self::json).
    pub async fn optional_json<T: DeserializeOwned, E>(
        self,
        also: &[&str],
    ) -> Result<ResponseValue<Option<T>>, Error<E>> {
        let raw = self.read().await?;
        if raw.body().is_empty() {
            return Ok(raw.with(None));
        }
        decoded(checked(raw, also)?)
    }

    /// Reads a JSON body of type `B`, and converts it.
    ///
    /// # Errors
    ///
    /// The errors of [`json`](Self::json).
    pub async fn json_into<B: DeserializeOwned, T, E>(
        self,
        also: &[&str],
        into: impl FnOnce(B) -> T,
    ) -> Result<ResponseValue<T>, Error<E>> {
        Ok(self.json::<B, E>(also).await?.map(into))
    }

    /// Reads the JSON body of an error response.
    ///
    /// # Errors
    ///
    /// Always: [`Error::ErrorResponse`], or an error of [`json`](Self::json).
    pub async fn json_error<T, E: DeserializeOwned>(self, also: &[&str]) -> Result<T, Error<E>> {
        Err(Error::ErrorResponse(self.json::<E, E>(also).await?))
    }

    /// Reads the JSON body of an error response, which has type `B`, and converts it.
    ///
    /// # Errors
    ///
    /// Always: [`Error::ErrorResponse`], or an error of [`json`](Self::json).
    pub async fn json_error_into<B: DeserializeOwned, T, E>(
        self,
        also: &[&str],
        into: impl FnOnce(B) -> E,
    ) -> Result<T, Error<E>> {
        let response = self.json::<B, E>(also).await?;
        Err(Error::ErrorResponse(response.map(into)))
    }

    /// Reads a body that is a string.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidResponsePayload`] if the body is not UTF-8, or has another `charset`;
    /// [`Error::ResponseBodyError`] if it did not arrive.
    pub async fn text<E>(self) -> Result<ResponseValue<String>, Error<E>> {
        let raw = self.read().await?;
        match text(&raw) {
            Ok(text) => Ok(raw.with(text)),
            Err(message) => {
                let error = serde_json::Error::custom(message);
                Err(Error::InvalidResponsePayload(raw, error))
            }
        }
    }

    /// Reads the body of an error response that is a string.
    ///
    /// # Errors
    ///
    /// Always: [`Error::ErrorResponse`], or an error of [`text`](Self::text).
    pub async fn text_error<T>(self) -> Result<T, Error<String>> {
        Err(Error::ErrorResponse(self.text::<String>().await?))
    }

    /// Returns the body as a stream. Its media type is not checked.
    ///
    /// # Errors
    ///
    /// None so far.
    pub fn stream<E>(self) -> Result<ResponseValue<ByteStream>, Error<E>> {
        Ok(self.into_stream())
    }

    /// Returns the body of an error response as a stream.
    ///
    /// # Errors
    ///
    /// Always: [`Error::ErrorResponse`].
    pub fn stream_error<T>(self) -> Result<T, Error<ByteStream>> {
        Err(Error::ErrorResponse(self.into_stream()))
    }

    /// Returns the server-sent events of the body.
    ///
    /// # Errors
    ///
    /// [`Error::UnexpectedResponse`] if the response has a media type that is not `text/event-stream`;
    /// [`Error::ResponseBodyError`] if the body of such a response did not arrive.
    pub async fn events<T: DeserializeOwned, E>(
        self,
    ) -> Result<ResponseValue<EventStream<T>>, Error<E>> {
        match self.media_type() {
            MediaType::Absent => {}
            MediaType::Essence(essence) if essence == "text/event-stream" => {}
            MediaType::Essence(_) => return self.unexpected().await,
        }
        Ok(self.into_stream().map(EventStream::new))
    }

    /// Returns the JSON values of the body: a JSON text sequence if the media type is
    /// `application/json-seq` or `*/*+json-seq`, or else one value per line.
    ///
    /// # Errors
    ///
    /// [`Error::UnexpectedResponse`] if the response has a media type that is neither a JSON text sequence, nor
    /// `application/x-ndjson`, `application/ndjson`, `application/jsonl`, `application/x-jsonlines` or
    /// `application/json-lines`; [`Error::ResponseBodyError`] if the body of such a response did not arrive.
    pub async fn json_lines<T: DeserializeOwned, E>(
        self,
    ) -> Result<ResponseValue<JsonLines<T>>, Error<E>> {
        match self.media_type() {
            MediaType::Absent => {}
            MediaType::Essence(essence) => match essence.split_once('/') {
                Some((_, subtype)) if subtype == "json-seq" || subtype.ends_with("+json-seq") => {
                    return Ok(self.into_stream().map(JsonLines::sequence));
                }
                Some(("application", subtype)) if LINES.contains(&subtype) => {}
                _ => return self.unexpected().await,
            },
        }
        Ok(self.into_stream().map(JsonLines::new))
    }

    /// Returns a response without a declared body. A body that arrives is not read.
    ///
    /// # Errors
    ///
    /// None so far.
    pub fn empty<E>(self) -> Result<ResponseValue<()>, Error<E>> {
        Ok(self.with(()))
    }

    /// Returns a response without a declared body, for an operation that has other responses with one. A
    /// body that arrives is not read.
    ///
    /// # Errors
    ///
    /// None so far.
    pub fn none<T, E>(self) -> Result<ResponseValue<Option<T>>, Error<E>> {
        Ok(self.with(None))
    }

    /// Reads an error response without a declared body.
    ///
    /// # Errors
    ///
    /// Always: [`Error::ErrorResponse`], [`Error::UnexpectedResponse`] if a body arrives, or
    /// [`Error::ResponseBodyError`] if one did not arrive completely.
    pub async fn empty_error<T>(self) -> Result<T, Error<()>> {
        let raw = self.read().await?;
        Err(match raw.body().is_empty() {
            true => Error::ErrorResponse(raw.with(())),
            false => Error::UnexpectedResponse(raw),
        })
    }

    /// Takes over the connection of a response with status 101 (RFC 9110, section 7.8).
    ///
    /// # Errors
    ///
    /// [`Error::UnexpectedResponse`] if the response has another status, and [`Error::InvalidUpgrade`] if
    /// the connection cannot be upgraded.
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn upgrade<E>(self) -> Result<ResponseValue<reqwest::Upgraded>, Error<E>> {
        if self.0.status() != reqwest::StatusCode::SWITCHING_PROTOCOLS {
            return self.unexpected().await;
        }
        let head = Head::of(&self.0);
        let upgraded = self.0.upgrade().await.map_err(Error::InvalidUpgrade)?;
        Ok(ResponseValue::with_head(head, upgraded))
    }

    /// Reads the body of a response that the contract does not declare.
    ///
    /// # Errors
    ///
    /// Always: [`Error::UnexpectedResponse`], or [`Error::ResponseBodyError`] if the body did not arrive.
    pub async fn unexpected<T, E>(self) -> Result<T, Error<E>> {
        Err(Error::UnexpectedResponse(self.read().await?))
    }

    /// Reads a body that must be JSON.
    async fn read_json<E>(self, also: &[&str]) -> Result<RawResponse, Error<E>> {
        checked(self.read().await?, also)
    }

    /// Reads the body. If it ends early, the error has what arrived.
    async fn read<E>(self) -> Result<RawResponse, Error<E>> {
        let head = Head::of(&self.0);
        let mut chunks = pin!(self.0.bytes_stream());
        let mut body = BytesMut::new();
        let mut failure = None;
        while let Some(chunk) = poll_fn(|context| chunks.as_mut().poll_next(context)).await {
            match chunk {
                Ok(chunk) => body.extend_from_slice(&chunk),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        let response = RawResponse::with_head(head, body.freeze());
        match failure {
            None => Ok(response),
            Some(source) => Err(Error::ResponseBodyError { response, source }),
        }
    }

    fn into_stream(self) -> ResponseValue<ByteStream> {
        let head = Head::of(&self.0);
        let stream = ByteStream::new(Box::pin(self.0.bytes_stream()));
        ResponseValue::with_head(head, stream)
    }

    fn media_type(&self) -> MediaType {
        MediaType::of(self.0.headers())
    }

    fn with<T>(self, value: T) -> ResponseValue<T> {
        ResponseValue::with_head(Head::of(&self.0), value)
    }
}

/// Checks that a response is JSON.
fn checked<E>(raw: RawResponse, also: &[&str]) -> Result<RawResponse, Error<E>> {
    match MediaType::of(raw.headers()).is_json_or(also) {
        true => Ok(raw),
        false => Err(Error::UnexpectedResponse(raw)),
    }
}

fn decoded<T: DeserializeOwned, E>(raw: RawResponse) -> Result<ResponseValue<T>, Error<E>> {
    match serde_json::from_slice(raw.body()) {
        Ok(value) => Ok(raw.with(value)),
        Err(error) => Err(Error::InvalidResponsePayload(raw, error)),
    }
}

/// Returns the body as a string. The error is what is wrong with it.
fn text(raw: &RawResponse) -> Result<String, String> {
    let charset = charset(raw.headers());
    match charset.as_deref() {
        None | Some("utf-8" | "utf8") => {}
        // The same as UTF-8 without other characters.
        Some("us-ascii" | "ascii" | "iso-8859-1" | "windows-1252") if raw.body().is_ascii() => {}
        Some(other) => return Err(format!("the charset is `{other}`, expected `utf-8`")),
    }
    match std::str::from_utf8(raw.body()) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
