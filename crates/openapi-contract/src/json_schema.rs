//! Schema objects as JSON Schema 2020-12, translated keyword by keyword.
//!
//! The translation doesn't use the canonical model. Witnesses are confirmed with it, so a bug in
//! the model can't confirm itself.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::document::{Document, Entries, NodeId, Value as NodeValue, escape_token};
use crate::finding::Direction;
use crate::model::{Contract, Dialect, Num};

/// Builds a JSON Schema document from schema objects of a contract.
#[derive(Debug)]
pub struct Translation<'a> {
    document: &'a Document,
    dialect: Dialect,
    /// How patterns that the validator doesn't support and unreadable parts are replaced. With
    /// `None`, they are kept.
    unsupported_pattern: Option<UnsupportedPattern>,
    /// Where the values are sent. Properties that are not sent there may be missing, even if they are required.
    direction: Option<Direction>,
    /// The properties that are not sent, as the schemas around this one declare for the same object.
    unsent: BTreeSet<&'a str>,
    names: HashMap<(NodeId, Option<UnsupportedPattern>), String>,
    /// Targets of references that are not translated yet.
    queue: Vec<(NodeId, Option<UnsupportedPattern>)>,
}

/// What replaces a pattern that the validator doesn't support, and a part that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum UnsupportedPattern {
    /// The pattern matches every string: a rejected value is invalid with the real pattern too.
    MatchAll,
    /// The pattern matches no string: an accepted value is valid with the real pattern too.
    MatchNone,
    /// The subschema is used both ways (`if`, `contains`, `oneOf`), so no replacement is safe: the
    /// pattern is kept, and compiling the validator fails.
    Keep,
}

impl UnsupportedPattern {
    /// The replacement for a subschema that is negated.
    fn opposite(self) -> Self {
        match self {
            Self::MatchAll => Self::MatchNone,
            Self::MatchNone => Self::MatchAll,
            Self::Keep => Self::Keep,
        }
    }
}

impl<'a> Translation<'a> {
    /// A translation of schemas of `contract`.
    pub fn new(contract: &'a Contract) -> Self {
        Self::with(contract, None)
    }

    /// A translation that replaces patterns which the validator doesn't support.
    pub(crate) fn with(
        contract: &'a Contract,
        unsupported_pattern: Option<UnsupportedPattern>,
    ) -> Self {
        Self {
            document: &contract.document,
            dialect: contract.dialect,
            unsupported_pattern,
            direction: None,
            unsent: BTreeSet::new(),
            names: HashMap::new(),
            queue: Vec::new(),
        }
    }

    /// A translation for values that are sent in one direction: `required` does not apply to properties with
    /// `readOnly` in requests, and to those with `writeOnly` in responses.
    pub(crate) fn for_direction(self, direction: Direction) -> Self {
        Self {
            direction: Some(direction),
            ..self
        }
    }

    /// The JSON Schema of a schema object. Its references are valid in the document that
    /// [`Translation::finish`] returns.
    pub fn schema(&mut self, node: NodeId) -> Value {
        let document = self.document;
        let entries = match document.node(node).value {
            NodeValue::Bool(value) => return value.into(),
            NodeValue::Object(entries) => entries,
            NodeValue::Null => return true.into(),
            _ => return self.unreadable(),
        };
        if document.get_text(node, "$ref").is_some() && self.dialect == Dialect::OpenApi30 {
            return self.reference(node);
        }
        let around = self.unsent.clone();
        if self.direction.is_some() {
            self.add_unsent(node, &mut HashSet::new());
        }
        let schema = self.object(entries, node);
        self.unsent = around;
        schema
    }

