//! Names that are not taken yet.

use std::collections::HashSet;

use openapi_contract::rust_names::type_name;
use serde_json::Value;

use super::walk;
use crate::identifiers;

/// The Rust type names of the component schemas.
pub(super) fn component_types(document: &Value) -> HashSet<String> {
    let components = walk::components(document);
    components.map(|(name, _)| type_name(name)).collect()
}

/// Reserves a component name similar to `wanted` whose Rust type name is not taken.
pub(super) fn unused_name(taken: &mut HashSet<String>, wanted: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let wanted = wanted.replace(|c: char| !allowed(c), "_");
    let wanted = match wanted.trim_matches('_') {
        "" => "Inline",
        wanted => wanted,
    };
    first_unused(wanted, |name| taken.insert(type_name(name)))
}

/// The first of `base`, `base_2`, `base_3` ... that can be reserved.
pub(super) fn first_unused(base: &str, mut reserve: impl FnMut(&str) -> bool) -> String {
    let numbered = |number| format!("{base}_{}", number + 1);
    identifiers::first_unused(base, numbered, |name| !reserve(name))
}

/// The first of `base_2`, `base_3` ... that can be reserved.
pub(super) fn first_numbered(base: &str, mut reserve: impl FnMut(&str) -> bool) -> String {
    let numbered = |number| format!("{base}_{}", number + 2);
    identifiers::first_unused(&format!("{base}_2"), numbered, |name| !reserve(name))
}
