//! Enums of strings.

/// Declares an enum of strings.
///
/// It is written and read as its string. `as_str` and [`Display`](std::fmt::Display) return the string; `VALUES` has
/// all of them. [`FromStr`](std::str::FromStr) and `TryFrom` reject other strings:
///
/// ```
/// openapi_client_runtime::string_enum! {
///     /// How large a parcel is.
///     pub enum Size {
///         Small = "small",
///         /// More than a metre.
///         VeryLarge = "very-large",
///     }
/// }
///
/// assert_eq!("very-large".parse::<Size>().unwrap(), Size::VeryLarge);
/// assert_eq!(Size::Small.to_string(), "small");
/// assert_eq!(
///     Size::try_from("tiny").unwrap_err().to_string(),
///     "unknown value `tiny`, expected one of `small`, `very-large`"
/// );
/// ```
///
/// An open enum keeps other strings in a last variant:
///
/// ```
/// openapi_client_runtime::string_enum! {
///     pub enum Color {
///         Red = "red",
///         _ => Unknown,
///     }
/// }
///
/// assert_eq!(Color::from("red"), Color::Red);
/// assert_eq!(Color::from("mauve"), Color::Unknown("mauve".to_owned()));
/// assert_eq!(Color::from("mauve").as_str(), "mauve");
/// ```
#[macro_export]
macro_rules! string_enum {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$of_variant:meta])* $variant:ident = $value:literal,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        $visibility enum $name {
            $($(#[$of_variant])* $variant,)*
        }

        impl $name {
            /// The string in JSON.
            pub const fn as_str(&self) -> &'static str {
                match *self {
                    $(Self::$variant => $value,)*
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::ConversionError;

            fn from_str(value: &str) -> ::std::result::Result<Self, $crate::ConversionError> {
                match value {
                    $($value => ::std::result::Result::Ok(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::__private::unknown_value(value, Self::VALUES)),
                }
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $crate::ConversionError;

            fn try_from(value: &str) -> ::std::result::Result<Self, $crate::ConversionError> {
                value.parse()
            }
        }

        impl ::std::convert::TryFrom<::std::string::String> for $name {
            type Error = $crate::ConversionError;

            fn try_from(value: ::std::string::String) -> ::std::result::Result<Self, $crate::ConversionError> {
                value.parse()
            }
        }

        $crate::string_enum! { @shared $name $($value)*; $crate::__private::enum_schema("string", Self::VALUES) }
    };

    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$of_variant:meta])* $variant:ident = $value:literal,)*
            _ => $unknown:ident $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        $visibility enum $name {
            $($(#[$of_variant])* $variant,)*
            /// Another string.
            $unknown(::std::string::String),
        }

        impl $name {
            /// The string in JSON.
            pub const fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$unknown(value) => value.as_str(),
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(value.into())
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::$unknown(value.to_owned()),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                match value.as_str() {
                    $($value => Self::$variant,)*
                    _ => Self::$unknown(value),
                }
            }
        }

        $crate::string_enum! { @shared $name $($value)*; $crate::__private::type_schema("string") }
    };

    (@shared $name:ident $($value:literal)*; $schema:expr) => {
        impl $name {
            /// The known strings.
            pub const VALUES: &'static [&'static str] = &[$($value),*];
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__private::deserialize_parsed(deserializer)
            }
        }

        $crate::__schema! { $name, _generator => $schema }
    };
}
