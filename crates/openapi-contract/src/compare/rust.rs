//! The second verdict: what a change does to Rust code written against the generated client.
//!
//! An `operationId` is a method there, a parameter a setter of its builder, a component a type, a
//! property a field, an enum value a variant. A change that no message shows can still break a
//! build, and one that breaks messages can leave the build alone.

use heck::{ToPascalCase, ToSnakeCase};

use super::verdict::At;
use crate::finding::Level;
use crate::model::Contract;
use crate::rules::{self, Rule};
use crate::witness::{Part, Step};

/// How much a change found by a rule matters to code that uses the generated client.
pub(super) fn level(rule: Rule) -> Level {
    match rule {
        // Something that code names is gone, or has another type.
        rules::OPERATION_REMOVED
        | rules::OPERATION_REMOVED_AFTER_SUNSET
        | rules::OPERATION_ID_CHANGED
        | rules::PARAMETER_REMOVED
        | rules::PARAMETER_REMOVED_AFTER_SUNSET
        | rules::PARAMETER_RENAMED
        | rules::REQUEST_BODY_REMOVED
        | rules::TYPE_WIDENED
        | rules::TYPE_NARROWED
        | rules::TYPE_CHANGED
        | rules::NULL_ALLOWED
        | rules::NULL_FORBIDDEN
        | rules::ENUM_ADDED
        | rules::ENUM_REMOVED
        | rules::ENUM_VALUE_ADDED
        | rules::ENUM_VALUE_REMOVED
        | rules::FORMAT_ADDED
        | rules::FORMAT_REMOVED
        | rules::FORMAT_CHANGED
        | rules::PROPERTY_REMOVED
        | rules::PROPERTY_BECAME_REQUIRED
        | rules::PROPERTY_BECAME_OPTIONAL
        | rules::UNION_MEMBER_ADDED
        | rules::UNION_MEMBER_REMOVED
        | rules::TITLE_CHANGED
        | rules::COMPONENT_RENAMED => Level::Breaking,
        // Code that uses builders goes on; a struct literal lacks a field, a request a value.
        rules::PROPERTY_ADDED
        | rules::PARAMETER_BECAME_REQUIRED
        | rules::REQUEST_BODY_BECAME_REQUIRED
        | rules::REQUEST_BODY_ADDED
        | rules::ADDITIONAL_PROPERTIES_NARROWED
        | rules::ADDITIONAL_PROPERTIES_WIDENED
        | rules::PATTERN_ADDED
        | rules::PATTERN_REMOVED
        | rules::UNION_CHANGED
        | rules::KEYWORD_CHANGED => Level::Risky,
        rules::OPERATION_ADDED | rules::PARAMETER_ADDED | rules::STATUS_ADDED => Level::Compatible,
        _ => Level::Docs,
    }
}

/// The item of the generated client that a difference is about, as code names it.
pub(super) fn item(at: &At<'_>, contract: &Contract) -> Option<String> {
    let operation = at.keys.operation(contract)?;
    let method = operation.id.as_deref()?.to_snake_case();
    if let Some((component, depth)) = &at.component {
        let mut item = format!("types::{}", component.to_pascal_case());
        for step in &at.steps[*depth..] {
            if let Step::Property(name) = step {
                item = format!("{item}::{}", name.to_snake_case());
            }
        }
        return Some(item);
    }
    let builder = || format!("builder::{}", method.to_pascal_case());
    Some(match &at.part {
        Some(Part::Parameter(key)) => {
            let name = operation
                .parameters
                .get(key)
                .map_or(&key.name, |parameter| &parameter.name);
            format!("{}::{}", builder(), name.to_snake_case())
        }
        Some(Part::RequestBody(_)) => format!("{}::body", builder()),
        Some(Part::Status(_) | Part::Header(..) | Part::ResponseBody(..)) => {
            format!("{}::send", builder())
        }
        None => format!("Client::{method}"),
    })
}
