//! The flags of a command.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};

use super::names::{kebab, unused};

/// The flags of a command, and the statements that pass their values to the request.
pub(super) struct Flags {
    pub(super) taken: BTreeSet<String>,
    /// The arguments of the command, in the order of its help.
    pub(super) arguments: Vec<TokenStream>,
    pub(super) statements: Vec<TokenStream>,
    /// Whether parts of a form are files.
    pub(super) has_files: bool,
}

impl Flags {
    pub(super) fn new() -> Self {
        Self {
            // clap adds this one.
            taken: BTreeSet::from(["help".to_owned()]),
            arguments: Vec::new(),
            statements: Vec::new(),
            has_files: false,
        }
    }

    /// Returns a flag that the command does not have yet.
    pub(super) fn unused(&mut self, name: &str) -> String {
        unused(name.to_owned(), &mut self.taken)
    }

    /// Returns a flag that the command does not have yet: with a prefix, if it has the plain one.
    pub(super) fn unused_or_prefixed(&mut self, name: String, prefix: &str) -> String {
        match self.taken.contains(&name) {
            true => self.unused(&format!("{prefix}-{name}")),
            false => self.unused(&name),
        }
    }
}

/// The flag of a parameter or property with this setter.
pub(super) fn flag(setter: &Ident) -> String {
    kebab(setter.to_string().trim_start_matches("r#"))
}
