//! The contract that the generated client implements.

use serde_json::{Map, Value, json};

use super::overrides::{OperationOverrides, ResponseArm, StatusRange};
use super::walk::{self, Object};
use super::{Lowered, draft_markers, request_bodies, responses};

/// The document of what the generated client does: the requests that it sends, and what its types enforce in
/// responses.
pub(crate) fn client_document(lowered: &mut Lowered<'_>) -> Value {
    let mut draft = lowered.marked.clone();
    lowered.mangler.demangle_document(&mut draft);
    draft_markers::strip(&mut draft, false);
    let mut document = lowered.take_document();
    walk::operations(&mut document, &mut |route, operation| {
        let id = walk::string(operation, "operationId").unwrap_or_default();
        let none = OperationOverrides::default();
        let operation_overrides = lowered.overrides.get(id).unwrap_or(&none);
        let Some(lowered_operation) = draft
            .get("paths")
            .and_then(|paths| paths.get(&route.path)?.get(route.method)?.as_object())
        else {
            return;
        };
        request(operation, lowered_operation, operation_overrides);
        responses_of(operation, lowered_operation, operation_overrides);
    });
    document
}

/// Requests: a body that is sent as a string or as bytes has no schema.
fn request(
    operation: &mut Object,
    lowered_operation: &Object,
    operation_overrides: &OperationOverrides,
) {
    let Some(body) = walk::object_mut(operation.get_mut("requestBody")) else {
        return;
    };
    let sent = operation_overrides.body.as_ref();
    if sent.is_none_or(|sent| !sent.is_stream) && !operation_overrides.may_lack_body {
        body.insert("required".to_owned(), Value::Bool(true));
    }
    let Some(sent) = sent else { return };
    let essence = request_bodies::essence(&sent.media_type);
    if essence == "multipart/form-data" {
        return;
    }
    let content = lowered_operation
        .get("requestBody")
        .and_then(|body| body.get("content"));
    let mut schema = walk::entries(content).find_map(|(_, one)| one.get("schema").cloned());
    if essence.starts_with("text/") {
        schema = Some(json!({ "type": "string" }));
    }
    let mut content = Object::from_iter([("schema".to_owned(), json!(schema))]);
    if let Some(encoding) = sent.content.get("encoding") {
        content.insert("encoding".to_owned(), encoding.clone());
    }
    body.insert("content".to_owned(), json!({ &sent.media_type: content }));
}

fn responses_of(
    operation: &mut Object,
    lowered_operation: &Object,
    operation_overrides: &OperationOverrides,
) {
    let may_be_empty = operation_overrides
        .arms
        .iter()
        .any(|(_, arm)| *arm == ResponseArm::Empty);
    // The data after an upgrade is not a body.
    let no_upgrade = StatusRange::of("101").map(|statuses| (statuses, ResponseArm::Unexpected));
    if no_upgrade.is_some_and(|arm| operation_overrides.arms.contains(&arm))
        && let Some(all) = walk::object_mut(operation.get_mut("responses"))
    {
        all.shift_remove("101");
    }
    for (status, response) in walk::entries_mut(operation.get_mut("responses")) {
        let Some(response) = response.as_object_mut() else {
            continue;
        };
        let arm = StatusRange::of(status).and_then(|statuses| {
            let mut arms = operation_overrides.arms.iter();
            arms.find(|(of, _)| *of == statuses).map(|(_, arm)| *arm)
        });
        let of_status = lowered_operation
            .get("responses")
            .and_then(|all| match status {
                "default" => ["default", "4XX", "5XX"]
                    .iter()
                    .find_map(|key| all.get(key)),
                status => all.get(status),
            });
        let is_read = responses::is_read(status) && arm.is_none() && of_status.is_some();
        if !is_read {
            response.shift_remove("content");
            continue;
        }
        let Some(mut schema) = of_status.and_then(responses::schema_of) else {
            continue;
        };
        // The type is an `Option`, because a response without a body is `None`.
        let inner = schema.get("allOf").and_then(|parts| parts.get(0));
        if may_be_empty && responses::is_success(status) {
            schema = inner.unwrap_or(schema);
        }
        let Some(content) = walk::object_mut(response.get_mut("content")) else {
            continue;
        };
        let Some(chosen) = responses::preferred_media_type(content) else {
            continue;
        };
        let mut by_status = operation_overrides.bodies_by_status.iter();
        let own = content
            .get(&chosen)
            .and_then(|own| own.get("schema"))
            .cloned();
        if by_status.any(|read| read.statuses == StatusRange::of(status))
            && let Some(own) = &own
        {
            schema = own;
        }
        let name = if chosen.contains('*') {
            "application/json"
        } else {
            &chosen
        };
        *content = Map::from_iter([(name.to_owned(), json!({ "schema": schema }))]);
    }
}
