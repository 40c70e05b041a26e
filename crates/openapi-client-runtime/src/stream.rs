//! Typed streams: server-sent events, JSON lines and JSON text sequences.
//!
//! An item that cannot be decoded is an error with its text, and does not end the stream.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::byte_stream::ByteStream;
use crate::shown::shortened;

/// The default limit of an item's size, in bytes.
const LIMIT: usize = 16 * 1024 * 1024;

/// An event of a `text/event-stream` (WHATWG HTML, "Server-sent events").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<T> {
    /// The last event ID: that of this event, or of the last event that had one.
    pub id: Option<String>,
    /// The type of the event. `None` is the default type, `message`.
    pub event: Option<String>,
    /// The delay before reconnecting, if the server sent one since the last event.
    pub retry: Option<Duration>,
    /// The data.
    pub data: T,
}

/// The error of an item, or of the whole stream.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The stream ended early. It has no further items.
    #[error("the stream ended early")]
    Transport(#[source] reqwest::Error),
    /// An item is not what the contract declares.
    #[error("an item of the stream does not match the contract")]
    InvalidItem {
        /// The item: the data of an event, or a JSON text.
        text: String,
        /// Why it cannot be decoded.
        source: serde_json::Error,
    },
    /// An item is longer than the limit. It was dropped.
    #[error("an item of the stream is longer than {limit} bytes")]
    TooLarge {
        /// The limit of an item's size.
        limit: usize,
    },
    /// The stream ended, or the next item started, inside of an item.
    #[error("an item of the stream is incomplete")]
    Truncated {
        /// What arrived of the item.
        text: String,
    },
}

/// Shows the start of an item.
impl fmt::Debug for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => f.debug_tuple("Transport").field(error).finish(),
            Self::InvalidItem { text, source } => f
                .debug_struct("InvalidItem")
                .field("text", &shortened(text.as_bytes()))
                .field("source", source)
                .finish(),
            Self::TooLarge { limit } => f.debug_struct("TooLarge").field("limit", limit).finish(),
            Self::Truncated { text } => f
                .debug_struct("Truncated")
                .field("text", &shortened(text.as_bytes()))
                .finish(),
        }
    }
}

/// A stream of server-sent events whose data is JSON.
///
/// It parses `text/event-stream` as browsers do, but reports an event that the end of the stream cuts off as
/// [`StreamError::Truncated`]. It does not reconnect.
pub struct EventStream<T> {
    items: Items<Events>,
    types: PhantomData<fn() -> T>,
}

impl<T> EventStream<T> {
    /// Parses the body of a response.
    pub fn new(bytes: ByteStream) -> Self {
        Self {
            items: Items::new(bytes, Events::default()),
            types: PhantomData,
        }
    }

    /// Limits the size of an event, in bytes. The default is 16 MiB.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.items.limit = bytes;
        self
    }

    /// Returns the ID to send as `Last-Event-ID` when reconnecting, if the server sent one.
    pub fn last_event_id(&self) -> Option<&str> {
        self.items.framing.id.as_deref()
    }

    /// Returns the remaining events with their data as it was sent, for data that is not JSON.
    pub fn into_text(self) -> TextEvents {
        TextEvents { items: self.items }
    }

    /// Returns the bytes that are not parsed yet. Before the first event, this is the whole body.
    pub fn into_raw(self) -> ByteStream {
        self.items.into_raw()
    }
}

impl<T: DeserializeOwned> EventStream<T> {
    /// Returns the next event, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Event<T>, StreamError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: DeserializeOwned> Stream for EventStream<T> {
    type Item = Result<Event<T>, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(event) = ready!(self.items.poll_item(context)) else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(event.and_then(|event| {
            match serde_json::from_str(&event.data) {
                Ok(data) => Ok(Event {
                    id: event.id,
                    event: event.event,
                    retry: event.retry,
                    data,
                }),
                Err(source) => Err(StreamError::InvalidItem {
                    text: event.data,
                    source,
                }),
            }
        })))
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}

/// A stream of server-sent events whose data is any string.
pub struct TextEvents {
    items: Items<Events>,
}

impl TextEvents {
    /// Returns the ID to send as `Last-Event-ID` when reconnecting, if the server sent one.
    pub fn last_event_id(&self) -> Option<&str> {
        self.items.framing.id.as_deref()
    }

