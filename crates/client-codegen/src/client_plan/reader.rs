//! Reads the plans of all operations, in the order of the contract.

use std::collections::{HashMap, HashSet};

use openapi_contract::document::{Document, NodeId};
use openapi_contract::model::{Contract, Operation, ParameterIn, ProblemKind};
use openapi_contract::{Finding, Location};

use super::data::{BodyPlan, OperationPlan, ParameterPlan, ResultType, StreamKind, TagPlan};
use super::findings::{Findings, Loss};
use super::operation_ids::OperationIds;
use super::pagination::{self, Paged};
use super::responses::{ResponseReader, is_error, mark_boxes};
use super::{ClientPlan, bodies, parameters, security, servers};
use crate::error::GenerateError;
use crate::http_methods::METHODS;
use crate::rules;
use crate::types::{Presence, TypePlanner, TypeRef, TypeSet};

const DROPSHOT_PAGES: &str = "x-dropshot-pagination";
const DROPSHOT_WEBSOCKET: &str = "x-dropshot-websocket";

/// The most types of a client. Real contracts have up to 14,000, but YAML aliases can expand a few lines to millions.
const MOST_TYPES: usize = 30_000;

/// Reads the plan of a contract.
pub(super) fn read(contract: &Contract) -> Result<ClientPlan, GenerateError> {
    let document = &contract.document;
    let mut reader = Reader {
        contract,
        types: TypePlanner::new(contract),
        findings: Findings::new(document),
        ids: OperationIds::new(),
        offered: security::offered(contract),
    };
    if let Some(webhooks) = document.get(document.root(), "webhooks") {
        let fact = "webhooks are requests of the server; the client does not contain them";
        reader.findings.exact(rules::SERVER_SIDE, webhooks, fact);
    }
    let mut operations = Vec::new();
    for (operation, http_method, entry) in in_order(contract) {
        operations.push(reader.operation(operation, http_method, entry)?);
    }
    let required = operations.iter().flat_map(|plan| &plan.security).flatten();
    let security_schemes = security::schemes(document, required);
    reader.invalid_parts();
    let name_clashes = reader.types.name_clashes().to_vec();
    let (types, of_types) = reader.types.finish();
    if let Some((_, first)) = types.iter().nth(MOST_TYPES) {
        return Err(GenerateError::TooLarge {
            location: Box::new(Location::new(document, first.node, None)),
            most: MOST_TYPES,
        });
    }
    for plan in &mut operations {
        mark_boxes(&mut plan.responses, &types);
    }
    Ok(ClientPlan {
        operations,
        types,
        servers: servers::read(document),
        tags: tags(document),
        security_schemes,
        name_clashes,
        findings: reader.findings.finish(of_types),
    })
}

/// The operations of `paths` in the order of the contract, with their methods and the entries of their paths.
fn in_order(contract: &Contract) -> Vec<(&Operation, &'static str, NodeId)> {
    let document = &contract.document;
    let operations = contract.operations.values();
    let known: HashMap<(&str, NodeId), &Operation> = operations
        .filter(|operation| !operation.is_callback_or_webhook)
        .map(|operation| ((operation.template.as_str(), operation.node), operation))
        .collect();
    let mut found = Vec::new();
    for path in document.members(document.root(), "paths") {
        let Ok(item) = document.resolve(path.value) else {
            continue;
        };
        for entry in document.entries(item) {
            let http_method = METHODS.iter().find(|method| **method == entry.key);
            let operation = known.get(&(path.key, entry.value));
            if let (Some(http_method), Some(operation)) = (http_method, operation) {
                found.push((*operation, *http_method, path.value));
            }
        }
    }
    found
}

/// The tags that the contract declares.
fn tags(document: &Document) -> Vec<TagPlan> {
    let tags = document.get(document.root(), "tags");
    let tags = tags.map_or(&[][..], |tags| document.elements(tags));
    let tags = tags.iter().filter_map(|&tag| {
        let doc = document.get_text(tag, "description");
        Some(TagPlan {
            name: document.get_text(tag, "name")?.to_owned(),
            doc: doc.unwrap_or_default().to_owned(),
        })
    });
    tags.collect()
}

