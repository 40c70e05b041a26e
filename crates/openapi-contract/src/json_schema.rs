//! Schema objects as JSON Schema 2020-12, translated keyword by keyword.
//!
//! This path from a document to a validator knows nothing of the canonical model. Witnesses are
//! confirmed on it, so a mistake in the model cannot confirm itself.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::document::{Document, NodeId, Value as NodeValue};
use crate::model::{Contract, Dialect, Num};

/// Builds one JSON Schema document from several schema objects of a contract.
#[derive(Debug)]
pub struct Translation<'a> {
    document: &'a Document,
    dialect: Dialect,
    /// How patterns are read that the validator may not be able to; all of them are taken to be
    /// readable without it.
    doubt: Option<Doubt>,
    names: HashMap<(NodeId, Option<Doubt>), String>,
    /// Targets of references whose definition is not translated yet.
    queue: Vec<(NodeId, Option<Doubt>)>,
}

/// What becomes of a string that is held to a pattern which the validator cannot read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Doubt {
    /// It is allowed: whatever is refused all the same is refused indeed.
    Allows,
    /// It is refused: whatever is allowed all the same is allowed indeed.
    Refuses,
    /// Neither is known to be on the safe side, so there is no validator.
    Fails,
}

impl Doubt {
    /// What it must be in a schema of which the opposite holds.
    fn opposite(self) -> Self {
        match self {
            Self::Allows => Self::Refuses,
            Self::Refuses => Self::Allows,
            Self::Fails => Self::Fails,
        }
    }
}

impl<'a> Translation<'a> {
    /// A translation of schemas of `contract`.
    pub fn new(contract: &'a Contract) -> Self {
        Self::with(contract, None)
    }

    /// A translation that has a way around patterns which the validator cannot read.
    pub(crate) fn with(contract: &'a Contract, doubt: Option<Doubt>) -> Self {
        Self {
            document: &contract.document,
            dialect: contract.dialect,
            doubt,
            names: HashMap::new(),
            queue: Vec::new(),
        }
    }

    /// The JSON Schema of a schema object. References in it are good within the document that
    /// [`Translation::finish`] makes.
    pub fn schema(&mut self, node: NodeId) -> Value {
        let document = self.document;
        let entries = match document.node(node).value {
            NodeValue::Bool(value) => return value.into(),
            NodeValue::Object(entries) => entries,
            // What is no schema constrains nothing; reading the model reports it.
            _ => return true.into(),
        };
        if document.get_text(node, "$ref").is_some() && self.dialect == Dialect::OpenApi30 {
            return json!({"$ref": self.reference(node)});
        }
        let mut schema = Map::new();
        let mut refuses_strings = false;
        for entry in entries {
            let value = match entry.key {
                "$ref" => self.reference(node).into(),
                // They would change what references mean, and are not needed here.
                "$id" | "$schema" | "$anchor" | "$defs" | "definitions" => continue,
                key if self.says_nothing(key, entry.value) => continue,
                "pattern" => match document.text(entry.value) {
                    None => document.to_json(entry.value),
                    Some(pattern) => {
                        let pattern = crate::pattern::for_validator(pattern);
                        match self.doubt.filter(|_| !is_readable(&pattern)) {
                            None | Some(Doubt::Fails) => pattern.into(),
                            Some(Doubt::Allows) => continue,
                            Some(Doubt::Refuses) => {
                                refuses_strings = true;
                                continue;
                            }
                        }
                    }
                },
                key => self.keyword(key, entry.value),
            };
            schema.insert(entry.key.to_string(), value);
        }
        add_integer_range(&mut schema);
        if refuses_strings {
            add_rule(&mut schema, json!({"not": {"type": "string"}}));
        }
        if self.dialect == Dialect::OpenApi30 {
            return from_30(schema);
        }
        schema.into()
    }

