//! The canonical model as JSON, for snapshots and debugging.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::contract::{Body, Contract, Operation, Parameter};
use super::emit::Emitter;
use super::media_type::MediaType;
use super::schema::SchemaId;
use super::security::SecurityRequirement;

/// A contract in canonical form: sorted, with defaults, and with schemas as JSON Schema 2020-12.
/// Components are defined in `$defs` and referenced by name.
pub fn canonical_json(contract: &Contract) -> Value {
    let roots: Vec<SchemaId> = contract.operations.values().flat_map(roots).collect();
    let mut printer = Printer {
        emitter: Emitter::new(contract, &roots),
    };
    let operations: Map<String, Value> = contract
        .operations
        .iter()
        .map(|(key, operation)| (key.to_string(), printer.operation(operation)))
        .collect();
    json!({
        "title": contract.title,
        "version": contract.version,
        "operations": operations,
        "$defs": printer.emitter.definitions(),
    })
}

/// The schemas of an operation's messages, in the order in which they are printed.
fn roots(operation: &Operation) -> Vec<SchemaId> {
    let parameters = operation.parameters.values();
    let mut ids: Vec<SchemaId> = parameters.map(|parameter| parameter.schema).collect();
    let request = operation.request_body.iter();
    ids.extend(
        request
            .flat_map(|body| body.content.values())
            .map(|body| body.schema),
    );
    for response in operation.responses.values() {
        ids.extend(response.headers.values().map(|header| header.schema));
        ids.extend(response.content.values().map(|body| body.schema));
    }
    ids
}

struct Printer<'a> {
    emitter: Emitter<'a>,
}

impl Printer<'_> {
    fn operation(&mut self, operation: &Operation) -> Value {
        let parameters: Vec<Value> = operation
            .parameters
            .iter()
            .map(|(key, parameter)| self.parameter(&key.location.to_string(), parameter))
            .collect();
        let request_body = operation.request_body.as_ref().map(
            |body| json!({"required": body.required, "content": self.content(body.content.iter())}),
        );
        let mut responses = Map::new();
        for (status, response) in &operation.responses {
            let mut headers = Map::new();
            for header in response.headers.values() {
                let schema = self.emitter.schema(header.schema);
                let value = json!({"required": header.required, "schema": schema});
                headers.insert(header.name.clone(), value);
            }
            let content = self.content(response.content.iter());
            let value = json!({"headers": headers, "content": content});
            responses.insert(status.to_string(), value);
        }
        json!({
            "operationId": operation.id,
            "deprecated": operation.deprecated,
            "security": security(&operation.security),
            "parameters": parameters,
            "requestBody": request_body,
            "responses": responses,
        })
    }

    fn parameter(&mut self, location: &str, parameter: &Parameter) -> Value {
        json!({
            "in": location,
            "name": parameter.name,
            "required": parameter.required,
            "style": parameter.encoding.to_string(),
            "schema": self.emitter.schema(parameter.schema),
        })
    }

    fn content<'b>(&mut self, bodies: impl Iterator<Item = (&'b MediaType, &'b Body)>) -> Value {
        bodies
            .map(|(media_type, body)| (media_type.to_string(), self.emitter.schema(body.schema)))
            .collect::<Map<_, _>>()
            .into()
    }
}

fn security(requirements: &BTreeSet<SecurityRequirement>) -> Value {
    let requirements = requirements.iter().map(|requirement| {
        let schemes = requirement.iter();
        schemes
            .map(|(scheme, scopes)| (scheme.to_string(), json!(scopes)))
            .collect::<Map<_, _>>()
    });
    requirements.map(Value::from).collect()
}
