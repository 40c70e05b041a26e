//! The generated types, for generated code that goes by what they are.

use std::collections::HashMap;
use std::sync::Arc;

use syn::Item;

use super::members::{Members, UNTYPED};
use super::printing::Part;

/// What the module `types` declares. Each type is parsed when it is asked for: hardly any is.
#[derive(Debug, Default)]
pub(crate) struct Types {
    parts: HashMap<String, Arc<Part>>,
    members: Arc<Members>,
    /// Whether members may be any JSON.
    have_untyped: bool,
}

impl Types {
    /// None so far, of which some have these members.
    pub(super) fn new(members: Arc<Members>) -> Self {
        Self {
            members,
            ..Self::default()
        }
    }

    /// Adds a part, if it is of the module itself.
    pub(super) fn add(&mut self, part: &Arc<Part>) {
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
    pub(super) fn have_nullable(&self) -> bool {
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
