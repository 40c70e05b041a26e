//! Prints single types without the pretty printer.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

/// Returns a type as formatted source code.
pub(super) fn of_type(ty: &Type) -> String {
    let mut text = String::new();
    write(ty.to_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut was_word = false;
    for token in tokens {
        let is_word = matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
        if is_word && was_word {
            text.push(' ');
        }
        was_word = is_word;
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                separator @ (',' | ';') => text.extend([separator, ' ']),
                '+' => text.push_str(" + "),
                other => text.push(other),
            },
            word => text.push_str(&word.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::of_type;

    #[test]
    fn types_are_formatted() {
        for (ty, text) in [
            (parse_quote!(types::A), "types::A"),
            (
                parse_quote!(::std::collections::BTreeMap<String, Option<types::A> >),
                "::std::collections::BTreeMap<String, Option<types::A>>",
            ),
            (parse_quote!((u8, [u16; 2])), "(u8, [u16; 2])"),
            (parse_quote!(&'a dyn A), "&'a dyn A"),
        ] {
            assert_eq!(of_type(&ty), text);
        }
    }
}
