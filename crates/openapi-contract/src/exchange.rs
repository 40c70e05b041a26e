//! Conformance: does an answer of a running server obey the contract?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::json_schema::Validator;
use crate::message::response_schema;
use crate::model::{Contract, Header, Operation, OperationKey, Status};

/// An HTTP exchange: one request and its response.
#[derive(Clone, Debug)]
pub struct Exchange<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The path of the request, without the query.
    pub path: &'a str,
    /// The status code of the response.
    pub status: u16,
    /// The headers of the response. Names may be in any case.
    pub headers: &'a [(String, String)],
    /// The body of the response.
    pub body: &'a [u8],
}

/// Something in an exchange that the contract does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonconformance {
    /// The operation and what of it: `GET /v1/media 200 /body/data/items`.
    pub site: String,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for Nonconformance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.site, self.message)
    }
}

/// Holds answers to a contract, and remembers which of its statuses were seen.
#[derive(Debug)]
pub struct Conformance<'a> {
    contract: &'a Contract,
    validators: BTreeMap<OperationKey, Validator>,
    seen: BTreeSet<(OperationKey, Status)>,
}

impl<'a> Conformance<'a> {
    /// Holds answers to `contract`.
    ///
    /// # Errors
    /// When a schema of the contract is not valid, with the validator's reason.
    pub fn new(contract: &'a Contract) -> Result<Self, String> {
        let validators = contract.operations.iter().map(|(key, operation)| {
            let validator = Validator::new(&response_schema(contract, operation));
            let validator = validator.map_err(|error| format!("{key}: {error}"))?;
            Ok((key.clone(), validator))
        });
        Ok(Self {
            contract,
            validators: validators.collect::<Result<_, String>>()?,
            seen: BTreeSet::new(),
        })
    }

    /// Everything that the contract does not allow about an exchange: an undeclared operation or
    /// status, a missing or malformed header, another content type, a body that its schema refuses.
    pub fn check(&mut self, exchange: &Exchange<'_>) -> Vec<Nonconformance> {
        let Some((key, operation, _)) = self.contract.route(exchange.method, exchange.path) else {
            let site = format!("{} {}", exchange.method, exchange.path);
            let message = "the contract has no such operation".to_owned();
            return vec![Nonconformance { site, message }];
        };
        let site = format!("{key} {}", exchange.status);
        let declared = declared_status(operation, exchange.status);
        if let Some(status) = declared {
            self.seen.insert((key.clone(), status));
        }
        let message = match self.message(operation, declared, exchange) {
            Ok(message) => message,
            Err(message) => return vec![Nonconformance { site, message }],
        };
        let violations = self.validators[key].violations(&message);
        let refused = violations.into_iter().map(|violation| Nonconformance {
            site: format!(
                "{site} {}",
                violation.pointer.replacen("/body/value", "/body", 1)
            ),
            message: violation.message,
        });
        refused.collect()
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

    /// The response as the value that the message schema describes.
    fn message(
        &self,
        operation: &Operation,
        declared: Option<Status>,
        exchange: &Exchange<'_>,
    ) -> Result<Value, String> {
        let mut message = json!({"status": exchange.status});
        let response = declared.and_then(|status| operation.responses.get(&status));
        let mut headers = Map::new();
        for (name, value) in exchange.headers {
            let name = name.to_ascii_lowercase();
            if let Some(header) = response.and_then(|response| response.headers.get(&name)) {
                headers.insert(name, self.header(header, value));
            }
        }
        message["headers"] = headers.into();
        if let Some(response) = response.filter(|response| !response.content.is_empty()) {
            let header = exchange
                .headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            let Some((_, content_type)) = header else {
                return Err("the answer has a body by the contract, and no content-type".to_owned());
            };
            let content_type = content_type.to_ascii_lowercase();
            let essence = content_type.split(';').next().unwrap_or_default().trim();
            // A parameter such as charset only counts where the contract declares it.
            let name = if response.content.contains_key(&content_type) {
                &content_type
            } else {
                essence
            };
            message["body"] = json!({"content_type": name, "value": body(essence, exchange.body)?});
        }
        Ok(message)
    }

    /// A header's text as the JSON value that its schema speaks of.
    fn header(&self, header: &Header, text: &str) -> Value {
        crate::witness::typed(self.contract, header.schema, text)
    }
}

fn declared_status(operation: &Operation, code: u16) -> Option<Status> {
    [
        Status::Code(code),
        Status::Range(code / 100),
        Status::Default,
    ]
    .into_iter()
    .find(|status| operation.responses.contains_key(status))
}

fn body(essence: &str, bytes: &[u8]) -> Result<Value, String> {
    if essence == "application/json" || essence.ends_with("+json") {
        return serde_json::from_slice(bytes)
            .map_err(|error| format!("the body is not JSON: {error}"));
    }
    Ok(String::from_utf8_lossy(bytes).into_owned().into())
}
