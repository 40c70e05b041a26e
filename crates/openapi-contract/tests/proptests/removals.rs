//! Removed elements are found, in both directions. Moved elements and other orders of keys are not
//! reported.

use std::collections::BTreeSet;

use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::escape_token;
use openapi_contract::model::Contract;
use openapi_contract::report::{Format, Report, TextStyle, render};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use crate::comparison::{RELATIONS, opposite};
use crate::contracts::{document, read};

/// An element of a document that can be removed from a valid contract.
#[derive(Debug, Clone, PartialEq)]
struct Removable {
    /// The JSON pointer of the object or array that contains the element.
    parent: String,
    /// The key of the element, or its index in an array.
    key: String,
}

/// All elements that can be removed.
fn removables(value: &Value, pointer: &str, found: &mut Vec<Removable>) {
    let mut add = |parent: &str, key: &str| {
        let (parent, key) = (parent.to_owned(), key.to_owned());
        found.push(Removable { parent, key });
    };
    let last = pointer.rsplit('/').next().unwrap_or_default();
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let is_one_of_several = members.len() > 1;
                let can_go = match last {
                    // User-defined names. A property that is sent in one direction only is not
                    // required in the other.
                    "properties" => {
                        member.get("readOnly").is_none() && member.get("writeOnly").is_none()
                    }
                    "paths" | "responses" | "content" => is_one_of_several,
                    "headers" => true,
                    _ if pointer.starts_with("/paths/") && pointer.matches('/').count() == 2 => {
                        is_one_of_several
                    }
                    _ => is_keyword(key),
                };
                if can_go {
                    add(pointer, key);
                }
            }
        }
        Value::Array(elements) => {
            let can_go = match last {
                "parameters" => true,
                "required" | "enum" | "oneOf" | "anyOf" | "allOf" | "security" => {
                    elements.len() > 1
                }
                _ => false,
            };
            for (index, element) in elements.iter().enumerate() {
                if can_go && element.get("in") != Some(&Value::from("path")) {
                    add(pointer, &index.to_string());
                }
            }
        }
        _ => {}
    }
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (escape_token(key), value))
            .collect(),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (key, value) in inside {
        removables(value, &format!("{pointer}/{key}"), found);
    }
}

/// Keywords whose removal allows other values.
fn is_keyword(key: &str) -> bool {
    matches!(
        key,
        "minimum"
            | "maximum"
            | "exclusiveMinimum"
            | "multipleOf"
            | "minLength"
            | "maxLength"
            | "pattern"
            | "format"
            | "enum"
            | "minItems"
            | "maxItems"
            | "uniqueItems"
            | "minProperties"
            | "maxProperties"
            | "additionalProperties"
            | "required"
            | "nullable"
            | "default"
            | "readOnly"
            | "writeOnly"
            | "requestBody"
            | "security"
            | "deprecated"
            | "headers"
            | "explode"
    )
}

/// Removes an element and returns it.
fn remove(document: &mut Value, what: &Removable) -> Value {
    match document.pointer_mut(&what.parent).expect("it exists") {
        Value::Object(members) => members.shift_remove(&what.key).expect("it is a property"),
        Value::Array(elements) => elements.remove(what.key.parse().expect("an index")),
        other => panic!("{other} has no members"),
    }
}

/// Inserts it at another position.
fn insert(document: &mut Value, what: &Removable, value: Value, position: Index) {
    match document.pointer_mut(&what.parent).expect("it exists") {
        Value::Object(members) => {
            let position = position.index(members.len() + 1);
            members.shift_insert(position, what.key.clone(), value);
        }
        Value::Array(elements) => {
            let position = position.index(elements.len() + 1);
            elements.insert(position, value);
        }
        other => panic!("{other} has no members"),
    }
}

/// A contract, and an element that can be removed.
fn removal() -> impl Strategy<Value = (Value, Removable)> {
    (document(), any::<Index>()).prop_map(|(document, index)| {
        let mut found = Vec::new();
        removables(&document, "", &mut found);
        // One element of each kind, so that the many keywords do not hide the few operations.
        let kinds: BTreeSet<String> = found.iter().map(kind).collect();
        let kinds: Vec<String> = kinds.into_iter().collect();
        let chosen = index.get(&kinds);
        let of_kind: Vec<Removable> = found
            .into_iter()
            .filter(|one| kind(one) == *chosen)
            .collect();
        let one = index.get(&of_kind).clone();
        (document, one)
    })
}

