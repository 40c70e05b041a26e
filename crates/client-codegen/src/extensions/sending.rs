//! The module `sending`: code that progenitor repeats in every builder. `layout::dedupe_builders` inserts the
//! calls.

use syn::{Item, UseTree, parse_quote};

use super::{ExtensionInput, ExtensionModule, template};

/// The function that serializes a cookie value.
pub(crate) const COOKIE_VALUE: &str = include_str!("templates/cookie_value.rs");

/// Generates the module. It includes decoding by status and cookies only if the client uses them.
pub(super) fn module(input: &ExtensionInput<'_>, generated: &mut syn::File) -> ExtensionModule {
    encode_paths(generated);
    let doc = "Helpers of the builders: converting values and sending requests.";
    let mut head = vec![template(include_str!("templates/sending.rs"))];
    if input.reads_by_status {
        head.push(template(include_str!("templates/by_status.rs")));
    }
    if input.has_cookies {
        head.push(template(include_str!("templates/cookies.rs")));
        head.push(template(COOKIE_VALUE));
    }
    ExtensionModule {
        is_private: true,
        ..ExtensionModule::new("sending", doc, head)
    }
}

/// Makes the builders use `encode_path` of this module.
fn encode_paths(generated: &mut syn::File) {
    let imports = |item: &mut Item| match item {
        Item::Use(found) => without(&mut found.tree, "encode_path"),
        _ => false,
    };
    if let Some(at) = generated.items.iter_mut().position(imports) {
        let own = parse_quote!(
            use sending::encode_path;
        );
        generated.items.insert(at + 1, own);
    }
}

/// Removes a name from `use a::{b, c}`. Returns whether it was imported.
fn without(tree: &mut UseTree, name: &str) -> bool {
    let UseTree::Path(path) = tree else {
        return false;
    };
    let UseTree::Group(group) = &mut *path.tree else {
        return false;
    };
    let is_it = |tree: &UseTree| matches!(tree, UseTree::Name(found) if found.ident == name);
    let kept = group.items.iter().filter(|tree| !is_it(tree)).cloned();
    let kept = kept.collect();
    std::mem::replace(&mut group.items, kept).len() > group.items.len()
}
