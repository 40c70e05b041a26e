//! The files of a new client crate that are written once and then edited by hand.

use std::path::PathBuf;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::contract_info::ContractInfo;
use crate::files::{GENERATED_DIR, GeneratedFile, Ownership};
use crate::options::Options;

/// Returns the manifest of a new crate, without the dependencies of generated code.
pub(crate) fn manifest(info: &ContractInfo, options: &Options) -> String {
    let mut package = Table::new();
    package["name"] = value(&options.package);
    package["version"] = value(version(&info.version));
    package["edition"] = value("2024");
    package["rust-version"] = value(&options.rust_version);
    package["description"] = value(description(info));
    if let Some(license) = license(info, options) {
        package["license"] = value(license);
    }
    if let Some(repository) = &options.repository {
        package["repository"] = value(repository);
    }
    package["readme"] = value("README.md");
    if !options.keywords.is_empty() {
        package["keywords"] = value(options.keywords.iter().take(5).collect::<Array>());
    }
    if !options.categories.is_empty() {
        package["categories"] = value(options.categories.iter().collect::<Array>());
    }
    let include = [
        "/CHANGELOG.md",
        "/LICENSE*",
        "/README.md",
        "/src/**/*.rs",
        "/src/generated/FIDELITY.md",
        "/tests/**/*.rs",
    ];
    package["include"] = value(include.into_iter().collect::<Array>());

    let mut document = DocumentMut::new();
    document["package"] = Item::Table(package);
    document["dependencies"] = Item::Table(Table::new());
    document["features"] = Item::Table(features());
    document.to_string()
}

/// The features that enable TLS.
fn features() -> Table {
    let mut features = Table::new();
    for (feature, enables) in [
        ("default", "rustls"),
        ("native-tls", "reqwest/native-tls"),
        ("rustls", "reqwest/rustls"),
    ] {
        features[feature] = value(Array::from_iter([enables]));
    }
    features
}

/// Returns the other files of a new crate.
pub(crate) fn files(info: &ContractInfo, options: &Options) -> [GeneratedFile; 2] {
    let scaffold = |path: &str, contents: String| GeneratedFile {
        path: PathBuf::from(path),
        contents,
        ownership: Ownership::Scaffold,
    };
    let title = info.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = prose(&title);
    [
        scaffold(
            "README.md",
            format!(
                "# {}\n\n{}.\n\nThe code in `{GENERATED_DIR}` is generated from the contract by `{}`.\n\
                 If the client does not support all of the contract, `{GENERATED_DIR}/FIDELITY.md` lists the differences.\n",
                options.package,
                prose(&description(info)),
                options.command,
            ),
        ),
        scaffold(
            "src/lib.rs",
            format!(
                "//! Client for the {title}.\n\n#![forbid(unsafe_code)]\n\n\
                 #[rustfmt::skip]\npub mod generated;\n\npub use generated::*;\n"
            ),
        ),
    ]
}

/// Escapes text for Markdown.
fn prose(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Returns the version of the contract, or `0.1.0` if it is not a semantic version.
fn version(of_contract: &str) -> String {
    match semver::Version::parse(of_contract) {
        Ok(version) => version.to_string(),
        Err(_) => "0.1.0".to_owned(),
    }
}

/// Returns the description of the crate, with the first sentence of the contract's description.
fn description(info: &ContractInfo) -> String {
    let title = info.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = info.description.as_deref().unwrap_or_default();
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = paragraph
        .split(". ")
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    if sentence.is_empty() {
        format!("Client for the {title}")
    } else {
        format!("Client for the {title}: {sentence}")
    }
}

/// Returns the license of the contract if it is an SPDX expression.
fn license(info: &ContractInfo, options: &Options) -> Option<String> {
    let is_spdx = |text: &str| {
        let mut words = text.split([' ', '(', ')']).filter(|word| !word.is_empty());
        words.clone().next().is_some()
            && words.all(|word| {
                ["AND", "OR", "WITH"].contains(&word)
                    || ["MIT", "ISC", "Zlib", "Unlicense", "0BSD", "CC0-1.0"].contains(&word)
                    || [
                        "Apache-", "BSD-", "MPL-", "GPL-", "LGPL-", "AGPL-", "BSL-", "EPL-",
                    ]
                    .iter()
                    .any(|family| word.starts_with(family))
            })
    };
    options
        .license
        .clone()
        .or_else(|| info.license.clone().filter(|text| is_spdx(text)))
}

#[cfg(test)]
mod tests {
    use super::{description, license, prose};
    use crate::contract_info::ContractInfo;
    use crate::options::Options;

    #[test]
    fn titles_are_escaped() {
        assert_eq!(prose("A <b>[x]</b>"), "A \\<b\\>\\[x\\]\\</b\\>");
    }

    #[test]
    fn metadata_comes_from_the_contract() {
        let mut info = ContractInfo {
            title: "Media  API".to_owned(),
            version: "1.0.0".to_owned(),
            description: Some("Lists\nmedia. And more.\n\nMuch more.".to_owned()),
            license: Some("MIT OR Apache-2.0".to_owned()),
        };
        let options = Options::new("x");
        assert_eq!(description(&info), "Client for the Media API: Lists media");
        assert_eq!(
            license(&info, &options).as_deref(),
            Some("MIT OR Apache-2.0")
        );
        info.license = Some("Our own terms".to_owned());
        assert_eq!(license(&info, &options), None);
    }
}
