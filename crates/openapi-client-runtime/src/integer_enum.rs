//! Enums of integers.

use std::fmt::{self, Display};
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};

/// Declares an enum of integers.
///
/// It is written as its integer, and read from it or from the same number with a fraction of zero. Conversions from the
/// integer type and from strings reject other integers. `VALUES` has all of them.
///
/// ```
/// openapi_client_runtime::integer_enum! {
///     /// What a printer reports.
///     pub enum Code: i64 {
///         Ready = 0,
///         NoPaper = -1,
///     }
/// }
///
/// assert_eq!(Code::try_from(-1).unwrap(), Code::NoPaper);
/// assert_eq!("0".parse::<Code>().unwrap(), Code::Ready);
/// assert_eq!(i64::from(Code::NoPaper), -1);
/// assert_eq!(
///     Code::try_from(7).unwrap_err().to_string(),
///     "unknown value `7`, expected one of `0`, `-1`"
/// );
/// ```
#[macro_export]
macro_rules! integer_enum {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident: $integer:ident {
            $($(#[$of_variant:meta])* $variant:ident = $value:literal,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        $visibility enum $name {
            $($(#[$of_variant])* $variant,)*
        }

        impl $name {
            /// The integers.
            pub const VALUES: &'static [$integer] = &[$($value),*];
        }

        impl ::std::convert::From<$name> for $integer {
            fn from(value: $name) -> Self {
                match value {
                    $($name::$variant => $value,)*
                }
            }
        }

        impl ::std::convert::TryFrom<$integer> for $name {
            type Error = $crate::ConversionError;

            fn try_from(value: $integer) -> ::std::result::Result<Self, $crate::ConversionError> {
                match value {
                    $($value => ::std::result::Result::Ok(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::__private::unknown_value(
                        &::std::string::ToString::to_string(&value),
                        Self::VALUES,
                    )),
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::ConversionError;

            fn from_str(value: &str) -> ::std::result::Result<Self, $crate::ConversionError> {
                match value.parse::<$integer>() {
                    ::std::result::Result::Ok(value) => value.try_into(),
                    ::std::result::Result::Err(_) => {
                        ::std::result::Result::Err($crate::__private::unknown_value(value, Self::VALUES))
                    }
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&$integer::from(*self), f)
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::__private::serde::Serialize::serialize(&$integer::from(*self), serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__private::deserialize_integer::<Self, $integer, D>(deserializer)
            }
        }

        $crate::__schema! { $name, _generator => $crate::__private::enum_schema("integer", Self::VALUES) }
    };
}

/// Reads an integer, and converts it.
///
/// # Errors
///
/// The value is no integer, or the conversion fails.
pub fn deserialize_integer<'de, T, I, D>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<I, Error: Display>,
    I: TryFrom<i64> + TryFrom<u64>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_i64(IntegerVisitor(PhantomData::<(T, I)>))
}

struct IntegerVisitor<T, I>(PhantomData<(T, I)>);

impl<T, I> IntegerVisitor<T, I>
where
    T: TryFrom<I, Error: Display>,
{
    fn converted<E: Error>(self, value: Option<I>, unexpected: Unexpected<'_>) -> Result<T, E> {
        let value = value.ok_or_else(|| E::invalid_value(unexpected, &"a known integer"))?;
        T::try_from(value).map_err(E::custom)
    }
}

impl<T, I> Visitor<'_> for IntegerVisitor<T, I>
where
    T: TryFrom<I, Error: Display>,
    I: TryFrom<i64> + TryFrom<u64>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        self.converted(I::try_from(value).ok(), Unexpected::Signed(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        self.converted(I::try_from(value).ok(), Unexpected::Unsigned(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        /// Doubles up to this one have all integers.
        const LIMIT: f64 = 9_007_199_254_740_992.0;
        let is_integer = value.fract() == 0.0 && value.abs() <= LIMIT;
        // Exact: checked above.
        let integer = is_integer.then_some(value as i64);
        self.converted(
            integer.and_then(|value| I::try_from(value).ok()),
            Unexpected::Float(value),
        )
    }
}
