//! The document from which plain progenitor makes a comparable client.
//!
//! It has the operations of the client in terms of progenitor, and schemas of the types of the client. Whatever
//! progenitor rejects is dropped: the document is for measurements only.

use std::collections::{HashMap, HashSet};

use openapi_contract::model::Contract;
use openapi_contract::rust_names;
use regress::Regex;
use serde_json::{Map, Value, json};

use super::document::{self, replacement};
use crate::client_plan::{ClientPlan, ResultType};
use crate::contract_info;
use crate::error::GenerateError;
use crate::types::{
    ConstrainedString, Field, Presence, StringEnum, StructType, TypeDef, TypeKind, TypeRef,
    TypeSet, UnionType,
};

/// The prefix of references to components.
const COMPONENTS: &str = "#/components/schemas/";

/// The OpenAPI 3.0 document that a user of plain progenitor would write for a client with the same operations and
/// types.
///
/// # Errors
/// If no client can be generated from the contract.
pub fn comparison_document(contract: &Contract) -> Result<Value, GenerateError> {
    let info = contract_info::read(contract)?;
    let plan = ClientPlan::read(contract)?;
    let (mut document, replacements) = document::document(&plan, &info);
    let used: HashMap<String, TypeRef> = used(&plan)
        .into_iter()
        .map(|ty| (replacement(plan.types.source(&ty, "types::")), ty))
        .collect();
    let schemas = Schemas { types: &plan.types };
    let types: HashMap<String, Option<&TypeRef>> = replacements
        .into_iter()
        .map(|(component, source)| (format!("{COMPONENTS}{component}"), used.get(&source)))
        .collect();
    if let Some(paths) = document.get_mut("paths") {
        schemas.replace(paths, &types);
    }
    let components = plan.types.iter();
    let components: Map<String, Value> = components
        .map(|(_, def)| (def.name.clone(), schemas.declared(def)))
        .collect();
    document["components"] = json!({ "schemas": components });
    Ok(document)
}

/// The types of operations.
fn used(plan: &ClientPlan) -> Vec<TypeRef> {
    let mut used = Vec::new();
    let mut add = |ty: &TypeRef| {
        used.push(ty.clone());
        used.push(TypeRef::Nullable(Box::new(ty.clone())));
    };
    add(&TypeRef::String);
    for operation in &plan.operations {
        for parameter in &operation.parameters {
            add(&parameter.ty);
        }
        let contents = operation.body.iter().flat_map(|body| &body.contents);
        contents
            .filter_map(|content| content.ty.as_ref())
            .for_each(&mut add);
        for result in [&operation.success, &operation.error] {
            if let ResultType::Json(ty) | ResultType::OptionalJson(ty) = result {
                add(ty);
            }
        }
    }
    used
}

/// Makes schemas of types.
struct Schemas<'p> {
    types: &'p TypeSet,
}

