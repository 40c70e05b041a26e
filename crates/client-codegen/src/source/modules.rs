//! The layout of the generated module: which file holds what.

use syn::{Attribute, Item, parse_quote};

/// Moves progenitor's inline modules with content of their own into files.
pub(super) fn split(file: &mut syn::File) -> Vec<(&'static str, syn::File)> {
    let mut modules = Vec::new();
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        let Some(name) = ["types", "builder"]
            .into_iter()
            .find(|name| module.ident == name)
        else {
            continue;
        };
        if let Some((_, items)) = module.content.take() {
            module.semi = Some(Default::default());
            modules.push((
                name,
                syn::File {
                    shebang: None,
                    attrs: Vec::new(),
                    items,
                },
            ));
        }
    }
    modules
}

/// What generated code is excused from, each with its reason.
pub(super) fn allowances() -> Vec<Attribute> {
    vec![
        // Progenitor writes for a reader of the API, not for a linter.
        parse_quote!(#![allow(clippy::all, clippy::unwrap_used)]),
        // Not everything in a contract has a description.
        parse_quote!(#![allow(missing_docs)]),
        // Whether an import or a helper is used depends on the contract.
        parse_quote!(#![allow(dead_code, unused_imports)]),
        parse_quote!(#![allow(elided_lifetimes_in_paths, unreachable_pub)]),
        // Descriptions are Markdown of other people's taste.
        parse_quote! {
            #![allow(
                rustdoc::bare_urls,
                rustdoc::broken_intra_doc_links,
                rustdoc::invalid_html_tags,
                rustdoc::invalid_rust_codeblocks,
                rustdoc::private_intra_doc_links,
                rustdoc::redundant_explicit_links,
                rustdoc::unescaped_backticks
            )]
        },
    ]
}

/// The text of a file, with an empty line between items.
pub(super) fn print(file: &syn::File) -> String {
    let attributes = syn::File {
        shebang: None,
        attrs: file.attrs.clone(),
        items: Vec::new(),
    };
    let mut text = prettyplease::unparse(&attributes);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let mut before: Option<&Item> = None;
    for item in &file.items {
        let both_use = matches!((before, item), (Some(Item::Use(_)), Item::Use(_)));
        if !text.is_empty() && !both_use {
            text.push('\n');
        }
        let one = syn::File {
            shebang: None,
            attrs: Vec::new(),
            items: vec![item.clone()],
        };
        text.push_str(&space_out(&prettyplease::unparse(&one)));
        before = Some(item);
    }
    text
}

/// Puts an empty line behind a closing brace that neither another brace nor an `else` follows.
///
/// Deeper than items and their methods, code is left as dense as it is.
fn space_out(code: &str) -> String {
    let mut spaced = String::with_capacity(code.len() + code.len() / 32);
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        spaced.push_str(line);
        spaced.push('\n');
        let depth = line.len() - line.trim_start().len();
        let closes_item = line.trim_start() == "}" && depth <= 8;
        if let Some(next) = lines.peek().map(|next| next.trim_start())
            && closes_item
            && !next.is_empty()
            && !next.starts_with(['}', ')', '.'])
            && !next.starts_with("else")
        {
            spaced.push('\n');
        }
    }
    spaced
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::print;

    #[test]
    fn items_stand_apart() {
        let file: syn::File = parse_quote! {
            #![allow(x)]
            use a::b;
            use c::d;
            mod m {
                fn f() {}
                fn g() { if a { b(); } else { c(); } }
                struct S { a: u8 }
                struct T;
            }
            fn h() {}
        };
        let text = "#![allow(x)]\n\nuse a::b;\nuse c::d;\n\nmod m {\n    fn f() {}\n    fn g() {\n        \
                    if a {\n            b();\n        } else {\n            c();\n        }\n    }\n\n    \
                    struct S {\n        a: u8,\n    }\n\n    struct T;\n}\n\nfn h() {}\n";
        assert_eq!(print(&file), text);
    }
}
