//! Checks the types of a client against its contract.
//!
//! Every value that the contract allows in a message must come back unchanged from its type: read and written again,
//! with nothing added but defaults. Where it does not, the client would lose data or fail.

use openapi_contract::model::{Contract, Operation};
use openapi_contract::{Finding, witness};
use serde_json::Value;

use crate::client_plan::{ClientPlan, OperationPlan, PartKind, Reading, ResponseBody, Statuses};
use crate::error::GenerateError;
use crate::types::TypeRef;
use crate::types::reading::{holds, rewritten};

/// The result of the check.
#[derive(Debug)]
pub struct SoundnessReport {
    /// The values that a type does not hold, and no finding states.
    pub losses: Vec<Loss>,
    /// What the client does not keep of the contract, as it states itself.
    pub findings: Vec<Finding>,
    /// How many values were checked.
    pub values: usize,
}

impl SoundnessReport {
    /// Whether the types hold every value.
    pub fn is_sound(&self) -> bool {
        self.losses.is_empty()
    }
}

/// A value that a type does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// The operation, such as `GET /media`.
    pub operation: String,
    /// The part of the message, such as `200 application/json`.
    pub part: String,
    /// The value that the contract allows.
    pub value: Value,
    /// What the type makes of it.
    pub outcome: Outcome,
}

/// What a type makes of a value that it does not hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is read, and written as this.
    Changed(Value),
    /// It is not read, for this reason.
    Rejected(String),
}

/// Checks the types of a client against its contract.
///
/// # Errors
/// If no client can be generated from the contract.
pub fn verify(contract: &Contract) -> Result<SoundnessReport, GenerateError> {
    let plan = ClientPlan::read(contract)?;
    let mut check = Check {
        plan: &plan,
        losses: Vec::new(),
        values: 0,
    };
    for operation in &plan.operations {
        let written = contract.operations.values();
        let written = written
            .into_iter()
            .find(|found| found.node == operation.node);
        if let Some(written) = written {
            check.operation(contract, written, operation);
        }
    }
    let (losses, values) = (check.losses, check.values);
    Ok(SoundnessReport {
        losses,
        findings: plan.findings,
        values,
    })
}

struct Check<'p> {
    plan: &'p ClientPlan,
    losses: Vec<Loss>,
    values: usize,
}

impl Check<'_> {
    fn operation(&mut self, contract: &Contract, written: &Operation, plan: &OperationPlan) {
        let name = format!("{} {}", plan.http_method.to_ascii_uppercase(), plan.path);
        for parameter in &plan.parameters {
            let values = witness::values(contract, parameter.schema);
            // Null cannot be sent.
            let values = values.into_iter().filter(|value| !value.is_null());
            let part = format!("parameter `{}`", parameter.name);
            self.part(&name, &part, &parameter.ty, values.collect(), true);
        }
        for content in plan.body.iter().flat_map(|body| &body.contents) {
            let Some(schema) = content.schema else {
                continue;
            };
            let values = || {
                let bodies = written.request_body.iter();
                let bodies = bodies.flat_map(|body| body.content.values());
                let body = bodies.into_iter().find(|body| body.schema == schema);
                body.map(|body| witness::schema_values(contract, body))
                    .unwrap_or_default()
            };
            if let Some(ty) = &content.ty {
                self.part(&name, &content.media_type, ty, values(), true);
            }
            for part in &content.parts {
                let (PartKind::Text(ty) | PartKind::Json(ty)) = &part.kind else {
                    continue;
                };
                let of_part = |value: Value| match value.get(&part.name)? {
                    Value::Array(items) if part.is_list => Some(items.clone()),
                    one => Some(vec![one.clone()]),
                };
                let values = values().into_iter().filter_map(of_part).flatten();
                let label = format!("{} part `{}`", content.media_type, part.name);
                self.part(&name, &label, ty, values.collect(), true);
            }
        }
        for response in &plan.responses {
            let (Reading::Success(body) | Reading::Error(body)) = &response.reading else {
                continue;
            };
            let found = written
                .responses
                .iter()
                .filter(|(status, _)| Statuses::of(**status) == response.statuses);
            for (status, found) in found {
                for (media_type, content) in &found.content {
                    let ty = match body {
                        ResponseBody::Json {
                            ty,
                            media_type: read,
                            ..
                        } if read == media_type.as_str() => ty,
                        ResponseBody::Variant(variant)
                            if variant.media_type == media_type.as_str() =>
                        {
                            &variant.ty
                        }
                        ResponseBody::ByMediaType(variants) => {
                            let mut variants = variants.iter();
                            match variants.find(|one| one.media_type == media_type.as_str()) {
                                Some(variant) => &variant.ty,
                                None => continue,
                            }
                        }
                        _ => continue,
                    };
                    let values = witness::schema_values(contract, content);
                    self.part(&name, &format!("{status} {media_type}"), ty, values, false);
                }
            }
        }
    }

    fn part(
        &mut self,
        operation: &str,
        part: &str,
        ty: &TypeRef,
        values: Vec<Value>,
        is_sent: bool,
    ) {
        for value in values {
            self.values += 1;
            let outcome = match rewritten(&self.plan.types, ty, &value) {
                Ok(written) if holds(&written, &value) => continue,
                // Only responses have properties that are read-only, and only requests those that are write-only.
                Ok(written) if holds(&value, &written) && is_sent => continue,
                Ok(written) => Outcome::Changed(written),
                Err(unread) => Outcome::Rejected(unread.to_string()),
            };
            self.losses.push(Loss {
                operation: operation.to_owned(),
                part: part.to_owned(),
                value,
                outcome,
            });
        }
    }
}
