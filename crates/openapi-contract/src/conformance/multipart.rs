//! Multipart bodies: `multipart/form-data`.

use memchr::memmem::{self, Finder};
use serde_json::Value;

use super::decode::Decoder;
use super::decode_error::BodyError;
use super::form;
use super::header_value::HeaderValue;
use super::raw_value::{RawValue, json_or_text};
use crate::model::Body;
use crate::model::media_type::is_json;

/// The longest boundary (RFC 2046, 5.1.1).
const LONGEST_BOUNDARY: usize = 70;

/// Decodes a form into the object that its schema describes.
///
/// # Errors
/// If it does not consist of named parts, or a JSON part is not JSON.
pub(super) fn read(
    reader: &Decoder<'_>,
    body: &Body,
    boundary: Option<&str>,
    bytes: &[u8],
) -> Result<Value, BodyError> {
    let boundary = boundary.filter(|text| (1..=LONGEST_BOUNDARY).contains(&text.len()));
    let boundary = boundary.ok_or(BodyError::NoBoundary)?;
    let mut fields = Vec::new();
    // A form without parts has no boundary.
    let parts = if bytes.is_empty() {
        Vec::new()
    } else {
        parts(boundary, bytes)?
    };
    for part in parts {
        fields.push(field(part)?);
    }
    Ok(form::object(reader, body, fields))
}

/// The parts between the boundaries.
fn parts<'b>(boundary: &str, bytes: &'b [u8]) -> Result<Vec<&'b [u8]>, BodyError> {
    let delimiter = format!("\r\n--{boundary}");
    let line = &delimiter.as_bytes()[2..];
    let delimiter = Finder::new(&delimiter);
    let mut parts = Vec::new();
    // The line break before the first boundary is optional.
    let first = bytes.strip_prefix(line).and_then(after_boundary);
    let mut next = match first {
        Some(after) => after,
        None => {
            next_boundary(&delimiter, bytes)
                .ok_or(BodyError::NoClosingBoundary)?
                .1
        }
    };
    while let AfterBoundary::Part(rest) = next {
        let (part, after) = next_boundary(&delimiter, rest).ok_or(BodyError::NoClosingBoundary)?;
        parts.push(part);
        next = after;
    }
    Ok(parts)
}

/// What follows a boundary.
enum AfterBoundary<'b> {
    /// A part, up to the next boundary.
    Part(&'b [u8]),
    /// The end of the form; anything after it is ignored.
    End,
}

/// What precedes the next boundary, and what follows it.
fn next_boundary<'b>(
    delimiter: &Finder<'_>,
    bytes: &'b [u8],
) -> Option<(&'b [u8], AfterBoundary<'b>)> {
    let mut found = delimiter.find_iter(bytes);
    found.find_map(|at| {
        let rest = &bytes[at + delimiter.needle().len()..];
        // In a part without headers and content, one line break belongs to two boundaries.
        Some((&bytes[..at], after_boundary(rest)?))
    })
}

/// What follows the text of a boundary. `None` if it is the prefix of other text.
fn after_boundary(rest: &[u8]) -> Option<AfterBoundary<'_>> {
    if rest.starts_with(b"--") {
        return Some(AfterBoundary::End);
    }
    let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
    let rest = &rest[padding.count()..];
    // The line break may belong to the next boundary or to the end of the headers, so it stays.
    rest.starts_with(b"\r\n")
        .then_some(AfterBoundary::Part(rest))
}

/// The name and the value of a part.
fn field(part: &[u8]) -> Result<(String, RawValue), BodyError> {
    const END: &[u8] = b"\r\n\r\n";
    let end = memmem::find(part, END);
    let end = end.ok_or(BodyError::NoPartHeaders)?;
    let (headers, content) = (&part[..end], &part[end + END.len()..]);
    let headers = String::from_utf8_lossy(headers);
    let header = |name: &str| {
        let lines = headers.lines().filter_map(|line| line.split_once(':'));
        let mut named = lines.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| HeaderValue::parse(value))
    };
    let disposition = header("content-disposition");
    let name = disposition
        .as_ref()
        .and_then(|value| value.extended("name"));
    let name = name.ok_or(BodyError::NoPartName)?;
    let media_type = header("content-type").map(|value| value.essence);
    if let Some(media_type) = media_type.as_deref().filter(|essence| is_json(essence)) {
        return match json_or_text(media_type, content) {
            Ok(value) => Ok((name, RawValue::Part(value))),
            Err(error) => Err(BodyError::PartJson { name, error }),
        };
    }
    let is_file = disposition.is_some_and(|value| value.extended("filename").is_some());
    let is_text = media_type.is_none_or(|essence| essence.starts_with("text/"));
    let text = String::from_utf8_lossy(content).into_owned();
    let sent = if is_file || !is_text {
        RawValue::Part(text.into())
    } else {
        RawValue::one_of_list(text, true)
    };
    Ok((name, sent))
}
