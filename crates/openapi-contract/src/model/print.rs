//! The canonical model as JSON: for snapshots, and for people who ask what a document means.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::contract::{Body, Contract, Credentials, Operation, Parameter};
use super::number::Bound;
use super::schema::{
    ArrayRules, NumberRules, ObjectRules, Opaque, Schema, SchemaId, Schemas, StringRules,
};

/// A contract in canonical form: sorted, with defaults filled in, every schema in the vocabulary of
/// JSON Schema 2020-12. Components are referred to by name and listed once.
pub fn canonical_json(contract: &Contract) -> Value {
    let mut printer = Printer::new(contract);
    let operations: Map<String, Value> = contract
        .operations
        .iter()
        .map(|(key, operation)| (key.to_string(), printer.operation(operation)))
        .collect();
    let schemas = printer.components();
    json!({
        "title": contract.title,
        "version": contract.version,
        "operations": operations,
        "schemas": schemas,
    })
}

/// One schema in canonical form, with the components it refers to below `$defs`.
pub fn canonical_schema_json(contract: &Contract, id: SchemaId) -> Value {
    let mut printer = Printer::new(contract);
    let mut schema = printer.inline(id);
    let components = printer.components();
    if let (Value::Object(schema), false) = (&mut schema, components.is_empty()) {
        schema.insert("$defs".to_owned(), components.into());
    }
    schema
}

struct Printer<'a> {
    contract: &'a Contract,
    /// Components that are referred to, those not yet printed among them.
    referred: BTreeSet<(String, SchemaId)>,
    /// The schemas around the one being printed.
    around: Vec<SchemaId>,
}

impl<'a> Printer<'a> {
    fn new(contract: &'a Contract) -> Self {
        Self {
            contract,
            referred: BTreeSet::new(),
            around: Vec::new(),
        }
    }

