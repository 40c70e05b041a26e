//! The extension `x-pagination` of an operation.

use openapi_contract::document::{Document, JsonPointer, NodeId};
use openapi_contract::model::{Contract, Operation, ParameterIn};
use serde_json::{Map, Value};

use super::data::{BodyPlan, PageStep, Pagination, PaginationStyle, ParameterPlan, ResultType};
use super::findings::{Findings, Loss};
use crate::error::GenerateError;
use crate::pagination_keys::{self, KEY};
use crate::rules;

/// What the pagination of an operation refers to.
pub(super) struct Paged<'a> {
    pub(super) contract: &'a Contract,
    pub(super) operation: &'a Operation,
    pub(super) http_method: &'static str,
    pub(super) parameters: &'a [ParameterPlan],
    pub(super) body: Option<&'a BodyPlan>,
    pub(super) success: &'a ResultType,
}

/// Reads the pagination of an operation, if it declares one.
///
/// # Errors
/// If it has the form of this generator, but is invalid.
pub(super) fn read(
    paged: &Paged<'_>,
    findings: &mut Findings<'_>,
) -> Result<Option<Pagination>, GenerateError> {
    let document = &paged.contract.document;
    let Some(node) = document.get(paged.operation.node, KEY) else {
        return Ok(None);
    };
    let value = document.to_json(node);
    if !pagination_keys::is_own_form(&value) {
        let fact = "`x-pagination` does not have the form of this generator; it is ignored";
        findings.exact(rules::FOREIGN_EXTENSION, node, fact);
        return Ok(None);
    }
    let Value::Object(members) = value else {
        return Ok(None);
    };
    let extension = Extension {
        paged,
        document,
        node,
        members,
    };
    match extension.pagination() {
        // What it refers to may be there, but is not readable.
        Err(error) if has_invalid_parts(paged) => {
            let loss = Loss::new(
                format!("`x-pagination` does not fit the valid parts of the operation: {error}"),
                "The client has no streams of the pages and items of this operation.",
                "Correct the invalid parts of the operation.",
            );
            findings.weakened(rules::MALFORMED, node, loss);
            Ok(None)
        }
        pagination => pagination.map(Some),
    }
}

/// Whether parts of the operation, or of its path, are invalid.
fn has_invalid_parts(paged: &Paged<'_>) -> bool {
    let document = &paged.contract.document;
    let path = document.pointer(paged.operation.path_node);
    let mut problems = paged.contract.invalid_parts.iter();
    problems.any(|problem| document.pointer(problem.node).starts_with(&path))
}

/// An `x-pagination` object and its operation.
struct Extension<'a> {
    paged: &'a Paged<'a>,
    document: &'a Document,
    node: NodeId,
    members: Map<String, Value>,
}

