//! Regular expressions of `pattern` (ECMA-262).

mod dialect;
mod language;

pub(crate) use dialect::{for_automata, for_validator};
pub(crate) use language::{Language, LanguageSearch};
