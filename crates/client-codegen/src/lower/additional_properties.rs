//! Objects with `additionalProperties: true` next to declared properties.
//!
//! typify keeps additional properties if they have a schema, and drops them if they are only allowed.

use serde_json::{Map, Value};

use super::walk;
use super::{Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::ADDITIONAL_PROPERTIES);

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    walk::schemas(value, &mut |schema, operation| {
        if walk::is_true(schema, "additionalProperties")
            && walk::entries(schema.get("properties")).next().is_some()
        {
            let key = "additionalProperties";
            let message = "`additionalProperties` is `true` and is now an empty schema, so that undeclared properties are kept";
            log.record_object(EXACT, schema, Some(key), operation, message);
            schema.insert(key.to_owned(), Value::Object(Map::new()));
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{contract, lowered, responding_with};

    #[test]
    fn undeclared_properties_are_kept() {
        let of = |schema: Value| lowered(&contract(responding_with(schema), json!({})));
        let outcome = of(json!({ "type": "object", "additionalProperties": true,
            "properties": { "name": { "type": "string" } } }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(code.contains("#[serde(flatten)]pub extra: "), "{code}");
        // Without declared properties, the type is a map anyway.
        let outcome = of(json!({ "type": "object", "additionalProperties": true }));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
    }
}
