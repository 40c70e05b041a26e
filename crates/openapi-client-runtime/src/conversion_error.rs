//! The error of conversions to generated types.

use std::borrow::Cow;
use std::fmt;

/// Error from a `TryFrom` or `FromStr` implementation.
pub struct ConversionError(Cow<'static, str>);

impl std::error::Error for ConversionError {}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&'static str> for ConversionError {
    fn from(message: &'static str) -> Self {
        Self(message.into())
    }
}

impl From<String> for ConversionError {
    fn from(message: String) -> Self {
        Self(message.into())
    }
}

/// The error of a value that an enum does not have.
#[doc(hidden)]
pub fn unknown_value<T: fmt::Display>(value: &str, expected: &[T]) -> ConversionError {
    let expected: Vec<String> = expected.iter().map(|value| format!("`{value}`")).collect();
    let expected = expected.join(", ");
    format!("unknown value `{value}`, expected one of {expected}").into()
}
