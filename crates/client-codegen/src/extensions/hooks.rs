//! The module `hooks` of a client without hand-written hooks: authenticates and retries requests.

use proc_macro2::Ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, parse_quote};

use super::{ExtensionInput, ExtensionModule, Snippet};
use crate::client_ir::Operation;
use crate::error::GenerateError;
use crate::identifiers;

/// The methods of `Client` that configure its hooks. They are renamed if an operation has the same name.
const WITH_CREDENTIALS: &str = "with_credentials";
const WITH_RETRY: &str = "with_retry";

pub(super) fn module(
    input: &ExtensionInput<'_>,
    authenticates: bool,
    generated: &mut syn::File,
) -> Result<ExtensionModule, GenerateError> {
    add_state(generated, authenticates)?;
    let operations = input.operations;
    let named = |template: &str, name: &str| {
        // Only the template declares the method; nothing calls it.
        template.replace(
            &format!("fn {name}("),
            &format!("fn {}(", setter(operations, name)),
        )
    };
    let text = if authenticates {
        let text = named(
            include_str!("templates/hooks_with_credentials.rs"),
            WITH_RETRY,
        );
        named(&text, WITH_CREDENTIALS)
    } else {
        named(include_str!("templates/hooks.rs"), WITH_RETRY)
    };
    let doc = "Hooks that run for every request.";
    Ok(ExtensionModule::new(
        "hooks",
        doc,
        vec![Snippet::Text(text.into())],
    ))
}

/// Returns the name of the method of `Client` that sets the credentials.
pub(crate) fn with_credentials(operations: &[Operation]) -> Ident {
    setter(operations, WITH_CREDENTIALS)
}

/// Returns a method name that no operation has.
fn setter(operations: &[Operation], name: &str) -> Ident {
    let methods = operations.iter().map(|operation| operation.method.clone());
    identifiers::unused(identifiers::snake(name), &mut methods.collect())
}

/// Adds a field for the state to the generated `Client`.
///
/// `Client::new` creates the `reqwest::Client` itself, so it can require credentials.
fn add_state(generated: &mut syn::File, authenticates: bool) -> Result<(), GenerateError> {
    let mut adding = AddState { done: false };
    let mut asking = MarkOwnClient {
        done: !authenticates,
    };
    for item in &mut generated.items {
        match item {
            Item::Struct(client) if client.ident == "Client" => {
                if let syn::Fields::Named(fields) = &mut client.fields {
                    fields
                        .named
                        .push(parse_quote!(pub(crate) state: hooks::ClientState));
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                for item in &mut block.items {
                    let syn::ImplItem::Fn(method) = item else {
                        continue;
                    };
                    if method.sig.ident == "new_with_client" {
                        adding.visit_block_mut(&mut method.block);
                    } else if authenticates && method.sig.ident == "new" {
                        asking.visit_block_mut(&mut method.block);
                    }
                }
            }
            _ => {}
        }
    }
    if adding.done && asking.done {
        Ok(())
    } else {
        let what = "`Client::new` and `new_with_client` do not make a `Client`";
        Err(GenerateError::UnexpectedCode(what.to_owned()))
    }
}

struct AddState {
    done: bool,
}

impl VisitMut for AddState {
    fn visit_expr_struct_mut(&mut self, made: &mut syn::ExprStruct) {
        if made.path.is_ident("Self") {
            made.fields
                .push(parse_quote!(state: hooks::ClientState::default()));
            self.done = true;
        }
        visit_mut::visit_expr_struct_mut(self, made);
    }
}

struct MarkOwnClient {
    done: bool,
}

impl VisitMut for MarkOwnClient {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::Call(call) = &*expr else { return };
        let makes = matches!(&*call.func, Expr::Path(function)
            if function.path.segments.last().is_some_and(|last| last.ident == "new_with_client"));
        if makes {
            *expr =
                parse_quote!(Self { state: hooks::ClientState::requiring_credentials(), ..#call });
            self.done = true;
        }
    }
}
