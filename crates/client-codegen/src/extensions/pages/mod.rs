//! The module `pages`: streams of pages and items, for operations with `x-pagination`.

mod json_pointer_path;
mod link_header;

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Item, Type, parse_quote};

use self::json_pointer_path::{Access, TypePaths};
use super::{ExtensionInput, ExtensionModule, OperationPart, Snippet, pointer, template};
use crate::ast;
use crate::client_ir::{self, Operation, Parameter};
use crate::client_plan::{PageStep, Pagination, PaginationStyle, ResultType};
use crate::error::GenerateError;
use crate::identifiers;
use crate::pagination_keys::KEY;
use crate::types::{TypeKind, TypeRef, TypeSet};

/// The imports of the module.
const IMPORTS: &str = "use futures::{Stream, TryStreamExt};
use openapi_client_runtime::{Error, ResponseValue};

use super::{builder, types};
";

/// The code for paginated operations.
pub(super) struct Pages {
    /// The module, if an operation is paginated.
    pub(super) module: Option<ExtensionModule>,
    /// The method that streams the items of all pages, for each paginated operation.
    pub(super) item_streams: HashMap<String, Ident>,
    /// The field of the builder with the URL of the next page, for each operation that follows links.
    pub(super) links: HashMap<String, Ident>,
}

/// Generates the module, and changes the builders that follow links.
pub(super) fn module(
    input: &ExtensionInput<'_>,
    generated: &mut syn::File,
) -> Result<Pages, GenerateError> {
    let mut parts = Vec::new();
    let mut item_streams = HashMap::new();
    let mut links_by_operation = HashMap::new();
    let mut counts = false;
    let mut links = false;
    let mut has_streams = false;
    for known in input.operations {
        let Some(pagination) = &known.plan.pagination else {
            continue;
        };
        let list = PagedOperation::read(known, pagination, &input.plan.types)?;
        let [_, items] = &list.names;
        item_streams.insert(known.plan.id.clone(), items.clone());
        parts.push(OperationPart {
            builder: known.builder.clone(),
            code: Snippet::Items(vec![list.streams(
                pagination,
                generated,
                &mut links_by_operation,
            )?]),
        });
        has_streams |= known.plan.error == ResultType::Bytes;
        links |= matches!(pagination.style, PaginationStyle::Link);
        counts |= !matches!(pagination.style, PaginationStyle::Link);
    }
    if parts.is_empty() {
        return Ok(Pages {
            module: None,
            item_streams,
            links: links_by_operation,
        });
    }
    let mut head = vec![template(IMPORTS)];
    if has_streams {
        head.push(template("use openapi_client_runtime::ByteStream;\n"));
    }
    if counts {
        head.push(template("use openapi_client_runtime::pages::value_of;\n"));
    }
    if links {
        head.push(template("use openapi_client_runtime::pages::next_link;\n"));
    }
    let doc = "Pagination: streams of pages and of their items.";
    Ok(Pages {
        module: Some(ExtensionModule {
            parts,
            ..ExtensionModule::new("pages", doc, head)
        }),
        item_streams,
        links: links_by_operation,
    })
}

/// Returns names for the two methods that no setter of the builder has.
fn names(known: &Operation) -> [Ident; 2] {
    let parameters = known.parameters.iter().map(|parameter| &parameter.ident);
    let setters = parameters.chain(known.contents.iter().map(|content| &content.ident));
    let mut setters: BTreeSet<String> = setters.map(ToString::to_string).collect();
    ["pages", "items"].map(|name| identifiers::unused(identifiers::snake(name), &mut setters))
}

/// A paginated operation.
struct PagedOperation<'a> {
    known: &'a Operation,
    types: &'a TypeSet,
    /// The success type of `send`.
    page: TypeRef,
    /// The expressions for the items of `page`, by value, and for their number.
    items: TokenStream,
    count: TokenStream,
    item: Type,
    /// The names of the methods that return streams of pages and items.
    names: [Ident; 2],
}

