//! Arrays and strings without a bound, if the contract has one elsewhere.
//!
//! A bound is missed if most schemas with the same name have it, or if a parameter of an operation
//! limits the page size and the page itself has no limit. Arrays and strings that are unbounded
//! everywhere are considered intentional.

use std::collections::{BTreeMap, HashMap};

use serde_json::Number;

use super::inventory::ObjectKind;
use super::{Lint, PathOperation, at};
use crate::document::{Document, NodeId, Value};
use crate::model::{ParameterIn, SchemaId, StatusPattern};
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    names(lint);
    let mut arrays = HashMap::new();
    for path_operation in lint.operations {
        page(lint, path_operation, &mut arrays);
    }
}

/// The schemas with one name, by whether they have a bound.
#[derive(Default)]
struct BoundedSchemas {
    bounded: Vec<(NodeId, Number)>,
    unbounded: Vec<NodeId>,
}

fn names(lint: &mut Lint<'_>) {
    let document = lint.document;
    let mut names: BTreeMap<(&str, &str), BoundedSchemas> = BTreeMap::new();
    let mut record = |name, schema| {
        let Some(keyword) = bound_keyword(document, schema) else {
            return;
        };
        let schemas = names.entry((name, keyword)).or_default();
        match document
            .get(schema, keyword)
            .map(|node| document.node(node).value)
        {
            Some(Value::Number(bound)) => schemas.bounded.push((schema, bound.clone())),
            Some(_) => {}
            None => schemas.unbounded.push(schema),
        }
    };
    for part in &lint.inventory.parts {
        match part.kind {
            ObjectKind::Schema => {
                for entry in document.members(part.node, "properties") {
                    record(entry.key, entry.value);
                }
            }
            ObjectKind::Parameter => {
                let name = document.get_text(part.node, "name");
                if let Some((name, schema)) = name.zip(document.get(part.node, "schema")) {
                    record(name, schema);
                }
            }
            _ => {}
        }
    }
    for ((name, keyword), schemas) in names {
        let Some((first, bound)) = schemas.bounded.first() else {
            continue;
        };
        let is_agreed = schemas.bounded.iter().all(|(_, other)| other == bound);
        if !is_agreed || schemas.bounded.len() < schemas.unbounded.len() {
            continue;
        }
        let line = document
            .source_of(*first)
            .position(document.node(*first).span.start)
            .line;
        for &schema in &schemas.unbounded {
            let fact = format!(
                "`{name}` has no `{keyword}`, but `{name}` on line {line} has `{keyword}: {bound}`"
            );
            let rule = match keyword {
                "maxItems" => rules::LIST_UNBOUNDED,
                _ => rules::STRING_UNBOUNDED,
            };
            let finding = lint.report(rule, at(schema), fact);
            if keyword == "maxLength" {
                finding.consequence =
                    format!("A value that is valid here may be too long on line {line}.");
            }
            finding.remedy =
                format!("Add `{keyword}: {bound}`, or use a reference to one schema everywhere.");
        }
    }
}

/// The keyword that bounds an array or string; `None` for other types, and for strings that are bounded
/// by other keywords.
fn bound_keyword(document: &Document, schema: NodeId) -> Option<&'static str> {
    let has = |key: &str| document.get(schema, key).is_some();
    match document.get_text(schema, "type")? {
        "array" => Some("maxItems"),
        "string"
            if !["enum", "const", "format", "pattern"]
                .iter()
                .any(|key| has(key)) =>
        {
            Some("maxLength")
        }
        _ => None,
    }
}

/// Names of parameters that limit the page size.
const LIMITS: [&str; 9] = [
    "limit",
    "per_page",
    "perPage",
    "page_size",
    "pageSize",
    "max_results",
    "maxResults",
    "size",
    "count",
];

/// The unbounded array of each body that was checked.
type UnboundedArrays = HashMap<SchemaId, Option<(String, NodeId)>>;

fn page(lint: &mut Lint<'_>, path_operation: &PathOperation<'_>, arrays: &mut UnboundedArrays) {
    let document = lint.document;
    let limit = path_operation
        .operation
        .parameters
        .iter()
        .find_map(|(key, parameter)| {
            let is_limit = key.location == ParameterIn::Query && LIMITS.contains(&&*key.name);
            let schema = parameter.schema_node.filter(|_| is_limit)?;
            let maximum = document.get(document.resolve(schema).ok()?, "maximum")?;
            match document.node(maximum).value {
                Value::Number(maximum) => Some((&parameter.name, maximum)),
                _ => None,
            }
        });
    let Some((limit, maximum)) = limit else {
        return;
    };
    for (status, response) in &path_operation.operation.responses {
        if !matches!(
            status,
            StatusPattern::Code(200..=299) | StatusPattern::Range(2)
        ) {
            continue;
        }
        for body in response.content.values() {
            let known = arrays.entry(body.schema);
            let Some((path, node)) = known.or_insert_with(|| page_array(lint, body.schema)) else {
                continue;
            };
            let fact = format!(
                "the array `{path}` has no `maxItems`, although `{limit}` has `maximum: {maximum}`"
            );
            lint.report(rules::LIST_UNBOUNDED, at(*node).of(path_operation), fact)
                .remedy = format!("Add `maxItems: {maximum}`.");
        }
    }
}

/// The array of a page, if it is unbounded: the body, or a property of it or of its properties. If there
/// are several, it is the only one of objects.
fn page_array(lint: &Lint<'_>, body: SchemaId) -> Option<(String, NodeId)> {
    let schemas = &lint.contract.schemas;
    let mut level = vec![("$".to_owned(), body)];
    for _ in 0..3 {
        let arrays: Vec<_> = level
            .iter()
            .filter_map(|(path, id)| Some((path, *id, schemas.get(*id).array.as_ref()?)))
            .collect();
        let of_objects = || {
            let mut arrays = arrays
                .iter()
                .filter(|(_, _, rules)| schemas.get(rules.items).object.is_some());
            arrays.next().filter(|_| arrays.next().is_none())
        };
        match &arrays[..] {
            [] => {}
            [only] => return unbounded(lint, only.0, only.1),
            _ => return of_objects().and_then(|(path, id, _)| unbounded(lint, path, *id)),
        }
        level = level
            .iter()
            .filter_map(|(path, id)| Some((path, schemas.get(*id).object.as_ref()?)))
            .flat_map(|(path, rules)| {
                let properties = rules.properties.iter();
                properties.map(move |(name, &id)| (format!("{path}.{name}"), id))
            })
            .collect();
    }
    None
}

fn unbounded(lint: &Lint<'_>, path: &str, id: SchemaId) -> Option<(String, NodeId)> {
    let schema = lint.contract.schemas.get(id);
    let rules = schema
        .array
        .as_ref()
        .filter(|rules| rules.max_items.is_none())?;
    let is_array_only =
        schema.object.is_none() && schema.string.is_none() && rules.constants.is_none();
    let node = *schema.sources.first()?;
    is_array_only.then(|| (path.to_owned(), node))
}
