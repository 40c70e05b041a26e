//! Request bodies with their own media type.

use std::fmt;

use reqwest::Body;

/// A request body with its media type.
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

    /// Returns the media type.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    pub(crate) fn into_parts(self) -> (String, Body) {
        (self.media_type, self.body)
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = &mut f.debug_struct("Content");
        content
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}
