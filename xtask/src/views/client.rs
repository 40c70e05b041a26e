//! The view of the client: the JSON Schemas of its generated types, as an OpenAPI 3.1 document.
//!
//! The schemas show what each generated method sends and accepts. Types have no paths and methods;
//! these come from the contract, by operation id.

use std::collections::BTreeMap;

use anyhow::Result;
use media_client::generated::schemas::{self, ParameterSchema, RequestBodySchema, ResponseSchema};
use openapi_contract::document::Document;
use openapi_contract::model::{Contract, Operation};
use schemars::Schema;
use serde_json::{Map, Value, json};

/// The view of `crates/media-client`.
pub(super) fn document(contract: &Contract) -> Result<Document> {
    view_of(contract, methods())
}

/// The view of the client that has these methods, by operation id.
fn view_of(contract: &Contract, mut methods: BTreeMap<&str, Method>) -> Result<Document> {
    let mut view = View::default();
    let mut paths = Map::new();
    for (key, operation) in &contract.operations {
        let id = operation.id.as_deref().unwrap_or_default();
        let method = match methods.remove(id) {
            _ if operation.is_callback_or_webhook => continue,
            Some(method) => method,
            None if has_no_schemas(operation) => Method::default(),
            None => continue,
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

/// Whether a client has no schemas for an operation: it neither sends nor receives values.
fn has_no_schemas(operation: &Operation) -> bool {
    let mut responses = operation.responses.values();
    operation.parameters.is_empty()
        && operation.request_body.is_none()
        && responses.all(|response| response.content.is_empty())
}

/// The schemas of what one method of the client sends and accepts.
#[derive(Default)]
struct Method {
    responses: Vec<ResponseSchema>,
    parameters: Vec<ParameterSchema>,
    bodies: Vec<RequestBodySchema>,
}

/// The methods of the client by operation id.
fn methods() -> BTreeMap<&'static str, Method> {
    let mut methods: BTreeMap<&str, Method> = BTreeMap::new();
    for response in schemas::response_schemas() {
        let method = methods.entry(response.operation_id).or_default();
        method.responses.push(response);
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
        // The client accepts any response without a body.
        for (status, response) in &operation.responses {
            if response.content.is_empty() {
                responses.insert(status.to_string(), json!({"description": ""}));
            }
        }
        for ResponseSchema { status, schema, .. } in method.responses {
            let schema = self.schema(&format!("{id}.{status}"), schema);
            let content = json!({"application/json": {"schema": schema}});
            let response = json!({"description": "", "content": content});
            responses.insert(status.to_owned(), response);
        }
        let mut view = json!({
            "operationId": id,
            "parameters": self.parameters(id, method.parameters),
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

    fn parameters(&mut self, id: &str, parameters: Vec<ParameterSchema>) -> Vec<Value> {
        let parameters = parameters.into_iter().map(|parameter| {
            let name = format!("{id}.{}.{}", parameter.location, parameter.name);
            json!({
                "name": parameter.name,
                "in": parameter.location,
                "required": parameter.required,
                "schema": self.schema(&name, parameter.schema),
            })
        });
        parameters.collect()
    }

    /// A schema to use in the document. Its definitions become components whose names start with
    /// `prefix`, as several schemas may have different definitions of the same name.
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
        Value::Object(properties) => {
            if let Some(Value::String(reference)) = properties.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/components/schemas/{prefix}.{name}");
            }
            properties
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

#[cfg(test)]
mod tests {
    use openapi_contract::Finding;
    use openapi_contract::compare::{Relation, compare};
    use schemars::{JsonSchema, schema_for};

    use super::*;

    const COOKIES: &str = "\
openapi: 3.0.3
info: {title: Cookies, version: 1.0.0}
paths:
  /visits:
    get:
      operationId: count_visits
      parameters:
        - {name: visits, in: cookie, schema: {type: integer, format: int64}}
        - {name: theme, in: cookie, required: true, schema: {type: string}}
      responses:
        '204': {description: Counted.}
  /ping:
    get:
      operationId: ping
      responses:
        '204': {description: The server runs.}
";

    fn cookie<T: JsonSchema>(name: &'static str, required: bool) -> ParameterSchema {
        ParameterSchema {
            operation_id: "count_visits",
            location: "cookie",
            name,
            required,
            schema: schema_for!(T),
        }
    }

    /// Compares the contract with a client that sends these cookies.
    fn findings(parameters: Vec<ParameterSchema>) -> Vec<Finding> {
        let read = |document| Contract::read(document).expect("a valid contract");
        let contract = read(Document::parse("cookies.yaml", COOKIES).expect("valid YAML"));
        let method = Method {
            parameters,
            ..Method::default()
        };
        let methods = BTreeMap::from([("count_visits", method)]);
        let view = view_of(&contract, methods).expect("a document");
        compare(&contract, &read(view), Relation::Client)
    }

    #[track_caller]
    fn assert_rules(findings: &[Finding], expected: &[&str]) {
        let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.id).collect();
        assert_eq!(rules, expected, "{findings:#?}");
    }

    #[test]
    fn cookies_of_the_right_types_match() {
        let cookies = vec![
            cookie::<i64>("visits", false),
            cookie::<String>("theme", true),
        ];
        assert_rules(&findings(cookies), &[]);
    }

    #[test]
    fn cookie_of_a_wrong_type_is_found() {
        let cookies = vec![
            cookie::<bool>("visits", false),
            cookie::<String>("theme", true),
        ];
        assert_rules(&findings(cookies), &["type-changed"]);
    }
}
