//! The files of a new companion crate that are written once and then edited by hand.

use std::path::PathBuf;

use toml_edit::{DocumentMut, InlineTable, Item, Table, Value, value};

use super::{Companion, CompanionKind};
use crate::contract_info::ContractInfo;
use crate::files::{GeneratedFile, Ownership};
use crate::options::Options;

const CLI: [(&str, &str); 8] = [
    ("README.md", include_str!("../../templates/cli/README.md")),
    (
        "src/arguments.rs",
        include_str!("../../templates/cli/arguments.rs"),
    ),
    (
        "src/columns.rs",
        include_str!("../../templates/cli/columns.rs"),
    ),
    (
        "src/connection.rs",
        include_str!("../../templates/cli/connection.rs"),
    ),
    ("src/lib.rs", include_str!("../../templates/cli/lib.rs")),
    ("src/main.rs", include_str!("../../templates/cli/main.rs")),
    (
        "src/render.rs",
        include_str!("../../templates/cli/render.rs"),
    ),
    (
        "src/terminal.rs",
        include_str!("../../templates/cli/terminal.rs"),
    ),
];

const MOCK: [(&str, &str); 2] = [
    ("README.md", include_str!("../../templates/mock/README.md")),
    ("src/lib.rs", include_str!("../../templates/mock/lib.rs")),
];

const CONFORMANCE_DRIVER: [(&str, &str); 2] = [
    (
        "src/call.rs",
        include_str!("../../templates/conformance_driver/call.rs"),
    ),
    (
        "src/main.rs",
        include_str!("../../templates/conformance_driver/main.rs"),
    ),
];

/// Returns the manifest of a new companion crate, without the dependencies of generated code.
pub(super) fn manifest(info: &ContractInfo, options: &Options, companion: &Companion) -> String {
    let title = info.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let (what, crates): (_, &[(&str, &str, &[&str])]) = match companion.kind {
        CompanionKind::Mock => ("Typed mocks", &[]),
        CompanionKind::Cli => (
            "Command line",
            &[
                ("clap_complete", "4.5", &[]),
                ("futures", "0.3", &[]),
                ("indicatif", "0.18", &[]),
                ("serde_yaml_ng", "0.10", &[]),
                ("tokio", "1", &["macros", "rt-multi-thread"]),
            ],
        ),
        CompanionKind::ConformanceDriver => (
            "Conformance test driver",
            &[("futures", "0.3", &[]), ("tokio", "1", &["macros", "rt"])],
        ),
    };
    let mut package = Table::new();
    package["name"] = value(&options.package);
    package["version"] = value("0.1.0");
    package["edition"] = value("2024");
    package["rust-version"] = value(&options.rust_version);
    package["description"] = value(format!("{what} for the {title}"));
    package["publish"] = value(false);

    let mut dependencies = Table::new();
    for (name, version, features) in crates {
        dependencies[name] = match features {
            [] => value(*version),
            _ => {
                let mut table = InlineTable::new();
                table.insert("version", (*version).into());
                table.insert("features", Value::Array(features.iter().copied().collect()));
                value(table)
            }
        };
    }
    let mut client = InlineTable::new();
    client.insert("path", companion.path.as_str().into());
    if companion.kind == CompanionKind::Cli {
        client.insert("features", Value::Array(["retry"].into_iter().collect()));
        let mut table = InlineTable::new();
        table.insert("version", "8".into());
        table.insert("default-features", false.into());
        dependencies["comfy-table"] = value(table);
    }
    dependencies[&companion.client] = value(client);
    dependencies.sort_values();

    let mut document = DocumentMut::new();
    document["package"] = Item::Table(package);
    document["dependencies"] = Item::Table(dependencies);
    document.to_string()
}

/// Returns the other files of a new companion crate.
pub(super) fn files(
    info: &ContractInfo,
    options: &Options,
    companion: &Companion,
) -> Vec<GeneratedFile> {
    let templates: &[(&str, &str)] = match companion.kind {
        CompanionKind::Mock => &MOCK,
        CompanionKind::Cli => &CLI,
        CompanionKind::ConformanceDriver => &CONFORMANCE_DRIVER,
    };
    let title = info.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let fill = |template: &str| {
        template
            .replace("\r\n", "\n")
            .replace(
                "{{title}}",
                &title.replace(['<', '>', '[', ']', '`', '"', '\\'], ""),
            )
            .replace("{{package}}", &options.package)
            .replace("{{crate}}", &options.package.replace('-', "_"))
            .replace("{{client}}", &companion.client)
            .replace("{{module}}", &companion.module)
    };
    let files = templates.iter().map(|(path, template)| GeneratedFile {
        path: PathBuf::from(path),
        contents: fill(template),
        ownership: Ownership::Scaffold,
    });
    files.collect()
}
