//! Requests: decoding and validation.

use serde_json::{Map, Value, json};

use super::decode_error::BodyError;
use super::headers::Headers;
use super::multimap::{EncodingError, Multimap};
use super::percent::PercentCoding;
use super::route::PathTemplate;
use super::style::decode_string;
use super::{Conformance, Violation, body, credentials};
use crate::document::escape_token;
use crate::finding::Direction;
use crate::model::media_type::declared;
use crate::model::{Operation, OperationKey, Parameter, ParameterIn, ParameterKey};

/// A request as received.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The path as sent, percent-encoded and without the query.
    pub path: &'a str,
    /// The query as sent, without `?`.
    pub query: Option<&'a str>,
    /// The headers. Names are not case-sensitive.
    pub headers: &'a [(String, String)],
    /// The body.
    pub body: &'a [u8],
}

/// A request in the form that the operation's request schema describes (see
/// [`message_schema`](crate::message_schema)).
#[derive(Clone, Debug)]
pub struct DecodedRequest<'a> {
    /// The key of the operation.
    pub key: &'a OperationKey,
    /// The operation that the request is for.
    pub operation: &'a Operation,
    /// `{path, query, header, cookie, credentials, body}`.
    pub message: Value,
}

/// A request, decoded as far as possible.
struct ReadRequest<'a> {
    received: DecodedRequest<'a>,
    /// Problems that the schema of the message does not find.
    problems: Vec<RequestProblem>,
    /// Why the body could not be decoded.
    broken_body: Option<BodyError>,
}

/// A problem at a location of the message. It hides all others at or below this location.
struct RequestProblem {
    pointer: String,
    message: String,
}