impl Schemas<'_> {
    /// Replaces references to types by schemas. A reference without a type is a stream.
    fn replace(&self, value: &mut Value, types: &HashMap<String, Option<&TypeRef>>) {
        match value {
            Value::Array(elements) => {
                for element in elements {
                    self.replace(element, types);
                }
            }
            Value::Object(members) => {
                let place = members.get("in").and_then(Value::as_str);
                let is_query = place.map(|place| place == "query");
                for (key, member) in members {
                    let found = |schema: &Value| {
                        let reference = schema.get("$ref").and_then(Value::as_str);
                        reference.and_then(|reference| types.get(reference))
                    };
                    let content = member.pointer("/application~1json/schema");
                    if key == "content" && content.and_then(found) == Some(&None) {
                        *member = raw();
                        continue;
                    }
                    match found(member) {
                        Some(Some(ty)) => {
                            *member = match is_query {
                                Some(false) => self.text(ty),
                                // progenitor panics at structs.
                                Some(true) if self.types.structure(ty).is_some() => {
                                    json!({ "type": "object", "additionalProperties": {} })
                                }
                                _ => self.of(ty),
                            }
                        }
                        Some(None) => *member = json!({}),
                        None => self.replace(member, types),
                    }
                }
            }
            _ => {}
        }
    }

    /// A type that progenitor can send in a path or header; any string instead of others.
    fn text(&self, ty: &TypeRef) -> Value {
        match self.types.resolved(ty) {
            TypeRef::Boxed(inner) => self.text(inner),
            TypeRef::Named(id) => match &self.types.get(*id).kind {
                TypeKind::StringEnum(_) | TypeKind::ConstrainedString(_) => self.of(ty),
                TypeKind::IntegerEnum(found) => self.of(&TypeRef::Integer(found.integer)),
                _ => self.of(&TypeRef::String),
            },
            resolved => match resolved {
                TypeRef::Bool
                | TypeRef::Integer(_)
                | TypeRef::Float
                | TypeRef::Uuid
                | TypeRef::DateTime
                | TypeRef::Date
                | TypeRef::IpAddr
                | TypeRef::Ipv4Addr
                | TypeRef::Ipv6Addr => self.of(resolved),
                _ => self.of(&TypeRef::String),
            },
        }
    }

    fn of(&self, ty: &TypeRef) -> Value {
        let string = |format: &str| json!({ "type": "string", "format": format });
        match ty {
            TypeRef::Named(id) => {
                json!({ "$ref": format!("{COMPONENTS}{}", self.types.get(*id).name) })
            }
            TypeRef::Any => json!({}),
            TypeRef::Null => json!({ "enum": [null] }),
            TypeRef::Bool => json!({ "type": "boolean" }),
            TypeRef::Integer(integer) => {
                let format = match integer.name().split_at(1) {
                    ("u", bits) => format!("uint{bits}"),
                    (_, bits) => format!("int{bits}"),
                };
                json!({ "type": "integer", "format": format })
            }
            TypeRef::Float => json!({ "type": "number", "format": "double" }),
            TypeRef::String => json!({ "type": "string" }),
            TypeRef::Uuid => string("uuid"),
            TypeRef::DateTime => string("date-time"),
            TypeRef::Date => string("date"),
            TypeRef::IpAddr => string("ip"),
            TypeRef::Ipv4Addr => string("ipv4"),
            TypeRef::Ipv6Addr => string("ipv6"),
            TypeRef::Vec(item) => json!({ "type": "array", "items": self.of(item) }),
            TypeRef::Array(item, length) => json!({
                "type": "array", "items": self.of(item), "minItems": length, "maxItems": length,
            }),
            // OpenAPI 3.0 has no tuples.
            TypeRef::Tuple(items) => json!({
                "type": "array", "items": {}, "minItems": items.len(), "maxItems": items.len(),
            }),
            TypeRef::Map(_, value) => {
                json!({ "type": "object", "additionalProperties": self.of(value) })
            }
            TypeRef::Nullable(inner) => nullable(self.of(inner)),
            TypeRef::Boxed(inner) => self.of(inner),
        }
    }

    fn declared(&self, def: &TypeDef) -> Value {
        let mut schema = match &def.kind {
            TypeKind::Struct(found) => self.structure(found),
            TypeKind::StringEnum(found) => strings(found),
            TypeKind::IntegerEnum(found) => {
                let mut schema = self.of(&TypeRef::Integer(found.integer));
                let values = found.variants.iter().map(|variant| variant.value);
                schema["enum"] = values.collect::<Vec<i64>>().into();
                schema
            }
            TypeKind::Union(found) => self.union(found),
            TypeKind::ConstrainedString(found) => constrained(found),
            TypeKind::Alias(inner) | TypeKind::Wrapper(inner) => self.of(inner),
        };
        // Nothing may be beside a reference.
        if !def.doc.is_empty() && schema.get("$ref").is_none() {
            schema["description"] = json!(def.doc);
        }
        schema
    }

    fn structure(&self, found: &StructType) -> Value {
        let mut properties = Map::new();
        let mut required: Vec<&str> = Vec::new();
        for field in &found.fields {
            let name = property_name(field);
            properties.insert(name.to_owned(), self.property(field));
            if field.presence == Presence::Required {
                required.push(name);
            }
        }
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        match &found.additional {
            Some(additional) => schema["additionalProperties"] = self.of(&additional.ty),
            // An object without properties is otherwise a map.
            None if found.denies_unknown || found.fields.is_empty() => {
                schema["additionalProperties"] = json!(false);
            }
            None => {}
        }
        schema
    }

    fn property(&self, field: &Field) -> Value {
        let mut schema = self.of(&field.ty);
        match &field.presence {
            Presence::OptionalNullable => schema = nullable(schema),
            Presence::Default(value) => {
                schema = beside(schema);
                schema["default"] = value.clone();
            }
            Presence::Required | Presence::Optional | Presence::OptionalAny => {}
        }
        if !field.doc.is_empty() {
            schema = beside(schema);
            schema["description"] = json!(field.doc);
        }
        schema
    }

    fn union(&self, found: &UnionType) -> Value {
        let mut schemas: Vec<Value> = Vec::new();
        let mut is_nullable = false;
        for variant in &found.variants {
            is_nullable |= variant.ty == TypeRef::Null;
            let schema = self.of(&variant.ty);
            if variant.ty != TypeRef::Null && !schemas.contains(&schema) {
                schemas.push(schema);
            }
        }
        let schema = match schemas.len() {
            0 => json!({}),
            1 => schemas.remove(0),
            _ => json!({ "oneOf": schemas }),
        };
        match is_nullable {
            true => nullable(schema),
            false => schema,
        }
    }
}

