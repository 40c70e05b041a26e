//! The module `auth`: credentials for `securitySchemes`, and the `security` requirements of each
//! operation.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::Ident;
use quote::quote;
use syn::{Item, parse_quote};

use super::{ExtensionInput, ExtensionModule, Snippet, described, template};
use crate::client_plan::{SchemeKind, SchemePlan};
use crate::identifiers;

/// The maximum width of an operation's security alternatives on one line.
const ALTERNATIVES_WIDTH: usize = 74;

/// A security scheme of the contract.
struct AuthScheme<'a> {
    plan: &'a SchemePlan,
    /// The constant of the scheme.
    constant: Ident,
    /// The setter of the credentials.
    field: Ident,
    doc: String,
}

/// A security scheme that has a setter in the generated `Credentials`.
pub(crate) struct CredentialScheme {
    /// The name in the contract.
    pub(crate) name: String,
    /// The setter of `Credentials`.
    pub(crate) setter: Ident,
    pub(crate) sent: SchemeKind,
}

/// The imports of the module.
const IMPORTS: &str = "use openapi_client_runtime::auth::{self, Requirement, SchemeKind};
pub use openapi_client_runtime::auth::{AuthError, Scheme, Token, TokenError, TokenSource};
use reqwest::Request;
";

/// Generates the module if an operation requires credentials.
pub(super) fn module(input: &ExtensionInput<'_>) -> Option<ExtensionModule> {
    let schemes = schemes(input);
    let requirements = requirements(input, &schemes);
    if schemes.is_empty() || requirements.is_empty() {
        return None;
    }
    let mut items: Vec<Item> = schemes.iter().map(constant).collect();
    items.extend(credentials(&schemes));
    items.push(parse_quote! {
        /// Returns the security alternatives of an operation, given the name of its client method.
        ///
        /// An empty alternative means that no credentials are needed. The result is empty if the operation
        /// has no security requirements.
        pub fn alternatives(method: &str) -> &'static [&'static [Scheme]] {
            let mut requirements = REQUIREMENTS.iter();
            let requirement = requirements.find(|requirement| requirement.method == method);
            requirement.map_or(&[], |requirement| requirement.alternatives)
        }
    });
    let sources = token_sources(&schemes);
    let forwarded: &[&str] = match sources.is_empty() {
        true => &[],
        false => &["oauth2"],
    };
    items.extend(sources);
    let head = vec![
        template(IMPORTS),
        Snippet::Items(items),
        Snippet::Text(requirements.into()),
    ];
    let doc = "Authentication: the credentials of the client, and the security requirements of each operation.";
    Some(ExtensionModule {
        forwarded,
        ..ExtensionModule::new("auth", doc, head)
    })
}

/// Returns the schemes that have a setter in `Credentials`, or `None` if there is no module `auth`.
pub(crate) fn credential_schemes(input: &ExtensionInput<'_>) -> Option<Vec<CredentialScheme>> {
    let schemes = schemes(input);
    if schemes.is_empty() || requirements(input, &schemes).is_empty() {
        return None;
    }
    let held = schemes
        .into_iter()
        .filter(|scheme| scheme.plan.kind != SchemeKind::Outside);
    let held = held.map(|scheme| CredentialScheme {
        name: scheme.plan.name.clone(),
        setter: scheme.field,
        sent: scheme.plan.kind.clone(),
    });
    Some(held.collect())
}

/// Returns the schemes with their Rust names.
fn schemes<'a>(input: &ExtensionInput<'a>) -> Vec<AuthScheme<'a>> {
    let mut constants: BTreeSet<String> = ["REQUIREMENTS".to_owned()].into();
    // Other methods of `Credentials`.
    let mut fields: BTreeSet<String> = ["new", "apply", "conceal", "default"]
        .map(str::to_owned)
        .into();
    let schemes = input.plan.security_schemes.iter();
    let schemes = schemes.map(|plan| AuthScheme {
        plan,
        constant: identifiers::unused(identifiers::upper(&plan.name), &mut constants),
        field: identifiers::unused(identifiers::snake(&plan.name), &mut fields),
        doc: described(&plan.doc, || sending(plan)),
    });
    schemes.collect()
}

