//! JSON pointers (RFC 6901).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A JSON pointer: the path from a value to one inside it.
///
/// ```
/// use openapi_contract::document::JsonPointer;
///
/// let mut pointer = JsonPointer::default();
/// pointer.push("paths");
/// pointer.push("/media");
/// assert_eq!(pointer.to_string(), "/paths/~1media");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JsonPointer(String);

/// A string that is not a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a JSON pointer: expected `/` at the start")]
pub struct InvalidJsonPointer(String);

impl JsonPointer {
    /// Appends a token: a property name or an array index, unescaped.
    pub fn push(&mut self, token: &str) {
        self.0.push('/');
        self.0 += &escape_token(token);
    }

    /// The pointer to a value inside: a property name or an array index, unescaped.
    #[must_use]
    pub fn join(&self, token: &str) -> Self {
        let mut inner = self.clone();
        inner.push(token);
        inner
    }

    /// The pointer to the value around, and the last token, unescaped. The empty pointer has no
    /// parent.
    pub fn parent(&self) -> Option<(Self, String)> {
        let (parent, token) = self.0.rsplit_once('/')?;
        Some((Self(parent.to_owned()), unescape_token(token).into_owned()))
    }

    /// The tokens, unescaped.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = Cow<'_, str>> {
        tokens(&self.0)
    }

    /// The pointer as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: AsRef<str>> FromIterator<T> for JsonPointer {
    fn from_iter<I: IntoIterator<Item = T>>(tokens: I) -> Self {
        let mut pointer = Self::default();
        for token in tokens {
            pointer.push(token.as_ref());
        }
        pointer
    }
}

impl FromStr for JsonPointer {
    type Err = InvalidJsonPointer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || text.starts_with('/') {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidJsonPointer(text.to_owned()))
        }
    }
}

impl fmt::Display for JsonPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The tokens of a pointer, unescaped. What is before the first `/` is ignored.
pub(crate) fn tokens(pointer: &str) -> impl DoubleEndedIterator<Item = Cow<'_, str>> {
    let tokens = pointer.split_once('/').map(|(_, tokens)| tokens.split('/'));
    tokens.into_iter().flatten().map(unescape_token)
}

/// Escapes a property name for use in a JSON pointer.
pub fn escape_token(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Reverses [`escape_token`].
pub fn unescape_token(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pointers_keep_their_tokens(names in vec("[a~/01 ]{0,4}", 0..5)) {
            let pointer: JsonPointer = names.iter().collect();
            let tokens: Vec<Cow<'_, str>> = pointer.tokens().collect();
            prop_assert_eq!(tokens, names);
            prop_assert_eq!(pointer.to_string().parse(), Ok(pointer));
        }

        #[test]
        fn joining_the_last_token_to_the_parent_gives_the_pointer(
            names in vec("[a~/]{0,4}", 0..5),
        ) {
            let pointer: JsonPointer = names.iter().collect();
            match pointer.parent() {
                Some((parent, token)) => prop_assert_eq!(parent.join(&token), pointer),
                None => prop_assert!(names.is_empty()),
            }
        }
    }

    #[test]
    fn pointers_start_with_a_slash() {
        assert_eq!("".parse(), Ok(JsonPointer::default()));
        let error = "paths/a".parse::<JsonPointer>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`paths/a` is not a JSON pointer: expected `/` at the start"
        );
    }
}
