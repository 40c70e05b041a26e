//! The module `auth`: credentials for `securitySchemes`, and the `security` requirements of each
//! operation.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{Item, parse_quote};

use super::lookup::{description, operation, resolve};
use super::{ExtensionInput, ExtensionModule, Snippet, template};
use crate::client_ir::Operation;
use crate::error::GenerateError;
use crate::identifiers;

/// The maximum width of an operation's security alternatives on one line.
const ALTERNATIVES_WIDTH: usize = 74;

/// A security scheme of the contract.
struct AuthScheme {
    /// The name in the contract.
    name: String,
    variant: Ident,
    /// The name of the field with the credentials, and of its setter.
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

/// Generates the module if an operation requires credentials.
pub(super) fn module(input: &ExtensionInput<'_>) -> Result<Option<ExtensionModule>, GenerateError> {
    let schemes = schemes(input);
    let requirements = requirements(input, &schemes);
    if schemes.is_empty() || requirements.is_empty() {
        return Ok(None);
    }
    let mut items = Vec::new();
    items.push(scheme_enum(&schemes));
    items.push(names_of(&schemes));
    items.extend(credentials(&schemes));
    items.push(sending(&schemes));
    if schemes
        .iter()
        .any(|scheme| matches!(scheme.kind, SchemeKind::Cookie(_)))
    {
        items.push(add_cookie());
    }
    let in_query = schemes.iter().filter_map(|scheme| match &scheme.kind {
        SchemeKind::Query(name) => Some(name),
        _ => None,
    });
    let in_query: Vec<&String> = in_query.collect();
    if !in_query.is_empty() {
        items.push(set_query());
    }
    items.push(conceal(&in_query));
    let head = vec![
        template(include_str!("templates/auth.rs")),
        Snippet::Items(items),
        Snippet::Text(requirements.into()),
    ];
    let doc = "Authentication: the credentials of the client, and the security requirements of each operation.";
    Ok(Some(ExtensionModule::new("auth", doc, head)))
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
    let mut variants = BTreeSet::new();
    // Other methods of `Credentials`.
    let mut fields: BTreeSet<String> = ["new", "apply", "has", "send", "conceal", "default"]
        .map(str::to_owned)
        .into();
    let mut scheme = |name: &str, kind: SchemeKind, doc: String| AuthScheme {
        name: name.to_owned(),
        variant: identifiers::unused(identifiers::pascal(name), &mut variants),
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
    let variants: HashMap<&String, &Ident> = schemes
        .iter()
        .map(|scheme| (&scheme.name, &scheme.variant))
        .collect();
    let mut rows = String::new();
    for (known, alternatives) in security_requirements(input) {
        if alternatives.is_empty() {
            continue;
        }
        let alternatives = alternatives.iter().map(|alternative| {
            let variants = alternative.iter().filter_map(|name| variants.get(name));
            let variants = variants.map(|variant| format!("Scheme::{variant}"));
            format!("&[{}]", variants.collect::<Vec<_>>().join(", "))
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
            "    Requirement {{\n        method: {:?},\n        operation_id: {:?},\n        ways: {in_a_line},\n    }},\n",
            known.method, known.id
        );
    }
    if rows.is_empty() {
        return rows;
    }
    format!(
        "/// The security requirements of each operation that has some.\nconst REQUIREMENTS: &[Requirement] = &[\n{rows}];\n"
    )
}

fn scheme_enum(schemes: &[AuthScheme]) -> Item {
    let variants = schemes.iter().map(|AuthScheme { variant, doc, .. }| {
        quote! {
            #[doc = #doc]
            #variant
        }
    });
    parse_quote! {
        /// A security scheme.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Scheme { #(#variants),* }
    }
}

fn names_of(schemes: &[AuthScheme]) -> Item {
    let arms = schemes
        .iter()
        .map(|AuthScheme { variant, name, .. }| quote!(Self::#variant => #name));
    parse_quote! {
        impl Scheme {
            /// Returns the name of the scheme in the contract.
            pub fn name(self) -> &'static str {
                match self { #(#arms),* }
            }
        }
    }
}

/// Generates `Credentials` with its setters and `Debug`.
fn credentials(schemes: &[AuthScheme]) -> [Item; 3] {
    let held: Vec<&AuthScheme> = schemes
        .iter()
        .filter(|scheme| !matches!(scheme.kind, SchemeKind::Outside))
        .collect();
    let fields = held
        .iter()
        .map(|AuthScheme { field, kind, .. }| match kind {
            SchemeKind::Token(_) => quote!(#field: Option<Arc<dyn TokenSource>>),
            SchemeKind::Basic => quote!(#field: Option<(String, String)>),
            _ => quote!(#field: Option<String>),
        });
    let setters = held.iter().map(
        |AuthScheme {
             field,
             kind,
             doc,
             name,
             ..
         }| {
            let which = format!("Sets the credentials for the security scheme `{name}`.");
            let (arguments, value) = match kind {
                SchemeKind::Token(_) => (
                    quote!(token: impl TokenSource + 'static),
                    quote!(Arc::new(token)),
                ),
                SchemeKind::Basic => (
                    quote!(user: impl Into<String>, password: impl Into<String>),
                    quote!((user.into(), password.into())),
                ),
                _ => (quote!(key: impl Into<String>), quote!(key.into())),
            };
            quote! {
                #[doc = #which]
                #[doc = ""]
                #[doc = #doc]
                pub fn #field(mut self, #arguments) -> Self {
                    self.#field = Some(#value);
                    self
                }
            }
        },
    );
    let shown = held.iter().map(|AuthScheme { field, .. }| {
        let label = field.to_string();
        quote!(.field(#label, &self.#field.as_ref().map(|_| Redacted)))
    });
    [
        parse_quote! {
            /// The credentials of a client.
            ///
            /// `Debug` shows which credentials are set, but not their values.
            #[derive(Clone, Default)]
            pub struct Credentials { #(#fields),* }
        },
        parse_quote! {
            impl Credentials { #(#setters)* }
        },
        parse_quote! {
            impl fmt::Debug for Credentials {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct("Credentials")#(#shown)*.finish()
                }
            }
        },
    ]
}

/// Generates the private methods of `Credentials`: which are set, and how each is sent.
fn sending(schemes: &[AuthScheme]) -> Item {
    let has = schemes.iter().map(
        |AuthScheme {
             variant,
             field,
             kind,
             ..
         }| match kind {
            SchemeKind::Outside => quote!(Scheme::#variant => None),
            _ => quote!(Scheme::#variant => Some(self.#field.is_some())),
        },
    );
    let send = schemes.iter().map(|AuthScheme { variant, field, kind, .. }| {
        let action = match kind {
            SchemeKind::Token(word) => {
                let format = format!("{} {{token}}", word.replace('{', "{{").replace('}', "}}"));
                quote! {
                    if let Some(source) = &self.#field {
                        let token = source.token().await;
                        let token = token.map_err(|source| AuthError::Token { scheme, source })?;
                        set_header(request, scheme, "authorization", &format!(#format))?;
                    }
                }
            }
            SchemeKind::Basic => quote! {
                if let Some((user, password)) = &self.#field {
                    // The first colon ends the user name.
                    if user.contains(':') {
                        return Err(AuthError::Unsendable { scheme });
                    }
                    let pair = ::base64::Engine::encode(
                        &::base64::engine::general_purpose::STANDARD,
                        format!("{user}:{password}"),
                    );
                    set_header(request, scheme, "authorization", &format!("Basic {pair}"))?;
                }
            },
            SchemeKind::Header(name) => quote! {
                if let Some(key) = &self.#field {
                    set_header(request, scheme, #name, key)?;
                }
            },
            SchemeKind::Query(name) => quote! {
                if let Some(key) = &self.#field {
                    set_query(request, #name, key);
                }
            },
            SchemeKind::Cookie(name) => quote! {
                if let Some(key) = &self.#field {
                    add_cookie(request, scheme, #name, key)?;
                }
            },
            SchemeKind::Outside => TokenStream::new(),
        };
        quote!(Scheme::#variant => { #action })
    });
    parse_quote! {
        impl Credentials {
            /// Returns whether credentials are set, or `None` if the client sends none for this scheme.
            fn has(&self, scheme: Scheme) -> Option<bool> {
                match scheme { #(#has),* }
            }

            async fn send(&self, scheme: Scheme, request: &mut Request) -> Result<(), AuthError> {
                match scheme { #(#send)* }
                Ok(())
            }
        }
    }
}

fn add_cookie() -> Item {
    parse_quote! {
        /// Appends a cookie to the `Cookie` header.
        fn add_cookie(
            request: &mut Request,
            scheme: Scheme,
            name: &str,
            value: &str,
        ) -> Result<(), AuthError> {
            let splits = |c: char| c == ';' || c == ',' || c == '"' || c == '\\' || c.is_whitespace();
            if value.contains(splits) {
                return Err(AuthError::Unsendable { scheme });
            }
            let cookies = match request.headers().get("cookie").map(HeaderValue::to_str) {
                Some(Ok(others)) => format!("{others}; {name}={value}"),
                Some(Err(_)) => return Err(AuthError::Unsendable { scheme }),
                None => format!("{name}={value}"),
            };
            set_header(request, scheme, "cookie", &cookies)
        }
    }
}

fn set_query() -> Item {
    parse_quote! {
        /// Sets a query parameter, replacing any with the same name.
        fn set_query(request: &mut Request, name: &str, value: &str) {
            let pairs = request.url().query_pairs().into_owned();
            let others: Vec<(String, String)> = pairs.filter(|(other, _)| other != name).collect();
            let mut query = request.url_mut().query_pairs_mut();
            query.clear().extend_pairs(others).append_pair(name, value);
        }
    }
}

/// A key in the query is part of the URL, which errors of reqwest display.
fn conceal(names: &[&String]) -> Item {
    let body = if names.is_empty() {
        quote!(error)
    } else {
        quote! {
            const KEYS: &[&str] = &[#(#names),*];
            let mut error = error;
            // Do not add an empty query.
            if let Some(url) = error.url_mut().filter(|url| url.query().is_some()) {
                let pairs = url.query_pairs().into_owned();
                let concealed: Vec<(String, String)> = pairs
                    .map(|(name, value)| {
                        let is_key = KEYS.contains(&name.as_str());
                        (name, if is_key { "redacted".to_owned() } else { value })
                    })
                    .collect();
                url.query_pairs_mut().clear().extend_pairs(concealed);
            }
            error
        }
    };
    parse_quote! {
        impl Credentials {
            /// Redacts the query parameters with credentials in the URL of an error.
            pub fn conceal(error: reqwest::Error) -> reqwest::Error {
                #body
            }
        }
    }
}
