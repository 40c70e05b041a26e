//! The generated types, for generated code that goes by what they are.

use std::collections::HashMap;
use std::sync::Arc;

use syn::Item;

mod checks;
mod optional_nullable;
mod recursive_option;
pub(crate) mod schemars_derive;
mod unicode_patterns;

pub(crate) use optional_nullable::{OptionalProperties, argument_of, unmarked};
pub(crate) use schemars_derive::SCHEMA_DERIVE;

use optional_nullable::UNTYPED;

/// A type with its implementations, as progenitor generated it.
#[derive(Debug)]
pub(crate) struct TypeSource {
    /// The module it belongs to.
    pub(crate) path: &'static str,
    pub(crate) name: String,
    /// Its code, as tokens are printed.
    pub(crate) text: String,
}

/// What the module `types` declares. Each type is parsed when it is asked for: hardly any is.
#[derive(Debug, Default)]
pub(crate) struct Types {
    parts: HashMap<String, Arc<TypeSource>>,
    members: Arc<OptionalProperties>,
    /// Whether members may be any JSON.
    have_untyped: bool,
}

impl Types {
    /// None so far, of which some have these members.
    pub(crate) fn new(members: Arc<OptionalProperties>) -> Self {
        Self {
            members,
            ..Self::default()
        }
    }

    /// Adds a part, if it is of the module itself.
    pub(crate) fn add(&mut self, part: &Arc<TypeSource>) {
        if part.path == "types" {
            self.parts.insert(part.name.clone(), Arc::clone(part));
            self.have_untyped |= part.text.contains(UNTYPED);
        }
    }

    /// Whether they name what is in the module `nullable`.
    pub(crate) fn need_nullable(&self) -> bool {
        self.have_untyped || self.have_nullable()
    }

    /// Whether members of theirs are a `Nullable`.
    pub(crate) fn have_nullable(&self) -> bool {
        self.members.have_nullable()
    }

    /// Whether there is a type of this name.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.parts.contains_key(name)
    }

    /// The enum of this name.
    pub(crate) fn enumeration(&self, name: &str) -> Option<syn::ItemEnum> {
        match self.item(name)? {
            Item::Enum(found) => Some(found),
            _ => None,
        }
    }

    /// The struct of this name.
    pub(crate) fn structure(&self, name: &str) -> Option<syn::ItemStruct> {
        match self.item(name)? {
            Item::Struct(found) => Some(found),
            _ => None,
        }
    }

    /// The declaration of this name, which stands before what else belongs to it.
    fn item(&self, name: &str) -> Option<Item> {
        let mut file = syn::parse_file(&self.parts.get(name)?.text).ok()?;
        self.members.settle("types", &mut file);
        file.items.into_iter().next()
    }
}

/// Fixes the code of a type, as tokens are printed.
pub(crate) fn fix_source(text: String) -> String {
    unicode_patterns::with_flags(recursive_option::fix_recursive_option(unmarked(text)))
}
