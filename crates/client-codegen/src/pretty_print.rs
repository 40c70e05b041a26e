//! Formats generated code.

use syn::{File, Item};

/// Creates a file with these items.
pub(crate) fn file_of(items: Vec<Item>) -> File {
    File {
        shebang: None,
        attrs: Vec::new(),
        items,
    }
}

/// Formats a file, with an empty line between items.
pub(crate) fn print(file: File) -> String {
    let mut text = String::new();
    if !file.attrs.is_empty() {
        text = prettyplease::unparse(&File {
            attrs: file.attrs,
            ..file_of(Vec::new())
        });
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    let mut was_use = false;
    for item in file.items {
        let is_use = matches!(item, Item::Use(_));
        let is_next_use = was_use && is_use;
        if !text.is_empty() && !is_next_use {
            text.push('\n');
        }
        text.push_str(&space_out(&prettyplease::unparse(&file_of(vec![item]))));
        was_use = is_use;
    }
    text
}

/// Adds an empty line after the closing brace of items and methods, unless another brace or `else` follows.
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
    fn items_are_separated_by_empty_lines() {
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
        assert_eq!(print(file), text);
    }
}
