//! The API key, which is sent but never shown.

use std::fmt;
use std::str::FromStr;

use crate::Error;
use crate::generated::auth::Credentials;

/// An API key of a library.
///
/// Neither `Debug` output nor an error contains the key. It is sent in a header that is marked as sensitive.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// An API key: `mapi_` followed by 64 hexadecimal digits.
    ///
    /// Surrounding whitespace, for example from a file, is removed. Whether the key is valid is not checked.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the key is empty or contains characters that cannot be sent in a header.
    pub fn new(key: impl AsRef<str>) -> Result<Self, Error> {
        let key = key.as_ref().trim();
        if key.is_empty() {
            return Err(Error::argument("api_key", "the key is empty"));
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let message = "the key contains characters other than visible ASCII";
            return Err(Error::argument("api_key", message));
        }
        Ok(Self(key.to_owned()))
    }

    /// The credentials of the generated client.
    pub(crate) fn credentials(self) -> Credentials {
        Credentials::new().api_key(self.0)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(<redacted>)")
    }
}

impl FromStr for ApiKey {
    type Err = Error;

    fn from_str(key: &str) -> Result<Self, Error> {
        Self::new(key)
    }
}

#[cfg(test)]
mod tests {
    use super::ApiKey;

    #[test]
    fn key_is_not_in_debug_output() {
        let key = ApiKey::new("mapi_secret\n").unwrap();
        assert_eq!(
            format!("{key:?} {key:#?}"),
            "ApiKey(<redacted>) ApiKey(<redacted>)"
        );
        assert!(!format!("{:?}", key.credentials()).contains("secret"));
    }

    #[test]
    fn invalid_keys_are_rejected_without_being_shown() {
        for bad in [
            "",
            " \n",
            "mapi_se cret",
            "mapi_secret\u{e9}",
            "mapi\nsecret",
        ] {
            let error = ApiKey::new(bad).unwrap_err();
            assert!(error.to_string().starts_with("api_key: "), "{error}");
            assert!(!format!("{error} {error:?}").contains("cret"), "{error:?}");
        }
    }
}
