//! The error for an invalid parameter, with a message and as JSON.

use std::fmt;

use serde::Serialize;

/// The number of characters of an invalid value that a response repeats.
const MAX_SHOWN: usize = 64;

/// Why a parameter was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct InvalidParameter {
    parameter: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    allowed: String,
    #[serde(skip)]
    reason: &'static str,
}

impl InvalidParameter {
    pub(crate) fn value(parameter: &'static str, value: &str, allowed: String) -> Self {
        let reason = if value.is_empty() {
            "an empty value is not allowed"
        } else {
            "is not allowed"
        };
        Self::new(parameter, Some(value), allowed, reason)
    }

    pub(crate) fn encoding(parameter: &'static str, value: &str, allowed: String) -> Self {
        let reason = "is not valid percent-encoding of UTF-8";
        Self::new(parameter, Some(value), allowed, reason)
    }

    pub(crate) fn repeated(parameter: &'static str, allowed: String) -> Self {
        let reason = "more than one value is not allowed";
        Self::new(parameter, None, allowed, reason)
    }

    fn new(
        parameter: &'static str,
        value: Option<&str>,
        allowed: String,
        reason: &'static str,
    ) -> Self {
        Self {
            parameter,
            value: value.map(shown),
            allowed,
            reason,
        }
    }
}

impl fmt::Display for InvalidParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.parameter)?;
        if let Some(value) = self.value.as_deref().filter(|value| !value.is_empty()) {
            write!(f, "{value} ")?;
        }
        write!(f, "{}, expected {}", self.reason, self.allowed)
    }
}

/// The value as a response may repeat it: truncated, and with control characters escaped.
fn shown(value: &str) -> String {
    let mut shown: String = value
        .chars()
        .take(MAX_SHOWN)
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect();
    if value.chars().nth(MAX_SHOWN).is_some() {
        shown.push_str("...");
    }
    shown
}
