//! The Rust verdict: what a change does to Rust code that uses the generated client.
//!
//! An `operationId` becomes a method, a parameter a builder setter, a component a type, a property
//! a field, an enum value a variant. A change that no message shows can break a build, and a change
//! that breaks messages may not.

use super::cursor::Cursor;
use crate::finding::Level;
use crate::model::{Contract, ParameterKey};
use crate::rules::{self, Rule};
use crate::rust_names;
use crate::witness::{PartKey, ValueStep};

/// The level of a change for code that uses the generated client.
pub(super) fn level(rule: Rule) -> Level {
    match rule {
        // An item that code names was removed or has another type.
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
        // Code with builders still compiles, but struct literals lack a field or requests lack a
        // value.
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
        _ => Level::Editorial,
    }
}

/// The path of the generated item that a difference affects: `Client::list_media`, `types::Media`.
pub(super) fn item(rule: Rule, at: &Cursor<'_>, contract: &Contract) -> Option<String> {
    let operation = at.keys.operation(contract)?;
    let id = operation.id.as_deref()?;
    let builder = rust_names::builder_name(id);
    let parameter = |key: &ParameterKey| {
        let parameter = operation.parameters.get(key);
        parameter.map_or(key.name.clone(), |parameter| parameter.name.clone())
    };
    // Types are named by their component, otherwise by their location.
    let (outermost, depth) = match (&at.component, &at.part) {
        (Some((component, depth)), _) => (component.clone(), *depth),
        (None, Some(PartKey::Parameter(key))) => (format!("{id}-{}", parameter(key)), 0),
        (None, Some(PartKey::RequestBody(_))) => (format!("{id}-body"), 0),
        (None, Some(PartKey::ResponseBody(..))) => (format!("{id}-response"), 0),
        (None, Some(PartKey::Status(_) | PartKey::Header(..))) => {
            return Some(format!("builder::{builder}::send"));
        }
        (None, None) => return Some(format!("Client::{}", rust_names::method_name(id))),
    };
    let mut path = RustTypePath::of(outermost, at.steps.get(depth..).unwrap_or_default());
    if let Some(name) = &at.property {
        path.enter(name);
    }
    let is_enum = matches!(rule, rules::ENUM_VALUE_ADDED | rules::ENUM_VALUE_REMOVED);
    if is_enum || (at.component.is_some() && path.field.is_none()) {
        return Some(format!("types::{}", rust_names::type_name(&path.type_name)));
    }
    if let Some((owner, property)) = path.field {
        let (owner, field) = (
            rust_names::type_name(&owner),
            rust_names::field_name(&property),
        );
        return Some(format!("types::{owner}::{field}"));
    }
    let setter = match &at.part {
        Some(PartKey::Parameter(key)) => rust_names::setter_name(&parameter(key)),
        Some(PartKey::RequestBody(_)) => "body".to_owned(),
        _ => "send".to_owned(),
    };
    Some(format!("builder::{builder}::{setter}"))
}

/// The location of a value among the generated types.
struct RustTypePath {
    /// The base of its type's name, if it has its own type.
    type_name: String,
    /// The innermost enclosing property: the base of the owner's type name, and the property's
    /// name.
    field: Option<(String, String)>,
}

impl RustTypePath {
    fn of(outermost: String, steps: &[ValueStep]) -> Self {
        let mut path = Self {
            type_name: outermost,
            field: None,
        };
        for step in steps {
            match step {
                ValueStep::Property(name) => path.enter(name),
                ValueStep::Item => path.type_name += "Item",
                ValueStep::Additional | ValueStep::PatternProperty(_) => path.type_name += "Value",
                ValueStep::Member { .. } => {}
            }
        }
        path
    }

    fn enter(&mut self, property: &str) {
        let inner = rust_names::property_type(&self.type_name, property);
        let owner = std::mem::replace(&mut self.type_name, inner);
        self.field = Some((owner, property.to_owned()));
    }
}
