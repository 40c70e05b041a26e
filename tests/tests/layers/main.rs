//! Modules form layers: none of a crate's directories depends on one that depends on it, and some
//! modules must not know others.
//!
//! The imports are read from the source files. Code in macros and in test modules is not read.

mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use imports::{Import, Module, imports};
use workspace_tests::documents::workspace;

/// The crates whose modules must form layers.
const CRATES: [&str; 5] = [
    "crates/openapi-contract",
    "crates/client-codegen",
    "crates/media-server",
    "crates/openapi-client-runtime",
    "xtask",
];

/// What a module must not depend on, and why.
const FORBIDDEN: [(&str, &str, &[&str], &str); 6] = [
    (
        "crates/openapi-contract",
        "report",
        &["compare", "conformance", "explain", "lint", "witness"],
        "report formats know findings and rules only",
    ),
    (
        "crates/openapi-contract",
        "document",
        &["model", "finding", "rules"],
        "a document knows nothing of OpenAPI",
    ),
    (
        "crates/client-codegen",
        "types",
        &[
            "client_ir",
            "client_plan",
            "crates",
            "emit",
            "extensions",
            "layout",
            "progenitor",
        ],
        "types follow from schemas, not from operations and code",
    ),
    (
        "crates/client-codegen",
        "client_plan",
        &[
            "client_ir",
            "crates",
            "emit",
            "extensions",
            "layout",
            "progenitor",
        ],
        "a plan knows nothing of the code that follows from it",
    ),
    (
        "crates/media-server",
        "domain",
        &["http", "sqlite", "cli", "probe"],
        "domain types know nothing of HTTP and storage",
    ),
    (
        "xtask",
        "output",
        &["commands"],
        "the output layer knows no command",
    ),
];

/// Which crates of the workspace a crate may depend on, apart from development dependencies.
const CRATE_DEPENDENCIES: [(&str, &[&str]); 7] = [
    ("crates/openapi-contract", &[]),
    ("crates/client-codegen", &["openapi-contract"]),
    ("crates/media-client", &["openapi-client-runtime"]),
    (
        "crates/media-client-mock",
        &["media-client", "openapi-client-runtime"],
    ),
    ("crates/media-cli", &["media-client"]),
    ("crates/media-server", &[]),
    ("crates/openapi-client-runtime", &[]),
];

/// An import between two modules of one directory, with the file and line that it is written in.
type Edges = BTreeMap<(String, String), Import>;

#[test]
fn modules_of_a_directory_do_not_depend_on_each_other_in_cycles() {
    let mut cycles = Vec::new();
    for name in CRATES {
        for (directory, edges) in edges_by_directory(&imports(&workspace().join(name))) {
            cycles.extend(
                cycle(&edges).map(|cycle| format!("{name} {directory}:\n{}", cycle.join("\n"))),
            );
        }
    }
    assert!(
        cycles.is_empty(),
        "move the shared item below both modules, or turn one import around:\n{}",
        cycles.join("\n\n")
    );
}

#[test]
fn modules_import_nothing_from_layers_above() {
    let mut found = Vec::new();
    for (name, module, forbidden, reason) in FORBIDDEN {
        let crate_root = workspace().join(name);
        let imports = imports(&crate_root);
        assert!(
            imports
                .iter()
                .any(|import| starts_with(&import.from, module)),
            "{name} has no module `{module}` that imports anything"
        );
        found.extend(
            imports
                .iter()
                .filter(|import| starts_with(&import.from, module))
                .filter(|import| forbidden.iter().any(|top| starts_with(&import.to, top)))
                .map(|import| format!("{import} ({reason})")),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn crates_depend_in_one_direction() {
    let members: BTreeSet<&str> = CRATE_DEPENDENCIES
        .iter()
        .map(|(path, _)| path.rsplit_once('/').map_or(*path, |(_, name)| name))
        .chain(["xtask", "workspace-tests"])
        .collect();
    for (path, allowed) in CRATE_DEPENDENCIES {
        let manifest = workspace().join(path).join("Cargo.toml");
        let text = std::fs::read_to_string(&manifest).expect("the manifest can be read");
        let manifest: toml_edit::DocumentMut = text.parse().expect("the manifest is TOML");
        for section in ["dependencies", "build-dependencies"] {
            let dependencies = manifest.get(section).and_then(toml_edit::Item::as_table);
            for (name, _) in dependencies.into_iter().flatten() {
                assert!(
                    !members.contains(name) || allowed.contains(&name),
                    "{path} must not depend on {name}"
                );
            }
        }
    }
}

#[test]
fn a_cycle_is_reported_with_its_imports() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layers/fixture");
    let by_directory = edges_by_directory(&imports(&fixture));
    let cycles: Vec<String> = by_directory
        .iter()
        .filter_map(|(directory, edges)| Some((directory, cycle(edges)?)))
        .map(|(directory, cycle)| format!("{directory}: {}", cycle.join("; ")))
        .collect();
    assert_eq!(
        cycles,
        [
            "src: src/plan/mod.rs uses `crate::render::render`; src/render.rs uses `crate::Plan`",
            "src/plan: src/plan/first/mod.rs uses `crate::plan::second::Second`; \
             src/plan/second.rs uses `crate::plan::first::First`",
        ]
    );
}

fn starts_with(module: &Module, top: &str) -> bool {
    module.first().is_some_and(|first| first == top)
}

/// The imports between the modules of each directory. An import between modules of different
/// directories counts for the innermost directory that holds both.
fn edges_by_directory(imports: &[Import]) -> BTreeMap<String, Edges> {
    let mut directories: BTreeMap<String, Edges> = BTreeMap::new();
    for import in imports {
        let depth = import
            .from
            .iter()
            .zip(&import.to)
            .take_while(|(a, b)| a == b)
            .count();
        let (Some(from), Some(to)) = (import.from.get(depth), import.to.get(depth)) else {
            // A module and one inside it belong together.
            continue;
        };
        let directory = std::iter::once("src")
            .chain(import.from[..depth].iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join("/");
        directories
            .entry(directory)
            .or_default()
            .entry((from.clone(), to.clone()))
            .or_insert_with(|| import.clone());
    }
    directories
}

/// The shortest cycle among these imports, an import a line.
fn cycle(edges: &Edges) -> Option<Vec<String>> {
    let starts: BTreeSet<&str> = edges.keys().map(|(from, _)| from.as_str()).collect();
    let shortest = starts
        .into_iter()
        .filter_map(|start| shortest_path(edges, start, start))
        .min_by_key(Vec::len)?;
    let lines = shortest
        .windows(2)
        .map(|pair| edges[&(pair[0].clone(), pair[1].clone())].to_string());
    Some(lines.collect())
}

/// The shortest way along imports that has at least one of them.
fn shortest_path(edges: &Edges, start: &str, end: &str) -> Option<Vec<String>> {
    let mut paths = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while !paths.is_empty() {
        let mut longer = Vec::new();
        for path in paths {
            let last = path.last().map(String::as_str).unwrap_or_default();
            for (_, to) in edges.keys().filter(|(from, _)| from == last) {
                let mut next = path.clone();
                next.push(to.clone());
                if to == end {
                    return Some(next);
                }
                if seen.insert(to.clone()) {
                    longer.push(next);
                }
            }
        }
        paths = longer;
    }
    None
}
