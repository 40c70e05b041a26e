//! The module `headers`: typed response headers.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal};

use super::{ExtensionInput, ExtensionModule, OperationPart, Snippet, described, template};
use crate::client_plan::{HeaderPlan, OperationPlan};
use crate::doc_comments::comment;
use crate::identifiers;
use crate::types::{Integer, TypeRef, TypeSet};

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
    /// The type of a value.
    one: TypeRef,
    is_list: bool,
    doc: String,
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
        let groups = groups(&known.plan);
        has_times |= groups
            .iter()
            .flat_map(|group| &group.headers)
            .any(|header| header.one == TypeRef::DateTime);
        if !groups.is_empty() {
            parts.push(OperationPart {
                builder: known.builder.clone(),
                code: Snippet::Text(structs(&input.plan.types, &known.plan, &groups).into()),
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

/// Returns the statuses whose responses have headers. Those with the same headers are one group.
fn groups(plan: &OperationPlan) -> Vec<HeaderGroup> {
    let mut groups: Vec<HeaderGroup> = Vec::new();
    for response in &plan.response_headers {
        let headers = headers(&response.headers);
        let status = response.status.to_string();
        match groups.iter_mut().find(|group| group.headers == headers) {
            Some(group) => group.statuses.push(status),
            None => groups.push(HeaderGroup {
                statuses: vec![status],
                headers,
            }),
        }
    }
    groups
}

fn headers(plans: &[HeaderPlan]) -> Vec<ResponseHeader> {
    let mut fields = BTreeSet::new();
    let headers = plans.iter().map(|plan| {
        let name = &plan.name;
        let (one, is_list) = match &plan.ty {
            TypeRef::Vec(one) => (&**one, true),
            one => (one, false),
        };
        let mut doc = described(&plan.doc, || format!("The response header `{name}`."));
        if plan.deprecated {
            doc.push_str("\n\nDeprecated.");
        }
        ResponseHeader {
            name: name.clone(),
            field: identifiers::unused(identifiers::snake(name), &mut fields),
            required: plan.required,
            one: one.clone(),
            is_list,
            doc,
        }
    });
    headers.collect()
}

/// Returns the description of the expected value for error messages.
fn expected(one: &TypeRef, is_list: bool) -> &'static str {
    let (value, list) = match one {
        TypeRef::Bool => ("`true` or `false`", "a list of booleans"),
        TypeRef::Integer(Integer::I64 | Integer::U64) => {
            ("a 64-bit integer", "a list of 64-bit integers")
        }
        TypeRef::Integer(Integer::I32 | Integer::U32) => {
            ("a 32-bit integer", "a list of 32-bit integers")
        }
        TypeRef::Integer(_) => ("an integer", "a list of integers"),
        TypeRef::Float => ("a number", "a list of numbers"),
        TypeRef::DateTime => ("an RFC 3339 timestamp", "a list of RFC 3339 timestamps"),
        TypeRef::Date => ("a date", "a list of dates"),
        TypeRef::Uuid => ("a UUID", "a list of UUIDs"),
        _ => ("a string", "a list of strings"),
    };
    match is_list {
        true => list,
        false => value,
    }
}

/// Generates a struct for each group. If there are several groups, each struct is named after its first
/// status, with aliases for the other statuses.
fn structs(types: &TypeSet, operation: &OperationPlan, groups: &[HeaderGroup]) -> String {
    let builder = operation.builder();
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
        code.push_str(&of_group(types, operation, group, &name));
        for alias in aliases {
            let doc = comment(&format!("The same headers as [`{name}`]."), "");
            code.push_str(&format!("\n{doc}pub type {alias} = {name};\n"));
        }
    }
    code
}

fn of_group(types: &TypeSet, operation: &OperationPlan, group: &HeaderGroup, name: &str) -> String {
    let doc = format!(
        "Response headers of `{}` with status {}.",
        operation.id,
        group.statuses.join(", ")
    );
    let doc = comment(&doc, "");
    let headers = group.headers.iter();
    let fields: String = headers.clone().map(|header| field(types, header)).collect();
    let values: String = headers.map(|header| value(types, header)).collect();
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

fn field(types: &TypeSet, header: &ResponseHeader) -> String {
    let field = &header.field;
    let mut ty = types.source(&header.one, "types::");
    if header.is_list {
        ty = format!("Vec<{ty}>");
    }
    if !header.required {
        ty = format!("Option<{ty}>");
    }
    let doc = comment(&header.doc, "    ");
    format!("{doc}    pub {field}: {ty},\n")
}

/// Generates the expression that parses a header.
fn value(types: &TypeSet, header: &ResponseHeader) -> String {
    let field = &header.field;
    // `HeaderMap` ignores the case of names.
    let name = Literal::string(&header.name);
    let expected = Literal::string(expected(&header.one, header.is_list));
    let read = match header.one {
        TypeRef::DateTime => "date_time".to_owned(),
        _ => format!("parsed::<{}>", types.source(&header.one, "types::")),
    };
    let method = match (header.required, header.is_list) {
        (true, false) => "required",
        (false, false) => "optional",
        (true, true) => "required_list",
        (false, true) => "optional_list",
    };
    let start = format!("            {field}: Header::new({name}, {expected}, {read})");
    format!("{start}\n                .{method}(headers)?,\n")
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;

    use super::{groups, structs};
    use crate::client_plan::ClientPlan;

    #[test]
    fn responses_with_the_same_headers_share_a_struct() {
        let contract = r#"
openapi: 3.1.0
info: { title: Headers, version: "1" }
paths:
  /a:
    get:
      operationId: getA
      responses:
        "200":
          description: ""
          headers:
            X-Sizes: { required: true, schema: { type: array, items: { type: integer, format: int32 } } }
            X-Made: { description: When it was made., deprecated: true, schema: { type: string, format: date-time } }
        "201": { description: "", headers: { X-Id: { schema: { type: string } } } }
        "202": { description: "", headers: { X-Id: { schema: { type: string } } } }
        "204": { description: "" }
"#;
        let document = Document::parse("contract.yaml", contract).unwrap();
        let plan = ClientPlan::read(&Contract::read(document).unwrap()).unwrap();
        let operation = &plan.operations[0];
        let code = structs(&plan.types, operation, &groups(operation));
        for part in [
            "/// Response headers of `getA` with status 200.\n",
            "pub struct GetAHeaders200 {\n    /// The response header `X-Sizes`.\n    pub x_sizes: Vec<i32>,\n",
            "    /// When it was made.\n    ///\n    /// Deprecated.\n    pub x_made: Option<::chrono::DateTime<::chrono::Utc>>,\n",
            "Header::new(\"X-Sizes\", \"a list of 32-bit integers\", parsed::<i32>)\n                .required_list(headers)?",
            "Header::new(\"X-Made\", \"an RFC 3339 timestamp\", date_time)\n                .optional(headers)?",
            "/// Response headers of `getA` with status 201, 202.\n",
            "pub struct GetAHeaders201 {",
            "\npub type GetAHeaders202 = GetAHeaders201;\n",
        ] {
            assert!(code.contains(part), "{part}\n{code}");
        }
        assert!(!code.contains("204"), "{code}");
    }
}
