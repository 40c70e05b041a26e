//! Collects the references of a document.

use std::collections::BTreeSet;

use serde_json::Value;

/// Collects the references inside of a value, and transitively those inside of their targets.
pub(crate) fn collect_references(
    document: &Value,
    value: Option<&Value>,
    reached: &mut BTreeSet<String>,
) {
    match value {
        Some(Value::Object(object)) => {
            if let Some(Value::String(target)) = object.get("$ref")
                && reached.insert(target.clone())
            {
                let pointee = target.strip_prefix('#').and_then(|at| document.pointer(at));
                collect_references(document, pointee, reached);
            }
            object
                .values()
                .for_each(|inner| collect_references(document, Some(inner), reached));
        }
        Some(Value::Array(array)) => {
            array
                .iter()
                .for_each(|inner| collect_references(document, Some(inner), reached));
        }
        _ => {}
    }
}
