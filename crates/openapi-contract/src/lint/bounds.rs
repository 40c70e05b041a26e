//! Arrays and strings without a bound, where the contract has one elsewhere.
//!
//! A bound is missed where the same name has it in most other places, and where an operation
//! bounds its pages by a parameter and says nothing about the length of the page itself. Arrays and
//! strings that are unbounded everywhere are a decision, and no finding.

use std::collections::{BTreeMap, HashMap};

use serde_json::Number;

use super::inventory::ObjectKind;
use super::{Lint, PlacedOperation, at};
use crate::document::{Document, NodeId, Value};
use crate::model::{ParameterIn, SchemaId, StatusPattern};
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    names(lint);
    let mut lists = HashMap::new();
    for placed in lint.operations {
        page(lint, placed, &mut lists);
    }
}

/// The places of one name: a schema, with its bound where it has one.
#[derive(Default)]
struct BoundedSchemas {
    bounded: Vec<(NodeId, Number)>,
    unbounded: Vec<NodeId>,
}

fn names(lint: &mut Lint<'_>) {
    let document = lint.document;
    let mut places: BTreeMap<(&str, &str), BoundedSchemas> = BTreeMap::new();
    let mut note = |name, schema| {
        let Some(keyword) = bound_keyword(document, schema) else {
            return;
        };
        let places = places.entry((name, keyword)).or_default();
        match document
            .get(schema, keyword)
            .map(|node| document.node(node).value)
        {
            Some(Value::Number(bound)) => places.bounded.push((schema, bound.clone())),
            Some(_) => {}
            None => places.unbounded.push(schema),
        }
    };
    for part in &lint.inventory.parts {
        match part.kind {
            ObjectKind::Schema => {
                for entry in document.members(part.node, "properties") {
                    note(entry.key, entry.value);
                }
            }
            ObjectKind::Parameter => {
                let name = document.get_text(part.node, "name");
                if let Some((name, schema)) = name.zip(document.get(part.node, "schema")) {
                    note(name, schema);
                }
            }
            _ => {}
        }
    }
    for ((name, keyword), places) in places {
        let Some((first, bound)) = places.bounded.first() else {
            continue;
        };
        let is_agreed = places.bounded.iter().all(|(_, other)| other == bound);
        if !is_agreed || places.bounded.len() < places.unbounded.len() {
            continue;
        }
        let line = document
            .source_of(*first)
            .position(document.node(*first).span.start)
            .line;
        for &schema in &places.unbounded {
            let fact =
                format!("`{name}` has no `{keyword}` here, and one of {bound} at line {line}");
            let rule = match keyword {
                "maxItems" => rules::LIST_UNBOUNDED,
                _ => rules::STRING_UNBOUNDED,
            };
            lint.found(rule, at(schema), fact);
        }
    }
}

/// The keyword that bounds a list or string; nothing for other types, and for strings whose values
/// are bounded in another way.
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

/// Names of parameters that say how long a page may be.
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

/// The unbounded list of each body that was looked at.
type UnboundedLists = HashMap<SchemaId, Option<(String, NodeId)>>;

fn page(lint: &mut Lint<'_>, placed: &PlacedOperation<'_>, lists: &mut UnboundedLists) {
    let document = lint.document;
    let limit = placed
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
    for (status, response) in &placed.operation.responses {
        if !matches!(
            status,
            StatusPattern::Code(200..=299) | StatusPattern::Range(2)
        ) {
            continue;
        }
        for body in response.content.values() {
            let known = lists.entry(body.schema);
            let Some((path, list)) = known.or_insert_with(|| list(lint, body.schema)) else {
                continue;
            };
            let fact = format!(
                "the list `{path}` has no `maxItems`, while `{limit}` is at most {maximum}"
            );
            lint.found(rules::LIST_UNBOUNDED, at(*list).of(placed), fact);
        }
    }
}

/// The one list of a page, if it is unbounded: the body, or a member of it or of its members. Where
/// there are several it is the only one of objects.
fn list(lint: &Lint<'_>, body: SchemaId) -> Option<(String, NodeId)> {
    let schemas = &lint.contract.schemas;
    let mut level = vec![("$".to_owned(), body)];
    for _ in 0..3 {
        let lists: Vec<_> = level
            .iter()
            .filter_map(|(path, id)| Some((path, *id, schemas.get(*id).array.as_ref()?)))
            .collect();
        let of_objects = || {
            let mut lists = lists
                .iter()
                .filter(|(_, _, rules)| schemas.get(rules.items).object.is_some());
            lists.next().filter(|_| lists.next().is_none())
        };
        match &lists[..] {
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
    let is_list_alone =
        schema.object.is_none() && schema.string.is_none() && rules.constants.is_none();
    let node = *schema.sources.first()?;
    is_list_alone.then(|| (path.to_owned(), node))
}
