//! The types of the values of schema keywords.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Whether a value deserializes to a type of OpenAPI 3.0.
pub(super) fn deserializes<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

/// The check for the value of a keyword; nothing for keywords with any value.
pub(super) fn value_check(key: &str, is_31: bool) -> Option<fn(&Value) -> bool> {
    let is_count = |value: &Value| value.as_u64().is_some() || integer_value(value).is_some();
    Some(match key {
        "title" | "description" | "format" | "pattern" => Value::is_string,
        "type" if is_31 => |value| value.is_string() || deserializes::<Vec<String>>(value),
        "type" => Value::is_string,
        "nullable" | "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" => Value::is_boolean,
        "exclusiveMinimum" | "exclusiveMaximum" if is_31 => Value::is_number,
        "exclusiveMinimum" | "exclusiveMaximum" => Value::is_boolean,
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            is_count
        }
        "multipleOf" | "minimum" | "maximum" => Value::is_number,
        "enum" => |value| value.as_array().is_some_and(|values| !values.is_empty()),
        "required" => deserializes::<Vec<String>>,
        _ => return None,
    })
}

/// The value of a non-negative integer, which may be written as `10.0`.
pub(in crate::lower) fn integer_value(value: &Value) -> Option<u64> {
    let number = value.as_f64()?;
    (number.fract() == 0.0 && (0.0..9.0e15).contains(&number)).then_some(number as u64)
}
