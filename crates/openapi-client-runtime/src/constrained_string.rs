//! Strings with constraints.

#[cfg(feature = "patterns")]
use std::sync::OnceLock;

use crate::ConversionError;

/// Declares a string with constraints.
///
/// The constructors check it: [`FromStr`](std::str::FromStr), and `TryFrom` of `&str` and `String`. Lengths are in
/// characters. Patterns are regular expressions in the syntax of ECMA-262; they need the feature `patterns`, and
/// `unicode` is the flag `u`. Each constraint is optional, in this order, and there may be several patterns.
///
/// ```
/// # #[cfg(feature = "patterns")] {
/// openapi_client_runtime::constrained_string! {
///     /// The name of a shelf.
///     pub struct ShelfName {
///         min_length: 1,
///         max_length: 8,
///         pattern: "^[a-z]+$",
///         pattern: r"\p{L}" unicode,
///     }
/// }
///
/// assert_eq!(ShelfName::try_from("top").unwrap().len(), 3);
/// assert_eq!(
///     ShelfName::try_from("").unwrap_err().to_string(),
///     "shorter than 1 characters"
/// );
/// assert!(serde_json::from_str::<ShelfName>("\"TOP\"").is_err());
/// # }
/// ```
///
/// `read: unchecked`, at the end, is for types of responses: reading them does not check.
///
/// ```
/// openapi_client_runtime::constrained_string! {
///     pub struct Title {
///         max_length: 3,
///         read: unchecked,
///     }
/// }
///
/// assert!("long".parse::<Title>().is_err());
/// let title: Title = serde_json::from_str("\"long\"").unwrap();
/// assert_eq!(*title, "long");
/// ```
#[macro_export]
macro_rules! constrained_string {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $(min_length: $min:literal,)?
            $(max_length: $max:literal,)?
            $(pattern: $pattern:literal $($flag:ident)?,)*
            $(read: $read:ident,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        $visibility struct $name(::std::string::String);

        impl $name {
            fn check(_value: &str) -> ::std::result::Result<(), $crate::ConversionError> {
                $($crate::__private::check_min_length(_value, $min)?;)?
                $($crate::__private::check_max_length(_value, $max)?;)?
                $({
                    static PATTERN: $crate::__private::Pattern =
                        $crate::constrained_string!(@compiled $pattern $($flag)?);
                    PATTERN.check(_value)?;
                })*
                ::std::result::Result::Ok(())
            }
        }

        impl ::std::ops::Deref for $name {
            type Target = ::std::string::String;

            fn deref(&self) -> &::std::string::String {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::convert::From<$name> for ::std::string::String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::ConversionError;

            fn from_str(value: &str) -> ::std::result::Result<Self, $crate::ConversionError> {
                value.to_owned().try_into()
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $crate::ConversionError;

            fn try_from(value: &str) -> ::std::result::Result<Self, $crate::ConversionError> {
                value.to_owned().try_into()
            }
        }

        impl ::std::convert::TryFrom<::std::string::String> for $name {
            type Error = $crate::ConversionError;

            fn try_from(value: ::std::string::String) -> ::std::result::Result<Self, $crate::ConversionError> {
                Self::check(&value)?;
                ::std::result::Result::Ok(Self(value))
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::constrained_string!(@read deserializer $($read)?)
            }
        }

        $crate::__schema! { $name, _generator => {
            let mut _schema = $crate::__private::StringConstraints::default();
            $(_schema.min_length = ::std::option::Option::Some($min);)?
            $(_schema.max_length = ::std::option::Option::Some($max);)?
            $(_schema.patterns.push($pattern);)*
            _schema.schema()
        } }
    };

    (@compiled $pattern:literal) => {
        $crate::__private::Pattern::new($pattern, "")
    };
    (@compiled $pattern:literal unicode) => {
        $crate::__private::Pattern::new($pattern, "u")
    };

    (@read $deserializer:ident) => {
        $crate::__private::deserialize_parsed($deserializer)
    };
    (@read $deserializer:ident unchecked) => {
        <::std::string::String as $crate::__private::serde::Deserialize<'de>>::deserialize($deserializer).map(Self)
    };
}

/// Checks the keyword `minLength`.
///
/// # Errors
///
/// The value is too short.
pub fn check_min_length(value: &str, length: u64) -> Result<(), ConversionError> {
    match (value.chars().count() as u64) < length {
        true => Err(format!("shorter than {length} characters").into()),
        false => Ok(()),
    }
}

/// Checks the keyword `maxLength`.
///
/// # Errors
///
/// The value is too long.
pub fn check_max_length(value: &str, length: u64) -> Result<(), ConversionError> {
    match (value.chars().count() as u64) > length {
        true => Err(format!("longer than {length} characters").into()),
        false => Ok(()),
    }
}

/// A regular expression, which is compiled when it is first used.
#[cfg(feature = "patterns")]
#[derive(Debug)]
pub struct Pattern {
    pattern: &'static str,
    flags: &'static str,
    compiled: OnceLock<Option<regress::Regex>>,
}

#[cfg(feature = "patterns")]
impl Pattern {
    /// A pattern in the syntax of ECMA-262.
    pub const fn new(pattern: &'static str, flags: &'static str) -> Self {
        Self {
            pattern,
            flags,
            compiled: OnceLock::new(),
        }
    }

    /// Checks the keyword `pattern`.
    ///
    /// # Errors
    ///
    /// The value does not match, or the pattern is invalid.
    pub fn check(&self, value: &str) -> Result<(), ConversionError> {
        let compiled = self
            .compiled
            .get_or_init(|| regress::Regex::with_flags(self.pattern, self.flags).ok());
        match compiled {
            Some(regex) if regex.find(value).is_some() => Ok(()),
            Some(_) => Err(format!("does not match pattern \"{}\"", self.pattern).into()),
            None => Err(format!("cannot compile pattern \"{}\"", self.pattern).into()),
        }
    }
}
