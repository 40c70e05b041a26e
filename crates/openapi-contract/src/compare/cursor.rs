//! The current location of a comparison in the messages of an operation.

use crate::finding::{Direction, MessagePart, Site};
use crate::model::{Contract, Operation, ParameterEncoding, ParameterKey, StatusPattern};
use crate::witness::{OperationKeys, PartKey, ValueStep};

/// A location in the messages of an operation.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'k> {
    pub(super) keys: OperationKeys<'k>,
    pub(super) part: Option<PartKey>,
    pub(super) steps: Vec<ValueStep>,
    /// Whether the difference is about null.
    pub(super) is_about_null: bool,
    /// The property that the difference is about, if it is about one.
    pub(super) property: Option<String>,
    /// The innermost component around the value, and how many steps lead to it.
    pub(super) component: Option<(String, usize)>,
}

impl<'k> Cursor<'k> {
    /// The operation itself.
    pub(super) fn operation(keys: OperationKeys<'k>) -> Self {
        Self {
            keys,
            part: None,
            steps: Vec::new(),
            is_about_null: false,
            property: None,
            component: None,
        }
    }

    /// A part of the operation's messages.
    pub(super) fn part(keys: OperationKeys<'k>, part: PartKey) -> Self {
        Self {
            part: Some(part),
            ..Self::operation(keys)
        }
    }

    /// The direction of the message it is in.
    pub(super) fn direction(&self) -> Option<Direction> {
        self.part.as_ref().map(PartKey::direction)
    }

    /// Whether it is in a response.
    pub(super) fn is_response(&self) -> bool {
        self.direction() == Some(Direction::Response)
    }

    /// Whether the value is sent as a string, without its JSON type.
    pub(super) fn is_text(&self, contract: &Contract) -> bool {
        let is_outermost = self.steps.is_empty();
        match &self.part {
            Some(PartKey::Parameter(_)) => {
                let encoding = self.encoding(contract);
                is_outermost && encoding.is_none_or(|encoding| encoding.styled().is_some())
            }
            Some(PartKey::Header(..)) => is_outermost,
            _ => false,
        }
    }

    /// Whether an array is sent as one string here, with a delimiter between its items.
    pub(super) fn is_split(&self, contract: &Contract) -> bool {
        !self
            .encoding(contract)
            .is_some_and(ParameterEncoding::repeats)
    }

    /// The serialization of a parameter.
    fn encoding<'c>(&self, contract: &'c Contract) -> Option<&'c ParameterEncoding> {
        let Some(PartKey::Parameter(key)) = &self.part else {
            return None;
        };
        let operation = self.keys.operation(contract)?;
        Some(&operation.parameters.get(key)?.encoding)
    }

    pub(super) fn site(&self, contract: &Contract) -> Site {
        let operations = &contract.operations;
        let is_old = operations.contains_key(self.keys.old);
        let key = if is_old { self.keys.old } else { self.keys.new };
        let operation = operations.get(key);
        let path = operation.map_or(&key.path, |operation| &operation.path);
        Site {
            operation: format!("{} {path}", key.method),
            part: match &self.part {
                Some(part) => message_part(part, operation),
                None => MessagePart::Operation,
            },
            path: self.path(),
        }
    }

    fn path(&self) -> String {
        let mut path = path(&self.steps);
        let is_body = matches!(
            self.part,
            Some(PartKey::RequestBody(_) | PartKey::ResponseBody(..))
        );
        if is_body || !path.is_empty() {
            path.insert(0, '$');
        }
        path
    }

    /// The value as text: `limit`, `$.data.items[].size`.
    pub(super) fn value_name(&self) -> String {
        let path = path(&self.steps);
        match &self.part {
            Some(PartKey::Parameter(key)) => format!("{}{path}", key.name),
            Some(PartKey::Header(_, name)) => format!("{name}{path}"),
            _ => self.path(),
        }
    }

    /// What to edit to change the value, as a noun: "`limit`", "`Media.size`", "the request body".
    pub(super) fn target(&self, contract: &Contract) -> String {
        let operation = self.keys.operation(contract);
        let (root, depth) = match (&self.component, &self.part) {
            (Some((component, depth)), _) => (component.clone(), *depth),
            (None, Some(PartKey::Parameter(key))) => (parameter_name(key, operation), 0),
            (None, Some(PartKey::Header(status, name))) => {
                (header_name(*status, name, operation), 0)
            }
            (None, _) => (String::new(), 0),
        };
        let mut path = path(self.steps.get(depth..).unwrap_or_default());
        if let Some(property) = &self.property {
            path = format!("{path}.{property}");
        }
        let body = match &self.part {
            _ if !root.is_empty() => return format!("`{root}{path}`"),
            Some(PartKey::RequestBody(_)) => "the request body".to_owned(),
            Some(PartKey::ResponseBody(status, _)) => {
                format!("the body of response {status}")
            }
            Some(PartKey::Status(status)) => format!("response {status}"),
            _ => "the operation".to_owned(),
        };
        match path.trim_start_matches('.') {
            "" => body,
            path => format!("`{path}` in {body}"),
        }
    }
}

/// The path of a value: `.data.items[].size`.
fn path(steps: &[ValueStep]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            ValueStep::Property(name) => {
                path.push('.');
                path += name;
            }
            ValueStep::Item => path += "[]",
            ValueStep::Additional | ValueStep::PatternProperty(_) => path += ".*",
            ValueStep::Member { .. } => {}
        }
    }
    path
}

/// The name of a parameter as written. The key of a path parameter holds its position instead.
fn parameter_name(key: &ParameterKey, operation: Option<&Operation>) -> String {
    let parameter = operation.and_then(|operation| operation.parameters.get(key));
    parameter
        .map_or(&key.name, |parameter| &parameter.name)
        .clone()
}

/// The name of a header as written.
fn header_name(status: StatusPattern, name: &str, operation: Option<&Operation>) -> String {
    let response = operation.and_then(|operation| operation.responses.get(&status));
    let header = response.and_then(|response| response.headers.get(name));
    header.map_or(name, |header| &header.name).to_owned()
}

fn message_part(part: &PartKey, operation: Option<&Operation>) -> MessagePart {
    match part {
        PartKey::Parameter(key) => MessagePart::Parameter {
            location: key.location,
            name: parameter_name(key, operation),
        },
        PartKey::RequestBody(_) => MessagePart::RequestBody,
        PartKey::Status(status) => MessagePart::Response(*status),
        PartKey::Header(status, name) => MessagePart::ResponseHeader {
            status: *status,
            name: header_name(*status, name, operation),
        },
        PartKey::ResponseBody(status, _) => MessagePart::ResponseBody(*status),
    }
}