fn kind(removable: &Removable) -> String {
    let parent = removable.parent.rsplit('/').next().unwrap_or_default();
    if is_keyword(&removable.key) {
        removable.key.clone()
    } else if removable.parent.matches('/').count() == 2 {
        "methods".to_owned()
    } else {
        parent.to_owned()
    }
}

fn rules(old: &Contract, new: &Contract, relation: Relation) -> BTreeSet<String> {
    let findings = compare(old, new, relation);
    findings
        .iter()
        .map(|finding| finding.rule.id.to_owned())
        .collect()
}

/// Another order of everything without a significant order.
fn reordered(value: &Value, key: &str, turn: usize) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members
                .iter()
                .map(|(key, value)| (key.clone(), reordered(value, key, turn)))
                .collect();
            turned(&mut members, turn);
            Value::Object(members.into_iter().collect())
        }
        Value::Array(elements) => {
            let mut elements: Vec<Value> = elements
                .iter()
                .map(|element| reordered(element, "", turn))
                .collect();
            if matches!(
                key,
                "parameters" | "required" | "enum" | "security" | "tags"
            ) {
                turned(&mut elements, turn);
            }
            elements.into()
        }
        other => other.clone(),
    }
}

fn turned<T>(elements: &mut [T], turn: usize) {
    if !elements.is_empty() {
        let by = turn % elements.len();
        elements.rotate_left(by);
    }
    if turn % 2 == 1 {
        elements.reverse();
    }
}

/// The JSON report without locations, its findings sorted. Otherwise they have the order of the old
/// document.
fn without_places(old: &Contract, new: &Contract) -> Vec<String> {
    let findings = compare(old, new, Relation::Evolution);
    let report = Report {
        title: "law",
        findings: &findings,
        ..Report::default()
    };
    let mut report: Value =
        serde_json::from_str(&render(Format::Json, &report, TextStyle::default()))
            .expect("it is JSON");
    let findings = report["findings"].as_array_mut().expect("an array");
    let mut texts: Vec<String> = findings
        .iter_mut()
        .map(|finding| {
            for side in ["old", "new"] {
                finding[side].take();
            }
            format!("{finding:#}")
        })
        .collect();
    texts.sort();
    texts.push(report["counts"].to_string());
    texts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn moving_an_element_changes_nothing((old, what) in removal(), position in any::<Index>()) {
        let mut restored = old.clone();
        let value = remove(&mut restored, &what);
        insert(&mut restored, &what, value, position);
        let (old, restored) = (read(&old), read(&restored));
        for relation in RELATIONS {
            prop_assert_eq!(compare(&old, &restored, relation), vec![], "{:?}", what);
            prop_assert_eq!(compare(&restored, &old, relation), vec![], "{:?}", what);
        }
    }

    #[test]
    fn removals_are_found_in_both_directions((old, what) in removal()) {
        let mut without = old.clone();
        remove(&mut without, &what);
        let (old, without) = (read(&old), read(&without));
        for relation in [Relation::Evolution, Relation::Drift] {
            prop_assert!(!compare(&old, &without, relation).is_empty(), "{relation:?} {what:?}");
            prop_assert!(!compare(&without, &old, relation).is_empty(), "{relation:?} {what:?}");
        }
        let there = rules(&old, &without, Relation::Drift);
        let there: BTreeSet<String> = there.iter().map(|id| opposite(id)).collect();
        let back = rules(&without, &old, Relation::Drift);
        prop_assert_eq!(there, back, "{:?}", what);
    }

    #[test]
    fn the_order_of_keys_does_not_matter((old, what) in removal(), turns in (0..8_usize, 0..8_usize)) {
        let mut new = old.clone();
        remove(&mut new, &what);
        let (again_old, again_new) = (reordered(&old, "", turns.0), reordered(&new, "", turns.1));
        let [old, new, again_old, again_new] = [&old, &new, &again_old, &again_new].map(read);
        prop_assert_eq!(compare(&old, &again_old, Relation::Evolution), vec![]);
        prop_assert_eq!(without_places(&old, &new), without_places(&again_old, &again_new));
        prop_assert_eq!(without_places(&new, &old), without_places(&again_new, &again_old));
    }

    #[test]
    fn reports_are_deterministic((old, what) in removal()) {
        let mut new = old.clone();
        remove(&mut new, &what);
        let report = || {
            let (old, new) = (read(&old), read(&new));
            let findings = compare(&old, &new, Relation::Evolution);
            let report = Report { title: "law", findings: &findings, ..Report::default() };
            render(Format::Json, &report, TextStyle::default())
        };
        prop_assert_eq!(report(), report());
    }
}
