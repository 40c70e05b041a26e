//! The generated `Client`: its imports, constructors and hooks.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, Type, UseTree, parse_quote};

use crate::ast;
use crate::client_ir::Operation;
use crate::error::GenerateError;

/// The state that the hooks of a client use.
#[derive(Debug, Clone)]
pub(crate) enum ClientState {
    /// A type of the crate, which implements the hooks itself.
    Own(TokenStream),
    /// The state of the generated hooks.
    Generated {
        /// Whether operations require credentials.
        authenticates: bool,
    },
}

/// Completes `Client`: what is imported, how it is created, what its hooks use, and the methods that create builders.
/// `version` is that of the contract.
pub(crate) fn client(
    file: &mut syn::File,
    operations: &[Operation],
    state: &ClientState,
    version: &str,
) -> Result<(), GenerateError> {
    imports(file)?;
    remove_default_hooks(file)?;
    constructors(file, state)?;
    info(file, state, version)?;
    let methods = ast::methods(file, "Client");
    let mut methods: HashMap<String, &mut syn::ImplItemFn> = methods
        .map(|method| (method.sig.ident.to_string(), method))
        .collect();
    for operation in operations {
        let builder = &operation.builder;
        let method = methods.remove(&operation.method);
        let method = method.ok_or_else(|| {
            GenerateError::UnexpectedCode(format!(
                "`Client` has no method for the operation `{}`",
                operation.plan.id
            ))
        })?;
        let documentation = std::mem::take(&mut method.attrs);
        let name = &method.sig.ident;
        *method = parse_quote! {
            pub fn #name(&self) -> builder::#builder<'_> {
                builder::#builder::new(self)
            }
        };
        method.attrs = documentation;
    }
    Ok(())
}

/// Replaces the implementation of `ClientInfo`.
fn info(file: &mut syn::File, state: &ClientState, version: &str) -> Result<(), GenerateError> {
    let (inner, value) = match state {
        ClientState::Own(ty) => (quote!(#ty), quote!(&self.inner)),
        ClientState::Generated { .. } => (quote!(()), quote!(&())),
    };
    let mut blocks = file.items.iter_mut().filter_map(|item| match item {
        Item::Impl(block) if implements(block, "ClientInfo") => Some(block),
        _ => None,
    });
    let block = blocks
        .next()
        .ok_or_else(|| unexpected("`ClientInfo` of `Client`"))?;
    *block = parse_quote! {
        impl ClientInfo<#inner> for Client {
            fn api_version() -> &'static str {
                #version
            }

            fn baseurl(&self) -> &str {
                self.baseurl.as_str()
            }

            fn client(&self) -> &reqwest::Client {
                &self.client
            }

            fn inner(&self) -> &#inner {
                #value
            }
        }
    };
    Ok(())
}

/// Returns whether a block implements a trait.
fn implements(block: &syn::ItemImpl, name: &str) -> bool {
    block
        .trait_
        .as_ref()
        .is_some_and(|(_, path, _)| path.segments.last().is_some_and(|last| last.ident == name))
}

fn unexpected(what: &str) -> GenerateError {
    GenerateError::UnexpectedCode(what.to_owned())
}

/// Replaces the imports from `progenitor_client` by those from the runtime crate.
fn imports(file: &mut syn::File) -> Result<(), GenerateError> {
    let root_imports: [Item; 2] = [
        parse_quote! {
            pub use openapi_client_runtime::{ByteStream, ClientInfo, Error, RawResponse, ResponseValue};
        },
        parse_quote! {
            use openapi_client_runtime::{ClientHooks, OperationInfo};
        },
    ];
    let before = file.items.len();
    file.items
        .retain(|item| !imports_from(item, "progenitor_client"));
    if before - file.items.len() != 2 {
        return Err(unexpected("the imports of the client"));
    }
    file.items.splice(0..0, root_imports);
    let module = file.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    let (_, items) = module.ok_or_else(|| unexpected("there is no `builder` module"))?;
    let before = items.len();
    items.retain(|item| !matches!(item, Item::Use(found) if names(&found.tree, "encode_path")));
    if before - items.len() != 1 {
        return Err(unexpected("the imports of the builders"));
    }
    let builder_imports: [Item; 2] = [
        parse_quote! {
            use openapi_client_runtime as runtime;
        },
        parse_quote! {
            #[allow(unused_imports)]
            use super::{ByteStream, Error, ResponseValue};
        },
    ];
    items.splice(0..0, builder_imports);
    Ok(())
}

