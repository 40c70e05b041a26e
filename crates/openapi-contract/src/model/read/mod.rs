//! Reads contracts from documents.

mod folding;
mod interner;
mod keyword_table;
mod keywords;
mod openapi_version;
mod schemas;
mod servers;
mod subschemas;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub(crate) use keywords::is_same;
use schemas::SchemaReader;

use super::contract::{
    Body, Contract, Dialect, Header, Operation, OperationKey, Parameter, ParameterKey, RequestBody,
    Response,
};
use super::encoding::{ParameterEncoding, ParameterStyle, StyledEncoding};
use super::media_type::MediaType;
use super::problem::{InvalidContract, Problem, ProblemKind};
use super::schema::Schemas;
use super::security::{ApiKeyLocation, SecurityRequirement, SecurityScheme};
use crate::document::{Document, Entries, NodeId, Value};
use crate::http::{ParameterIn, StatusPattern};

impl Contract {
    /// Reads the contract that a document describes.
    ///
    /// Invalid values don't keep the rest from being read. Those that leave the meaning clear become
    /// the contract's [tolerated errors](Contract::tolerated_errors), others its
    /// [invalid parts](Contract::invalid_parts).
    ///
    /// # Errors
    /// When the document is not OpenAPI, or of an unsupported version. The error has a finding for
    /// each invalid value.
    pub fn read(document: Document) -> Result<Self, InvalidContract> {
        let contract = read(document);
        let invalid = &contract.invalid_parts;
        if !invalid.iter().any(|problem| problem.kind.is_fatal()) {
            return Ok(contract);
        }
        // Whoever fixes the document wants to see everything that is wrong with it.
        let mut all: Vec<&Problem> = invalid.iter().chain(&contract.tolerated_errors).collect();
        all.sort_by_key(|problem| contract.document.sort_key(problem.node));
        let findings = all
            .into_iter()
            .map(|problem| problem.to_finding(&contract.document))
            .collect();
        Err(InvalidContract {
            document: Box::new(contract.document),
            findings,
        })
    }
}

/// Reads the model, with the problems that it is incomplete or unclear for.
fn read(document: Document) -> Contract {
    let mut problems = Vec::new();
    let dialect = openapi_version::dialect(&document, &mut problems);
    let (operations, schemas) = {
        let mut reader = ContractReader {
            document: &document,
            schemas: SchemaReader::new(&document, dialect),
            servers: servers::urls(&document, document.root()),
            known_parameters: HashMap::new(),
            known_responses: HashMap::new(),
            problems: &mut problems,
        };
        let operations = reader.operations();
        let (schemas, mut schema_problems) = reader.schemas.finish();
        problems.append(&mut schema_problems);
        (operations, schemas)
    };
    let info = document.get(document.root(), "info");
    let info_text = |key| {
        let text = info.and_then(|info| document.get_text(info, key));
        text.unwrap_or_default().to_owned()
    };
    let (title, version) = (info_text("title"), info_text("version"));
    if version.is_empty() {
        let node = info.unwrap_or(document.root());
        let problem = Problem::new(
            ProblemKind::MissingProperty,
            node,
            "`info` has no `version`",
        );
        problems.push(problem.with_remedy("Add a version, such as `version: 1.0.0`."));
    }
    let servers = servers::urls(&document, document.root());
    problems.sort_by_key(|problem| document.sort_key(problem.node));
    // The parameters of a path are read for each of its operations.
    problems.dedup();
    let is_tolerated = |problem: &Problem| problem.kind.is_tolerated();
    let (tolerated_errors, invalid_parts) = problems.into_iter().partition(is_tolerated);
    Contract {
        document,
        dialect,
        title,
        version,
        servers,
        operations,
        schemas,
        tolerated_errors,
        invalid_parts,
    }
}

const METHODS: [(&str, &str); 8] = [
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("head", "HEAD"),
    ("patch", "PATCH"),
    ("trace", "TRACE"),
];

/// The context of a path item.
struct PathItem {
    /// The path, or the name of a callback or webhook.
    name: String,
    is_callback_or_webhook: bool,
    /// How many callbacks contain it.
    depth: usize,
}

impl PathItem {
    fn reversed(name: String, depth: usize) -> Self {
        Self {
            name,
            is_callback_or_webhook: true,
            depth,
        }
    }

