//! Bundles a contract of any number of files into one document, whose only references are to its own
//! component schemas and headers.
//!
//! A `$ref` to a component schema of the contract's root file is kept. Any other referenced schema
//! becomes a component with a new name. So does a referenced header, since some contracts use the same
//! few headers in all responses. Other references (to path items, parameters, bodies and responses) are
//! inlined, as progenitor would do. Only what a client is generated from is copied, and only if it is
//! valid OpenAPI.

mod keyword_types;
mod operations;

use std::collections::{HashMap, HashSet, VecDeque};

use openapi_contract::Location;
use openapi_contract::document::{Document, NodeId, RefError, Value as Node, unescape_token};
use openapi_contract::model::is_header_name;
use openapi_contract::rust_names;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::rewrite_log::{Change, PassKind, RewriteLog};
use super::unused_names::unused_name;
use super::walk::{self, HEADERS, Object, SCHEMAS};
use crate::error::GenerateError;
use crate::rules;

pub(super) use keyword_types::integer_value;

use keyword_types::{deserializes, value_check};

const IGNORED: PassKind = PassKind::exact(rules::MALFORMED);
const SERVER_SIDE: PassKind = PassKind::exact(rules::SERVER_SIDE);
const OTHER_SERVER: PassKind = PassKind::weakened(rules::SERVERS);
const FOREIGN_EXTENSION: PassKind = PassKind::exact(rules::FOREIGN_EXTENSION);
const NEW_COMPONENT: PassKind = PassKind::exact(rules::REFERENCES);
const MALFORMED: PassKind = PassKind::weakened(rules::MALFORMED);

/// Keywords that do not constrain values.
const ANNOTATIONS: [&str; 3] = ["title", "description", "deprecated"];

/// The most schemas with properties, each of which becomes a type. Real contracts have up to 14,000, but
/// YAML aliases can expand a few lines to millions.
const MAX_OBJECTS: usize = 30_000;

/// Bundles all files into one document of the same OpenAPI version.
pub(super) fn bundle(
    document: &Document,
    is_31: bool,
    log: &mut RewriteLog<'_>,
) -> Result<Value, GenerateError> {
    let mut bundler = Bundler {
        document,
        is_31,
        log,
        names: HashMap::new(),
        written: HashMap::new(),
        taken: HashSet::new(),
        todo: VecDeque::new(),
        headers: Headers::default(),
        objects: 0,
    };
    bundler.own_components();
    bundler.run()
}

struct Bundler<'a, 'd> {
    document: &'a Document,
    is_31: bool,
    log: &'a mut RewriteLog<'d>,
    /// The names of the components, by the node of their schema.
    names: HashMap<NodeId, String>,
    /// The names of the contract's own components, by their names in the contract.
    written: HashMap<String, String>,
    /// The Rust type names of all components.
    taken: HashSet<String>,
    /// Components that are not bundled yet.
    todo: VecDeque<(String, NodeId)>,
    headers: Headers,
    /// How many schemas with properties were bundled so far.
    objects: usize,
}

/// The component headers.
#[derive(Default)]
struct Headers {
    /// The names of the headers, by the node of their declaration.
    names: HashMap<NodeId, String>,
    taken: HashSet<String>,
    declared: Map<String, Value>,
}

impl Bundler<'_, '_> {
    fn own_components(&mut self) {
        let document = self.document;
        let Some(components) = document.get(document.root(), "components") else {
            return;
        };
        let mut odd = Vec::new();
        for entry in document.members(components, "schemas") {
            if entry.key.is_empty() || entry.key.contains(['/', '~', '%', '#']) {
                odd.push(entry);
                continue;
            }
            self.taken.insert(rust_names::type_name(entry.key));
            self.names
                .entry(entry.value)
                .or_insert_with(|| entry.key.to_owned());
            self.written
                .insert(entry.key.to_owned(), entry.key.to_owned());
            self.todo.push_back((entry.key.to_owned(), entry.value));
        }
        for entry in odd {
            let name = self.make_component(entry.value, entry.key);
            self.written.insert(entry.key.to_owned(), name);
        }
        self.own_components_in_files();
    }

