//! The client's view: the JSON Schemas of its generated types, as an OpenAPI 3.1 document.
//!
//! The schemas say what the types of each generated method can read and send. Paths and methods,
//! which no type shows, are taken from the contract by operation id.

use std::collections::BTreeMap;

use anyhow::Result;
use media_client::generated::schemas::{self, ParameterSchema, RequestBodySchema, ResponseSchema};
use openapi_contract::document::Document;
use openapi_contract::model::{Contract, Operation, ParameterIn};
use schemars::Schema;
use serde_json::{Map, Value, json};

/// The document of `crates/media-client`.
pub(super) fn document(contract: &Contract) -> Result<Document> {
    let mut methods = methods();
    let mut view = View::default();
    let mut paths = Map::new();
    for (key, operation) in &contract.operations {
        let id = operation.id.as_deref().unwrap_or_default();
        let Some(method) = methods
            .remove(id)
            .filter(|_| !operation.is_callback_or_webhook)
        else {
            continue;
        };
        let item = paths
            .entry(operation.path.clone())
            .or_insert_with(|| json!({}));
        item[key.method.to_ascii_lowercase()] = view.operation(operation, method);
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": contract.title, "version": media_client::generated::CONTRACT_VERSION},
        "paths": paths,
        "components": {"schemas": view.components},
    });
    Ok(Document::parse(
        "the types of media-client",
        format!("{document:#}"),
    )?)
}

/// What one method of the client reads and sends.
#[derive(Default)]
struct Method {
    responses: Vec<ResponseSchema>,
    parameters: Vec<ParameterSchema>,
    bodies: Vec<RequestBodySchema>,
}

/// The methods of the client by operation id. One that neither sends nor reads anything that has a
/// schema does not show here, and no contract of this workspace has such an operation.
fn methods() -> BTreeMap<&'static str, Method> {
    let mut methods: BTreeMap<&str, Method> = BTreeMap::new();
    for answer in schemas::response_schemas() {
        let method = methods.entry(answer.operation_id).or_default();
        method.responses.push(answer);
    }
    for parameter in schemas::parameter_schemas() {
        let method = methods.entry(parameter.operation_id).or_default();
        method.parameters.push(parameter);
    }
    for body in schemas::request_body_schemas() {
        let method = methods.entry(body.operation_id).or_default();
        method.bodies.push(body);
    }
    methods
}

#[derive(Default)]
struct View {
    components: Map<String, Value>,
}

impl View {
    fn operation(&mut self, operation: &Operation, method: Method) -> Value {
        let id = operation.id.as_deref().unwrap_or_default();
        let mut responses = Map::new();
        // An answer without a body is read whatever it is.
        for (status, response) in &operation.responses {
            if response.content.is_empty() {
                responses.insert(status.to_string(), json!({"description": ""}));
            }
        }
        for answer in method.responses {
            let schema = self.schema(&format!("{id}.{}", answer.status), answer.schema);
            let content = json!({"application/json": {"schema": schema}});
            let response = json!({"description": "", "content": content});
            responses.insert(answer.status.to_owned(), response);
        }
        let mut view = json!({
            "operationId": id,
            "parameters": self.parameters(id, operation, method.parameters),
            "responses": responses,
        });
        for body in method.bodies {
            let schema = self.schema(&format!("{id}.body"), body.schema);
            let declared = operation.request_body.as_ref();
            let required = declared.is_some_and(|body| body.required);
            view["requestBody"] =
                json!({"required": required, "content": {body.media_type: {"schema": schema}}});
        }
        view
    }

    fn parameters(
        &mut self,
        id: &str,
        operation: &Operation,
        own: Vec<ParameterSchema>,
    ) -> Vec<Value> {
        let own = own.into_iter().map(|parameter| {
            let name = format!("{id}.{}.{}", parameter.location, parameter.name);
            json!({
                "name": parameter.name,
                "in": parameter.location,
                "required": parameter.required,
                "schema": self.schema(&name, parameter.schema),
            })
        });
        let mut parameters: Vec<Value> = own.collect();
        // Generated clients have no cookies, and say so when they are generated.
        let cookies = operation.parameters.iter();
        let cookies = cookies.filter(|(key, _)| key.location == ParameterIn::Cookie);
        parameters.extend(cookies.map(|(key, parameter)| {
            json!({"name": key.name, "in": "cookie", "required": parameter.required})
        }));
        parameters
    }

    /// A schema for use in the document: its definitions become components whose names start with
    /// `prefix`, because two schemas can define different things by one name.
    fn schema(&mut self, prefix: &str, schema: Schema) -> Value {
        let mut value = schema.to_value();
        let definitions = value
            .as_object_mut()
            .and_then(|object| object.remove("$defs"));
        point_to_components(&mut value, prefix);
        if let Some(Value::Object(definitions)) = definitions {
            for (name, mut definition) in definitions {
                point_to_components(&mut definition, prefix);
                self.components
                    .insert(format!("{prefix}.{name}"), definition);
            }
        }
        value
    }
}

fn point_to_components(value: &mut Value, prefix: &str) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/components/schemas/{prefix}.{name}");
            }
            members
                .values_mut()
                .for_each(|value| point_to_components(value, prefix));
        }
        Value::Array(elements) => {
            elements
                .iter_mut()
                .for_each(|value| point_to_components(value, prefix));
        }
        _ => {}
    }
}
