use reqwest::multipart::{Form, Part};

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

    /// Sets the length in bytes. If the lengths of all parts are known, the request has a
    /// `Content-Length`.
    pub fn length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }

    fn into_part(self, media_type: Option<&str>) -> Result<Part, String> {
        let mut part = match self.length {
            Some(length) => Part::stream_with_length(self.body, length),
            None => Part::stream(self.body),
        };
        if let Some(name) = self.name {
            part = part.file_name(name);
        }
        let media_type = self.media_type.as_deref().or(media_type);
        typed(part, Some(media_type.unwrap_or("application/octet-stream")))
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
        file.field("name", &self.name).field("media_type", &self.media_type);
        file.field("length", &self.length).finish_non_exhaustive()
    }
}

/// Sets the media type of a part.
fn typed(part: Part, media_type: Option<&str>) -> Result<Part, String> {
    match media_type {
        Some(name) => part.mime_str(name).map_err(|_| format!("`{name}` is not a valid media type")),
        None => Ok(part),
    }
}

/// Creates a part with a string.
fn text(text: String, media_type: Option<&str>) -> Result<Part, String> {
    typed(Part::text(text), media_type)
}

/// The parts of a form, in the order they are sent.
#[derive(Default)]
struct Parts {
    parts: Vec<(String, Result<Part, String>)>,
}

impl Parts {
    fn add(&mut self, name: &str, part: Result<Part, String>) {
        self.parts.push((name.to_owned(), part));
    }

    /// Replaces all parts with this name.
    fn set(&mut self, name: &str, part: Result<Part, String>) {
        self.parts.retain(|(other, _)| other != name);
        self.add(name, part);
    }

    fn into_form(self, required: &[&str]) -> Result<Form, String> {
        let is_there = |name: &str| self.parts.iter().any(|(other, _)| other == name);
        if let Some(missing) = required.iter().find(|name| !is_there(name)) {
            return Err(format!("the required part `{missing}` of the request body is missing"));
        }
        let mut form = Form::new();
        for (name, part) in self.parts {
            let part = part.map_err(|error| format!("part `{name}` of the request body: {error}"))?;
            form = form.part(name, part);
        }
        Ok(form)
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.iter().map(|(name, _)| name)).finish()
    }
}