impl<'a> PagedOperation<'a> {
    fn read(
        known: &'a Operation,
        pagination: &Pagination,
        types: &'a TypeSet,
    ) -> Result<Self, GenerateError> {
        let page = match &known.plan.success {
            ResultType::Json(ty) => ty.clone(),
            ResultType::OptionalJson(ty) => TypeRef::Nullable(Box::new(ty.clone())),
            _ => {
                let what = format!("the pages of `{}` are no JSON", known.plan.id);
                return Err(GenerateError::UnexpectedCode(what));
            }
        };
        let wrong =
            |message: String| GenerateError::malformed(pointer(known, &[KEY, "items"]), message);
        let follow = |by| {
            let end = TypePaths(types).follow("page", &page, &pagination.items, by)?;
            end.map_err(|error| wrong(error.to_string()))
        };
        let (taken, counted) = (follow(Access::Value)?, follow(Access::Reference)?);
        let TypeRef::Vec(item) = &taken.ty else {
            let found = types.source(&taken.ty, "");
            return Err(wrong(format!("expected an array, but found `{found}`")));
        };
        let item = client_ir::type_of(types, item)?;
        let (items, count) = (taken.expr, counted.expr);
        let (items, count) = if taken.optional {
            (
                quote!(#items.unwrap_or_default()),
                quote!(#count.map_or(0, Vec::len)),
            )
        } else {
            (items, quote!(#count.len()))
        };
        Ok(Self {
            known,
            types,
            page,
            items,
            count,
            item,
            names: names(known),
        })
    }

    /// Generates the `impl` block with the two methods.
    fn streams(
        &self,
        pagination: &Pagination,
        generated: &mut syn::File,
        links: &mut HashMap<String, Ident>,
    ) -> Result<Item, GenerateError> {
        let (builder, item) = (&self.known.builder, &self.item);
        let (page, error) = (&self.known.success, &self.known.error);
        let body = match &pagination.style {
            PaginationStyle::Counted { .. } => self.counted(pagination, generated)?,
            PaginationStyle::Cursor { .. } => self.cursor(pagination, generated)?,
            PaginationStyle::Link => self.link(generated, links)?,
        };
        let [pages, items] = &self.names;
        let taken = &self.items;
        Ok(parse_quote! {
            impl<'a> builder::#builder<'a> {
                /// Returns a stream of pages, starting at the page of this request.
                ///
                /// Each page is requested when the stream is polled for it. The first page is
                /// returned even if it is empty. The stream ends after an error.
                pub fn #pages(
                    self,
                ) -> impl Stream<Item = Result<ResponseValue<#page>, Error<#error>>> + 'a {
                    #body
                }

                /// Returns a stream of the items of all pages, starting at the page of this request.
                pub fn #items(self) -> impl Stream<Item = Result<#item, Error<#error>>> + 'a {
                    let pages = self.#pages().map_ok(|page| {
                        let page = page.into_inner();
                        ::futures::stream::iter(Vec::into_iter(#taken).map(Ok))
                    });
                    pages.try_flatten()
                }
            }
        })
    }

    /// Pagination by offset or page number.
    fn counted(
        &self,
        pagination: &Pagination,
        generated: &mut syn::File,
    ) -> Result<TokenStream, GenerateError> {
        let PaginationStyle::Counted {
            step,
            parameter,
            first,
            limit,
            size,
            total,
            more,
        } = &pagination.style
        else {
            return Ok(TokenStream::new());
        };
        let total_key = match step {
            PageStep::Items => "total",
            PageStep::Page => "pages",
        };
        let total = self.found(total_key, total.as_deref(), ScalarKind::Number)?;
        let more = self.found("more", more.as_deref(), ScalarKind::Boolean)?;
        let said = self.found("size", size.as_deref(), ScalarKind::Number)?;
        let parameter = self.parameter(*parameter)?;
        let start = self.given(generated, parameter)?;
        let size = match limit {
            Some((limit, default)) => {
                let given = self.given(generated, self.parameter(*limit)?)?;
                let default = default.map(|default| quote!(.or(Some(#default))));
                Some(quote!(let size: Option<u64> = #given #default;))
            }
            None => None,
        };
        let grow = match step {
            PageStep::Items => quote!(received),
            PageStep::Page => quote!(1),
        };
        let reads_page = said.is_some() || total.is_some() || more.is_some();
        // `more` takes precedence over the total, and the total over the size of the page.
        let size_of_page = match (said, limit) {
            (Some(said), Some(_)) => Some(quote!(#said.or(size))),
            (said, None) => said,
            (None, Some(_)) => Some(quote!(size)),
        };
        let by_size = size_of_page.map(|size| quote!(#size.is_some_and(|size| received < size)));
        let is_reached = match step {
            PageStep::Items => quote!(|total| next >= total),
            PageStep::Page => quote!(|pages| next >= pages.saturating_add(#first)),
        };
        let by_total = match (total, by_size) {
            (Some(total), Some(by_size)) => Some(quote!(#total.map_or(#by_size, #is_reached))),
            (Some(total), None) => Some(quote!(#total.is_some_and(#is_reached))),
            (None, by_size) => by_size,
        };
        let is_last = match (more, by_total) {
            (Some(more), Some(by_total)) => quote!(#more.map_or(#by_total, |more| !more)),
            (Some(more), None) => quote!(#more.is_some_and(|more| !more)),
            (None, by_total) => by_total.unwrap_or(quote!(false)),
        };
        let is_last = if reads_page {
            quote!({ let page = &*page; #is_last })
        } else {
            is_last
        };
        let (count, set, ty) = (&self.count, &parameter.ident, &parameter.ty);
        let name = &parameter.name;
        Ok(quote! {
            let start: u64 = #start.unwrap_or(#first);
            #size
            ::futures::stream::try_unfold(Some((self, start)), move |state| async move {
                let Some((request, position)) = state else {
                    return Ok(None);
                };
                let page = if position == start {
                    request.clone().send().await?
                } else {
                    let value: #ty = value_of(#name, &position.to_string())?;
                    request.clone().#set(value).send().await?
                };
                let received = {
                    let page = &*page;
                    u64::try_from(#count).unwrap_or(u64::MAX)
                };
                if received == 0 {
                    return Ok((position == start).then_some((page, None)));
                }
                let next = position.saturating_add(#grow);
                let is_last = #is_last;
                Ok(Some((page, (!is_last).then_some((request, next)))))
            })
        })
    }

    /// Pagination by a cursor in the response.
    fn cursor(
        &self,
        pagination: &Pagination,
        generated: &mut syn::File,
    ) -> Result<TokenStream, GenerateError> {
        let PaginationStyle::Cursor {
            parameter,
            next,
            more,
        } = &pagination.style
        else {
            return Ok(TokenStream::new());
        };
        let next = self.found("next", Some(next), ScalarKind::Text)?;
        let more = self.found("more", more.as_deref(), ScalarKind::Boolean)?;
        let next = match more {
            Some(more) => quote!(#next.filter(|_| #more != Some(false))),
            None => quote!(#next),
        };
        let parameter = self.parameter(*parameter)?;
        self.open(generated, parameter)?;
        let start = given(parameter);
        let (set, ty, name) = (&parameter.ident, &parameter.ty, &parameter.name);
        Ok(quote! {
            let seen: std::collections::BTreeSet<String> =
                #start.map(|value| value.to_string()).into_iter().collect();
            let start = (self, None::<String>, seen);
            ::futures::stream::try_unfold(Some(start), move |state| async move {
                let Some((request, cursor, mut seen)) = state else {
                    return Ok(None);
                };
                let page = match cursor {
                    None => request.clone().send().await?,
                    Some(cursor) => {
                        if !seen.insert(cursor.clone()) {
                            let message = format!("the cursor `{cursor}` of the next page was already used");
                            return Err(Error::Custom(message));
                        }
                        let value: #ty = value_of(#name, &cursor)?;
                        request.clone().#set(value).send().await?
                    }
                };
                let next = {
                    let page = &*page;
                    #next
                };
                let next = next.filter(|next| !next.is_empty());
                let state = next.map(|next| (request, Some(next), seen));
                Ok(Some((page, state)))
            })
        })
    }

    /// Pagination by a URL in the response.
    fn link(
        &self,
        generated: &mut syn::File,
        links: &mut HashMap<String, Ident>,
    ) -> Result<TokenStream, GenerateError> {
        let address = ast::builders(generated)
            .and_then(|items| link_header::add_url_field(items, &self.known.builder));
        let address = address.ok_or_else(|| {
            GenerateError::UnexpectedCode(format!("how `{}` is sent", self.known.plan.id))
        })?;
        links.insert(self.known.plan.id.clone(), address.clone());
        Ok(quote! {
            let start = (self, None::<String>, std::collections::BTreeSet::new());
            ::futures::stream::try_unfold(Some(start), move |state| async move {
                let Some((request, next, mut seen)) = state else {
                    return Ok(None);
                };
                let mut linked = request.clone();
                if let Some(next) = next {
                    if !seen.insert(next.clone()) {
                        let message = "the link to the next page points to a page that was already returned";
                        return Err(Error::Custom(message.to_owned()));
                    }
                    linked.#address = Some(next);
                }
                let page = linked.send().await?;
                let next = next_link(page.headers());
                let state = next.map(|next| (request, Some(next), seen));
                Ok(Some((page, state)))
            })
        })
    }

    /// Generates the expression for an optional value of the response.
    fn found(
        &self,
        key: &str,
        pointer: Option<&str>,
        leaf: ScalarKind,
    ) -> Result<Option<TokenStream>, GenerateError> {
        let Some(pointer) = pointer else {
            return Ok(None);
        };
        let wrong = |message: String| {
            GenerateError::malformed(super::pointer(self.known, &[KEY, key]), message)
        };
        let end = TypePaths(self.types)
            .follow("page", &self.page, pointer, Access::Reference)?
            .map_err(|error| wrong(error.to_string()))?;
        if !leaf.is(self.types, &end.ty) {
            let (expected, found) = (leaf.name(), self.types.source(&end.ty, ""));
            return Err(wrong(format!("expected {expected}, but found `{found}`")));
        }
        let expr = &end.expr;
        let expr = match (end.optional, end.borrowed) {
            (true, _) => expr.clone(),
            (false, true) => quote!(Some(#expr)),
            (false, false) => quote!(Some(&#expr)),
        };
        Ok(Some(match leaf {
            ScalarKind::Number => {
                quote!(#expr.and_then(|value| value.to_string().parse::<u64>().ok()))
            }
            ScalarKind::Boolean => quote!(#expr.copied()),
            ScalarKind::Text => quote!(#expr.map(|value| value.to_string())),
        }))
    }

    /// Returns a parameter, given its index in the plan.
    fn parameter(&self, index: usize) -> Result<&'a Parameter, GenerateError> {
        let parameter = self.known.parameters.get(index);
        parameter.ok_or_else(|| self.unexpected())
    }

    /// Generates the expression for a number in a parameter of the first request.
    fn given(
        &self,
        generated: &mut syn::File,
        parameter: &Parameter,
    ) -> Result<TokenStream, GenerateError> {
        self.open(generated, parameter)?;
        let value = given(parameter);
        Ok(quote!(#value.and_then(|value| value.to_string().parse::<u64>().ok())))
    }

    /// Makes a field of the builder visible to this module.
    fn open(&self, generated: &mut syn::File, parameter: &Parameter) -> Result<(), GenerateError> {
        let field = ast::builders(generated)
            .and_then(|items| ast::field(items, &self.known.builder, &parameter.ident.to_string()));
        match field {
            Some(field) => {
                field.vis = parse_quote!(pub(crate));
                Ok(())
            }
            None => Err(self.unexpected()),
        }
    }

    fn unexpected(&self) -> GenerateError {
        GenerateError::UnexpectedCode(format!("the builder of `{}`", self.known.plan.id))
    }
}

/// The expected type of a value in the response.
#[derive(Clone, Copy)]
enum ScalarKind {
    Number,
    Boolean,
    Text,
}

impl ScalarKind {
    fn name(self) -> &'static str {
        match self {
            Self::Number => "an integer",
            Self::Boolean => "a boolean",
            Self::Text => "a string or an integer",
        }
    }

    fn is(self, types: &TypeSet, ty: &TypeRef) -> bool {
        match (self, ty) {
            (Self::Number | Self::Text, TypeRef::Integer(_))
            | (Self::Boolean, TypeRef::Bool)
            | (Self::Text, TypeRef::String | TypeRef::Uuid) => true,
            (Self::Text, TypeRef::Named(id)) => {
                matches!(types.get(*id).kind, TypeKind::ConstrainedString(_))
            }
            _ => false,
        }
    }
}

/// Generates the expression for the value of a parameter in the first request.
fn given(parameter: &Parameter) -> TokenStream {
    let ident = &parameter.ident;
    if parameter.required {
        quote!(self.#ident.as_ref().ok())
    } else {
        quote!(self.#ident.as_ref().ok().and_then(Option::as_ref))
    }
}