struct Reader<'c> {
    contract: &'c Contract,
    types: TypePlanner<'c>,
    findings: Findings<'c>,
    ids: OperationIds,
    /// The security alternatives of a contract without `security`.
    offered: Vec<Vec<String>>,
}

impl<'c> Reader<'c> {
    fn operation(
        &mut self,
        operation: &'c Operation,
        http_method: &'static str,
        entry: NodeId,
    ) -> Result<OperationPlan, GenerateError> {
        let contract = self.contract;
        let document = &contract.document;
        let node = operation.node;
        let path = self.path(operation, entry);
        self.findings
            .enter(format!("{} {path}", http_method.to_ascii_uppercase()));
        let id_node = document.get(node, "operationId").unwrap_or(node);
        let id = self.ids.id(
            operation.id.as_deref(),
            http_method,
            &path,
            id_node,
            &mut self.findings,
        );
        self.server_side(operation);
        self.servers(operation);
        let has = |key| document.get(node, key).is_some();
        let is_websocket = has(DROPSHOT_WEBSOCKET);
        let body = bodies::read(
            contract,
            operation,
            http_method,
            &mut self.types,
            &mut self.findings,
        );
        let mut methods = bodies::methods(body.as_ref());
        methods.extend(has(DROPSHOT_PAGES).then(|| "stream".to_owned()));
        let parameters = parameters::read(
            contract,
            operation,
            methods,
            &mut self.types,
            &mut self.findings,
        );
        let responses = ResponseReader {
            contract,
            operation,
            id: &id,
            is_head: http_method == "head",
            is_websocket,
            types: &mut self.types,
            findings: &mut self.findings,
        }
        .read();
        let paged = Paged {
            contract,
            operation,
            http_method,
            parameters: &parameters,
            body: body.as_ref(),
            success: &responses.success,
        };
        let pagination = pagination::read(&paged, &mut self.findings)?;
        let dropshot_items = match has(DROPSHOT_PAGES) && !is_websocket {
            true => dropshot_items(
                self.types.types(),
                &parameters,
                body.as_ref(),
                &responses.success,
            ),
            false => None,
        };
        self.findings.leave();
        let tags = document.get(node, "tags");
        let tags = tags.map_or(&[][..], |tags| document.elements(tags));
        let [summary, description] = operation.prose.clone();
        Ok(OperationPlan {
            node,
            tag: tags
                .iter()
                .find_map(|&tag| document.text(tag))
                .map(str::to_owned),
            http_method,
            path,
            summary,
            description,
            deprecated: operation.deprecated,
            parameters,
            body,
            accept: responses.accept,
            statuses: responses.statuses,
            stream: responses.stream,
            responses: responses.responses,
            success: responses.success,
            error: responses.error,
            response_headers: responses.headers,
            security: security::alternatives(document, operation, &self.offered),
            pagination,
            dropshot_items,
            is_websocket,
            id,
        })
    }

    /// The path of an operation, with a slash at its start.
    fn path(&mut self, operation: &Operation, entry: NodeId) -> String {
        let path = &operation.template;
        if path.starts_with('/') {
            return path.clone();
        }
        let loss = Loss::new(
            format!("the path `{path}` does not start with a slash"),
            format!("The client sends requests to `/{path}`."),
            format!("Write `/{path}`."),
        );
        self.findings.weakened(rules::MALFORMED, entry, loss);
        format!("/{path}")
    }

    /// Records callbacks, which are requests of the server.
    fn server_side(&mut self, operation: &Operation) {
        let document = &self.contract.document;
        if let Some(callbacks) = document.get(operation.node, "callbacks") {
            let fact = "callbacks are requests of the server; the client does not contain them";
            self.findings.exact(rules::SERVER_SIDE, callbacks, fact);
        }
    }

