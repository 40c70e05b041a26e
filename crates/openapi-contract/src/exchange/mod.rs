//! Conformance: does what was sent and answered obey the contract?

mod body;
mod credentials;
mod fields;
mod form;
mod header_value;
mod multipart;
mod percent;
mod reading;
mod request;
mod response;
mod route;
mod sent;
mod style;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value;

pub use self::request::{Received, Request};
pub use self::response::Exchange;

use self::reading::Reader;
use crate::finding::Direction;
use crate::json_schema::{Doubt, Validator, Violation};
use crate::message::message_schema;
use crate::model::{Contract, Operation, OperationKey, ParameterKey, Status};

/// Something in an exchange that the contract does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonconformance {
    /// The operation and what of it: `GET /v1/media 200 /body/data/items`, or
    /// `GET /v1/media request /query/limit`.
    pub site: String,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for Nonconformance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.site, self.message)
    }
}

/// Holds requests and answers to a contract, and remembers which of its statuses were seen.
#[derive(Debug)]
pub struct Conformance<'a> {
    contract: &'a Contract,
    judges: BTreeMap<&'a OperationKey, Judges>,
    reader: Reader<'a>,
    /// The query parameters that carry API keys.
    key_parameters: BTreeSet<String>,
    seen: BTreeSet<(OperationKey, Status)>,
}

/// The validators of an operation, once they are needed; or why there is none.
#[derive(Debug, Default)]
struct Judges {
    request: OnceLock<Result<Validator, String>>,
    response: OnceLock<Result<Validator, String>>,
}

impl<'a> Conformance<'a> {
    /// Holds requests and answers to `contract`. The schemas of its answers are compiled now, those of
    /// its requests when they are needed.
    ///
    /// # Errors
    /// When the schema of an answer is not valid, with the validator's reason.
    pub fn new(contract: &'a Contract) -> Result<Self, String> {
        let conformance = Self::on_demand(contract);
        for (key, operation) in &contract.operations {
            let judge = conformance.judge(key, operation, Direction::Response);
            judge.map_err(|error| format!("{key}: {error}"))?;
        }
        Ok(conformance)
    }

    /// Holds requests and answers to `contract`, and compiles a schema only when it is needed. One
    /// that is not valid is then itself a nonconformance.
    pub fn on_demand(contract: &'a Contract) -> Self {
        let keys = contract.operations.keys();
        Self {
            contract,
            judges: keys.map(|key| (key, Judges::default())).collect(),
            reader: Reader::new(contract),
            key_parameters: credentials::query_parameters(contract),
            seen: BTreeSet::new(),
        }
    }

    /// Whether requests of an operation can be judged.
    ///
    /// # Errors
    /// When the schema of its requests is not valid, with the validator's reason.
    pub fn judges_requests(&self, key: &OperationKey) -> Result<(), String> {
        let operation = self.contract.operations.get(key);
        let operation = operation.ok_or("there is no such operation")?;
        self.judge(key, operation, Direction::Request).map(|_| ())
    }

    /// The statuses of the contract that no checked exchange had.
    pub fn unseen(&self) -> Vec<String> {
        let operations = self.contract.operations.iter();
        let answered = operations.filter(|(_, operation)| !operation.is_reversed);
        let all = answered.flat_map(|(key, operation)| {
            operation
                .responses
                .keys()
                .map(move |&status| (key.clone(), status))
        });
        all.filter(|pair| !self.seen.contains(pair))
            .map(|(key, status)| format!("{key} {status}"))
            .collect()
    }

    /// What the schema of an operation's messages refuses about one.
    fn violations(
        &self,
        key: &OperationKey,
        operation: &Operation,
        direction: Direction,
        message: &Value,
    ) -> Vec<Violation> {
        match self.judge(key, operation, direction) {
            Ok(validator) => validator.violations(message),
            Err(error) => vec![Violation {
                pointer: String::new(),
                message: format!("the contract's schema cannot judge it: {error}"),
            }],
        }
    }

    fn judge(
        &self,
        key: &OperationKey,
        operation: &Operation,
        direction: Direction,
    ) -> Result<&Validator, String> {
        let judges = self.judges.get(key).ok_or("there is no such operation")?;
        let judge = match direction {
            Direction::Request => &judges.request,
            Direction::Response => &judges.response,
        };
        let compiled = judge.get_or_init(|| {
            let operation = &without_ignored(operation);
            let schema = |doubt| message_schema(self.contract, operation, direction, doubt);
            // Only a schema that is refused has a pattern that needs a way around it.
            let plain = Validator::new(&schema(None));
            plain.or_else(|error| Validator::new(&schema(Some(Doubt::Allows))).map_err(|_| error))
        });
        compiled.as_ref().map_err(Clone::clone)
    }
}

/// The operation without the parameters that are ignored.
fn without_ignored(operation: &Operation) -> Cow<'_, Operation> {
    if !operation.parameters.keys().any(ParameterKey::is_ignored) {
        return Cow::Borrowed(operation);
    }
    let mut operation = operation.clone();
    operation.parameters.retain(|key, _| !key.is_ignored());
    Cow::Owned(operation)
}
