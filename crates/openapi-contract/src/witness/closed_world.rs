//! The closed world of a sender: it sends the properties it declares, and no others.
//!
//! JSON Schema allows any property that nothing forbids. A validator alone would accept invented
//! properties as something that a sender can send, and prove breaks that cannot happen.

use serde_json::{Map, Value};

use crate::model::media_type::declared;
use crate::model::{Contract, ObjectConstraints, Operation, Schema, SchemaId, Schemas};
use crate::pattern::Language;

/// Whether the body of a message has declared properties only.
pub(super) fn declares_body(contract: &Contract, operation: &Operation, message: &Value) -> bool {
    let Some(body) = message.get("body") else {
        return true;
    };
    let content = match message.get("status").and_then(Value::as_u64) {
        None => operation.request_body.as_ref().map(|body| &body.content),
        Some(code) => operation
            .response(code as u16)
            .map(|response| &response.content),
    };
    let media_type = body["content_type"].as_str().unwrap_or_default();
    let schema = content.and_then(|content| declared(content, media_type));
    schema.is_none_or(|body_of| declares(contract, body_of.schema, &body["value"]))
}

/// Whether a schema declares every property of a value, at any depth.
fn declares(contract: &Contract, id: SchemaId, value: &Value) -> bool {
    let schema = contract.schemas.get(id);
    match value {
        Value::Array(elements) => schema.array.as_ref().is_none_or(|rules| {
            elements.iter().enumerate().all(|(index, element)| {
                let id = rules.prefix.get(index).copied().unwrap_or(rules.items);
                declares(contract, id, element)
            })
        }),
        Value::Object(members) => is_free(schema) || declares_members(contract, schema, members),
        _ => true,
    }
}

/// Whether a schema declares no properties at all, and so means any object.
fn is_free(schema: &Schema) -> bool {
    let has_none = schema.object.as_ref().is_none_or(|rules| {
        rules.properties.is_empty()
            && rules.pattern_properties.is_empty()
            && !rules.additional_is_declared
    });
    has_none && schema.unions.is_empty()
}

fn declares_members(contract: &Contract, schema: &Schema, members: &Map<String, Value>) -> bool {
    members.iter().all(|(name, value)| {
        property(contract, schema, name, 0).is_some_and(|id| declares(contract, id, value))
    })
}

/// The schema of a property whose name matches one of `patternProperties`.
fn by_pattern(rules: &ObjectConstraints, name: &str) -> Option<SchemaId> {
    let mut patterns = rules.pattern_properties.iter();
    patterns.find_map(|(pattern, &id)| {
        let language = Language::new([pattern], (0, None));
        // An unsupported pattern may match the name.
        language
            .is_none_or(|language| language.has(name))
            .then_some(id)
    })
}

/// The schema of a property, even if only an alternative declares it.
fn property(contract: &Contract, schema: &Schema, name: &str, depth: usize) -> Option<SchemaId> {
    // Deeply nested or recursive alternatives declare nothing new.
    const DEEPEST: usize = 16;
    if depth > DEEPEST {
        return None;
    }
    let own = schema.object.as_ref().and_then(|rules| {
        let declared = contract.schemas.property(rules, name);
        // Being required declares a property.
        let is_required = rules.required.contains(name);
        let declared = declared.or_else(|| by_pattern(rules, name));
        declared.or_else(|| is_required.then_some(Schemas::ANY))
    });
    own.or_else(|| {
        let members = schema.unions.iter().flat_map(|union| &union.members);
        members.copied().find_map(|member| {
            let member = contract.schemas.get(member);
            if member.object.is_some() && is_free(member) {
                return Some(Schemas::ANY);
            }
            property(contract, member, name, depth + 1)
        })
    })
}
