//! Responses that no contract declares like this, but that servers and proxies send.

use openapi_contract::model::{Contract, Operation, StatusPattern};

use super::mock_server::CannedResponse;

/// A response that the client must not lose.
#[derive(Debug)]
pub(super) struct Fault {
    /// What it is, for messages.
    pub(super) name: &'static str,
    pub(super) response: CannedResponse,
    /// Whether the client may read an empty body as `None`.
    pub(super) may_be_none: bool,
}

impl Fault {
    /// A response that the client does not expect.
    pub(super) fn undeclared(name: &'static str, response: CannedResponse) -> Self {
        Self {
            name,
            response,
            may_be_none: false,
        }
    }
}

/// The faults to test an operation with.
pub(super) fn faults(contract: &Contract, operation: &Operation, is_head: bool) -> Vec<Fault> {
    let response = |status: u16, headers: &[(&str, &str)], body: &str| CannedResponse {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        // A response to HEAD has no body.
        body: if is_head { Vec::new() } else { body.into() },
    };
    let fault = Fault::undeclared;
    let html = [("content-type", "text/html"), ("x-proxy", "gateway")];
    let mut faults = vec![
        fault(
            "an HTML response of a proxy",
            response(502, &html, "<html><h1>502 Bad Gateway</h1></html>"),
        ),
        fault(
            "an empty response",
            response(404, &[("x-request-id", "17")], ""),
        ),
        fault(
            "a redirect without a body",
            response(302, &[("location", "/elsewhere")], ""),
        ),
    ];
    if let Some(status) = error_without_body(operation) {
        faults.push(fault(
            "an HTML response to a declared error without a body",
            response(status, &html, "<html><h1>No body is declared</h1></html>"),
        ));
    }
    if let Some(status) = success_with_body(operation) {
        faults.push(Fault {
            may_be_none: may_be_none(contract, operation),
            ..fault(
                "an empty response",
                response(status, &[("x-request-id", "18")], ""),
            )
        });
        let undeclared = [("content-type", "application/x-undeclared")];
        faults.push(fault(
            "a response with an undeclared media type",
            response(status, &undeclared, "neither JSON nor empty"),
        ));
    }
    faults
}

/// A status of the successes that have a body.
fn success_with_body(operation: &Operation) -> Option<u16> {
    let mut codes = (200..300).filter(|code| ![204, 205].contains(code));
    codes.find(|&code| {
        let status = operation.declared_status(code);
        let response = status.and_then(|status| operation.responses.get(&status));
        response.is_some_and(|response| !response.content.is_empty())
    })
}

/// A status of the errors that are declared without a body.
fn error_without_body(operation: &Operation) -> Option<u16> {
    let mut codes = 400..600;
    codes.find(|&code| {
        let status = operation.declared_status(code);
        let response = status.and_then(|status| operation.responses.get(&status));
        response.is_some_and(|response| response.content.is_empty())
    })
}

/// Whether the operation declares a success without a body, or one that may be null.
fn may_be_none(contract: &Contract, operation: &Operation) -> bool {
    let is_success = |status: StatusPattern| {
        matches!(
            status,
            StatusPattern::Code(200..=299) | StatusPattern::Range(2) | StatusPattern::Default
        )
    };
    let mut successes = operation
        .responses
        .iter()
        .filter(|(status, _)| is_success(**status));
    successes.any(|(_, response)| {
        let mut bodies = response.content.values();
        response.content.is_empty() || bodies.any(|body| contract.schemas.get(body.schema).null)
    })
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;

    use super::faults;

    #[test]
    fn an_operation_with_a_body_gets_all_faults() {
        let text = "
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /a: {get: {responses: {'201': {description: One., content: {application/json: {schema: {type: string}}}}}}}
  /b: {get: {responses: {'204': {description: None.}}}}
  /d: {get: {responses: {'204': {description: None.}, 4XX: {description: None.}}}}
  /c: {get: {responses: {default: {description: One., content: {application/json: {schema: {nullable: true, type: string}}}}}}}
";
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        for (path, expected) in [
            (
                "/a",
                vec![
                    (502, false),
                    (404, false),
                    (302, false),
                    (201, false),
                    (201, false),
                ],
            ),
            ("/b", vec![(502, false), (404, false), (302, false)]),
            (
                "/c",
                vec![
                    (502, false),
                    (404, false),
                    (302, false),
                    (200, true),
                    (200, false),
                ],
            ),
        ] {
            let mut operations = contract.operations.iter();
            let (_, operation) = operations
                .find(|(key, _)| key.path == path)
                .expect("there is one");
            let found: Vec<(u16, bool)> = faults(&contract, operation, false)
                .iter()
                .map(|fault| (fault.response.status, fault.may_be_none))
                .collect();
            assert_eq!(found, expected, "{path}");
        }
    }
}
