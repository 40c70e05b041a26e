//! Finds the operations and component schemas that progenitor rejects, with a bounded amount of work.
//!
//! Most rejected parts are rejected for what they contain, whatever the rest of the contract is. They are
//! found in documents in which every other component schema allows any value: such a document is as small
//! as the parts in question, however many components they refer to. What is rejected only together with
//! its dependencies is searched in documents that contain these.

use std::collections::{BTreeSet, VecDeque};

use openapi_contract::document::escape_token;
use serde_json::{Map, Value};

use super::budget::{Budget, Outcome};
use super::subdocument::{self, Item};
use crate::references::collect_references;

/// An operation or component schema to remove.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Culprit {
    pub(super) item: Item,
    /// The message of progenitor.
    pub(super) message: String,
    /// The number of items that are removed together, because the budget does not allow to find out which of
    /// them is rejected.
    pub(super) group: usize,
}

/// Returns what to remove from a document that is rejected with a message; nothing if no part of it is rejected.
pub(super) fn rejected(document: &Value, message: &str, budget: &mut Budget) -> Vec<Culprit> {
    let operations = subdocument::operations(document);
    let schemas = subdocument::schemas(document);
    let all: Vec<Item> = schemas.iter().chain(&operations).cloned().collect();
    let mut culprits = on_their_own(document, &all, message, budget);
    if culprits.is_empty() {
        culprits = with_dependencies(document, [&schemas, &operations], message, budget);
    }
    // Without any part there is no client.
    if culprits.len() == all.len() && culprits.iter().any(|culprit| culprit.group > 1) {
        return Vec::new();
    }
    culprits
}

/// Finds what is rejected for its own content.
fn on_their_own(
    document: &Value,
    all: &[Item],
    message: &str,
    budget: &mut Budget,
) -> Vec<Culprit> {
    let isolated = |items: &[Item]| subdocument::isolated(document, items);
    if budget.run(isolated(&[])) != Outcome::Accepted {
        // The form of these documents is at fault, or the budget is spent.
        return Vec::new();
    }
    let reserve = budget.take_half_a_run();
    let mut search = Bisection::new(isolated);
    search.bisect(Group::inferred(all, message), budget);
    budget.give_back(reserve);
    let mut culprits = search.culprits;
    // A dependency can make acceptable what is rejected without it.
    let mut part = budget.take_half_a_run();
    let mut is_spent = false;
    culprits.retain_mut(|culprit| {
        if culprit.group > 1 || is_spent {
            return true;
        }
        let items = std::slice::from_ref(&culprit.item);
        match part.run(subdocument::with_dependencies(document, items)) {
            Outcome::Accepted => return false,
            Outcome::Rejected(message) => culprit.message = message,
            Outcome::Unaffordable => is_spent = true,
        }
        true
    });
    budget.give_back(part);
    culprits
}

/// Finds what is rejected together with the component schemas that it refers to.
fn with_dependencies(
    document: &Value,
    [schemas, operations]: [&[Item]; 2],
    message: &str,
    budget: &mut Budget,
) -> Vec<Culprit> {
    let with = |items: &[Item]| subdocument::with_dependencies(document, items);
    let group = match budget.run(with(schemas)) {
        Outcome::Rejected(message) => Group::rejected(schemas, message),
        Outcome::Accepted => Group::inferred(operations, message),
        Outcome::Unaffordable => return Vec::new(),
    };
    let mut search = Bisection::new(with);
    search.bisect(group, budget);
    let mut culprits = search.culprits;
    let dependencies = |item: &Item| match item {
        Item::Operation(_) => 0,
        Item::Schema(name) => {
            let mut reached = BTreeSet::new();
            collect_references(document, subdocument::schema(document, name), &mut reached);
            reached.len()
        }
    };
    // What refers to a rejected schema is rejected as well.
    let single = culprits.iter().filter(|culprit| culprit.group == 1);
    let least = single.map(|culprit| dependencies(&culprit.item)).min();
    culprits.retain(|culprit| culprit.group > 1 || Some(dependencies(&culprit.item)) == least);
    culprits
}

/// Returns the JSON pointer of the innermost part of a component schema that has to be removed for progenitor to
/// accept it, or `None` if the schema is rejected for several parts.
pub(super) fn rejected_subschema(
    document: &Value,
    name: &str,
    budget: &mut Budget,
) -> Option<String> {
    let item = [Item::Schema(name.to_owned())];
    let mut part = subdocument::isolated(document, &item);
    if !matches!(budget.run(part.clone()), Outcome::Rejected(_)) {
        part = subdocument::with_dependencies(document, &item);
    }
    let mut at = format!("/components/schemas/{}", escape_token(name));
    let mut found = None;
    loop {
        let inner = subschemas(part.pointer(&at)?.as_object()?, &at);
        match only_rejected(&part, &inner, budget) {
            Some(inner) => {
                at = inner.clone();
                found = Some(inner);
            }
            None => return found,
        }
    }
}

