//! The stream of items of an operation with `x-dropshot-pagination`.

use quote::quote;
use syn::{ImplItemFn, Type, parse_quote};

use crate::client_ir::{Operation, arguments};
use crate::types::Types;

/// Returns the method `stream`: progenitor's signature with a body for the types of the page's fields. `None` if
/// the page or the parameters are not those of dropshot.
pub(super) fn method(
    declared: ImplItemFn,
    operation: &Operation,
    types: &Types,
) -> Option<ImplItemFn> {
    let Type::Path(page) = &operation.success else {
        return None;
    };
    let page = types.structure(&page.path.segments.last()?.ident.to_string())?;
    let field = |name: &str| {
        let mut fields = page.fields.iter();
        fields.find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))
    };
    let is_of = |name: &str, generic: &str| arguments(&field(name)?.ty, generic);
    let next_page = match is_of("next_page", "Nullable") {
        Some(_) => quote!(page.next_page.into_option()),
        None => is_of("next_page", "Option").map(|_| quote!(page.next_page))?,
    };
    let items = match is_of("items", "Option") {
        Some(_) => quote!(page.items.unwrap_or_default()),
        None => is_of("items", "Vec").map(|_| quote!(page.items))?,
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
    let ImplItemFn {
        attrs, vis, sig, ..
    } = declared;
    let mut method: ImplItemFn = parse_quote! {
        pub fn stream(self) {
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
    };
    (method.attrs, method.vis, method.sig) = (attrs, vis, sig);
    Some(method)
}
