//! Renames properties of an object that would become the same field.

use std::collections::{HashMap, HashSet};

use openapi_contract::rust_names;
use serde_json::{Value, json};

use super::draft_markers::UNDECLARED;
use super::unused_names::first_numbered;
use super::walk::{self, Object};
use super::{Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::PROPERTY_COLLISIONS);

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft {
        value,
        log,
        mangler,
        ..
    } = draft;
    walk::schemas(value, &mut |schema, operation| {
        if let Some(name) = undeclared_required(schema) {
            let message =
                format!("`{name}` is required and not declared; it is declared with any value");
            log.record_object(EXACT, schema, Some("required"), operation, message);
            if let Some(properties) = walk::object_mut(schema.get_mut("properties")) {
                properties.insert(name, json!({ UNDECLARED: true }));
            }
        }
        let mut taken = HashSet::new();
        // Undeclared properties are kept in a field named `extra`.
        if schema
            .get("additionalProperties")
            .is_some_and(Value::is_object)
        {
            taken.insert("extra".to_owned());
        }
        let mut renamed: Vec<(String, String)> = Vec::new();
        let declared = walk::entries(schema.get("properties")).map(|(name, _)| name);
        // A required property becomes a field even if it is not declared.
        let required = walk::elements(schema.get("required")).filter_map(Value::as_str);
        let properties = schema.get("properties");
        let undeclared =
            required.filter(|name| properties.is_some_and(|all| all.get(*name).is_none()));
        let mut seen = HashSet::new();
        for name in declared.chain(undeclared).filter(|name| seen.insert(*name)) {
            let field = rust_names::field_name(name);
            if taken.insert(field.clone()) {
                continue;
            }
            let base = field.trim_matches('_').to_owned();
            let new = first_numbered(&base, |name| taken.insert(rust_names::field_name(name)));
            renamed.push((name.to_owned(), new));
        }
        if renamed.is_empty() {
            return;
        }
        let mut mangled = HashMap::new();
        for (name, new) in renamed {
            let message = format!(
                "another property has the same Rust name as `{name}`; its field is `{new}`"
            );
            log.record_object(EXACT, schema, Some("properties"), operation, message);
            mangled.insert(name.clone(), mangler.mangle(&name, &new));
        }
        let new = |name: &str| {
            mangled
                .get(name)
                .cloned()
                .unwrap_or_else(|| name.to_owned())
        };
        if let Some(properties) = walk::object_mut(schema.get_mut("properties")) {
            let old = std::mem::take(properties);
            properties.extend(old.into_iter().map(|(name, inner)| (new(&name), inner)));
        }
        for name in walk::elements_mut(schema.get_mut("required")) {
            if let Some(text) = name.as_str() {
                *name = Value::from(new(text));
            }
        }
    });
}

/// The only required property, if it is not declared and one other property is: typify confuses them.
fn undeclared_required(schema: &Object) -> Option<String> {
    let properties = schema.get("properties")?.as_object()?;
    let [required] = schema.get("required")?.as_array()?.as_slice() else {
        return None;
    };
    let required = required
        .as_str()
        .filter(|name| !properties.contains_key(*name))?;
    (properties.len() == 1).then(|| required.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{contract, lowered, responding_with};

    #[test]
    fn colliding_properties_are_renamed() {
        let outcome = lowered(&contract(
            responding_with(
                json!({ "type": "object", "required": ["is_global", "isGlobal"], "properties": {
                "isGlobal": { "type": "boolean" }, "is_global": { "type": "string" },
                "extra": { "type": "string" } }, "additionalProperties": { "type": "integer" } }),
            ),
            json!({}),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(
            code.contains("rename=\"isGlobal\")]pub is_global: bool"),
            "{code}"
        );
        assert!(
            code.contains("rename=\"is_global\")]pub is_global_2: ::std::string::String"),
            "{code}"
        );
        assert!(code.contains("pub extra_2: "), "{code}");
    }

    #[test]
    fn undeclared_required_property_is_a_field() {
        let of = |property: &str, required: &str| {
            json!({ "type": "object", "required": [required],
                "properties": { property: { "type": "string" } } })
        };
        let outcome = lowered(&contract(
            responding_with(json!({ "oneOf": [of("a", "kind"), of("b", "b")] })),
            json!({}),
        ));
        let code = outcome.code;
        assert!(code.contains("kind:::serde_json::Value"), "{code}");
    }

    #[test]
    fn undeclared_required_property_does_not_collide() {
        let outcome = lowered(&contract(
            responding_with(
                json!({ "type": "object", "required": ["id", "id"], "properties": {
                "_id": { "type": "integer" } } }),
            ),
            json!({}),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(
            code.contains("rename=\"id\")]pub id_2: ::serde_json::Value"),
            "{code}"
        );
    }
}
