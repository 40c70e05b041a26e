//! The operations of a client as they are generated: the plan of each, with Rust types.
//!
//! progenitor generates a builder for each operation. Whatever a plan expects of it is checked here: its fields, and
//! their types.

use std::collections::HashMap;

use openapi_contract::model::ParameterIn;
use proc_macro2::Span;
use quote::{ToTokens, format_ident};
use syn::{Ident, Item, Type, parse_quote};

use crate::client_plan::{
    BodyKind, ClientPlan, ContentPlan, ItemsPlan, OperationPlan, Reading, ResponseBody, ResultType,
    Statuses, StreamKind, Style,
};
use crate::error::GenerateError;
use crate::progenitor;
use crate::types::{TypeRef, TypeSet};

/// An operation of the generated client.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) plan: OperationPlan,
    /// The method of the generated `Client`.
    pub(crate) method: String,
    /// The builder in the generated module `builder`.
    pub(crate) builder: Ident,
    /// The field of the builder with the client.
    pub(crate) client_field: Ident,
    /// The responses with a JSON body.
    pub(crate) responses: Vec<Response>,
    pub(crate) parameters: Vec<Parameter>,
    /// What the body can be, in the order of the plan.
    pub(crate) contents: Vec<Content>,
    /// The success type of the client's method.
    pub(crate) success: Type,
    /// The error type of the client's method.
    pub(crate) error: Type,
}

/// A declared response whose body the client parses as JSON.
#[derive(Debug)]
pub(crate) struct Response {
    /// The status in the contract: `200`, `4XX`, `default`.
    pub(crate) status: String,
    pub(crate) ty: Type,
}

/// A parameter that the client sends.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// The name in the request.
    pub(crate) name: String,
    /// The setter of the builder.
    pub(crate) ident: Ident,
    pub(crate) location: ParameterIn,
    pub(crate) style: Style,
    pub(crate) required: bool,
    pub(crate) ty: Type,
}

/// A request body that the caller can choose.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) plan: ContentPlan,
    /// The setter of the builder, and its field.
    pub(crate) ident: Ident,
    /// The generated type; `None` for a body of text or bytes.
    pub(crate) typed: Option<TypedBody>,
    /// The type in the builder of the operation, without `Result` and `Option`.
    pub(crate) held: Type,
    /// Whether the builder starts without it: the body is optional, or the caller chooses.
    pub(crate) is_optional: bool,
}

/// A request body that the client serializes.
#[derive(Debug)]
pub(crate) struct TypedBody {
    pub(crate) media_type: String,
    pub(crate) ty: Type,
    /// Whether the builder of the operation has the builder of the type.
    pub(crate) has_builder: bool,
}

impl Operation {
    /// Returns whether a body must be sent.
    pub(crate) fn requires_body(&self) -> bool {
        self.plan.body.as_ref().is_some_and(|body| body.required)
    }
}

/// Finds the builder of each operation, and checks that it is the one that the plan expects.
pub(crate) fn read(plan: &ClientPlan, file: &syn::File) -> Result<Vec<Operation>, GenerateError> {
    let mut builders = builders(builder_items(file)?);
    let operations = plan.operations.iter().map(|operation| {
        let builder = builders.remove(&operation.builder());
        let builder = builder.ok_or_else(|| unexpected(operation, "has no builder"))?;
        read_operation(operation.clone(), &plan.types, builder)
    });
    let operations = operations.collect::<Result<Vec<_>, _>>()?;
    match builders.keys().min() {
        None => Ok(operations),
        Some(name) => Err(GenerateError::UnexpectedCode(format!(
            "the builder `{name}` belongs to no operation"
        ))),
    }
}

fn unexpected(plan: &OperationPlan, what: &str) -> GenerateError {
    GenerateError::UnexpectedCode(format!("the operation `{}` {what}", plan.id))
}

/// A type of the set in the generated root module.
pub(crate) fn type_of(types: &TypeSet, ty: &TypeRef) -> Result<Type, GenerateError> {
    syn::parse_str(&types.source(ty, "types::")).map_err(GenerateError::unparsable)
}

