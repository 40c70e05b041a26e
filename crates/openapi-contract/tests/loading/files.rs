//! Contracts in several files, and references that must not be followed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::{Document, LoadError, RefError};
use openapi_contract::model::Contract;
use openapi_contract::report::{self, TextStyle};
use openapi_contract::{Level, Location};

const MAIN: &str = "\
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things/{id}:
    $ref: 'paths/thing.json'
  /pets:
    get:
      operationId: get_pet
      responses:
        '200':
          description: A pet.
          content:
            application/json:
              schema: {$ref: 'schemas/all%20of%20them.yaml#/Pet'}
components:
  schemas:
    Error: {type: object, required: [message], properties: {message: {type: string}}}
";

const THING: &str = r#"{
  "get": {
    "operationId": "get_thing",
    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
    "responses": {
      "200": {"description": "It.", "content": {"application/json": {"schema": {"$ref": "../schemas/all%20of%20them.yaml#/Thing"}}}},
      "404": {"description": "No.", "content": {"application/json": {"schema": {"$ref": "../main.yaml#/components/schemas/Error"}}}}
    }
  }
}
"#;

/// Refers to itself, to the file that refers to it, and to a file that is a schema as a whole.
const SCHEMAS: &str = "\
Thing:
  type: object
  required: [size]
  properties:
    size: {type: integer, maximum: 100}
    parts: {type: array, items: {$ref: '#/Thing'}}
    error: {$ref: '../main.yaml#/components/schemas/Error'}
    color: {$ref: ./color.yaml}
Pet:
  oneOf: [{$ref: '#/Cat'}, {$ref: '#/Dog'}]
  discriminator: {propertyName: kind, mapping: {cat: '#/Cat', dog: '#/Dog'}}
Cat: {type: object, required: [kind, lives], properties: {kind: {type: string, enum: [cat]}, lives: {type: integer}}}
Dog: {type: object, required: [kind, name], properties: {kind: {type: string, enum: [dog]}, name: {type: string}}}
";

const COLOR: &str = "{type: string, enum: [red, green]}\n";

/// The contract of [`MAIN`] in one file.
const ALONE: &str = "\
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things/{id}:
    get:
      operationId: get_thing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        '404': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  /pets:
    get:
      operationId: get_pet
      responses:
        '200': {description: A pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Error: {type: object, required: [message], properties: {message: {type: string}}}
    Thing:
      type: object
      required: [size]
      properties:
        size: {type: integer, maximum: 100}
        parts: {type: array, items: {$ref: '#/components/schemas/Thing'}}
        error: {$ref: '#/components/schemas/Error'}
        color: {type: string, enum: [red, green]}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}
    Cat: {type: object, required: [kind, lives], properties: {kind: {type: string, enum: [cat]}, lives: {type: integer}}}
    Dog: {type: object, required: [kind, name], properties: {kind: {type: string, enum: [dog]}, name: {type: string}}}
";

/// The files of the contract in memory. Each may be read once.
fn files() -> BTreeMap<String, String> {
    let files = [
        ("HEAD:api/main.yaml", MAIN),
        ("HEAD:api/paths/thing.json", THING),
        ("HEAD:api/schemas/all of them.yaml", SCHEMAS),
        ("HEAD:api/schemas/color.yaml", COLOR),
    ];
    let files = files.into_iter();
    files
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect()
}

fn load(mut files: BTreeMap<String, String>) -> Result<Document, LoadError> {
    Document::load_with("HEAD:api/main.yaml", &mut |name| {
        let text = files.remove(name).map(String::into_bytes);
        text.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    })
}

fn contract(files: BTreeMap<String, String>) -> Contract {
    Contract::read(load(files).expect("it parses")).expect("it is a contract")
}

#[test]
fn several_files_equal_one_file() {
    let several = contract(files());
    let alone = Document::parse("alone.yaml", ALONE).expect("it parses");
    let alone = Contract::read(alone).expect("it is a contract");
    assert_eq!(several.document.sources().count(), 4);
    for (old, new) in [(&several, &alone), (&alone, &several)] {
        let findings = compare(old, new, Relation::Evolution);
        // Types are named by components, so the Rust API may differ even if no message does.
        let on_the_wire = findings.iter().find(|found| found.wire > Level::Editorial);
        assert_eq!(on_the_wire, None);
    }
}

