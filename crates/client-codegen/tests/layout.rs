//! Layout of the client of a large contract: short files by tag, and a cargo feature per tag.

// Panicking is how a test fails.
#![allow(clippy::unwrap_used)]

mod support;

use client_codegen::GeneratedFile;
use serde_json::{Value, json};
use support::{contract, file, generate, generate_into, problem, response};

/// A contract with operations of three tags. Each operation has a type, each tag has one that its operations
/// share, and all operations share `Problem`.
fn large(operations: usize) -> Value {
    let mut paths = serde_json::Map::new();
    let mut schemas = serde_json::Map::from_iter([("Problem".to_owned(), problem())]);
    for number in 0..operations {
        let tag = ["Pets", "Git data", "Rustls"][number % 3];
        let of_tag = format!("Of{}", number % 3);
        schemas.insert(
            of_tag.clone(),
            json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }),
        );
        let own = format!("Thing{number}");
        let properties = (0..3).map(|at| (format!("field_{at}"), json!({ "type": "integer" })));
        let mut properties: serde_json::Map<String, Value> = properties.collect();
        properties.insert(
            "tag".to_owned(),
            json!({ "$ref": format!("#/components/schemas/{of_tag}") }),
        );
        schemas.insert(
            own.clone(),
            json!({ "type": "object", "properties": properties }),
        );
        let thing = json!({ "$ref": format!("#/components/schemas/{own}") });
        paths.insert(
            format!("/things/{number}"),
            json!({ "get": {
                "operationId": format!("get_thing_{number}"),
                "tags": [tag],
                "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 9 } }],
                "responses": {
                    "200": response(thing),
                    "4XX": response(json!({ "$ref": "#/components/schemas/Problem" })),
                },
            } }),
        );
    }
    contract(Value::Object(paths), Value::Object(schemas))
}

/// The code of one tag in a module, from all its files.
fn group(files: &[GeneratedFile], path: &str) -> String {
    let is_part = |file: &&GeneratedFile| {
        let name = file.path.to_string_lossy();
        let rest = name.strip_prefix(&format!("src/generated/{path}"));
        rest.is_some_and(|rest| {
            rest.trim_start_matches(|c: char| c == '_' || c.is_ascii_digit()) == ".rs"
        })
    };
    files
        .iter()
        .filter(is_part)
        .map(|file| file.contents.as_str())
        .collect()
}

#[test]
fn files_are_short_and_valid_rust() {
    let files = generate(&large(135)).unwrap();
    for file in files
        .iter()
        .filter(|file| file.path.extension().is_some_and(|kind| kind == "rs"))
    {
        let lines = file.contents.lines().count();
        assert!(lines <= 2000, "{}: {lines}", file.path.display());
        syn::parse_file(&file.contents).unwrap();
    }
    for path in [
        "types/mod",
        "types/pets",
        "types/builder/mod",
        "builder/git_data",
        "operations/rustls",
        "schemas/mod",
    ] {
        assert!(!group(&files, path).is_empty(), "{path}");
    }
    assert!(file(&files, "src/generated/types.rs").is_empty());
}

#[test]
fn large_contracts_have_a_feature_per_tag() {
    let files = generate_into(&large(120), None).unwrap();
    let manifest = file(&files, "Cargo.toml");
    let manifest: toml_edit::DocumentMut = manifest.parse().unwrap();
    let features = manifest["features"].as_table().unwrap();
    let default: Vec<_> = features["default"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|x| x.as_str())
        .collect();
    // `rustls` is already the name of another feature.
    assert_eq!(default, ["rustls", "pets", "git-data", "rustls-tag"]);

    let root = file(&files, "src/generated/types/mod.rs");
    assert!(
        root.contains("#[cfg(feature = \"git-data\")]\nmod git_data;\n"),
        "{root}"
    );
    assert!(root.contains("#[cfg(feature = \"git-data\")]\npub use self::git_data::*;\n"));
    let pets = group(&files, "types/pets");
    assert!(pets.contains("pub struct Of0 ") && pets.contains("pub struct Thing0 "));
    assert!(!pets.contains("pub struct Of1 "));
    assert!(group(&files, "types/shared").contains("pub struct Problem "));
    let builders = group(&files, "types/builder/pets");
    assert!(
        builders.contains("    Thing0 for super::super::Thing0 {"),
        "{builders}"
    );
    let root = file(&files, "src/generated/schemas/mod.rs");
    assert!(
        root.replace([' ', '\n'], "")
            .contains("#[cfg(feature=\"pets\")]all.extend(pets"),
        "{root}"
    );
}

#[test]
fn features_follow_the_tags_and_disabled_ones_stay_disabled() {
    let files = generate_into(&large(120), None).unwrap();
    let off = file(&files, "Cargo.toml").replace("\"pets\", \"git-data\", ", "\"git-data\", ");
    assert!(off.contains("default = [\"rustls\", \"git-data\""), "{off}");
    let again = generate_into(&large(120), Some(&off)).unwrap();
    assert!(file(&again, "Cargo.toml").contains("default = [\"rustls\", \"git-data\""));
    // A small contract has no such features.
    let small = generate_into(&large(20), Some(&off)).unwrap();
    let manifest = file(&small, "Cargo.toml");
    assert!(
        manifest.contains("default = [\"rustls\"]") && !manifest.contains("git-data"),
        "{manifest}"
    );
}

#[test]
fn clients_are_shorter_than_plain_progenitor_output() {
    let document = large(60);
    let files = generate(&document).unwrap();
    let lines: usize = files
        .iter()
        .filter(|file| file.path.extension().is_some_and(|of| of == "rs"))
        .map(|file| file.contents.lines().count())
        .sum();

    let openapi = serde_json::from_value(document).unwrap();
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    let mut generator = progenitor::Generator::new(&settings);
    let tokens = generator.generate_tokens(&openapi).unwrap();
    let alone = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    let alone = alone.lines().count();
    assert!(lines < alone, "{lines} lines, {alone} of progenitor alone");
}
