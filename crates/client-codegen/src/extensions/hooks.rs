//! The module `hooks` of a client without hand-written hooks: authenticates and retries requests.

use proc_macro2::Ident;

use super::{ExtensionInput, ExtensionModule, Snippet};
use crate::client_ir::Operation;
use crate::identifiers;

/// The methods of `Client` that configure its hooks. They are renamed if an operation has the same name.
const WITH_CREDENTIALS: &str = "with_credentials";
const WITH_RETRY: &str = "with_retry";

pub(super) fn module(input: &ExtensionInput<'_>, authenticates: bool) -> ExtensionModule {
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
    ExtensionModule::new("hooks", doc, vec![Snippet::Text(text.into())])
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
