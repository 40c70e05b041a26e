/// A request body, or part of one, with its media type.
pub struct Content {
    body: Body,
    media_type: String,
}

impl Content {
    /// Creates content with a media type such as `image/png`. A streaming body is not buffered.
    pub fn new(media_type: impl Into<String>, body: impl Into<Body>) -> Self {
        Self {
            body: body.into(),
            media_type: media_type.into(),
        }
    }

    pub(crate) fn attach(self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        request
            .header(reqwest::header::CONTENT_TYPE, self.media_type)
            .body(self.body)
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = &mut f.debug_struct("Content");
        content.field("media_type", &self.media_type).finish_non_exhaustive()
    }
}
