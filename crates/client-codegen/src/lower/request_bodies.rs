//! Request bodies: one media type, and one that progenitor knows.
//!
//! Of several media types JSON comes first, since its types are the strongest. A media type that
//! progenitor does not know is sent as bytes under its own name: the generated code is told the name
//! afterwards. What to do with forms of parts, and with media types that name no single one
//! (`image/*`), is generated beside.

use openapi_contract::model::is_json;
use serde_json::{Map, Value, json};

use super::overrides::{BodyOverride, OperationOverrides};
use super::rewrite_log::{RewriteLog, like};
use super::walk::{self, Object};
use super::{Draft, PassKind};

const EXACT: PassKind = PassKind::exact("request-bodies");
const WEAKENED: PassKind = PassKind::weakened("request-bodies");

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const TEXT: &str = "text/plain";
const BYTES: &str = "application/octet-stream";

/// What a media type is to progenitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum BodyKind {
    Json,
    OtherJson,
    Form,
    Text,
    Bytes,
    OtherText,
    Multipart,
    Other,
    Range,
}

impl BodyKind {
    fn of(media_type: &str) -> Self {
        let essence = essence(media_type);
        match essence.as_str() {
            JSON => Self::Json,
            FORM => Self::Form,
            TEXT | "text/x-markdown" => Self::Text,
            BYTES => Self::Bytes,
            _ if is_json(media_type) => Self::OtherJson,
            _ if essence.contains('*') => Self::Range,
            _ if essence.starts_with("multipart/") => Self::Multipart,
            _ if essence.starts_with("text/") => Self::OtherText,
            _ => Self::Other,
        }
    }
}

/// A media type without its parameters.
pub(super) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft {
        value,
        log,
        overrides,
        ..
    } = draft;
    walk::operations_with(value, &mut |document, route, operation| {
        let id = walk::string(operation, "operationId")
            .unwrap_or_default()
            .to_owned();
        let Some(mut body) = operation.shift_remove("requestBody") else {
            return;
        };
        if let Some(object) = body.as_object_mut()
            && let Some(sent) = lower_body(object, document, &id, log)
        {
            if route.method == "trace" {
                let message = "a TRACE request cannot have a body: the client sends none";
                log.record_object(WEAKENED, object, None, Some(&id), message);
                return;
            }
            let is_typed = !sent.as_ref().is_some_and(|sent| sent.is_stream);
            let may_lack_body = is_typed && !walk::is_true(object, "required");
            if sent.is_some() || may_lack_body {
                let operation_overrides: &mut OperationOverrides = overrides.entry(id).or_default();
                operation_overrides.body = sent;
                operation_overrides.may_lack_body = may_lack_body;
            }
            operation.insert("requestBody".to_owned(), body);
        }
    });
}

