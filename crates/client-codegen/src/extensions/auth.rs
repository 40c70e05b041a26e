//! The module `auth`: credentials for `securitySchemes`, and the `security` requirements of each
//! operation.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::Ident;
use quote::quote;
use serde_json::Value;
use syn::{Item, parse_quote};

use super::lookup::{description, operation, resolve};
use super::{ExtensionInput, ExtensionModule, Snippet, template};
use crate::client_ir::Operation;
use crate::identifiers;

/// The maximum width of an operation's security alternatives on one line.
const ALTERNATIVES_WIDTH: usize = 74;

/// A security scheme of the contract.
struct AuthScheme {
    /// The name in the contract.
    name: String,
    /// The constant of the scheme.
    constant: Ident,
    /// The setter of the credentials.
    field: Ident,
    kind: SchemeKind,
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

/// How the credentials of a scheme are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SchemeKind {
    /// In `Authorization`, after this scheme name.
    Token(String),
    Basic,
    Header(String),
    Query(String),
    Cookie(String),
    /// Not by the generated code: client certificates and unknown schemes.
    Outside,
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
    let sources = token_sources(input.document, &schemes);
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
        .filter(|scheme| scheme.kind != SchemeKind::Outside);
    let held = held.map(|scheme| CredentialScheme {
        name: scheme.name,
        setter: scheme.field,
        sent: scheme.kind,
    });
    Some(held.collect())
}

/// Returns the declared schemes, and undeclared ones that `security` names.
fn schemes(input: &ExtensionInput<'_>) -> Vec<AuthScheme> {
    let document = input.document;
    let declared = document.pointer("/components/securitySchemes");
    let declared = declared.and_then(Value::as_object).into_iter().flatten();
    let mut constants: BTreeSet<String> = ["REQUIREMENTS".to_owned()].into();
    // Other methods of `Credentials`.
    let mut fields: BTreeSet<String> = ["new", "apply", "conceal", "default"]
        .map(str::to_owned)
        .into();
    let mut scheme = |name: &str, kind: SchemeKind, doc: String| AuthScheme {
        name: name.to_owned(),
        constant: identifiers::unused(identifiers::upper(name), &mut constants),
        field: identifiers::unused(identifiers::snake(name), &mut fields),
        kind,
        doc,
    };
    let mut schemes: Vec<AuthScheme> = declared
        .map(|(name, declared)| {
            let declared = resolve(document, declared);
            let kind = kind(declared).unwrap_or(SchemeKind::Outside);
            let doc = description(declared, &kind.description());
            scheme(name, kind, doc)
        })
        .collect();
    for (_, alternatives) in security_requirements(input) {
        for name in alternatives.into_iter().flatten() {
            if !schemes.iter().any(|scheme| scheme.name == *name) {
                let doc = "The contract does not declare this scheme, so the client sends nothing for it.";
                schemes.push(scheme(name, SchemeKind::Outside, doc.to_owned()));
            }
        }
    }
    schemes
}

/// Returns the security alternatives of each operation, as names of schemes.
fn security_requirements<'a>(
    input: &ExtensionInput<'a>,
) -> impl Iterator<Item = (&'a Operation, Vec<Vec<&'a String>>)> {
    let document = input.document;
    let general = match document.get("security") {
        Some(alternatives) => security_alternatives(alternatives),
        None => offered(input),
    };
    input.operations.iter().map(move |known| {
        let own = operation(document, known).and_then(|found| found.get("security"));
        (
            known,
            own.map_or_else(|| general.clone(), security_alternatives),
        )
    })
}

/// Returns the names of the schemes in each alternative.
fn security_alternatives(alternatives: &Value) -> Vec<Vec<&String>> {
    let alternatives = alternatives.as_array().into_iter().flatten();
    alternatives
        .map(|alternative| {
            alternative
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name)
                .collect()
        })
        .collect()
}