    /// The JSON Schema of a schema object that is an object.
    fn object(&mut self, entries: Entries<'a>, node: NodeId) -> Value {
        let document = self.document;
        let mut schema = Map::new();
        let mut rejects_strings = false;
        for entry in entries {
            let value = match entry.key {
                "$ref" => match self.reference(node) {
                    Value::Object(mut reference) => reference.remove("$ref").unwrap_or_default(),
                    Value::Bool(true) => continue,
                    never => return never,
                },
                // These keywords would change the base URI or duplicate definitions.
                "$id" | "$schema" | "$anchor" | "$defs" | "definitions" => continue,
                key if self.is_ignored(key, entry.value) => continue,
                key if !is_valid_keyword(&document.node(entry.value).value, key, document) => {
                    match self.unsupported_pattern {
                        None | Some(UnsupportedPattern::Keep) => document.to_json(entry.value),
                        Some(UnsupportedPattern::MatchAll) => continue,
                        Some(UnsupportedPattern::MatchNone) => return false.into(),
                    }
                }
                "pattern" => match document.text(entry.value) {
                    None => document.to_json(entry.value),
                    Some(pattern) => {
                        let pattern = crate::pattern::for_validator(pattern);
                        match self.unsupported_pattern.filter(|_| !is_readable(&pattern)) {
                            None | Some(UnsupportedPattern::Keep) => pattern.into(),
                            Some(UnsupportedPattern::MatchAll) => continue,
                            Some(UnsupportedPattern::MatchNone) => {
                                rejects_strings = true;
                                continue;
                            }
                        }
                    }
                },
                "oneOf" if self.direction.is_some() => {
                    let mut alternatives = self.keyword("oneOf", entry.value);
                    self.discriminate(node, entry.value, &mut alternatives);
                    alternatives
                }
                key => self.keyword(key, entry.value),
            };
            schema.insert(entry.key.to_string(), value);
        }
        add_integer_range(&mut schema);
        if rejects_strings {
            add_rule(&mut schema, json!({"not": {"type": "string"}}));
        }
        if self.dialect == Dialect::OpenApi30 {
            return from_30(schema);
        }
        schema.into()
    }