#[test]
fn findings_are_located_in_their_file() {
    let old = contract(files());
    let mut changed = files();
    let schemas = changed.get_mut("HEAD:api/schemas/all of them.yaml");
    let schemas = schemas.expect("`schemas.yaml` has schemas");
    *schemas = schemas.replace("maximum: 100", "maximum: 200");
    let new = contract(changed);
    let findings = compare(&old, &new, Relation::Evolution);
    let raised = findings
        .iter()
        .find(|found| found.rule.id == "maximum-raised");
    let raised = raised.expect("the maximum was raised");
    let place = raised.new.as_ref().expect("it has a location");
    assert_eq!(place.to_string(), "HEAD:api/schemas/all of them.yaml:5:27");
    assert_eq!(place.pointer, "/Thing/properties/size/maximum");
    let sources: Vec<_> = new.document.sources().collect();
    let text = report::text(&findings, &sources, TextStyle::default());
    assert!(
        text.contains("size: {type: integer, maximum: 200}"),
        "{text}"
    );
}

#[test]
fn targets_of_discriminator_mappings_are_loaded() {
    let mut with_mapping = files();
    with_mapping.insert(
        "HEAD:api/main.yaml".to_owned(),
        MAIN.replace("schema: {$ref: 'schemas/all%20of%20them.yaml#/Pet'}", "schema: {oneOf: [{type: string}], discriminator: {propertyName: kind, mapping: {cat: 'schemas/all%20of%20them.yaml#/Cat'}}}"),
    );
    with_mapping.remove("HEAD:api/paths/thing.json");
    let document = load(with_mapping).expect("it parses");
    let reference = "schemas/all%20of%20them.yaml#/Cat";
    let cat = document
        .target(document.root(), reference)
        .expect("it is found");
    assert_eq!(document.pointer(cat), "/Cat");
    assert_eq!(
        document.source_of(cat).name(),
        "HEAD:api/schemas/all of them.yaml"
    );
}

/// The findings of a contract whose response refers to `reference`, with their locations.
fn problems(directory: &Path, reference: &str) -> Vec<String> {
    let text = MAIN.replace("schemas/all%20of%20them.yaml#/Pet", reference);
    let text = text.replace("  /things/{id}:\n    $ref: 'paths/thing.json'\n", "");
    let path = directory.join("main.yaml");
    fs::write(&path, text).expect("it is written");
    let document = Document::load(&path, "main.yaml").expect("it parses");
    let findings = match Contract::read(document) {
        Ok(contract) => contract.invalid_part_findings(),
        Err(invalid) => invalid.findings,
    };
    let place = |location: Option<Location>| location.expect("it has a location").to_string();
    let lines = findings.into_iter();
    lines
        .map(|found| format!("{}: {}", place(found.old), found.fact))
        .collect()
}

