//! Examples and defaults that their own schema rejects.
//!
//! All of them are validated by one validator, as one large value, because compiling a validator for each
//! schema would take longer than all other rules.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json, json};

use super::inventory::{InventoryItem, ObjectKind};
use super::{Lint, at};
use crate::document::{Document, NodeId, Value, tokens};
use crate::finding::Location;
use crate::json_schema::{InvalidSchema, Translation, UnsupportedPattern, Validator};
use crate::rules::{self, Rule};

pub(super) fn check(lint: &mut Lint<'_>) {
    let groups = groups(lint);
    // Invalid parts are reported already, and allow everything here.
    let has_invalid_parts = !lint.contract.invalid_parts.is_empty();
    let unsupported = has_invalid_parts.then_some(UnsupportedPattern::MatchAll);
    let Err(error) = check_groups(lint, &groups, unsupported) else {
        return;
    };
    // A schema is invalid, so each is validated separately.
    let mut is_found = has_invalid_parts;
    for group in &groups {
        let checked = check_groups(lint, std::slice::from_ref(group), unsupported);
        if let Err(error) = checked
            && !has_invalid_parts
        {
            is_found = true;
            let fact = format!("the schema is invalid: {error}");
            lint.report(rules::INVALID_CONTRACT, at(group.schema), fact);
        }
    }
    if !is_found {
        let fact = format!("the schemas are invalid in combination: {error}");
        lint.report(rules::INVALID_CONTRACT, at(lint.document.root()), fact);
    }
}

/// A schema, with its examples and defaults.
struct ExampleGroup {
    schema: NodeId,
    values: Vec<(NodeId, Rule)>,
}

fn groups(lint: &Lint<'_>) -> Vec<ExampleGroup> {
    let document = lint.document;
    let mut groups: Vec<ExampleGroup> = Vec::new();
    let mut indexes = HashMap::new();
    for part in &lint.inventory.parts {
        for (schema, value, rule) in values(document, part) {
            let schema = document.resolve(schema).unwrap_or(schema);
            let index = *indexes.entry(schema).or_insert(groups.len());
            if index == groups.len() {
                groups.push(ExampleGroup {
                    schema,
                    values: Vec::new(),
                });
            }
            groups[index].values.push((value, rule));
        }
    }
    groups
}

/// The examples and defaults of an object, each with its schema.
fn values(document: &Document, part: &InventoryItem<'_>) -> Vec<(NodeId, NodeId, Rule)> {
    let get = |key| document.get(part.node, key);
    match part.kind {
        ObjectKind::Schema => {
            let examples = get("examples").map_or(&[][..], |array| document.elements(array));
            let examples = get("example").into_iter().chain(examples.iter().copied());
            let examples = examples.map(|value| (part.node, value, rules::EXAMPLE_INVALID));
            let default = get("default").map(|value| (part.node, value, rules::DEFAULT_INVALID));
            examples.chain(default).collect()
        }
        ObjectKind::Parameter | ObjectKind::Header | ObjectKind::MediaType => {
            let Some(schema) = get("schema") else {
                return Vec::new();
            };
            let examples = document.members(part.node, "examples");
            let named = examples.iter().filter_map(|entry| {
                let example = document.resolve(entry.value).ok()?;
                document.get(example, "value")
            });
            let values = get("example").into_iter().chain(named);
            values
                .map(|value| (schema, value, rules::EXAMPLE_INVALID))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Validates the values of some schemas.
///
/// # Errors
/// When one of the schemas is invalid.
fn check_groups(
    lint: &mut Lint<'_>,
    groups: &[ExampleGroup],
    unsupported: Option<UnsupportedPattern>,
) -> Result<(), InvalidSchema> {
    let document = lint.document;
    let mut translation = Translation::with(lint.contract, unsupported);
    let (mut schemas, mut instance) = (Map::new(), Map::new());
    for (index, group) in groups.iter().enumerate() {
        let schema = translation.schema(group.schema);
        schemas.insert(index.to_string(), json!({"items": schema}));
        let values = group.values.iter();
        let values: Json = values.map(|&(value, _)| document.to_json(value)).collect();
        instance.insert(index.to_string(), values);
    }
    let schema = translation.finish(json!({"properties": schemas}));
    let validator = Validator::new(&schema)?;
    let mut messages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for violation in validator.violations(&instance.into()) {
        messages
            .entry(violation.pointer)
            .or_default()
            .push(violation.message);
    }
    // All violations of one value are one finding.
    for (pointer, messages) in messages {
        // `/{group}/{value}`, and the pointer inside the value.
        let mut steps = pointer.splitn(4, '/').skip(1);
        let mut index = || steps.next().and_then(|step| step.parse::<usize>().ok());
        let (group, value) = (index(), index());
        let group = group.and_then(|group| groups.get(group));
        let Some((schema, &(value, rule))) = group
            .zip(value)
            .and_then(|(group, at)| Some((group.schema, group.values.get(at)?)))
        else {
            continue;
        };
        let pointer = steps
            .next()
            .map_or_else(String::new, |rest| format!("/{rest}"));
        let what = match rule {
            rules::DEFAULT_INVALID => "default",
            _ => "example",
        };
        let within = match pointer.as_str() {
            "" => String::new(),
            pointer => format!(" at `{pointer}`"),
        };
        let node = inner(document, value, &pointer);
        let fact = format!(
            "the {what} is not allowed by its schema{within}: {}",
            messages.join("; ")
        );
        let schema = Location::new(document, schema, None);
        lint.report(rule, at(node), fact).remedy =
            format!("Change the {what}, or its schema at {schema}.");
    }
    Ok(())
}

/// The value at a pointer inside another, or the closest one that exists.
fn inner(document: &Document, value: NodeId, pointer: &str) -> NodeId {
    let mut current = value;
    for key in tokens(pointer) {
        let next = match document.node(current).value {
            Value::Array(elements) => {
                let index = key.parse().ok();
                index.and_then(|index: usize| elements.get(index).copied())
            }
            _ => document.get(current, &key),
        };
        match next {
            Some(next) => current = next,
            None => break,
        }
    }
    current
}
