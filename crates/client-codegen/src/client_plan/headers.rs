//! The headers of responses.

use openapi_contract::document::Document;
use openapi_contract::model::{Contract, Header, Response, Schema, SchemaId};

use super::data::HeaderPlan;
use super::schemas::is_string;
use crate::types::{Integer, TypeRef};

/// Reads the headers of a response, in the order of the contract.
pub(super) fn read(contract: &Contract, response: &Response) -> Vec<HeaderPlan> {
    let document: &Document = &contract.document;
    let entries = document.members(response.node, "headers").iter();
    let known = entries.filter_map(|entry| {
        let header = response.headers.get(&entry.key.to_ascii_lowercase())?;
        (header.name == entry.key).then(|| plan(contract, header))
    });
    known.collect()
}

fn plan(contract: &Contract, header: &Header) -> HeaderPlan {
    HeaderPlan {
        name: header.name.clone(),
        required: header.required,
        schema: header.schema,
        ty: match header.schema_node {
            Some(_) => ty(contract, header.schema),
            None => TypeRef::String,
        },
        doc: header.description.clone().unwrap_or_default(),
        deprecated: header.deprecated,
    }
}

/// The type of a header. Schemas without a single scalar type are strings.
fn ty(contract: &Contract, schema: SchemaId) -> TypeRef {
    let schema = contract.schemas.get(schema);
    match (schema.types().as_slice(), &schema.array) {
        (["array"] | ["array", "null"], Some(array)) => {
            TypeRef::Vec(Box::new(scalar(contract.schemas.get(array.items))))
        }
        _ => scalar(schema),
    }
}

fn scalar(schema: &Schema) -> TypeRef {
    let types: Vec<&str> = schema
        .types()
        .into_iter()
        .filter(|ty| *ty != "null")
        .collect();
    let format = schema
        .number
        .as_ref()
        .and_then(|rules| rules.format.as_deref());
    match types.as_slice() {
        ["boolean"] => TypeRef::Bool,
        ["integer"] => TypeRef::Integer(match format {
            Some("int32") => Integer::I32,
            Some("uint32") => Integer::U32,
            Some("uint64") => Integer::U64,
            _ => Integer::I64,
        }),
        ["number"] => TypeRef::Float,
        _ if is_string(schema) => string(schema),
        _ => TypeRef::String,
    }
}

fn string(schema: &Schema) -> TypeRef {
    let has = |format: &str| {
        let rules = schema.string.as_ref();
        rules.is_some_and(|rules| rules.formats.contains(format))
    };
    match () {
        () if has("date-time") => TypeRef::DateTime,
        () if has("date") => TypeRef::Date,
        () if has("uuid") => TypeRef::Uuid,
        () => TypeRef::String,
    }
}
