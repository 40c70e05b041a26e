//! The module `headers`: typed response headers.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal};
use serde_json::Value;

use super::lookup::{description, format_of, operation, resolve, type_of};
use super::{ExtensionInput, ExtensionModule, OperationPart, Snippet, template};
use crate::client_ir::Operation;
use crate::doc_comments::comment;
use crate::identifiers;

/// The imports of the module.
const IMPORTS: &str = "use openapi_client_runtime::headers::{Header, parsed};
pub use openapi_client_runtime::headers::{HeaderError, HeaderProblem};
use reqwest::header::HeaderMap;
";

const IMPORT_TIMES: &str = "use openapi_client_runtime::headers::date_time;
";

/// A declared response header.
#[derive(Debug, Clone, PartialEq)]
struct ResponseHeader {
    name: String,
    field: Ident,
    required: bool,
    kind: HeaderType,
    doc: String,
}

/// The type of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct HeaderType {
    one: ValueType,
    is_list: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueType {
    Text,
    Boolean,
    Integer(&'static str),
    Number(&'static str),
    DateTime,
    Date,
    Uuid,
}

/// Responses of an operation that declare the same headers.
struct HeaderGroup {
    statuses: Vec<String>,
    headers: Vec<ResponseHeader>,
}

/// Generates the module if a response declares a header.
pub(super) fn module(input: &ExtensionInput<'_>) -> Option<ExtensionModule> {
    let mut parts = Vec::new();
    let mut has_times = false;
    for known in input.operations {
        let Some(found) = operation(input.document, known) else {
            continue;
        };
        let groups = groups(input.document, found);
        has_times |= groups
            .iter()
            .flat_map(|group| &group.headers)
            .any(|header| header.kind.one == ValueType::DateTime);
        if !groups.is_empty() {
            parts.push(OperationPart {
                builder: known.builder.clone(),
                code: Snippet::Text(structs(known, &groups).into()),
            });
        }
    }
    if parts.is_empty() {
        return None;
    }
    let mut head = vec![template(IMPORTS)];
    if has_times {
        head.push(template(IMPORT_TIMES));
    }
    let doc = "Typed response headers.";
    Some(ExtensionModule {
        parts,
        ..ExtensionModule::new("headers", doc, head)
    })
}

fn groups(document: &Value, operation: &Value) -> Vec<HeaderGroup> {
    let mut groups: Vec<HeaderGroup> = Vec::new();
    let responses = operation.get("responses").and_then(Value::as_object);
    for (status, response) in responses.into_iter().flatten() {
        let headers = headers(document, resolve(document, response));
        if headers.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|group| group.headers == headers) {
            Some(group) => group.statuses.push(status.clone()),
            None => groups.push(HeaderGroup {
                statuses: vec![status.clone()],
                headers,
            }),
        }
    }
    groups
}

fn headers(document: &Value, response: &Value) -> Vec<ResponseHeader> {
    let mut fields = BTreeSet::new();
    let declared = response.get("headers").and_then(Value::as_object);
    let declared = declared.into_iter().flatten();
    declared
        // OpenAPI ignores a header with this name.
        .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
        .map(|(name, header)| {
            let header = resolve(document, header);
            ResponseHeader {
                name: name.clone(),
                field: identifiers::unused(identifiers::snake(name), &mut fields),
                required: header.get("required").and_then(Value::as_bool) == Some(true),
                kind: kind(document, header.get("schema").unwrap_or(&Value::Null)),
                doc: description(header, &format!("The response header `{name}`.")),
            }
        })
        .collect()
}

/// Returns the type of a header. Schemas without a single scalar type are strings.
fn kind(document: &Value, schema: &Value) -> HeaderType {
    let schema = only_part(document, schema);
    if type_of(schema) == Some("array") {
        let items = schema.get("items").unwrap_or(&Value::Null);
        return HeaderType {
            one: one(only_part(document, items)),
            is_list: true,
        };
    }
    HeaderType {
        one: one(schema),
        is_list: false,
    }
}

/// Resolves references, and an `allOf` with a single member.
fn only_part<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = resolve(document, schema);
    match schema
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        Some([part]) if type_of(schema).is_none() => resolve(document, part),
        _ => schema,
    }
}

fn one(schema: &Value) -> ValueType {
    match (type_of(schema), format_of(schema)) {
        (Some("boolean"), _) => ValueType::Boolean,
        (Some("integer"), "int32") => ValueType::Integer("i32"),
        (Some("integer"), "uint32") => ValueType::Integer("u32"),
        (Some("integer"), "uint64") => ValueType::Integer("u64"),
        (Some("integer"), _) => ValueType::Integer("i64"),
        (Some("number"), "float") => ValueType::Number("f32"),
        (Some("number"), _) => ValueType::Number("f64"),
        (Some("string"), "date-time") => ValueType::DateTime,
        (Some("string"), "date") => ValueType::Date,
        (Some("string"), "uuid") => ValueType::Uuid,
        _ => ValueType::Text,
    }
}

