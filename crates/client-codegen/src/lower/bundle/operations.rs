//! Bundles operations. Everything that they refer to is inlined, except schemas and headers.

use std::collections::HashSet;

use openapi_contract::document::{NodeId, Value as Node};
use serde_json::{Map, Value};

use super::super::unused_names::unused_name;
use super::keyword_types::deserializes;
use super::{
    Bundler, Change, FOREIGN_EXTENSION, HEADERS, MALFORMED, OTHER_SERVER, Object, SERVER_SIDE,
};
use crate::error::GenerateError;
use crate::http_methods::METHODS;
use crate::pagination_keys;

impl Bundler<'_, '_> {
    pub(super) fn path_item(&mut self, node: NodeId) -> Result<Object, GenerateError> {
        let document = self.document;
        let consequence = "The client lacks its operations.";
        let Some(target) = self.resolve(node, "path", consequence) else {
            return Ok(self.log.object(node));
        };
        let mut item = self.log.object(target);
        // Keys next to a `$ref` apply as well.
        let levels = if target == node {
            vec![node]
        } else {
            vec![node, target]
        };
        let mut shared = Vec::new();
        for &level in &levels {
            self.check_containers(level, &METHODS, &["parameters"]);
            shared.extend(self.parameters(level)?);
        }
        for &level in &levels {
            for entry in document.entries(level) {
                let small = entry.key.to_ascii_lowercase();
                if small != entry.key && METHODS.contains(&small.as_str()) {
                    let message = Change::new(
                        format!("`{}` is not a method; the operation is ignored", entry.key),
                        "The client lacks the operation.",
                        format!("Write `{small}`, in lower case."),
                    );
                    self.log.record(MALFORMED, entry.value, None, None, message);
                }
                if let Some(method) = METHODS.iter().find(|method| **method == entry.key)
                    && !item.contains_key(*method)
                    && matches!(document.node(entry.value).value, Node::Object(_))
                {
                    self.check_servers(entry.value, &levels);
                    let operation = self.operation(entry.value, &shared)?;
                    item.insert((*method).to_owned(), Value::Object(operation));
                }
            }
        }
        Ok(item)
    }

    /// Records the servers of an operation that differ from those of the contract.
    fn check_servers(&mut self, operation: NodeId, path: &[NodeId]) {
        let document = self.document;
        let urls = |node: NodeId| -> Vec<&str> {
            let servers = document.get(node, "servers");
            let servers = servers.map_or(&[][..], |servers| document.elements(servers));
            let servers = servers.iter().copied();
            servers
                .filter_map(|server| document.get_text(server, "url"))
                .collect()
        };
        let holders = std::iter::once(operation).chain(path.iter().copied());
        let own = holders.map(urls).find(|urls| !urls.is_empty());
        if let Some(own) = own
            && own != urls(document.root())
        {
            let message = Change::new(
                format!(
                    "the server of the operation is `{}`; the client ignores it",
                    own[0]
                ),
                "The client sends the request to the base URL that it is created with.",
                format!(
                    "Create a client with the base URL `{}` for this operation.",
                    own[0]
                ),
            );
            let id = document.get_text(operation, "operationId");
            self.log
                .record(OTHER_SERVER, operation, Some("servers"), id, message);
        }
    }