/// The JSON pointers of the subschemas of a schema.
fn subschemas(schema: &Map<String, Value>, at: &str) -> Vec<String> {
    let mut inside = Vec::new();
    for (key, value) in schema {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => inside.extend(
                properties
                    .keys()
                    .map(|property| format!("{at}/properties/{}", escape_token(property))),
            ),
            ("items" | "additionalProperties", Value::Object(_)) => {
                inside.push(format!("{at}/{key}"));
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => {
                inside.extend((0..parts.len()).map(|index| format!("{at}/{key}/{index}")));
            }
            _ => {}
        }
    }
    inside
}

/// Returns the only one of the subschemas without which the document is accepted.
fn only_rejected(document: &Value, subschemas: &[String], budget: &mut Budget) -> Option<String> {
    let mut rest = subschemas;
    let mut is_accepted_without = |subschemas: &[String]| {
        let mut without = document.clone();
        for pointer in subschemas {
            if let Some(schema) = without.pointer_mut(pointer) {
                *schema = Value::Object(Map::new());
            }
        }
        budget.run(without) == Outcome::Accepted
    };
    while rest.len() > 1 {
        let (left, right) = rest.split_at(rest.len() / 2);
        rest = if is_accepted_without(left) {
            left
        } else {
            right
        };
    }
    let [only] = rest else { return None };
    is_accepted_without(rest).then(|| only.clone())
}

/// Items, at least one of which is rejected.
struct Group<'i> {
    items: &'i [Item],
    /// The message of progenitor for the items, or for a larger group of which the rest is accepted.
    message: String,
    /// Whether the items were tried.
    is_tried: bool,
}

impl<'i> Group<'i> {
    fn rejected(items: &'i [Item], message: String) -> Self {
        Self {
            items,
            message,
            is_tried: true,
        }
    }

    fn inferred(items: &'i [Item], message: &str) -> Self {
        Self {
            items,
            message: message.to_owned(),
            is_tried: false,
        }
    }
}

/// A search by bisection in the documents that `document` makes of items.
struct Bisection<F> {
    document: F,
    culprits: Vec<Culprit>,
}

impl<F: Fn(&[Item]) -> Value> Bisection<F> {
    fn new(document: F) -> Self {
        Self {
            document,
            culprits: Vec::new(),
        }
    }

    /// Splits groups, the largest first, until the budget is spent. What is left of a group is removed as it is.
    fn bisect(&mut self, group: Group<'_>, budget: &mut Budget) {
        let mut groups = VecDeque::from([group]);
        while let Some(group) = groups.pop_front() {
            let Some(halves) = self.halves(&group, budget) else {
                let count = group.items.len();
                let culprits = group.items.iter().map(|item| Culprit {
                    item: item.clone(),
                    message: group.message.clone(),
                    group: count,
                });
                self.culprits.extend(culprits);
                continue;
            };
            groups.extend(halves);
        }
    }

    /// The rejected parts of a group; `None` if it cannot be split.
    fn halves<'i>(&self, group: &Group<'i>, budget: &mut Budget) -> Option<Vec<Group<'i>>> {
        let (left, right) = match group.items {
            [_] if group.is_tried => return None,
            [] | [_] => (group.items, None),
            items => {
                let (left, right) = items.split_at(items.len() / 2);
                (left, Some(right))
            }
        };
        let left_document = (self.document)(left);
        let right = right.map(|right| (right, (self.document)(right)));
        let mut documents = vec![&left_document];
        documents.extend(right.as_ref().map(|(_, document)| document));
        if !budget.allows(&documents) {
            return None;
        }
        let Outcome::Rejected(message) = budget.run(left_document) else {
            // The right half is tried when it is a single item. Until then its halves are.
            let right = right.map(|(right, _)| Group::inferred(right, &group.message));
            return Some(right.into_iter().collect());
        };
        let mut halves = vec![Group::rejected(left, message)];
        if let Some((right, document)) = right
            && let Outcome::Rejected(message) = budget.run(document)
        {
            halves.push(Group::rejected(right, message));
        }
        Some(halves)
    }
}
