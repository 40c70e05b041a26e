//! Runs progenitor, and finds the operations and schemas that it rejects.

mod mark_optional_properties;
mod unnamed_statuses;

use std::collections::BTreeSet;

use ::progenitor::{GenerationSettings, Generator, InterfaceStyle};
use openapi_contract::document::escape_token;
use proc_macro2::TokenStream;
use serde_json::{Map, Value};

use crate::error::{GenerateError, OperationRef, Rejection, advice};
use crate::http_methods::METHODS;
use crate::lower::{Change, Lowered, NameMangler, PassKind};
use crate::references::collect_references;
use crate::rules;
use crate::{contract_info, panics};

/// The maximum number of attempts to remove rejected parts of a contract.
const ROUNDS: usize = 64;

const OMITTED: PassKind = PassKind::omitted(rules::UNSUPPORTED);
const WEAKENED: PassKind = PassKind::weakened(rules::UNSUPPORTED);

/// Why progenitor generates no code.
#[derive(Debug, thiserror::Error)]
enum ProgenitorError {
    #[error(transparent)]
    InvalidDraft(#[from] GenerateError),
    #[error(transparent)]
    Rejected(#[from] ::progenitor::Error),
    /// The message of the panic.
    #[error("{0}")]
    Panicked(String),
}

/// Runs progenitor. Names in the code are mangled as in the draft. Parts that progenitor rejects after
/// lowering are removed and recorded.
pub(crate) fn generate(
    lowered: &mut Lowered<'_>,
    client_state: Option<TokenStream>,
) -> Result<TokenStream, GenerateError> {
    let mut rounds = 0;
    loop {
        let error = match try_generate(&mut lowered.draft, client_state.clone()) {
            Ok(tokens) => return Ok(tokens),
            Err(error) => error,
        };
        rounds += 1;
        let rejections = find_rejected(&lowered.draft, &error);
        if rounds > ROUNDS || !rejections.iter().all(|rejection| omit(lowered, rejection)) {
            return Err(GenerateError::Rejected { rejections });
        }
    }
}

/// The companion crates that progenitor generates code for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompanionCode {
    Cli,
    Mock,
}

/// Generates the code of a companion. `draft` is the document that the client was generated from, and
/// `client` the path of the client's generated module.
pub(crate) fn generate_companion(
    draft: &Value,
    mangler: &NameMangler,
    kind: CompanionCode,
    client: &str,
) -> Result<TokenStream, GenerateError> {
    let openapi = match kind {
        CompanionCode::Cli => contract_info::openapi(draft)?,
        CompanionCode::Mock => {
            let mut draft = draft.clone();
            unnamed_statuses::replace_by_ranges(&mut draft);
            contract_info::openapi(&draft)?
        }
    };
    let made = catch(|| {
        let mut generator = Generator::new(&settings(None));
        match kind {
            CompanionCode::Cli => generator.cli(&openapi, client),
            CompanionCode::Mock => generator.httpmock(&openapi, client),
        }
    });
    let tokens = made.map_err(|error| GenerateError::Rejected {
        rejections: vec![rejection(None, &error)],
    })?;
    Ok(mangler.demangle_tokens(tokens))
}

/// A schema that became any JSON value.
fn untyped(fact: String) -> Change {
    Change::new(
        fact,
        "The client does not check such values, and their type is `serde_json::Value`.",
        "Rewrite the schema with other keywords, and report the case as a bug of the generator.",
    )
}

/// Removes the rejected parts of a contract. Returns whether something was removed.
fn omit(lowered: &mut Lowered<'_>, rejection: &Rejection) -> bool {
    let Lowered {
        draft, marked, log, ..
    } = lowered;
    let message = &rejection.message;
    if let Some(operation) = &rejection.operation {
        let item = |value: &mut Value, path: &str| {
            let item = value.get_mut("paths")?.get_mut(path)?.as_object_mut()?;
            item.shift_remove(&operation.method)
        };
        let Some(Value::Object(omitted)) = item(marked, &operation.path) else {
            return false;
        };
        item(draft, &operation.path);
        let message = Change::new(
            format!("progenitor cannot generate the operation: {message}"),
            "The client lacks the operation.",
            "Rewrite the operation with other constructs, and report the case as a bug of the generator.",
        );
        log.record_object(
            OMITTED,
            &omitted,
            None,
            operation.operation_id.as_deref(),
            message,
        );
        return true;
    }
    let Some(schema) = &rejection.schema else {
        return false;
    };
    if let Some(part) = rejected_subschema(draft, schema) {
        let Some(Value::Object(old)) = marked.pointer_mut(&part).map(std::mem::take) else {
            return false;
        };
        let message = untyped(format!(
            "progenitor cannot generate a type for this schema; any JSON value is accepted: {message}"
        ));
        log.record_object(WEAKENED, &old, None, None, message);
        for value in [draft, marked] {
            if let Some(schema) = value.pointer_mut(&part) {
                *schema = Value::Object(Map::new());
            }
        }
        return true;
    }
    let component = |value: &mut Value| {
        let all = value.get_mut("components")?.get_mut("schemas")?;
        all.get_mut(schema).map(std::mem::take)
    };
    let Some(Value::Object(old)) = component(marked) else {
        return false;
    };
    let message = untyped(format!(
        "progenitor cannot generate a type for `{schema}`; any JSON value is accepted: {message}"
    ));
    log.record_object(WEAKENED, &old, None, None, message);
    for value in [draft, marked] {
        let all = value
            .get_mut("components")
            .and_then(|components| components.get_mut("schemas"));
        if let Some(schema) = all.and_then(|all| all.get_mut(schema)) {
            *schema = Value::Object(Map::new());
        }
    }
    true
}

#[cfg(test)]
thread_local! {
    /// The number of times that this thread has run progenitor for a client.
    pub(crate) static RUNS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

fn try_generate(
    draft: &mut Value,
    client_state: Option<TokenStream>,
) -> Result<TokenStream, ProgenitorError> {
    #[cfg(test)]
    RUNS.set(RUNS.get() + 1);
    let settings = settings(client_state);
    mark_optional_properties::mark(draft);
    let openapi = contract_info::openapi(draft);
    mark_optional_properties::unmark(draft);
    let openapi = openapi?;
    catch(|| Generator::new(&settings).generate_tokens(&openapi))
}

/// Runs progenitor. A panic is an error.
fn catch(
    generate: impl FnOnce() -> Result<TokenStream, ::progenitor::Error>,
) -> Result<TokenStream, ProgenitorError> {
    let result = panics::catch(generate).map_err(ProgenitorError::Panicked)?;
    Ok(result?)
}

fn settings(client_state: Option<TokenStream>) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_derive(crate::types::SCHEMA_DERIVE)
        // Maps with sorted keys serialize in the same order in every run.
        .with_map_type("::std::collections::BTreeMap");
    if let Some(state) = client_state {
        settings.with_inner_type(state);
    }
    settings
}

/// Finds the schemas or operations that cannot be generated on their own.
fn find_rejected(document: &Value, whole: &ProgenitorError) -> Vec<Rejection> {
    let mut rejections = Vec::new();
    if let Some(error) = rejection_of_operations(document, &[]) {
        rejections.extend(smallest_rejected_schemas(document));
        if rejections.is_empty() {
            rejections.push(rejection(None, &error));
        }
        return rejections;
    }
    bisect_operations(document, &operations(document), &mut rejections);
    if rejections.is_empty() {
        // Each works on its own: the combination is rejected.
        rejections.push(rejection(None, whole));
    }
    rejections
}

/// Returns the component schemas that are rejected together with their dependencies, and have no rejected
/// dependencies.
fn smallest_rejected_schemas(document: &Value) -> Vec<Rejection> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let names: Vec<&str> = schemas
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect();
    let mut rejected = Vec::new();
    bisect_schemas(document, &names, &mut rejected);
    let needs = |name: &str| {
        let mut reached = BTreeSet::new();
        let schema = schemas.and_then(|schemas| schemas.get(name));
        collect_references(document, schema, &mut reached);
        reached
    };
    let sizes: Vec<usize> = rejected.iter().map(|(name, _)| needs(name).len()).collect();
    let least = sizes.iter().min().copied().unwrap_or_default();
    let rejected = rejected.into_iter().zip(sizes);
    rejected
        .filter(|(_, size)| *size == least)
        .map(|((name, error), _)| Rejection {
            schema: Some(name),
            ..rejection(None, &error)
        })
        .collect()
}

