//! The arguments for credentials and the base URL.

use std::collections::BTreeSet;

use quote::quote;
use syn::Item;

use super::names::{kebab, unused};
use crate::client_plan::ServerPlan;
use crate::extensions::{self, CredentialScheme, SchemeKind};

/// The flags of the command line itself.
const OWN_FLAGS: [&str; 8] = [
    "all",
    "base-url",
    "columns",
    "format",
    "help",
    "retries",
    "version",
    "completions",
];

/// An argument for a credential, and the security schemes that use it.
struct Login {
    flag: String,
    sent: SchemeKind,
    schemes: Vec<CredentialScheme>,
}

/// Generates `login.rs`. `taken` are the flags of operations.
pub(super) fn module(
    input: &extensions::ExtensionInput<'_>,
    package: &str,
    taken: &BTreeSet<String>,
) -> Vec<Item> {
    let prefix = prefix(package);
    let held = extensions::credential_schemes(input);
    let has_auth = held.is_some();
    let logins = logins(held.unwrap_or_default(), taken);
    let entries = logins.iter().map(|login| {
        let Login { flag, schemes, .. } = login;
        let env = variable(&prefix, flag);
        let (value_name, help) = login.described();
        let schemes = schemes.iter().map(|scheme| &scheme.name);
        quote! {
            Login {
                flag: #flag,
                env: #env,
                value_name: #value_name,
                help: #help,
                schemes: &[#(#schemes),*],
            }
        }
    });
    let base_url = match base_url(&input.plan.servers) {
        Some(url) => quote!(Some(#url)),
        None => quote!(None),
    };
    let base_url_env = format!("{prefix}_BASE_URL");
    let file: syn::File = syn::parse_quote! {
        use super::*;

        /// A credential of the API.
        #[derive(Debug, Clone, Copy)]
        pub struct Login {
            /// The command line flag.
            pub flag: &'static str,
            /// The environment variable.
            pub env: &'static str,
            /// The placeholder for its value in the help.
            pub value_name: &'static str,
            /// The help text.
            pub help: &'static str,
            /// The security schemes of the contract that use it.
            pub schemes: &'static [&'static str],
        }

        /// A credential with its value. `Debug` does not show the value.
        #[derive(Clone)]
        pub struct Given {
            /// The credential.
            pub login: Login,
            secret: String,
        }

        impl Given {
            /// Creates a credential with a value.
            pub fn new(login: Login, secret: impl Into<String>) -> Self {
                Self { login, secret: secret.into() }
            }

            /// Returns the value, for a hand-written connection.
            pub fn secret(&self) -> &str {
                &self.secret
            }
        }

        impl std::fmt::Debug for Given {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple("Given").field(&self.login.flag).finish()
            }
        }

        /// The credentials that operations require.
        pub const LOGINS: &[Login] = &[#(#entries),*];

        /// The base URL in the contract, if it has one.
        pub const BASE_URL: Option<&str> = #base_url;

        /// The environment variable that overrides the base URL.
        pub const BASE_URL_ENV: &str = #base_url_env;
    };
    let mut items = file.items;
    items.extend(match has_auth {
        true => sending(input, &logins),
        false => not_sending(input.own_state),
    });
    items
}

/// Generates the functions that set credentials, for a client that sends some.
fn sending(input: &extensions::ExtensionInput<'_>, logins: &[Login]) -> Vec<Item> {
    let arms = logins.iter().map(
        |Login {
             flag,
             sent,
             schemes,
         }| {
            let setters = schemes.iter().map(|scheme| &scheme.setter);
            match sent {
                SchemeKind::Basic => {
                    let wrong = format!("--{flag} expects NAME:PASSWORD");
                    quote! {
                        #flag => {
                            let (name, password) = secret.split_once(':').context(#wrong)?;
                            credentials #(.#setters(name, password))*
                        }
                    }
                }
                _ => quote!(#flag => credentials #(.#setters(secret.clone()))*),
            }
        },
    );
    let file: syn::File = syn::parse_quote! {
        /// Converts the given credentials to those of the client.
        pub fn credentials(given: &[Given]) -> anyhow::Result<auth::Credentials> {
            let mut credentials = auth::Credentials::new();
            for Given { login, secret } in given {
                credentials = match login.flag {
                    #(#arms,)*
                    _ => credentials,
                };
            }
            Ok(credentials)
        }

        /// Returns the credentials that are missing to call an operation.
        pub fn missing(operation: CliCommand, given: &[Given]) -> Option<String> {
            let login = |scheme: &auth::Scheme| {
                LOGINS.iter().find(|login| login.schemes.contains(&scheme.name))
            };
            let is_given = |login: &Login| given.iter().any(|one| one.login.flag == login.flag);
            let id = operation.operation_id();
            let mut requirements = auth::REQUIREMENTS.iter();
            let requirement = requirements.find(|requirement| requirement.operation_id == id)?;
            let mut alternatives = Vec::new();
            for alternative in requirement.alternatives {
                let needed = alternative.iter().filter_map(login);
                let missing: Vec<String> = needed
                    .filter(|login| !is_given(login))
                    .map(|login| format!("--{} (or {})", login.flag, login.env))
                    .collect();
                if missing.is_empty() {
                    return None;
                }
                let missing = missing.join(" and ");
                if !alternatives.contains(&missing) {
                    alternatives.push(missing);
                }
            }
            (!alternatives.is_empty()).then(|| alternatives.join(", or "))
        }
    };
    let mut items = file.items;
    if !input.own_state {
        let with_credentials = extensions::with_credentials(input.operations);
        items.push(syn::parse_quote! {
            /// Sets the credentials of the client.
            pub fn log_in(client: Client, given: &[Given]) -> anyhow::Result<Client> {
                Ok(client.#with_credentials(credentials(given)?))
            }
        });
    }
    items
}

/// Generates `log_in` and `missing` for a client that sends no credentials.
fn not_sending(own_state: bool) -> Vec<Item> {
    let mut items = vec![syn::parse_quote! {
        /// Returns `None`, because no operation requires credentials.
        pub fn missing(_: CliCommand, _: &[Given]) -> Option<String> {
            None
        }
    }];
    if !own_state {
        items.push(syn::parse_quote! {
            /// Returns the client unchanged, because no operation requires credentials.
            pub fn log_in(client: Client, _: &[Given]) -> anyhow::Result<Client> {
                Ok(client)
            }
        });
    }
    items
}

impl Login {
    /// Returns the placeholder of its value and the help text.
    fn described(&self) -> (&'static str, String) {
        match &self.sent {
            SchemeKind::Basic => ("NAME:PASSWORD", "User name and password".to_owned()),
            SchemeKind::Token(word) if word == "Bearer" => ("TOKEN", "Access token".to_owned()),
            SchemeKind::Token(word) => (
                "TOKEN",
                format!("Credentials to send as `Authorization: {word}`"),
            ),
            SchemeKind::Header(name) => ("KEY", format!("API key, sent in the header {name}")),
            SchemeKind::Query(name) => (
                "KEY",
                format!("API key, sent in the query parameter {name}"),
            ),
            SchemeKind::Cookie(name) => ("KEY", format!("API key, sent in the cookie {name}")),
            SchemeKind::Outside => ("SECRET", String::new()),
        }
    }
}

/// Returns the prefix of environment variables: `MEDIA` for `media-cli`.
fn prefix(package: &str) -> String {
    variable_part(package.strip_suffix("-cli").unwrap_or(package))
}

fn variable(prefix: &str, flag: &str) -> String {
    format!("{prefix}_{}", variable_part(flag))
}

fn variable_part(text: &str) -> String {
    let upper = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    text.chars().map(upper).collect()
}

/// Returns one argument per kind of credential: all schemes with a bearer token share an argument.
fn logins(held: Vec<CredentialScheme>, taken: &BTreeSet<String>) -> Vec<Login> {
    let mut logins: Vec<Login> = Vec::new();
    let mut flags = taken.clone();
    flags.extend(OWN_FLAGS.map(str::to_owned));
    for scheme in held {
        if let Some(same) = logins.iter_mut().find(|login| login.sent == scheme.sent) {
            same.schemes.push(scheme);
            continue;
        }
        let usual = match &scheme.sent {
            SchemeKind::Token(_) => "token",
            SchemeKind::Basic => "user",
            SchemeKind::Header(_) | SchemeKind::Query(_) => "api-key",
            SchemeKind::Cookie(_) => "cookie",
            SchemeKind::Outside => continue,
        };
        let own = kebab(&scheme.name);
        let names = [usual.to_owned(), own.clone(), format!("login-{own}")];
        let free = names.iter().find(|name| !flags.contains(*name));
        let flag = free.cloned().unwrap_or(own);
        logins.push(Login {
            flag: unused(flag, &mut flags),
            sent: scheme.sent.clone(),
            schemes: vec![scheme],
        });
    }
    logins
}

/// Returns the first server with an absolute URL without variables.
fn base_url(servers: &[ServerPlan]) -> Option<String> {
    let mut urls = servers.iter().map(|server| &server.url);
    let whole = urls.find(|url| url.starts_with("http") && !url.contains('{'))?;
    Some(whole.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proc_macro2::{Ident, Span};

    use super::{CredentialScheme, SchemeKind, ServerPlan, base_url, logins, prefix};

    #[test]
    fn each_kind_of_credential_has_one_flag() {
        let held = [
            ("one", SchemeKind::Token("Bearer".to_owned())),
            ("two", SchemeKind::Token("Bearer".to_owned())),
            ("basicAuth", SchemeKind::Basic),
            ("key", SchemeKind::Header("X-Key".to_owned())),
            ("otherKey", SchemeKind::Query("k".to_owned())),
            ("format", SchemeKind::Query("f".to_owned())),
        ];
        let held = held.map(|(name, sent)| CredentialScheme {
            name: name.to_owned(),
            setter: Ident::new("set", Span::call_site()),
            sent,
        });
        let found: Vec<_> = logins(held.into(), &BTreeSet::from(["other-key".to_owned()]))
            .into_iter()
            .map(|login| (login.flag, login.schemes.len()))
            .collect();
        let expected = [
            ("token", 2),
            ("user", 1),
            ("api-key", 1),
            ("login-other-key", 1),
            ("login-format", 1),
        ];
        assert_eq!(found, expected.map(|(flag, of)| (flag.to_owned(), of)));
        assert_eq!(prefix("media-cli"), "MEDIA");
    }

    #[test]
    fn base_url_is_the_first_absolute_url() {
        let servers =
            ["/v1", "https://{zone}.example", "https://a.example/v1/"].map(|url| ServerPlan {
                url: url.to_owned(),
                description: String::new(),
                variables: Vec::new(),
            });
        assert_eq!(base_url(&servers).as_deref(), Some("https://a.example/v1"));
    }
}
