//! Finds the operations and component schemas that progenitor rejects, with a bounded amount of work.
//!
//! Most rejected parts are rejected for what they contain, whatever the rest of the contract is. They are
//! found in documents in which every other component schema allows any value: such a document is as small
//! as the parts in question, however many components they refer to. What is rejected only together with
//! its dependencies is searched in documents that contain these.

use std::collections::BTreeSet;

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
    let mut search = Bisection::default();
    // Few rejected items are found by bisection with less work than one run; many are found with less work by a
    // run for each.
    let mut part = budget.take_one_run();
    let all = Group::new(all, Verdict::Inferred(message.to_owned()));
    search.bisect(all, &mut |items| part.run(isolated(items)));
    budget.give_back(part);
    for group in std::mem::take(&mut search.pending) {
        let run = &mut |items: &[Item]| budget.run(isolated(items));
        if !matches!(group.verdict, Verdict::Unknown) {
            search.one_by_one(group, run);
        } else if let Outcome::Rejected(message) = run(group.items) {
            search.one_by_one(Group::new(group.items, Verdict::Rejected(message)), run);
        }
    }
    let mut culprits = search.culprits();
    // A dependency can make acceptable what is rejected without it.
    let mut part = budget.take_one_run();
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
    let mut search = Bisection::default();
    let group = match budget.run(with(schemas)) {
        Outcome::Rejected(message) => Group::new(schemas, Verdict::Rejected(message)),
        Outcome::Accepted => Group::new(operations, Verdict::Inferred(message.to_owned())),
        Outcome::Unaffordable => return Vec::new(),
    };
    search.bisect(group, &mut |items| budget.run(with(items)));
    // The groups that are left are removed as they are.
    let mut culprits = search.culprits();
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

/// Items, at least one of which is or may be rejected.
struct Group<'i> {
    items: &'i [Item],
    verdict: Verdict,
}

#[derive(Clone)]
enum Verdict {
    /// The items were tried together, with this message of progenitor.
    Rejected(String),
    /// A larger group is rejected with this message, but not the rest of it.
    Inferred(String),
    Unknown,
}

impl<'i> Group<'i> {
    fn new(items: &'i [Item], verdict: Verdict) -> Self {
        Self { items, verdict }
    }
}

/// A search by bisection, and its result.
#[derive(Default)]
struct Bisection<'i> {
    found: Vec<(&'i Item, String)>,
    /// What the budget did not suffice for.
    pending: Vec<Group<'i>>,
}

impl<'i> Bisection<'i> {
    fn bisect(&mut self, group: Group<'i>, run: &mut impl FnMut(&[Item]) -> Outcome) {
        let (left, right) = match group.items {
            [] => return,
            [_] => return self.one_by_one(group, run),
            items => items.split_at(items.len() / 2),
        };
        let inferred = match &group.verdict {
            Verdict::Rejected(message) | Verdict::Inferred(message) => {
                Verdict::Inferred(message.clone())
            }
            Verdict::Unknown => Verdict::Unknown,
        };
        match run(left) {
            Outcome::Unaffordable => self.pending.push(group),
            Outcome::Accepted => self.bisect(Group::new(right, inferred), run),
            Outcome::Rejected(message) => {
                self.bisect(Group::new(left, Verdict::Rejected(message)), run);
                match run(right) {
                    Outcome::Unaffordable => {
                        self.pending.push(Group::new(right, Verdict::Unknown));
                    }
                    Outcome::Accepted => {}
                    Outcome::Rejected(message) => {
                        self.bisect(Group::new(right, Verdict::Rejected(message)), run);
                    }
                }
            }
        }
    }

    /// Tries each item of a group, unless it is one that was tried. What remains untried is pending.
    fn one_by_one(&mut self, group: Group<'i>, run: &mut impl FnMut(&[Item]) -> Outcome) {
        if let ([item], Verdict::Rejected(message)) = (group.items, &group.verdict) {
            self.found.push((item, message.clone()));
            return;
        }
        let before = self.found.len();
        for (index, item) in group.items.iter().enumerate() {
            match run(std::slice::from_ref(item)) {
                Outcome::Accepted => {}
                Outcome::Rejected(message) => self.found.push((item, message)),
                Outcome::Unaffordable => {
                    let rest = &group.items[index..];
                    // The items that were found can be the only ones.
                    let verdict = if self.found.len() == before {
                        group.verdict
                    } else {
                        Verdict::Unknown
                    };
                    self.pending.push(Group::new(rest, verdict));
                    return;
                }
            }
        }
    }

    /// The rejected items, and those of the groups that are known to contain one.
    fn culprits(self) -> Vec<Culprit> {
        let single = self.found.into_iter().map(|(item, message)| Culprit {
            item: item.clone(),
            message,
            group: 1,
        });
        let groups = self.pending.into_iter().filter_map(|group| {
            let message = match group.verdict {
                Verdict::Rejected(message) | Verdict::Inferred(message) => message,
                Verdict::Unknown => return None,
            };
            let count = group.items.len();
            Some(group.items.iter().map(move |item| Culprit {
                item: item.clone(),
                message: message.clone(),
                group: count,
            }))
        });
        single.chain(groups.flatten()).collect()
    }
}
