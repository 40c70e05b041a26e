//! Parameters whose serialization OpenAPI does not define, or that tools serialize differently.

use std::collections::HashSet;

use super::{Lint, PathOperation, at};
use crate::finding::one_of;
use crate::model::{Parameter, ParameterIn, SchemaId};
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut seen = HashSet::new();
    for path_operation in lint.operations {
        for (key, parameter) in &path_operation.operation.parameters {
            if seen.insert(parameter.node) {
                serialization(lint, path_operation, key.location, parameter);
            }
        }
    }
}

fn serialization(
    lint: &mut Lint<'_>,
    path_operation: &PathOperation<'_>,
    location: ParameterIn,
    parameter: &Parameter,
) {
    let document = lint.document;
    let here = at(parameter.node).of(path_operation);
    let shown = format!("the {location} parameter `{}`", parameter.name);
    if location == ParameterIn::Cookie {
        let fact = format!("`{}` is sent in a cookie", parameter.name);
        lint.report(rules::COOKIE_PARAMETER, here.property("in"), fact)
            .remedy = format!(
            "Send `{}` in a header, or describe a session cookie as a security scheme of type \
             `apiKey`.",
            parameter.name
        );
        return;
    }
    if document.get(parameter.node, "schema").is_none()
        && document.get(parameter.node, "content").is_some()
    {
        return;
    }
    let known: &[&str] = match location {
        ParameterIn::Query => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        ParameterIn::Path => &["simple", "label", "matrix"],
        ParameterIn::Header => &["simple"],
        ParameterIn::Cookie => &["form"],
    };
    let style = document.get_text(parameter.node, "style");
    if let Some(style) = style.filter(|style| !known.contains(style)) {
        let fact = format!("the style `{style}` is not valid for {shown}");
        let expected = one_of(known.iter().copied()).unwrap_or_default();
        lint.report(
            rules::PARAMETER_STYLE_UNSUPPORTED,
            here.property("style"),
            fact,
        )
        .remedy = format!("Use {expected} for a {location} parameter.");
        return;
    }
    value(lint, path_operation, location, parameter);
}

/// Whether an array or object has nested objects or arrays. Properties may be arrays, which repeat their
/// names.
fn is_nested(lint: &Lint<'_>, id: SchemaId) -> bool {
    let schemas = &lint.contract.schemas;
    let is_object = |id: SchemaId| {
        let schema = schemas.get(id);
        schema.object.is_some() && schema.types() == ["object"]
    };
    let is_array = |id: SchemaId| schemas.get(id).types() == ["array"];
    let schema = schemas.get(id);
    let items = schema.array.as_ref().map(|rules| rules.items);
    let mut properties = schema
        .object
        .iter()
        .flat_map(|rules| rules.properties.values());
    items.is_some_and(|items| is_object(items) || is_array(items))
        || properties.any(|&property| is_object(property))
}

/// Whether the value of a parameter can be serialized.
fn value(
    lint: &mut Lint<'_>,
    path_operation: &PathOperation<'_>,
    location: ParameterIn,
    parameter: &Parameter,
) {
    let document = lint.document;
    let here = at(parameter.node).of(path_operation);
    let shown = format!("the {location} parameter `{}`", parameter.name);
    let schema = lint.contract.schemas.get(parameter.schema);
    let has_scalar = schema.string.is_some() || schema.number.is_some() || schema.boolean.is_any();
    let style = document.get_text(parameter.node, "style");
    let is_nested = !has_scalar && style != Some("deepObject") && is_nested(lint, parameter.schema);
    let violation = match location {
        ParameterIn::Query if is_nested => {
            Some(("has nested objects or arrays", "Use JSON in `content`."))
        }
        _ if is_nested => Some((
            "has nested objects or arrays",
            "Use an array or an object of scalars, or JSON in `content`.",
        )),
        ParameterIn::Query => None,
        _ if has_scalar && schema.is_plain() && schema.null && schema.array.is_none() => {
            Some(("is nullable", "Do not allow null in the schema."))
        }
        _ => None,
    };
    if let Some((what, remedy)) = violation {
        let fact = format!("{shown} {what}");
        let here = here.property("schema");
        lint.report(rules::PARAMETER_NOT_SCALAR, here, fact).remedy = remedy.to_owned();
    }
    let is_array = !has_scalar && schema.array.is_some();
    let is_exploded = document.get_bool(parameter.node, "explode") != Some(false);
    if location == ParameterIn::Query && is_array && !is_exploded {
        let fact = format!("{shown} is an array with `explode: false`");
        lint.report(
            rules::PARAMETER_EXPLODE_IGNORED,
            here.property("explode"),
            fact,
        );
    }
}