impl<'a> Conformance<'a> {
    /// Decodes a request: finds its operation and decodes its body by the content type. Use
    /// [`Conformance::check_request`] to validate it.
    ///
    /// # Errors
    /// If the contract has no such operation, or the body is malformed.
    pub fn receive(&self, request: &Request<'_>) -> Result<DecodedRequest<'a>, Violation> {
        let reading = self.reading(request)?;
        match reading.broken_body {
            None => Ok(reading.received),
            Some(error) => Err(Violation {
                site: site(&reading.received, "/body"),
                message: error.to_string(),
            }),
        }
    }

    /// Everything in a request that the contract does not allow: an undeclared operation, query
    /// parameter or content type, a missing or malformed parameter, missing credentials, a body
    /// that its schema rejects. Undeclared headers and cookies are allowed.
    pub fn check_request(&mut self, request: &Request<'_>) -> Vec<Violation> {
        let ReadRequest {
            received,
            mut problems,
            broken_body,
        } = match self.reading(request) {
            Ok(reading) => reading,
            Err(violation) => return vec![violation],
        };
        let operation = received.operation;
        let mut message = received.message.clone();
        if !operation.security.is_empty() {
            // Missing credentials were already reported with a better message.
            message["credentials"] = credentials::all(operation);
        }
        let has_broken_body = broken_body.is_some();
        problems.extend(broken_body.map(|error| RequestProblem {
            pointer: "/body".to_owned(),
            message: error.to_string(),
        }));
        let violations = self.violations(received.key, operation, Direction::Request, &message);
        for violation in violations {
            let is_known = problems.iter().any(|problem| {
                let below = violation.pointer.strip_prefix(&problem.pointer);
                below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            // The only required member of a message that can be missing here is its body.
            let is_broken = has_broken_body && violation.pointer.is_empty();
            if !is_known && !is_broken {
                problems.push(RequestProblem {
                    pointer: violation.pointer,
                    message: violation.message,
                });
            }
        }
        let problems = problems.into_iter();
        problems
            .map(|problem| Violation {
                site: site(&received, &problem.pointer),
                message: problem.message,
            })
            .collect()
    }

    fn reading(&self, request: &Request<'_>) -> Result<ReadRequest<'a>, Violation> {
        let contract = self.contract;
        let query = Some(request.query.unwrap_or_default());
        let routed = contract.route_whole(request.method, request.path, query, request.headers);
        let (key, operation, values) = routed.ok_or_else(|| Violation {
            site: format!("{} {}", request.method, request.path),
            message: "the contract does not declare this operation".to_owned(),
        })?;
        let headers = Headers::new(request.headers);
        let cookie_text = headers.joined("cookie", ";").unwrap_or_default();
        let mut query = Multimap::of_form(request.query.unwrap_or_default());
        let mut cookies = Multimap::of_cookies(&cookie_text);
        let mut taken = TakenParts {
            conformance: self,
            groups: Map::new(),
            problems: Vec::new(),
        };
        let presented = credentials::presented(operation, &headers, &query, &cookies);
        if !credentials::suffice(operation, &presented) {
            let requirements = credentials::requirements(operation);
            taken.problem(
                "/credentials",
                format!("missing credentials: the contract requires {requirements}"),
            );
        }
        taken.path(operation, &values);
        taken.headers(operation, &headers);
        taken.fields(operation, ParameterIn::Cookie, &mut cookies);
        taken.query(key, operation, &mut query);
        if !operation.security.is_empty() {
            let presented: Value = presented.into_iter().collect();
            taken.groups.insert("credentials".to_owned(), presented);
        }
        let body = taken.body(operation, headers.get("content-type"), request.body);
        Ok(ReadRequest {
            received: DecodedRequest {
                key,
                operation,
                message: taken.groups.into(),
            },
            problems: taken.problems,
            broken_body: body.err(),
        })
    }
}

/// The parts decoded so far.
struct TakenParts<'c, 'a> {
    conformance: &'c Conformance<'a>,
    groups: Map<String, Value>,
    problems: Vec<RequestProblem>,
}

impl TakenParts<'_, '_> {
    fn path(&mut self, operation: &Operation, values: &[String]) {
        for (key, parameter) in parameters(operation, ParameterIn::Path) {
            let position: Option<usize> = key.name.parse().ok();
            if let Some(raw) = position.and_then(|position| values.get(position)) {
                let sent = decode_string(
                    &parameter.encoding,
                    &parameter.name,
                    raw,
                    PercentCoding::Percent,
                );
                let text = || PercentCoding::Percent.decode(raw);
                let sent = sent.map_err(|reason| EncodingError {
                    text: text(),
                    reason,
                });
                self.parameter(key, parameter, Some(sent));
            }
        }
    }

    fn headers(&mut self, operation: &Operation, headers: &Headers<'_>) {
        for (key, parameter) in parameters(operation, ParameterIn::Header) {
            if self.conformance.contract.ignores(key) {
                continue;
            }
            let sent = headers.joined(&key.name, ", ").map(|text| {
                let sent = decode_string(
                    &parameter.encoding,
                    &parameter.name,
                    &text,
                    PercentCoding::Plain,
                );
                sent.map_err(|reason| EncodingError { text, reason })
            });
            self.parameter(key, parameter, sent);
        }
    }

    fn query(&mut self, key: &OperationKey, operation: &Operation, query: &mut Multimap<'_>) {
        let declared = |name: &str| {
            let mut query = parameters(operation, ParameterIn::Query);
            query.any(|(key, _)| key.name == name)
        };
        let mut names_are_open = false;
        for (name, value) in PathTemplate::of(&key.path).query() {
            // A name in the path's query may also be declared as a parameter.
            if name.contains("{}") {
                names_are_open = true;
            } else if declared(name) {
                query.take_one(name, value);
            } else {
                query.take(name);
            }
        }
        for name in &self.conformance.key_parameters {
            if !declared(name) {
                query.take(name);
            }
        }
        self.fields(operation, ParameterIn::Query, query);
        for name in query.left().filter(|_| !names_are_open) {
            let pointer = format!("/query/{}", escape_token(name));
            self.problem(
                &pointer,
                "the contract does not declare this query parameter".to_owned(),
            );
        }
    }

    fn fields(&mut self, operation: &Operation, location: ParameterIn, fields: &mut Multimap<'_>) {
        let declared: Vec<_> = parameters(operation, location).collect();
        let all: Vec<&Parameter> = declared.iter().map(|(_, parameter)| *parameter).collect();
        let sent = fields.assign(&all, &self.conformance.reader);
        for ((key, parameter), sent) in declared.into_iter().zip(sent) {
            self.parameter(key, parameter, sent);
        }
    }

    /// Adds the value of a parameter. Its location is always added, so that the schema reports the
    /// missing parameter and not the missing location.
    fn parameter(
        &mut self,
        key: &ParameterKey,
        parameter: &Parameter,
        sent: super::multimap::MaybeRawValue,
    ) {
        let value = match sent {
            None => None,
            Some(Ok(sent)) => {
                let reader = &self.conformance.reader;
                let value = reader.read(parameter.schema, &sent);
                let is_empty = value == "" && parameter.encoding.allows_empty();
                // An empty value that `allowEmptyValue` permits counts as missing.
                (!is_empty || reader.allows(parameter.schema, &value)).then_some(value)
            }
            Some(Err(EncodingError { text, reason })) => {
                self.problem(
                    &format!("/{}/{}", key.location, escape_token(&key.name)),
                    reason.to_string(),
                );
                Some(text.into())
            }
        };
        let group = self
            .groups
            .entry(key.location.to_string())
            .or_insert_with(|| json!({}));
        if let (Value::Object(group), Some(value)) = (group, value) {
            group.insert(key.name.clone(), value);
        }
    }

    /// Adds the body.
    fn body(
        &mut self,
        operation: &Operation,
        content_type: Option<&str>,
        bytes: &[u8],
    ) -> Result<(), BodyError> {
        let Some(expected) = &operation.request_body else {
            if !bytes.is_empty() {
                self.problem(
                    "/body",
                    "the contract does not declare a request body".to_owned(),
                );
            }
            return Ok(());
        };
        let reader = &self.conformance.reader;
        let Some(body) = body::of_request(reader, expected, content_type, bytes)? else {
            return Ok(());
        };
        let name = body["content_type"].as_str().unwrap_or_default();
        if !expected.content.is_empty() && declared(&expected.content, name).is_none() {
            let known: Vec<String> = expected
                .content
                .keys()
                .map(|name| format!("`{name}`"))
                .collect();
            let message = format!(
                "the content type is `{name}`, but the contract declares {}",
                known.join(" and ")
            );
            self.problem("/body/content_type", message);
        }
        self.groups.insert("body".to_owned(), body);
        Ok(())
    }

    fn problem(&mut self, pointer: &str, message: String) {
        self.problems.push(RequestProblem {
            pointer: pointer.to_owned(),
            message,
        });
    }
}

fn parameters(
    operation: &Operation,
    location: ParameterIn,
) -> impl Iterator<Item = (&ParameterKey, &Parameter)> {
    let all = operation.parameters.iter();
    let there = all.filter(move |(key, _)| key.location == location);
    there.map(|(key, parameter)| (key, parameter.as_ref()))
}

/// A location in a message as text, with path parameters by their names.
fn site(received: &DecodedRequest<'_>, pointer: &str) -> String {
    let mut pointer = pointer.replacen("/body/value", "/body", 1);
    if let Some(below) = pointer.strip_prefix("/path/") {
        let (position, rest) = below.split_at(below.find('/').unwrap_or(below.len()));
        let mut path = parameters(received.operation, ParameterIn::Path);
        if let Some((_, parameter)) = path.find(|(key, _)| key.name == position) {
            pointer = format!("/path/{}{rest}", escape_token(&parameter.name));
        }
    }
    format!("{} request {pointer}", received.key)
        .trim_end()
        .to_owned()
}