/// Lowers a body. Nothing is left where there is nothing to send; the inner value is what has to be
/// changed in the generated code.
fn lower_body(
    body: &mut Object,
    document: &Value,
    id: &str,
    log: &mut RewriteLog<'_>,
) -> Option<Option<BodyOverride>> {
    let content = body.get("content").and_then(Value::as_object)?;
    let chosen = content
        .keys()
        .filter(|key| !super::rewrite_log::is_marker(key))
        .enumerate()
        .min_by_key(|(index, key)| (BodyKind::of(key), *index))
        .map(|(_, key)| key.clone())?;
    let others: Vec<String> = content
        .keys()
        .filter(|key| **key != chosen)
        .map(|key| format!("`{key}`"))
        .collect();
    if !others.is_empty() {
        let message = format!(
            "the body can be sent as `{chosen}` only, not as {}",
            others.join(", ")
        );
        log.record_object(WEAKENED, body, Some("content"), Some(id), message);
    }
    let kind = BodyKind::of(&chosen);
    let required = walk::is_true(body, "required");
    // Progenitor sends every body it has a word for, and a stream can be left out.
    let is_stream = match kind {
        BodyKind::Multipart | BodyKind::Other | BodyKind::Range => true,
        BodyKind::Text | BodyKind::OtherText | BodyKind::Bytes => !required,
        BodyKind::Json | BodyKind::OtherJson | BodyKind::Form => false,
    };
    let Value::Object(mut content) = body.shift_remove("content")? else {
        return None;
    };
    let mut media_type = content.shift_remove(&chosen)?.as_object().cloned()?;
    if matches!(kind, BodyKind::Json | BodyKind::OtherJson | BodyKind::Form) {
        if !media_type.contains_key("schema") {
            let any = match kind {
                BodyKind::Form => {
                    json!({ "type": "object", "additionalProperties": { "type": "string" } })
                }
                _ => Value::Object(like(&media_type)),
            };
            media_type.insert("schema".to_owned(), any);
        }
        let encoding = media_type.shift_remove("encoding");
        if encoding.is_some() && kind == BodyKind::Form {
            let message = "`encoding` of a form is not applied: lists are sent element by element, and objects as JSON";
            log.record_object(WEAKENED, &media_type, Some("encoding"), Some(id), message);
        }
    }
    let full = Value::Object(media_type.clone());
    let loses = match kind {
        BodyKind::Text | BodyKind::OtherText | BodyKind::Bytes => {
            restrictions(&media_type, document)
        }
        _ => Vec::new(),
    };
    let name = match kind {
        BodyKind::Json | BodyKind::Form => chosen.clone(),
        BodyKind::OtherJson => JSON.to_owned(),
        _ if is_stream => {
            raw(&mut media_type, Some("binary"), &loses, id, log);
            BYTES.to_owned()
        }
        BodyKind::Text => {
            raw(&mut media_type, None, &loses, id, log);
            chosen.clone()
        }
        BodyKind::OtherText => {
            raw(&mut media_type, None, &loses, id, log);
            TEXT.to_owned()
        }
        _ => {
            raw(&mut media_type, Some("binary"), &loses, id, log);
            BYTES.to_owned()
        }
    };
    // Progenitor knows media types by their exact text.
    let name = match kind {
        _ if is_stream => name,
        BodyKind::Json if !chosen.starts_with(JSON) => JSON.to_owned(),
        BodyKind::Form if !chosen.starts_with(FORM) => FORM.to_owned(),
        BodyKind::Bytes => BYTES.to_owned(),
        BodyKind::Text if essence(&chosen) != chosen.split(';').next().unwrap_or_default() => {
            TEXT.to_owned()
        }
        _ => name,
    };
    let sent = (is_stream || name != chosen || chosen.contains(';')).then(|| BodyOverride {
        media_type: chosen.clone(),
        content: full,
        required,
        is_stream,
    });
    match kind {
        BodyKind::Multipart if essence(&chosen) == "multipart/form-data" => {
            let message = format!("`{chosen}` is a form with a setter for each part");
            log.record_object(EXACT, &media_type, None, Some(id), message);
        }
        BodyKind::Multipart => {
            let message = format!("`{chosen}` is sent as bytes: the client has no type for it");
            log.record_object(WEAKENED, &media_type, None, Some(id), message);
        }
        BodyKind::Range | BodyKind::Other => {
            let message = format!("`{chosen}` is sent as bytes: the client has no type for it");
            log.record_object(WEAKENED, &media_type, None, Some(id), message);
        }
        BodyKind::OtherText => {
            let message = format!("`{chosen}` is sent as text, under its own name");
            log.record_object(EXACT, &media_type, None, Some(id), message);
        }
        BodyKind::OtherJson => {
            let message = format!("`{chosen}` is JSON, sent under its own name");
            log.record_object(EXACT, &media_type, None, Some(id), message);
        }
        _ => {}
    }
    let content = Map::from_iter([(name, Value::Object(media_type))]);
    body.insert("content".to_owned(), Value::Object(content));
    Some(sent)
}

