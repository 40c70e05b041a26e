//! The domain of the server: media files, libraries, API keys and time. Nothing here knows HTTP, OpenAPI or SQL.

pub(crate) mod api_key;
pub(crate) mod clock;
pub(crate) mod library;
pub(crate) mod media;
