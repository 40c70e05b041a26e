//! How to log in, and where: from the contract's security schemes and servers.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::text;

/// A credential that the contract asks for.
#[derive(Debug, PartialEq, Eq)]
struct Login {
    flag: String,
    help: String,
    sent: Sent,
}

#[derive(Debug, PartialEq, Eq)]
enum Sent {
    Bearer,
    Basic,
    Header(String),
    Query(String),
    Cookie(String),
}

/// The items of `login.rs`.
pub(super) fn module(document: &Value, package: &str) -> syn::File {
    let prefix = prefix(package);
    let entries = logins(document)
        .into_iter()
        .map(|Login { flag, help, sent }| {
            let env = format!("{prefix}_{}", flag.replace('-', "_").to_uppercase());
            let sent = sent.tokens();
            quote!(Login { flag: #flag, env: #env, help: #help, sent: #sent })
        });
    let base_url = match base_url(document) {
        Some(url) => quote!(Some(#url)),
        None => quote!(None),
    };
    let base_url_env = format!("{prefix}_BASE_URL");
    syn::parse_quote! {
        /// A credential that the API asks for.
        #[derive(Debug, Clone, Copy)]
        pub struct Login {
            /// The flag that gives it.
            pub flag: &'static str,
            /// The environment variable that gives it.
            pub env: &'static str,
            /// What it is.
            pub help: &'static str,
            /// How it is sent.
            pub sent: Sent,
        }

        /// Where a credential is sent.
        #[derive(Debug, Clone, Copy)]
        pub enum Sent {
            /// As `Authorization: Bearer`.
            Bearer,
            /// As `Authorization: Basic`, from `name:password`.
            Basic,
            /// In the header of this name.
            Header(&'static str),
            /// In the query parameter of this name.
            Query(&'static str),
            /// In the cookie of this name.
            Cookie(&'static str),
        }

        /// The credentials of the contract's security schemes.
        pub const LOGINS: &[Login] = &[#(#entries),*];

        /// The server of the contract, if it names one.
        pub const BASE_URL: Option<&str> = #base_url;

        /// The environment variable that names another.
        pub const BASE_URL_ENV: &str = #base_url_env;
    }
}

impl Sent {
    fn tokens(&self) -> TokenStream {
        match self {
            Self::Bearer => quote!(Sent::Bearer),
            Self::Basic => quote!(Sent::Basic),
            Self::Header(name) => quote!(Sent::Header(#name)),
            Self::Query(name) => quote!(Sent::Query(#name)),
            Self::Cookie(name) => quote!(Sent::Cookie(#name)),
        }
    }
}

/// What the names of environment variables begin with: `MEDIA` for `media-cli`.
fn prefix(package: &str) -> String {
    let stem = package.strip_suffix("-cli").unwrap_or(package);
    let upper = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    stem.chars().map(upper).collect()
}

fn logins(document: &Value) -> Vec<Login> {
    let schemes = document
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object);
    let mut logins: Vec<Login> = Vec::new();
    for (name, scheme) in schemes.into_iter().flatten() {
        let named = || text(scheme, "/name").unwrap_or(name).to_owned();
        let (flag, sent, what) = match (
            text(scheme, "/type"),
            text(scheme, "/scheme"),
            text(scheme, "/in"),
        ) {
            (Some("http"), Some(basic), _) if basic.eq_ignore_ascii_case("basic") => {
                ("user", Sent::Basic, "Name and password, as NAME:PASSWORD")
            }
            (Some("http" | "oauth2" | "openIdConnect"), ..) => {
                ("token", Sent::Bearer, "The key or token")
            }
            (Some("apiKey"), _, Some("query")) => ("api-key", Sent::Query(named()), "The key"),
            (Some("apiKey"), _, Some("cookie")) => {
                ("cookie", Sent::Cookie(named()), "The session's cookie")
            }
            (Some("apiKey"), ..) => ("api-key", Sent::Header(named()), "The key"),
            _ => continue,
        };
        if logins.iter().any(|login| login.sent == sent) {
            continue;
        }
        let flag = match logins.iter().any(|login| login.flag == flag) {
            true => kebab(name),
            false => flag.to_owned(),
        };
        logins.push(Login {
            flag,
            help: what.to_owned(),
            sent,
        });
    }
    logins
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !kebab.is_empty() && !kebab.ends_with('-') {
            kebab.push('-');
        }
        kebab.push(if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        });
    }
    kebab
}

/// The first server with a whole address that needs nothing filled in.
fn base_url(document: &Value) -> Option<String> {
    let servers = document.get("servers").and_then(Value::as_array);
    let urls = servers
        .into_iter()
        .flatten()
        .filter_map(|server| text(server, "/url"));
    let mut whole = urls.filter(|url| url.starts_with("http") && !url.contains('{'));
    Some(whole.next()?.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Sent, base_url, logins, prefix};

    #[test]
    fn each_way_to_log_in_has_one_flag() {
        let document = json!({
            "servers": [{ "url": "/v1" }, { "url": "https://a.example/v1/" }],
            "components": { "securitySchemes": {
                "one": { "type": "http", "scheme": "bearer" },
                "two": { "type": "oauth2" },
                "basicAuth": { "type": "http", "scheme": "Basic" },
                "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
                "otherKey": { "type": "apiKey", "in": "query", "name": "k" },
            } }
        });
        let found: Vec<_> = logins(&document)
            .into_iter()
            .map(|login| (login.flag, login.sent))
            .collect();
        let expected = [
            ("token", Sent::Bearer),
            ("user", Sent::Basic),
            ("api-key", Sent::Header("X-Key".to_owned())),
            ("other-key", Sent::Query("k".to_owned())),
        ];
        assert_eq!(found, expected.map(|(flag, sent)| (flag.to_owned(), sent)));
        assert_eq!(base_url(&document).as_deref(), Some("https://a.example/v1"));
        assert_eq!(prefix("media-cli"), "MEDIA");
    }
}