    /// Returns the next event, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Event<String>, StreamError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for TextEvents {
    type Item = Result<Event<String>, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.items.poll_item(context)
    }
}

impl fmt::Debug for TextEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextEvents").finish_non_exhaustive()
    }
}

/// A stream of JSON values: one per line (`application/x-ndjson`, `application/jsonl`), or as a JSON text
/// sequence (`application/json-seq`, RFC 7464).
///
/// Empty lines are ignored.
pub struct JsonLines<T> {
    items: Items<JsonFraming>,
    types: PhantomData<fn() -> T>,
}

impl<T> JsonLines<T> {
    /// Parses the body of a response with one value per line.
    pub fn new(bytes: ByteStream) -> Self {
        Self::with(bytes, JsonFraming::Lines(Lines::default()))
    }

    /// Parses the body of a response that is a JSON text sequence.
    pub fn sequence(bytes: ByteStream) -> Self {
        Self::with(bytes, JsonFraming::Sequence(Sequence::default()))
    }

    fn with(bytes: ByteStream, framing: JsonFraming) -> Self {
        Self {
            items: Items::new(bytes, framing),
            types: PhantomData,
        }
    }

    /// Limits the size of a value, in bytes. The default is 16 MiB.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.items.limit = bytes;
        self
    }

    /// Returns the bytes that are not parsed yet. Before the first value, this is the whole body.
    pub fn into_raw(self) -> ByteStream {
        self.items.into_raw()
    }
}

impl<T: DeserializeOwned> JsonLines<T> {
    /// Returns the next value, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T, StreamError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: DeserializeOwned> Stream for JsonLines<T> {
    type Item = Result<T, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(item) = ready!(self.items.poll_item(context)) else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(item.and_then(JsonText::decode)))
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").finish_non_exhaustive()
    }
}

/// How a stream of bytes is divided into items.
trait Framing {
    type Item;

    /// Reads a chunk until an item is complete, or until its end.
    fn feed(&mut self, chunk: &mut Bytes, limit: usize) -> Option<Framed<Self::Item>>;

    /// Returns what is left at the end of the stream.
    fn end(&mut self) -> Option<Framed<Self::Item>>;
}

enum Framed<I> {
    Item(I),
    TooLarge,
    Truncated(String),
}

/// A stream of items.
struct Items<F> {
    bytes: ByteStream,
    /// What is left of the last chunk.
    chunk: Bytes,
    framing: F,
    limit: usize,
    is_done: bool,
}

impl<F: Framing> Items<F> {
    fn new(bytes: ByteStream, framing: F) -> Self {
        Self {
            bytes,
            chunk: Bytes::new(),
            framing,
            limit: LIMIT,
            is_done: false,
        }
    }

    fn poll_item(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<F::Item, StreamError>>> {
        loop {
            if let Some(framed) = self.framing.feed(&mut self.chunk, self.limit) {
                return Poll::Ready(Some(self.result(framed)));
            }
            if self.is_done {
                return Poll::Ready(None);
            }
            match ready!(Pin::new(&mut self.bytes).poll_next(context)) {
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(error)) => {
                    self.is_done = true;
                    return Poll::Ready(Some(Err(StreamError::Transport(error))));
                }
                None => {
                    self.is_done = true;
                    let last = self.framing.end();
                    return Poll::Ready(last.map(|framed| self.result(framed)));
                }
            }
        }
    }

    fn result(&self, framed: Framed<F::Item>) -> Result<F::Item, StreamError> {
        match framed {
            Framed::Item(item) => Ok(item),
            Framed::TooLarge => Err(StreamError::TooLarge { limit: self.limit }),
            Framed::Truncated(text) => Err(StreamError::Truncated { text }),
        }
    }

    fn into_raw(self) -> ByteStream {
        if self.chunk.is_empty() {
            return self.bytes;
        }
        ByteStream::new(Box::pin(Rest {
            chunk: Some(self.chunk),
            bytes: self.bytes,
        }))
    }
}

/// A chunk, and the bytes behind it.
struct Rest {
    chunk: Option<Bytes>,
    bytes: ByteStream,
}