/// What the schema of a body says that text or bytes are not held to.
fn restrictions(media_type: &Object, document: &Value) -> Vec<String> {
    const RESTRICTING: [&str; 10] = [
        "type",
        "enum",
        "pattern",
        "minLength",
        "maxLength",
        "properties",
        "items",
        "allOf",
        "anyOf",
        "oneOf",
    ];
    let schema = media_type.get("schema");
    let schema = schema.and_then(|schema| walk::resolve(document, schema));
    let found = schema.into_iter().flatten().filter(|(key, value)| {
        RESTRICTING.contains(&key.as_str()) && value.as_str() != Some("string")
    });
    found.map(|(key, _)| format!("`{key}`")).collect()
}

/// Makes the schema of a body that is sent as it is the one that progenitor expects.
fn raw(
    media_type: &mut Object,
    format: Option<&str>,
    loses: &[String],
    id: &str,
    log: &mut RewriteLog<'_>,
) {
    media_type.shift_remove("encoding");
    let mut plain = like(media_type);
    plain.insert("type".to_owned(), Value::from("string"));
    if let Some(format) = format {
        plain.insert("format".to_owned(), Value::from(format));
    }
    if !loses.is_empty() {
        let message = format!(
            "{} of the body is not checked by the client",
            loses.join(", ")
        );
        log.record_object(WEAKENED, media_type, Some("schema"), Some(id), message);
    }
    media_type.insert("schema".to_owned(), Value::Object(plain));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Fidelity;
    use super::super::test_support::{Outcome, contract, lowered};

    fn sends(content: Value) -> Outcome {
        lowered(&contract(
            json!({ "/a": { "post": {
                "operationId": "send",
                "requestBody": { "required": true, "content": content },
                "responses": { "204": { "description": "" } },
            } } }),
            json!({}),
        ))
    }

    #[test]
    fn json_comes_first() {
        let any =
            json!({ "schema": { "type": "object", "properties": { "a": { "type": "string" } } } });
        let outcome = sends(json!({ "application/xml": any, "application/json": any }));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "not as `application/xml`"));
        assert!(outcome.code.contains(".json(&body)"), "{}", outcome.code);
    }

    #[test]
    fn json_by_another_name_is_sent_under_that_name() {
        let outcome =
            sends(json!({ "application/merge-patch+json": { "schema": { "type": "object" } } }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let expected = "CONTENT_TYPE,::reqwest::header::HeaderValue::from_static(\"application/merge-patch+json\",),).json(&body)";
        assert!(outcome.code.contains(expected), "{}", outcome.code);
    }

    #[test]
    fn what_has_no_type_is_sent_as_bytes_under_its_own_name() {
        let outcome = sends(json!({ "application/cbor": {} }));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "sent as bytes"));
        assert_eq!(outcome.streams, ["application/cbor"]);
        let outcome = sends(json!({ "text/csv": { "schema": { "type": "string" } } }));
        assert!(
            outcome.code.contains("from_static(\"text/csv\")"),
            "{}",
            outcome.code
        );
        assert!(!outcome.code.contains("octet-stream") && outcome.is_exact());
    }

    #[test]
    fn forms_of_parts_and_ranges_of_media_types_are_generated_beside() {
        for media_type in ["multipart/form-data", "multipart/mixed", "image/*"] {
            let outcome = sends(json!({ media_type: { "schema": { "type": "object" } } }));
            assert_eq!(outcome.streams, [media_type]);
            assert_eq!(outcome.is_exact(), media_type == "multipart/form-data");
        }
    }

    #[test]
    fn lists_and_objects_of_a_form_are_fields() {
        let outcome = sends(json!({ "application/x-www-form-urlencoded": {
            "schema": { "type": "object", "properties": {
                "a": { "type": "array", "items": { "type": "string" } } } } } }));
        assert!(outcome.is_exact());
        let sent = "form_urlencoded(&super::sending::form_fields(&body)?)?";
        assert!(outcome.code.contains(sent), "{}", outcome.code);
    }

    #[test]
    fn the_encoding_of_a_form_has_a_price() {
        let outcome = sends(json!({ "application/x-www-form-urlencoded": {
            "schema": { "type": "object", "properties": { "a": { "type": "string" } } },
            "encoding": { "a": { "contentType": "text/plain" } },
        } }));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "`encoding` of a form"));
    }
}