/// Returns the documentation of a scheme that the contract does not describe.
fn sending(plan: &SchemePlan) -> String {
    if !plan.is_declared {
        return "The contract does not declare this scheme, so the client sends nothing for it."
            .to_owned();
    }
    match &plan.kind {
        SchemeKind::Token(word) => format!("A token, sent as `Authorization: {word} <token>`."),
        SchemeKind::Basic => "A user name and password.".to_owned(),
        SchemeKind::Header(name) => format!("A key, sent in the header `{name}`."),
        SchemeKind::Query(name) => format!("A key, sent in the query parameter `{name}`."),
        SchemeKind::Cookie(name) => format!("A key, sent in the cookie `{name}`."),
        SchemeKind::Outside => {
            "The client sends nothing for this scheme. Configure the `reqwest::Client` instead."
                .to_owned()
        }
    }
}

/// Generates a table with the operations that have security requirements; empty if there are none.
fn requirements(input: &ExtensionInput<'_>, schemes: &[AuthScheme<'_>]) -> String {
    let constants: HashMap<&String, &Ident> = schemes
        .iter()
        .map(|scheme| (&scheme.plan.name, &scheme.constant))
        .collect();
    let mut rows = String::new();
    for known in input.operations {
        if known.plan.security.is_empty() {
            continue;
        }
        let alternatives = known.plan.security.iter().map(|alternative| {
            let constants = alternative.iter().filter_map(|name| constants.get(name));
            let constants = constants.map(ToString::to_string);
            format!("&[{}]", constants.collect::<Vec<_>>().join(", "))
        });
        let alternatives: Vec<String> = alternatives.collect();
        let mut in_a_line = format!("&[{}]", alternatives.join(", "));
        if in_a_line.len() > ALTERNATIVES_WIDTH {
            let lines = alternatives
                .iter()
                .map(|alternative| format!("            {alternative},\n"));
            in_a_line = format!("&[\n{}        ]", lines.collect::<String>());
        }
        rows += &format!(
            "    Requirement {{\n        method: {:?},\n        operation_id: {:?},\n        alternatives: {in_a_line},\n    }},\n",
            known.method, known.plan.id
        );
    }
    if rows.is_empty() {
        return rows;
    }
    format!(
        "/// The security requirements of each operation that has some.\npub const REQUIREMENTS: &[Requirement] = &[\n{rows}];\n"
    )
}

/// Generates the functions that create the sources of tokens of OAuth 2 schemes.
fn token_sources(schemes: &[AuthScheme<'_>]) -> Vec<Item> {
    let mut functions = Vec::new();
    for AuthScheme { plan, field, .. } in schemes {
        let name = &plan.name;
        if let Some(url) = &plan.client_credentials_url {
            let function = quote::format_ident!("{field}_client_credentials");
            let doc = format!(
                "Creates a source of tokens for `{name}`: the client credentials grant of OAuth 2, at `{url}`."
            );
            functions.push(parse_quote! {
                #[doc = #doc]
                ///
                /// # Errors
                ///
                /// Returns an error if the URL of the token endpoint is not absolute.
                #[cfg(feature = "oauth2")]
                pub fn #function(
                    http: reqwest::Client,
                    client_id: impl Into<String>,
                    client_secret: impl Into<String>,
                ) -> Result<
                    openapi_client_runtime::oauth2::ClientCredentials,
                    openapi_client_runtime::oauth2::OAuth2Error,
                > {
                    openapi_client_runtime::oauth2::ClientCredentials::new(
                        http,
                        #url,
                        client_id,
                        client_secret,
                    )
                }
            });
        }
        if let Some(url) = &plan.refresh_url {
            let function = quote::format_ident!("{field}_refresh_token");
            let doc = format!(
                "Creates a source of tokens for `{name}`: the refresh token grant of OAuth 2, at `{url}`."
            );
            functions.push(parse_quote! {
                #[doc = #doc]
                ///
                /// # Errors
                ///
                /// Returns an error if the URL of the token endpoint is not absolute.
                #[cfg(feature = "oauth2")]
                pub fn #function(
                    http: reqwest::Client,
                    client_id: impl Into<String>,
                    refresh_token: impl Into<String>,
                ) -> Result<
                    openapi_client_runtime::oauth2::RefreshToken,
                    openapi_client_runtime::oauth2::OAuth2Error,
                > {
                    openapi_client_runtime::oauth2::RefreshToken::new(
                        http,
                        #url,
                        client_id,
                        refresh_token,
                    )
                }
            });
        }
    }
    functions
}

