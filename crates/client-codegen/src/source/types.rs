//! The generated types, for generated code that goes by what they are.

use std::collections::HashMap;
use std::sync::Arc;

use syn::Item;

use super::printing::Part;

/// What the module `types` declares. Each type is parsed when it is asked for: hardly any is.
#[derive(Debug, Default)]
pub(crate) struct Types {
    parts: HashMap<String, Arc<Part>>,
}

impl Types {
    /// Those of a module `types` of these parts.
    pub(super) fn of(parts: impl IntoIterator<Item = Arc<Part>>) -> Self {
        let mut types = Self::default();
        parts.into_iter().for_each(|part| types.add(&part));
        types
    }

    /// Adds a part, if it is of the module itself.
    pub(super) fn add(&mut self, part: &Arc<Part>) {
        if part.path == "types" {
            self.parts.insert(part.name.clone(), Arc::clone(part));
        }
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
        let file = syn::parse_file(&self.parts.get(name)?.text).ok()?;
        file.items.into_iter().next()
    }
}