    /// The whole document: `root`, which may use schemas of this translation, with the definitions
    /// they refer to.
    pub fn finish(mut self, root: Value) -> Value {
        let mut definitions = Map::new();
        while let Some((node, doubt)) = self.queue.pop() {
            self.doubt = doubt;
            let schema = self.schema(node);
            definitions.insert(self.names[&(node, doubt)].clone(), schema);
        }
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": definitions,
            "allOf": [root],
        })
    }

    /// Whether a keyword has a value that keywords cannot have, and that is read as if it were not
    /// there: null, and an empty list of types.
    fn says_nothing(&self, key: &str, value: NodeId) -> bool {
        match &self.document.node(value).value {
            NodeValue::Null => !matches!(key, "const" | "default" | "example"),
            NodeValue::Array(elements) => key == "type" && elements.is_empty(),
            _ => false,
        }
    }

    fn keyword(&mut self, key: &str, value: NodeId) -> Value {
        match key {
            "not" => self.within(Doubt::opposite, |inner| inner.schema(value)),
            // Refusing more here may allow more there.
            "if" | "contains" => self.within(|_| Doubt::Fails, |inner| inner.schema(value)),
            "items"
            | "additionalProperties"
            | "contentSchema"
            | "then"
            | "else"
            | "propertyNames"
            | "unevaluatedProperties"
            | "unevaluatedItems" => self.schema(value),
            "oneOf" => self.within(|_| Doubt::Fails, |inner| inner.all(value)),
            "allOf" | "anyOf" | "prefixItems" => self.all(value),
            "properties" | "patternProperties" | "dependentSchemas" => {
                let entries = self.document.entries(value);
                let members = entries.iter();
                let name = |name: &str| match key {
                    "patternProperties" => crate::pattern::for_validator(name),
                    _ => name.to_owned(),
                };
                members
                    .map(|entry| (name(entry.key), self.schema(entry.value)))
                    .collect()
            }
            // What a validator says names the values in this order, and no order means anything.
            "enum" | "required" => {
                let mut listed = self.document.to_json(value);
                if let Value::Array(values) = &mut listed {
                    values.sort_by(compare_values);
                }
                listed
            }
            _ => self.document.to_json(value),
        }
    }

    /// The JSON Schemas of a list of schema objects.
    fn all(&mut self, list: NodeId) -> Value {
        let elements = self.document.elements(list).iter();
        elements.map(|&element| self.schema(element)).collect()
    }

    /// Translates a part in which doubt counts otherwise.
    fn within(
        &mut self,
        there: fn(Doubt) -> Doubt,
        part: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let around = self.doubt;
        self.doubt = around.map(there);
        let value = part(self);
        self.doubt = around;
        value
    }

    fn reference(&mut self, node: NodeId) -> String {
        let Ok(target) = self.document.resolve(node) else {
            // Reported when the model is read; a definition that is not there refuses to compile.
            return "#/$defs/unresolved".to_owned();
        };
        let next = self.names.len();
        let key = (target, self.doubt);
        let name = self.names.entry(key).or_insert_with(|| {
            self.queue.push(key);
            format!("s{next}")
        });
        format!("#/$defs/{name}")
    }
}

/// Numbers by their size, texts by the alphabet, and all else in some order.
fn compare_values(left: &Value, right: &Value) -> Ordering {
    let by_size = match (left, right) {
        (Value::Number(left), Value::Number(right)) => Num::new(left).cmp(&Num::new(right)),
        _ => Ordering::Equal,
    };
    by_size.then_with(|| left.to_string().cmp(&right.to_string()))
}

/// What 3.0 writes differently: `nullable`, and exclusive bounds as flags.
fn from_30(mut schema: Map<String, Value>) -> Value {
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if let Some(Value::Bool(is_exclusive)) = schema.get(flag) {
            let is_exclusive = *is_exclusive;
            schema.remove(flag);
            if is_exclusive && let Some(value) = schema.remove(bound) {
                schema.insert(flag.to_owned(), value);
            }
        }
    }
    let is_nullable = schema.remove("nullable") == Some(Value::Bool(true));
    if !is_nullable {
        return schema.into();
    }
    if let Some(types) = schema.get_mut("type") {
        let mut names = match types.take() {
            Value::Array(names) => names,
            name => vec![name],
        };
        if !names.contains(&json!("null")) {
            names.push(json!("null"));
        }
        *types = names.into();
        return schema.into();
    }
    // Without a type it is read as "or null" beside a combination, see the model.
    let combines = ["allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| schema.contains_key(*key));
    if combines {
        return json!({"anyOf": [schema, {"type": "null"}]});
    }
    schema.into()
}

/// `int32` and its like are ranges. No validator knows them, so they are spelled out.
fn add_integer_range(schema: &mut Map<String, Value>) {
    let is_integer = match schema.get("type") {
        Some(Value::String(name)) => name == "integer",
        Some(Value::Array(names)) => {
            names.contains(&json!("integer")) && !names.contains(&json!("number"))
        }
        _ => false,
    };
    let format = schema.get("format").and_then(Value::as_str);
    let range = format
        .filter(|_| is_integer)
        .and_then(crate::model::format_range);
    if let Some((low, high)) = range {
        let range = json!({
            "minimum": Num::Int(low).to_json(),
            "maximum": Num::Int(high).to_json(),
        });
        add_rule(schema, range);
    }
}

/// Adds something that must hold as well.
fn add_rule(schema: &mut Map<String, Value>, rule: Value) {
    let entry = schema.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(all) = entry {
        all.push(rule);
    }
}

/// Whether the validator can read a pattern.
fn is_readable(pattern: &str) -> bool {
    Validator::new(&json!({"pattern": pattern})).is_ok()
}

/// A JSON Schema that cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSchema(String);

/// A compiled JSON Schema 2020-12.
#[derive(Debug)]
pub struct Validator(jsonschema::Validator);

impl Validator {
    /// Compiles a schema; formats are checked.
    ///
    /// # Errors
    /// When the schema is not valid itself, for example because of a regular expression.
    pub fn new(schema: &Value) -> Result<Self, InvalidSchema> {
        jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .build(schema)
            .map(Self)
            .map_err(|error| InvalidSchema(error.to_string()))
    }

    /// Whether the schema allows a value.
    pub fn allows(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// Everything that the schema refuses about a value.
    pub fn violations(&self, value: &Value) -> Vec<ValidationError> {
        let errors = self.0.iter_errors(value);
        errors
            .map(|error| ValidationError {
                pointer: error.instance_path().to_string(),
                keyword: error.kind().keyword().to_owned(),
                message: error.to_string(),
            })
            .collect()
    }
}

/// Something that a schema refuses about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// The JSON pointer of the refused value.
    pub pointer: String,
    /// The keyword of the schema that rejects it.
    pub keyword: String,
    /// The message of the validator.
    pub message: String,
}
