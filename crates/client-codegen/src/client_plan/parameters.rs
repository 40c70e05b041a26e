//! The parameters of an operation.
//!
//! Each parameter has a setter of its own name, and the path parameters match the path template. Headers that OpenAPI
//! or HTTP determine are not parameters, and null is not a value of a parameter.

use std::collections::HashSet;

use openapi_contract::document::{Document, NodeId};
use openapi_contract::model::{
    Contract, Operation, Parameter, ParameterIn, Schemas, is_framing_header, is_header_name,
    is_ignored_header,
};
use openapi_contract::rust_names;

use super::data::{ParameterPlan, PathPart, path_parts};
use super::findings::{Findings, Loss};
use super::schemas::{first_unused, not_null};
use super::styles::{self, default_style};
use crate::rules;
use crate::types::{TypePlanner, TypeRef};

/// Names of a builder besides its setters.
const RESERVED_NAMES: [&str; 3] = ["new", "send", "send_streaming"];

/// A parameter, and where it is declared.
struct Declared {
    node: NodeId,
    plan: ParameterPlan,
}

/// Reads the parameters of an operation. `taken` are the names of other methods of its builder.
pub(super) fn read(
    contract: &Contract,
    operation: &Operation,
    taken: impl IntoIterator<Item = String>,
    types: &mut TypePlanner<'_>,
    findings: &mut Findings<'_>,
) -> Vec<ParameterPlan> {
    let document = &contract.document;
    let names = path_names(&operation.template);
    let has_schemes = super::security::declared(document).next().is_some();
    let mut all = Vec::new();
    for (location, parameter) in in_order(document, operation) {
        if is_sent(location, parameter, &names, has_schemes, findings) {
            all.push(declared(contract, location, parameter, types, findings));
        }
    }
    for name in names {
        let is_it =
            |one: &Declared| one.plan.location == ParameterIn::Path && one.plan.name == name;
        if !all.iter().any(is_it) {
            all.push(undeclared(operation.node, name, findings));
        }
    }
    name_setters(&mut all, taken, findings);
    all.into_iter().map(|one| one.plan).collect()
}

/// The parameters in the order of the contract: those of the path item, then those of the operation.
fn in_order<'c>(
    document: &Document,
    operation: &'c Operation,
) -> Vec<(ParameterIn, &'c Parameter)> {
    let lists = [operation.path_node, operation.node].into_iter();
    let lists = lists.filter_map(|holder| document.get(holder, "parameters"));
    let nodes: Vec<NodeId> = lists
        .flat_map(|list| document.elements(list))
        .filter_map(|&element| document.resolve(element).ok())
        .collect();
    let parameters = operation.parameters.iter();
    let mut parameters: Vec<(ParameterIn, &Parameter)> = parameters
        .map(|(key, parameter)| (key.location, parameter.as_ref()))
        .collect();
    parameters.sort_by_key(|(_, parameter)| nodes.iter().position(|node| *node == parameter.node));
    parameters
}

