//! Proofs that a schema allows no value.

use crate::model::{Contract, ObjectConstraints, Schema, SchemaId, Schemas};

/// Whether it is certain that no finite value is valid. False if it is not known.
pub fn allows_nothing(contract: &Contract, id: SchemaId) -> bool {
    Emptiness {
        schemas: &contract.schemas,
        around: Vec::new(),
    }
    .holds(id)
}

struct Emptiness<'a> {
    schemas: &'a Schemas,
    /// The schemas around the one that is looked at.
    around: Vec<SchemaId>,
}

impl Emptiness<'_> {
    fn holds(&mut self, id: SchemaId) -> bool {
        // The smallest value of a schema contains no value of the same schema.
        if id == Schemas::NEVER || self.around.contains(&id) {
            return true;
        }
        if id == Schemas::ANY {
            return false;
        }
        self.around.push(id);
        let holds = self.is_empty(self.schemas.get(id));
        self.around.pop();
        holds
    }

    fn is_empty(&mut self, schema: &Schema) -> bool {
        // Unions do not apply to null.
        if schema.null {
            return false;
        }
        let mut unions = schema.unions.iter();
        if unions.any(|union| union.members.iter().all(|&member| self.holds(member))) {
            return true;
        }
        if schema.boolean.is_any() || schema.number.is_some() || schema.string.is_some() {
            return false;
        }
        let allows_array = schema
            .array
            .as_ref()
            .is_some_and(|rules| rules.min_items == 0 || !self.holds(rules.items));
        let allows_object = schema
            .object
            .as_ref()
            .is_some_and(|rules| !self.lacks_required(rules));
        !allows_array && !allows_object
    }

    /// Whether a required property can have no value.
    fn lacks_required(&mut self, rules: &ObjectConstraints) -> bool {
        let mut required = rules.required.iter();
        required.any(|name| {
            let declared = rules.properties.get(name).copied();
            let id = declared.or(rules
                .pattern_properties
                .is_empty()
                .then_some(rules.additional));
            id.is_some_and(|id| self.holds(id))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::allows_nothing;
    use crate::document::Document;
    use crate::model::Contract;

    #[test]
    fn only_schemas_without_values_are_empty() {
        for (schema, expected) in [
            ("false", true),
            ("{type: string, enum: []}", true),
            (
                "{type: object, required: [a], properties: {a: false}}",
                true,
            ),
            ("{type: object, properties: {a: false}}", false),
            (
                "{type: object, required: [a], additionalProperties: false}",
                true,
            ),
            ("{type: array, items: false, minItems: 1}", true),
            ("{type: array, items: false}", false),
            ("{$ref: '#/components/schemas/Endless'}", true),
            ("{$ref: '#/components/schemas/Tree'}", false),
            ("{type: [string, 'null']}", false),
        ] {
            let text = format!(
                "
openapi: 3.1.0
info: {{title: Things, version: 1.0.0}}
paths:
  /things:
    get:
      responses:
        '200': {{description: One., content: {{application/json: {{schema: {schema}}}}}}}
components:
  schemas:
    Endless: {{type: object, required: [a], properties: {{a: {{$ref: '#/components/schemas/Endless'}}}}}}
    Tree: {{type: object, properties: {{a: {{$ref: '#/components/schemas/Tree'}}}}}}
"
            );
            let document = Document::parse("things.yaml", text).expect("it is YAML");
            let contract = Contract::read(document).expect("it is a contract");
            let operation = contract.operations.values().next().expect("there is one");
            let response = operation.responses.values().next().expect("there is one");
            let body = response.content.values().next().expect("there is one");
            assert_eq!(allows_nothing(&contract, body.schema), expected, "{schema}");
        }
    }
}
