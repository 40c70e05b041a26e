//! The flag that lists all pages, for operations with `x-pagination`.

use quote::quote;
use syn::{Ident, ImplItemFn, Pat, Stmt, parse_quote};

use super::bodies;
use super::names::unused;

/// Adds the flag to a command, and returns its name.
pub(super) fn declare(command: &mut ImplItemFn) -> String {
    let flag = unused("all".to_owned(), &mut bodies::ids(command));
    if let Some(Stmt::Expr(command, None)) = command.block.stmts.last_mut() {
        *command = parse_quote! {
            #command.arg(
                ::clap::Arg::new(#flag)
                    .long(#flag)
                    .action(::clap::ArgAction::SetTrue)
                    .help("List the items of this page and all following pages")
            )
        };
    }
    flag
}

/// Changes a call to list all items if the flag is set. `items` is the method of the builder.
pub(super) fn consume(call: &mut ImplItemFn, flag: &str, items: &Ident) {
    let sends = |stmt: &Stmt| matches!(stmt, Stmt::Local(local) if matches!(&local.pat, Pat::Ident(name) if name.ident == "result"));
    let Some(at) = call.block.stmts.iter().position(sends) else {
        return;
    };
    let listing = quote! {
        if matches.get_flag(#flag) {
            self.config.list_start::<::serde_json::Value>();
            let mut items = std::pin::pin!(request.#items());
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
    };
    call.block.stmts.insert(at, parse_quote!(#listing));
}
