//! Request bodies: one media type, which progenitor supports.
//!
//! Of several media types JSON is preferred, because its types are the most precise. A media type that
//! progenitor does not support is sent as bytes, and the overrides of the operation restore its name.
//! Extensions handle multipart forms, and ranges of media types (`image/*`).

use openapi_contract::model::is_json;
use serde_json::{Map, Value, json};

use super::draft_markers::empty_with_origin;
use super::overrides::{BodyOverride, OperationOverrides};
use super::plain_schema::plain_schema;
use super::rewrite_log::RewriteLog;
use super::walk::{self, Object};
use super::{Change, Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::REQUEST_BODIES);
const WEAKENED: PassKind = PassKind::weakened(rules::REQUEST_BODIES);

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const TEXT: &str = "text/plain";
const BYTES: &str = "application/octet-stream";

/// How progenitor treats a media type. Variants that come first are preferred.
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
        let id = walk::operation_id(operation);
        let Some(mut body) = operation.shift_remove("requestBody") else {
            return;
        };
        if let Some(object) = body.as_object_mut()
            && let Some(sent) = lower_body(object, document, &id, log)
        {
            if route.method == "trace" {
                let message = Change::new(
                    "a TRACE request cannot have a body; the body is removed",
                    "The client sends no body.",
                    "Remove `requestBody`, or use another method.",
                );
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

/// Lowers a body. Returns nothing if the body has no content. The inner value is the override for the
/// generated code, if it needs one.
fn lower_body(
    body: &mut Object,
    document: &Value,
    id: &str,
    log: &mut RewriteLog<'_>,
) -> Option<Option<BodyOverride>> {
    let content = body.get("content").and_then(Value::as_object)?;
    let chosen = content
        .keys()
        .filter(|key| !super::draft_markers::is_marker(key))
        .enumerate()
        .min_by_key(|(index, key)| (BodyKind::of(key), *index))
        .map(|(_, key)| key.clone())?;
    // Another media type with the same schema is another form of the same content.
    let schema = |key: &String| plain_schema(content.get(key));
    let is_lost = |key: &&String| **key != chosen && schema(key) != schema(&chosen);
    let others: Vec<String> = content
        .keys()
        .filter(|key| !super::draft_markers::is_marker(key))
        .filter(is_lost)
        .map(|key| format!("`{key}`"))
        .collect();
    let has_others = content
        .keys()
        .any(|key| *key != chosen && !super::draft_markers::is_marker(key));
    if others.is_empty() && has_others {
        let message = format!(
            "the media types of the request body have the same schema; the client sends `{chosen}`"
        );
        log.record_object(EXACT, body, Some("content"), Some(id), message);
    }
    if !others.is_empty() {
        let message = Change::new(
            format!("the request body has several media types; the client only sends `{chosen}`"),
            format!("The client cannot send {}.", others.join(", ")),
            format!(
                "Remove the other media types, or declare an operation for {}.",
                others.join(", ")
            ),
        );
        log.record_object(WEAKENED, body, Some("content"), Some(id), message);
    }
    let kind = BodyKind::of(&chosen);
    let required = walk::is_true(body, "required");
    // progenitor always sends the bodies that it supports; a stream can be omitted.
    let is_stream = match kind {
        BodyKind::Multipart | BodyKind::Other | BodyKind::Range => true,
        BodyKind::Text | BodyKind::OtherText | BodyKind::Bytes => !required,
        BodyKind::Json | BodyKind::OtherJson | BodyKind::Form => false,
    };
    let Value::Object(mut content) = body.shift_remove("content")? else {
        return None;
    };
    let mut media_type = content.shift_remove(&chosen)?.as_object().cloned()?;
    let is_typed = matches!(kind, BodyKind::Json | BodyKind::OtherJson | BodyKind::Form);
    if is_typed && !media_type.contains_key("schema") {
        let any = match kind {
            BodyKind::Form => {
                json!({ "type": "object", "additionalProperties": { "type": "string" } })
            }
            _ => Value::Object(empty_with_origin(&media_type)),
        };
        media_type.insert("schema".to_owned(), any);
    }
    let full = Value::Object(media_type.clone());
    // progenitor rejects `encoding`; the plan of the operation applies it.
    let encoding = match is_typed {
        true => media_type.shift_remove("encoding"),
        false => None,
    };
    let dropped = match kind {
        BodyKind::Text | BodyKind::OtherText | BodyKind::Bytes => {
            restrictions(&media_type, document)
        }
        _ => Vec::new(),
    };
    let name = match kind {
        BodyKind::Json | BodyKind::Form => chosen.clone(),
        BodyKind::OtherJson => JSON.to_owned(),
        _ if is_stream => {
            raw(&mut media_type, Some("binary"), &dropped, id, log);
            BYTES.to_owned()
        }
        BodyKind::Text => {
            raw(&mut media_type, None, &dropped, id, log);
            chosen.clone()
        }
        BodyKind::OtherText => {
            raw(&mut media_type, None, &dropped, id, log);
            TEXT.to_owned()
        }
        _ => {
            raw(&mut media_type, Some("binary"), &dropped, id, log);
            BYTES.to_owned()
        }
    };
    // progenitor compares media types literally.
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
    let is_changed = is_stream || name != chosen || chosen.contains(';') || encoding.is_some();
    let sent = is_changed.then(|| BodyOverride {
        media_type: chosen.clone(),
        content: full,
        required,
        is_stream,
    });
    match kind {
        BodyKind::Multipart if essence(&chosen) == "multipart/form-data" => {
            let message = format!("`{chosen}` becomes a form type with a setter for each part");
            log.record_object(EXACT, &media_type, None, Some(id), message);
        }
        BodyKind::Multipart | BodyKind::Range | BodyKind::Other => {
            let message = Change::new(
                format!("`{chosen}` has no type in the client; it is sent as bytes"),
                "The client does not check the body against its schema.",
                "Use `application/json`, `application/x-www-form-urlencoded` or `multipart/form-data`, or serialize the body yourself.",
            );
            log.record_object(WEAKENED, &media_type, None, Some(id), message);
        }
        BodyKind::OtherText => {
            let message = format!("`{chosen}` is sent as a string with this media type");
            log.record_object(EXACT, &media_type, None, Some(id), message);
        }
        BodyKind::OtherJson => {
            let message = format!("`{chosen}` is sent as JSON with this media type");
            log.record_object(EXACT, &media_type, None, Some(id), message);
        }
        _ => {}
    }
    let content = Map::from_iter([(name, Value::Object(media_type))]);
    body.insert("content".to_owned(), Value::Object(content));
    Some(sent)
}

/// The keywords of a body schema that the client does not enforce for strings or bytes.
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

/// Replaces the schema of a body that is sent as a string or as bytes by the one that progenitor expects.
fn raw(
    media_type: &mut Object,
    format: Option<&str>,
    dropped: &[String],
    id: &str,
    log: &mut RewriteLog<'_>,
) {
    media_type.shift_remove("encoding");
    let mut plain = empty_with_origin(media_type);
    plain.insert("type".to_owned(), Value::from("string"));
    if let Some(format) = format {
        plain.insert("format".to_owned(), Value::from(format));
    }
    if !dropped.is_empty() {
        let message = Change::new(
            format!(
                "the body is sent as it is; {} of its schema is dropped",
                dropped.join(", ")
            ),
            "The client does not check the body.",
            "Use JSON for bodies with a schema, or check the body on the server.",
        );
        log.record_object(WEAKENED, media_type, Some("schema"), Some(id), message);
    }
    media_type.insert("schema".to_owned(), Value::Object(plain));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{Outcome, contract, lowered};
    use openapi_contract::Fidelity;

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
    fn json_is_preferred() {
        let any =
            json!({ "schema": { "type": "object", "properties": { "a": { "type": "string" } } } });
        let other = json!({ "schema": { "type": "string" } });
        let outcome = sends(json!({ "application/xml": other, "application/json": any }));
        assert!(outcome.has_rewrite(
            Fidelity::Weakened,
            "the client only sends `application/json`"
        ));
        let same = sends(json!({ "application/xml": any, "application/json": any }));
        assert!(same.has_rewrite(Fidelity::Exact, "have the same schema"));
        assert!(same.is_exact(), "{:#?}", same.rewrites);
        assert!(
            outcome.code.contains(".json(\"application/json\""),
            "{}",
            outcome.code
        );
    }

    #[test]
    fn json_is_sent_with_its_media_type() {
        let outcome =
            sends(json!({ "application/merge-patch+json": { "schema": { "type": "object" } } }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let expected = ".json(\"application/merge-patch+json\",";
        assert!(outcome.code.contains(expected), "{}", outcome.code);
    }

    #[test]
    fn unsupported_media_type_is_sent_as_bytes() {
        let outcome = sends(json!({ "application/cbor": {} }));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "sent as bytes"));
        assert_eq!(outcome.streams, ["application/cbor"]);
        let outcome = sends(json!({ "text/csv": { "schema": { "type": "string" } } }));
        assert!(
            outcome
                .code
                .contains(".body(\"text/csv\",self.body.map(Some))"),
            "{}",
            outcome.code
        );
        assert!(!outcome.code.contains("octet-stream") && outcome.is_exact());
    }

    #[test]
    fn multipart_forms_and_media_type_ranges_have_extensions() {
        for media_type in ["multipart/form-data", "multipart/mixed", "image/*"] {
            let outcome = sends(json!({ media_type: { "schema": { "type": "object" } } }));
            assert_eq!(outcome.streams, [media_type]);
            assert_eq!(outcome.is_exact(), media_type == "multipart/form-data");
        }
    }

    #[test]
    fn arrays_and_objects_of_a_form_are_fields() {
        let outcome = sends(json!({ "application/x-www-form-urlencoded": {
            "schema": { "type": "object", "properties": {
                "a": { "type": "array", "items": { "type": "string" } } } } } }));
        assert!(outcome.is_exact());
        let sent = ".form(\"application/x-www-form-urlencoded\",";
        assert!(outcome.code.contains(sent), "{}", outcome.code);
    }

    #[test]
    fn encoding_of_a_form_is_sent() {
        let outcome = sends(json!({ "application/x-www-form-urlencoded": {
            "schema": { "type": "object", "properties": { "a": { "type": "string" } } },
            "encoding": { "a": { "style": "deepObject", "explode": true },
                          "b": { "contentType": "application/json" } },
        } }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        for field in [
            r#"name:"a",style:runtime::Style::DeepObject,content_type:None,"#,
            r#"name:"b",style:runtime::Style::FormExploded,content_type:Some("application/json"),"#,
        ] {
            assert!(outcome.code.contains(field), "{field}\n{}", outcome.code);
        }
    }
}
