//! Parameters that generated clients cannot write, or write in another way than the contract says.

use std::collections::{HashMap, HashSet};

use super::{Lint, PlacedOperation, at};
use crate::document::NodeId;
use crate::model::{Parameter, ParameterIn};
use crate::rules;
use crate::rust_names;

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut seen = HashSet::new();
    let mut clashes = HashSet::new();
    for placed in lint.operations {
        names(lint, placed, &mut clashes);
        for (key, parameter) in &placed.operation.parameters {
            if seen.insert(parameter.node) {
                writing(lint, placed, key.location, parameter);
            }
        }
    }
}

/// Names of parameters that meet in the generated method.
fn names(
    lint: &mut Lint<'_>,
    placed: &PlacedOperation<'_>,
    clashes: &mut HashSet<(NodeId, NodeId)>,
) {
    let operation = placed.operation;
    let mut first: HashMap<String, (String, NodeId)> = HashMap::new();
    if let Some(body) = &operation.request_body {
        first.insert(
            "body".to_owned(),
            ("the request body".to_owned(), body.node),
        );
    }
    for (key, parameter) in &operation.parameters {
        let field = rust_names::setter_name(&parameter.name);
        let shown = format!("the {} parameter `{}`", key.location, parameter.name);
        match first.get(&field) {
            Some((other, node)) => {
                if clashes.insert((parameter.node, *node)) {
                    let fact = format!("{shown} and {other} are both `{field}` in Rust");
                    let place = at(parameter.node).member("name").of(placed);
                    lint.found(rules::PARAMETER_NAME_CLASH, place, fact);
                }
            }
            None => {
                first.insert(field, (shown, parameter.node));
            }
        }
    }
}

fn writing(
    lint: &mut Lint<'_>,
    placed: &PlacedOperation<'_>,
    location: ParameterIn,
    parameter: &Parameter,
) {
    let document = lint.document;
    let place = at(parameter.node).of(placed);
    let shown = format!("the {location} parameter `{}`", parameter.name);
    if location == ParameterIn::Cookie {
        let fact = format!("`{}` is sent in a cookie", parameter.name);
        lint.found(rules::COOKIE_PARAMETER, place.member("in"), fact);
        return;
    }
    if document.get(parameter.node, "schema").is_none()
        && document.get(parameter.node, "content").is_some()
    {
        let fact = format!("{shown} has a media type");
        lint.found(
            rules::PARAMETER_CONTENT_UNSUPPORTED,
            place.member("content"),
            fact,
        );
        return;
    }
    let expected = if location == ParameterIn::Query {
        "form"
    } else {
        "simple"
    };
    let style = document
        .get_text(parameter.node, "style")
        .unwrap_or(expected);
    if style != expected {
        let fact = format!("{shown} has the style `{style}`");
        lint.found(
            rules::PARAMETER_STYLE_UNSUPPORTED,
            place.member("style"),
            fact,
        );
        return;
    }
    value(lint, placed, location, parameter);
}

/// Whether the value of a parameter can be written.
fn value(
    lint: &mut Lint<'_>,
    placed: &PlacedOperation<'_>,
    location: ParameterIn,
    parameter: &Parameter,
) {
    let document = lint.document;
    let place = at(parameter.node).of(placed);
    let shown = format!("the {location} parameter `{}`", parameter.name);
    let schema = lint.contract.schemas.get(parameter.schema);
    let has_scalar = schema.string.is_some() || schema.number.is_some() || schema.boolean.is_any();
    let members = schema.object.as_ref().map(|rules| rules.properties.len());
    let what = match location {
        // A map of undeclared members is written as parameters of their names.
        ParameterIn::Query if !has_scalar && members.is_some_and(|members| members > 0) => {
            Some("is an object")
        }
        ParameterIn::Query => None,
        _ if has_scalar && schema.is_plain() && schema.null && schema.array.is_none() => {
            Some("can be null")
        }
        _ if !has_scalar && schema.array.is_some() => Some("is a list"),
        _ if !has_scalar && schema.object.is_some() => Some("is an object"),
        _ => None,
    };
    if let Some(what) = what {
        let fact = format!("{shown} {what}");
        lint.found(rules::PARAMETER_NOT_SCALAR, place.member("schema"), fact);
    }
    let is_list = !has_scalar && schema.array.is_some();
    let is_exploded = document.get_bool(parameter.node, "explode") != Some(false);
    if location == ParameterIn::Query && is_list && !is_exploded {
        let fact = format!("{shown} is one list, not exploded");
        lint.found(
            rules::PARAMETER_EXPLODE_IGNORED,
            place.member("explode"),
            fact,
        );
    }
}