    /// The whole document: `root`, which may use schemas of this translation, with the definitions
    /// that they refer to.
    pub fn finish(mut self, root: Value) -> Value {
        let mut definitions = Map::new();
        while let Some((node, unsupported_pattern)) = self.queue.pop() {
            self.unsupported_pattern = unsupported_pattern;
            let schema = self.schema(node);
            definitions.insert(self.names[&(node, unsupported_pattern)].clone(), schema);
        }
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": definitions,
            "allOf": [root],
        })
    }

    /// Whether the value of a keyword is treated as missing: null, and an empty array of types.
    fn is_ignored(&self, key: &str, value: NodeId) -> bool {
        match &self.document.node(value).value {
            NodeValue::Null => !matches!(key, "const" | "default" | "example"),
            NodeValue::Array(elements) => key == "type" && elements.is_empty(),
            // A flag of each property, in older drafts.
            NodeValue::Bool(_) => key == "required",
            _ => false,
        }
    }

    fn keyword(&mut self, key: &str, value: NodeId) -> Value {
        let is_in_place = matches!(
            key,
            "required" | "allOf" | "anyOf" | "oneOf" | "then" | "else"
        );
        if is_in_place {
            return self.translated(key, value);
        }
        let around = std::mem::take(&mut self.unsent);
        let translated = self.translated(key, value);
        self.unsent = around;
        translated
    }

    fn translated(&mut self, key: &str, value: NodeId) -> Value {
        match key {
            "not" => self.within(UnsupportedPattern::opposite, |inner| inner.schema(value)),
            // Rejecting more here may accept more in `then` or with `maxContains`.
            "if" | "contains" => {
                self.within(|_| UnsupportedPattern::Keep, |inner| inner.schema(value))
            }
            "items"
            | "additionalProperties"
            | "contentSchema"
            | "then"
            | "else"
            | "propertyNames"
            | "unevaluatedProperties"
            | "unevaluatedItems" => self.schema(value),
            "oneOf" => self.within(|_| UnsupportedPattern::Keep, |inner| inner.all(value)),
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
            // Sorted, because validators list the values in their messages in this order.
            "enum" | "required" => {
                let mut listed = self.document.to_json(value);
                if let Value::Array(values) = &mut listed {
                    let is_unsent = |value: &Value| {
                        let name = value.as_str().filter(|_| key == "required");
                        name.is_some_and(|name| self.unsent.contains(name))
                    };
                    values.retain(|value| !is_unsent(value));
                    values.sort_by(compare_values);
                }
                listed
            }
            _ => self.document.to_json(value),
        }
    }

    /// Adds the properties that are not sent in this direction, as a schema object, its reference and its `allOf`
    /// declare them.
    fn add_unsent(&mut self, node: NodeId, seen: &mut HashSet<NodeId>) {
        let document = self.document;
        if !seen.insert(node) {
            return;
        }
        for property in document.members(node, "properties") {
            if self.is_unsent(property.value, &mut HashSet::new()) {
                self.unsent.insert(property.key);
            }
        }
        for part in parts(document, node) {
            self.add_unsent(part, seen);
        }
    }

    /// Whether a property with this schema is not sent in this direction.
    fn is_unsent(&self, node: NodeId, seen: &mut HashSet<NodeId>) -> bool {
        let keyword = match self.direction {
            Some(Direction::Request) => "readOnly",
            Some(Direction::Response) => "writeOnly",
            None => return false,
        };
        if !seen.insert(node) {
            return false;
        }
        let document = self.document;
        let has_siblings =
            self.dialect != Dialect::OpenApi30 || document.get_text(node, "$ref").is_none();
        let flag = document.get(node, keyword).filter(|_| has_siblings);
        let is_set = |flag| matches!(document.node(flag).value, NodeValue::Bool(true));
        flag.is_some_and(is_set)
            || parts(document, node)
                .into_iter()
                .any(|part| self.is_unsent(part, seen))
    }

    /// Restricts the alternatives of a `oneOf` to the values that the `mapping` of its discriminator has for them. Without
    /// this, a message for which only the discriminator decides would match several.
    fn discriminate(&self, node: NodeId, list: NodeId, alternatives: &mut Value) {
        let document = self.document;
        let Some(discriminator) = document.get(node, "discriminator") else {
            return;
        };
        let Some(property) = document.get_text(discriminator, "propertyName") else {
            return;
        };
        let mapping = document.members(discriminator, "mapping").iter();
        let mapping: Vec<(&str, NodeId)> = mapping
            .filter_map(|entry| {
                let target = document.text(entry.value)?;
                let named = format!("#/components/schemas/{}", escape_token(target));
                let reference = if target.contains('/') { target } else { &named };
                Some((entry.key, document.target(entry.value, reference).ok()?))
            })
            .collect();
        let of_member = document.elements(list).iter().map(|&member| {
            let member = document.resolve(member).unwrap_or(member);
            let tags = mapping.iter().filter(|(_, target)| *target == member);
            tags.map(|(tag, _)| *tag).collect::<Vec<_>>()
        });
        let of_member: Vec<Vec<&str>> = of_member.collect();
        let Value::Array(alternatives) = alternatives else {
            return;
        };
        // A mapping may be incomplete: names of components are values as well.
        if of_member.iter().any(Vec::is_empty) || of_member.len() != alternatives.len() {
            return;
        }
        for (alternative, tags) in alternatives.iter_mut().zip(of_member) {
            let tagged =
                json!({ "required": [property], "properties": { property: { "enum": tags } } });
            *alternative = json!({ "allOf": [alternative.take(), tagged] });
        }
    }

    /// The JSON Schemas of an array of schema objects.
    fn all(&mut self, list: NodeId) -> Value {
        let elements = self.document.elements(list).iter();
        elements.map(|&element| self.schema(element)).collect()
    }

    /// Translates a subschema with another replacement of patterns.
    fn within(
        &mut self,
        there: fn(UnsupportedPattern) -> UnsupportedPattern,
        part: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let around = self.unsupported_pattern;
        self.unsupported_pattern = around.map(there);
        let value = part(self);
        self.unsupported_pattern = around;
        value
    }

    /// The replacement of a schema that cannot be read, which is reported when the contract is read.
    fn unreadable(&self) -> Value {
        match self.unsupported_pattern {
            // A missing definition fails to compile.
            None | Some(UnsupportedPattern::Keep) => json!({"$ref": "#/$defs/unresolved"}),
            Some(UnsupportedPattern::MatchAll) => true.into(),
            Some(UnsupportedPattern::MatchNone) => false.into(),
        }
    }

    /// A reference to the target of a `$ref`, or its replacement.
    fn reference(&mut self, node: NodeId) -> Value {
        let Ok(target) = self.document.resolve(node) else {
            return self.unreadable();
        };
        let next = self.names.len();
        let key = (target, self.unsupported_pattern);
        let name = self.names.entry(key).or_insert_with(|| {
            self.queue.push(key);
            format!("s{next}")
        });
        json!({"$ref": format!("#/$defs/{name}")})
    }
}