    /// The path of its operations, if the server's URL has the path `base`.
    fn operation_path(&self, base: &str) -> OperationPath {
        if self.is_callback_or_webhook {
            return OperationPath {
                canonical: self.name.clone(),
                display: self.name.clone(),
                names: Vec::new(),
            };
        }
        let display = format!("{base}{}", self.name);
        let (canonical, names) = split_template(&display);
        OperationPath {
            canonical,
            display,
            names,
        }
    }
}

/// The path of an operation.
struct OperationPath {
    /// The path with `{}` for each parameter, or the name of a callback or webhook.
    canonical: String,
    /// The path for display.
    display: String,
    /// The names of the path parameters.
    names: Vec<String>,
}

struct ContractReader<'a> {
    document: &'a Document,
    schemas: SchemaReader<'a>,
    /// The URLs of the contract's servers.
    servers: Vec<String>,
    /// Caches, because many operations use the same components.
    known_parameters: HashMap<NodeId, Arc<Parameter>>,
    known_responses: HashMap<NodeId, Arc<Response>>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> ContractReader<'a> {
    fn operations(&mut self) -> BTreeMap<OperationKey, Operation> {
        let document = self.document;
        let mut operations = BTreeMap::new();
        if let Some(paths) = self.member(document.root(), "paths") {
            for entry in self.object(paths, "`paths`") {
                if !entry.key.starts_with("x-") {
                    let item = PathItem {
                        name: entry.key.to_owned(),
                        is_callback_or_webhook: false,
                        depth: 0,
                    };
                    self.path_item(entry.value, &item, &mut operations);
                }
            }
        }
        if let Some(webhooks) = self.member(document.root(), "webhooks") {
            for entry in self.object(webhooks, "`webhooks`") {
                let name = format!("webhook {}", entry.key);
                self.path_item(entry.value, &PathItem::reversed(name, 0), &mut operations);
            }
        }
        operations
    }

    fn path_item(
        &mut self,
        node: NodeId,
        item: &PathItem,
        operations: &mut BTreeMap<OperationKey, Operation>,
    ) {
        let Some(path_node) = self.resolve(node) else {
            return;
        };
        for (name, method) in METHODS {
            let Some(node) = self.member(path_node, name) else {
                continue;
            };
            let servers = servers::own(self.document, node, path_node);
            let urls = servers.as_ref().map_or(&self.servers, |own| &own.urls);
            let path = item.operation_path(servers::base_path(urls));
            let key = OperationKey {
                path: path.canonical.clone(),
                method,
            };
            self.callbacks(node, &key, item.depth, operations);
            let operation = Operation {
                servers,
                template: item.name.clone(),
                is_callback_or_webhook: item.is_callback_or_webhook,
                ..self.operation(node, path_node, &path)
            };
            self.add(operations, key, operation);
        }
    }

    /// Adds an operation. If another path differs only in the names of its parameters, both are kept:
    /// the names become part of the key.
    fn add(
        &mut self,
        operations: &mut BTreeMap<OperationKey, Operation>,
        key: OperationKey,
        operation: Operation,
    ) {
        let Some(before) = operations.remove(&key) else {
            operations.insert(key, operation);
            return;
        };
        let message = format!(
            "`{}` is the same path as `{}`, with other names of parameters",
            operation.path, before.path
        );
        let kind = ProblemKind::EquivalentPaths;
        self.problems
            .push(Problem::new(kind, operation.node, message));
        // The keys do not depend on the order of the document.
        let (first, second) = match before.path <= operation.path {
            true => (before, operation),
            false => (operation, before),
        };
        let (_, names) = split_template(&second.path);
        let named = OperationKey {
            path: format!("{}#{}", key.path, names.join(",")),
            method: key.method,
        };
        operations.insert(key, first);
        operations.entry(named).or_insert(second);
    }

    /// The operations of callbacks.
    fn callbacks(
        &mut self,
        operation: NodeId,
        key: &OperationKey,
        depth: usize,
        operations: &mut BTreeMap<OperationKey, Operation>,
    ) {
        // References can nest callbacks in callbacks endlessly.
        const DEEPEST: usize = 3;
        let Some(callbacks) = self.member(operation, "callbacks") else {
            return;
        };
        if depth >= DEEPEST {
            return;
        }
        for callback in self.object(callbacks, "`callbacks`") {
            let Some(node) = self.resolve(callback.value) else {
                continue;
            };
            for entry in self.object(node, "a callback") {
                if !entry.key.starts_with("x-") {
                    let name = format!("{key} callback {} {}", callback.key, entry.key);
                    let inner = PathItem::reversed(name, depth + 1);
                    self.path_item(entry.value, &inner, operations);
                }
            }
        }
    }

    fn operation(&mut self, node: NodeId, path_node: NodeId, path: &OperationPath) -> Operation {
        let document = self.document;
        let text = |key| document.get_text(node, key).map(str::to_owned);
        let mut parameters = BTreeMap::new();
        // Parameters of the operation override those of the path.
        for parent in [path_node, node] {
            let list = self.member(parent, "parameters");
            for &element in list.map_or(&[][..], |id| document.elements(id)) {
                if let Some((key, parameter)) = self.parameter(element, &path.names) {
                    parameters.insert(key, parameter);
                }
            }
        }
        let request_body = self.member(node, "requestBody");
        let own_security = self.member(node, "security");
        let security_node = own_security.or_else(|| self.member(document.root(), "security"));
        Operation {
            node,
            path_node,
            path: path.display.clone(),
            template: String::new(),
            servers: None,
            is_callback_or_webhook: false,
            id: text("operationId"),
            deprecated: document.get_bool(node, "deprecated") == Some(true),
            sunset: text("x-sunset"),
            tags: document
                .get(node, "tags")
                .map_or(&[][..], |tags| document.elements(tags))
                .iter()
                .filter_map(|&tag| document.text(tag).map(str::to_owned))
                .collect(),
            prose: [text("summary"), text("description")],
            parameters,
            request_body: request_body.and_then(|node| self.request_body(node)),
            responses: self.responses(node),
            security: security_node.map_or_else(BTreeSet::new, |node| self.security(node)),
            security_node,
        }
    }

    fn parameter(
        &mut self,
        node: NodeId,
        names: &[String],
    ) -> Option<(ParameterKey, Arc<Parameter>)> {
        let document = self.document;
        let node = self.resolve(node)?;
        let name = document.get_text(node, "name");
        let location = match document.get_text(node, "in") {
            Some("path") => Some(ParameterIn::Path),
            Some("query") => Some(ParameterIn::Query),
            Some("header") => Some(ParameterIn::Header),
            Some("cookie") => Some(ParameterIn::Cookie),
            _ => None,
        };
        let (Some(name), Some(location)) = (name, location) else {
            let location = document.get(node, "in").filter(|_| name.is_some());
            const LOCATIONS: &str = "Use one of `path`, `query`, `header`, `cookie` for `in`.";
            let (message, remedy) = match (name, location) {
                (None, _) => (
                    "the parameter has no `name`".to_owned(),
                    "Add `name` to the parameter.",
                ),
                (Some(_), None) => ("the parameter has no `in`".to_owned(), LOCATIONS),
                (Some(_), Some(location)) => {
                    let message = match document.text(location) {
                        Some(text) => format!("unknown parameter location `{text}`"),
                        None => "`in` must be a string".to_owned(),
                    };
                    (message, LOCATIONS)
                }
            };
            let problem = Problem::invalid(location.unwrap_or(node), message);
            self.problems.push(problem.with_remedy(remedy));
            return None;
        };
        let key_name = match location {
            ParameterIn::Path => names
                .iter()
                .position(|candidate| candidate == name)
                .map_or_else(|| name.to_owned(), |at| at.to_string()),
            ParameterIn::Header => name.to_ascii_lowercase(),
            ParameterIn::Query | ParameterIn::Cookie => name.to_owned(),
        };
        let key = ParameterKey {
            location,
            name: key_name,
        };
        if let Some(known) = self.known_parameters.get(&node) {
            return Some((key, Arc::clone(known)));
        }
        let (schema_node, media_type) = self.value_schema(node);
        let parameter = Arc::new(Parameter {
            node,
            name: name.to_owned(),
            required: document.get_bool(node, "required") == Some(true),
            encoding: match media_type {
                Some(media_type) => ParameterEncoding::Content(media_type),
                None => ParameterEncoding::Styled(self.styled_encoding(node, location)),
            },
            schema: schema_node.map_or(Schemas::ANY, |node| self.schemas.schema(node)),
            schema_node,
            deprecated: document.get_bool(node, "deprecated") == Some(true),
            sunset: document.get_text(node, "x-sunset").map(str::to_owned),
            description: document.get_text(node, "description").map(str::to_owned),
        });
        self.known_parameters.insert(node, Arc::clone(&parameter));
        Some((key, parameter))
    }

    fn styled_encoding(&self, parameter: NodeId, location: ParameterIn) -> StyledEncoding {
        let document = self.document;
        let style = match document.get_text(parameter, "style") {
            Some(text) => ParameterStyle::parse(text),
            None => match location {
                ParameterIn::Path | ParameterIn::Header => ParameterStyle::Simple,
                ParameterIn::Query | ParameterIn::Cookie => ParameterStyle::Form,
            },
        };
        let explode = document.get_bool(parameter, "explode");
        let is_set = |key| document.get_bool(parameter, key) == Some(true);
        StyledEncoding {
            explode: explode.unwrap_or(style == ParameterStyle::Form),
            style,
            allow_reserved: is_set("allowReserved"),
            allow_empty: is_set("allowEmptyValue"),
        }
    }

    /// The schema of a parameter or header, and its media type if it has `content`.
    fn value_schema(&mut self, node: NodeId) -> (Option<NodeId>, Option<MediaType>) {
        let document = self.document;
        if let Some(schema) = self.member(node, "schema") {
            return (Some(schema), None);
        }
        let content = self.member(node, "content");
        let content = content.map_or_else(Entries::default, |id| document.entries(id));
        match content.first() {
            Some(entry) => (
                document.get(entry.value, "schema"),
                Some(MediaType::parse(entry.key)),
            ),
            None => (None, None),
        }
    }

    fn request_body(&mut self, node: NodeId) -> Option<RequestBody> {
        let node = self.resolve(node)?;
        Some(RequestBody {
            node,
            required: self.document.get_bool(node, "required") == Some(true),
            content: self.content(node),
        })
    }

    fn content(&mut self, node: NodeId) -> BTreeMap<MediaType, Body> {
        let Some(content) = self.member(node, "content") else {
            return BTreeMap::new();
        };
        let entries = self.object(content, "`content`");
        let mut bodies = BTreeMap::new();
        for entry in entries {
            let schema_node = self.member(entry.value, "schema");
            let item_schema = self.member(entry.value, "itemSchema");
            let body = Body {
                node: entry.value,
                item_schema: item_schema.map(|node| self.schemas.schema(node)),
                schema: schema_node.map_or(Schemas::ANY, |node| self.schemas.schema(node)),
                schema_node,
                encoding: self
                    .member(entry.value, "encoding")
                    .map(|encoding| Box::new(self.document.to_json(encoding))),
            };
            bodies.insert(MediaType::parse(entry.key), body);
        }
        bodies
    }

    fn responses(&mut self, operation: NodeId) -> BTreeMap<StatusPattern, Arc<Response>> {
        let mut responses = BTreeMap::new();
        let Some(node) = self.member(operation, "responses") else {
            // OpenAPI 3.0 requires `responses`, later versions do not.
            if self.schemas.dialect == Dialect::OpenApi30 {
                let message = "the operation has no `responses`";
                let problem = Problem::new(ProblemKind::MissingProperty, operation, message);
                let remedy = "Add `responses` to the Operation Object.";
                self.problems.push(problem.with_remedy(remedy));
            }
            return responses;
        };
        for entry in self.object(node, "`responses`") {
            if entry.key.starts_with("x-") {
                continue;
            }
            let Some(status) = StatusPattern::parse(entry.key) else {
                let message = format!("`{}` is not a status", entry.key);
                let problem = Problem::invalid(entry.value, message);
                let remedy = "Use a status such as `200`, a range such as `4XX`, or `default`.";
                self.problems.push(problem.with_remedy(remedy));
                continue;
            };
            if let Some(node) = self.resolve(entry.value) {
                responses.insert(status, self.response(node));
            }
        }
        responses
    }

    fn response(&mut self, node: NodeId) -> Arc<Response> {
        if let Some(known) = self.known_responses.get(&node) {
            return Arc::clone(known);
        }
        let document = self.document;
        let response = Arc::new(Response {
            node,
            description: document
                .get_text(node, "description")
                .unwrap_or_default()
                .to_owned(),
            headers: self.headers(node),
            content: self.content(node),
            links: self
                .member(node, "links")
                .map(|links| document.to_json(links)),
        });
        self.known_responses.insert(node, Arc::clone(&response));
        response
    }

    fn headers(&mut self, response: NodeId) -> BTreeMap<String, Header> {
        let Some(node) = self.member(response, "headers") else {
            return BTreeMap::new();
        };
        let mut headers = BTreeMap::new();
        for entry in self.object(node, "`headers`") {
            let name = entry.key.to_ascii_lowercase();
            let Some(node) = self.resolve(entry.value).filter(|_| name != "content-type") else {
                continue;
            };
            let (schema_node, _) = self.value_schema(node);
            let header = Header {
                node,
                name: entry.key.to_string(),
                required: self.document.get_bool(node, "required") == Some(true),
                schema: schema_node.map_or(Schemas::ANY, |node| self.schemas.schema(node)),
                schema_node,
                deprecated: self.document.get_bool(node, "deprecated") == Some(true),
                description: self
                    .document
                    .get_text(node, "description")
                    .map(str::to_owned),
            };
            headers.insert(name, header);
        }
        headers
    }

    fn security(&mut self, node: NodeId) -> BTreeSet<SecurityRequirement> {
        let document = self.document;
        let mut requirements = BTreeSet::new();
        for &element in document.elements(node) {
            let mut credentials = SecurityRequirement::new();
            for entry in document.entries(element) {
                let scopes = document.elements(entry.value).iter();
                let scopes = scopes
                    .filter_map(|&scope| document.text(scope))
                    .map(str::to_owned);
                let scheme = self.scheme(entry.key, entry.value);
                credentials.entry(scheme).or_default().extend(scopes);
            }
            requirements.insert(credentials);
        }
        // `[{}]` requires nothing, like `[]`.
        if requirements.iter().all(BTreeMap::is_empty) {
            requirements.clear();
        }
        requirements
    }

    /// The security scheme that a requirement names.
    fn scheme(&mut self, name: &str, requirement: NodeId) -> SecurityScheme {
        let document = self.document;
        let pointer = format!(
            "/components/securitySchemes/{}",
            crate::document::escape_token(name)
        );
        let node = document
            .at_pointer(&pointer)
            .and_then(|node| self.resolve(node));
        let Some(node) = node else {
            let problem = Problem::unknown_security_scheme(document, name, requirement);
            self.problems.push(problem);
            return SecurityScheme::Unknown(name.to_owned());
        };
        let text = |key| document.get_text(node, key).unwrap_or_default();
        match text("type") {
            "apiKey" => match ApiKeyLocation::parse(text("in")) {
                Some(location) => SecurityScheme::ApiKey {
                    location,
                    name: text("name").to_owned(),
                },
                None => SecurityScheme::Unknown(format!("apiKey {} {}", text("in"), text("name"))),
            },
            "http" => SecurityScheme::Http {
                scheme: text("scheme").to_ascii_lowercase(),
            },
            "mutualTLS" => SecurityScheme::MutualTls,
            "oauth2" => SecurityScheme::OAuth2,
            "openIdConnect" => SecurityScheme::OpenIdConnect {
                url: text("openIdConnectUrl").to_owned(),
            },
            other => SecurityScheme::Unknown(other.to_owned()),
        }
    }

    fn resolve(&mut self, node: NodeId) -> Option<NodeId> {
        self.document
            .resolve(node)
            .map_err(|error| self.problems.push(Problem::unresolved(&error)))
            .ok()
    }

    /// The property of an OpenAPI object. Null is not allowed, and treated as missing.
    fn member(&mut self, node: NodeId, key: &str) -> Option<NodeId> {
        let member = self.document.get(node, key)?;
        if !matches!(self.document.node(member).value, Value::Null) {
            return Some(member);
        }
        self.problems
            .push(Problem::null(member, &format!("`{key}`")));
        None
    }

    /// The properties of a value that must be an object.
    fn object(&mut self, node: NodeId, what: &str) -> Entries<'a> {
        match self.document.node(node).value {
            Value::Object(entries) => entries,
            other => {
                let message = format!("{what} must be an object, but is {}", other.kind());
                let problem = Problem::invalid(node, message);
                let remedy = format!("Use an object for {what}.");
                self.problems.push(problem.with_remedy(remedy));
                Entries::default()
            }
        }
    }
}

/// Replaces the parameters of a path template by `{}`, and returns their names.
fn split_template(path: &str) -> (String, Vec<String>) {
    let mut canonical = String::new();
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        canonical += before;
        canonical += "{}";
        names.push(name.to_owned());
        rest = after;
    }
    canonical += rest;
    (canonical, names)
}