    /// Components that only refer to a schema elsewhere are that schema: each other reference to it means
    /// the component.
    fn own_components_in_files(&mut self) {
        let document = self.document;
        for (name, node) in &mut self.todo {
            let mut keys = document.entries(*node).iter().map(|entry| entry.key);
            let is_alone = !self.is_31 || keys.all(|key| key == "$ref");
            if document.get(*node, "$ref").is_none() || !is_alone {
                continue;
            }
            if let Ok(end) = document.resolve(*node)
                && !self.names.contains_key(&end)
                && is_schema(document, end)
            {
                self.names.insert(end, name.clone());
                *node = end;
            }
        }
    }

    /// Makes a schema a component with an unused name similar to `wanted`.
    fn make_component(&mut self, node: NodeId, wanted: &str) -> String {
        let name = unused_name(&mut self.taken, wanted);
        self.names.entry(node).or_insert_with(|| name.clone());
        self.todo.push_back((name.clone(), node));
        name
    }

    fn run(mut self) -> Result<Value, GenerateError> {
        let document = self.document;
        let root = document.root();
        let mut bundle = self.log.object(root);
        bundle.insert("openapi".to_owned(), self.text_of(root, "openapi"));
        let info = self.info();
        bundle.insert("info".to_owned(), Value::Object(info));
        for (key, is_valid) in [
            (
                "servers",
                deserializes::<Vec<openapiv3::Server>> as fn(&Value) -> _,
            ),
            ("tags", deserializes::<Vec<openapiv3::Tag>>),
            (
                "security",
                deserializes::<Vec<openapiv3::SecurityRequirement>>,
            ),
        ] {
            self.raw(root, key, is_valid, &mut bundle);
        }
        if let Some(entry) = document.entry(root, "webhooks") {
            let message = "webhooks are requests of the server; the client does not contain them";
            self.log
                .record(SERVER_SIDE, entry.value, None, None, message);
        }

        self.check_containers(root, &["paths", "components"], &[]);
        self.check_object(root, "paths");
        let mut paths = Map::new();
        for entry in document.members(root, "paths") {
            if entry.key.starts_with("x-") {
                continue;
            }
            let item = self.path_item(entry.value)?;
            let path = if entry.key.starts_with('/') {
                entry.key.to_owned()
            } else {
                let message = Change::new(
                    format!("the path `{}` does not start with a slash", entry.key),
                    format!("The client sends requests to `/{}`.", entry.key),
                    format!("Write `/{}`.", entry.key),
                );
                self.log.record(MALFORMED, entry.value, None, None, message);
                format!("/{}", entry.key)
            };
            paths.entry(path).or_insert(Value::Object(item));
        }
        bundle.insert("paths".to_owned(), Value::Object(paths));

        let mut schemas = Map::new();
        while let Some((name, node)) = self.todo.pop_front() {
            let schema = self.schema(node)?;
            schemas.insert(name, schema);
        }
        let schemes = self.security_schemes();
        let mut components = Map::new();
        components.insert("schemas".to_owned(), Value::Object(schemas));
        if !self.headers.declared.is_empty() {
            let headers = Value::Object(self.headers.declared);
            components.insert("headers".to_owned(), headers);
        }
        if let Some(schemes) = schemes {
            components.insert("securitySchemes".to_owned(), schemes);
        }
        bundle.insert("components".to_owned(), Value::Object(components));
        Ok(Value::Object(bundle))
    }

    fn info(&mut self) -> Object {
        let document = self.document;
        let root = document.root();
        let node = document.get(root, "info").unwrap_or(root);
        let mut info = self.log.object(node);
        for (key, instead) in [("title", "API"), ("version", "0.0.0")] {
            let value = match document.get(node, key) {
                // In YAML, `version: 1.0` is a number.
                Some(value) => match document.node(value).value {
                    Node::Number(_) => {
                        let written = document.source_of(value);
                        Value::from(written.slice(document.node(value).span).trim())
                    }
                    _ => document.to_json(value),
                },
                None => {
                    let message = format!("`info` has no `{key}`; the client uses `{instead}`");
                    self.log.record(IGNORED, node, None, None, message);
                    Value::from(instead)
                }
            };
            info.insert(key.to_owned(), value);
        }
        for key in ["description", "termsOfService"] {
            self.raw(node, key, Value::is_string, &mut info);
        }
        let license = document.get(node, "license");
        if let Some(license) = license
            && let Some(name) = document.get_text(license, "name")
        {
            // An SPDX expression is more precise than a name.
            let name = document.get_text(license, "identifier").unwrap_or(name);
            let license = Map::from_iter([("name".to_owned(), Value::from(name))]);
            info.insert("license".to_owned(), Value::Object(license));
        }
        info
    }