/// The content that progenitor has bytes for.
fn raw() -> Value {
    json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } })
}

/// A schema that keywords can be added to: a reference ignores those beside it.
fn beside(schema: Value) -> Value {
    match schema.get("$ref") {
        Some(_) => json!({ "allOf": [schema] }),
        None => schema,
    }
}

fn nullable(schema: Value) -> Value {
    let allows_all = schema.as_object().is_some_and(Map::is_empty);
    if allows_all || schema.get("enum") == Some(&json!([null])) {
        return schema;
    }
    let mut schema = beside(schema);
    schema["nullable"] = json!(true);
    schema
}

/// The name of a property: the one of the contract if progenitor makes the same field of it, because two properties
/// must not have the same.
fn property_name(field: &Field) -> &str {
    let ident = field.field.trim_start_matches("r#");
    match rust_names::setter_name(&field.name).trim_matches('_') == ident.trim_matches('_') {
        true => &field.name,
        false => ident,
    }
}

/// An enum of the strings for which progenitor makes different variants.
fn strings(found: &StringEnum) -> Value {
    let mut words = HashSet::new();
    let mut values: Vec<&str> = Vec::new();
    for variant in &found.variants {
        let word: String = variant
            .value
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let is_unique = !word.is_empty() && words.insert(word.to_ascii_lowercase());
        values.push(match is_unique {
            true => &variant.value,
            false => &variant.variant,
        });
    }
    let mut schema = json!({ "type": "string" });
    let is_distinct = values.iter().collect::<HashSet<_>>().len() == values.len();
    if is_distinct && !values.is_empty() {
        schema["enum"] = json!(values);
    }
    schema
}

fn constrained(found: &ConstrainedString) -> Value {
    let mut schema = json!({ "type": "string" });
    for (key, length) in [
        ("minLength", found.min_length),
        ("maxLength", found.max_length),
    ] {
        if let Some(length) = length {
            schema[key] = json!(length);
        }
    }
    // progenitor has one pattern, and no flags.
    let mut patterns = found.patterns.iter();
    if let Some(pattern) = patterns.find(|pattern| Regex::new(pattern).is_ok()) {
        schema["pattern"] = json!(pattern);
    }
    schema
}

#[cfg(test)]
mod tests {
    use ::progenitor::{GenerationSettings, Generator, InterfaceStyle};
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;
    use openapiv3::OpenAPI;
    use quote::ToTokens;
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::comparison_document;

