//! Regular expressions of contracts: ECMA-262, as `pattern` has it.

mod dialect;
mod language;

pub(crate) use dialect::{for_automata, for_validator};
pub(crate) use language::{Language, LanguageSearch};
