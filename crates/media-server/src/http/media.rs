//! Media files in JSON: the representation of the domain's [`media::MediaItem`].

use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::schema;
use crate::domain::clock::Timestamp;
use crate::domain::media::{self, MediaStatus, MediaType};

/// One media file.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = MediaItem)]
pub(crate) struct MediaItemBody {
    /// Identifies the file in every operation.
    #[schema(schema_with = schema::media_id)]
    media_id: Uuid,
    /// Whether the file can be used.
    status: MediaStatus,
    /// The kind of file.
    #[serde(rename = "type")]
    media_type: MediaType,
    /// The name of the file when it was added: 1 to 255 characters.
    #[schema(schema_with = schema::filename)]
    filename: String,
    /// The MIME type, read from the content of the file.
    #[schema(schema_with = schema::content_type)]
    content_type: String,
    /// The size of the file in bytes.
    #[schema(schema_with = schema::size)]
    size: u64,
    /// The width of the stored image in pixels.
    #[schema(schema_with = schema::width, required = true)]
    width: Option<u32>,
    /// The height of the stored image in pixels.
    #[schema(schema_with = schema::height, required = true)]
    height: Option<u32>,
    /// The duration in seconds. Null for images and documents.
    #[schema(schema_with = schema::duration, required = true)]
    duration: Option<f64>,
    /// When the file was added.
    #[schema(schema_with = schema::created_at)]
    created_at: Timestamp,
}

impl From<media::MediaItem> for MediaItemBody {
    fn from(item: media::MediaItem) -> Self {
        let media::MediaItem {
            media_id,
            status,
            media_type,
            filename,
            content_type,
            size,
            width,
            height,
            duration,
            created_at,
        } = item;
        Self {
            media_id,
            status,
            media_type,
            filename,
            content_type,
            size,
            width,
            height,
            duration,
            created_at,
        }
    }
}

impl PartialSchema for MediaType {
    fn schema() -> RefOr<Schema> {
        let values = Self::ALL.iter().map(|value| value.as_str());
        string_enum("The kind of file.", values)
    }
}

impl ToSchema for MediaType {}

impl PartialSchema for MediaStatus {
    fn schema() -> RefOr<Schema> {
        let description = "`processing` until the file has been processed, then `ready`, or \
                           `failed` if its content is damaged.";
        string_enum(description, Self::ALL.iter().map(|value| value.as_str()))
    }
}

impl ToSchema for MediaStatus {}

fn string_enum(
    description: &str,
    values: impl Iterator<Item = &'static str> + Clone,
) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(values.clone()))
        .examples(values.take(1))
        .into()
}
