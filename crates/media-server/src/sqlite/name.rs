//! Names of libraries.

use std::fmt;
use std::str::FromStr;

/// The maximum number of characters in a name.
const MAX_LENGTH: usize = 64;

/// The name of a library: 1 to 64 ASCII letters, digits, `.`, `_` or `-`. A library is created when its name is first
/// used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LibraryName(String);

impl LibraryName {
    /// The name as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for LibraryName {
    /// The library named `default`.
    fn default() -> Self {
        Self("default".to_owned())
    }
}

/// The string is not a valid name of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid library name; expected 1 to 64 ASCII letters, digits, `.`, `_` or `-`")]
pub struct LibraryNameError;

impl FromStr for LibraryName {
    type Err = LibraryNameError;

    fn from_str(text: &str) -> Result<Self, LibraryNameError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let well_formed = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(allowed);
        well_formed
            .then(|| Self(text.to_owned()))
            .ok_or(LibraryNameError)
    }
}

impl fmt::Display for LibraryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_names_are_rejected() {
        assert!("team-1.media_A".parse::<LibraryName>().is_ok());
        for wrong in ["", "a b", "a/b", "é", "a\n", &"a".repeat(65)] {
            assert!(wrong.parse::<LibraryName>().is_err(), "{wrong:?}");
        }
    }
}
