//! The intermediate form of a client: the plan of each operation, with the types that progenitor generated for
//! it.
//!
//! The types are those in the generated code, not derived from the contract, so that comparisons with the
//! contract find wrong types. Whatever a plan expects of a builder is checked here.

mod builder_types;

use std::collections::HashMap;

use openapi_contract::model::ParameterIn;
use openapi_contract::rust_names;
use proc_macro2::Span;
use syn::{Ident, Item, Type};

use crate::error::GenerateError;
use crate::lower::StreamKind;
use crate::plan::{
    BodyKind, BodyPlan, ItemsPlan, OperationPlan, Reading, ResponseBody, Statuses, Style,
};

pub(crate) use builder_types::{arguments, element};

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
    /// The body, if it has a generated type.
    pub(crate) body: Option<TypedBody>,
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
    /// Whether the builder has an array of this type.
    pub(crate) is_wrapped_in_array: bool,
}

/// A request body that the client serializes.
#[derive(Debug)]
pub(crate) struct TypedBody {
    pub(crate) media_type: String,
    pub(crate) ty: Type,
    /// The type in the builder of the operation: the type, or its builder.
    pub(crate) held: Type,
    /// Whether the builder of the operation has the builder of the type.
    pub(crate) has_builder: bool,
}

impl Operation {
    /// Returns whether the body is a string or bytes, with the media type of the contract.
    pub(crate) fn raw_body(&self) -> Option<BodyKind> {
        let kind = self.plan.body.as_ref()?.kind;
        matches!(kind, BodyKind::Text | BodyKind::Bytes).then_some(kind)
    }
}

