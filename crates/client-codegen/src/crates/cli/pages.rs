//! Operations whose items are on several pages.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Type};

use super::flags::Flags;

/// The parameter of dropshot that requests a later page, which the client sets.
pub(super) const PAGE_TOKEN: &str = "page_token";

/// The parameter of dropshot with the number of items.
pub(super) const LIMIT: &str = "limit";

/// Adds the flag that lists all pages of an operation with `x-pagination`. Returns the statement that lists them
/// if the flag is set. `items` is the method of the builder.
pub(super) fn add(items: &Ident, flags: &mut Flags) -> TokenStream {
    let flag = flags.unused("all");
    flags.arguments.push(quote! {
        ::clap::Arg::new(#flag)
            .long(#flag)
            .action(::clap::ArgAction::SetTrue)
            .help("List the items of this page and all following pages")
    });
    let listing = listing(&quote!(request.#items()));
    quote! {
        if matches.get_flag(#flag) {
            #listing
        }
    }
}

/// Generates the statements that list all pages of an operation with `x-dropshot-pagination`. The limit of a page
/// is also that of the list: `limit` is its flag and type.
pub(super) fn dropshot(limit: Option<(String, &Type)>) -> TokenStream {
    let limit = limit.map(|(id, ty)| {
        quote! {
            let limit = matches
                .get_one::<#ty>(#id)
                .and_then(|limit| ::serde_json::to_value(limit).ok()?.as_u64())
                .and_then(|limit| usize::try_from(limit).ok());
        }
    });
    let items = match limit {
        Some(_) => {
            quote!(::futures::StreamExt::take(
                request.stream(),
                limit.unwrap_or(usize::MAX)
            ))
        }
        None => quote!(request.stream()),
    };
    let listing = listing(&items);
    quote!(#limit #listing)
}

/// Generates the statements that list the items of a stream, and return.
fn listing(items: &TokenStream) -> TokenStream {
    quote! {
        self.config.list_start::<::serde_json::Value>();
        let mut items = std::pin::pin!(#items);
        loop {
            match ::futures::TryStreamExt::try_next(&mut items).await {
                Ok(Some(item)) => self.config.list_item(&item),
                Ok(None) => {
                    self.config.list_end_success::<::serde_json::Value>();
                    return Ok(());
                }
                Err(error) => {
                    self.config.list_end_error(&error);
                    return Err(anyhow::Error::new(error));
                }
            }
        }
    }
}
