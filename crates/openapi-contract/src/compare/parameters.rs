//! Parameters: which exist, which are required, and how they are serialized.

use super::change::{Change, ChangedItem};
use super::cursor::Cursor;
use super::difference::{Candidates, Difference, Effect};
use super::verdict::Verdicts;
use super::{Relation, candidates, schemas, sunset};
use crate::finding::{Level, Location};
use crate::model::{Contract, Operation, Parameter, ParameterEncoding, ParameterIn};
use crate::rules;
use crate::witness::{OperationKeys, PartKey, Side};

/// Compares the parameters of an operation.
pub(super) fn compare(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    (old, new): (&Operation, &Operation),
    today: Option<&str>,
) {
    for (name, parameter) in &old.parameters {
        let at = Cursor::part(keys, PartKey::Parameter(name.clone()));
        if let Some(other) = new.parameters.get(name) {
            parameter_pair(verdicts, &at, parameter, other);
            continue;
        }
        let sunset = sunset::passed(parameter.deprecated, parameter.sunset.as_deref(), today);
        let rule = match sunset {
            Some(_) => rules::PARAMETER_REMOVED_AFTER_SUNSET,
            None => rules::PARAMETER_REMOVED,
        };
        let what = ChangedItem {
            sunset: sunset.map(str::to_owned),
            ..format!("the {} parameter `{}`", name.location, parameter.name).into()
        };
        verdicts.report(
            &at,
            Difference {
                rule,
                effect: Effect::Unless(Level::Risky),
                change: Change::only(what, Side::Old),
                old: Location::new(&verdicts.old.document, parameter.node, None),
                new: list_location(verdicts.new, new),
                candidates: Candidates::Messages(
                    candidates::with_and_without_parameter,
                    String::new(),
                ),
            },
        );
    }
    for (name, parameter) in &new.parameters {
        if old.parameters.contains_key(name) {
            continue;
        }
        let at = Cursor::part(keys, PartKey::Parameter(name.clone()));
        let kind = name.location;
        verdicts.report(
            &at,
            Difference {
                rule: rules::PARAMETER_ADDED,
                effect: if parameter.required {
                    Effect::Narrows
                } else {
                    Effect::Unless(Level::Compatible)
                },
                change: Change::only(
                    ChangedItem::named(
                        &format!("{kind} parameter `{}`", parameter.name),
                        parameter.required,
                    ),
                    Side::New,
                ),
                old: list_location(verdicts.old, old),
                new: Location::new(&verdicts.new.document, parameter.node, None),
                candidates: Candidates::Messages(
                    candidates::with_and_without_parameter,
                    String::new(),
                ),
            },
        );
    }
}

/// The location of an operation's parameters, or of the operation itself.
fn list_location(contract: &Contract, operation: &Operation) -> Location {
    Location::new(&contract.document, operation.node, Some("parameters"))
}

fn parameter_pair(verdicts: &mut Verdicts<'_>, at: &Cursor<'_>, old: &Parameter, new: &Parameter) {
    let (old_document, new_document) = (&verdicts.old.document, &verdicts.new.document);
    let locations = |keyword: &str| {
        (
            Location::new(old_document, old.node, Some(keyword)),
            Location::new(new_document, new.node, Some(keyword)),
        )
    };
    let difference = |rule, effect, change, keyword, candidates| {
        let (old, new) = locations(keyword);
        Difference {
            rule,
            effect,
            change,
            old,
            new,
            candidates,
        }
    };
    let mut differences = Vec::new();
    if old.required != new.required {
        let (rule, effect, side) = if new.required {
            (rules::PARAMETER_BECAME_REQUIRED, Effect::Narrows, Side::New)
        } else {
            (rules::PARAMETER_BECAME_OPTIONAL, Effect::Widens, Side::Old)
        };
        let what = format!("`{}`", old.name);
        let change = Change::Required { what, side };
        let candidates =
            Candidates::Messages(candidates::with_and_without_parameter, String::new());
        differences.push(difference(rule, effect, change, "required", candidates));
    }
    if old.encoding != new.encoding {
        let change = Change::Named {
            noun: format!("the serialization of `{}`", old.name),
            old: format!("`{}`", in_openapi(&old.encoding)),
            new: format!("`{}`", in_openapi(&new.encoding)),
        };
        // Messages hold values without their serialization, so there is none to show.
        let effect = Effect::Unknown;
        differences.push(difference(
            rules::PARAMETER_STYLE_CHANGED,
            effect,
            change,
            "style",
            Candidates::None,
        ));
    }
    if old.name != new.name && at_path(at) {
        let change = Change::Named {
            noun: "the name of the path parameter".to_owned(),
            old: format!("`{}`", old.name),
            new: format!("`{}`", new.name),
        };
        let effect = Effect::Unless(Level::Editorial);
        differences.push(difference(
            rules::PARAMETER_RENAMED,
            effect,
            change,
            "name",
            Candidates::None,
        ));
    }
    if old.deprecated != new.deprecated {
        let (rule, side) = if new.deprecated {
            (rules::VALUE_DEPRECATED, Side::New)
        } else {
            (rules::VALUE_UNDEPRECATED, Side::Old)
        };
        let what = format!("`{}`", old.name);
        let change = Change::Deprecated { what, side };
        let effect = Effect::Unless(Level::Compatible);
        differences.push(difference(
            rule,
            effect,
            change,
            "deprecated",
            Candidates::None,
        ));
    }
    if verdicts.relation == Relation::Evolution && old.sunset != new.sunset {
        let (change, level) = sunset::change(old.sunset.as_deref(), new.sunset.as_deref());
        let (rule, effect) = (rules::SUNSET_CHANGED, Effect::Unless(level));
        differences.push(difference(
            rule,
            effect,
            change,
            "x-sunset",
            Candidates::None,
        ));
    }
    if old.description != new.description {
        let noun = format!("the description of `{}`", old.name);
        let change = Change::text(noun, old.description.as_ref(), new.description.as_ref());
        let effect = Effect::Unless(Level::Editorial);
        differences.push(difference(
            rules::DESCRIPTION_CHANGED,
            effect,
            change,
            "description",
            Candidates::None,
        ));
    }
    for difference in differences {
        verdicts.report(at, difference);
    }
    schemas::compare(verdicts, at, (old.schema, old.node), (new.schema, new.node));
}

/// An encoding in the words of OpenAPI: `style: form, explode: true`.
fn in_openapi(encoding: &ParameterEncoding) -> String {
    let styled = match encoding {
        ParameterEncoding::Styled(styled) => styled,
        ParameterEncoding::Content(media_type) => return media_type.to_string(),
    };
    let mut text = format!("style: {}, explode: {}", styled.style, styled.explode);
    if styled.allow_reserved {
        text += ", allowReserved: true";
    }
    if styled.allow_empty {
        text += ", allowEmptyValue: true";
    }
    text
}

fn at_path(at: &Cursor<'_>) -> bool {
    matches!(&at.part, Some(PartKey::Parameter(key)) if key.location == ParameterIn::Path)
}
