//! Responses that have no body in HTTP, whatever is declared: those to `HEAD`, and those with some statuses.

use super::walk::{self, Route};
use super::{Change, Draft, PassKind};
use crate::rules;

const WEAKENED: PassKind = PassKind::weakened(rules::RESPONSES);

/// The statuses of responses without a body.
const NO_CONTENT: [&str; 3] = ["204", "205", "304"];

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    walk::operations(value, &mut |route: &Route, operation| {
        let id = walk::string(operation, "operationId").map(str::to_owned);
        let is_head = route.method == "head";
        for (status, response) in walk::entries_mut(operation.get_mut("responses")) {
            let is_bodiless = is_head || NO_CONTENT.contains(&status);
            let Some(response) = response.as_object_mut().filter(|_| is_bodiless) else {
                continue;
            };
            if walk::entries(response.get("content")).next().is_none() {
                continue;
            }
            let fact = match is_head {
                true => {
                    "a response to `HEAD` has no body in HTTP; its content is ignored".to_owned()
                }
                false => format!("a response {status} has no body in HTTP; its content is ignored"),
            };
            let message = Change::new(
                fact,
                "The client reads no body.",
                format!("Remove `content` from the response {status}."),
            );
            log.record_object(WEAKENED, response, Some("content"), id.as_deref(), message);
            response.shift_remove("content");
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{body, contract, lowered};
    use openapi_contract::Fidelity;

    #[test]
    fn content_of_bodiless_responses_is_ignored() {
        let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        let outcome = lowered(&contract(
            json!({ "/a": {
                "delete": { "operationId": "drop", "responses": { "204": body(schema.clone()) } },
                "head": { "operationId": "look", "responses": { "200": body(schema) } },
            } }),
            json!({}),
        ));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "a response 204 has no body"));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "a response to `HEAD` has no body"));
        let code = outcome.code;
        assert!(code.contains("204=>response.empty(),"), "{code}");
        assert!(code.contains("200=>response.empty(),"), "{code}");
    }
}
