//! Messages that may prove a difference, because the sending side allows them and the other side
//! may reject them.

use serde_json::Value;

use super::cursor::Cursor;
use crate::model::media_type::declared;
use crate::witness::{PartKey, Side, WitnessSearch, body_json, credential_list, sample};

/// A request that `side` allows.
pub(super) fn request(search: &WitnessSearch<'_>, side: Side, at: &Cursor<'_>) -> Vec<Value> {
    let operation = at.keys.operation(search.contract(side));
    operation
        .map(|operation| search.request(side, operation))
        .into_iter()
        .collect()
}

/// A request for each alternative of credentials that `side` accepts.
pub(super) fn authenticated_requests(
    search: &WitnessSearch<'_>,
    side: Side,
    at: &Cursor<'_>,
) -> Vec<Value> {
    let Some(operation) = at.keys.operation(search.contract(side)) else {
        return Vec::new();
    };
    let base = search.request(side, operation);
    if operation.security.is_empty() {
        return vec![base];
    }
    let requests = operation.security.iter().map(|credentials| {
        let mut request = base.clone();
        request["credentials"] = credential_list(credentials);
        request
    });
    requests.collect()
}

/// Requests of `side` without the parameter and with it.
pub(super) fn with_and_without_parameter(
    search: &WitnessSearch<'_>,
    side: Side,
    at: &Cursor<'_>,
) -> Vec<Value> {
    let contract = search.contract(side);
    let (Some(operation), Some(PartKey::Parameter(key))) = (at.keys.operation(contract), &at.part)
    else {
        return Vec::new();
    };
    let mut without = search.request(side, operation);
    if let Some(group) = without
        .get_mut(key.location.to_string())
        .and_then(Value::as_object_mut)
    {
        group.remove(&key.name);
    }
    let mut with = without.clone();
    let value = operation
        .parameters
        .get(key)
        .and_then(|parameter| sample(contract, parameter.schema));
    let Some(value) = value else {
        return vec![without];
    };
    with[key.location.to_string()][&key.name] = value;
    vec![without, with]
}

/// Requests of `side` without a body, and with one of each media type.
pub(super) fn with_and_without_body(
    search: &WitnessSearch<'_>,
    side: Side,
    at: &Cursor<'_>,
) -> Vec<Value> {
    let contract = search.contract(side);
    let Some(operation) = at.keys.operation(contract) else {
        return Vec::new();
    };
    let mut without = search.request(side, operation);
    if let Some(request) = without.as_object_mut() {
        request.remove("body");
    }
    let bodies = operation.request_body.iter().flat_map(|body| &body.content);
    let with = bodies.filter_map(|(media_type, body)| {
        let value = sample(contract, body.schema)?;
        let mut request = without.clone();
        request["body"] = body_json(media_type.as_str(), value);
        Some(request)
    });
    let with: Vec<Value> = with.collect();
    std::iter::once(without).chain(with).collect()
}

/// A message of `side` with a body of the media type.
pub(super) fn with_media_type(
    search: &WitnessSearch<'_>,
    side: Side,
    at: &Cursor<'_>,
) -> Vec<Value> {
    let Some(operation) = at.keys.operation(search.contract(side)) else {
        return Vec::new();
    };
    match &at.part {
        Some(PartKey::RequestBody(name)) => {
            let content = operation.request_body.as_ref().map(|body| &body.content);
            let body = content.and_then(|content| declared(content, name));
            let value = body.and_then(|body| sample(search.contract(side), body.schema));
            let request = value.map(|value| {
                let mut request = search.request(side, operation);
                request["body"] = body_json(name, value);
                request
            });
            request.into_iter().collect()
        }
        Some(PartKey::ResponseBody(status, name)) => {
            let has_it = operation
                .responses
                .get(status)
                .is_some_and(|response| declared(&response.content, name).is_some());
            let response = search.response(side, operation, *status, Some(name));
            response.filter(|_| has_it).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// A response of `side` with the status of the cursor.
pub(super) fn with_status(search: &WitnessSearch<'_>, side: Side, at: &Cursor<'_>) -> Vec<Value> {
    let operation = at.keys.operation(search.contract(side));
    let status = match at.part {
        Some(
            PartKey::Status(status) | PartKey::Header(status, _) | PartKey::ResponseBody(status, _),
        ) => Some(status),
        _ => None,
    };
    let response = operation
        .zip(status)
        .and_then(|(operation, status)| search.response(side, operation, status, None));
    response.into_iter().collect()
}

/// A response of `side` without the header.
pub(super) fn without_header(
    search: &WitnessSearch<'_>,
    side: Side,
    at: &Cursor<'_>,
) -> Vec<Value> {
    let Some(PartKey::Header(_, name)) = &at.part else {
        return Vec::new();
    };
    let mut responses = with_status(search, side, at);
    for response in &mut responses {
        if let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) {
            headers.remove(name);
        }
    }
    responses
}