impl ValueType {
    fn ty(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Boolean => "bool",
            Self::Integer(name) | Self::Number(name) => name,
            Self::DateTime => "::chrono::DateTime<::chrono::Utc>",
            Self::Date => "::chrono::NaiveDate",
            Self::Uuid => "::uuid::Uuid",
        }
    }

    /// Returns the description of the expected value for error messages.
    fn expected(self, is_list: bool) -> &'static str {
        match (self, is_list) {
            (Self::Text, false) => "a string",
            (Self::Text, true) => "a list of strings",
            (Self::Boolean, false) => "`true` or `false`",
            (Self::Boolean, true) => "a list of booleans",
            (Self::Integer("i64" | "u64"), false) => "a 64-bit integer",
            (Self::Integer("i64" | "u64"), true) => "a list of 64-bit integers",
            (Self::Integer(_), false) => "a 32-bit integer",
            (Self::Integer(_), true) => "a list of 32-bit integers",
            (Self::Number(_), false) => "a number",
            (Self::Number(_), true) => "a list of numbers",
            (Self::DateTime, false) => "an RFC 3339 timestamp",
            (Self::DateTime, true) => "a list of RFC 3339 timestamps",
            (Self::Date, false) => "a date",
            (Self::Date, true) => "a list of dates",
            (Self::Uuid, false) => "a UUID",
            (Self::Uuid, true) => "a list of UUIDs",
        }
    }
}

/// Generates a struct for each group. If there are several groups, each struct is named after its first
/// status, with aliases for the other statuses.
fn structs(operation: &Operation, groups: &[HeaderGroup]) -> String {
    let builder = &operation.builder;
    let mut code = String::new();
    for group in groups {
        let named =
            |status: &str| format!("{builder}Headers{}", identifiers::pascal_suffix(status));
        let (name, aliases) = match (groups, group.statuses.as_slice()) {
            ([_], _) | (_, []) => (format!("{builder}Headers"), Vec::new()),
            (_, [first, others @ ..]) => (
                named(first),
                others.iter().map(|status| named(status)).collect(),
            ),
        };
        if !code.is_empty() {
            code.push('\n');
        }
        code.push_str(&of_group(operation, group, &name));
        for alias in aliases {
            let doc = comment(&format!("The same headers as [`{name}`]."), "");
            code.push_str(&format!("\n{doc}pub type {alias} = {name};\n"));
        }
    }
    code
}

fn of_group(operation: &Operation, group: &HeaderGroup, name: &str) -> String {
    let doc = format!(
        "Response headers of `{}` with status {}.",
        operation.plan.id,
        group.statuses.join(", ")
    );
    let doc = comment(&doc, "");
    let fields: String = group.headers.iter().map(field).collect();
    let values: String = group.headers.iter().map(value).collect();
    format!(
        "{doc}#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct {name} {{
{fields}}}

impl {name} {{
    /// Parses the headers of a response.
    pub fn read(headers: &HeaderMap) -> Result<Self, HeaderError> {{
        Ok(Self {{
{values}        }})
    }}
}}

impl TryFrom<&HeaderMap> for {name} {{
    type Error = HeaderError;

    fn try_from(headers: &HeaderMap) -> Result<Self, HeaderError> {{
        Self::read(headers)
    }}
}}
"
    )
}

fn field(header: &ResponseHeader) -> String {
    let ResponseHeader { field, kind, .. } = header;
    let one = kind.one.ty();
    let list = if kind.is_list {
        format!("Vec<{one}>")
    } else {
        one.to_owned()
    };
    let ty = if header.required {
        list
    } else {
        format!("Option<{list}>")
    };
    let doc = comment(&header.doc, "    ");
    format!("{doc}    pub {field}: {ty},\n")
}

/// Generates the expression that parses a header.
fn value(header: &ResponseHeader) -> String {
    let ResponseHeader { field, kind, .. } = header;
    // `HeaderMap` ignores the case of names.
    let name = Literal::string(&header.name);
    let expected = Literal::string(kind.one.expected(kind.is_list));
    let read = match kind.one {
        ValueType::DateTime => "date_time".to_owned(),
        _ => format!("parsed::<{}>", kind.one.ty()),
    };
    let method = match (header.required, kind.is_list) {
        (true, false) => "required",
        (false, false) => "optional",
        (true, true) => "required_list",
        (false, true) => "optional_list",
    };
    let start = format!("            {field}: Header::new({name}, {expected}, {read})");
    format!("{start}\n                .{method}(headers)?,\n")
}
