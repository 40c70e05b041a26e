//! The state and the hooks of a client that has none of its own: they authenticate each request
//! and, on demand, send it again.

use proc_macro2::Ident;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, parse_quote};

use super::{Code, Input, Module, names, retry};
use crate::error::GenerateError;
use crate::operations::Operation;

pub(super) fn module(
    input: &Input<'_>,
    authenticates: bool,
    generated: &mut syn::File,
) -> Result<Module, GenerateError> {
    add_state(generated, authenticates)?;
    let retry = retry::FEATURE;
    let with_retry = setter(input.operations, "with_retry");

    let mut fields = Vec::new();
    let mut setters = Vec::new();
    let mut pre = None;
    let mut conceal = None;
    if authenticates {
        let with_credentials = with_credentials(input.operations);
        fields.push(quote!(credentials: Option<super::auth::Credentials>));
        setters.push(quote! {
            /// The client with these credentials, in place of those it had.
            ///
            /// A client that was made with a `reqwest::Client` of its own, which may authenticate
            /// by itself, asks for credentials only from then on.
            pub fn #with_credentials(mut self, credentials: super::auth::Credentials) -> Self {
                self.state.credentials = Some(credentials);
                self
            }
        });
        pre = Some(quote! {
            async fn pre<E>(
                &self,
                request: &mut reqwest::Request,
                info: &OperationInfo,
            ) -> Result<(), Error<E>> {
                let Some(credentials) = &self.state.credentials else {
                    return Ok(());
                };
                let applied = credentials.apply(info.operation_id, request).await;
                applied.map_err(|error| Error::InvalidRequest(error.to_string()))
            }
        });
        conceal = Some(quote!(.map_err(super::auth::Credentials::conceal)));
    }
    fields.push(quote! {
        #[cfg(feature = #retry)]
        retry: Option<super::retry::Retry>
    });
    setters.push(quote! {
        /// The client that sends requests again as this says. Without it, none is.
        #[cfg(feature = #retry)]
        pub fn #with_retry(mut self, retry: super::retry::Retry) -> Self {
            self.state.retry = Some(retry);
            self
        }
    });

    let asking = authenticates.then(|| -> Item {
        parse_quote! {
            impl ClientState {
                /// That of a client that has no credentials but those that it is given.
                pub(crate) fn asking() -> Self {
                    Self { credentials: Some(Default::default()), ..Self::default() }
                }
            }
        }
    });
    let mut items: Vec<Item> = vec![
        parse_quote!(
            use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
        ),
        parse_quote! {
            /// What the client carries along for its hooks.
            #[derive(Debug, Clone, Default)]
            pub struct ClientState { #(#fields),* }
        },
        parse_quote! {
            impl super::Client { #(#setters)* }
        },
        parse_quote! {
            impl ClientHooks for super::Client {
                #pre

                async fn exec(
                    &self,
                    request: reqwest::Request,
                    _: &OperationInfo,
                ) -> reqwest::Result<reqwest::Response> {
                    #[cfg(feature = #retry)]
                    if let Some(retry) = &self.state.retry {
                        return retry.execute(self.client(), request).await #conceal;
                    }
                    self.client().execute(request).await #conceal
                }
            }
        },
    ];
    items.extend(asking);
    let doc = "What the client does with each request before and while it is sent.";
    Ok(Module::new("hooks", doc, vec![Code::Items(items)]))
}

/// The method of `Client` that sets its credentials.
pub(crate) fn with_credentials(operations: &[Operation]) -> Ident {
    setter(operations, "with_credentials")
}

/// A name for a method beside those of the operations.
fn setter(operations: &[Operation], name: &str) -> Ident {
    let methods = operations.iter().map(|operation| operation.method.clone());
    names::unused(names::snake(name), &mut methods.collect())
}

/// Gives the generated `Client` a field for the state, which is empty in a new one.
///
/// One that makes its own `reqwest::Client` knows that nobody else authenticates.
fn add_state(generated: &mut syn::File, authenticates: bool) -> Result<(), GenerateError> {
    let mut adding = Adding { done: false };
    let mut asking = Asking {
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
        Err(GenerateError::Unreadable(what.to_owned()))
    }
}

struct Adding {
    done: bool,
}

impl VisitMut for Adding {
    fn visit_expr_struct_mut(&mut self, made: &mut syn::ExprStruct) {
        if made.path.is_ident("Self") {
            made.fields
                .push(parse_quote!(state: hooks::ClientState::default()));
            self.done = true;
        }
        visit_mut::visit_expr_struct_mut(self, made);
    }
}

struct Asking {
    done: bool,
}

impl VisitMut for Asking {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::Call(call) = &*expr else { return };
        let makes = matches!(&*call.func, Expr::Path(function)
            if function.path.segments.last().is_some_and(|last| last.ident == "new_with_client"));
        if makes {
            *expr = parse_quote!(Self { state: hooks::ClientState::asking(), ..#call });
            self.done = true;
        }
    }
}