#[test]
fn files_outside_the_directory_are_not_read() {
    let outside = tempfile::tempdir().expect("a directory");
    let directory = outside.path().join("api");
    fs::create_dir(&directory).expect("a directory");
    fs::write(outside.path().join("color.yaml"), COLOR).expect("it is written");
    fs::write(directory.join("here.yaml"), COLOR).expect("it is written");
    fs::write(directory.join("broken.yaml"), "a: [\n").expect("it is written");
    fs::write(directory.join("latin1.yaml"), b"a: \xe9\n").expect("it is written");
    fs::write(
        directory.join("loop.yaml"),
        "a: {$ref: 'main.yaml#/components/schemas/Loop'}\n",
    )
    .expect("it is written");
    assert_eq!(problems(&directory, "here.yaml"), [""; 0]);
    let absolute = outside.path().join("color.yaml");
    let absolute = absolute.to_str().expect("it is UTF-8");
    let mut lines = Vec::new();
    for reference in [
        "../color.yaml",
        "%2e%2e/color.yaml",
        absolute,
        "https://example.com/color.yaml",
        "file:///color.yaml",
        "missing.yaml#/a",
        "here.yaml#/a",
        "broken.yaml",
        "latin1.yaml",
        ".",
    ] {
        lines.extend(problems(&directory, reference));
    }
    let text = lines.join("\n").replace(absolute, "[absolute]");
    insta::assert_snapshot!(text, @r#"
    main.yaml:12:24: `../color.yaml` is outside the contract's directory
    main.yaml:12:24: `%2e%2e/color.yaml` is outside the contract's directory
    main.yaml:12:24: `[absolute]` is an absolute path
    main.yaml:12:24: `https://example.com/color.yaml` is a URL, which is not fetched
    main.yaml:12:24: `file:///color.yaml` is a URL, which is not fetched
    main.yaml:12:24: cannot resolve `missing.yaml#/a`: missing.yaml: no such file
    main.yaml:12:24: `here.yaml#/a` does not exist in here.yaml
    main.yaml:12:24: cannot resolve `broken.yaml`: broken.yaml:2:1: invalid YAML: while parsing a node, did not find expected node content
    main.yaml:12:24: cannot resolve `latin1.yaml`: latin1.yaml:1:4: invalid UTF-8; save the file as UTF-8
    main.yaml:12:24: `.` is a directory
    "#);
}

/// A directory with a contract in `api` that refers to `reference`.
fn api_that_refers_to(reference: &str) -> tempfile::TempDir {
    let outside = tempfile::tempdir().expect("a directory");
    let write = |path: &str, text: &str| {
        let path = outside.path().join(path);
        fs::create_dir_all(path.parent().expect("it has a directory")).expect("a directory");
        fs::write(path, text).expect("it is written");
    };
    write(
        "root/api/main.yaml",
        &format!("a: {{$ref: '{reference}'}}\n"),
    );
    write("root/api/here.yaml", "b: {$ref: '../models/there.yaml'}\n");
    write("root/models/there.yaml", "type: string\n");
    write("secret.yaml", "type: string\n");
    outside
}

/// Where the reference of the contract leads if files below `root` may be read.
fn target_below(root: &str, reference: &str) -> Result<String, String> {
    let outside = api_that_refers_to(reference);
    let path = outside.path().join("root/api/main.yaml");
    let root = outside.path().join(root);
    let document = Document::load_below(&root, &path, "root/api/main.yaml").map_err(|error| {
        error
            .message()
            .replace(root.to_str().unwrap_or_default(), "ROOT")
    })?;
    let a = document.at_pointer("/a").expect("`/a` exists");
    let target = document.resolve(a).map_err(|error| {
        let remedy = error.remedy().unwrap_or_default();
        format!("{error}. {remedy}")
    })?;
    let name = document.source_of(target).name();
    Ok(format!("{name}#{}", document.pointer(target)))
}

#[test]
fn references_may_leave_the_directory_and_come_back() {
    let found = target_below("root/api", "../api/here.yaml");
    assert_eq!(found.as_deref(), Ok("root/api/here.yaml#"));
    let outside = api_that_refers_to("../../root/api/here.yaml");
    let path = outside.path().join("root/api/main.yaml");
    let document = Document::load(&path, "main.yaml").expect("it parses");
    let a = document.at_pointer("/a").expect("`/a` exists");
    let target = document.resolve(a).expect("it is in the directory");
    assert_eq!(document.source_of(target).name(), "here.yaml");
}

#[test]
fn references_may_lead_anywhere_below_the_root_directory() {
    for reference in [
        "../models/there.yaml",
        "here.yaml#/b",
        "../../root/models/there.yaml",
    ] {
        let found = target_below("root", reference);
        assert_eq!(
            found.as_deref(),
            Ok("root/models/there.yaml#"),
            "{reference}"
        );
        let error = target_below("root/api", reference).expect_err("it is outside");
        assert!(
            error.contains("is outside the contract's directory"),
            "{error}"
        );
        assert!(error.contains("with `--root-dir`"), "{error}");
    }
    let error = target_below("root", "../../secret.yaml").expect_err("it is outside");
    assert!(
        error.contains("is outside the contract's directory"),
        "{error}"
    );
    let error = target_below("root/models", "here.yaml").expect_err("the contract is outside");
    assert_eq!(error, "the file is not in ROOT or below");
}

#[test]
fn files_above_the_directory_of_the_main_file_have_names_relative_to_it() {
    let outside = api_that_refers_to("../models/there.yaml");
    let root = outside.path().join("root");
    let document = Document::load_below(&root, &root.join("api/main.yaml"), "main.yaml");
    let document = document.expect("it parses");
    let names: Vec<&str> = document.sources().map(|source| source.name()).collect();
    assert_eq!(names, ["main.yaml", "../models/there.yaml"]);
}

#[test]
fn files_of_a_revision_may_be_anywhere_below_a_root() {
    let files = [
        (
            "HEAD:api/main.yaml",
            "a: {$ref: '../models/b.yaml'}\nc: {$ref: '../api/main.yaml#/d'}\nd: {}\n",
        ),
        ("HEAD:models/b.yaml", "type: string\n"),
    ];
    let read = |root: &str| {
        Document::load_with_below(root, "HEAD:api/main.yaml", &mut |name| {
            let file = files.iter().find(|(known, _)| *known == name);
            let text = file.map(|(_, text)| text.as_bytes().to_vec());
            text.ok_or_else(|| std::io::ErrorKind::NotFound.into())
        })
    };
    for (root, is_found) in [("HEAD:", true), ("HEAD:api/", false)] {
        let document = read(root).expect("it parses");
        for (pointer, is_found) in [("/a", is_found), ("/c", true)] {
            let node = document.at_pointer(pointer).expect("it exists");
            assert_eq!(document.resolve(node).is_ok(), is_found, "{root} {pointer}");
        }
    }
    for root in ["HEAD:models/", "HEAD:a"] {
        let error = read(root).expect_err("the file is outside").to_string();
        assert!(error.contains("is not in"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn symbolic_links_out_of_the_directory_are_not_followed() {
    let outside = tempfile::tempdir().expect("a directory");
    let directory = outside.path().join("api");
    fs::create_dir(&directory).expect("a directory");
    fs::write(outside.path().join("color.yaml"), COLOR).expect("it is written");
    fs::write(directory.join("here.yaml"), COLOR).expect("it is written");
    for (target, link) in [
        ("../color.yaml", "file.yaml"),
        ("..", "directory"),
        ("here.yaml", "inside.yaml"),
    ] {
        std::os::unix::fs::symlink(target, directory.join(link)).expect("a link");
    }
    assert_eq!(problems(&directory, "inside.yaml"), [""; 0]);
    for reference in ["file.yaml", "directory/color.yaml"] {
        let problems = problems(&directory, reference);
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].contains("outside the contract's directory"),
            "{problems:?}"
        );
    }
}

#[test]
fn cycles_of_references_through_files_are_errors() {
    let names = ["HEAD:api/main.yaml", "HEAD:api/b.yaml", "HEAD:api/c.json"];
    let texts = [
        "start: {$ref: b.yaml}\n",
        "$ref: c.json#/x\n",
        "{\"x\": {\"$ref\": \"./main.yaml#/start\"}}",
    ];
    let files = names
        .map(str::to_owned)
        .into_iter()
        .zip(texts.map(str::to_owned));
    let document = load(files.collect()).expect("it parses");
    let start = document.at_pointer("/start").expect("`/start` exists");
    let error = document.resolve(start).expect_err("it never ends");
    assert!(matches!(error, RefError::Cycle { .. }), "{error}");
}

#[test]
fn references_in_examples_are_not_resolved() {
    let example = MAIN.replace(
        "schema: {$ref: 'schemas/all%20of%20them.yaml#/Pet'}",
        "{schema: {type: object}, example: {$ref: 'https://example.com/x', a: {$ref: 'no.yaml'}}}",
    );
    let example = example.replace("  /things/{id}:\n    $ref: 'paths/thing.json'\n", "");
    contract(BTreeMap::from([("HEAD:api/main.yaml".to_owned(), example)]));
}

#[test]
fn documents_without_a_directory_have_one_file() {
    let document = Document::parse("main.yaml", "start: {$ref: other.yaml}\n").expect("it parses");
    let start = document.at_pointer("/start").expect("`/start` exists");
    let error = document.resolve(start).expect_err("nothing else is read");
    assert!(matches!(error, RefError::External { .. }), "{error}");
}

#[test]
fn the_size_limit_applies_to_all_files_together() {
    let mut reads = 0;
    let document = Document::load_with("main.yaml", &mut |name| {
        reads += 1;
        let large = format!("# {}\n$ref: 'x{reads}.yaml'\n", "x".repeat(10 << 20));
        Ok(if name == "main.yaml" {
            b"$ref: x0.yaml".to_vec()
        } else {
            large.into_bytes()
        })
    });
    let document = document.expect("it parses");
    let error = document
        .resolve(document.root())
        .expect_err("it never ends");
    assert!(error.to_string().contains("larger than 64 MiB"), "{error}");
    assert!(reads < 10, "{reads} files were read");
}

#[test]
fn the_limit_of_values_applies_to_all_files_together() {
    let keys: String = (0..1_000).map(|index| format!("  k{index}: 1\n")).collect();
    let merges = "- <<: *a\n".repeat(1_000);
    let mut reads = 0;
    let document = Document::load_with("0.yaml", &mut |_| {
        reads += 1;
        let text = format!("a: &a\n{keys}$ref: '{reads}.yaml'\nb:\n{merges}");
        Ok(text.into_bytes())
    });
    let document = document.expect("it parses");
    let error = document
        .resolve(document.root())
        .expect_err("it never ends");
    assert!(error.to_string().contains("check its aliases"), "{error}");
    assert!(reads < 10, "{reads} files were read");
}
