//! Optional fields of recursive types. typify generates a `Box<Option<T>>` for some of them, which serde
//! serializes as null instead of omitting it.

/// The start of such a type, as printed tokens.
const BOXED: &str = ":: std :: boxed :: Box < :: std :: option :: Option <";
const OPTIONAL: &str = ":: std :: option :: Option < :: std :: boxed :: Box <";

/// Changes each to `Option<Box<T>>`, which is omitted if it is `None`.
pub(super) fn fix_recursive_option(text: String) -> String {
    if !text.contains(BOXED) {
        return text;
    }
    let mut pieces = text.split(BOXED);
    let mut unboxed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        leave_out(&mut unboxed);
        unboxed += OPTIONAL;
        unboxed += piece;
    }
    unboxed
}

/// Makes serde omit the field whose type comes next, if the field has a default.
fn leave_out(text: &mut String) {
    let Some((before, name)) = text.rsplit_once("] pub ") else {
        return;
    };
    let is_member = name.ends_with(" : ") && !name.contains(['(', '{', ',', ';']);
    let before = before.trim_end();
    if is_member && let Some(start) = before.strip_suffix("default)").map(str::len) {
        let end = start + "default".len();
        text.insert_str(
            end,
            " , skip_serializing_if = \"::std::option::Option::is_none\"",
        );
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::fix_recursive_option;

    #[test]
    fn missing_recursive_fields_are_omitted() {
        let of = |option, renamed| {
            quote! {
                pub struct A {
                    #[serde(default #option)]
                    pub a: #renamed,
                    #[serde(default)]
                    pub b: bool,
                }
            }
        };
        let boxed = of(
            quote!(),
            quote!(::std::boxed::Box<::std::option::Option<A>>),
        );
        let optional = of(
            quote!(, skip_serializing_if = "::std::option::Option::is_none"),
            quote!(::std::option::Option<::std::boxed::Box<A>>),
        );
        assert_eq!(
            fix_recursive_option(boxed.to_string()),
            optional.to_string()
        );
    }
}
