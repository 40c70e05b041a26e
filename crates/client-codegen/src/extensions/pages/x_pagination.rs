//! Parses and checks the extension `x-pagination` of an operation.

use serde_json::{Map, Value};

use openapi_contract::model::ParameterIn;

use crate::client_ir::{Operation, Parameter};
use crate::error::GenerateError;
use crate::extensions::lookup::{operation, pointer, resolve};
use crate::pagination_keys;

pub(super) use crate::pagination_keys::KEY;

/// The pagination of an operation.
pub(super) struct Pagination<'a> {
    pub(super) style: PaginationStyle<'a>,
    /// JSON pointer to the items in the response body.
    pub(super) items: String,
}

/// How the next page is selected.
pub(super) enum PaginationStyle<'a> {
    /// By an increasing number in a query parameter.
    Counted {
        step: PageStep,
        parameter: &'a Parameter,
        /// The default number of the first page.
        first: u64,
        /// The parameter with the maximum number of items per page, and its default.
        limit: Option<(&'a Parameter, Option<u64>)>,
        /// JSON pointer to the page size.
        size: Option<String>,
        /// JSON pointer to the total number of items or pages.
        total: Option<String>,
        /// JSON pointer to whether there is another page.
        more: Option<String>,
    },
    /// By a cursor from the response body, sent in a query parameter.
    Cursor {
        parameter: &'a Parameter,
        next: String,
        more: Option<String>,
    },
    /// By the URL in the `Link` header.
    Link,
}

/// The increment of the number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PageStep {
    /// The number of items on the page.
    Items,
    /// One.
    Page,
}

/// An `x-pagination` object and its operation.
struct PaginationExtension<'a> {
    document: &'a Value,
    known: &'a Operation,
    found: &'a Value,
    members: &'a Map<String, Value>,
}

/// Parses the pagination of an operation, if it declares one.
pub(super) fn read<'a>(
    document: &'a Value,
    known: &'a Operation,
) -> Result<Option<Pagination<'a>>, GenerateError> {
    let Some(found) = operation(document, known) else {
        return Ok(None);
    };
    let Some(declared) = found.get(KEY) else {
        return Ok(None);
    };
    let members = declared
        .as_object()
        .ok_or_else(|| GenerateError::malformed(pointer(known, &[KEY]), "expected an object"))?;
    let declared = PaginationExtension {
        document,
        known,
        found,
        members,
    };
    declared.pagination().map(Some)
}

impl<'a> PaginationExtension<'a> {
    fn pagination(&self) -> Result<Pagination<'a>, GenerateError> {
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
                return Err(self.wrong(
                    "style",
                    "expected one of `offset`, `page`, `cursor`, `link`",
                ));
            }
        };
        let own = pagination_keys::of_style(name).unwrap_or_default();
        let all = || pagination_keys::COMMON.iter().chain(own);
        if let Some(unknown) = self.members.keys().find(|key| !all().any(|one| one == key)) {
            let all: Vec<&str> = all().copied().collect();
            let message = format!("unknown key; the keys of this style are {}", all.join(", "));
            return Err(self.wrong(unknown, &message));
        }
        Ok(Pagination {
            style,
            items: self.needed("items", self.pointer("items")?)?,
        })
    }

    fn counted(
        &self,
        step: PageStep,
        first: u64,
        total: &str,
    ) -> Result<PaginationStyle<'a>, GenerateError> {
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
        GenerateError::malformed(pointer(self.known, &[KEY, key]), message)
    }

    fn needed<T>(&self, key: &str, value: Option<T>) -> Result<T, GenerateError> {
        value.ok_or_else(|| self.wrong(key, "this style requires the key"))
    }

    fn text(&self, key: &str) -> Result<Option<&'a str>, GenerateError> {
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

    /// Returns the number of the first page if the parameter has no default.
    fn first(&self) -> Result<u64, GenerateError> {
        match self.members.get("first") {
            None => Ok(1),
            Some(first) => first
                .as_u64()
                .ok_or_else(|| self.wrong("first", "expected a non-negative integer")),
        }
    }

    /// Returns a query parameter of the operation.
    fn parameter(&self, key: &str) -> Result<Option<&'a Parameter>, GenerateError> {
        let Some(name) = self.text(key)? else {
            return Ok(None);
        };
        let in_query = |parameter: &&Parameter| parameter.location == ParameterIn::Query;
        let mut parameters = self.known.parameters.iter().filter(in_query);
        match parameters.clone().find(|parameter| parameter.name == name) {
            Some(parameter) => Ok(Some(parameter)),
            None => {
                let names: Vec<String> = parameters
                    .by_ref()
                    .map(|p| format!("`{}`", p.name))
                    .collect();
                let message = format!(
                    "the operation has no query parameter `{name}`; its query parameters: {}",
                    if names.is_empty() {
                        "none".to_owned()
                    } else {
                        names.join(", ")
                    }
                );
                Err(self.wrong(key, &message))
            }
        }
    }

    /// Returns the default of a parameter in the contract.
    fn default_of(&self, parameter: &Parameter) -> Option<u64> {
        let item = self.document.get("paths")?.get(&self.known.plan.path)?;
        let shared = resolve(self.document, item).get("parameters");
        let own = self.found.get("parameters");
        let mut all = [own, shared]
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
            .map(|one| resolve(self.document, one));
        let declared = all.find(|one| {
            one.get("in").and_then(Value::as_str) == Some("query")
                && one.get("name").and_then(Value::as_str) == Some(&parameter.name)
        })?;
        let schema = resolve(self.document, declared.get("schema")?);
        schema.get("default")?.as_u64()
    }
}