/// Generates the constant of a scheme.
fn constant(scheme: &AuthScheme<'_>) -> Item {
    let AuthScheme {
        plan,
        constant,
        doc,
        ..
    } = scheme;
    let name = &plan.name;
    let kind = match &plan.kind {
        SchemeKind::Token(prefix) => quote!(Token { prefix: #prefix }),
        SchemeKind::Basic => quote!(Basic),
        SchemeKind::Header(name) => quote!(Header(#name)),
        SchemeKind::Query(name) => quote!(Query(#name)),
        SchemeKind::Cookie(name) => quote!(Cookie(#name)),
        SchemeKind::Outside => quote!(External),
    };
    parse_quote! {
        #[doc = #doc]
        pub const #constant: Scheme = Scheme { name: #name, kind: SchemeKind::#kind };
    }
}

/// Generates `Credentials` with its setters.
fn credentials(schemes: &[AuthScheme<'_>]) -> [Item; 3] {
    let held = schemes
        .iter()
        .filter(|scheme| scheme.plan.kind != SchemeKind::Outside);
    let setters = held.map(|scheme| {
        let AuthScheme {
            plan,
            constant,
            field,
            doc,
        } = scheme;
        let which = format!(
            "Sets the credentials for the security scheme `{}`.",
            plan.name
        );
        let (arguments, call) = match plan.kind {
            SchemeKind::Token(_) => (
                quote!(token: impl TokenSource + 'static),
                quote!(set_token(#constant, token)),
            ),
            SchemeKind::Basic => (
                quote!(user: impl Into<String>, password: impl Into<String>),
                quote!(set_basic(#constant, user, password)),
            ),
            _ => (
                quote!(key: impl Into<String>),
                quote!(set_key(#constant, key)),
            ),
        };
        quote! {
            #[doc = #which]
            #[doc = ""]
            #[doc = #doc]
            pub fn #field(mut self, #arguments) -> Self {
                self.0.#call;
                self
            }
        }
    });
    [
        parse_quote! {
            /// The credentials of a client.
            ///
            /// `Debug` shows which credentials are set, but not their values.
            #[derive(Clone, Debug, Default)]
            pub struct Credentials(auth::Credentials);
        },
        parse_quote! {
            impl Credentials {
                /// Creates an empty set of credentials.
                pub fn new() -> Self {
                    Self::default()
                }

                #(#setters)*

                /// Adds the credentials that the operation requires to the request.
                ///
                /// `method` is the name of the client method, as in `OperationInfo::operation_id`. If the
                /// operation has several security alternatives, the first one for which all credentials are set
                /// is used. If none is complete and one needs no credentials, the request stays unchanged.
                ///
                /// # Errors
                ///
                /// Returns an error if required credentials are missing or cannot be sent.
                pub async fn apply(&self, method: &str, request: &mut Request) -> Result<(), AuthError> {
                    self.0.apply(REQUIREMENTS, method, request).await
                }

                /// Redacts the query parameters with credentials in the URL of an error.
                pub fn conceal(&self, error: reqwest::Error) -> reqwest::Error {
                    self.0.conceal(error)
                }
            }
        },
        parse_quote! {
            impl From<Credentials> for auth::Credentials {
                fn from(credentials: Credentials) -> Self {
                    credentials.0
                }
            }
        },
    ]
}
