//! Asserts that `tests/contracts/generated.toml` lists what is generated from every contract of the tests, so that a
//! review of a change of the generator shows its effect on all of them.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use client_codegen::{
    Companion, CompanionKind, ContractSource, GeneratedFile, Options, Ownership, generate,
};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use sha2::{Digest, Sha256};
use syn::visit_mut::VisitMut;

const MANIFEST: &str = "tests/contracts/generated.toml";
const COMMAND: &str = "UPDATE_FIXTURE=1 cargo test --package client-codegen --test generated";

/// The number of characters of a hash in the manifest.
const HASH: usize = 12;

#[test]
fn manifest_lists_what_is_generated() {
    let root = workspace();
    let mut expected = format!(
        "# What is generated from the contracts of the tests: the lines and the start of the SHA-256 of each file.\n\
         # `{COMMAND}` updates it.\n"
    );
    let (root, paths) = (&root, contracts(&root));
    let entries: Vec<String> = thread::scope(|scope| {
        let threads = paths
            .iter()
            .map(|path| scope.spawn(move || entry(root, path)));
        let threads: Vec<_> = threads.collect();
        let entries = threads.into_iter().map(|thread| thread.join().unwrap());
        entries.collect()
    });
    expected.extend(entries);
    let path = root.join(MANIFEST);
    if std::env::var_os("UPDATE_FIXTURE").is_some() {
        fs::write(path, expected).unwrap();
        return;
    }
    let stale = stale(&fs::read_to_string(path).unwrap_or_default(), &expected);
    assert!(
        stale.is_empty(),
        "{MANIFEST} is stale: run {COMMAND}\n{}",
        stale.join("\n")
    );
}

#[test]
fn changed_file_and_contract_are_stale() {
    let old = "[\"a.yaml\"]\noperations = 1\n\"lib.rs\" = 1\n";
    assert_eq!(stale(old, old), [""; 0]);
    let new = old.replace("= 1\n\"", "= 2\n\"") + "[\"b.yaml\"]\n";
    let stale = stale(old, &new);
    assert_eq!(
        stale,
        ["-operations = 1", "+operations = 2", "+[\"b.yaml\"]"]
    );
}

#[test]
fn operations_types_and_untyped_places_are_counted() {
    let file = |path: &str, contents: &str| GeneratedFile {
        path: path.into(),
        contents: contents.to_owned(),
        ownership: Ownership::Managed,
    };
    let files = [
        file(
            "src/generated/builder.rs",
            "pub struct List; impl List { pub async fn send(self) {} async fn send_again(self) {} }",
        ),
        file(
            "src/generated/types/media.rs",
            "pub struct Item {\n    a: ::serde_json::Value,\n    b: Vec<serde_json::Value>,\n    c: Value,\n}\nx! {\n    pub enum Kind {}\n}",
        ),
        file("src/generated/types/builder.rs", "pub struct Item;"),
        file("README.md", "pub struct Item;"),
    ];
    let counts = Counts::of(&files);
    assert_eq!((counts.operations, counts.types, counts.untyped), (1, 2, 2));
}

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The contracts, relative to the workspace.
fn contracts(root: &Path) -> Vec<String> {
    let mut paths = vec![
        "openapi/media.yaml".to_owned(),
        "tests/depot-client/openapi.yaml".to_owned(),
    ];
    let directory = "tests/contracts";
    let mut names: Vec<String> = fs::read_dir(root.join(directory))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names {
        let path = format!("{directory}/{name}");
        if root.join(&path).is_dir() {
            // A contract of several files.
            paths.push(format!("{path}/openapi.yaml"));
        } else if path != MANIFEST {
            paths.push(path);
        }
    }
    paths
}

