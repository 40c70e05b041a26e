//! A media file as the API shows it, and the two closed vocabularies in it.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::http::schema;

/// An enum whose values are words: one list gives the type, the words, the parser and the schema.
macro_rules! vocabulary {
    (
        $(#[doc = $doc:literal])+
        $name:ident, $description:literal {
            $( $(#[doc = $value_doc:literal])+ $value:ident = $word:literal, )+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $( $(#[doc = $value_doc])+ $value, )+
        }

        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [Self] = &[$( Self::$value, )+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$value => $word, )+
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $( $word => Ok(Self::$value), )+
                    _ => Err(UnknownWord),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some($description))
                    .enum_values(Some(Self::ALL.iter().map(|value| value.as_str())))
                    .examples([Self::ALL[0].as_str()])
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

/// A word that is not in the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word of this vocabulary")]
pub struct UnknownWord;

vocabulary! {
    /// What kind of file it is.
    MediaType, "What kind of file it is." {
        /// JPEG, PNG, GIF or WebP.
        Image = "image",
        /// MP4, MOV or WebM.
        Video = "video",
        /// PDF.
        Document = "document",
    }
}

vocabulary! {
    /// Whether a file can be used.
    MediaStatus, "`processing` until the file has been examined, then `ready`, or `failed` when \
                  its content cannot be used." {
        /// The file has been examined and can be used.
        Ready = "ready",
        /// The file has not been examined yet.
        Processing = "processing",
        /// The content of the file cannot be used.
        Failed = "failed",
    }
}

/// One media file.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MediaItem {
    /// Identifies the file in every operation.
    #[schema(schema_with = schema::media_id)]
    pub media_id: Uuid,
    /// Whether the file can be used.
    pub status: MediaStatus,
    /// What kind of file it is.
    #[serde(rename = "type")]
    pub media_type: MediaType,
    /// The name the file had when it was added: 1 to 255 characters.
    #[schema(schema_with = schema::filename)]
    pub filename: String,
    /// The MIME type, read from the content of the file.
    #[schema(schema_with = schema::content_type)]
    pub content_type: String,
    /// The size of the file in bytes.
    #[schema(schema_with = schema::size)]
    pub size: u64,
    /// The width in pixels: of the pixels as they are stored, before any rotation in metadata.
    #[schema(schema_with = schema::width, required = true)]
    pub width: Option<u32>,
    /// The height in pixels, as for the width.
    #[schema(schema_with = schema::height, required = true)]
    pub height: Option<u32>,
    /// The duration in seconds. Null for everything but videos.
    #[schema(schema_with = schema::duration, required = true)]
    pub duration: Option<f64>,
    /// When the file was added.
    #[schema(schema_with = schema::created_at)]
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_parses_to_its_value() {
        for value in MediaType::ALL {
            assert_eq!(value.as_str().parse(), Ok(*value));
        }
        for value in MediaStatus::ALL {
            assert_eq!(value.as_str().parse(), Ok(*value));
        }
    }

    #[test]
    fn other_words_do_not_parse() {
        assert_eq!("Image".parse::<MediaType>(), Err(UnknownWord));
        assert_eq!("".parse::<MediaStatus>(), Err(UnknownWord));
    }
}
