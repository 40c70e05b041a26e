//! Parses the types of generated builders.

use syn::{GenericArgument, PathArguments, Type};

/// Returns the arguments of a generic type with the given name: `A` and `B` of `Result<A, B>`.
pub(crate) fn arguments<'a>(ty: &'a Type, name: &str) -> Option<Vec<&'a Type>> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    if last.ident != name {
        return None;
    }
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some(types.collect())
}

/// Returns the type in `Result<T, String>` or `Result<Option<T>, String>`, and whether it is required.
pub(super) fn parameter(field: &Type) -> Option<(Type, bool)> {
    let value = *arguments(field, "Result")?.first()?;
    // The type of a required parameter may be `::std::option::Option<T>`. progenitor's `Option` for
    // optional parameters has no path.
    let is_plain = matches!(value, Type::Path(path) if path.path.segments.len() == 1);
    match arguments(value, "Option") {
        Some(inner) if is_plain => Some(((*inner.first()?).clone(), false)),
        _ => Some((value.clone(), true)),
    }
}

/// Returns whether the body of a builder is a byte stream: `Result<reqwest::Body, String>`.
pub(super) fn is_raw_body(field: &Type) -> bool {
    match arguments(field, "Result").as_deref() {
        Some([Type::Path(path), ..]) => {
            let mut names = path.path.segments.iter().map(|segment| &segment.ident);
            names.next().is_some_and(|name| name == "reqwest")
                && names.next().is_some_and(|name| name == "Body")
        }
        _ => false,
    }
}

/// Returns the `T` of a `Vec<T>`.
pub(crate) fn element(ty: &Type) -> Option<Type> {
    arguments(ty, "Vec")?
        .first()
        .map(|element| (*element).clone())
}

/// Returns the type of a required or optional body, and whether the field has its builder: `types::T` of
/// `Result<types::builder::T, String>`.
pub(super) fn body(field: &Type) -> (Type, bool) {
    let mut ty = match parameter(field) {
        Some((ty, _)) => ty,
        None => field.clone(),
    };
    let mut has_builder = false;
    if let Type::Path(path) = &mut ty
        && path
            .path
            .segments
            .iter()
            .take(2)
            .map(|segment| segment.ident.to_string())
            .eq(["types".to_owned(), "builder".to_owned()])
    {
        has_builder = true;
        let segments = path.path.segments.iter().cloned();
        path.path.segments = segments
            .enumerate()
            .filter(|(at, _)| *at != 1)
            .map(|(_, segment)| segment)
            .collect();
    }
    (ty, has_builder)
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::parse_quote;

    use super::{body, parameter};

    #[test]
    fn required_and_optional_parameters_are_distinguished() {
        let (ty, required) = parameter(&parse_quote!(Result<Option<i64>, String>)).unwrap();
        assert_eq!((ty, required), (parse_quote!(i64), false));
        let (ty, required) = parameter(&parse_quote!(Result<types::A, String>)).unwrap();
        assert_eq!((ty, required), (parse_quote!(types::A), true));
        let own = parse_quote!(Result<::std::option::Option<i64>, String>);
        assert!(parameter(&own).unwrap().1);
    }

    #[test]
    fn bodies_have_the_type_of_the_value_not_of_the_builder() {
        let (ty, has_builder) = body(&parse_quote!(Result<types::builder::Toy, String>));
        assert!(has_builder);
        assert_eq!(ty.into_token_stream().to_string(), "types :: Toy");
        let (ty, _) = body(&parse_quote!(Result<Option<types::builder::Toy>, String>));
        assert_eq!(ty.into_token_stream().to_string(), "types :: Toy");
        let (ty, has_builder) = body(&parse_quote!(Result<types::Kind, String>));
        assert!(!has_builder);
        assert_eq!(ty.into_token_stream().to_string(), "types :: Kind");
    }
}