/// The names of the parameters of a path template, each once.
fn path_names(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in path_parts(template) {
        if let PathPart::Parameter(name) = part
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// Whether a declared parameter can be sent.
fn is_sent(
    location: ParameterIn,
    parameter: &Parameter,
    path_names: &[&str],
    has_schemes: bool,
    findings: &mut Findings<'_>,
) -> bool {
    let (node, name) = (parameter.node, parameter.name.as_str());
    let loss = match location {
        ParameterIn::Path => {
            let is_in_path = path_names.contains(&name);
            if !is_in_path {
                let fact =
                    format!("the path does not contain `{{{name}}}`; the parameter is removed");
                findings.exact(rules::PARAMETERS, node, fact);
            }
            return is_in_path;
        }
        ParameterIn::Query | ParameterIn::Cookie => return true,
        ParameterIn::Header if !has_schemes && name.eq_ignore_ascii_case("Authorization") => {
            let fact = format!(
                "the contract has no security scheme; the parameter `{name}` is sent as declared"
            );
            findings.exact(rules::PARAMETERS, node, fact);
            return true;
        }
        ParameterIn::Header if is_ignored_header(name) => Loss::new(
            format!("OpenAPI does not allow the header `{name}` as a parameter; it is ignored"),
            "The client derives it from the media types and credentials.",
            format!("Remove the parameter `{name}`, and declare media types or a security scheme."),
        ),
        ParameterIn::Header if is_framing_header(name) => Loss::new(
            format!("HTTP determines the header `{name}`; the parameter is ignored"),
            "The caller cannot set the header.",
            format!("Remove the parameter `{name}`."),
        ),
        ParameterIn::Header if !is_header_name(name) => Loss::new(
            format!("`{name}` is not a valid header name; the parameter is ignored"),
            "The client does not send the header.",
            "Use a header name of letters, digits and `-`.",
        ),
        ParameterIn::Header => return true,
    };
    findings.weakened(rules::PARAMETERS, node, loss);
    false
}

fn declared(
    contract: &Contract,
    location: ParameterIn,
    parameter: &Parameter,
    types: &mut TypePlanner<'_>,
    findings: &mut Findings<'_>,
) -> Declared {
    let node = parameter.node;
    if location == ParameterIn::Path && !parameter.required {
        let fact = "a path parameter is always required";
        findings.exact(rules::PARAMETERS, node, fact);
    }
    let sent = styles::of_parameter(contract, location, parameter, findings);
    let mut ty = TypeRef::String;
    if sent.is_typed {
        let planned = types.in_request(parameter.schema);
        if matches!(planned, TypeRef::Nullable(_)) {
            let fact = "the parameter is nullable; null cannot be sent, and is removed";
            let node = parameter.schema_node.unwrap_or(node);
            findings.exact(rules::PARAMETERS, node, fact);
        }
        ty = sent_type(planned);
    }
    Declared {
        node,
        plan: ParameterPlan {
            name: parameter.name.clone(),
            setter: String::new(),
            location,
            style: sent.style,
            required: parameter.required || location == ParameterIn::Path,
            ty,
            schema: parameter.schema,
            default: contract
                .schemas
                .get(parameter.schema)
                .annotations()
                .default
                .clone(),
            doc: parameter.description.clone().unwrap_or_default(),
            deprecated: parameter.deprecated,
        },
    }
}

/// A parameter of the path template that the contract does not declare.
fn undeclared(operation: NodeId, name: &str, findings: &mut Findings<'_>) -> Declared {
    let loss = Loss::new(
        format!("the path contains `{{{name}}}`, which is not declared; it is any string"),
        "The client does not check the value.",
        format!("Declare a parameter `{name}` with `in: path`."),
    );
    findings.weakened(rules::PARAMETERS, operation, loss);
    Declared {
        node: operation,
        plan: ParameterPlan {
            name: name.to_owned(),
            setter: String::new(),
            location: ParameterIn::Path,
            style: default_style(ParameterIn::Path),
            required: true,
            ty: TypeRef::String,
            schema: Schemas::ANY,
            default: None,
            doc: String::new(),
            deprecated: false,
        },
    }
}

/// The type of a value that is sent: without null, which would not be sent. Nor would null in an array.
fn sent_type(planned: TypeRef) -> TypeRef {
    match not_null(planned) {
        TypeRef::Vec(item) => TypeRef::Vec(Box::new(not_null(*item))),
        other => other,
    }
}

/// Names the setters. Path parameters come first, so that they keep their names if others have the same.
fn name_setters(
    parameters: &mut [Declared],
    taken: impl IntoIterator<Item = String>,
    findings: &mut Findings<'_>,
) {
    let mut taken: HashSet<String> = taken.into_iter().collect();
    taken.extend(RESERVED_NAMES.map(str::to_owned));
    let (path, others): (Vec<&mut Declared>, Vec<&mut Declared>) = parameters
        .iter_mut()
        .partition(|one| one.plan.location == ParameterIn::Path);
    for Declared { node, plan } in path.into_iter().chain(others) {
        let setter = rust_names::setter_name(&plan.name);
        if taken.insert(setter.clone()) {
            plan.setter = setter;
            continue;
        }
        let base = format!("{}_{}", setter.trim_matches('_'), plan.location);
        plan.setter = first_unused(&base, |name| taken.insert(name.to_owned()));
        let fact = format!(
            "another parameter or method has the same Rust name as `{}`; its setter is `{}`",
            plan.name, plan.setter
        );
        findings.exact(rules::PARAMETERS, *node, fact);
    }
}
