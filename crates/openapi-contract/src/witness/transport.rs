//! Parameters and headers on the wire: the values that the receiver reads once their JSON types are
//! lost.
//!
//! On the wire `limit=1` is a string. The receiver's schema decides: a number if it allows numbers,
//! otherwise a string. So changing an integer to a string breaks nothing.

use serde_json::{Value, json};

use crate::model::{Contract, Num, Operation, ParameterKey, SchemaId};

/// The message with parameters and headers as the receiver reads them.
pub(super) fn received(contract: &Contract, operation: &Operation, message: &Value) -> Value {
    let mut message = message.clone();
    for (key, parameter) in &operation.parameters {
        // A parameter with `content` keeps its JSON types.
        let is_text = parameter.encoding.styled().is_some();
        if let Some(value) = value_of(&mut message, key).filter(|_| is_text) {
            *value = read(contract, parameter.schema, value);
        }
    }
    let status = message.get("status").and_then(Value::as_u64);
    let response = status.and_then(|code| operation.response(code as u16));
    if let (Some(response), Some(headers)) = (response, message.get_mut("headers")) {
        for (name, header) in &response.headers {
            if let Some(value) = headers.get_mut(name) {
                *value = read(contract, header.schema, value);
            }
        }
    }
    message
}

fn value_of<'m>(message: &'m mut Value, key: &ParameterKey) -> Option<&'m mut Value> {
    message
        .get_mut(key.location.to_string())?
        .get_mut(&key.name)
}

fn read(contract: &Contract, id: SchemaId, value: &Value) -> Value {
    let schema = contract.schemas.get(id);
    let is_list = schema.array.is_some() && schema.string.is_none();
    let items = || schema.array.as_ref().map(|rules| rules.items);
    match value {
        Value::Array(elements) if schema.array.is_some() => {
            let items = items().unwrap_or(id);
            elements
                .iter()
                .map(|element| read(contract, items, element))
                .collect()
        }
        // An array with one element is sent like a single value.
        Value::Array(elements) => match &elements[..] {
            [only] => read(contract, id, only),
            _ => value.clone(),
        },
        Value::Null | Value::Object(_) => value.clone(),
        scalar if is_list => json!([read(contract, items().unwrap_or(id), scalar)]),
        scalar => {
            let text = match scalar {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            typed(contract, id, &text)
        }
    }
}

/// A string as a number or boolean if the schema allows it, otherwise as a string.
fn typed(contract: &Contract, id: SchemaId, text: &str) -> Value {
    let schema = contract.schemas.get(id);
    let json: Option<Value> = serde_json::from_str(text).ok();
    match json {
        Some(Value::Number(number)) if schema.number.is_some() => Num::new(&number).to_json(),
        Some(value @ Value::Bool(_)) if schema.boolean.is_any() => value,
        _ => text.into(),
    }
}

/// A concrete content type for a declared media type or range (`image/*`).
pub(super) fn content_type(media_type: &str) -> String {
    match media_type {
        "*/*" | "*" => "application/x-other".to_owned(),
        other => other.replace('*', "x-other"),
    }
}