impl Stream for Rest {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.chunk.take() {
            Some(chunk) => Poll::Ready(Some(Ok(chunk))),
            None => Pin::new(&mut self.bytes).poll_next(context),
        }
    }
}

/// The lines of a stream.
#[derive(Default)]
struct Lines {
    line: Vec<u8>,
    is_too_long: bool,
    /// Whether a line feed belongs to the end of the last line.
    skip_line_feed: bool,
    is_behind_first: bool,
}

enum Line {
    Whole(Vec<u8>),
    TooLong,
}

impl Lines {
    /// Reads a chunk until the end of a line, or until its end. Lines end with LF, and with CR and CRLF if
    /// `carriage_returns`.
    fn next(&mut self, chunk: &mut Bytes, carriage_returns: bool, room: usize) -> Option<Line> {
        if self.skip_line_feed && !chunk.is_empty() {
            self.skip_line_feed = false;
            if chunk.first() == Some(&b'\n') {
                chunk.advance(1);
            }
        }
        let ends = |byte: &u8| *byte == b'\n' || (carriage_returns && *byte == b'\r');
        let end = chunk.iter().position(ends);
        let part = chunk.split_to(end.unwrap_or(chunk.len()));
        if self.is_too_long || part.len() > room.saturating_sub(self.line.len()) {
            self.is_too_long = true;
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(&part);
        }
        end?;
        self.skip_line_feed = chunk.first() == Some(&b'\r');
        chunk.advance(1);
        Some(match std::mem::take(&mut self.is_too_long) {
            true => Line::TooLong,
            false => Line::Whole(self.take()),
        })
    }

    /// Returns the line, without a byte order mark at the start of the stream.
    fn take(&mut self) -> Vec<u8> {
        let mut line = std::mem::take(&mut self.line);
        if !std::mem::replace(&mut self.is_behind_first, true) && line.starts_with(b"\xef\xbb\xbf")
        {
            line.drain(..3);
        }
        line
    }
}

/// Server-sent events.
#[derive(Default)]
struct Events {
    lines: Lines,
    /// The last event ID.
    id: Option<String>,
    event: Option<String>,
    retry: Option<Duration>,
    data: Option<String>,
    /// Whether the data of the current event is dropped.
    is_skipping: bool,
}

impl Framing for Events {
    type Item = Event<String>;

    fn feed(&mut self, chunk: &mut Bytes, limit: usize) -> Option<Framed<Event<String>>> {
        loop {
            let room = limit.saturating_sub(self.data.as_ref().map_or(0, String::len));
            let line = self.lines.next(chunk, true, room)?;
            let framed = match line {
                Line::Whole(line) => self.line(&String::from_utf8_lossy(&line)),
                Line::TooLong if self.is_skipping => None,
                Line::TooLong => {
                    self.is_skipping = true;
                    self.data = None;
                    Some(Framed::TooLarge)
                }
            };
            if framed.is_some() {
                return framed;
            }
        }
    }

    fn end(&mut self) -> Option<Framed<Event<String>>> {
        if self.lines.is_too_long {
            return (!self.is_skipping).then_some(Framed::TooLarge);
        }
        let line = self.lines.take();
        // An empty line would end the event.
        if !line.is_empty() {
            self.line(&String::from_utf8_lossy(&line));
        }
        self.data.take().map(Framed::Truncated)
    }
}

impl Events {
    /// Interprets a line. Returns an event if the line ends it.
    fn line(&mut self, line: &str) -> Option<Framed<Event<String>>> {
        if line.is_empty() {
            self.is_skipping = false;
            let event = self.event.take();
            let data = self.data.take()?;
            return Some(Framed::Item(Event {
                id: self.id.clone(),
                event,
                retry: self.retry.take(),
                data,
            }));
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" if self.is_skipping => {}
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => self.event = Some(value.to_owned()).filter(|event| !event.is_empty()),
            "id" if !value.contains('\0') => {
                self.id = Some(value.to_owned()).filter(|id| !id.is_empty());
            }
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            // Comments have an empty field name. Unknown fields are ignored.
            _ => {}
        }
        None
    }
}

/// A JSON text of a stream.
struct JsonText {
    bytes: Vec<u8>,
    /// Whether the text ended without a delimiter, so that its end may be missing.
    may_be_cut: bool,
}

