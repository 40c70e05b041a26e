//! The type of a multipart form, with a setter for each part.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Item, Type, parse_quote};

use crate::client_ir::form_name;
use crate::client_plan::{ContentPlan, OperationPlan, PartHeaderPlan, PartKind, PartPlan};
use crate::error::GenerateError;
use crate::extensions::described;
use crate::identifiers;
use crate::types::{TypeKind, TypeRef, TypeSet};

/// Generates the struct and its methods.
pub(super) fn items(
    types: &TypeSet,
    operation: &OperationPlan,
    content: &ContentPlan,
) -> Result<Vec<Item>, GenerateError> {
    let name = form_name(&operation.builder());
    // Other methods of the form.
    let mut methods: BTreeSet<String> = ["new", "default", "into_parts", "other"]
        .map(str::to_owned)
        .into();
    methods.extend(content.parts.iter().map(|part| part.setter.clone()));
    let mut setters = Vec::new();
    for part in &content.parts {
        let setter = PartSetter::read(types, part, &mut methods)?;
        setters.push(setter.without_headers());
        setters.extend(setter.with_headers());
    }
    let required = content.parts.iter().filter(|part| part.required);
    let mut required: Vec<&String> = required.map(|part| &part.name).collect();
    required.sort();
    let doc = format!("The multipart form of `{}`.", operation.id);
    Ok(vec![
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
    ])
}

/// Returns the documentation of a part.
pub(crate) fn part_doc(part: &PartPlan) -> String {
    described(&part.doc, || format!("The part `{}`.", part.name))
}

/// The setters of a part.
struct PartSetter<'a> {
    plan: &'a PartPlan,
    method: Ident,
    /// The setter with an argument for each header, if the part has some.
    method_with_headers: Option<Ident>,
    /// The type of the argument `value`.
    ty: TokenStream,
    /// The type of JSON, whose values are references.
    json: Option<Type>,
    /// The expression of the part.
    part: TokenStream,
}