/// Returns the JSON pointer of the innermost part of a component schema that has to be removed for progenitor to
/// accept it, or `None` if the schema is rejected for several parts.
fn rejected_subschema(document: &Value, name: &str) -> Option<String> {
    let part = restrict_to_schemas(document, &[name]);
    let mut at = format!("/components/schemas/{}", escape_token(name));
    let mut found = None;
    loop {
        let object = part.pointer(&at)?.as_object()?;
        let mut inside = Vec::new();
        for (key, value) in object {
            match (key.as_str(), value) {
                ("properties", Value::Object(properties)) => inside.extend(
                    properties
                        .keys()
                        .map(|property| format!("{at}/properties/{}", escape_token(property))),
                ),
                ("items" | "additionalProperties", Value::Object(_)) => {
                    inside.push(format!("{at}/{key}"));
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => {
                    inside.extend((0..parts.len()).map(|index| format!("{at}/{key}/{index}")));
                }
                _ => {}
            }
        }
        let culprit = inside.into_iter().find(|inner| {
            let mut without = part.clone();
            if let Some(schema) = without.pointer_mut(inner) {
                *schema = Value::Object(Map::new());
            }
            rejection_of_document(without).is_none()
        });
        match culprit {
            Some(inner) => {
                at = inner.clone();
                found = Some(inner);
            }
            None => return found,
        }
    }
}

/// Finds the rejected schemas by bisection.
fn bisect_schemas(document: &Value, names: &[&str], rejected: &mut Vec<(String, ProgenitorError)>) {
    let Some(error) = rejection_of_document(restrict_to_schemas(document, names)) else {
        return;
    };
    match names {
        [] => {}
        [name] => rejected.push(((*name).to_owned(), error)),
        _ => {
            let (left, right) = names.split_at(names.len() / 2);
            bisect_schemas(document, left, rejected);
            bisect_schemas(document, right, rejected);
        }
    }
}

/// Finds the rejected operations by bisection.
fn bisect_operations(
    document: &Value,
    operations: &[OperationRef],
    rejections: &mut Vec<Rejection>,
) {
    let Some(error) = rejection_of_operations(document, operations) else {
        return;
    };
    match operations {
        [] => {}
        [operation] => rejections.push(rejection(Some(operation.clone()), &error)),
        _ => {
            let (left, right) = operations.split_at(operations.len() / 2);
            bisect_operations(document, left, rejections);
            bisect_operations(document, right, rejections);
        }
    }
}

fn rejection(operation: Option<OperationRef>, error: &ProgenitorError) -> Rejection {
    // Some messages contain a whole data structure on many lines.
    let message = error.to_string();
    let message = message.lines().next().unwrap_or_default().to_owned();
    Rejection {
        operation,
        schema: None,
        advice: advice(&message),
        message,
    }
}

/// Returns a document with these component schemas and their dependencies, without operations.
fn restrict_to_schemas(document: &Value, names: &[&str]) -> Value {
    let mut reached = BTreeSet::new();
    for name in names {
        let schema = document
            .pointer("/components/schemas")
            .and_then(|schemas| schemas.get(*name));
        collect_references(document, schema, &mut reached);
        reached.insert(format!("#/components/schemas/{name}"));
    }
    let members = document.as_object().into_iter().flatten();
    let part = members.map(|(key, value)| {
        let value = match key.as_str() {
            "paths" => Value::Object(Map::new()),
            "components" => components(value, &reached),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(part.collect())
}

/// Returns the reason why a document is rejected.
fn rejection_of_document(mut document: Value) -> Option<ProgenitorError> {
    try_generate(&mut document, None).err()
}

/// Returns the reason why a document with only these operations is rejected.
fn rejection_of_operations(
    document: &Value,
    operations: &[OperationRef],
) -> Option<ProgenitorError> {
    rejection_of_document(restrict_to(document, operations))
}

/// Returns a document with only these operations and the components they use, or with all components if there
/// are no operations.
fn restrict_to(document: &Value, operations: &[OperationRef]) -> Value {
    let mut paths = Map::new();
    for operation in operations {
        let item = document
            .get("paths")
            .and_then(|paths| paths.get(&operation.path));
        let Some(item) = item.and_then(Value::as_object) else {
            continue;
        };
        let kept = paths.entry(&operation.path).or_insert_with(|| {
            let mut shared = item.clone();
            shared.retain(|key, _| !METHODS.contains(&key.as_str()));
            Value::Object(shared)
        });
        if let (Some(kept), Some(declared)) = (kept.as_object_mut(), item.get(&operation.method)) {
            kept.insert(operation.method.clone(), declared.clone());
        }
    }
    let paths = Value::Object(paths);
    let mut used = BTreeSet::new();
    collect_references(document, Some(&paths), &mut used);

    let members = document.as_object().into_iter().flatten();
    let part = members.map(|(key, value)| {
        let value = match key.as_str() {
            "paths" => paths.clone(),
            "components" if !operations.is_empty() => components(value, &used),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(part.collect())
}

/// Returns the components of all kinds that are used.
fn components(all: &Value, used: &BTreeSet<String>) -> Value {
    let kinds = all
        .as_object()
        .into_iter()
        .flatten()
        .map(|(kind, members)| {
            let members = members.as_object().into_iter().flatten();
            let kept =
                members.filter(|(name, _)| used.contains(&format!("#/components/{kind}/{name}")));
            let kept: Map<String, Value> = kept
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            (kind.clone(), Value::Object(kept))
        });
    Value::Object(kinds.collect())
}

fn operations(document: &Value) -> Vec<OperationRef> {
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    paths
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| {
                let operation = item.get(method)?;
                Some(OperationRef {
                    path: path.clone(),
                    method: (*method).to_owned(),
                    operation_id: operation
                        .get("operationId")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                })
            })
        })
        .collect()
}
