//! Updates of the manifest of a client crate.

mod support;

use serde_json::{Value, json};
use support::{contract, file, generate_into, get, problem};

fn document() -> Value {
    let schema = json!({ "type": "object", "properties": {
        "at": { "type": "string", "format": "date-time" },
        "id": { "type": "string", "format": "uuid" } } });
    contract(
        json!({ "/a": get("a", schema) }),
        json!({ "Problem": problem() }),
    )
}

fn updated(manifest: &str) -> String {
    let files = generate_into(&document(), Some(manifest)).expect("the contract is fine");
    let manifest = file(&files, "Cargo.toml").to_owned();
    let again = generate_into(&document(), Some(&manifest)).expect("the contract is fine");
    assert_eq!(file(&again, "Cargo.toml"), manifest, "not idempotent");
    manifest
}

#[test]
fn missing_entries_are_added() {
    let manifest = updated("[package]\nname = \"x\"\n");
    for line in [
        "chrono = { version = \"0.4\", default-features = false, features = [\"serde\", \"std\"] }",
        "openapi-client-runtime = \"0.1.0\"",
        "schemars = { version = \"1.2\", features = [\"chrono04\", \"uuid1\"], optional = true }",
        "serde = { version = \"1\", features = [\"derive\"] }",
        "uuid = { version = \"1\", features = [\"serde\"] }",
        "schemars = [\"openapi-client-runtime/schemars\", \"dep:schemars\"]",
        "builders = []",
        "[package.metadata.openapi]",
        "contract = \"openapi/small.yaml\"",
        "contract-version = \"0.3.0\"",
    ] {
        assert!(
            manifest.lines().any(|present| present == line),
            "{line}\n{manifest}"
        );
    }
    assert!(
        !manifest.contains("regress"),
        "nothing has a pattern:\n{manifest}"
    );
}

#[test]
fn other_entries_and_comments_are_kept() {
    let by_hand = "# On top.\n[package]\nname = \"x\" # the name\n\n[lints]\nworkspace = true\n\n\
                   [dependencies]\n# Sorted by importance.\nuuid = { workspace = true }\n\
                   serde_json = \"1.0.100\" # not older\nanyhow = \"1\"\n\n[features]\nextra = []\n";
    let manifest = updated(by_hand);
    let mut rest = manifest.as_str();
    for line in by_hand.lines().filter(|line| !line.starts_with("uuid")) {
        let at = rest
            .find(line)
            .unwrap_or_else(|| panic!("{line}\n{manifest}"));
        rest = &rest[at..];
    }
    assert!(
        manifest.contains("uuid = { workspace = true, features = [\"serde\"] }"),
        "{manifest}"
    );
}

#[test]
fn old_versions_are_raised_and_newer_ones_kept() {
    let manifest = updated(
        "[package]\nname = \"x\"\n[dependencies]\n\
         chrono = \"0.4.40\"\n\
         openapi-client-runtime = \"0.0.9\" # raised\n\
         reqwest = { version = \"0.12\", features = [\"gzip\"] }\n\
         [dependencies.uuid]\nversion = \"1.20\"\n",
    );
    for text in [
        "chrono = { version = \"0.4.40\", features = [\"serde\", \"std\"] }",
        "openapi-client-runtime = \"0.1.0\" # raised",
        "reqwest = { version = \"0.13\", features = [\"gzip\"] }",
        "[dependencies.uuid]\nversion = \"1.20\"\nfeatures = [\"serde\"]",
    ] {
        assert!(manifest.contains(text), "{text}\n{manifest}");
    }
}

#[test]
fn sorted_dependencies_stay_sorted() {
    let manifest =
        updated("[package]\nname = \"x\"\n[dependencies]\nanyhow = \"1\"\nzip = \"8\"\n");
    let section = manifest.split("[dependencies]\n").nth(1).unwrap();
    let names: Vec<_> = section
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(names.is_sorted() && names.len() > 5, "{names:?}");
}

#[test]
fn new_manifests_have_what_publishing_requires() {
    let mut document = document();
    document["info"]["description"] = json!("Lists small things. Slowly.");
    document["info"]["license"] = json!({ "name": "MIT" });
    let files = generate_into(&document, None).unwrap();
    let manifest: toml_edit::DocumentMut = file(&files, "Cargo.toml").parse().unwrap();
    let package = &manifest["package"];
    assert_eq!(package["name"].as_str(), Some("small-client"));
    assert_eq!(package["version"].as_str(), Some("0.3.0"));
    assert_eq!(package["license"].as_str(), Some("MIT"));
    let description = "Client for the Small API: Lists small things";
    assert_eq!(package["description"].as_str(), Some(description));
    assert!(file(&files, "Cargo.toml").contains("default = [\"rustls\"]"));
    assert!(file(&files, "README.md").contains(description));
    assert!(file(&files, "src/lib.rs").contains("pub mod generated;"));
}

#[test]
fn invalid_manifests_are_errors() {
    for (manifest, says) in [
        ("[package\n", "is not valid TOML"),
        (
            "dependencies = 3\n",
            "`dependencies` in Cargo.toml of the generated crate must be a table",
        ),
        (
            "[dependencies]\nserde = 3\n",
            "`dependencies.serde` in Cargo.toml of",
        ),
        (
            "[features]\nschemars = 3\n",
            "`features.schemars` in Cargo.toml of",
        ),
        (
            "[features]\nbuilders = 3\n",
            "`features.builders` in Cargo.toml of",
        ),
        (
            "[package]\nmetadata = 3\n",
            "`package.metadata` in Cargo.toml of",
        ),
    ] {
        let error = generate_into(&document(), Some(manifest))
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{error}");
    }
}
