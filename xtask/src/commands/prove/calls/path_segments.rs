//! Values of path segments that lead to another path, and that the client must reject.

use openapi_contract::model::{Operation, OperationKey, ParameterIn, ParameterKey, ParameterStyle};
use serde_json::Value;

use crate::commands::prove::mock_server::ReceivedRequest;
use crate::commands::prove::program::CallOutcome;

/// Values of path segments that would lead to another path.
pub(super) const UNROUTABLE: &[&str] = &["", ".", "..", "%2e", "%2E%2e"];

/// Requests with such a value, with the position and the value of the parameter.
pub(super) fn unroutable<'u>(
    key: &OperationKey,
    operation: &Operation,
    request: &Value,
) -> Vec<(Value, usize, &'u str)> {
    let (path, _) = key.path.split_once(['?', '#']).unwrap_or((&key.path, ""));
    let mut positions = 0..;
    let mut requests = Vec::new();
    for segment in path.split('/') {
        let count = segment.matches("{}").count();
        let at: Vec<usize> = positions.by_ref().take(count).collect();
        let ([at], "{}") = (&at[..], segment) else {
            continue;
        };
        let parameter = operation.parameters.get(&ParameterKey {
            location: ParameterIn::Path,
            name: at.to_string(),
        });
        let is_simple = parameter.is_some_and(|parameter| {
            let styled = parameter.encoding.styled();
            styled.is_some_and(|styled| styled.style == ParameterStyle::Simple)
        });
        let name = at.to_string();
        if is_simple && request["path"][&name].is_string() {
            requests.extend(UNROUTABLE.iter().map(|text| {
                let mut request = request.clone();
                request["path"][&name] = (*text).into();
                (request, *at, *text)
            }));
        }
    }
    requests
}

/// What is wrong with the outcome of such a request: it must be rejected before anything is sent.
pub(super) fn sent_unroutable(
    received: &[ReceivedRequest],
    outcome: &CallOutcome,
) -> Option<String> {
    match (received, outcome) {
        ([], CallOutcome::Rejected { .. }) => None,
        ([], other) => Some(format!("the client did not reject it: {other:?}")),
        ([first, ..], _) => Some(format!("the client sent it to `{}`", first.path)),
    }
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;
    use serde_json::json;

    use super::{UNROUTABLE, sent_unroutable, unroutable};
    use crate::commands::prove::mock_server::ReceivedRequest;
    use crate::commands::prove::program::CallOutcome;

    #[test]
    fn segments_that_lead_elsewhere_must_be_rejected() {
        let received = || ReceivedRequest {
            method: "GET".to_owned(),
            path: "/things/".to_owned(),
            query: None,
            headers: Vec::new(),
            body: Vec::new(),
        };
        let message = String::new;
        let rejected = || CallOutcome::Rejected { message: message() };
        assert_eq!(sent_unroutable(&[], &rejected()), None);
        let failed = CallOutcome::Failed { message: message() };
        assert!(sent_unroutable(&[], &failed).is_some());
        assert!(sent_unroutable(&[received()], &rejected()).is_some());
    }

    #[test]
    fn segments_of_string_parameters_are_tested() {
        let text = "
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /a/{one}/{two}.{three}/{four}/{five}:
    get:
      parameters:
        - {name: one, in: path, required: true, schema: {type: string}}
        - {name: two, in: path, required: true, schema: {type: string}}
        - {name: three, in: path, required: true, schema: {type: string}}
        - {name: four, in: path, required: true, schema: {type: integer}}
        - {name: five, in: path, required: true, style: label, schema: {type: string}}
      responses: {'204': {description: Done.}}
";
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let (key, operation) = contract.operations.first_key_value().expect("there is one");
        let request = json!({"path": {"0": "a", "1": "b", "2": "c", "3": 4, "4": "e"}});
        let found = unroutable(key, operation, &request);
        assert_eq!(found.len(), UNROUTABLE.len());
        for (request, at, text) in found {
            assert_eq!(at, 0);
            let expected = json!({"path": {"0": text, "1": "b", "2": "c", "3": 4, "4": "e"}});
            assert_eq!(request, expected);
        }
    }
}
