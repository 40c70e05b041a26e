//! Media files and the enums that describe them.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::clock::Timestamp;

/// Defines an enum and the string of each variant, with `ALL`, `as_str`, `FromStr`, `Display` and `Serialize`.
macro_rules! string_enum {
    (
        $(#[doc = $doc:literal])+
        $name:ident {
            $( $(#[doc = $value_doc:literal])+ $value:ident = $string:literal, )+
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

            /// The string that stands for the value in JSON and in query parameters.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$value => $string, )+
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownValue;

            fn from_str(string: &str) -> Result<Self, UnknownValue> {
                match string {
                    $( $string => Ok(Self::$value), )+
                    _ => Err(UnknownValue),
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
    };
}

/// The string is not a value of the enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown value")]
pub struct UnknownValue;

string_enum! {
    /// The kind of a media file.
    MediaType {
        /// JPEG, PNG, GIF or WebP.
        Image = "image",
        /// MP4, MOV or WebM.
        Video = "video",
        /// PDF.
        Document = "document",
    }
}

string_enum! {
    /// Whether a media file can be used.
    MediaStatus {
        /// The file has been processed and can be used.
        Ready = "ready",
        /// The file has not been processed yet.
        Processing = "processing",
        /// The content of the file is damaged.
        Failed = "failed",
    }
}

/// A media file of a library.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaItem {
    /// Identifies the file.
    pub media_id: Uuid,
    /// Whether the file can be used.
    pub status: MediaStatus,
    /// The kind of file.
    pub media_type: MediaType,
    /// The name of the file when it was added: 1 to 255 characters.
    pub filename: String,
    /// The MIME type, detected from the content.
    pub content_type: String,
    /// The size in bytes.
    pub size: u64,
    /// The width of the stored image in pixels, before any rotation set in the metadata.
    pub width: Option<u32>,
    /// The height of the stored image in pixels, before any rotation set in the metadata.
    pub height: Option<u32>,
    /// The duration in seconds. `None` for images and documents.
    pub duration: Option<f64>,
    /// When the file was added.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_round_trip_through_strings() {
        for value in MediaType::ALL {
            assert_eq!(value.as_str().parse(), Ok(*value));
        }
        for value in MediaStatus::ALL {
            assert_eq!(value.as_str().parse(), Ok(*value));
        }
    }

    #[test]
    fn unknown_strings_are_rejected() {
        assert_eq!("Image".parse::<MediaType>(), Err(UnknownValue));
        assert_eq!("".parse::<MediaStatus>(), Err(UnknownValue));
    }
}
