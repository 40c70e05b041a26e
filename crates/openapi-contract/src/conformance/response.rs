//! Responses: decoding and validation.
//!
//! The schema of `message_schema` allows the declared statuses only, so it rejects an undeclared one.

use serde_json::{Map, Value, json};

use super::body::declared_name;
use super::decode_error::{BodyError, ValueError};
use super::header_value::HeaderValue;
use super::percent::PercentCoding;
use super::raw_value::json_or_text;
use super::style::decode_string;
use super::{Conformance, Violation};
use crate::finding::Direction;
use crate::model::{Operation, ParameterEncoding, StatusPattern};

/// An HTTP exchange: one request and its response.
#[derive(Clone, Debug)]
pub struct Exchange<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The path of the request, without the query.
    pub path: &'a str,
    /// The status code of the response.
    pub status: u16,
    /// The headers of the response. Names are not case-sensitive.
    pub headers: &'a [(String, String)],
    /// The body of the response.
    pub body: &'a [u8],
}

/// Why a response cannot be decoded.
#[derive(Debug, thiserror::Error)]
enum ResponseError {
    #[error(transparent)]
    Header(#[from] ValueError),
    #[error("the contract declares a body, but the response has no content-type")]
    NoContentType,
    #[error(transparent)]
    Body(#[from] BodyError),
}

impl Conformance<'_> {
    /// Everything in an exchange that the contract does not allow: an undeclared operation or
    /// status, a missing or malformed header, another content type, a body that its schema rejects.
    pub fn check(&mut self, exchange: &Exchange<'_>) -> Vec<Violation> {
        let Some((key, operation, _)) = self.contract.route(exchange.method, exchange.path) else {
            let site = format!("{} {}", exchange.method, exchange.path);
            let message = "the contract does not declare this operation".to_owned();
            return vec![Violation { site, message }];
        };
        let site = format!("{key} {}", exchange.status);
        let declared = operation.declared_status(exchange.status);
        if let Some(status) = declared {
            self.seen.insert((key.clone(), status));
        }
        let message = match self.message(operation, declared, exchange) {
            Ok(message) => message,
            Err(error) => {
                let message = error.to_string();
                return vec![Violation { site, message }];
            }
        };
        let violations = self.violations(key, operation, Direction::Response, &message);
        let violations = violations.into_iter().map(|violation| Violation {
            site: format!(
                "{site} {}",
                violation.pointer.replacen("/body/value", "/body", 1)
            ),
            message: violation.message,
        });
        violations.collect()
    }

    /// The response in the form that the message schema describes.
    fn message(
        &self,
        operation: &Operation,
        declared: Option<StatusPattern>,
        exchange: &Exchange<'_>,
    ) -> Result<Value, ResponseError> {
        let mut message = json!({"status": exchange.status});
        let response = declared.and_then(|status| operation.responses.get(&status));
        let mut headers = Map::new();
        for (name, value) in exchange.headers {
            let name = name.to_ascii_lowercase();
            if let Some(header) = response.and_then(|response| response.headers.get(&name)) {
                let sent = decode_string(
                    &ParameterEncoding::HEADER,
                    &name,
                    value,
                    PercentCoding::Plain,
                )?;
                headers.insert(name, self.reader.read(header.schema, &sent));
            }
        }
        message["headers"] = headers.into();
        if let Some(response) = response.filter(|response| !response.content.is_empty()) {
            let header = exchange
                .headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            let Some((_, content_type)) = header else {
                return Err(ResponseError::NoContentType);
            };
            let name = declared_name(response.content.keys(), content_type);
            let essence = HeaderValue::parse(content_type).essence;
            let value = json_or_text(&essence, exchange.body).map_err(BodyError::Json)?;
            message["body"] = json!({"content_type": name, "value": value});
        }
        Ok(message)
    }
}
