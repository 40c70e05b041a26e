//! Objects that let in properties beside those that they declare.
//!
//! Typify keeps such properties where a schema is said for them, and drops them where it is only said
//! that there may be some.

use serde_json::{Map, Value};

use super::walk;
use super::{Draft, PassKind};

const EXACT: PassKind = PassKind::exact("additional-properties");

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    walk::schemas(value, &mut |schema, operation| {
        if walk::is_true(schema, "additionalProperties")
            && walk::entries(schema.get("properties")).next().is_some()
        {
            let key = "additionalProperties";
            let message = "properties beside those that are declared are kept";
            log.record_object(EXACT, schema, Some(key), operation, message);
            schema.insert(key.to_owned(), Value::Object(Map::new()));
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::test_support::{contract, lowered, responding_with};

    #[test]
    fn what_is_let_in_is_kept() {
        let of = |schema: Value| lowered(&contract(responding_with(schema), json!({})));
        let outcome = of(json!({ "type": "object", "additionalProperties": true,
            "properties": { "name": { "type": "string" } } }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(code.contains("#[serde(flatten)]pubextra:"), "{code}");
        // Of nothing but others it is a map anyway.
        let outcome = of(json!({ "type": "object", "additionalProperties": true }));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
    }
}
