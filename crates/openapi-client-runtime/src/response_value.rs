//! What a response contains, decoded or not.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, SET_COOKIE};

use crate::byte_stream::{ByteStream, InnerByteStream};
use crate::shown::shortened;

/// A response that was not decoded: its status, its headers, and what arrived of its body.
#[derive(Clone, PartialEq, Eq)]
pub struct RawResponse {
    head: Box<Head>,
    body: Bytes,
}

/// The status and the headers of a response, behind a pointer to keep errors small.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Head {
    status: StatusCode,
    headers: HeaderMap,
}

impl Head {
    fn new(status: StatusCode, headers: HeaderMap) -> Box<Self> {
        Box::new(Self { status, headers })
    }

    pub(crate) fn of(response: &reqwest::Response) -> Box<Self> {
        Self::new(response.status(), response.headers().clone())
    }
}

impl RawResponse {
    /// Creates a response, such as for a test.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            head: Head::new(status, headers),
            body: body.into(),
        }
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns the body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the body as a string, with U+FFFD for everything that is not UTF-8.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// Creates a response with this head.
    pub(crate) fn with_head(head: Box<Head>, body: Bytes) -> Self {
        Self { head, body }
    }

    /// Replaces the body by a value.
    pub(crate) fn with<T>(self, inner: T) -> ResponseValue<T> {
        ResponseValue {
            inner,
            head: self.head,
        }
    }
}

/// Shows the start of the body, and no cookies.
impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.head.status)
            .field("headers", &WithoutCookies(&self.head.headers))
            .field("body", &shortened(&self.body))
            .field("body_length", &self.body.len())
            .finish()
    }
}

struct WithoutCookies<'a>(&'a HeaderMap);

impl fmt::Debug for WithoutCookies<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut headers = f.debug_map();
        for (name, value) in self.0 {
            match name == SET_COOKIE {
                true => headers.entry(name, &"[redacted]"),
                false => headers.entry(name, value),
            };
        }
        headers.finish()
    }
}

/// The value of a response, with its status and headers.
pub struct ResponseValue<T> {
    inner: T,
    head: Box<Head>,
}

impl<T> ResponseValue<T> {
    /// Creates a response, such as for a test.
    pub fn new(inner: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self {
            inner,
            head: Head::new(status, headers),
        }
    }

    /// Creates a response with this head.
    pub(crate) fn with_head(head: Box<Head>, inner: T) -> Self {
        Self { inner, head }
    }

    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns the value of the `Content-Length` header, if there is a valid one.
    pub fn content_length(&self) -> Option<u64> {
        self.headers()
            .get(CONTENT_LENGTH)?
            .to_str()
            .ok()?
            .parse()
            .ok()
    }

    /// Converts the value.
    pub fn map<U>(self, into: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            inner: into(self.inner),
            head: self.head,
        }
    }
}

impl ResponseValue<ByteStream> {
    /// Returns the stream of the body.
    pub fn into_inner_stream(self) -> InnerByteStream {
        self.into_inner().into_inner()
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.inner
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.inner
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
