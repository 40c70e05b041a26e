//! Tests of the plans: each rule with a small contract.

mod bodies;
mod operations;
mod parameters;
mod responses;

use openapi_contract::Fidelity;
use openapi_contract::document::Document;
use openapi_contract::model::Contract;

use super::{ClientPlan, OperationPlan, Reading, ResponseBody, ResultType};
use crate::types::TypeRef;

/// A contract with these paths, in YAML.
fn contract(paths: &str) -> Contract {
    let schemas = "components:
  schemas:
    A: { type: object, required: [a], properties: { a: { type: string } } }
    B: { type: object, required: [b], properties: { b: { type: string } } }
";
    read(&format!(
        "openapi: 3.1.0\ninfo: {{ title: T, version: 1.0.0 }}\npaths:\n{paths}\n{schemas}"
    ))
}

fn read(yaml: &str) -> Contract {
    let document = Document::parse("contract.yaml", yaml).unwrap();
    Contract::read(document).unwrap()
}

/// The plan of a contract with these paths.
fn plan(paths: &str) -> ClientPlan {
    ClientPlan::read(&contract(paths)).unwrap()
}

/// The only operation of a plan.
fn only(plan: &ClientPlan) -> &OperationPlan {
    let [operation] = plan.operations.as_slice() else {
        panic!("{} operations", plan.operations.len());
    };
    operation
}

/// The facts of the findings with this fidelity.
fn facts(plan: &ClientPlan, fidelity: Fidelity) -> Vec<&str> {
    let findings = plan.findings.iter();
    let found = findings.filter(|finding| finding.fidelity == Some(fidelity));
    found.map(|finding| finding.fact.as_str()).collect()
}

fn losses(plan: &ClientPlan) -> Vec<&str> {
    let mut losses = facts(plan, Fidelity::Weakened);
    losses.extend(facts(plan, Fidelity::Omitted));
    losses
}

fn source(plan: &ClientPlan, ty: &TypeRef) -> String {
    plan.types.source(ty, "")
}

fn result(plan: &ClientPlan, result: &ResultType) -> String {
    match result {
        ResultType::Json(ty) => source(plan, ty),
        ResultType::OptionalJson(ty) => format!("Option<{}>", source(plan, ty)),
        ResultType::Items(items) => format!("{:?}<{}>", items.kind, source(plan, &items.ty)),
        other => format!("{other:?}"),
    }
}

/// How a status is read: `ok A`, `err Empty`.
fn reading(plan: &ClientPlan, operation: &OperationPlan, status: u16) -> String {
    let body = |body: &ResponseBody| match body {
        ResponseBody::Json { ty, also, .. } => [source(plan, ty)]
            .into_iter()
            .chain(also.clone())
            .collect::<Vec<_>>()
            .join(" "),
        ResponseBody::Variant(variant) => format!("::{}", variant.variant),
        ResponseBody::ByMediaType(variants) => {
            let variants = variants.iter().map(|one| {
                let media_types = [&one.media_type].into_iter().chain(&one.also);
                let media_types = media_types.map(String::as_str).collect::<Vec<_>>();
                format!("{}=::{}", media_types.join("|"), one.variant)
            });
            variants.collect::<Vec<_>>().join(" ")
        }
        ResponseBody::Items(items) => format!("{:?}<{}>", items.kind, source(plan, &items.ty)),
        other => format!("{other:?}"),
    };
    match operation.reading(status) {
        Reading::Success(of) => format!("ok {}", body(of)),
        Reading::Error(of) => format!("err {}", body(of)),
        Reading::Unexpected => "unexpected".to_owned(),
    }
}
