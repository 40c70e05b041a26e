//! The schemas of single values with all their constraints. The schemas of structs are derived.

use serde_json::{Value, json};
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, SchemaType,
    Type,
};

const EXAMPLE_ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
const EXAMPLE_TIME: &str = "2026-04-10T12:00:00.000Z";

fn value(schema_type: impl Into<SchemaType>, description: &str, example: Value) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(schema_type)
        .description(Some(description))
        .examples([example])
}

fn nullable(schema_type: Type) -> SchemaType {
    SchemaType::from_iter([schema_type, Type::Null])
}

fn known(format: KnownFormat) -> Option<SchemaFormat> {
    Some(SchemaFormat::KnownFormat(format))
}

pub(crate) fn uuid() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom("uuid".to_owned())))
}

fn timestamp(description: &str) -> ObjectBuilder {
    value(Type::String, description, json!(EXAMPLE_TIME))
        .format(known(KnownFormat::DateTime))
        .pattern(Some(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"))
}

fn pixels(description: &str, example: u32) -> Object {
    value(nullable(Type::Integer), description, json!(example))
        .format(known(KnownFormat::Int32))
        .minimum(Some(1))
        .build()
}

pub(crate) fn media_id() -> Object {
    uuid()
        .description(Some("Identifies the file in every operation."))
        .examples([EXAMPLE_ID])
        .build()
}

pub(crate) fn filename() -> Object {
    let description = "The name of the file when it was added.";
    value(Type::String, description, json!("product-photo.jpg"))
        .min_length(Some(1))
        .max_length(Some(255))
        .build()
}

pub(crate) fn content_type() -> Object {
    let description = "The MIME type, read from the content of the file.";
    value(Type::String, description, json!("image/jpeg"))
        .pattern(Some("^[a-z]+/[a-z0-9.+-]+$"))
        .max_length(Some(127))
        .build()
}

pub(crate) fn size() -> Object {
    let description = "The size of the file in bytes.";
    value(Type::Integer, description, json!(2_048_576))
        .format(known(KnownFormat::Int64))
        .minimum(Some(0))
        .build()
}

pub(crate) fn width() -> Object {
    pixels(
        "The width in pixels. Null for documents, and while it is unknown.",
        1920,
    )
}

pub(crate) fn height() -> Object {
    pixels(
        "The height in pixels. Null for documents, and while it is unknown.",
        1080,
    )
}

pub(crate) fn duration() -> Object {
    let description =
        "The duration in seconds. Null for images and documents, and while it is unknown.";
    value(nullable(Type::Number), description, json!(12.48))
        .format(known(KnownFormat::Double))
        .minimum(Some(0))
        .build()
}

pub(crate) fn created_at() -> Object {
    timestamp("When the file was added: RFC 3339 in UTC, with milliseconds and the suffix `Z`.")
        .build()
}

pub(crate) fn responded_at() -> Object {
    timestamp(
        "When the response was created: RFC 3339 in UTC, with milliseconds and the suffix `Z`.",
    )
    .build()
}

/// The id of a request, in the body and in the header.
pub(crate) fn request_id() -> Object {
    value(
        Type::String,
        "A short opaque id of this request.",
        json!("a1b2c3d4"),
    )
    .min_length(Some(1))
    .max_length(Some(64))
    .build()
}

pub(crate) fn error_code() -> Object {
    let description = "The kind of failure, for programs. Codes may be added: use the status if a code \
                       is unknown.";
    value(Type::String, description, json!("bad_request"))
        .pattern(Some("^[a-z]+(_[a-z]+)*$"))
        .max_length(Some(64))
        .build()
}

pub(crate) fn error_message() -> Object {
    let description = "What failed, for people. The wording may change.";
    let example = json!("limit: 500 is not allowed, expected an integer from 1 to 100");
    value(Type::String, description, example)
        .min_length(Some(1))
        .build()
}

pub(crate) fn error_details() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "More about the failure, for programs. Its properties depend on `code`.",
        ))
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(true)))
        .build()
}

/// The property of the envelope that is null: `error` on success, `data` on failure.
pub(crate) fn null() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Null)
        .description(Some("Always null."))
        .build()
}
