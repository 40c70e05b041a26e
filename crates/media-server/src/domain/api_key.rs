//! API keys: how they are made, read and recognised. A key is a secret and never printed by accident.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every key starts with, so that scanners find a leaked one.
const PREFIX: &str = "mapi_";

/// The bytes of randomness in a key.
const SECRET_BYTES: usize = 32;

/// An API key: `mapi_` and 64 lowercase hexadecimal digits.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// Makes a new key from the random source of the operating system.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret)?;
        Ok(Self(format!("{PREFIX}{}", hex(&secret))))
    }

    /// Reads a key. None when the text does not have the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let well_formed = digits.len() == 2 * SECRET_BYTES
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The key itself. Show it once, to the person who asked for it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored in place of the key.
    ///
    /// A plain SHA-256 is right here: a key has 256 random bits, so there is nothing to guess that
    /// a slow hash would have to protect.
    pub fn hash(&self) -> KeyHash {
        KeyHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({PREFIX}...)")
    }
}

/// The SHA-256 of an API key. Comparing two takes the same time wherever they differ.
#[derive(Clone, Copy)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// The hash that was stored as these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store and to look up by.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for KeyHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for KeyHash {}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash(...)")
    }
}

/// Identifies a key in lists and logs. It says nothing about the key itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(String);

impl KeyId {
    /// The id with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Lowercase hexadecimal digits of the bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digits: &str) -> String {
        format!("mapi_{digits}")
    }

    #[test]
    fn a_generated_key_has_the_documented_form() {
        let key = ApiKey::generate().expect("the system has randomness");
        assert!(ApiKey::parse(key.reveal()).is_some());
        assert_eq!(key.reveal().len(), 5 + 64);
    }

    #[test]
    fn two_generated_keys_differ() {
        let make = || ApiKey::generate().expect("the system has randomness");
        assert_ne!(make().reveal(), make().reveal());
    }

    #[test]
    fn only_the_documented_form_is_read() {
        assert!(ApiKey::parse(&key(&"0a".repeat(32))).is_some());
        for wrong in [
            String::new(),
            "mapi_".to_owned(),
            key(&"0A".repeat(32)),
            key(&"0g".repeat(32)),
            key(&"0a".repeat(31)),
            key(&"0a".repeat(33)),
            format!("napi_{}", "0a".repeat(32)),
            format!(" {}", key(&"0a".repeat(32))),
            key(&"é".repeat(32)),
        ] {
            assert!(ApiKey::parse(&wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn debug_shows_neither_key_nor_hash() {
        let key = ApiKey::parse(&key(&"0a".repeat(32))).expect("well formed");
        assert_eq!(format!("{key:?}"), "ApiKey(mapi_...)");
        assert_eq!(format!("{:?}", key.hash()), "KeyHash(...)");
    }

    #[test]
    fn the_hash_is_sha_256_of_the_whole_key() {
        let key = ApiKey::parse(&key(&"0".repeat(64))).expect("well formed");
        // printf mapi_000...0 | sha256sum
        let expected = "491599db";
        assert_eq!(hex(key.hash().as_bytes()).len(), 64);
        assert_eq!(&hex(key.hash().as_bytes())[..8], expected);
    }
}
