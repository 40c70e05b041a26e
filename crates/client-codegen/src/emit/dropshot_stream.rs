//! The stream of items of an operation with `x-dropshot-pagination`.

use quote::quote;
use syn::{ImplItemFn, Type, parse_quote};

use crate::client_ir::{Operation, type_of};
use crate::client_plan::ResultType;
use crate::error::GenerateError;
use crate::types::{Presence, StructType, TypeRef, TypeSet};

/// Returns the method `stream`. `None` if the page or the parameters are not those of dropshot.
pub(super) fn method(
    operation: &Operation,
    types: &TypeSet,
    item: &TypeRef,
) -> Result<Option<ImplItemFn>, GenerateError> {
    let ResultType::Json(page) = &operation.plan.success else {
        return Ok(None);
    };
    let Some((_, page)) = types.structure(page) else {
        return Ok(None);
    };
    let item = type_of(types, item)?;
    Ok(method_of(operation, page, &item))
}

fn method_of(operation: &Operation, page: &StructType, item: &Type) -> Option<ImplItemFn> {
    let field = |name: &str| page.fields.iter().find(|field| field.field == name);
    let next_page = match &field("next_page")?.presence {
        Presence::OptionalNullable => quote!(page.next_page.into_option()),
        Presence::Optional => quote!(page.next_page),
        Presence::Required if matches!(field("next_page")?.ty, TypeRef::Nullable(_)) => {
            quote!(page.next_page)
        }
        _ => return None,
    };
    let items = match &field("items")?.presence {
        Presence::OptionalNullable => quote!(page.items.into_option().unwrap_or_default()),
        Presence::Optional => quote!(page.items.unwrap_or_default()),
        Presence::Required | Presence::Default(_) => quote!(page.items),
        Presence::OptionalAny => return None,
    };
    let mut parameters = operation.parameters.iter();
    let token = &parameters
        .find(|parameter| parameter.name == "page_token")?
        .ident;
    // A request with a token has no other parameters than the limit.
    let others = operation.parameters.iter().filter(|parameter| {
        parameter.location == openapi_contract::model::ParameterIn::Query
            && parameter.name != "limit"
    });
    let others = others.map(|parameter| &parameter.ident);
    let error = &operation.error;
    let doc = format!(
        "Streams the items of all pages: sends `{}` requests to `{}`.",
        operation.plan.http_method.to_ascii_uppercase(),
        operation.plan.path
    );
    Some(parse_quote! {
        #[doc = #doc]
        pub fn stream(
            self,
        ) -> impl ::futures::Stream<Item = Result<#item, Error<#error>>> + Unpin + 'a {
            use ::futures::{StreamExt, TryFutureExt, TryStreamExt};

            let next = Self { #(#others: Ok(None),)* ..self.clone() };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = ::futures::stream::iter(#items).map(Ok);
                    let rest = ::futures::stream::try_unfold(
                        (#next_page, next),
                        |(next_page, next)| async {
                            let Some(next_page) = next_page else {
                                return Ok::<_, Error<#error>>(None);
                            };
                            let request = Self { #token: Ok(Some(next_page)), ..next.clone() };
                            let page = request.send().await?.into_inner();
                            let items = ::futures::stream::iter(#items).map(Ok);
                            Ok(Some((items, (#next_page, next))))
                        },
                    );
                    first.chain(rest.try_flatten())
                })
                .try_flatten_stream()
                .boxed()
        }
    })
}