/// Finds the builder of each operation, and checks that it is the one that the plan expects.
pub(crate) fn read(
    plans: Vec<OperationPlan>,
    file: &syn::File,
) -> Result<Vec<Operation>, GenerateError> {
    let mut builders = builders(builder_items(file)?);
    let operations = plans.into_iter().map(|plan| {
        let builder = builders.remove(&plan.builder());
        let builder = builder.ok_or_else(|| unexpected(&plan, "has no builder"))?;
        operation(plan, &builder)
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

fn operation(plan: OperationPlan, builder: &Builder<'_>) -> Result<Operation, GenerateError> {
    let send = builder
        .method("send")
        .ok_or_else(|| unexpected(&plan, "has no method `send`"))?;
    let (success, error) = returned(&send.sig)
        .ok_or_else(|| unexpected(&plan, "does not return a response or an error"))?;
    let mut fields: HashMap<String, &Type> = builder
        .declared
        .fields
        .iter()
        .filter_map(|field| Some((field.ident.as_ref()?.to_string(), &field.ty)))
        .collect();
    let is_client = |field: &&syn::Field| matches!(field.ty, Type::Reference(_));
    let client_field = builder.declared.fields.iter().find(is_client);
    let client_field = client_field.and_then(|field| field.ident.clone());
    let client_field = client_field.ok_or_else(|| unexpected(&plan, "has no client"))?;
    fields.remove(&client_field.to_string());
    let mut parameters = Vec::new();
    for parameter in &plan.parameters {
        let missing = || unexpected(&plan, &format!("has no parameter `{}`", parameter.setter));
        let field = fields.remove(&parameter.setter).ok_or_else(missing)?;
        let (mut ty, required) = builder_types::parameter(field).ok_or_else(missing)?;
        if required != parameter.required {
            let what = format!(
                "has a parameter `{}` that is {}",
                parameter.setter,
                if required { "required" } else { "optional" }
            );
            return Err(unexpected(&plan, &what));
        }
        if parameter.is_wrapped_in_array {
            ty = builder_types::element(&ty).ok_or_else(|| {
                unexpected(&plan, &format!("has no array `{}`", parameter.setter))
            })?;
        }
        parameters.push(Parameter {
            name: parameter.name.clone(),
            ident: Ident::new(&parameter.setter, Span::call_site()),
            location: parameter.location,
            style: parameter.style,
            required,
            ty,
            is_wrapped_in_array: parameter.is_wrapped_in_array,
        });
    }
    let body = match (&plan.body, fields.remove("body")) {
        (Some(body), Some(field)) => {
            typed_body(body, field).map_err(|what| unexpected(&plan, what))?
        }
        (None, None) => None,
        (Some(_), None) => return Err(unexpected(&plan, "has no body")),
        (None, Some(_)) => return Err(unexpected(&plan, "has a body")),
    };
    if let Some(name) = fields.keys().min() {
        return Err(unexpected(&plan, &format!("has a parameter `{name}`")));
    }
    let success = body_type(&plan, success, true);
    let error = body_type(&plan, error, false);
    Ok(Operation {
        responses: responses(&plan, &success, &error),
        method: plan.client_method(),
        builder: builder.declared.ident.clone(),
        client_field,
        plan,
        parameters,
        body,
        success,
        error,
    })
}

/// The success or error type of an operation. progenitor has streams of bytes for strings and streams of items.
fn body_type(plan: &OperationPlan, generated: Type, is_success: bool) -> Type {
    let items = plan
        .responses
        .iter()
        .find_map(|response| match &response.reading {
            Reading::Success(ResponseBody::Items(items)) => Some(items),
            _ => None,
        });
    if let Some(items) = items.filter(|_| is_success) {
        return items_type(items);
    }
    let is_text = plan
        .responses
        .iter()
        .any(|response| match &response.reading {
            Reading::Success(body) => is_success && *body == ResponseBody::Text,
            Reading::Error(body) => !is_success && *body == ResponseBody::Text,
            Reading::Unexpected => false,
        });
    if is_text {
        syn::parse_quote!(::std::string::String)
    } else {
        generated
    }
}

/// The type of a stream of items.
pub(crate) fn items_type(items: &ItemsPlan) -> Type {
    let item = Ident::new(&rust_names::type_name(&items.component), Span::call_site());
    match items.kind {
        StreamKind::Events => syn::parse_quote!(openapi_client_runtime::EventStream<types::#item>),
        StreamKind::JsonLines => syn::parse_quote!(openapi_client_runtime::JsonLines<types::#item>),
    }
}

/// Returns `S` and `E` of `Result<ResponseValue<S>, Error<E>>`.
fn returned(signature: &syn::Signature) -> Option<(Type, Type)> {
    let syn::ReturnType::Type(_, output) = &signature.output else {
        return None;
    };
    let results = arguments(output, "Result")?;
    let success = *arguments(results.first()?, "ResponseValue")?.first()?;
    let error = *arguments(results.get(1)?, "Error")?.first()?;
    Some((success.clone(), error.clone()))
}

/// Returns the body, if it has a generated type.
fn typed_body(body: &BodyPlan, field: &Type) -> Result<Option<TypedBody>, &'static str> {
    let kind = body.kind;
    let is_raw = builder_types::is_raw_body(field);
    match kind {
        BodyKind::Json | BodyKind::Form if is_raw => Err("has a body of bytes"),
        BodyKind::Json | BodyKind::Form => {
            let held = builder_types::parameter(field).map(|(held, _)| held);
            let held = held.ok_or("has a body without a type")?;
            let (ty, has_builder) = builder_types::body(field);
            Ok(Some(TypedBody {
                media_type: body.media_type.clone(),
                ty,
                held,
                has_builder,
            }))
        }
        _ if is_raw => Ok(None),
        _ => Err("has no body of bytes"),
    }
}

/// The responses with a JSON body, by the statuses of the contract.
fn responses(plan: &OperationPlan, success: &Type, error: &Type) -> Vec<Response> {
    let typed = |reading: &Reading| {
        let is_json = |body: &ResponseBody| {
            matches!(
                body,
                ResponseBody::Json { .. } | ResponseBody::Variant { .. }
            )
        };
        match reading {
            Reading::Success(body) if is_json(body) => Some(success.clone()),
            Reading::Error(body) if is_json(body) => Some(error.clone()),
            _ => None,
        }
    };
    let declared = plan.statuses.iter().filter_map(|status| {
        let first = match Statuses::of(*status) {
            Statuses::Range(first, _) => first,
            // An unassigned status represents all statuses that `default` covers.
            Statuses::Rest => u16::MAX,
        };
        let mut responses = plan.responses.iter();
        let response = responses.find(|response| response.statuses.contain(first))?;
        Some(Response {
            status: status.to_string(),
            ty: typed(&response.reading)?,
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

/// The builder of an operation.
struct Builder<'a> {
    declared: &'a syn::ItemStruct,
    blocks: Vec<&'a syn::ItemImpl>,
}

/// Returns the builders by name.
fn builders(items: &[Item]) -> HashMap<String, Builder<'_>> {
    let mut builders: HashMap<String, Builder<'_>> = items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(declared) => Some(declared),
            _ => None,
        })
        .map(|declared| {
            let blocks = Vec::new();
            (declared.ident.to_string(), Builder { declared, blocks })
        })
        .collect();
    for item in items {
        if let Item::Impl(block) = item
            && let Type::Path(own) = &*block.self_ty
            && let Some(last) = own.path.segments.last()
            && let Some(builder) = builders.get_mut(&last.ident.to_string())
        {
            builder.blocks.push(block);
        }
    }
    builders
}

impl<'a> Builder<'a> {
    fn method(&self, name: &str) -> Option<&'a syn::ImplItemFn> {
        let mut methods = self.blocks.iter().flat_map(|block| &block.items);
        methods.find_map(|item| match item {
            syn::ImplItem::Fn(method) if method.sig.ident == name => Some(method),
            _ => None,
        })
    }
}
