//! Parameters: which there are, whether they must be sent, and how they are written.

use serde_json::Value;

use super::cursor::Cursor;
use super::difference::{Candidates, Difference, Effect};
use super::verdict::Verdicts;
use super::{Relation, schemas, sunset};
use crate::finding::{Level, Location};
use crate::model::{Contract, Operation, Parameter, ParameterIn};
use crate::rules;
use crate::witness::{MessagePart, OperationKeys, Side, WitnessSearch};

/// Compares the parameters of an operation.
pub(super) fn compare(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    (old, new): (&Operation, &Operation),
    today: Option<&str>,
) {
    let [old_name, new_name] = verdicts.relation.names();
    for (name, parameter) in &old.parameters {
        let at = Cursor::part(keys, MessagePart::Parameter(name.clone()));
        if let Some(other) = new.parameters.get(name) {
            parameter_pair(verdicts, &at, parameter, other);
            continue;
        }
        let kind = name.location;
        let mut fact = format!(
            "{old_name} has the {kind} parameter `{}`, {new_name} does not",
            parameter.name
        );
        let mut rule = rules::PARAMETER_REMOVED;
        let sunset = sunset::come(parameter.deprecated, parameter.sunset.as_deref(), today);
        if let Some(sunset) = sunset {
            rule = rules::PARAMETER_REMOVED_AFTER_SUNSET;
            fact = format!("{fact}; it was to go on {sunset}");
        }
        verdicts.report(
            &at,
            Difference {
                rule,
                effect: Effect::Unless(Level::Risky),
                fact,
                old: Location::new(&verdicts.old.document, parameter.node, None),
                new: list_place(verdicts.new, new),
                candidates: Candidates::Messages(with_and_without_parameter, String::new()),
            },
        );
    }
    for (name, parameter) in &new.parameters {
        if old.parameters.contains_key(name) {
            continue;
        }
        let at = Cursor::part(keys, MessagePart::Parameter(name.clone()));
        let kind = name.location;
        let required = if parameter.required { "required " } else { "" };
        verdicts.report(
            &at,
            Difference {
                rule: rules::PARAMETER_ADDED,
                effect: if parameter.required {
                    Effect::Narrows
                } else {
                    Effect::Unless(Level::Compatible)
                },
                fact: format!(
                    "{new_name} has the {required}{kind} parameter `{}`, {old_name} does not",
                    parameter.name
                ),
                old: list_place(verdicts.old, old),
                new: Location::new(&verdicts.new.document, parameter.node, None),
                candidates: Candidates::Messages(with_and_without_parameter, String::new()),
            },
        );
    }
}

/// The place of an operation's parameters, or of the operation where it has none.
fn list_place(contract: &Contract, operation: &Operation) -> Location {
    Location::new(&contract.document, operation.node, Some("parameters"))
}

fn parameter_pair(verdicts: &mut Verdicts<'_>, at: &Cursor<'_>, old: &Parameter, new: &Parameter) {
    let [old_name, new_name] = verdicts.relation.names();
    let (old_document, new_document) = (&verdicts.old.document, &verdicts.new.document);
    let places = |member: &str| {
        (
            Location::new(old_document, old.node, Some(member)),
            Location::new(new_document, new.node, Some(member)),
        )
    };
    let change = |rule, effect, fact, member, candidates| {
        let (old, new) = places(member);
        Difference {
            rule,
            effect,
            fact,
            old,
            new,
            candidates,
        }
    };
    let mut differences = Vec::new();
    if old.required != new.required {
        let (rule, effect, who) = if new.required {
            (rules::PARAMETER_BECAME_REQUIRED, Effect::Narrows, new_name)
        } else {
            (rules::PARAMETER_BECAME_OPTIONAL, Effect::Widens, old_name)
        };
        let fact = format!("`{}` is required in {who} only", old.name);
        let candidates = Candidates::Messages(with_and_without_parameter, String::new());
        differences.push(change(rule, effect, fact, "required", candidates));
    }
    if old.style != new.style {
        let fact = format!(
            "`{}` is written as {} in {old_name} and as {} in {new_name}",
            old.name, old.style, new.style
        );
        // The model holds values, not their spelling on the wire, so there is no message to show.
        let effect = Effect::Unknown;
        differences.push(change(
            rules::PARAMETER_STYLE_CHANGED,
            effect,
            fact,
            "style",
            Candidates::None,
        ));
    }
    if old.name != new.name && at_path(at) {
        let fact = format!(
            "the path parameter is `{}` in {old_name} and `{}` in {new_name}",
            old.name, new.name
        );
        let effect = Effect::Unless(Level::Editorial);
        differences.push(change(
            rules::PARAMETER_RENAMED,
            effect,
            fact,
            "name",
            Candidates::None,
        ));
    }
    if old.deprecated != new.deprecated {
        let (rule, who) = if new.deprecated {
            (rules::VALUE_DEPRECATED, new_name)
        } else {
            (rules::VALUE_UNDEPRECATED, old_name)
        };
        let fact = format!("`{}` is deprecated in {who} only", old.name);
        let effect = Effect::Unless(Level::Compatible);
        differences.push(change(rule, effect, fact, "deprecated", Candidates::None));
    }
    if verdicts.relation == Relation::Evolution && old.sunset != new.sunset {
        let (fact, level) = sunset::change(old.sunset.as_deref(), new.sunset.as_deref());
        let (rule, effect) = (rules::SUNSET_CHANGED, Effect::Unless(level));
        differences.push(change(rule, effect, fact, "x-sunset", Candidates::None));
    }
    if old.description != new.description {
        let fact = format!("the description of `{}` reads differently", old.name);
        let effect = Effect::Unless(Level::Editorial);
        differences.push(change(
            rules::DESCRIPTION_CHANGED,
            effect,
            fact,
            "description",
            Candidates::None,
        ));
    }
    for difference in differences {
        verdicts.report(at, difference);
    }
    schemas::compare(verdicts, at, (old.schema, old.node), (new.schema, new.node));
}

fn at_path(at: &Cursor<'_>) -> bool {
    matches!(&at.part, Some(MessagePart::Parameter(key)) if key.location == ParameterIn::Path)
}

/// Requests of `side` with the parameter and without it, where it allows them.
fn with_and_without_parameter(
    search: &WitnessSearch<'_>,
    side: Side,
    at: &Cursor<'_>,
) -> Vec<Value> {
    let contract = search.contract(side);
    let (Some(operation), Some(MessagePart::Parameter(key))) =
        (at.keys.operation(contract), &at.part)
    else {
        return Vec::new();
    };
    let mut without = search.request(side, operation);
    if let Some(group) = without
        .get_mut(key.location.to_string())
        .and_then(Value::as_object_mut)
    {
        group.remove(&key.name);
    }
    let mut with = without.clone();
    let value = operation
        .parameters
        .get(key)
        .and_then(|parameter| crate::witness::sample(contract, parameter.schema));
    let Some(value) = value else {
        return vec![without];
    };
    with[key.location.to_string()][&key.name] = value;
    vec![without, with]
}
