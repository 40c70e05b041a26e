//! Runs progenitor, and removes the operations and schemas that it rejects.

mod budget;
mod mark_optional_properties;
mod search;
mod subdocument;
#[cfg(test)]
mod tests;
mod unnamed_statuses;

use ::progenitor::{GenerationSettings, Generator, InterfaceStyle};
use openapi_contract::document::escape_token;
use proc_macro2::TokenStream;
use serde_json::{Map, Value};

use self::budget::Budget;
use self::search::Culprit;
use self::subdocument::Item;
use crate::error::{GenerateError, OperationRef, Rejection, advice};
use crate::lower::{Change, Lowered, NameMangler, PassKind};
use crate::rules;
use crate::{contract_info, panics};

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
    let mut error = match try_generate(&mut lowered.draft, client_state.clone()) {
        Ok(tokens) => return Ok(tokens),
        Err(error) => error,
    };
    let mut budget = Budget::new(&lowered.draft);
    loop {
        let culprits = search::rejected(&lowered.draft, &message(&error), &mut budget);
        if culprits.is_empty() {
            return Err(GenerateError::Rejected {
                rejections: vec![rejection(None, message(&error))],
            });
        }
        for culprit in culprits {
            omit(lowered, culprit, &mut budget)?;
        }
        error = match try_generate(&mut lowered.draft, client_state.clone()) {
            Ok(tokens) => return Ok(tokens),
            Err(error) => error,
        };
        // What is left of the budget is for parts that are rejected only without those that were removed.
        if !budget.spend_rejected(&lowered.draft) {
            return Err(GenerateError::Rejected {
                rejections: vec![rejection(None, message(&error))],
            });
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
        rejections: vec![rejection(None, message(&error))],
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

/// Removes a rejected part of a contract.
fn omit(
    lowered: &mut Lowered<'_>,
    culprit: Culprit,
    budget: &mut Budget,
) -> Result<(), GenerateError> {
    let removed = match &culprit.item {
        Item::Operation(operation) => omit_operation(lowered, operation, &culprit),
        Item::Schema(name) => omit_schema(lowered, name, &culprit, budget),
    };
    removed.ok_or_else(|| GenerateError::Rejected {
        rejections: vec![rejection(Some(culprit.item), culprit.message)],
    })
}

fn omit_operation(
    lowered: &mut Lowered<'_>,
    operation: &OperationRef,
    culprit: &Culprit,
) -> Option<()> {
    let item = |value: &mut Value| {
        let item = value.get_mut("paths")?.get_mut(&operation.path)?;
        item.as_object_mut()?.shift_remove(&operation.method)
    };
    let Some(Value::Object(omitted)) = item(&mut lowered.marked) else {
        return None;
    };
    item(&mut lowered.draft);
    let message = Change::new(
        format!(
            "progenitor cannot generate the operation{}: {}",
            or_another(culprit, "omitted"),
            culprit.message
        ),
        "The client lacks the operation.",
        "Rewrite the operation with other constructs, and report the case as a bug of the generator.",
    );
    let id = operation.operation_id.as_deref();
    lowered
        .log
        .record_object(OMITTED, &omitted, None, id, message);
    Some(())
}

fn omit_schema(
    lowered: &mut Lowered<'_>,
    name: &str,
    culprit: &Culprit,
    budget: &mut Budget,
) -> Option<()> {
    let part = match culprit.group {
        1 => search::rejected_subschema(&lowered.draft, name, budget),
        _ => None,
    };
    let is_whole = part.is_none();
    let part = part.unwrap_or_else(|| format!("/components/schemas/{}", escape_token(name)));
    let Some(Value::Object(old)) = lowered.marked.pointer_mut(&part).map(std::mem::take) else {
        return None;
    };
    let what = if is_whole {
        format!("`{name}`")
    } else {
        "this schema".to_owned()
    };
    let message = untyped(format!(
        "progenitor cannot generate a type for {what}{}; any JSON value is accepted: {}",
        or_another(culprit, "untyped"),
        culprit.message
    ));
    lowered
        .log
        .record_object(WEAKENED, &old, None, None, message);
    for value in [&mut lowered.draft, &mut lowered.marked] {
        if let Some(schema) = value.pointer_mut(&part) {
            *schema = Value::Object(Map::new());
        }
    }
    Some(())
}

/// The words for a culprit that may not be the rejected one.
fn or_another(culprit: &Culprit, removed: &str) -> String {
    match culprit.group {
        1 => String::new(),
        group => format!(
            " or one of {} others, and finding out which takes too long; all are {removed}",
            group - 1
        ),
    }
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
    if let Some(outcome) = tests::run(draft) {
        return outcome;
    }
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

/// The message of progenitor, in one line: some messages contain a whole data structure on many lines.
fn message(error: &ProgenitorError) -> String {
    let message = error.to_string();
    message.lines().next().unwrap_or_default().to_owned()
}

fn rejection(item: Option<Item>, message: String) -> Rejection {
    let (operation, schema) = match item {
        Some(Item::Operation(operation)) => (Some(operation), None),
        Some(Item::Schema(name)) => (None, Some(name)),
        None => (None, None),
    };
    Rejection {
        operation,
        schema,
        advice: advice(&message),
        message,
    }
}