impl Extension<'_> {
    fn pagination(&self) -> Result<Pagination, GenerateError> {
        let name = self.text("style")?.unwrap_or_default();
        let style = match name {
            "offset" => self.counted(PageStep::Items, 0, "total")?,
            "page" => self.counted(PageStep::Page, self.first()?, "pages")?,
            "cursor" => PaginationStyle::Cursor {
                parameter: self.needed("parameter", self.parameter("parameter")?)?,
                next: self.needed("next", self.pointer("next")?)?,
                more: self.pointer("more")?,
            },
            "link" => PaginationStyle::Link,
            _ => {
                let message = "expected one of `offset`, `page`, `cursor`, `link`";
                return Err(self.wrong("style", message));
            }
        };
        let own = pagination_keys::of_style(name).unwrap_or_default();
        let all = || pagination_keys::COMMON.iter().chain(own);
        if let Some(unknown) = self.members.keys().find(|key| !all().any(|one| one == key)) {
            let all: Vec<&str> = all().copied().collect();
            let message = format!("unknown key; the keys of this style are {}", all.join(", "));
            return Err(self.wrong(unknown, &message));
        }
        let items = self.needed("items", self.pointer("items")?)?;
        if !matches!(
            self.paged.success,
            ResultType::Json(_) | ResultType::OptionalJson(_)
        ) {
            return Err(self.wrong_at(
                &[],
                "the operation has no success response with a JSON body",
            ));
        }
        // Each request needs a copy of the builder.
        let contents = self.paged.body.iter().flat_map(|body| &body.contents);
        if contents.into_iter().any(|content| content.kind.is_raw()) {
            return Err(self.wrong_at(
                &[],
                "the request body is a stream, which can be sent only once",
            ));
        }
        Ok(Pagination { style, items })
    }

    fn counted(
        &self,
        step: PageStep,
        first: u64,
        total: &str,
    ) -> Result<PaginationStyle, GenerateError> {
        let parameter = self.needed("parameter", self.parameter("parameter")?)?;
        let limit = self.parameter("limit")?;
        Ok(PaginationStyle::Counted {
            step,
            parameter,
            first: self.default_of(parameter).unwrap_or(first),
            limit: limit.map(|limit| (limit, self.default_of(limit))),
            size: self.pointer("size")?,
            total: self.pointer(total)?,
            more: self.pointer("more")?,
        })
    }

    fn wrong(&self, key: &str, message: &str) -> GenerateError {
        self.wrong_at(&[key], message)
    }

    fn wrong_at(&self, keys: &[&str], message: &str) -> GenerateError {
        let (path, method) = (&self.paged.operation.template, self.paged.http_method);
        let tokens: [&str; 4] = ["paths", path, method, KEY];
        let pointer: JsonPointer = tokens.iter().chain(keys).collect();
        let mut node = self.node;
        if let Some(value) = keys.first().and_then(|key| self.document.get(node, key)) {
            node = value;
        }
        GenerateError::Malformed {
            pointer,
            location: Some(Box::new(openapi_contract::Location::new(
                self.document,
                node,
                None,
            ))),
            message: message.to_owned(),
        }
    }

    fn needed<T>(&self, key: &str, value: Option<T>) -> Result<T, GenerateError> {
        value.ok_or_else(|| self.wrong(key, "this style requires the key"))
    }

    fn text(&self, key: &str) -> Result<Option<&str>, GenerateError> {
        match self.members.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(key, "expected a string")),
        }
    }

    fn pointer(&self, key: &str) -> Result<Option<String>, GenerateError> {
        match self.text(key)? {
            Some(text) if !text.is_empty() && !text.starts_with('/') => Err(self.wrong(
                key,
                "expected a JSON pointer into the response body, such as `/data/items`",
            )),
            found => Ok(found.map(str::to_owned)),
        }
    }

    /// The number of the first page if the parameter has no default.
    fn first(&self) -> Result<u64, GenerateError> {
        match self.members.get("first") {
            None => Ok(1),
            Some(first) => first
                .as_u64()
                .ok_or_else(|| self.wrong("first", "expected a non-negative integer")),
        }
    }

    /// A query parameter of the operation.
    fn parameter(&self, key: &str) -> Result<Option<usize>, GenerateError> {
        let Some(name) = self.text(key)? else {
            return Ok(None);
        };
        let in_query = |plan: &ParameterPlan| plan.location == ParameterIn::Query;
        let mut parameters = self.paged.parameters.iter();
        if let Some(at) = parameters.position(|plan| in_query(plan) && plan.name == name) {
            return Ok(Some(at));
        }
        let parameters = self.paged.parameters.iter();
        let names: Vec<String> = parameters
            .filter(|plan| in_query(plan))
            .map(|plan| format!("`{}`", plan.name))
            .collect();
        let names = match names.is_empty() {
            true => "none".to_owned(),
            false => names.join(", "),
        };
        let message =
            format!("the operation has no query parameter `{name}`; its query parameters: {names}");
        Err(self.wrong(key, &message))
    }

    /// The default of a parameter in the contract.
    fn default_of(&self, parameter: usize) -> Option<u64> {
        let schema = self.paged.parameters.get(parameter)?.schema;
        let schema = self.paged.contract.schemas.get(schema);
        schema.annotations().default.as_ref()?.as_u64()
    }
}
