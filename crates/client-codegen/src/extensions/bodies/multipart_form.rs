//! The type of a multipart form, with a setter for each part.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{Item, parse_quote};

use super::UploadBody;
use crate::client_ir::Operation;
use crate::extensions::lookup::{component, description, format_of, resolve, type_of};
use crate::identifiers;
use crate::types::Types;

/// The maximum depth of nested `allOf` members.
const DEPTH: usize = 16;

/// A part of a multipart form.
pub(crate) struct FormPart {
    /// The name of the property.
    pub(crate) name: String,
    /// The setter.
    pub(crate) setter: Ident,
    pub(crate) kind: PartKind,
    /// Whether the property is an array, with one part per item.
    pub(crate) is_list: bool,
    pub(crate) required: bool,
    pub(crate) doc: String,
    media_type: Option<String>,
}

/// How a part is sent.
pub(crate) enum PartKind {
    File,
    /// A string.
    Word,
    /// A scalar: its type, and the expression that converts `value` to a string.
    Text(TokenStream, TokenStream),
    /// JSON of this type.
    Json(TokenStream),
    /// A file or any other content that is not JSON.
    Content,
}

/// Returns the parts of a form, in the order of the contract.
pub(super) fn parts(document: &Value, types: &Types, body: &UploadBody) -> Vec<FormPart> {
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

    let mut methods: BTreeSet<String> = ["new", "default", "into_parts", "other"]
        .map(str::to_owned)
        .into();
    let part = |name: String| {
        let encoding = body
            .content
            .pointer("/encoding")
            .and_then(|all| all.get(&name));
        let media_type = encoding.and_then(|encoding| encoding.get("contentType")?.as_str());
        let schema = properties.get(&name).copied().unwrap_or(&Value::Null);
        let found = resolve(document, schema);
        let items =
            (type_of(found) == Some("array")).then(|| found.get("items").unwrap_or(&Value::Null));
        FormPart {
            setter: identifiers::unused(identifiers::snake(&name), &mut methods),
            kind: kind(document, types, items.unwrap_or(schema), media_type),
            is_list: items.is_some(),
            required: required.contains(&name),
            doc: description(found, &format!("The part `{name}`.")),
            // A list or range of media types is no default.
            media_type: media_type
                .filter(|name| !name.contains([',', '*']))
                .map(str::to_owned),
            name,
        }
    };
    order.into_iter().map(part).collect()
}

/// Generates the struct and its methods.
pub(super) fn items(
    document: &Value,
    types: &Types,
    known: &Operation,
    body: &UploadBody,
    name: &Ident,
) -> Vec<Item> {
    let parts = parts(document, types, body);
    let setters = parts.iter().map(setter);
    let mut required: Vec<&String> = parts
        .iter()
        .filter(|part| part.required)
        .map(|part| &part.name)
        .collect();
    required.sort();
    let doc = format!("The multipart form of `{}`.", known.plan.id);
    vec![
        parse_quote! {
            #[doc = #doc]
            #[derive(Debug)]
            pub struct #name {
                parts: Parts,
            }
        },
        parse_quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self { parts: Parts::requiring(&[#(#required),*]) }
                }
            }
        },
        parse_quote! {
            impl #name {
                /// Creates an empty form.
                pub fn new() -> Self {
                    Self::default()
                }

                #(#setters)*

                /// Adds a part that the contract does not declare.
                pub fn other(mut self, name: &str, part: Part) -> Self {
                    self.parts.add(name, part);
                    self
                }

                /// Returns the parts of the form.
                pub fn into_parts(self) -> Parts {
                    self.parts
                }
            }
        },
    ]
}

/// Visits the properties of a schema and of all its `allOf` members.
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

fn setter(of: &FormPart) -> TokenStream {
    let FormPart {
        name: property,
        setter: method,
        kind,
        doc,
        ..
    } = of;
    let media_type = of
        .media_type
        .as_ref()
        .map(|name| quote!(.media_type(#name)));
    let (ty, part) = match kind {
        PartKind::File | PartKind::Content => {
            let part = match &of.media_type {
                Some(name) => quote!(Part::file_or(value, #name)),
                None => quote!(Part::file(value)),
            };
            (quote!(impl Into<File>), part)
        }
        PartKind::Word => (
            quote!(impl Into<String>),
            quote!(Part::text(value) #media_type),
        ),
        PartKind::Text(ty, made) => (ty.clone(), quote!(Part::text(#made) #media_type)),
        PartKind::Json(ty) => (quote!(&#ty), quote!(Part::json(value) #media_type)),
    };
    let need = if of.required {
        "Required."
    } else {
        "Optional."
    };
    if of.is_list {
        let (generics, item) = match kind {
            PartKind::Json(ty) => (quote!(<'v>), quote!(&'v #ty)),
            _ => (TokenStream::new(), ty),
        };
        return quote! {
            #[doc = #doc]
            #[doc = ""]
            #[doc = " Adds one part per value."]
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

fn kind(document: &Value, types: &Types, schema: &Value, media_type: Option<&str>) -> PartKind {
    let own_type = component(schema).and_then(|name| generated_type(types, name));
    let schema = resolve(document, schema);
    let is_json = media_type.is_none_or(|name| name.contains("json"));
    match (type_of(schema), format_of(schema)) {
        (Some("string"), "binary") => PartKind::File,
        (Some("string"), _) if schema.get("contentMediaType").is_some() => PartKind::File,
        (Some("string"), format) => match (own_type, format) {
            (Some(ty), _) => PartKind::Text(ty, quote!(value.to_string())),
            (None, "date-time") => PartKind::Text(
                quote!(::chrono::DateTime<::chrono::Utc>),
                quote!(value.to_rfc3339()),
            ),
            (None, "date") => {
                PartKind::Text(quote!(::chrono::NaiveDate), quote!(value.to_string()))
            }
            (None, "uuid") => PartKind::Text(quote!(::uuid::Uuid), quote!(value.to_string())),
            (None, _) => PartKind::Word,
        },
        (Some("integer"), _) => PartKind::Text(quote!(i64), quote!(value.to_string())),
        (Some("number"), _) => PartKind::Text(quote!(f64), quote!(value.to_string())),
        (Some("boolean"), _) => PartKind::Text(quote!(bool), quote!(value.to_string())),
        _ if !is_json => PartKind::Content,
        _ => PartKind::Json(own_type.unwrap_or_else(|| quote!(::serde_json::Value))),
    }
}

/// Returns the generated type of a component, if it has one.
fn generated_type(types: &Types, component: &str) -> Option<TokenStream> {
    let name = identifiers::pascal(component);
    types
        .declares(&name.to_string())
        .then(|| quote!(super::types::#name))
}