/// Returns whether an item imports from a crate.
fn imports_from(item: &Item, name: &str) -> bool {
    matches!(item, Item::Use(found)
        if matches!(&found.tree, UseTree::Path(path) if path.ident == name))
}

/// Returns whether a name is imported.
fn names(tree: &UseTree, name: &str) -> bool {
    match tree {
        UseTree::Path(path) => names(&path.tree, name),
        UseTree::Name(found) => found.ident == name,
        UseTree::Group(group) => group.items.iter().any(|tree| names(tree, name)),
        UseTree::Rename(_) | UseTree::Glob(_) => false,
    }
}

/// Removes the hooks of `&Client`, which progenitor declares for clients without hooks: every client has its own.
fn remove_default_hooks(file: &mut syn::File) -> Result<(), GenerateError> {
    let is_default = |item: &Item| {
        let Item::Impl(block) = item else {
            return false;
        };
        implements(block, "ClientHooks") && matches!(&*block.self_ty, Type::Reference(_))
    };
    let before = file.items.len();
    file.items.retain(|item| !is_default(item));
    if before - file.items.len() == 1 {
        Ok(())
    } else {
        Err(unexpected("the hooks of `&Client`"))
    }
}

/// Replaces the constructors, and adds the field with the state.
fn constructors(file: &mut syn::File, state: &ClientState) -> Result<(), GenerateError> {
    let client = file.items.iter_mut().find_map(|item| match item {
        Item::Struct(client) if client.ident == "Client" => Some(client),
        _ => None,
    });
    let Some(syn::Fields::Named(fields)) = client.map(|client| &mut client.fields) else {
        return Err(unexpected("there is no struct `Client`"));
    };
    let declared: Vec<String> = fields
        .named
        .iter()
        .filter_map(|field| field.ident.as_ref().map(ToString::to_string))
        .collect();
    let expected: &[&str] = match state {
        ClientState::Own(_) => &["baseurl", "client", "inner"],
        ClientState::Generated { .. } => &["baseurl", "client"],
    };
    if declared != expected {
        return Err(unexpected(&format!(
            "`Client` has the fields {}",
            declared.join(", ")
        )));
    }
    if matches!(state, ClientState::Generated { .. }) {
        fields
            .named
            .push(parse_quote!(pub(crate) state: openapi_client_runtime::ClientState));
    }
    let (parameter, argument, fields) = match state {
        ClientState::Own(ty) => (quote!(, inner: #ty), quote!(, inner), quote!(inner,)),
        ClientState::Generated { .. } => (
            quote!(),
            quote!(),
            quote!(state: openapi_client_runtime::ClientState::default(),),
        ),
    };
    let create: TokenStream = match state {
        ClientState::Generated {
            authenticates: true,
        } => quote! {
            Self {
                state: openapi_client_runtime::ClientState::requiring_credentials(),
                ..Self::new_with_client(baseurl, client)
            }
        },
        _ => quote!(Self::new_with_client(baseurl, client #argument)),
    };
    let new: syn::ImplItemFn = parse_quote! {
        /// Creates a client.
        ///
        /// `baseurl` is the base URL of the API, with or without a trailing slash.
        ///
        /// A request fails if connecting takes longer than 15 seconds, or if nothing arrives for 60 seconds; there is
        /// no limit for a whole request. Use [`new_with_client`](Self::new_with_client) with
        /// [`Timeouts`](openapi_client_runtime::Timeouts) for other limits.
        ///
        /// # Panics
        /// If the TLS backend cannot be initialized, like `reqwest::Client::new`.
        pub fn new(baseurl: &str #parameter) -> Self {
            let timeouts = openapi_client_runtime::Timeouts::default();
            let client = openapi_client_runtime::http_client(&timeouts).build();
            let client = client.expect("the TLS backend can be initialized");
            #create
        }
    };
    let new_with_client: syn::ImplItemFn = parse_quote! {
        /// Creates a client that sends its requests with this HTTP client.
        ///
        /// `baseurl` is the base URL of the API, with or without a trailing slash.
        pub fn new_with_client(baseurl: &str, client: reqwest::Client #parameter) -> Self {
            Self { baseurl: baseurl.to_owned(), client, #fields }
        }
    };
    for new in [new, new_with_client] {
        let old = ast::methods(file, "Client").find(|method| method.sig.ident == new.sig.ident);
        *old.ok_or_else(|| unexpected("the constructors of `Client`"))? = new;
    }
    Ok(())
}