impl<'a> PartSetter<'a> {
    fn read(
        types: &TypeSet,
        plan: &'a PartPlan,
        methods: &mut BTreeSet<String>,
    ) -> Result<Self, GenerateError> {
        let method = Ident::new(&plan.setter, Span::call_site());
        let media_type = plan.content_type.as_ref();
        let with_media_type = media_type.map(|name| quote!(.media_type(#name)));
        let mut json = None;
        let (ty, part) = match &plan.kind {
            PartKind::File | PartKind::Content => {
                let part = match media_type {
                    Some(name) => quote!(Part::file_or(value, #name)),
                    None => quote!(Part::file(value)),
                };
                (quote!(impl Into<File>), part)
            }
            PartKind::Word => (
                quote!(impl Into<String>),
                quote!(Part::text(value) #with_media_type),
            ),
            PartKind::Text(ty) => {
                let part = text(types, ty);
                let ty = type_of(types, ty)?;
                (quote!(#ty), quote!(#part #with_media_type))
            }
            PartKind::Json(ty) => {
                let ty = json.insert(type_of(types, ty)?);
                (quote!(&#ty), quote!(Part::json(value) #with_media_type))
            }
        };
        let method_with_headers = (!plan.headers.is_empty())
            .then(|| identifiers::unused(format_ident!("{method}_with_headers"), methods));
        Ok(Self {
            plan,
            method,
            method_with_headers,
            ty,
            json,
            part,
        })
    }

    /// Generates the setter. That of a list takes all values.
    fn without_headers(&self) -> TokenStream {
        let Self {
            plan,
            method,
            ty,
            part,
            ..
        } = self;
        let (name, doc, need) = (&plan.name, part_doc(plan), self.need());
        let headers = self.method_with_headers.as_ref().map(|other| {
            let line = format!(" [`Self::{other}`] sends its headers, too.");
            quote!(#[doc = #line])
        });
        if !plan.is_list {
            return quote! {
                #[doc = #doc]
                #[doc = ""]
                #[doc = #need]
                #headers
                pub fn #method(mut self, value: #ty) -> Self {
                    self.parts.set(#name, #part);
                    self
                }
            };
        }
        let (generics, item) = match &self.json {
            Some(ty) => (quote!(<'v>), quote!(&'v #ty)),
            None => (TokenStream::new(), ty.clone()),
        };
        quote! {
            #[doc = #doc]
            #[doc = ""]
            #[doc = " Adds one part per value."]
            #[doc = #need]
            #headers
            pub fn #method #generics(mut self, values: impl IntoIterator<Item = #item>) -> Self {
                for value in values {
                    self.parts.add(#name, #part);
                }
                self
            }
        }
    }

    /// Generates the setter of a part with its headers. That of a list adds one part.
    fn with_headers(&self) -> Option<TokenStream> {
        let method = self.method_with_headers.as_ref()?;
        let Self { plan, ty, part, .. } = self;
        let mut arguments: BTreeSet<String> = ["self", "value", "part"].map(str::to_owned).into();
        let headers = plan.headers.iter().map(|header| {
            let argument = identifiers::snake(&header.name);
            (header, identifiers::unused(argument, &mut arguments))
        });
        let headers: Vec<(&PartHeaderPlan, Ident)> = headers.collect();
        let arguments = headers
            .iter()
            .map(|(header, argument)| match header.required {
                true => quote!(#argument: &str),
                false => quote!(#argument: Option<&str>),
            });
        let statements = headers.iter().map(|(header, argument)| {
            let name = &header.name;
            match header.required {
                true => quote!(part = part.header(#name, #argument);),
                false => quote! {
                    if let Some(value) = #argument {
                        part = part.header(#name, value);
                    }
                },
            }
        });
        let lines = headers.iter().map(|(header, argument)| {
            let doc = described(&header.doc, || format!("The header `{}`.", header.name));
            format!("* `{argument}`: {}", doc.replace('\n', "\n  "))
        });
        let mut doc = part_doc(plan);
        doc += "\n\n";
        if plan.is_list {
            doc += "Adds one part.\n";
        }
        doc += &format!("{} Its headers:\n\n", self.need());
        doc += &lines.collect::<Vec<_>>().join("\n");
        let (name, change) = (
            &plan.name,
            match plan.is_list {
                true => quote!(add),
                false => quote!(set),
            },
        );
        Some(quote! {
            #[doc = #doc]
            pub fn #method(mut self, value: #ty, #(#arguments),*) -> Self {
                let mut part = #part;
                #(#statements)*
                self.parts.#change(#name, part);
                self
            }
        })
    }

    fn need(&self) -> &'static str {
        match self.plan.required {
            true => "Required.",
            false => "Optional.",
        }
    }
}

/// Generates the part of a scalar.
fn text(types: &TypeSet, ty: &TypeRef) -> TokenStream {
    match types.resolved(ty) {
        TypeRef::String => quote!(Part::text(value)),
        TypeRef::DateTime => quote!(Part::text(value.to_rfc3339())),
        TypeRef::Bool
        | TypeRef::Integer(_)
        | TypeRef::Float
        | TypeRef::Uuid
        | TypeRef::Date
        | TypeRef::IpAddr
        | TypeRef::Ipv4Addr
        | TypeRef::Ipv6Addr => quote!(Part::text(value.to_string())),
        TypeRef::Named(id) => match &types.get(*id).kind {
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::ConstrainedString(_) => {
                quote!(Part::text(value.to_string()))
            }
            _ => quote!(Part::scalar(&value)),
        },
        _ => quote!(Part::scalar(&value)),
    }
}

/// A type of the set in a module next to `types`.
fn type_of(types: &TypeSet, ty: &TypeRef) -> Result<Type, GenerateError> {
    syn::parse_str(&types.source(ty, "super::types::")).map_err(GenerateError::unparsable)
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;
    use quote::ToTokens;

    use super::items;
    use crate::client_plan::ClientPlan;

    /// The code of a form with these properties and encodings, without whitespace.
    fn form(properties: &str, encoding: &str) -> String {
        let contract = format!(
            r##"
openapi: 3.1.0
info: {{ title: Forms, version: "1" }}
paths:
  /a:
    post:
      operationId: sendA
      requestBody:
        content:
          multipart/form-data:
            schema: {{ type: object, required: [b], properties: {properties} }}
            encoding: {encoding}
      responses: {{ "204": {{ description: "" }} }}
components:
  schemas:
    Size: {{ type: string, enum: [s, l] }}
    Word: {{ oneOf: [{{ type: string, format: uuid }}, {{ type: integer }}] }}
    Thing: {{ type: object, properties: {{ a: {{ type: string }} }} }}
"##
        );
        let document = Document::parse("contract.yaml", contract).unwrap();
        let plan = ClientPlan::read(&Contract::read(document).unwrap()).unwrap();
        let operation = &plan.operations[0];
        let content = &operation.body.as_ref().unwrap().contents[0];
        let items = items(&plan.types, operation, content).unwrap();
        let code: Vec<String> = items
            .iter()
            .map(|item| item.to_token_stream().to_string())
            .collect();
        code.concat().replace(' ', "")
    }

    #[test]
    fn parts_are_sent_by_their_type() {
        let code = form(
            r##"{
                b: { type: boolean },
                at: { type: string, format: date-time },
                text: { type: string },
                size: { $ref: "#/components/schemas/Size" },
                word: { $ref: "#/components/schemas/Word" },
                thing: { $ref: "#/components/schemas/Thing" },
                things: { type: array, items: { $ref: "#/components/schemas/Thing" } },
                picture: { type: string, format: binary } }"##,
            r#"{ text: { contentType: text/markdown }, picture: { contentType: image/png } }"#,
        );
        for part in [
            r#"Parts::requiring(&["b"])"#,
            r#"fnb(mutself,value:bool)->Self{self.parts.set("b",Part::text(value.to_string()));"#,
            r#"fnat(mutself,value:::chrono::DateTime<::chrono::Utc>)->Self{self.parts.set("at",Part::text(value.to_rfc3339()));"#,
            r#"fntext(mutself,value:implInto<String>)->Self{self.parts.set("text",Part::text(value).media_type("text/markdown"));"#,
            r#"fnsize(mutself,value:super::types::Size)->Self{self.parts.set("size",Part::text(value.to_string()));"#,
            r#"fnword(mutself,value:super::types::Word)->Self{self.parts.set("word",Part::scalar(&value));"#,
            r#"fnthing(mutself,value:&super::types::Thing)->Self{self.parts.set("thing",Part::json(value));"#,
            r#"fnthings<'v>(mutself,values:implIntoIterator<Item=&'vsuper::types::Thing>)->Self{forvalueinvalues{self.parts.add("things",Part::json(value));}"#,
            r#"fnpicture(mutself,value:implInto<File>)->Self{self.parts.set("picture",Part::file_or(value,"image/png"));"#,
        ] {
            assert!(code.contains(part), "{part}\n{code}");
        }
        assert!(!code.contains("with_headers"), "{code}");
    }

    #[test]
    fn a_part_can_have_headers() {
        let code = form(
            "{ b: { type: string, format: binary }, c: { type: array, items: { type: string } } }",
            r#"{
                b: { headers: {
                    X-Sum: { required: true, description: Its sum., schema: { type: string } },
                    value: { schema: { type: string } } } },
                c: { headers: { X-C: { schema: { type: string } } } } }"#,
        );
        for part in [
            r#"fnb(mutself,value:implInto<File>)->Self{self.parts.set("b",Part::file(value));"#,
            r#"fnb_with_headers(mutself,value:implInto<File>,x_sum:&str,value_:Option<&str>)->Self{letmutpart=Part::file(value);part=part.header("X-Sum",x_sum);ifletSome(value)=value_{part=part.header("value",value);}self.parts.set("b",part);"#,
            r#"fnc_with_headers(mutself,value:implInto<String>,x_c:Option<&str>)->Self{letmutpart=Part::text(value);ifletSome(value)=x_c{part=part.header("X-C",value);}self.parts.add("c",part);"#,
            r#"*`x_sum`:Itssum.\n*`value_`:Theheader`value`."#,
        ] {
            assert!(code.contains(part), "{part}\n{code}");
        }
    }
}