/// Returns the alternatives for a contract with security schemes but no `security`: each scheme, or none.
fn offered<'a>(input: &ExtensionInput<'a>) -> Vec<Vec<&'a String>> {
    let own_security = |known: &Operation| operation(input.document, known)?.get("security");
    if input
        .operations
        .iter()
        .any(|known| own_security(known).is_some())
    {
        return Vec::new();
    }
    let declared = input.document.pointer("/components/securitySchemes");
    let Some(declared) = declared.and_then(Value::as_object) else {
        return Vec::new();
    };
    let alternatives = declared.keys().map(|name| vec![name]);
    alternatives.chain([Vec::new()]).collect()
}

fn kind(scheme: &Value) -> Option<SchemeKind> {
    let text = |key: &str| scheme.get(key).and_then(Value::as_str);
    match text("type")? {
        "http" => Some(match text("scheme")? {
            word if word.eq_ignore_ascii_case("basic") => SchemeKind::Basic,
            word if word.eq_ignore_ascii_case("bearer") => SchemeKind::Token("Bearer".to_owned()),
            word => SchemeKind::Token(word.to_owned()),
        }),
        "oauth2" | "openIdConnect" => Some(SchemeKind::Token("Bearer".to_owned())),
        "mutualTLS" => Some(SchemeKind::Outside),
        "apiKey" => {
            let name = text("name")?.to_owned();
            match text("in")? {
                "header" => Some(SchemeKind::Header(name)),
                "query" => Some(SchemeKind::Query(name)),
                "cookie" => Some(SchemeKind::Cookie(name)),
                _ => None,
            }
        }
        _ => None,
    }
}

impl SchemeKind {
    /// Returns the documentation of a scheme without a `description`.
    fn description(&self) -> String {
        match self {
            Self::Token(word) => format!("A token, sent as `Authorization: {word} <token>`."),
            Self::Basic => "A user name and password.".to_owned(),
            Self::Header(name) => format!("A key, sent in the header `{name}`."),
            Self::Query(name) => format!("A key, sent in the query parameter `{name}`."),
            Self::Cookie(name) => format!("A key, sent in the cookie `{name}`."),
            Self::Outside => {
                "The client sends nothing for this scheme. Configure the `reqwest::Client` instead."
                    .to_owned()
            }
        }
    }
}

/// Generates a table with the operations that have security requirements; empty if there are none.
fn requirements(input: &ExtensionInput<'_>, schemes: &[AuthScheme]) -> String {
    let constants: HashMap<&String, &Ident> = schemes
        .iter()
        .map(|scheme| (&scheme.name, &scheme.constant))
        .collect();
    let mut rows = String::new();
    for (known, alternatives) in security_requirements(input) {
        if alternatives.is_empty() {
            continue;
        }
        let alternatives = alternatives.iter().map(|alternative| {
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
fn token_sources(document: &Value, schemes: &[AuthScheme]) -> Vec<Item> {
    let declared = document.pointer("/components/securitySchemes");
    let mut functions = Vec::new();
    for scheme in schemes {
        let flows = declared.and_then(|all| resolve(document, all.get(&scheme.name)?).get("flows"));
        let url = |flow: &str, key: &str| flows?.get(flow)?.get(key)?.as_str();
        let (name, field) = (&scheme.name, &scheme.field);
        if let Some(url) = url("clientCredentials", "tokenUrl") {
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
        let refresh = ["authorizationCode", "password"]
            .into_iter()
            .find_map(|flow| url(flow, "refreshUrl").or_else(|| url(flow, "tokenUrl")));
        if let Some(url) = refresh {
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
fn constant(scheme: &AuthScheme) -> Item {
    let AuthScheme {
        constant,
        name,
        kind,
        doc,
        ..
    } = scheme;
    let kind = match kind {
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
fn credentials(schemes: &[AuthScheme]) -> [Item; 3] {
    let held = schemes
        .iter()
        .filter(|scheme| scheme.kind != SchemeKind::Outside);
    let setters = held.map(|scheme| {
        let AuthScheme {
            field,
            constant,
            kind,
            doc,
            name,
            ..
        } = scheme;
        let which = format!("Sets the credentials for the security scheme `{name}`.");
        let (arguments, call) = match kind {
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
