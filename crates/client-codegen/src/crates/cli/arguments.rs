//! The arguments of commands.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::body_properties;
use crate::client_ir::type_of;
use crate::error::GenerateError;
use crate::types::{TypeRef, TypeSet};

/// An argument of a command: a flag with a value.
#[derive(Debug)]
pub(super) struct Argument {
    /// The flag, which is also its id.
    pub(super) id: String,
    /// The placeholder for the value in the help.
    value_name: String,
    /// The parser of the value; nothing for a string.
    parser: Option<TokenStream>,
    /// Whether the flag can be repeated.
    is_repeated: bool,
    /// The flag that must be given with this one.
    needs: Option<String>,
    /// Empty if there is nothing to say.
    help: String,
}

impl Argument {
    /// An argument with a value of a type. Of an enum, the help shows the values.
    pub(super) fn value(
        types: &TypeSet,
        id: String,
        ty: &TypeRef,
        help: &str,
    ) -> Result<Self, GenerateError> {
        let choices = body_properties::choices(types, ty);
        let ty = type_of(types, ty)?;
        let parser = match choices.is_empty() {
            true => quote!(super::value::<#ty>),
            false => quote! {
                ::clap::builder::TypedValueParser::try_map(
                    ::clap::builder::PossibleValuesParser::new([#(#choices),*]),
                    |text| super::value::<#ty>(&text),
                )
            },
        };
        let value_name = id.to_uppercase();
        Ok(Self::new(id, &value_name, Some(parser), help.to_owned()))
    }

    /// An argument with a value of a type, in JSON or as a plain string.
    pub(super) fn parsed(id: String, value_name: &str, ty: &Type, help: String) -> Self {
        Self::new(id, value_name, Some(quote!(super::value::<#ty>)), help)
    }

    /// An argument with the path of a file.
    pub(super) fn file(id: String, help: String) -> Self {
        let parser = quote!(::clap::value_parser!(std::path::PathBuf));
        Self::new(id, "FILE", Some(parser), help)
    }

    /// An argument with a string.
    pub(super) fn text(id: String, value_name: &str, help: String) -> Self {
        Self::new(id, value_name, None, help)
    }

    fn new(id: String, value_name: &str, parser: Option<TokenStream>, help: String) -> Self {
        Self {
            id,
            value_name: value_name.to_owned(),
            parser,
            is_repeated: false,
            needs: None,
            help,
        }
    }

    /// The argument that can be repeated, if `is_repeated`.
    pub(super) fn repeated(self, is_repeated: bool) -> Self {
        Self {
            is_repeated,
            ..self
        }
    }

    /// The argument that is only allowed together with another.
    pub(super) fn needing(self, other: &str) -> Self {
        Self {
            needs: Some(other.to_owned()),
            ..self
        }
    }

    /// Generates the argument. `conditions` are calls that say when it is required or allowed.
    pub(super) fn tokens(&self, conditions: &TokenStream) -> TokenStream {
        let Self {
            id,
            value_name,
            parser,
            needs,
            help,
            ..
        } = self;
        let parser = parser.as_ref().map(|parser| quote!(.value_parser(#parser)));
        let action = self
            .is_repeated
            .then(|| quote!(.action(::clap::ArgAction::Append)));
        let needs = needs.as_ref().map(|other| quote!(.requires(#other)));
        let help = (!help.is_empty()).then(|| quote!(.help(#help)));
        quote! {
            ::clap::Arg::new(#id)
                .long(#id)
                .value_name(#value_name)
                #parser
                #action
                #conditions
                #needs
                #help
        }
    }
}
