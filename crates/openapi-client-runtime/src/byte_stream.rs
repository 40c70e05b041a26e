//! Bodies as streams of bytes.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

/// The stream inside of a [`ByteStream`].
#[cfg(not(target_arch = "wasm32"))]
pub type InnerByteStream = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// The stream inside of a [`ByteStream`].
#[cfg(target_arch = "wasm32")]
pub type InnerByteStream = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>>>>;

/// The body of a response as a stream of bytes.
pub struct ByteStream(InnerByteStream);

impl ByteStream {
    /// Creates a stream, such as for a test.
    pub fn new(inner: InnerByteStream) -> Self {
        Self(inner)
    }

    /// Returns the stream.
    pub fn into_inner(self) -> InnerByteStream {
        self.0
    }
}

impl From<String> for ByteStream {
    /// A stream of one chunk.
    fn from(text: String) -> Self {
        Self(Box::pin(Chunk(Some(text.into()))))
    }
}

/// A stream of at most one chunk.
struct Chunk(Option<Bytes>);

impl Stream for Chunk {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

impl Stream for ByteStream {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl Deref for ByteStream {
    type Target = InnerByteStream;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for ByteStream {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}
