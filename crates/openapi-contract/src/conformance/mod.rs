//! Conformance: whether requests and responses follow the contract.

mod body;
mod credentials;
mod decode;
mod decode_error;
mod form;
mod header_value;
mod headers;
mod multimap;
mod multipart;
mod percent;
mod raw_value;
mod request;
mod response;
mod route;
mod style;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value;

pub use self::request::{DecodedRequest, Request};
pub use self::response::Exchange;

use self::decode::Decoder;
use crate::finding::Direction;
use crate::json_schema::{InvalidSchema, UnsupportedPattern, ValidationError, Validator};
use crate::message_schema::sent_message_schema;
use crate::model::{Contract, Operation, OperationKey, StatusPattern};

/// A part of an exchange that the contract does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The operation and the location in its message: `GET /v1/media 200 /body/data/items` or `GET
    /// /v1/media request /query/limit`.
    pub site: String,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.site, self.message)
    }
}

/// Validates requests and responses against a contract, and records which of its statuses occurred.
#[derive(Debug)]
pub struct Conformance<'a> {
    contract: &'a Contract,
    validators: BTreeMap<&'a OperationKey, Validators>,
    reader: Decoder<'a>,
    /// The query parameters that carry API keys.
    key_parameters: BTreeSet<String>,
    seen: BTreeSet<(OperationKey, StatusPattern)>,
}

/// The validators of an operation, compiled on demand.
#[derive(Debug, Default)]
struct Validators {
    request: OnceLock<Result<Validator, InvalidSchema>>,
    response: OnceLock<Result<Validator, InvalidSchema>>,
}

/// An operation whose messages cannot be validated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConformanceError {
    /// The contract has no such operation.
    #[error("the contract has no operation {0}")]
    UnknownOperation(OperationKey),
    /// The schema of the operation's messages cannot be compiled.
    #[error("{operation}: invalid schema: {error}")]
    InvalidSchema {
        /// The operation.
        operation: OperationKey,
        /// What is wrong with the schema.
        error: InvalidSchema,
    },
}

impl<'a> Conformance<'a> {
    /// Validates requests and responses against `contract`. The schemas of responses are compiled
    /// now, those of requests on demand.
    ///
    /// # Errors
    /// If the schema of a response is invalid.
    pub fn new(contract: &'a Contract) -> Result<Self, ConformanceError> {
        let conformance = Self::on_demand(contract);
        for (key, operation) in &contract.operations {
            conformance.validator(key, operation, Direction::Response)?;
        }
        Ok(conformance)
    }

    /// Validates requests and responses against `contract`, and compiles every schema on demand. An
    /// invalid schema is then a violation of each of its messages.
    pub fn on_demand(contract: &'a Contract) -> Self {
        let keys = contract.operations.keys();
        Self {
            contract,
            validators: keys.map(|key| (key, Validators::default())).collect(),
            reader: Decoder::new(contract),
            key_parameters: credentials::query_parameters(contract),
            seen: BTreeSet::new(),
        }
    }

    /// Whether the requests of an operation can be validated.
    ///
    /// # Errors
    /// If the contract has no such operation, or the schema of its requests is invalid.
    pub fn validates_requests(&self, key: &OperationKey) -> Result<(), ConformanceError> {
        let operation = self.contract.operations.get(key);
        let unknown = || ConformanceError::UnknownOperation(key.clone());
        let operation = operation.ok_or_else(unknown)?;
        self.validator(key, operation, Direction::Request)
            .map(|_| ())
    }

    /// The statuses of the contract that no checked exchange had.
    pub fn unseen(&self) -> Vec<String> {
        let operations = self.contract.operations.iter();
        let documented = operations.filter(|(_, operation)| !operation.is_callback_or_webhook);
        let all = documented.flat_map(|(key, operation)| {
            operation
                .responses
                .keys()
                .map(move |&status| (key.clone(), status))
        });
        all.filter(|pair| !self.seen.contains(pair))
            .map(|(key, status)| format!("{key} {status}"))
            .collect()
    }

    /// What the schema of an operation's messages rejects about a message.
    fn violations(
        &self,
        key: &OperationKey,
        operation: &Operation,
        direction: Direction,
        message: &Value,
    ) -> Vec<ValidationError> {
        match self.validator(key, operation, direction) {
            Ok(validator) => validator.violations(message),
            Err(error) => vec![ValidationError {
                pointer: String::new(),
                keyword: String::new(),
                message: format!("the message cannot be validated: {error}"),
            }],
        }
    }

    fn validator(
        &self,
        key: &OperationKey,
        operation: &Operation,
        direction: Direction,
    ) -> Result<&Validator, ConformanceError> {
        let unknown = || ConformanceError::UnknownOperation(key.clone());
        let validators = self.validators.get(key).ok_or_else(unknown)?;
        let validator = match direction {
            Direction::Request => &validators.request,
            Direction::Response => &validators.response,
        };
        let compiled = validator.get_or_init(|| {
            let operation = &without_ignored(self.contract, operation);
            let schema =
                |replacement| sent_message_schema(self.contract, operation, direction, replacement);
            // Only an invalid schema has an unsupported pattern to work around.
            let plain = Validator::new(&schema(None));
            plain.or_else(|error| {
                Validator::new(&schema(Some(UnsupportedPattern::MatchAll))).map_err(|_| error)
            })
        });
        compiled
            .as_ref()
            .map_err(|error| ConformanceError::InvalidSchema {
                operation: key.clone(),
                error: error.clone(),
            })
    }
}

/// The operation without the parameters that OpenAPI ignores.
fn without_ignored<'o>(contract: &Contract, operation: &'o Operation) -> Cow<'o, Operation> {
    let mut keys = operation.parameters.keys();
    if !keys.any(|key| contract.ignores(key)) {
        return Cow::Borrowed(operation);
    }
    let mut operation = operation.clone();
    operation.parameters.retain(|key, _| !contract.ignores(key));
    Cow::Owned(operation)
}