/// The entry of a contract in the manifest.
fn entry(root: &Path, path: &str) -> String {
    let document = Document::load(&root.join(path), path).unwrap();
    let contract = ContractSource {
        path,
        contract: &Contract::read(document).unwrap(),
    };
    let client = match generate(&contract, &Options::new("fixture-client"), None) {
        Ok(client) => client,
        // `cargo test --test proof` fails then; the manifest shows which contracts are affected.
        Err(error) => return format!("\n[{path:?}]\nerror = {:?}\n", error.to_string()),
    };
    let Counts {
        operations,
        types,
        untyped,
    } = Counts::of(&client.files);
    let mut text =
        format!("\n[{path:?}]\noperations = {operations}\ntypes = {types}\nuntyped = {untyped}\n");
    let mut list = |name: &str, files: &[GeneratedFile]| {
        let lines = |file: &GeneratedFile| file.contents.lines().count();
        let all: usize = files.iter().map(lines).sum();
        writeln!(text, "\n[{path:?}.{name}]\nlines = {all}").unwrap();
        for file in files {
            let path = file.path.to_str().unwrap().replace('\\', "/");
            let hash: String = Sha256::digest(&file.contents)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let (lines, hash) = (lines(file), &hash[..HASH]);
            writeln!(text, "{path:?} = {{ lines = {lines}, sha256 = {hash:?} }}").unwrap();
        }
    };
    list("client", &client.files);
    for (name, kind) in [("mock", CompanionKind::Mock), ("cli", CompanionKind::Cli)] {
        let companion = Companion {
            kind,
            client: "fixture-client".to_owned(),
            module: "fixture_client::generated".to_owned(),
            path: "../fixture-client".to_owned(),
        };
        let options = Options::new(format!("fixture-{name}"));
        list(name, &client.companion(&companion, &options, None).unwrap());
    }
    text
}

/// What a client consists of.
#[derive(Default)]
struct Counts {
    /// Methods that send a request.
    operations: usize,
    /// Public declarations in the module `types`.
    types: usize,
    /// Uses of `serde_json::Value` in the module `types`.
    untyped: usize,
}

impl Counts {
    fn of(files: &[GeneratedFile]) -> Self {
        let mut counts = Self::default();
        for file in files {
            if file.path.extension().is_none_or(|name| name != "rs") {
                continue;
            }
            let mut parsed = syn::parse_file(&file.contents).unwrap();
            SendMethods(&mut counts.operations).visit_file_mut(&mut parsed);
            let is_types = file.path.starts_with("src/generated/types")
                || file.path == Path::new("src/generated/types.rs");
            if is_types && !file.path.to_string_lossy().contains("builder") {
                counts.add_types(&file.contents);
            }
        }
        counts
    }

    /// Counts the declarations in a file. Some are in calls of macros.
    fn add_types(&mut self, contents: &str) {
        for line in contents.lines().map(str::trim_start) {
            let declares = |keyword: &str| line.starts_with(&format!("pub {keyword} "));
            self.types += usize::from(["struct", "enum", "type"].into_iter().any(declares));
            let is_doc = line.starts_with("//");
            self.untyped += usize::from(!is_doc && line.contains("serde_json::Value"));
        }
    }
}

/// Counts the public methods `send` that take `self`.
struct SendMethods<'c>(&'c mut usize);

impl VisitMut for SendMethods<'_> {
    fn visit_impl_item_fn_mut(&mut self, method: &mut syn::ImplItemFn) {
        let is_public = matches!(method.vis, syn::Visibility::Public(_));
        let signature = &method.sig;
        if is_public && signature.ident == "send" && signature.receiver().is_some() {
            *self.0 += 1;
        }
    }
}

/// The lines that differ.
fn stale(manifest: &str, expected: &str) -> Vec<String> {
    let diff = similar::TextDiff::from_lines(manifest, expected);
    let changes = diff.iter_all_changes().filter_map(|change| {
        let sign = match change.tag() {
            similar::ChangeTag::Equal => return None,
            similar::ChangeTag::Delete => '-',
            similar::ChangeTag::Insert => '+',
        };
        Some(format!("{sign}{}", change.value().trim_end()))
    });
    changes.collect()
}
