//! Answers that have no body in HTTP, whatever is declared: those to `HEAD`, and of some statuses.

use super::walk::{self, Route};
use super::{Draft, PassKind};

const WEAKENED: PassKind = PassKind::weakened("responses");

/// The statuses that end an answer after its headers.
const BODILESS: [&str; 3] = ["204", "205", "304"];

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    walk::operations(value, &mut |route: &Route, operation| {
        let id = walk::string(operation, "operationId").map(str::to_owned);
        let is_head = route.method == "head";
        for (status, response) in walk::entries_mut(operation.get_mut("responses")) {
            let is_bodiless = is_head || BODILESS.contains(&status);
            let Some(response) = response.as_object_mut().filter(|_| is_bodiless) else {
                continue;
            };
            if walk::entries(response.get("content")).next().is_none() {
                continue;
            }
            let message = match is_head {
                true => "an answer to `HEAD` has no body in HTTP: the client reads none".to_owned(),
                false => format!("an answer {status} has no body in HTTP: the client reads none"),
            };
            log.record_object(WEAKENED, response, Some("content"), id.as_deref(), message);
            response.shift_remove("content");
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Fidelity;
    use super::super::test_support::{body, contract, lowered};

    #[test]
    fn nothing_is_read_where_there_is_no_body() {
        let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        let outcome = lowered(&contract(
            json!({ "/a": {
                "delete": { "operationId": "drop", "responses": { "204": body(schema.clone()) } },
                "head": { "operationId": "look", "responses": { "200": body(schema) } },
            } }),
            json!({}),
        ));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "an answer 204 has no body"));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "an answer to `HEAD` has no body"));
        let code = outcome.code;
        assert!(
            code.contains("204u16=>Ok(ResponseValue::empty(response))"),
            "{code}"
        );
        assert!(
            code.contains("200u16=>Ok(ResponseValue::empty(response))"),
            "{code}"
        );
    }
}