    fn text_of(&self, node: NodeId, key: &str) -> Value {
        let text = self.document.get_text(node, key);
        text.map_or(Value::Null, Value::from)
    }

    /// Copies the value of a key if it is valid.
    fn raw(&mut self, node: NodeId, key: &str, is_valid: fn(&Value) -> bool, into: &mut Object) {
        self.raw_or(node, key, is_valid, into, IGNORED);
    }

    /// Copies the value of a key if it is valid. Otherwise, records a rewrite of this kind.
    fn raw_or(
        &mut self,
        node: NodeId,
        key: &str,
        is_valid: fn(&Value) -> bool,
        into: &mut Object,
        kind: PassKind,
    ) {
        let Some(member) = self.document.get(node, key) else {
            return;
        };
        let value = self.document.to_json(member);
        if is_valid(&value) {
            into.insert(key.to_owned(), value);
        } else {
            self.log.record(kind, member, None, None, invalid(key));
        }
    }

    /// Records keys whose value is not an array (of `lists`) or object (of `objects`), and is therefore
    /// ignored. Null is treated as absent.
    fn check_containers(&mut self, node: NodeId, objects: &[&str], lists: &[&str]) {
        let document = self.document;
        let keys = objects.iter().map(|key| (key, false));
        for (key, is_list) in keys.chain(lists.iter().map(|key| (key, true))) {
            let Some(member) = document.get(node, key) else {
                continue;
            };
            let deserializes = match document.node(member).value {
                Node::Null => true,
                Node::Array(_) => is_list,
                Node::Object(_) => !is_list,
                _ => false,
            };
            if !deserializes {
                self.log.record(MALFORMED, member, None, None, invalid(key));
            }
        }
    }

    /// Records the values of an object that should be objects, and are not.
    fn check_object(&mut self, node: NodeId, key: &str) {
        let document = self.document;
        let members = document.get(node, key).map(|held| document.entries(held));
        for entry in members.into_iter().flatten() {
            let is_object = matches!(
                document.node(entry.value).value,
                Node::Object(_) | Node::Null
            );
            if !is_object && !entry.key.starts_with("x-") {
                let message = Change::new(
                    format!("`{}` is not an object; it is ignored", entry.key),
                    "The client is generated as if it were missing.",
                    format!("Make `{}` an object, or remove it.", entry.key),
                );
                self.log.record(MALFORMED, entry.value, None, None, message);
            }
        }
    }

    fn extensions(&self, node: NodeId, into: &mut Object) {
        for entry in self.document.entries(node) {
            if entry.key.starts_with("x-") {
                into.insert(entry.key.to_owned(), self.document.to_json(entry.value));
            }
        }
    }

    fn security_schemes(&mut self) -> Option<Value> {
        let document = self.document;
        let components = document.get(document.root(), "components")?;
        let mut schemes = Map::new();
        for entry in document.members(components, "securitySchemes") {
            let consequence = "The client does not authenticate with this scheme.";
            let Some(node) = self.resolve(entry.value, "security scheme", consequence) else {
                continue;
            };
            let scheme = document.to_json(node);
            let is_header = walk::string_of(&scheme, "in") == Some("header");
            let named = walk::string_of(&scheme, "name").filter(|_| is_header);
            if let Some(name) = named.filter(|name| !is_header_name(name)) {
                let message = Change::new(
                    format!("`{name}` is not a valid header name; the security scheme is ignored"),
                    "The client never sends this API key.",
                    "Use a header name of letters, digits and `-`.",
                );
                self.log.record(MALFORMED, node, None, None, message);
            } else if deserializes::<openapiv3::SecurityScheme>(&scheme) {
                schemes.insert(entry.key.to_owned(), scheme);
            } else {
                let message = Change::new(
                    format!(
                        "the security scheme `{}` is not supported; it is ignored",
                        entry.key
                    ),
                    "The client does not authenticate with this scheme.",
                    "Use a scheme of type `apiKey`, `http`, `oauth2` or `openIdConnect` with all the fields it requires.",
                );
                self.log.record(MALFORMED, node, None, None, message);
            }
        }
        (!schemes.is_empty()).then_some(Value::Object(schemes))
    }