impl JsonText {
    fn decode<T: DeserializeOwned>(self) -> Result<T, StreamError> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_ascii().to_owned();
        match serde_json::from_slice(&self.bytes) {
            Ok(value) => Ok(value),
            Err(source) if self.may_be_cut && source.is_eof() => Err(StreamError::Truncated {
                text: text(&self.bytes),
            }),
            Err(source) => Err(StreamError::InvalidItem {
                text: text(&self.bytes),
                source,
            }),
        }
    }
}

enum JsonFraming {
    Lines(Lines),
    Sequence(Sequence),
}

impl Framing for JsonFraming {
    type Item = JsonText;

    fn feed(&mut self, chunk: &mut Bytes, limit: usize) -> Option<Framed<JsonText>> {
        match self {
            Self::Lines(lines) => loop {
                match lines.next(chunk, false, limit)? {
                    Line::TooLong => return Some(Framed::TooLarge),
                    Line::Whole(line) if line.trim_ascii().is_empty() => {}
                    Line::Whole(bytes) => {
                        let may_be_cut = false;
                        return Some(Framed::Item(JsonText { bytes, may_be_cut }));
                    }
                }
            },
            Self::Sequence(sequence) => sequence.feed(chunk, limit),
        }
    }

    fn end(&mut self) -> Option<Framed<JsonText>> {
        match self {
            Self::Lines(lines) if lines.is_too_long => Some(Framed::TooLarge),
            Self::Lines(lines) => {
                let bytes = lines.take();
                let may_be_cut = true;
                (!bytes.trim_ascii().is_empty())
                    .then_some(Framed::Item(JsonText { bytes, may_be_cut }))
            }
            Self::Sequence(sequence) => sequence.text_so_far(),
        }
    }
}

/// The record separator before each text of a sequence.
const SEPARATOR: u8 = 0x1e;

/// A JSON text sequence.
///
/// A text is complete at a line feed outside of all brackets and strings: the separator of the next text may
/// arrive much later.
#[derive(Default)]
struct Sequence {
    text: Vec<u8>,
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
    /// Whether bytes are dropped until the next separator.
    is_skipping: bool,
}

impl Sequence {
    fn feed(&mut self, chunk: &mut Bytes, limit: usize) -> Option<Framed<JsonText>> {
        while chunk.has_remaining() {
            let byte = chunk.get_u8();
            if byte == SEPARATOR {
                let text = self.text_so_far();
                self.is_skipping = false;
                if text.is_some() {
                    return text;
                }
                continue;
            }
            if self.is_skipping {
                continue;
            }
            if self.text.len() >= limit {
                self.reset();
                self.is_skipping = true;
                return Some(Framed::TooLarge);
            }
            self.text.push(byte);
            self.follow(byte);
            let is_end = byte == b'\n' && self.depth == 0 && !self.is_in_string;
            if is_end && !self.text.trim_ascii().is_empty() {
                return Some(Framed::Item(JsonText {
                    bytes: self.reset(),
                    may_be_cut: false,
                }));
            }
        }
        None
    }

    /// Keeps track of brackets and strings.
    fn follow(&mut self, byte: u8) {
        if self.is_in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.is_in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn reset(&mut self) -> Vec<u8> {
        let Self { text, .. } = std::mem::take(self);
        text
    }

    /// Returns the text at a separator, or at the end. A number or literal without white space behind it may
    /// be incomplete (RFC 7464, section 2.4).
    fn text_so_far(&mut self) -> Option<Framed<JsonText>> {
        let bytes = std::mem::take(&mut self.text);
        self.depth = 0;
        self.is_in_string = false;
        self.is_escaped = false;
        let trimmed = bytes.trim_ascii();
        let first = trimmed.first()?;
        let has_end = matches!(first, b'{' | b'[' | b'"') || !bytes.ends_with(trimmed);
        if !has_end {
            let text = String::from_utf8_lossy(trimmed).into_owned();
            return Some(Framed::Truncated(text));
        }
        let may_be_cut = true;
        Some(Framed::Item(JsonText { bytes, may_be_cut }))
    }
}

#[cfg(test)]
mod tests;
