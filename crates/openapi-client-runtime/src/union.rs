//! Enums of alternatives.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Error, Number, Value};

/// Declares an enum of alternatives, each with one value.
///
/// A value is read as the first variant that holds it completely: what the variant would write contains every property
/// of the value. Without such a variant, it is read as the first variant that accepts it. `_ => Other` adds a variant
/// with a `serde_json::Value`, which is used instead of a variant that does not hold the value completely. Values are
/// written without a trace of the enum.
///
/// `from` implements `From` for the type of a variant; for `Box<T>`, also for `T`.
///
/// ```
/// openapi_client_runtime::union! {
///     /// A number or its name.
///     pub enum Amount {
///         Count(u32) from,
///         /// In words.
///         Words(Box<String>) from,
///     }
/// }
///
/// assert_eq!(serde_json::from_str::<Amount>("3").unwrap(), 3.into());
/// assert_eq!(serde_json::from_str::<Amount>("\"many\"").unwrap(), "many".to_owned().into());
/// assert!(serde_json::from_str::<Amount>("[]").is_err());
/// assert_eq!(serde_json::to_string(&Amount::Count(3)).unwrap(), "3");
/// ```
///
/// With a tag, a property decides. Each variant has the values that stand for it; the first is written, unless the value
/// of the variant has another of them. Objects without a known value are errors, or `Other`.
///
/// ```
/// use std::collections::BTreeMap;
///
/// openapi_client_runtime::union! {
///     pub enum Pet tagged by "kind" {
///         Cat(BTreeMap<String, String>) = "cat" | "kitten",
///         Dog(BTreeMap<String, String>) = "dog",
///         _ => Other,
///     }
/// }
///
/// let pet: Pet = serde_json::from_str(r#"{"kind":"kitten"}"#).unwrap();
/// assert!(matches!(pet, Pet::Cat(_)));
/// assert_eq!(serde_json::to_string(&pet).unwrap(), r#"{"kind":"kitten"}"#);
/// let pet = Pet::Dog(BTreeMap::new());
/// assert_eq!(serde_json::to_string(&pet).unwrap(), r#"{"kind":"dog"}"#);
/// let pet: Pet = serde_json::from_str(r#"{"kind":"bird"}"#).unwrap();
/// assert!(matches!(pet, Pet::Other(_)));
/// ```
#[macro_export]
macro_rules! union {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$of_variant:meta])* $variant:ident($($ty:tt)+) $($from:ident)?,)*
            $(_ => $other:ident $(,)?)?
        }
    ) => {
        $crate::union! {
            @shared $(#[$attribute])* $visibility $name
            { $($(#[$of_variant])* $variant ($($ty)+) $($from)?,)* }
            $($other)?
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::__private::serde::Serialize::serialize(value, serializer),)*
                    $(Self::$other(value) => $crate::__private::serde::Serialize::serialize(value, serializer),)?
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = $crate::__private::serde::Deserialize::deserialize(deserializer)?;
                $crate::__private::read_untagged(
                    stringify!($name),
                    value,
                    &[$(|value| {
                        <$($ty)+ as $crate::__private::serde::Deserialize<'_>>::deserialize(value).map(Self::$variant)
                    },)*],
                    $crate::union!(@other $($other)?),
                )
                .map_err($crate::__private::serde::de::Error::custom)
            }
        }

        $crate::__schema! { $name, _generator => $crate::__private::any_of(&[
            $(_generator.subschema_for::<$($ty)+>(),)*
        ]) }
    };

    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident tagged by $tag:literal {
            $($(#[$of_variant:meta])* $variant:ident($($ty:tt)+) $($from:ident)? = $($value:literal)|+,)*
            $(_ => $other:ident $(,)?)?
        }
    ) => {
        $crate::union! {
            @shared $(#[$attribute])* $visibility $name
            { $($(#[$of_variant])* $variant ($($ty)+) $($from)?,)* }
            $($other)?
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => {
                        $crate::__private::write_tagged(value, $tag, &[$($value),+], serializer)
                    })*
                    $(Self::$other(value) => $crate::__private::serde::Serialize::serialize(value, serializer),)?
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = $crate::__private::serde::Deserialize::deserialize(deserializer)?;
                $crate::__private::read_tagged(
                    stringify!($name),
                    $tag,
                    value,
                    &[$((&[$($value),+], |value| {
                        <$($ty)+ as $crate::__private::serde::Deserialize<'_>>::deserialize(value).map(Self::$variant)
                    }),)*],
                    $crate::union!(@other $($other)?),
                )
                .map_err($crate::__private::serde::de::Error::custom)
            }
        }

        $crate::__schema! { $name, _generator => $crate::__private::one_of(&[
            $($crate::__private::tagged_schema(&_generator.subschema_for::<$($ty)+>(), $tag, &[$($value),+]),)*
        ]) }
    };

    (
        @shared $(#[$attribute:meta])* $visibility:vis $name:ident
        { $($(#[$of_variant:meta])* $variant:ident ($($ty:tt)+) $($from:ident)?,)* }
        $($other:ident)?
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        $visibility enum $name {
            $($(#[$of_variant])* $variant($($ty)+),)*
            $(
                /// A value that no other variant holds completely.
                $other($crate::__private::serde_json::Value),
            )?
        }

        $($crate::union! { @from $name $variant ($($ty)+) $($from)? })*
    };

    (@other) => {
        ::std::option::Option::None
    };
    (@other $other:ident) => {
        ::std::option::Option::Some(Self::$other)
    };

    (@from $name:ident $variant:ident ($($ty:tt)+)) => {};
    (@from $name:ident $variant:ident (Box<$ty:ty>) from) => {
        impl ::std::convert::From<$ty> for $name {
            fn from(value: $ty) -> Self {
                Self::$variant(::std::boxed::Box::new(value))
            }
        }

        impl ::std::convert::From<::std::boxed::Box<$ty>> for $name {
            fn from(value: ::std::boxed::Box<$ty>) -> Self {
                Self::$variant(value)
            }
        }
    };
    (@from $name:ident $variant:ident ($ty:ty) from) => {
        impl ::std::convert::From<$ty> for $name {
            fn from(value: $ty) -> Self {
                Self::$variant(value)
            }
        }
    };
}

/// Reads a variant.
pub type Reader<U> = fn(&Value) -> Result<U, Error>;

/// Reads the variant that holds a value.
///
/// # Errors
///
/// No variant accepts the value. The message has the reason of the last one.
pub fn read_untagged<U: Serialize>(
    union: &str,
    value: Value,
    variants: &[Reader<U>],
    other: Option<fn(Value) -> U>,
) -> Result<U, Error> {
    let mut first = None;
    let mut reason = None;
    for read in variants {
        match read(&value).and_then(|read| fit(&read, &value).map(|fit| (read, fit))) {
            Ok((read, Fit::Complete)) => return Ok(read),
            Ok((read, Fit::Partial)) => first = first.or(Some(read)),
            Err(error) => reason = Some(error),
        }
    }
    match (other, first, reason) {
        (Some(other), _, _) => Ok(other(value)),
        (None, Some(first), _) => Ok(first),
        (None, None, Some(reason)) => Err(Error::custom(format_args!(
            "no variant of {union} accepts the value: {reason}"
        ))),
        (None, None, None) => Err(Error::custom(format_args!("{union} has no variants"))),
    }
}

/// Reads the variant that a property names.
///
/// # Errors
///
/// The property is missing or unknown, or the variant does not accept the value.
pub fn read_tagged<U>(
    union: &str,
    property: &str,
    value: Value,
    variants: &[(&[&str], Reader<U>)],
    other: Option<fn(Value) -> U>,
) -> Result<U, Error> {
    let tag = value.get(property);
    let named = |(tags, _): &&(&[&str], Reader<U>)| {
        tag.and_then(Value::as_str)
            .is_some_and(|tag| tags.contains(&tag))
    };
    match (variants.iter().find(named), other, tag) {
        (Some((_, read)), _, _) => read(&value),
        (None, Some(other), _) => Ok(other(value)),
        (None, None, Some(tag)) => Err(Error::custom(format_args!(
            "no variant of {union} has the value {tag} of the property `{property}`"
        ))),
        (None, None, None) => Err(Error::custom(format_args!(
            "the property `{property}` of {union} is missing"
        ))),
    }
}

/// Writes the value of a variant, with its tag.
///
/// # Errors
///
/// The errors of the value and of the serializer.
pub fn write_tagged<T: Serialize, S: Serializer>(
    value: &T,
    property: &str,
    tags: &[&str],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut value = serde_json::to_value(value).map_err(serde::ser::Error::custom)?;
    if let (Value::Object(object), Some(first)) = (&mut value, tags.first()) {
        let tag = object.get(property).and_then(Value::as_str);
        if !tag.is_some_and(|tag| tags.contains(&tag)) {
            object.insert(property.to_owned(), Value::from(*first));
        }
    }
    value.serialize(serializer)
}

/// How much of a value a variant holds.
enum Fit {
    Complete,
    Partial,
}

/// Compares a value with what a variant would write.
///
/// # Errors
///
/// The value is an array, and the variant is not: serde reads structs from arrays as well.
fn fit<U: Serialize>(read: &U, value: &Value) -> Result<Fit, Error> {
    match serde_json::to_value(read) {
        Ok(written) if value.is_array() && !written.is_array() => {
            Err(Error::custom("invalid type: array"))
        }
        Ok(written) if contains(&written, value) => Ok(Fit::Complete),
        Ok(_) | Err(_) => Ok(Fit::Partial),
    }
}

/// Whether every property of a value is in another one, with the same value.
fn contains(written: &Value, value: &Value) -> bool {
    match (written, value) {
        (Value::Object(written), Value::Object(value)) => value.iter().all(|(name, value)| {
            written
                .get(name)
                .is_some_and(|written| contains(written, value))
        }),
        (Value::Array(written), Value::Array(value)) => {
            written.len() == value.len()
                && written
                    .iter()
                    .zip(value)
                    .all(|(written, value)| contains(written, value))
        }
        (Value::Number(written), Value::Number(value)) => is_same_number(written, value),
        (Value::String(written), Value::String(value)) => is_same_string(written, value),
        _ => written == value,
    }
}

/// Whether two numbers have the same value.
fn is_same_number(written: &Number, value: &Number) -> bool {
    match (written.as_i128(), value.as_i128()) {
        (Some(written), Some(value)) => written == value,
        _ => written.as_f64() == value.as_f64(),
    }
}

/// Whether two strings are the same, perhaps as the types of formats write them: date-times in UTC, UUIDs in lower case,
/// short IP addresses.
fn is_same_string(written: &str, value: &str) -> bool {
    fn same<T: std::str::FromStr + PartialEq>(written: &str, value: &str) -> bool {
        written
            .parse::<T>()
            .is_ok_and(|written| value.parse::<T>().is_ok_and(|value| written == value))
    }
    written == value
        || same::<DateTime<Utc>>(written, value)
        || same::<NaiveDate>(written, value)
        || same::<IpAddr>(written, value)
        || uuid(written).is_some_and(|written| uuid(value) == Some(written))
}

/// The digits of a UUID in one of the forms that the crate `uuid` reads.
fn uuid(text: &str) -> Option<String> {
    let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
    let braced = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    let digits = braced.unwrap_or(text).replace('-', "").to_ascii_lowercase();
    (digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::contains;

    #[test]
    fn values_are_compared_as_their_types_write_them() {
        for (written, value) in [
            (json!(1.0), json!(1)),
            (
                json!("2020-01-01T00:00:00Z"),
                json!("2020-01-01T01:00:00.0+01:00"),
            ),
            (json!("2020-01-01"), json!("2020-1-1")),
            (json!("::1"), json!("0:0:0:0:0:0:0:1")),
            (
                json!("67e55044-10b1-426f-9247-bb680e5fe0c8"),
                json!("urn:uuid:67E55044-10B1-426F-9247-BB680E5FE0C8"),
            ),
            (json!({"a": 1, "b": 2}), json!({"a": 1})),
        ] {
            assert!(contains(&written, &value), "{written} {value}");
        }
        for (written, value) in [
            (
                json!(9_007_199_254_740_992_u64),
                json!(9_007_199_254_740_993_u64),
            ),
            (
                json!("2020-01-01T00:00:00Z"),
                json!("2020-01-01T00:00:00.1Z"),
            ),
            (json!("a"), json!("A")),
            (json!("67e5504410b1426f9247bb680e5fe0c8"), json!("")),
            (json!({"a": 1}), json!({"a": 1, "b": null})),
            (json!([1, 2]), json!([1])),
            (json!(1), json!("1")),
        ] {
            assert!(!contains(&written, &value), "{written} {value}");
        }
    }
}