    fn schema(&mut self, node: NodeId) -> Result<Value, GenerateError> {
        let document = self.document;
        let mut schema = self.log.object(node);
        match document.node(node).value {
            Node::Object(_) => {}
            Node::Bool(true) => return Ok(Value::Object(schema)),
            Node::Bool(false) => {
                let never = Value::Object(Map::new());
                schema.insert("not".to_owned(), never);
                return Ok(Value::Object(schema));
            }
            other => {
                let message = Change::new(
                    format!(
                        "expected a schema, found {}; any JSON value is accepted",
                        other.kind()
                    ),
                    "The client does not check this value.",
                    "Write an object with the keywords of a schema.",
                );
                self.log.record(MALFORMED, node, None, None, message);
                return Ok(Value::Object(schema));
            }
        }
        if let Some(reference) = document.get(node, "$ref") {
            let text = document.get_text(node, "$ref");
            let name = if text.is_some_and(|text| !text.is_empty()) {
                match document.resolve(node) {
                    Ok(target) => self.target(node, target),
                    Err(error) => {
                        let consequence = "The client does not check this value.";
                        let effect = "any JSON value is accepted";
                        self.record_unresolved(&error, effect, consequence);
                        return Ok(Value::Object(schema));
                    }
                }
            } else {
                None
            };
            let Some(name) = name else {
                let message = Change::new(
                    "`$ref` does not refer to a schema; any JSON value is accepted",
                    "The client does not check this value.",
                    "Refer to a schema, for example `#/components/schemas/NAME`.",
                );
                self.log.record(MALFORMED, reference, None, None, message);
                return Ok(Value::Object(schema));
            };
            schema.insert("$ref".to_owned(), Value::from(format!("{SCHEMAS}{name}")));
            if !self.is_31 {
                return Ok(Value::Object(schema));
            }
        }
        let objects = ["properties", "patternProperties"];
        self.check_containers(node, &objects, &["allOf", "anyOf", "oneOf"]);
        for entry in document.entries(node) {
            match entry.key {
                "properties" | "patternProperties" => {
                    self.objects += 1;
                    if self.objects > MAX_OBJECTS {
                        return Err(GenerateError::TooLarge {
                            location: Box::new(Location::new(document, node, None)),
                            most: MAX_OBJECTS,
                        });
                    }
                    let mut properties = Map::new();
                    for property in document.entries(entry.value) {
                        let inner = self.schema(property.value)?;
                        properties.insert(property.key.to_owned(), inner);
                    }
                    schema.insert(entry.key.to_owned(), Value::Object(properties));
                }
                "additionalProperties"
                    if matches!(document.node(entry.value).value, Node::Bool(_)) =>
                {
                    schema.insert(entry.key.to_owned(), document.to_json(entry.value));
                }
                "items" | "additionalProperties" | "not" => {
                    let inner = self.schema(entry.value)?;
                    schema.insert(entry.key.to_owned(), inner);
                }
                "allOf" | "anyOf" | "oneOf" => {
                    let mut parts = Vec::new();
                    for &part in document.elements(entry.value) {
                        parts.push(self.schema(part)?);
                    }
                    if !parts.is_empty() {
                        schema.insert(entry.key.to_owned(), Value::Array(parts));
                    }
                }
                "$ref" | "externalDocs" | "xml" => {}
                "discriminator" => {
                    self.raw_or(
                        node,
                        entry.key,
                        deserializes::<openapiv3::Discriminator>,
                        &mut schema,
                        MALFORMED,
                    );
                    self.check_mapping(entry.value);
                }
                key => match value_check(key, self.is_31) {
                    Some(is_valid) => {
                        let kind = if ANNOTATIONS.contains(&key) {
                            IGNORED
                        } else {
                            MALFORMED
                        };
                        self.raw_or(node, key, is_valid, &mut schema, kind);
                    }
                    None => {
                        schema.insert(key.to_owned(), document.to_json(entry.value));
                    }
                },
            }
        }
        Ok(Value::Object(schema))
    }

