//! The names of types.
//!
//! A type of a component has the name of the component. Every other type is named after where its schema is written:
//! the component or operation, then each property on the way. Names that are taken get a number.

use std::collections::{HashMap, HashSet};

use heck::ToPascalCase;
use openapi_contract::document::{Document, NodeId, unescape_token};
use openapi_contract::model::{Contract, SchemaId};
use openapi_contract::rust_names;

use super::Key;
use crate::http_methods::METHODS;
use crate::identifiers::{self, first_unused};

/// Names that types of the contract would hide.
const PRELUDE: [&str; 5] = ["Box", "Option", "String", "Vec", "Result"];

/// The names of the types of a client.
#[derive(Debug)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The names of components, by the node of their schema.
    components: HashMap<NodeId, String>,
    /// The names that components would have if none were taken, if they differ.
    wanted: HashMap<NodeId, String>,
    /// The words for operations without an id, and for those with one.
    operations: HashMap<NodeId, String>,
    /// The words for schemas that are called by something else than where they are.
    called: HashMap<Key, String>,
}

impl Names {
    pub(super) fn new(contract: &Contract) -> Self {
        let document = &contract.document;
        let mut names = Self {
            taken: PRELUDE.map(str::to_owned).into(),
            components: HashMap::new(),
            wanted: HashMap::new(),
            operations: HashMap::new(),
            called: HashMap::new(),
        };
        if let Some(components) = document.get(document.root(), "components") {
            for entry in document.members(components, "schemas") {
                let name = names.unused(entry.key);
                let wanted = rust_names::type_name(entry.key);
                if wanted != name {
                    names.wanted.entry(entry.value).or_insert(wanted);
                }
                names.components.entry(entry.value).or_insert(name);
            }
        }
        for operation in contract.operations.values() {
            if let Some(id) = &operation.id {
                names.operations.insert(operation.node, id.clone());
            }
        }
        names
    }

    /// A name that no type has: this one, or this one with a number.
    pub(super) fn unused(&mut self, words: &str) -> String {
        let name = rust_names::type_name(words);
        let taken = &mut self.taken;
        first_unused(
            &name,
            |number| format!("{name}{}", number + 1),
            |name| !taken.insert(name.to_owned()),
        )
    }

    /// Calls the type of a schema by these words, unless it has a name of its own.
    pub(super) fn call(&mut self, key: Key, words: String) {
        self.called.entry(key).or_insert(words);
    }

    /// Whether a key is a component, whose type has a name of its own.
    pub(super) fn is_component(&self, key: Key) -> bool {
        matches!(key, Key::Node(node) if self.components.contains_key(&node))
    }

    /// The name of a type that is declared now, and the name that it would have if none were taken.
    pub(super) fn of(
        &mut self,
        contract: &Contract,
        key: Key,
        id: SchemaId,
        is_request: bool,
    ) -> (String, String) {
        let suffix = if is_request { "Request" } else { "" };
        if let Key::Node(node) = key
            && let Some(name) = self.components.get(&node).cloned()
        {
            let wanted = self.wanted.get(&node).unwrap_or(&name).clone() + suffix;
            return match is_request {
                true => (self.unused(&(name + suffix)), wanted),
                false => (name, wanted),
            };
        }
        let words = self.words(contract, key, id) + suffix;
        (self.unused(&words), rust_names::type_name(&words))
    }

    /// The words that a type is named after.
    pub(super) fn words(&self, contract: &Contract, key: Key, id: SchemaId) -> String {
        if let Some(words) = self.called.get(&key) {
            return words.clone();
        }
        let schema = contract.schemas.get(id);
        let document = &contract.document;
        let node = match key {
            Key::Node(node) => Some(node),
            // The last of several is the most specific one.
            _ => schema.node.or_else(|| schema.sources.last().copied()),
        };
        let base = match node {
            Some(node) => self.location(document, node),
            None => "Value".to_owned(),
        };
        match key {
            Key::Node(_) | Key::Schema(_) => base,
            Key::Objects(_) => base + "Object",
            Key::Strings(_) => base + "String",
            Key::Numbers(_) => base + "Number",
            Key::Merged(_, member) => base + &self.suffix(contract, member),
        }
    }

    /// What tells an alternative of a union from the others.
    pub(super) fn suffix(&self, contract: &Contract, member: SchemaId) -> String {
        let schema = contract.schemas.get(member);
        let title = schema.annotations().title.as_deref();
        if let Some(name) = schema.node.and_then(|node| self.components.get(&node)) {
            return name.clone();
        }
        if let Some(title) = title {
            return rust_names::type_name(title);
        }
        let node = schema.node.or_else(|| schema.sources.last().copied());
        let pointer = node.map(|node| contract.document.pointer(node));
        let last = pointer
            .as_deref()
            .and_then(|pointer| pointer.rsplit('/').next());
        format!("Variant{}", last.unwrap_or_default().to_pascal_case())
    }

    /// The words for the location of a schema.
    fn location(&self, document: &Document, node: NodeId) -> String {
        if let Some(words) = self.called.get(&Key::Node(node)) {
            return words.clone();
        }
        if let Some(name) = self.components.get(&node) {
            return name.clone();
        }
        let pointer = document.pointer(node);
        let tokens: Vec<String> = pointer
            .split('/')
            .skip(1)
            .map(|token| unescape_token(token).into_owned())
            .collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let (owner, rest) = match self.called_around(document, &pointer) {
            Some((words, depth)) => (words, &tokens[depth..]),
            None => self.owner(document, node, &tokens),
        };
        let mut words = owner;
        add_path(&mut words, rest);
        words
    }

