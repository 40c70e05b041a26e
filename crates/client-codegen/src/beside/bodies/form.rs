//! The type of a form: a setter for each of its parts.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{Item, parse_quote};

use super::UploadBody;
use crate::beside::contract::{component, description, format_of, resolve, type_of};
use crate::beside::names;
use crate::operations::Operation;

/// Schemas are put together from parts this deep.
const DEPTH: usize = 16;

/// As what a property is sent.
enum Kind {
    File,
    /// A value with one form of text: its type, and the expression for the text of `value`.
    Text(TokenStream, TokenStream),
    /// JSON of this type.
    Json(TokenStream),
    /// Other than JSON: what it is and says is the caller's business.
    Content,
}

/// The form and its block.
pub(super) fn items(
    document: &Value,
    types: &[Item],
    known: &Operation,
    body: &UploadBody,
    name: &Ident,
) -> Vec<Item> {
    let schema = body.content.get("schema").unwrap_or(&Value::Null);
    let mut properties = BTreeMap::new();
    let mut order = Vec::new();
    let mut required = BTreeSet::new();
    gather(
        document,
        schema,
        0,
        &mut |name, schema| {
            if properties.insert(name.clone(), schema).is_none() {
                order.push(name);
            }
        },
        &mut required,
    );

    let mut methods: BTreeSet<String> = ["new", "default", "into_form", "other"]
        .map(str::to_owned)
        .into();
    let setters = order.iter().map(|property| {
        let method = names::unused(names::snake(property), &mut methods);
        let encoding = body
            .content
            .pointer("/encoding")
            .and_then(|all| all.get(property));
        let media_type = encoding.and_then(|encoding| encoding.get("contentType")?.as_str());
        let schema = properties.get(property).copied().unwrap_or(&Value::Null);
        let is_required = required.contains(property);
        setter(
            document,
            types,
            &method,
            property,
            schema,
            media_type,
            is_required,
        )
    });
    let setters: Vec<TokenStream> = setters.collect();
    let required = required
        .iter()
        .filter(|name| properties.contains_key(*name));
    let doc = format!("The body of `{}`: a form, sent part by part.", known.id);
    vec![
        parse_quote! {
            #[doc = #doc]
            #[derive(Debug, Default)]
            pub struct #name {
                parts: Parts,
            }
        },
        parse_quote! {
            impl #name {
                /// A form without parts.
                pub fn new() -> Self {
                    Self::default()
                }

                #(#setters)*

                /// Adds a part that the contract does not name.
                pub fn other(mut self, name: &str, part: Part) -> Self {
                    self.parts.add(name, Ok(part));
                    self
                }

                /// The form as it is sent, if all required parts are there.
                pub fn into_form(self) -> Result<Form, String> {
                    self.parts.into_form(&[#(#required),*])
                }
            }
        },
    ]
}

/// Goes through the properties of a schema and of all parts of its `allOf`.
fn gather<'a>(
    document: &'a Value,
    schema: &'a Value,
    depth: usize,
    each: &mut impl FnMut(String, &'a Value),
    required: &mut BTreeSet<String>,
) {
    if depth > DEPTH {
        return;
    }
    let schema = resolve(document, schema);
    let parts = schema.get("allOf").and_then(Value::as_array);
    for part in parts.into_iter().flatten() {
        gather(document, part, depth + 1, each, required);
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        each(name.clone(), property);
    }
    let names = schema.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    required.extend(names.map(str::to_owned));
}

fn setter(
    document: &Value,
    types: &[Item],
    method: &Ident,
    property: &str,
    schema: &Value,
    media_type: Option<&str>,
    is_required: bool,
) -> TokenStream {
    let found = resolve(document, schema);
    let items =
        (type_of(found) == Some("array")).then(|| found.get("items").unwrap_or(&Value::Null));
    let kind = kind(document, types, items.unwrap_or(schema), media_type);

    // Only a single type can be sent when nothing else is said.
    let one_type = media_type.filter(|name| !name.contains([',', '*']));
    let media_type = match one_type {
        Some(name) => quote!(Some(#name)),
        None if matches!(kind, Kind::Json(_)) => quote!(Some("application/json")),
        None => quote!(None),
    };
    let (ty, part) = match &kind {
        Kind::File => (
            quote!(impl Into<File>),
            quote!(value.into().into_part(#media_type)),
        ),
        Kind::Text(ty, made) => (ty.clone(), quote!(text(#made, #media_type))),
        Kind::Json(ty) => (
            quote!(&#ty),
            quote! {
                ::serde_json::to_string(value)
                    .map_err(|error| error.to_string())
                    .and_then(|json| text(json, #media_type))
            },
        ),
        Kind::Content => (
            quote!(impl Into<File>),
            quote!(value.into().into_part(#media_type)),
        ),
    };
    let doc = description(
        resolve(document, schema),
        &format!("The part `{property}`."),
    );
    let need = if is_required {
        "It is required."
    } else {
        "It may be left out."
    };
    if items.is_some() {
        let (generics, item) = match &kind {
            Kind::Json(ty) => (quote!(<'v>), quote!(&'v #ty)),
            _ => (TokenStream::new(), ty),
        };
        return quote! {
            #[doc = #doc]
            #[doc = ""]
            #[doc = " Adds a part for each value."]
            #[doc = #need]
            pub fn #method #generics(mut self, values: impl IntoIterator<Item = #item>) -> Self {
                for value in values {
                    self.parts.add(#property, #part);
                }
                self
            }
        };
    }
    quote! {
        #[doc = #doc]
        #[doc = ""]
        #[doc = #need]
        pub fn #method(mut self, value: #ty) -> Self {
            self.parts.set(#property, #part);
            self
        }
    }
}

fn kind(document: &Value, types: &[Item], schema: &Value, media_type: Option<&str>) -> Kind {
    let own_type = component(schema).and_then(|name| generated_type(types, name));
    let schema = resolve(document, schema);
    let is_json = media_type.is_none_or(|name| name.contains("json"));
    match (type_of(schema), format_of(schema)) {
        (Some("string"), "binary") => Kind::File,
        (Some("string"), _) if schema.get("contentMediaType").is_some() => Kind::File,
        (Some("string"), format) => match (own_type, format) {
            (Some(ty), _) => Kind::Text(ty, quote!(value.to_string())),
            (None, "date-time") => Kind::Text(
                quote!(::chrono::DateTime<::chrono::Utc>),
                quote!(value.to_rfc3339()),
            ),
            (None, "date") => Kind::Text(quote!(::chrono::NaiveDate), quote!(value.to_string())),
            (None, "uuid") => Kind::Text(quote!(::uuid::Uuid), quote!(value.to_string())),
            (None, _) => Kind::Text(quote!(impl Into<String>), quote!(value.into())),
        },
        (Some("integer"), _) => Kind::Text(quote!(i64), quote!(value.to_string())),
        (Some("number"), _) => Kind::Text(quote!(f64), quote!(value.to_string())),
        (Some("boolean"), _) => Kind::Text(quote!(bool), quote!(value.to_string())),
        _ if !is_json => Kind::Content,
        _ => Kind::Json(own_type.unwrap_or_else(|| quote!(::serde_json::Value))),
    }
}

/// The generated type of a component, if there is one by its name.
fn generated_type(types: &[Item], component: &str) -> Option<TokenStream> {
    let name = names::pascal(component);
    let is_there = types.iter().any(|item| match item {
        Item::Struct(found) => found.ident == name,
        Item::Enum(found) => found.ident == name,
        _ => false,
    });
    is_there.then(|| quote!(super::types::#name))
}