    /// Records the entries of a discriminator mapping that name a missing component.
    fn check_mapping(&mut self, discriminator: NodeId) {
        let document = self.document;
        for entry in document.members(discriminator, "mapping") {
            let Some(named) = document.text(entry.value) else {
                continue;
            };
            let is_name = self.written.contains_key(named);
            if !is_name && document.target(entry.value, named).is_err() {
                let message = Change::new(
                    format!(
                        "the discriminator maps `{}` to `{named}`, which does not exist",
                        entry.key
                    ),
                    format!("The client has no variant for `{}`.", entry.key),
                    "Map it to a component of `components.schemas`.",
                );
                self.log.record(MALFORMED, entry.value, None, None, message);
            }
        }
    }

    /// The component that a schema refers to; nothing if it refers to something that is not a schema.
    fn target(&mut self, node: NodeId, end: NodeId) -> Option<String> {
        let document = self.document;
        let reference = document.get_text(node, "$ref").unwrap_or_default();
        if document.sort_key(node).0 == 0
            && let Some(written) = reference.strip_prefix(SCHEMAS)
            && let Some(name) = self.written.get(&decoded(written))
        {
            return Some(name.clone());
        }
        if let Some(name) = self.named(node) {
            return Some(name);
        }
        if !is_schema(document, end) {
            return None;
        }
        let pointer = document.pointer(end);
        let below = pointer
            .strip_prefix("/components/schemas/")
            .or_else(|| pointer.strip_prefix("/$defs/"))
            .or_else(|| pointer.strip_prefix("/definitions/"))
            .or_else(|| definition(&pointer));
        let wanted = match below {
            Some(below) => below.to_owned(),
            // If a file is one schema, its name is the name of the file.
            None if pointer.is_empty() => {
                let file = document.source_of(end).name();
                let file = file.rsplit(['/', '\\', ':']).next().unwrap_or_default();
                file.split('.').next().unwrap_or_default().to_owned()
            }
            None => {
                let tokens = pointer.split('/').skip(1);
                let tokens: Vec<&str> = tokens.filter(|token| *token != "schema").collect();
                tokens[tokens.len().saturating_sub(3)..].join("_")
            }
        };
        let wanted = wanted.replace("/properties/", "_");
        let name = self.make_component(end, &wanted);
        let message = format!(
            "`{reference}` is not a component of this file; it becomes the component `{name}`"
        );
        self.log.record(NEW_COMPONENT, node, None, None, message);
        Some(name)
    }

    /// The first component in the chain of references that starts at a `$ref`.
    fn named(&self, node: NodeId) -> Option<String> {
        let targets = std::iter::successors(Some(node), |&node| {
            self.document.next_target(node).and_then(Result::ok)
        });
        // The chain ends, because it was resolved.
        let mut targets = targets.skip(1);
        targets.find_map(|target| self.names.get(&target).cloned())
    }

    /// The target of a `$ref`, or the value itself. If there is no target, records that the part, such
    /// as `parameter`, is ignored.
    fn resolve(&mut self, node: NodeId, part: &str, consequence: &str) -> Option<NodeId> {
        match self.document.resolve(node) {
            Ok(target) => Some(target),
            Err(error) => {
                let effect = format!("the {part} is ignored");
                self.record_unresolved(&error, &effect, consequence);
                None
            }
        }
    }

    fn record_unresolved(&mut self, error: &RefError, effect: &str, consequence: &str) {
        let remedy = error
            .remedy()
            .unwrap_or("Correct the reference, or add the component it refers to.");
        let change = Change::new(format!("{error}; {effect}"), consequence, remedy);
        self.log
            .record(MALFORMED, error.at(), Some("$ref"), None, change);
    }
}

/// An ignored key, whose value is not what OpenAPI allows.
fn invalid(key: &str) -> Change {
    Change::new(
        format!("`{key}` does not have the type that OpenAPI requires; it is ignored"),
        "The client is generated as if it were missing.",
        format!("Fix the value of `{key}`, or remove it."),
    )
}

