//! Multipart forms (RFC 7578).
//!
//! On wasm32, a file cannot be a stream: create it from bytes or a string.

use std::fmt;

use reqwest::Body;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::multipart::Form;
use serde::Serialize;

/// The error returned when a form cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// A required part is missing.
    #[error("the required part `{name}` of the request body is missing")]
    Missing {
        /// The name of the part.
        name: &'static str,
    },
    /// A part is invalid.
    #[error("part `{name}` of the request body: {problem}")]
    InvalidPart {
        /// The name of the part.
        name: String,
        /// What is wrong with the part.
        problem: PartProblem,
    },
}

/// The reason why a part is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartProblem {
    /// The media type is malformed.
    #[error("`{0}` is not a valid media type")]
    MediaType(String),
    /// The name or the value of a header is malformed.
    #[error("the header `{0}` is not valid")]
    Header(String),
    /// The value cannot be serialized.
    #[error("{0}")]
    Value(String),
}

/// A file in a multipart form. A streaming file is not buffered.
///
/// The content can be a string, bytes, a `tokio::fs::File`, or a stream in
/// `reqwest::Body::wrap_stream`.
pub struct File {
    body: Body,
    length: Option<u64>,
    name: Option<String>,
    media_type: Option<String>,
}

impl File {
    /// Creates a file with this content.
    pub fn new(content: impl Into<Body>) -> Self {
        Self {
            body: content.into(),
            length: None,
            name: None,
            media_type: None,
        }
    }

    /// Sets the file name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type. The default is the one declared in the contract, or
    /// `application/octet-stream`.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Sets the length in bytes of a stream. If the lengths of all parts are known, the request has a
    /// `Content-Length`.
    pub fn length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }
}

impl<T: Into<Body>> From<T> for File {
    fn from(content: T) -> Self {
        Self::new(content)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &mut f.debug_struct("File");
        file.field("name", &self.name)
            .field("media_type", &self.media_type);
        file.field("length", &self.length).finish_non_exhaustive()
    }
}

/// A part of a multipart form.
pub struct Part {
    body: Body,
    length: Option<u64>,
    file_name: Option<String>,
    media_type: Option<String>,
    headers: HeaderMap,
    problem: Option<PartProblem>,
}

impl Part {
    fn new(body: Body) -> Self {
        Self {
            body,
            length: None,
            file_name: None,
            media_type: None,
            headers: HeaderMap::new(),
            problem: None,
        }
    }

    /// Creates a part with a string, without a media type.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let length = u64::try_from(text.len()).ok();
        Self {
            length,
            ..Self::new(text.into())
        }
    }

    /// Creates a part with a scalar: a string without quotes, or a number or boolean.
    pub fn scalar<T: Serialize + ?Sized>(value: &T) -> Self {
        match crate::style::json(value) {
            Ok(value) => Self::text(crate::style::plain(&value)),
            Err(error) => Self::invalid(PartProblem::Value(error.to_string())),
        }
    }

    /// Creates a part with JSON. Its media type is `application/json`.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        match serde_json::to_string(value) {
            Ok(json) => Self::text(json).media_type("application/json"),
            Err(error) => Self::invalid(PartProblem::Value(error.to_string())),
        }
    }

    /// Creates a part with a file. Its media type is that of the file, or `application/octet-stream`.
    pub fn file(file: impl Into<File>) -> Self {
        let file = file.into();
        let media_type = file.media_type;
        Self {
            length: file.length,
            file_name: file.name,
            media_type: media_type.or_else(|| Some("application/octet-stream".to_owned())),
            ..Self::new(file.body)
        }
    }

    /// Creates a part with a file. `media_type` is used if the file has none.
    pub fn file_or(file: impl Into<File>, media_type: &str) -> Self {
        let mut file = file.into();
        file.media_type.get_or_insert_with(|| media_type.to_owned());
        Self::file(file)
    }

    fn invalid(problem: PartProblem) -> Self {
        Self {
            problem: Some(problem),
            ..Self::new(Body::default())
        }
    }

    /// Sets the media type.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Sets the file name.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets a header of the part. `Content-Type` and `Content-Disposition` have their own setters.
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        let header = HeaderName::from_bytes(name.as_bytes());
        match (header, HeaderValue::from_str(value.as_ref())) {
            (Ok(header), Ok(value)) => {
                self.headers.insert(header, value);
            }
            _ => {
                let problem = PartProblem::Header(name.to_owned());
                self.problem.get_or_insert(problem);
            }
        }
        self
    }

    fn build(self) -> Result<reqwest::multipart::Part, PartProblem> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        #[cfg(not(target_arch = "wasm32"))]
        let part = match self.length {
            Some(length) => reqwest::multipart::Part::stream_with_length(self.body, length),
            None => reqwest::multipart::Part::stream(self.body),
        };
        #[cfg(target_arch = "wasm32")]
        let part = reqwest::multipart::Part::stream(self.body);
        let mut part = part.headers(self.headers);
        if let Some(name) = self.file_name {
            part = part.file_name(name);
        }
        match self.media_type {
            Some(name) => part
                .mime_str(&name)
                .map_err(|_| PartProblem::MediaType(name)),
            None => Ok(part),
        }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = &mut f.debug_struct("Part");
        part.field("file_name", &self.file_name)
            .field("media_type", &self.media_type);
        part.field("length", &self.length).finish_non_exhaustive()
    }
}

/// The parts of a form, in the order they are sent.
#[derive(Default)]
pub struct Parts {
    parts: Vec<(String, Part)>,
    required: &'static [&'static str],
}

impl Parts {
    /// Creates a form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a form that can be sent when it has parts with these names.
    pub fn requiring(names: &'static [&'static str]) -> Self {
        Self {
            required: names,
            ..Self::default()
        }
    }

    /// Adds a part. A form may have several with the same name.
    pub fn add(&mut self, name: &str, part: Part) -> &mut Self {
        self.parts.push((name.to_owned(), part));
        self
    }

    /// Adds a part, replacing all with this name.
    pub fn set(&mut self, name: &str, part: Part) -> &mut Self {
        self.parts.retain(|(other, _)| other != name);
        self.add(name, part)
    }

    /// Builds the form.
    ///
    /// # Errors
    ///
    /// Returns an error if a required part is missing, or if a part is invalid.
    pub fn into_form(self) -> Result<Form, FormError> {
        let is_there = |name: &str| self.parts.iter().any(|(other, _)| other == name);
        if let Some(name) = self.required.iter().find(|name| !is_there(name)) {
            return Err(FormError::Missing { name });
        }
        let mut form = Form::new();
        for (name, part) in self.parts {
            match part.build() {
                Ok(part) => form = form.part(name, part),
                Err(problem) => return Err(FormError::InvalidPart { name, problem }),
            }
        }
        Ok(form)
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.parts.iter().map(|(name, _)| name))
            .finish()
    }
}
