//! The fields of URL-encoded forms, and the parts of multipart forms.

use std::collections::BTreeSet;

use openapi_contract::document::{Document, NodeId};
use openapi_contract::model::{Body, Contract, MediaType, Schema, SchemaId};

use super::data::{FieldPlan, PartHeaderPlan, PartKind, PartPlan, Style};
use super::findings::{Findings, Loss};
use super::schemas::{is_header_value, is_string, not_null};
use super::styles;
use crate::identifiers;
use crate::rules;
use crate::types::{TypePlanner, TypeRef};

/// Reads the fields of a URL-encoded form that have an `encoding`.
pub(super) fn fields(
    document: &Document,
    body: &Body,
    findings: &mut Findings<'_>,
) -> Vec<FieldPlan> {
    let encodings = document.members(body.node, "encoding").iter();
    let fields = encodings.map(|entry| {
        let style = document.get_text(entry.value, "style");
        let explode = document.get_bool(entry.value, "explode");
        let style = styles::of_field(style, explode).unwrap_or_else(|| {
            let loss = Loss::new(
                format!(
                    "`{}` is not a style of form fields; `{}` is sent in the style `form`",
                    style.unwrap_or_default(),
                    entry.key
                ),
                "The server may not understand the value.",
                "Use `form`, `spaceDelimited`, `pipeDelimited` or `deepObject`.",
            );
            findings.weakened(rules::REQUEST_BODIES, entry.value, loss);
            Style::FormExploded
        });
        FieldPlan {
            name: entry.key.to_owned(),
            style,
            content_type: document
                .get_text(entry.value, "contentType")
                .map(str::to_owned),
        }
    });
    fields.collect()
}

/// Reads the parts of a multipart form, in the order of the contract.
pub(super) fn parts(
    contract: &Contract,
    body: &Body,
    types: &mut TypePlanner<'_>,
    findings: &mut Findings<'_>,
) -> Vec<PartPlan> {
    let document = &contract.document;
    let schema = contract.schemas.get(body.schema);
    let Some(object) = schema.object.as_deref() else {
        return Vec::new();
    };
    // Other methods of the form.
    let mut methods: BTreeSet<String> = ["new", "default", "into_parts", "other"]
        .map(str::to_owned)
        .into();
    let encodings = document.get(body.node, "encoding");
    let mut parts = Vec::new();
    for name in property_names(document, schema) {
        let Some(&property) = object.properties.get(name) else {
            continue;
        };
        let encoding = encodings.and_then(|encodings| document.get(encodings, name));
        let content_type = encoding.and_then(|encoding| content_type(document, encoding, findings));
        let items = items(contract, property);
        let kind = kind(contract, items.unwrap_or(property), content_type, types);
        let doc = contract.schemas.get(property).annotations();
        parts.push(PartPlan {
            name: name.to_owned(),
            setter: identifiers::unused(identifiers::snake(name), &mut methods).to_string(),
            kind,
            is_list: items.is_some(),
            required: object.required.contains(name),
            doc: doc.description.clone().unwrap_or_default(),
            // A list or range of media types is no default.
            content_type: content_type
                .filter(|name| !name.contains([',', '*']))
                .map(str::to_owned),
            headers: encoding.map_or_else(Vec::new, |encoding| headers(document, encoding)),
        });
    }
    parts
}

/// The names of the properties of an object, in the order of the contract.
fn property_names<'c>(document: &'c Document, schema: &'c Schema) -> Vec<&'c str> {
    let mut names = Vec::new();
    let mut seen = BTreeSet::new();
    let sources = schema.sources.iter();
    let written = sources.flat_map(|&source| document.members(source, "properties").iter());
    let written = written.map(|entry| entry.key);
    let declared = schema
        .object
        .iter()
        .flat_map(|object| object.properties.keys());
    for name in written.chain(declared.map(String::as_str)) {
        if seen.insert(name) {
            names.push(name);
        }
    }
    names
}

/// The media type of a part, as written.
fn content_type<'c>(
    document: &'c Document,
    encoding: NodeId,
    findings: &mut Findings<'_>,
) -> Option<&'c str> {
    let written = document.get_text(encoding, "contentType")?;
    if is_header_value(written) {
        return Some(written);
    }
    let loss = Loss::new(
        format!("`{written}` is not a valid media type; it is ignored"),
        "The part is sent without this media type.",
        "Use a media type such as `image/png`.",
    );
    findings.weakened(rules::REQUEST_BODIES, encoding, loss);
    None
}

/// The schema of the items, if a schema only allows arrays.
fn items(contract: &Contract, schema: SchemaId) -> Option<SchemaId> {
    let schema = contract.schemas.get(schema);
    let array = schema.array.as_deref()?;
    let is_list = matches!(schema.types().as_slice(), ["array"] | ["array", "null"]);
    (is_list && array.prefix.is_empty()).then_some(array.items)
}

fn kind(
    contract: &Contract,
    id: SchemaId,
    content_type: Option<&str>,
    types: &mut TypePlanner<'_>,
) -> PartKind {
    let schema = contract.schemas.get(id);
    if is_string(schema) {
        let is_file = schema.string.as_ref().is_some_and(|rules| {
            rules.formats.contains("binary") || rules.content.contains_key("contentMediaType")
        });
        if is_file {
            return PartKind::File;
        }
        return match not_null(types.in_request(id)) {
            TypeRef::String => PartKind::Word,
            ty => PartKind::Text(ty),
        };
    }
    let is_scalar = schema.array.is_none() && schema.object.is_none() && schema.allows_some_value();
    if is_scalar {
        return PartKind::Text(not_null(types.in_request(id)));
    }
    let is_json = content_type.is_none_or(|name| MediaType::parse(name).is_json());
    match is_json {
        true => PartKind::Json(not_null(types.in_request(id))),
        false => PartKind::Content,
    }
}

/// The headers of a part. OpenAPI ignores `Content-Type` there.
fn headers(document: &Document, encoding: NodeId) -> Vec<PartHeaderPlan> {
    let headers = document.members(encoding, "headers").iter();
    let headers = headers.filter(|entry| !entry.key.eq_ignore_ascii_case("Content-Type"));
    let headers = headers.map(|entry| {
        let node = document.resolve(entry.value).unwrap_or(entry.value);
        PartHeaderPlan {
            name: entry.key.to_owned(),
            required: document.get_bool(node, "required") == Some(true),
            doc: document
                .get_text(node, "description")
                .map(str::to_owned)
                .unwrap_or_default(),
        }
    });
    headers.collect()
}
