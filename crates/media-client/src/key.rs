//! The API key: usable, but never to be read back.

use std::fmt;
use std::str::FromStr;

use crate::Error;
use crate::generated::auth::Credentials;

/// An API key of a library.
///
/// No text that this crate makes contains the key: neither `Debug` output nor an error. In
/// requests it is sent in a header that is marked as sensitive.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes a key, such as `mapi_` followed by 64 hexadecimal digits.
    ///
    /// White space around it, as it comes from files, is removed. Whether the key is valid, the
    /// server decides.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] when the key is empty or has characters that cannot be sent.
    pub fn new(key: impl AsRef<str>) -> Result<Self, Error> {
        let key = key.as_ref().trim();
        if key.is_empty() {
            return Err(Error::argument("api_key", "the key is empty"));
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let message = "the key has characters other than visible ASCII ones";
            return Err(Error::argument("api_key", message));
        }
        Ok(Self(key.to_owned()))
    }

    /// What the generated client sends of it, in a header that is marked as sensitive.
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
    fn a_key_is_never_shown() {
        let key = ApiKey::new("mapi_secret\n").unwrap();
        assert_eq!(
            format!("{key:?} {key:#?}"),
            "ApiKey(<redacted>) ApiKey(<redacted>)"
        );
        assert!(!format!("{:?}", key.credentials()).contains("secret"));
    }

    #[test]
    fn what_cannot_be_sent_is_refused_without_showing_it() {
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