    fn components(&mut self) -> Map<String, Value> {
        let mut printed = Map::new();
        while let Some((name, id)) = self
            .referred
            .iter()
            .find(|(name, _)| !printed.contains_key(name))
            .cloned()
        {
            let schema = self.inline(id);
            printed.insert(name, schema);
        }
        printed.sort_keys();
        printed
    }

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
                let schema = self.schema(header.schema);
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
            "style": parameter.style,
            "schema": self.schema(parameter.schema),
        })
    }

    fn content<'b>(&mut self, bodies: impl Iterator<Item = (&'b String, &'b Body)>) -> Value {
        bodies
            .map(|(media_type, body)| (media_type.clone(), self.schema(body.schema)))
            .collect::<Map<_, _>>()
            .into()
    }

    /// A schema where it is used: a component by reference.
    fn schema(&mut self, id: SchemaId) -> Value {
        let schema = self.contract.schemas.get(id);
        let name = match &schema.component {
            Some(name) => name.clone(),
            // Recursion through a schema without a name needs one.
            None if self.around.contains(&id) => format!("schema-{}", id.0),
            None => return self.inline(id),
        };
        let reference = json!({"$ref": format!("#/schemas/{name}")});
        self.referred.insert((name, id));
        reference
    }

    fn inline(&mut self, id: SchemaId) -> Value {
        if id == Schemas::ANY {
            return true.into();
        }
        let contract = self.contract;
        let schema = contract.schemas.get(id);
        if schema.is_never() && schema.is_plain() {
            return false.into();
        }
        self.around.push(id);
        let mut json = Map::new();
        self.types(schema, &mut json);
        let mut unions: Vec<Value> = Vec::new();
        for union in &schema.unions {
            let keyword = if union.exactly_one { "oneOf" } else { "anyOf" };
            let members: Value = union
                .members
                .iter()
                .map(|&member| self.schema(member))
                .collect();
            unions.push(json!({keyword: members}));
        }
        match unions.pop() {
            Some(Value::Object(only)) if unions.is_empty() => json.extend(only),
            Some(last) => {
                unions.push(last);
                unions.sort_by_cached_key(Value::to_string);
                json.insert("allOf".to_owned(), unions.into());
            }
            None => {}
        }
        for (keyword, said) in &schema.opaque {
            let printed: Vec<Value> = said.iter().map(|opaque| self.opaque(opaque)).collect();
            let printed = match <[Value; 1]>::try_from(printed) {
                Ok([only]) => only,
                Err(several) => json!({"allOf": several}),
            };
            json.insert(keyword.clone(), printed);
        }
        if let Some(default) = &schema.notes().default {
            json.insert("default".to_owned(), default.clone());
        }
        self.around.pop();
        json.into()
    }

    fn opaque(&mut self, opaque: &Opaque) -> Value {
        match opaque {
            Opaque::Json(json) => json.clone(),
            Opaque::Schema(id) => self.schema(*id),
            Opaque::Schemas(schemas) => {
                let members = schemas.iter();
                members
                    .map(|(name, &id)| (name.clone(), self.schema(id)))
                    .collect()
            }
        }
    }

    fn types(&mut self, schema: &Schema, json: &mut Map<String, Value>) {
        const COUNT_OF_ALL_TYPES: usize = 6;
        let types = schema.types();
        match types[..] {
            [only] => json.insert("type".to_owned(), only.into()),
            _ if types.len() == COUNT_OF_ALL_TYPES && !types.contains(&"integer") => None,
            _ => json.insert("type".to_owned(), types.into()),
        };
        match (schema.boolean.r#false, schema.boolean.r#true) {
            (true, false) => json.insert("booleans".to_owned(), json!([false])),
            (false, true) => json.insert("booleans".to_owned(), json!([true])),
            _ => None,
        };
        let mut add = |rules: Vec<(&str, Option<Value>)>| {
            for (keyword, value) in rules {
                if let Some(value) = value {
                    json.insert(keyword.to_owned(), value);
                }
            }
        };
        add(schema.number.as_deref().map(numbers).unwrap_or_default());
        add(schema.string.as_deref().map(strings).unwrap_or_default());
        if let Some(rules) = &schema.array {
            add(self.arrays(rules));
        }
        if let Some(rules) = &schema.object {
            add(self.objects(rules));
        }
    }

    fn arrays(&mut self, rules: &ArrayRules) -> Vec<(&'static str, Option<Value>)> {
        let prefix: Vec<Value> = rules.prefix.iter().map(|&id| self.schema(id)).collect();
        let items = (rules.items != Schemas::ANY).then(|| self.schema(rules.items));
        vec![
            ("prefixItems", (!prefix.is_empty()).then(|| prefix.into())),
            ("items", items),
            ("minItems", above_zero(rules.min_items)),
            ("maxItems", rules.max_items.map(Value::from)),
            ("uniqueItems", rules.unique.then_some(true.into())),
            ("arrays", rules.constants.clone().map(Value::from)),
        ]
    }

    fn objects(&mut self, rules: &ObjectRules) -> Vec<(&'static str, Option<Value>)> {
        let mut members = |properties: &std::collections::BTreeMap<String, SchemaId>| {
            let members = properties.iter();
            let members: Map<String, Value> = members
                .map(|(name, &id)| (name.clone(), self.schema(id)))
                .collect();
            (!members.is_empty()).then(|| Value::from(members))
        };
        let properties = members(&rules.properties);
        let patterns = members(&rules.pattern_properties);
        let additional = rules
            .additional_is_declared
            .then(|| self.schema(rules.additional));
        let required: Vec<&String> = rules.required.iter().collect();
        vec![
            ("properties", properties),
            ("patternProperties", patterns),
            ("additionalProperties", additional),
            ("required", (!required.is_empty()).then(|| json!(required))),
            ("minProperties", above_zero(rules.min_properties)),
            ("maxProperties", rules.max_properties.map(Value::from)),
            ("objects", rules.constants.clone().map(Value::from)),
        ]
    }
}

fn numbers(rules: &NumberRules) -> Vec<(&'static str, Option<Value>)> {
    let with = |bound: Option<Bound>, exclusive: bool| {
        let bound = bound.filter(|bound| bound.exclusive == exclusive);
        bound.map(|bound| bound.value.to_json())
    };
    let constants = rules.constants.as_ref();
    vec![
        ("numberFormat", rules.format.clone().map(Value::from)),
        ("minimum", with(rules.minimum, false)),
        ("exclusiveMinimum", with(rules.minimum, true)),
        ("maximum", with(rules.maximum, false)),
        ("exclusiveMaximum", with(rules.maximum, true)),
        (
            "multipleOf",
            (!rules.multiple_of.is_empty()).then(|| {
                rules
                    .multiple_of
                    .iter()
                    .map(|number| number.to_json())
                    .collect()
            }),
        ),
        (
            "numbers",
            constants.map(|numbers| numbers.iter().map(|number| number.to_json()).collect()),
        ),
    ]
}

fn strings(rules: &StringRules) -> Vec<(&'static str, Option<Value>)> {
    let list = |texts: &BTreeSet<String>| (!texts.is_empty()).then(|| json!(texts));
    vec![
        ("minLength", above_zero(rules.min_length)),
        ("maxLength", rules.max_length.map(Value::from)),
        ("pattern", list(&rules.patterns)),
        ("format", list(&rules.formats)),
        (
            "content",
            (!rules.content.is_empty()).then(|| json!(rules.content)),
        ),
        (
            "strings",
            rules.constants.as_ref().map(|constants| json!(constants)),
        ),
    ]
}

fn above_zero(count: u64) -> Option<Value> {
    (count > 0).then(|| count.into())
}

fn security(ways: &BTreeSet<Credentials>) -> Value {
    json!(ways)
}