/// A type of the set in progenitor's code.
fn replaced(types: &TypeSet, ty: &TypeRef) -> Result<Type, GenerateError> {
    let source = progenitor::replacement(types.source(ty, "types::"));
    syn::parse_str(&source).map_err(GenerateError::unparsable)
}

fn read_operation(
    plan: OperationPlan,
    types: &TypeSet,
    declared: &syn::ItemStruct,
) -> Result<Operation, GenerateError> {
    let mut fields: HashMap<String, &Type> = declared
        .fields
        .iter()
        .filter_map(|field| Some((field.ident.as_ref()?.to_string(), &field.ty)))
        .collect();
    let is_client = |field: &&syn::Field| matches!(field.ty, Type::Reference(_));
    let client_field = declared.fields.iter().find(is_client);
    let client_field = client_field.and_then(|field| field.ident.clone());
    let client_field = client_field.ok_or_else(|| unexpected(&plan, "has no client"))?;
    fields.remove(&client_field.to_string());
    let mut parameters = Vec::new();
    for parameter in &plan.parameters {
        let ty = type_of(types, &parameter.ty)?;
        let replaced = replaced(types, &parameter.ty)?;
        let expected = match parameter.required {
            true => parse_quote!(Result<#replaced, String>),
            false => parse_quote!(Result<Option<#replaced>, String>),
        };
        take_field(&mut fields, &plan, &parameter.setter, &expected)?;
        parameters.push(Parameter {
            name: parameter.name.clone(),
            ident: Ident::new(&parameter.setter, Span::call_site()),
            location: parameter.location,
            style: parameter.style,
            required: parameter.required,
            ty,
        });
    }
    let contents = contents(&plan, types)?;
    if let Some(preferred) = contents.first() {
        // With a raw content, the builder cannot be cloned.
        let is_raw = contents.iter().any(|content| content.plan.kind.is_raw());
        let is_required = plan.body.as_ref().is_some_and(|body| body.required);
        let ty = match &preferred.plan.ty {
            Some(ty) if !is_raw && is_required => replaced(types, ty)?,
            Some(ty) if !is_raw => replaced(types, &TypeRef::Nullable(Box::new(ty.clone())))?,
            _ => parse_quote!(reqwest::Body),
        };
        // progenitor treats every body as required.
        take_field(
            &mut fields,
            &plan,
            "body",
            &parse_quote!(Result<#ty, String>),
        )?;
    }
    if let Some(name) = fields.keys().min() {
        return Err(unexpected(&plan, &format!("has a parameter `{name}`")));
    }
    let success = result_type(types, &plan.success)?;
    let error = result_type(types, &plan.error)?;
    Ok(Operation {
        responses: responses(&plan, &success, &error),
        method: plan.client_method(),
        builder: declared.ident.clone(),
        client_field,
        plan,
        parameters,
        contents,
        success,
        error,
    })
}

/// Takes the field of a builder, and checks its type.
fn take_field(
    fields: &mut HashMap<String, &Type>,
    plan: &OperationPlan,
    name: &str,
    expected: &Type,
) -> Result<(), GenerateError> {
    let found = fields
        .remove(name)
        .ok_or_else(|| unexpected(plan, &format!("has no parameter `{name}`")))?;
    if found == expected {
        return Ok(());
    }
    let (found, expected) = (found.to_token_stream(), expected.to_token_stream());
    let what = format!("has a parameter `{name}` of the type `{found}` instead of `{expected}`");
    Err(unexpected(plan, &what))
}

/// The contents of the body.
fn contents(plan: &OperationPlan, types: &TypeSet) -> Result<Vec<Content>, GenerateError> {
    let Some(body) = &plan.body else {
        return Ok(Vec::new());
    };
    let is_choice = body.contents.len() > 1;
    let content = |content: &ContentPlan| {
        let typed = match (content.kind, &content.ty) {
            (BodyKind::Json | BodyKind::Form, Some(ty)) => Some(TypedBody {
                media_type: content.media_type.clone(),
                ty: type_of(types, ty)?,
                has_builder: types.structure(ty).is_some(),
            }),
            (BodyKind::Json | BodyKind::Form, None) => {
                return Err(unexpected(plan, "has a body without a type"));
            }
            _ => None,
        };
        let held = match (&typed, content.kind, &content.ty) {
            (Some(typed), _, Some(ty)) => match types.structure(ty) {
                Some((id, _)) => {
                    let name = format_ident!("{}", types.get(id).name);
                    parse_quote!(types::builder::#name)
                }
                None => typed.ty.clone(),
            },
            (_, BodyKind::Multipart, _) => {
                let form = form_name(&plan.builder());
                parse_quote!(super::bodies::#form)
            }
            (_, BodyKind::Content, _) => parse_quote!(super::bodies::Content),
            _ => parse_quote!(reqwest::Body),
        };
        Ok(Content {
            plan: content.clone(),
            ident: Ident::new(&content.setter, Span::call_site()),
            typed,
            held,
            is_optional: is_choice || !body.required,
        })
    };
    body.contents.iter().map(content).collect()
}

/// The name of the multipart form of an operation.
pub(crate) fn form_name(builder: &str) -> Ident {
    format_ident!("{builder}Form")
}

fn result_type(types: &TypeSet, result: &ResultType) -> Result<Type, GenerateError> {
    Ok(match result {
        ResultType::Json(ty) => type_of(types, ty)?,
        ResultType::OptionalJson(ty) => {
            let ty = type_of(types, ty)?;
            parse_quote!(Option<#ty>)
        }
        ResultType::Text => parse_quote!(String),
        ResultType::Bytes => parse_quote!(ByteStream),
        ResultType::Items(items) => items_type(types, items)?,
        ResultType::Empty => parse_quote!(()),
        ResultType::Upgraded => parse_quote!(reqwest::Upgraded),
    })
}

/// The type of a stream of items.
pub(crate) fn items_type(types: &TypeSet, items: &ItemsPlan) -> Result<Type, GenerateError> {
    let item = type_of(types, &items.ty)?;
    Ok(match items.kind {
        StreamKind::Events => parse_quote!(openapi_client_runtime::EventStream<#item>),
        StreamKind::JsonLines => parse_quote!(openapi_client_runtime::JsonLines<#item>),
    })
}

/// The responses with a JSON body, by the statuses of the contract.
fn responses(plan: &OperationPlan, success: &Type, error: &Type) -> Vec<Response> {
    let is_json = |body: &ResponseBody| {
        matches!(
            body,
            ResponseBody::Json { .. } | ResponseBody::Variant(_) | ResponseBody::ByMediaType(_)
        )
    };
    let declared = plan.statuses.iter().filter_map(|status| {
        let first = match Statuses::of(*status) {
            Statuses::Range(first, _) => first,
            // An unassigned status represents all statuses that `default` covers.
            Statuses::Rest => u16::MAX,
        };
        let ty = match plan.reading(first) {
            Reading::Success(body) if is_json(body) => success,
            Reading::Error(body) if is_json(body) => error,
            _ => return None,
        };
        Some(Response {
            status: status.to_string(),
            ty: ty.clone(),
        })
    });
    declared.collect()
}

/// Returns the items of the module `builder`.
fn builder_items(file: &syn::File) -> Result<&[Item], GenerateError> {
    let module = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    });
    match module {
        Some((_, items)) => Ok(items),
        None => Err(GenerateError::UnexpectedCode(
            "there is no `builder` module".to_owned(),
        )),
    }
}

/// Returns the builders by name.
fn builders(items: &[Item]) -> HashMap<String, &syn::ItemStruct> {
    let structs = items.iter().filter_map(|item| match item {
        Item::Struct(declared) => Some((declared.ident.to_string(), declared)),
        _ => None,
    });
    structs.collect()
}
