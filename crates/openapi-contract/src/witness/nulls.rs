//! Requests of clients that omit null properties.

use serde_json::Value;

use super::covering_messages::{RequestParts, allowed, alternatives, members};
use crate::model::{Contract, Operation, SchemaId};

impl RequestParts {
    /// Removes bodies that the contract rejects without their optional null properties: a client
    /// whose fields are an `Option` omits these properties.
    pub fn omit_nulls(&mut self, contract: &Contract, operation: &Operation) {
        let content = operation.request_body.iter().flat_map(|body| &body.content);
        for (media_type, body) in content {
            let Some(values) = self.bodies.get_mut(media_type.as_str()) else {
                continue;
            };
            values.retain(|value| {
                let sent = sent(contract, body.schema, value);
                sent == *value || !allowed(contract, body.schema_node, vec![sent]).is_empty()
            });
        }
    }
}

/// A value without its optional properties that are null. Entries of maps stay.
fn sent(contract: &Contract, id: SchemaId, value: &Value) -> Value {
    let Value::Object(given) = value else {
        return value.clone();
    };
    let within = alternatives(contract, id).into_iter();
    let rules: Vec<_> = within
        .filter_map(|id| contract.schemas.get(id).object.as_ref())
        .collect();
    let is_optional = |name: &String| {
        rules
            .iter()
            .any(|rules| rules.properties.contains_key(name))
            && !rules.iter().any(|rules| rules.required.contains(name))
    };
    let given = given
        .iter()
        .filter(|(name, member)| !(member.is_null() && is_optional(name)));
    let given = given.map(|(name, member)| {
        let mut ids = members(contract, id, name).into_iter();
        let member = ids
            .next()
            .map_or_else(|| member.clone(), |id| sent(contract, id, member));
        (name.clone(), member)
    });
    given.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Document;
    use crate::model::Contract;

    #[test]
    fn bodies_of_optional_nulls_are_removed() {
        let text = r#"
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    patch:
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, minProperties: 1, additionalProperties: false, properties: {
              name: {type: string, nullable: true}, note: {type: string, nullable: true}}}
      responses: {'204': {description: Done.}}
    put:
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [name], properties: {
              name: {type: string, nullable: true},
              more: {type: object, minProperties: 1, properties: {a: {type: string, nullable: true}}},
              map: {type: object, minProperties: 1, additionalProperties: {type: string, nullable: true}}}}
      responses: {'204': {description: Done.}}
"#;
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let bodies = |method: &str, values: &[Value]| {
            let mut operations = contract.operations.iter();
            let (_, operation) = operations
                .find(|(key, _)| key.method.eq_ignore_ascii_case(method))
                .expect("there is one");
            let mut parts = RequestParts::of(&contract, operation);
            let body = parts.bodies.values_mut().next().expect("there is one");
            *body = values.to_vec();
            parts.omit_nulls(&contract, operation);
            parts.bodies.into_values().next().expect("there is one")
        };
        let kept = [json!({"name": "a", "note": null}), json!({"note": "a"})];
        let mut given = kept.to_vec();
        given.extend([json!({"name": null}), json!({"name": null, "note": null})]);
        assert_eq!(bodies("PATCH", &given), kept);
        let kept = [
            json!({"name": null}),
            json!({"name": "a", "map": {"b": null}}),
        ];
        let mut given = kept.to_vec();
        given.push(json!({"name": "a", "more": {"a": null}}));
        assert_eq!(bodies("PUT", &given), kept);
    }
}