/// The key of a schema in the definitions of another schema.
fn definition(pointer: &str) -> Option<&str> {
    let (holder, name) = pointer.rsplit_once('/')?;
    let is_held = holder.ends_with("/$defs") || holder.ends_with("/definitions");
    is_held.then_some(name)
}

/// Whether a value can be a schema.
fn is_schema(document: &Document, node: NodeId) -> bool {
    !is_not_a_schema(&document.pointer(node)) && document.get(node, "openapi").is_none()
}

/// Whether a JSON pointer is that of an OpenAPI object which is not a schema.
fn is_not_a_schema(pointer: &str) -> bool {
    let tokens: Vec<&str> = pointer.split('/').skip(1).collect();
    match tokens.as_slice() {
        ["components", group, _] => *group != "schemas",
        ["components" | "paths" | "info", ..] => tokens.len() < 3,
        _ => false,
    }
}

/// Decodes the name of a component in a reference.
fn decoded(written: &str) -> String {
    let text = percent_decode_str(written).decode_utf8_lossy();
    unescape_token(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use serde_json::{Value, json};

    use crate::test_support::{contract, lowered, outcome, responding_with};
    use openapi_contract::Fidelity;

    #[test]
    fn several_files_become_one_document() {
        let files = [
            (
                "api.yaml",
                "openapi: 3.0.3\ninfo: {title: T, version: 1.0}\npaths:\n  /a: {$ref: 'a.yaml'}\n\
                components:\n  schemas:\n    Item: {type: object, properties: {\
                parts: {$ref: 'item.yaml#/Parts'}, a: {$ref: '#/components/schemas/Tag/allOf/0'}}}\n\
                \u{20}   Tag: {allOf: [{type: string}]}\n",
            ),
            (
                "a.yaml",
                "get:\n  operationId: get\n  responses:\n    '200':\n      description: ''\n      content:\n\
                \u{20}       application/json: {schema: {$ref: 'api.yaml#/components/schemas/Item'}}\n",
            ),
            (
                "item.yaml",
                "Parts: {type: array, items: {$ref: '#/Part'}}\n\
                Part: {type: object, properties: {inner: {$ref: '#/Parts'}}}\n",
            ),
        ];
        let document = Document::load_with("api.yaml", &mut |path| {
            let file = files.iter().find(|(name, _)| *name == path);
            let text = file.map(|(_, text)| text.as_bytes().to_vec());
            text.ok_or_else(|| std::io::ErrorKind::NotFound.into())
        })
        .expect("the files can be read");
        let outcome = outcome(&document);
        let schemas = &outcome.draft["components"]["schemas"];
        let names: Vec<&String> = schemas.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["Item", "Tag", "Parts", "Tag_allOf_0", "Part"]);
        assert_eq!(
            schemas["Item"]["properties"]["parts"]["$ref"],
            "#/components/schemas/Parts"
        );
        assert_eq!(outcome.draft["info"]["version"], "1.0");
        let response = &outcome.draft["paths"]["/a"]["get"]["responses"]["200"];
        let schema = &response["content"]["application/json"]["schema"];
        assert_eq!(schema["$ref"], "#/components/schemas/Item");
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
    }

    /// The component schemas of the client, and the names that the responses of `/a` and `/b` refer to.
    fn bundled(components: &str, from_part: &str) -> (Vec<String>, [String; 2]) {
        let operation = |reference: &str| {
            format!(
                "{{get: {{responses: {{'200': {{description: '', content: {{application/json: \
                 {{schema: {{$ref: '{reference}'}}}}}}}}}}}}}}"
            )
        };
        let root = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\npaths:\n  /a: {}\n  /b: {{$ref: \
             part.yaml}}\ncomponents: {{schemas: {{{components}}}}}\n",
            operation("#/components/schemas/Crate")
        );
        let types = "Crate: {type: object, properties: {inner: {$ref: '#/Crate'}}}\n".to_owned();
        let document = Document::load_with("root.yaml", &mut |path| match path {
            "root.yaml" => Ok(root.clone().into_bytes()),
            "part.yaml" => Ok(operation(from_part).into_bytes()),
            "types.yaml" => Ok(types.clone().into_bytes()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        });
        let draft = outcome(&document.expect("the files can be read")).draft;
        let schemas = draft["components"]["schemas"].as_object();
        let names = schemas.expect("an object").keys().cloned().collect();
        let referred = ["a", "b"].map(|path| {
            let response = &draft["paths"][format!("/{path}")]["get"]["responses"]["200"];
            let reference = &response["content"]["application/json"]["schema"]["$ref"];
            let name = reference.as_str().and_then(|name| name.rsplit('/').next());
            name.unwrap_or_default().to_owned()
        });
        (names, referred)
    }

    #[test]
    fn all_references_to_a_component_make_one_type() {
        let own = "Crate: {type: object, properties: {size: {type: integer}}}";
        let in_file = "Crate: {$ref: 'types.yaml#/Crate'}";
        for (components, from_part) in [
            (own, "root.yaml#/components/schemas/Crate"),
            (in_file, "root.yaml#/components/schemas/Crate"),
            (in_file, "types.yaml#/Crate"),
            (in_file, "./types.yaml#/Crate"),
        ] {
            let (names, referred) = bundled(components, from_part);
            assert_eq!(names, ["Crate"], "{components} {from_part}");
            assert_eq!(referred, ["Crate", "Crate"], "{components} {from_part}");
        }
    }

    #[test]
    fn several_components_of_one_schema_keep_their_names() {
        let both = "Crate: {$ref: 'types.yaml#/Crate'}, Box: {$ref: 'types.yaml#/Crate'}";
        let (names, referred) = bundled(both, "root.yaml#/components/schemas/Box");
        assert_eq!(names, ["Crate", "Box"]);
        assert_eq!(referred, ["Crate", "Box"]);
    }

    #[test]
    fn servers_of_operations_are_recorded() {
        for (holder, url) in [
            ("/paths/~1a/get", "https://files.example.com"),
            ("/paths/~1a", "https://files.example.com/v2"),
            ("/paths/~1a", "/v2"),
        ] {
            let mut document = contract(responding_with(json!({ "type": "string" })), json!({}));
            document["servers"] = json!([{ "url": "https://api.example.com/v1" }]);
            let own = document.pointer_mut(holder).and_then(Value::as_object_mut);
            own.unwrap()
                .insert("servers".to_owned(), json!([{ "url": url }]));
            let outcome = lowered(&document);
            let message = format!("the server of the operation is `{url}`");
            assert!(
                outcome.has_rewrite(Fidelity::Weakened, &message),
                "{:#?}",
                outcome.rewrites
            );

            document["servers"][0]["url"] = json!(url);
            assert!(lowered(&document).is_exact());
        }
    }

    #[test]
    fn invalid_containers_are_ignored_and_recorded() {
        let whole = contract(responding_with(json!({ "type": "string" })), json!({}));
        for (holder, key, value) in [
            ("", "paths", json!(3)),
            ("/paths", "/b", json!(3)),
            ("/paths/~1a", "post", json!(3)),
            ("/paths/~1a/get", "parameters", json!({})),
            ("/paths/~1a/get", "requestBody", json!([1])),
            ("/paths/~1a/get/responses", "404", json!(3)),
            ("/paths/~1a/get/responses/200", "headers", json!(3)),
            ("/paths/~1a/get/responses/200", "content", json!([])),
            ("/paths/~1a/get/responses/200/content", "text/x", json!(3)),
            (
                "/paths/~1a/get/responses/200/content/application~1json/schema",
                "allOf",
                json!(3),
            ),
        ] {
            let mut document = whole.clone();
            let object = document.pointer_mut(holder).and_then(Value::as_object_mut);
            object.unwrap().insert(key.to_owned(), value);
            let outcome = lowered(&document);
            let is_recorded = outcome.has_rewrite(Fidelity::Weakened, "ignored");
            assert!(is_recorded, "{holder} {key}: {:#?}", outcome.rewrites);
        }
    }

    #[test]
    fn missing_targets_are_recorded() {
        let whole = contract(responding_with(json!({ "type": "object" })), json!({}));
        let schema = "/paths/~1a/get/responses/200/content/application~1json/schema";
        let key = json!({ "in": "header", "type": "apiKey", "name": "X-A\r\nX-B: c" });
        let tag = json!({ "propertyName": "kind", "mapping": { "a": "A" } });
        for (holder, key, value, message) in [
            (schema, "$ref", json!(3), "does not refer to a schema"),
            (schema, "$ref", json!(""), "does not refer to a schema"),
            (
                schema,
                "$ref",
                json!("#/components/schemas"),
                "does not refer to a schema",
            ),
            (schema, "discriminator", tag, "maps `a` to `A`"),
            ("/paths/~1a", "GET", json!({}), "`GET` is not a method"),
            (
                "/components",
                "securitySchemes",
                json!({ "key": key }),
                "X-A\\r\\nX-B",
            ),
        ] {
            let mut document = whole.clone();
            let object = document.pointer_mut(holder).and_then(Value::as_object_mut);
            object.unwrap().insert(key.to_owned(), value);
            let outcome = lowered(&document);
            let is_recorded = outcome.has_rewrite(Fidelity::Weakened, message);
            assert!(is_recorded, "{holder} {key}: {:#?}", outcome.rewrites);
        }
    }

    #[test]
    fn unresolved_references_are_weakened_or_omitted() {
        let gone = json!({ "$ref": "#/components/x/gone" });
        let get = "/paths/~1a/get";
        let content = "/paths/~1a/get/responses/200/content/application~1json";
        for (holder, key, value, effect) in [
            (
                content,
                "schema",
                gone.clone(),
                "any JSON value is accepted",
            ),
            (get, "parameters", json!([gone]), "the parameter is ignored"),
            (
                get,
                "requestBody",
                gone.clone(),
                "the request body is ignored",
            ),
            (
                "/paths/~1a/get/responses",
                "404",
                gone.clone(),
                "the response is ignored",
            ),
            (
                "/paths/~1a/get/responses/200",
                "headers",
                json!({ "X-A": gone }),
                "the header is ignored",
            ),
            ("/paths", "/b", gone.clone(), "the path is ignored"),
            (
                "/components",
                "securitySchemes",
                json!({ "key": gone }),
                "the security scheme is ignored",
            ),
        ] {
            let mut document = contract(responding_with(json!({ "type": "string" })), json!({}));
            let object = document.pointer_mut(holder).and_then(Value::as_object_mut);
            object.unwrap().insert(key.to_owned(), value);
            let outcome = lowered(&document);
            let message =
                format!("`#/components/x/gone` does not exist in this document; {effect}");
            let is_recorded = outcome.has_rewrite(Fidelity::Weakened, &message);
            assert!(is_recorded, "{holder} {key}: {:#?}", outcome.rewrites);
        }
    }

    #[test]
    fn cyclic_references_are_weakened() {
        let schema = json!({ "$ref": "#/components/schemas/A" });
        let schemas = json!({ "A": { "$ref": "#/components/schemas/B" },
                              "B": { "$ref": "#/components/schemas/A" } });
        let outcome = lowered(&contract(responding_with(schema), schemas));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "part of a cycle"));
    }

    #[test]
    fn definitions_inside_of_a_schema_are_named_by_their_key() {
        let schema = json!({ "type": "object", "properties": { "kind": { "$ref": "#/$defs/Kind" } },
                             "$defs": { "Kind": { "type": "string", "enum": ["a"] } } });
        let mut document = contract(responding_with(schema), json!({}));
        document["openapi"] = json!("3.1.0");
        let outcome = lowered(&document);
        assert_eq!(
            outcome.draft["components"]["schemas"]["Kind"]["enum"],
            json!(["a"])
        );
    }

    #[test]
    fn values_of_the_wrong_type_are_ignored() {
        let mut document = contract(
            responding_with(json!({ "type": "object", "required": true, "properties": {
                "a": { "type": "string", "minLength": "3" }, "b": true } })),
            json!({}),
        );
        document["paths"]["/a"]["get"]["tags"] = json!([3]);
        document["paths"]["/a"]["get"]["responses"]["nothing"] = json!({});
        let outcome = lowered(&document);
        for key in ["`required`", "`minLength`", "`tags`", "`nothing`"] {
            assert!(
                outcome.rewrites.iter().any(|one| one.fact.starts_with(key)),
                "{key}"
            );
        }
    }
}