/// The schema objects that apply to the same value: the target of a reference, and the members of `allOf`.
fn parts(document: &Document, node: NodeId) -> Vec<NodeId> {
    let reference = document.get_text(node, "$ref").is_some();
    let target = reference.then(|| document.resolve(node).ok()).flatten();
    let all = document.get(node, "allOf");
    let all = all.map_or(&[][..], |all| document.elements(all));
    target.into_iter().chain(all.iter().copied()).collect()
}

/// Whether the value of a keyword is valid. Keywords of other types are not checked: their values
/// are ignored if they are invalid, or fail to compile.
fn is_valid_keyword(value: &NodeValue<'_>, key: &str, document: &Document) -> bool {
    const TYPES: [&str; 7] = [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ];
    let is_type = |name: Option<&str>| name.is_some_and(|name| TYPES.contains(&name));
    let are_all = |elements: &[NodeId], test: &dyn Fn(Option<&str>) -> bool| {
        elements.iter().all(|&element| test(document.text(element)))
    };
    match (key, value) {
        ("type", NodeValue::String(name)) => is_type(Some(name)),
        ("type", NodeValue::Array(elements)) => are_all(elements, &is_type),
        ("required", NodeValue::Array(elements)) => are_all(elements, &|name| name.is_some()),
        ("enum", value) => matches!(value, NodeValue::Array(_)),
        ("exclusiveMinimum" | "exclusiveMaximum", NodeValue::Bool(_)) => true,
        ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf", value) => {
            matches!(value, NodeValue::Number(_))
        }
        (
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties",
            NodeValue::Number(number),
        ) => matches!(Num::new(number), Num::Int(count) if u64::try_from(count).is_ok()),
        (
            "type" | "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties",
            _,
        ) => false,
        _ => true,
    }
}

/// Sorts numbers by value, strings alphabetically, and other values in any fixed order.
fn compare_values(left: &Value, right: &Value) -> Ordering {
    let by_size = match (left, right) {
        (Value::Number(left), Value::Number(right)) => Num::new(left).cmp(&Num::new(right)),
        _ => Ordering::Equal,
    };
    by_size.then_with(|| left.to_string().cmp(&right.to_string()))
}

/// Translates what differs in OpenAPI 3.0: `nullable`, and exclusive bounds as flags.
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
    // Without a `type`, `nullable` applies to the combination beside it, as in the canonical model.
    let combines = ["allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| schema.contains_key(*key));
    if combines {
        return json!({"anyOf": [schema, {"type": "null"}]});
    }
    schema.into()
}

/// Adds the ranges of integer formats such as `int32`, which validators don't check.
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

/// Adds a schema that must hold in addition.
fn add_rule(schema: &mut Map<String, Value>, rule: Value) {
    let entry = schema.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(all) = entry {
        all.push(rule);
    }
}

/// Whether the validator supports a pattern.
fn is_readable(pattern: &str) -> bool {
    Validator::new(&json!({"pattern": pattern})).is_ok()
}

/// A JSON Schema that fails to compile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSchema(String);

/// A compiled JSON Schema 2020-12.
#[derive(Debug)]
pub struct Validator(jsonschema::Validator);

impl Validator {
    /// Compiles a schema. Formats are checked.
    ///
    /// # Errors
    /// When the schema is invalid, for example because of a regular expression.
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

    /// The reasons why the schema rejects a value; empty if it allows it.
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

/// A reason why a schema rejects a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// The JSON pointer of the rejected value.
    pub pointer: String,
    /// The keyword that rejects it.
    pub keyword: String,
    /// The message of the validator.
    pub message: String,
}
