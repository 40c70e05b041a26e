//! The headers that answers declare, as typed values.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Item, parse_quote};

use super::contract::{description, format_of, operation, resolve, type_of};
use super::{Input, Module, Part, names, template};
use crate::error::GenerateError;
use crate::operations::Operation;

/// A declared header.
#[derive(Debug, Clone, PartialEq)]
struct Header {
    name: String,
    field: Ident,
    required: bool,
    kind: Kind,
    doc: String,
}

/// As what a header's value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    one: One,
    is_list: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum One {
    Text,
    Boolean,
    Integer(&'static str),
    Number(&'static str),
    DateTime,
    Date,
    Uuid,
}

/// Answers of an operation that declare the same headers.
struct Group {
    statuses: Vec<String>,
    headers: Vec<Header>,
}

/// The module, if an answer declares a header.
pub(super) fn module(input: &Input<'_>) -> Result<Option<Module>, GenerateError> {
    let mut parts = Vec::new();
    let mut has_times = false;
    for known in input.operations {
        let Some(found) = operation(input.document, known) else {
            continue;
        };
        let groups = groups(input.document, found);
        has_times |= groups
            .iter()
            .flat_map(|group| &group.headers)
            .any(|header| header.kind.one == One::DateTime);
        if !groups.is_empty() {
            parts.push(Part {
                builder: known.builder.clone(),
                items: structs(known, &groups),
            });
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let mut head = template(include_str!("templates/headers.rs"))?;
    if has_times {
        head.push(parse_quote! {
            /// Reads a time as RFC 3339 has it.
            fn date_time(text: &str) -> Option<::chrono::DateTime<::chrono::Utc>> {
                let time = ::chrono::DateTime::parse_from_rfc3339(text).ok()?;
                Some(time.with_timezone(&::chrono::Utc))
            }
        });
    }
    let doc = "The headers that answers declare, with types.";
    Ok(Some(Module {
        parts,
        ..Module::new("headers", doc, head)
    }))
}

fn groups(document: &Value, operation: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let responses = operation.get("responses").and_then(Value::as_object);
    for (status, response) in responses.into_iter().flatten() {
        let headers = headers(document, resolve(document, response));
        if headers.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|group| group.headers == headers) {
            Some(group) => group.statuses.push(status.clone()),
            None => groups.push(Group {
                statuses: vec![status.clone()],
                headers,
            }),
        }
    }
    groups
}

fn headers(document: &Value, response: &Value) -> Vec<Header> {
    let mut fields = BTreeSet::new();
    let declared = response.get("headers").and_then(Value::as_object);
    let declared = declared.into_iter().flatten();
    declared
        // OpenAPI: a header of this name is ignored.
        .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
        .map(|(name, header)| {
            let header = resolve(document, header);
            Header {
                name: name.clone(),
                field: names::unused(names::snake(name), &mut fields),
                required: header.get("required").and_then(Value::as_bool) == Some(true),
                kind: kind(document, header.get("schema").unwrap_or(&Value::Null)),
                doc: description(header, &format!("The header `{name}`.")),
            }
        })
        .collect()
}

/// What a schema without one simple type describes is left as text.
fn kind(document: &Value, schema: &Value) -> Kind {
    let schema = only_part(document, schema);
    if type_of(schema) == Some("array") {
        let items = schema.get("items").unwrap_or(&Value::Null);
        return Kind {
            one: one(only_part(document, items)),
            is_list: true,
        };
    }
    Kind {
        one: one(schema),
        is_list: false,
    }
}

/// The schema behind references, and behind an `allOf` of one.
fn only_part<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = resolve(document, schema);
    match schema
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        Some([part]) if type_of(schema).is_none() => resolve(document, part),
        _ => schema,
    }
}

fn one(schema: &Value) -> One {
    match (type_of(schema), format_of(schema)) {
        (Some("boolean"), _) => One::Boolean,
        (Some("integer"), "int32") => One::Integer("i32"),
        (Some("integer"), "uint32") => One::Integer("u32"),
        (Some("integer"), "uint64") => One::Integer("u64"),
        (Some("integer"), _) => One::Integer("i64"),
        (Some("number"), "float") => One::Number("f32"),
        (Some("number"), _) => One::Number("f64"),
        (Some("string"), "date-time") => One::DateTime,
        (Some("string"), "date") => One::Date,
        (Some("string"), "uuid") => One::Uuid,
        _ => One::Text,
    }
}

impl One {
    fn ty(self) -> TokenStream {
        match self {
            Self::Text => quote!(String),
            Self::Boolean => quote!(bool),
            Self::Integer(name) | Self::Number(name) => {
                let name = format_ident!("{name}");
                quote!(#name)
            }
            Self::DateTime => quote!(::chrono::DateTime<::chrono::Utc>),
            Self::Date => quote!(::chrono::NaiveDate),
            Self::Uuid => quote!(::uuid::Uuid),
        }
    }

    /// What a value is called in an error, alone and in a list.
    fn expected(self, is_list: bool) -> &'static str {
        match (self, is_list) {
            (Self::Text, false) => "text",
            (Self::Text, true) => "a list of texts",
            (Self::Boolean, false) => "`true` or `false`",
            (Self::Boolean, true) => "a list of `true` and `false`",
            (Self::Integer("i64" | "u64"), false) => "an integer of 64 bits",
            (Self::Integer("i64" | "u64"), true) => "a list of integers of 64 bits",
            (Self::Integer(_), false) => "an integer of 32 bits",
            (Self::Integer(_), true) => "a list of integers of 32 bits",
            (Self::Number(_), false) => "a number",
            (Self::Number(_), true) => "a list of numbers",
            (Self::DateTime, false) => "a time as RFC 3339 has it",
            (Self::DateTime, true) => "a list of times as RFC 3339 has them",
            (Self::Date, false) => "a date",
            (Self::Date, true) => "a list of dates",
            (Self::Uuid, false) => "a UUID",
            (Self::Uuid, true) => "a list of UUIDs",
        }
    }
}

/// A struct for each group. One of several is named after the first status that has it, and the
/// other statuses have an alias.
fn structs(operation: &Operation, groups: &[Group]) -> Vec<Item> {
    let builder = &operation.builder;
    let mut items = Vec::new();
    for group in groups {
        let named =
            |status: &str| format_ident!("{builder}Headers{}", names::pascal_suffix(status));
        let (name, aliases) = match (groups, group.statuses.as_slice()) {
            ([_], _) | (_, []) => (format_ident!("{builder}Headers"), Vec::new()),
            (_, [first, others @ ..]) => (
                named(first),
                others.iter().map(|status| named(status)).collect(),
            ),
        };
        items.extend(group_items(operation, group, &name));
        for alias in aliases {
            let doc = format!("The same headers as [`{name}`].");
            items.push(parse_quote! {
                #[doc = #doc]
                pub type #alias = #name;
            });
        }
    }
    items
}

fn group_items(operation: &Operation, group: &Group, name: &Ident) -> [Item; 3] {
    let doc = format!(
        "The headers of `{}` with status {}.",
        operation.id,
        group.statuses.join(", ")
    );
    let fields = group.headers.iter().map(|header| {
        let Header {
            field, doc, kind, ..
        } = header;
        let one = kind.one.ty();
        let ty = if kind.is_list { quote!(Vec<#one>) } else { one };
        let ty = if header.required {
            ty
        } else {
            quote!(Option<#ty>)
        };
        quote! {
            #[doc = #doc]
            pub #field: #ty
        }
    });
    let values = group.headers.iter().map(value);
    [
        parse_quote! {
            #[doc = #doc]
            #[derive(Debug, Clone, PartialEq)]
            #[non_exhaustive]
            pub struct #name { #(#fields),* }
        },
        parse_quote! {
            impl #name {
                /// Reads the headers of an answer.
                pub fn read(headers: &HeaderMap) -> Result<Self, HeaderError> {
                    Ok(Self { #(#values),* })
                }
            }
        },
        parse_quote! {
            impl TryFrom<&HeaderMap> for #name {
                type Error = HeaderError;

                fn try_from(headers: &HeaderMap) -> Result<Self, HeaderError> {
                    Self::read(headers)
                }
            }
        },
    ]
}

/// How the field of a header gets its value.
fn value(header: &Header) -> TokenStream {
    let Header {
        name, field, kind, ..
    } = header;
    // `HeaderMap` finds a header by its name in any case.
    let expected = kind.one.expected(kind.is_list);
    let ty = kind.one.ty();
    let read = match kind.one {
        One::DateTime => quote!(date_time),
        _ => quote!(parsed::<#ty>),
    };
    let method = match (header.required, kind.is_list) {
        (true, false) => quote!(required),
        (false, false) => quote!(optional),
        (true, true) => quote!(required_list),
        (false, true) => quote!(optional_list),
    };
    quote! {
        #field: Header::new(#name, #expected, #read).#method(headers)?
    }
}