    /// The words for the innermost schema around a location that has words of its own, and its depth.
    fn called_around(&self, document: &Document, pointer: &str) -> Option<(String, usize)> {
        if self.called.is_empty() {
            return None;
        }
        let ends = pointer.rmatch_indices('/').map(|(at, _)| at);
        ends.filter(|end| *end > 0).find_map(|end| {
            let around = &pointer[..end];
            let words = self.called.get(&Key::Node(document.at_pointer(around)?))?;
            Some((words.clone(), around.matches('/').count()))
        })
    }

    /// The words for the component, operation or file that contains a schema, and the way from there.
    fn owner<'t>(
        &self,
        document: &Document,
        node: NodeId,
        tokens: &'t [&'t str],
    ) -> (String, &'t [&'t str]) {
        // The innermost definition has the name.
        let definition = tokens.iter().enumerate().rev().find(|(at, token)| {
            let is_group = matches!(**token, "$defs" | "definitions")
                || (**token == "schemas" && *at > 0 && tokens[at - 1] == "components");
            is_group && at + 1 < tokens.len()
        });
        if let Some((at, _)) = definition {
            return (
                identifiers::pascal_suffix(tokens[at + 1]),
                &tokens[at + 2..],
            );
        }
        match tokens {
            ["components", "parameters", name, "schema", rest @ ..]
            | ["components", "headers", name, "schema", rest @ ..] => {
                (identifiers::pascal_suffix(name), rest)
            }
            [
                "components",
                "requestBodies",
                name,
                "content",
                _,
                "schema" | "itemSchema",
                rest @ ..,
            ] => (identifiers::pascal_suffix(name) + "Body", rest),
            [
                "components",
                "responses",
                name,
                "content",
                _,
                "schema" | "itemSchema",
                rest @ ..,
            ] => (identifiers::pascal_suffix(name) + "Response", rest),
            ["paths", path, method, rest @ ..] if METHODS.contains(method) => {
                let pointer = document.pointer(node);
                let end = pointer.match_indices('/').map(|(at, _)| at).nth(3);
                let operation = end.and_then(|end| document.at_pointer(&pointer[..end]));
                let id = operation.and_then(|node| self.operations.get(&node));
                let words = match id {
                    Some(id) => identifiers::pascal_suffix(id),
                    None => identifiers::pascal_suffix(&format!("{method} {path}")),
                };
                self.in_operation(document, node, words, rest)
            }
            ["paths", path, "parameters", rest @ ..] => {
                let words = identifiers::pascal_suffix(path);
                self.in_parameter(document, node, words, rest)
            }
            _ => {
                let file = document.source_of(node).name();
                let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
                let stem = stem.split('.').next().unwrap_or(stem);
                (identifiers::pascal_suffix(stem), tokens)
            }
        }
    }

    fn in_operation<'t>(
        &self,
        document: &Document,
        node: NodeId,
        words: String,
        rest: &'t [&'t str],
    ) -> (String, &'t [&'t str]) {
        match rest {
            ["parameters", rest @ ..] => self.in_parameter(document, node, words, rest),
            [
                "requestBody",
                "content",
                _,
                "schema" | "itemSchema",
                rest @ ..,
            ] => (words + "Body", rest),
            [
                "responses",
                status,
                "content",
                _,
                "schema" | "itemSchema",
                rest @ ..,
            ] => {
                let suffix = match *status {
                    "200" | "201" | "2XX" | "default" => "Response".to_owned(),
                    status => format!("Response{}", status.to_pascal_case()),
                };
                (words + &suffix, rest)
            }
            ["responses", _, "headers", name, "schema", rest @ ..] => {
                (words + &identifiers::pascal_suffix(name), rest)
            }
            _ => (words, rest),
        }
    }

    /// A parameter in a list: its name is the word.
    fn in_parameter<'t>(
        &self,
        document: &Document,
        node: NodeId,
        words: String,
        rest: &'t [&'t str],
    ) -> (String, &'t [&'t str]) {
        let skipped = match rest {
            [_, "schema", ..] => 2,
            [_, "content", _, "schema", ..] => 4,
            _ => return (words, rest),
        };
        let pointer = document.pointer(node);
        let after = rest.len() - 1;
        // The parameter is `after` tokens above the schema.
        let parameter = pointer
            .rmatch_indices('/')
            .nth(after.saturating_sub(1))
            .map(|(at, _)| at);
        let parameter = parameter.and_then(|end| document.at_pointer(&pointer[..end]));
        let name = parameter.and_then(|parameter| document.get_text(parameter, "name"));
        let name = identifiers::pascal_suffix(name.unwrap_or("parameter"));
        (words + &name, &rest[skipped..])
    }
}

/// Adds the words for the way through a schema.
fn add_path(words: &mut String, mut tokens: &[&str]) {
    loop {
        tokens = match tokens {
            [] => return,
            [
                "properties" | "patternProperties" | "dependentSchemas",
                name,
                rest @ ..,
            ] => {
                words.push_str(&identifiers::pascal_suffix(name));
                rest
            }
            ["items" | "contains", rest @ ..] => {
                words.push_str("Item");
                rest
            }
            ["prefixItems", number, rest @ ..] => {
                words.push_str("Item");
                words.push_str(number);
                rest
            }
            ["additionalProperties" | "unevaluatedProperties", rest @ ..] => {
                words.push_str("Value");
                rest
            }
            ["allOf", _, rest @ ..] => rest,
            ["oneOf" | "anyOf", number, rest @ ..] => {
                words.push_str("Variant");
                words.push_str(number);
                rest
            }
            [_, rest @ ..] => rest,
        };
    }
}