    const CONTRACT: &str = r##"
openapi: 3.1.0
info: { title: Things, version: 1.0.0 }
paths:
  /things/{id}/{kinds}:
    post:
      operationId: change
      parameters:
        - { name: id, in: path, required: true, schema: { type: string, format: uuid } }
        - { name: kinds, in: path, required: true, schema: { type: array, items: { $ref: '#/components/schemas/Kind' } } }
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } }
      responses:
        '200': { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
        default: { description: '', content: { text/plain: { schema: { type: string } } } }
    get:
      operationId: watch
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: kinds, in: path, required: true, schema: { $ref: '#/components/schemas/Kind' } }
        - { name: page, in: query, schema: { type: object, properties: { size: { type: integer } } } }
      responses:
        '200': { description: '', content: { text/event-stream: { schema: { $ref: '#/components/schemas/Thing' } } } }
components:
  schemas:
    Kind: { type: string, enum: [big, BIG, small] }
    Code: { type: string, minLength: 2, maxLength: 9, pattern: '^[a-z]+$' }
    Thing:
      type: object
      required: [a-b, a_b, code, next]
      properties:
        a-b: { type: integer, format: int32 }
        a_b: { type: [string, 'null'] }
        code: { $ref: '#/components/schemas/Code' }
        kind: { $ref: '#/components/schemas/Kind' }
        made: { type: string, format: date-time }
        next: { anyOf: [{ $ref: '#/components/schemas/Thing' }, { type: 'null' }] }
        size: { oneOf: [{ type: string }, { type: array, items: { type: number } }] }
        map: { type: object, additionalProperties: { type: boolean } }
"##;

    fn document() -> Value {
        let document = Document::parse("contract.yaml", CONTRACT).unwrap();
        comparison_document(&Contract::read(document).unwrap()).unwrap()
    }

    #[test]
    fn types_are_schemas() {
        let document = document();
        let schema = |name: &str| document["components"]["schemas"][name].clone();
        let code =
            json!({ "type": "string", "minLength": 2, "maxLength": 9, "pattern": "^[a-z]+$" });
        assert_eq!(schema("Code"), code);
        let thing = schema("Thing");
        assert_eq!(thing["required"], json!(["a-b", "a_b_2", "code", "next"]));
        let properties = &thing["properties"];
        for (name, expected) in [
            ("a-b", json!({ "type": "integer", "format": "int32" })),
            ("a_b_2", json!({ "type": "string", "nullable": true })),
            ("code", json!({ "$ref": "#/components/schemas/Code" })),
            ("made", json!({ "type": "string", "format": "date-time" })),
            (
                "next",
                json!({ "allOf": [{ "$ref": "#/components/schemas/Thing" }], "nullable": true }),
            ),
            (
                "map",
                json!({ "type": "object", "additionalProperties": { "type": "boolean" } }),
            ),
        ] {
            assert_eq!(properties[name], expected, "{name}");
        }
        let size = properties["size"]["$ref"].as_str().unwrap();
        let size = schema(size.rsplit('/').next().unwrap());
        assert_eq!(
            size["oneOf"],
            json!([
                { "type": "string" },
                { "type": "array", "items": { "type": "number", "format": "double" } },
            ])
        );
    }

    #[test]
    fn progenitor_makes_a_client_of_it() {
        let document = document();
        let text = document.to_string();
        assert!(!text.contains("schemas/T1"), "{text}");
        let openapi = OpenAPI::deserialize(&document).unwrap();
        let mut settings = GenerationSettings::new();
        settings.with_interface(InterfaceStyle::Builder);
        let tokens = Generator::new(&settings).generate_tokens(&openapi).unwrap();
        let file: syn::File = syn::parse2(tokens).unwrap();
        let code = file.to_token_stream().to_string();
        for part in [
            "pub struct Thing",
            "pub enum Kind",
            "id : Result < :: uuid :: Uuid , String >",
            // An array has no text.
            "kinds : Result < :: std :: string :: String , String >",
            "kinds : Result < types :: Kind , String >",
            // A struct.
            "page : Result < Option < :: serde_json :: Map <",
            "ResponseValue < ByteStream >",
        ] {
            assert!(code.contains(part), "{part}");
        }
    }
}