    /// An operation with its own parameters and those of its path.
    fn operation(&mut self, node: NodeId, shared: &[Value]) -> Result<Object, GenerateError> {
        let document = self.document;
        let mut operation = self.log.object(node);
        for key in ["operationId", "summary", "description"] {
            self.raw(node, key, Value::is_string, &mut operation);
        }
        self.raw(node, "tags", deserializes::<Vec<String>>, &mut operation);
        self.raw(node, "deprecated", Value::is_boolean, &mut operation);
        let is_security = deserializes::<Vec<openapiv3::SecurityRequirement>>;
        self.raw(node, "security", is_security, &mut operation);
        if let Some(callbacks) = document.get(node, "callbacks") {
            let message = "callbacks are requests of the server; the client does not contain them";
            self.log.record(SERVER_SIDE, callbacks, None, None, message);
        }

        let identity = |parameter: &Value| {
            let of = |key| {
                parameter
                    .get(key)
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            };
            (of("name"), of("in"))
        };
        self.check_containers(node, &["requestBody", "responses"], &["parameters"]);
        self.check_object(node, "responses");
        let mut parameters = self.parameters(node)?;
        let own: HashSet<_> = parameters.iter().map(identity).collect();
        let inherited = shared.iter().filter(|one| !own.contains(&identity(one)));
        parameters.extend(inherited.cloned().collect::<Vec<_>>());
        if !parameters.is_empty() {
            operation.insert("parameters".to_owned(), Value::Array(parameters));
        }
        let body = document.get(node, "requestBody");
        let consequence = "The client cannot send the body.";
        let body = body.and_then(|body| self.resolve(body, "request body", consequence));
        if let Some(body) = body {
            let mut object = self.log.object(body);
            self.raw(body, "description", Value::is_string, &mut object);
            self.raw(body, "required", Value::is_boolean, &mut object);
            self.content(body, &mut object)?;
            operation.insert("requestBody".to_owned(), Value::Object(object));
        }
        let mut responses = Map::new();
        for entry in document.members(node, "responses") {
            if is_status(entry.key) {
                let consequence = "The client does not know this response.";
                let Some(response) = self.resolve(entry.value, "response", consequence) else {
                    continue;
                };
                let response = self.response(response)?;
                let status = entry.key.replace('x', "X");
                responses.insert(status, Value::Object(response));
            } else if !entry.key.starts_with("x-") {
                let message = Change::new(
                    format!("`{}` is not a status; the response is ignored", entry.key),
                    "The client does not know this response.",
                    "Use a status code such as `404`, a range such as `4XX`, or `default`.",
                );
                self.log.record(MALFORMED, entry.value, None, None, message);
            }
        }
        operation.insert("responses".to_owned(), Value::Object(responses));
        self.extensions(node, &mut operation);
        self.drop_foreign_pagination(node, &mut operation);
        Ok(operation)
    }

    /// Drops an `x-pagination` of another vendor.
    fn drop_foreign_pagination(&mut self, node: NodeId, operation: &mut Object) {
        let declared = operation.get(pagination_keys::KEY);
        if declared.is_some_and(|value| !pagination_keys::is_own_form(value)) {
            operation.remove(pagination_keys::KEY);
            let message = "`x-pagination` does not have the form of this generator; it is ignored";
            let id = self.document.get_text(node, "operationId");
            let key = Some(pagination_keys::KEY);
            self.log.record(FOREIGN_EXTENSION, node, key, id, message);
        }
    }

    fn response(&mut self, node: NodeId) -> Result<Object, GenerateError> {
        let document = self.document;
        let mut response = self.log.object(node);
        let description = document.get_text(node, "description").unwrap_or_default();
        response.insert("description".to_owned(), Value::from(description));
        self.check_containers(node, &["content", "headers"], &[]);
        self.check_object(node, "headers");
        let mut headers = Map::new();
        for entry in document.members(node, "headers") {
            let consequence = "The client does not parse the header.";
            let Some(target) = self.resolve(entry.value, "header", consequence) else {
                continue;
            };
            let header = if target == entry.value {
                self.header(target)?
            } else {
                let name = self.header_component(target)?;
                Map::from_iter([("$ref".to_owned(), Value::from(format!("{HEADERS}{name}")))])
            };
            headers.insert(entry.key.to_owned(), Value::Object(header));
        }
        if !headers.is_empty() {
            response.insert("headers".to_owned(), Value::Object(headers));
        }
        self.content(node, &mut response)?;
        Ok(response)
    }

    fn header(&mut self, node: NodeId) -> Result<Object, GenerateError> {
        let mut header = self.log.object(node);
        self.raw(node, "description", Value::is_string, &mut header);
        self.raw(node, "required", Value::is_boolean, &mut header);
        self.raw(node, "deprecated", Value::is_boolean, &mut header);
        let is_style = |value: &Value| value.as_str() == Some("simple");
        self.raw(node, "style", is_style, &mut header);
        self.schema_or_content(node, &mut header)?;
        if !header.contains_key("schema") && !header.contains_key("content") {
            let message = Change::new(
                "the header has no schema; it is any string",
                "The client does not check the value of the header.",
                "Add a `schema`.",
            );
            self.log.record(MALFORMED, node, None, None, message);
            let mut schema = self.log.object(node);
            schema.insert("type".to_owned(), Value::from("string"));
            header.insert("schema".to_owned(), Value::Object(schema));
        }
        Ok(header)
    }

