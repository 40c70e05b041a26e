//! Optional members of types that contain themselves: typify makes some of them a `Box` around an
//! `Option`, which serde writes as null when there is nothing in it.

/// How a type begins that typify makes, as tokens are printed.
const BOXED: &str = ":: std :: boxed :: Box < :: std :: option :: Option <";
const OPTIONAL: &str = ":: std :: option :: Option < :: std :: boxed :: Box <";

/// Makes each an `Option` around a `Box`, which is left out when it is `None`.
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

/// Lets serde leave out the member whose type comes next, if it is a member with a default.
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
    fn what_is_not_there_is_not_written() {
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
