//! The intermediate representation of a client: its operations, parsed from progenitor's code.
//!
//! The types are those in the generated code, not derived from the contract, so that comparisons with the
//! contract find wrong types.

mod builder_types;
mod send_method;

use serde_json::Value;
use syn::{Ident, Item, Type};

use crate::error::GenerateError;
use crate::http_methods::METHODS;
use crate::lower::{StatusRange, walk};
use send_method::SendMethod;

pub(crate) use builder_types::arguments;

/// An operation of the generated client.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The `operationId` in the contract.
    pub(crate) id: String,
    /// The method of the generated `Client`.
    pub(crate) method: String,
    /// The builder in the generated module `builder`.
    pub(crate) builder: Ident,
    /// The first tag.
    pub(crate) tag: Option<String>,
    pub(crate) path: String,
    pub(crate) http_method: String,
    pub(crate) responses: Vec<Response>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<TypedBody>,
    /// The kind of a body without a generated type.
    pub(crate) raw_body: Option<RawBody>,
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
    pub(crate) location: ParameterLocation,
    pub(crate) required: bool,
    pub(crate) ty: Type,
}

/// The location of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterLocation {
    Path,
    Query,
    Header,
    Cookie,
}

impl ParameterLocation {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// A request body without a generated type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RawBody {
    Bytes,
    Text,
}

/// A request body that the client serializes.
#[derive(Debug)]
pub(crate) struct TypedBody {
    pub(crate) media_type: String,
    pub(crate) ty: Type,
}

/// Parses all operations, in the order of the lowered document.
pub(crate) fn read(document: &Value, file: &syn::File) -> Result<Vec<Operation>, GenerateError> {
    let builders = builders(builder_items(file)?);
    let declared: Vec<_> = walk::entries(document.get("paths"))
        .filter(|(path, _)| path.starts_with('/'))
        .flat_map(|(path, item)| {
            let operation = move |method| Some((path, method, item.get(method)?));
            METHODS.into_iter().filter_map(operation)
        })
        .collect();
    if builders.len() != declared.len() {
        return Err(GenerateError::UnexpectedCode(format!(
            "{} operations, but {} builders",
            declared.len(),
            builders.len()
        )));
    }
    // progenitor generates one builder per operation, in the order of the document.
    declared
        .into_iter()
        .zip(builders)
        .map(|((path, http_method, operation), builder)| {
            let id = operation.get("operationId").and_then(Value::as_str);
            let id = id.unwrap_or_default();
            let unreadable =
                |what: &str| GenerateError::UnexpectedCode(format!("{what} of `{id}`"));
            // The code contains only the media types that progenitor supports.
            let content = operation
                .get("requestBody")
                .and_then(|body| body.get("content"));
            let declared_type = walk::entries(content).next().map(|(name, _)| name);
            let send = builder
                .method("send")
                .and_then(|send| SendMethod::read(send, path))
                .ok_or_else(|| unreadable("the `send` method"))?;
            let declared = builder.declared;
            Ok(Operation {
                responses: responses(operation, &send),
                parameters: parameters(declared, &send)
                    .ok_or_else(|| unreadable("the parameters"))?,
                body: send.body.and_then(|media_type| {
                    Some(TypedBody {
                        media_type: declared_type.unwrap_or(media_type).to_owned(),
                        ty: builder_types::body(field(declared, "body")?),
                    })
                }),
                method: send.method,
                raw_body: raw_body(&builder),
                success: send.success.clone(),
                error: send.error.clone(),
                builder: declared.ident.clone(),
                tag: operation
                    .pointer("/tags/0")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
                path: path.to_owned(),
                http_method: http_method.to_owned(),
                id: id.to_owned(),
            })
        })
        .collect()
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
    /// The items up to the next builder, including its `impl` blocks.
    items: &'a [Item],
}

/// Returns the builder of each operation.
fn builders(items: &[Item]) -> Vec<Builder<'_>> {
    let starts = items.iter().enumerate();
    let starts = starts.filter_map(|(at, item)| match item {
        Item::Struct(declared) => Some((at, declared)),
        _ => None,
    });
    let ends = starts.clone().skip(1).map(|(at, _)| at);
    let ends = ends.chain([items.len()]);
    starts
        .zip(ends)
        .map(|((at, declared), end)| Builder {
            declared,
            items: &items[at..end],
        })
        .collect()
}

impl<'a> Builder<'a> {
    fn method(&self, name: &str) -> Option<&'a syn::ImplItemFn> {
        let blocks = self.items.iter().filter_map(|item| match item {
            Item::Impl(block) => Some(block),
            _ => None,
        });
        let mut methods = blocks.flat_map(|block| &block.items);
        methods.find_map(|item| match item {
            syn::ImplItem::Fn(method) if method.sig.ident == name => Some(method),
            _ => None,
        })
    }
}

/// Returns the kind of a body without a generated type, from the bound of its setter.
fn raw_body(builder: &Builder<'_>) -> Option<RawBody> {
    field(builder.declared, "body").filter(|ty| builder_types::is_raw_body(ty))?;
    let setter = builder.method("body")?;
    let is_text = builder_types::is_conversion_to(&setter.sig.generics, "String");
    Some(if is_text {
        RawBody::Text
    } else {
        RawBody::Bytes
    })
}

fn field<'a>(builder: &'a syn::ItemStruct, name: &str) -> Option<&'a Type> {
    let mut fields = builder.fields.iter();
    fields
        .find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))
        .map(|f| &f.ty)
}

fn parameters(builder: &syn::ItemStruct, send: &SendMethod) -> Option<Vec<Parameter>> {
    send.parameters
        .iter()
        .map(|sent| {
            let (ty, required) =
                builder_types::parameter(field(builder, &sent.ident.to_string())?)?;
            Some(Parameter {
                name: sent.name.clone(),
                ident: sent.ident.clone(),
                location: sent.location,
                required,
                ty,
            })
        })
        .collect()
}

fn responses(operation: &Value, send: &SendMethod) -> Vec<Response> {
    let declared = || walk::entries(operation.get("responses"));
    let codes = declared().filter_map(|(status, _)| Some((status, StatusRange::of(status)?.first)));
    // An unassigned status represents all statuses that `default` covers.
    let default = declared().filter(|(status, _)| *status == "default");
    let default = default.map(|(status, _)| (status, u16::MAX));
    codes
        .chain(default)
        .filter_map(|(status, code)| {
            Some(Response {
                status: status.to_owned(),
                ty: send.bodies_by_status(code)?.clone(),
            })
        })
        .collect()
}
