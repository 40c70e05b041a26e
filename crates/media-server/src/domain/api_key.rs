//! API keys and their hashes. `Debug` output shows neither.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The prefix of every key, by which scanners find leaked keys.
const PREFIX: &str = "mapi_";

/// The number of random bytes in a key.
const SECRET_BYTES: usize = 32;

/// An API key: `mapi_` and 64 lowercase hexadecimal digits.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// Generates a key with the random number generator of the operating system.
    ///
    /// # Errors
    /// If the random number generator fails.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret)?;
        Ok(Self(format!("{PREFIX}{}", hex(&secret))))
    }

    /// Parses a key. `None` if the string is not well-formed.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let well_formed = digits.len() == 2 * SECRET_BYTES
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The key itself. Show it once, to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The hash of the key, which is stored instead of the key.
    ///
    /// SHA-256 is sufficient: a key has 256 random bits, so that a slow hash would not make guessing any harder.
    pub fn hash(&self) -> KeyHash {
        KeyHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({PREFIX}...)")
    }
}

/// The SHA-256 hash of an API key. Hashes are compared in constant time.
#[derive(Clone, Copy)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// The hash with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the hash.
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

/// Identifies a key in lists and logs. It reveals nothing about the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(String);

impl KeyId {
    /// The id with this string.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Formats bytes as lowercase hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
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
    fn generated_keys_are_well_formed() {
        let key = ApiKey::generate().expect("randomness");
        assert!(ApiKey::parse(key.reveal()).is_some());
        assert_eq!(key.reveal().len(), 5 + 64);
    }

    #[test]
    fn generated_keys_differ() {
        let generate = || ApiKey::generate().expect("randomness");
        assert_ne!(generate().reveal(), generate().reveal());
    }

    #[test]
    fn malformed_keys_are_rejected() {
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
    fn debug_output_shows_neither_key_nor_hash() {
        let key = ApiKey::parse(&key(&"0a".repeat(32))).expect("well formed");
        assert_eq!(format!("{key:?}"), "ApiKey(mapi_...)");
        assert_eq!(format!("{:?}", key.hash()), "KeyHash(...)");
    }

    #[test]
    fn hash_is_the_sha_256_of_the_key() {
        let key = ApiKey::parse(&key(&"0".repeat(64))).expect("well formed");
        // printf mapi_000...0 | sha256sum
        let expected = "491599db";
        assert_eq!(hex(key.hash().as_bytes()).len(), 64);
        assert_eq!(&hex(key.hash().as_bytes())[..8], expected);
    }
}