    /// Records servers of an operation that differ from those of the contract.
    fn servers(&mut self, operation: &Operation) {
        let Some(own) = &operation.servers else {
            return;
        };
        if own.urls == self.contract.servers {
            return;
        }
        if let Some(url) = own.urls.first() {
            let document = &self.contract.document;
            let node = document.get(own.node, "servers").unwrap_or(own.node);
            let loss = Loss::new(
                format!("the server of the operation is `{url}`; the client ignores it"),
                "The client sends the request to the base URL that it is created with.",
                format!("Create a client with the base URL `{url}` for this operation."),
            );
            self.findings.weakened(rules::SERVERS, node, loss);
        }
    }

    /// Records the parts of the contract whose meaning is not known, which are treated as missing.
    fn invalid_parts(&mut self) {
        let read = read_item_schemas(self.contract);
        let findings = self.contract.invalid_part_findings();
        for (problem, finding) in self.contract.invalid_parts.iter().zip(findings) {
            if read.contains(&problem.node) {
                continue;
            }
            let rule = match problem.kind {
                ProblemKind::UnresolvedReference => rules::REFERENCES,
                ProblemKind::UnsupportedFeature | ProblemKind::UnsupportedVersion => {
                    rules::UNSUPPORTED_FEATURE
                }
                // Both paths have a method in the client.
                ProblemKind::EquivalentPaths => continue,
                _ => rules::MALFORMED,
            };
            let Finding { fact, remedy, .. } = finding;
            let consequence = "The client does not contain this part of the contract.";
            let loss = Loss::new(format!("{fact}; it is ignored"), consequence, remedy);
            self.findings.weakened(rule, problem.node, loss);
        }
    }
}

/// The `itemSchema` of the streams that the client reads, although the rest of the generator does not know it.
fn read_item_schemas(contract: &Contract) -> HashSet<NodeId> {
    let operations = contract.operations.values();
    let operations = operations.filter(|operation| !operation.is_callback_or_webhook);
    let responses = operations.flat_map(|operation| &operation.responses);
    let responses = responses.filter(|(pattern, _)| !is_error(**pattern));
    let contents = responses.flat_map(|(_, response)| &response.content);
    let streams = contents.filter(|(media_type, _)| StreamKind::of(media_type.essence()).is_some());
    let nodes = streams.filter_map(|(_, body)| contract.document.get(body.node, "itemSchema"));
    nodes.collect()
}

/// The items of the pages of an operation with `x-dropshot-pagination`: the request has the optional parameters
/// `page_token` and `limit` and no other required parameter in the query, and a page consists of `items` and
/// `next_page`.
fn dropshot_items(
    types: &TypeSet,
    parameters: &[ParameterPlan],
    body: Option<&BodyPlan>,
    success: &ResultType,
) -> Option<TypeRef> {
    let in_query = |plan: &&ParameterPlan| plan.location == ParameterIn::Query;
    let query = || parameters.iter().filter(in_query);
    let has = |name: &str| query().any(|plan| plan.name == name);
    if !has("page_token") || !has("limit") || query().any(|plan| plan.required) {
        return None;
    }
    // A stream can be sent only once.
    let contents = body.iter().flat_map(|body| &body.contents);
    if contents.into_iter().any(|content| content.kind.is_raw()) {
        return None;
    }
    let ResultType::Json(page) = success else {
        return None;
    };
    let (_, page) = types.structure(page)?;
    let field = |name: &str| page.fields.iter().find(|field| field.name == name);
    let (items, next) = (field("items")?, field("next_page")?);
    let next_is_text = match &next.ty {
        TypeRef::Nullable(inner) => **inner == TypeRef::String,
        ty => *ty == TypeRef::String && next.presence != Presence::Required,
    };
    if page.fields.len() != 2 || !next_is_text || items.presence != Presence::Required {
        return None;
    }
    match types.resolved(&items.ty) {
        TypeRef::Vec(item) => Some((**item).clone()),
        _ => None,
    }
}