    /// Makes a referenced header a component, and returns its name.
    fn header_component(&mut self, node: NodeId) -> Result<String, GenerateError> {
        if let Some(name) = self.headers.names.get(&node) {
            return Ok(name.clone());
        }
        let pointer = self.document.pointer(node);
        let wanted = pointer.rsplit('/').next().unwrap_or_default();
        let name = unused_name(&mut self.headers.taken, wanted);
        let header = Value::Object(self.header(node)?);
        self.headers.names.insert(node, name.clone());
        self.headers.declared.insert(name.clone(), header);
        Ok(name)
    }

    fn parameters(&mut self, node: NodeId) -> Result<Vec<Value>, GenerateError> {
        let document = self.document;
        let Some(list) = document.get(node, "parameters") else {
            return Ok(Vec::new());
        };
        let mut parameters = Vec::new();
        for &element in document.elements(list) {
            let consequence = "The client cannot send the parameter.";
            let Some(node) = self.resolve(element, "parameter", consequence) else {
                continue;
            };
            let (Some(name), Some(location)) = (
                document.get_text(node, "name"),
                document.get_text(node, "in"),
            ) else {
                let message = Change::new(
                    "the parameter has no `name` or no `in`; it is ignored",
                    "The client cannot send the parameter.",
                    "Add `name` and `in`.",
                );
                self.log.record(MALFORMED, node, None, None, message);
                continue;
            };
            if !["path", "query", "header", "cookie"].contains(&location) {
                let message = Change::new(
                    format!(
                        "the parameter `{name}` is in `{location}`, which does not exist; it is ignored"
                    ),
                    "The client cannot send the parameter.",
                    "Use one of `path`, `query`, `header` and `cookie` for `in`.",
                );
                self.log.record(MALFORMED, node, None, None, message);
                continue;
            }
            let mut parameter = self.log.object(node);
            parameter.insert("name".to_owned(), Value::from(name));
            parameter.insert("in".to_owned(), Value::from(location));
            for key in ["description", "style"] {
                self.raw(node, key, Value::is_string, &mut parameter);
            }
            for key in [
                "required",
                "deprecated",
                "explode",
                "allowEmptyValue",
                "allowReserved",
            ] {
                self.raw(node, key, Value::is_boolean, &mut parameter);
            }
            self.schema_or_content(node, &mut parameter)?;
            parameters.push(Value::Object(parameter));
        }
        Ok(parameters)
    }

    fn schema_or_content(&mut self, node: NodeId, into: &mut Object) -> Result<(), GenerateError> {
        match self.document.get(node, "schema") {
            Some(schema) => {
                let schema = self.schema(schema)?;
                into.insert("schema".to_owned(), schema);
                Ok(())
            }
            None => self.content(node, into),
        }
    }

    fn content(&mut self, node: NodeId, into: &mut Object) -> Result<(), GenerateError> {
        let document = self.document;
        self.check_object(node, "content");
        let entries = document.members(node, "content");
        if entries.is_empty() {
            return Ok(());
        }
        let mut content = Map::new();
        for entry in entries {
            let mut media_type = self.log.object(entry.value);
            if let Some(schema) = document.get(entry.value, "schema") {
                let schema = self.schema(schema)?;
                media_type.insert("schema".to_owned(), schema);
            }
            let encoding = document.get(entry.value, "encoding");
            if let Some(encoding) = encoding.filter(|one| !document.entries(*one).is_empty()) {
                media_type.insert("encoding".to_owned(), document.to_json(encoding));
            }
            content.insert(entry.key.to_owned(), Value::Object(media_type));
        }
        into.insert("content".to_owned(), Value::Object(content));
        Ok(())
    }
}

/// Whether a key of `responses` is a status, a range or `default`.
fn is_status(key: &str) -> bool {
    matches!(
        key.as_bytes(),
        b"default"
            | [b'1'..=b'5', b'X' | b'x', b'X' | b'x']
            | [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9']
    )
}
