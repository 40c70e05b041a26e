//! The document that progenitor generates `Client` and the structs of builders from.
//!
//! It has the operations of a plan under the names that the client uses, and no schemas: each use of a type refers to
//! a component `T1`, `T2` ... that progenitor replaces by the type. What progenitor cannot express, such as several
//! contents of a body, follows from the plan.

use std::collections::HashMap;

use openapi_contract::model::ParameterIn;
use openapi_contract::rust_names;
use serde_json::{Map, Value, json};

use crate::client_plan::{
    BodyPlan, ClientPlan, OperationPlan, ParameterPlan, PathPart, ResultType, StreamKind,
};
use crate::contract_info::ContractInfo;
use crate::types::{TypeRef, TypeSet};

const JSON: &str = "application/json";

/// Returns the document, and the components with the Rust source of the types that replace them.
///
/// Each success is the response `200`, or `101` if it is another protocol. Each error is the response `4XX`: with
/// `default`, progenitor would expect one type for both.
pub(crate) fn document(plan: &ClientPlan, info: &ContractInfo) -> (Value, Vec<(String, String)>) {
    let mut replacements = Replacements {
        types: &plan.types,
        sources: Vec::new(),
        numbers: HashMap::new(),
    };
    let mut paths: Map<String, Value> = Map::new();
    for operation in &plan.operations {
        let path = path(operation);
        let method = operation.http_method;
        // Paths that only differ in the names of parameters can have the same Rust names.
        let is_taken = |path: &str| {
            paths
                .get(path)
                .is_some_and(|item| item.get(method).is_some())
        };
        let numbered = |number| format!("{path}#{}", number + 1);
        let path = crate::identifiers::first_unused(&path, numbered, is_taken);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method] = self::operation(operation, &mut replacements);
    }
    let sources = replacements.sources;
    let components: Map<String, Value> = (1..=sources.len())
        .map(|number| (component(number), json!({})))
        .collect();
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": info.title, "version": info.version, "description": info.description },
        "paths": paths,
        "components": { "schemas": components },
    });
    let sources = sources.into_iter().enumerate();
    let replacements = sources.map(|(at, source)| (component(at + 1), replacement(source)));
    (document, replacements.collect())
}

/// The types that replace components.
struct Replacements<'p> {
    types: &'p TypeSet,
    /// The sources of the components, by number.
    sources: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Replacements<'_> {
    /// A reference to the component that a type replaces.
    fn of(&mut self, ty: &TypeRef) -> Value {
        let source = self.types.source(ty, "types::");
        self.of_source(source)
    }

    fn of_source(&mut self, source: String) -> Value {
        let next = self.numbers.len();
        let at = *self.numbers.entry(source.clone()).or_insert_with(|| {
            self.sources.push(source);
            next
        });
        json!({ "$ref": format!("#/components/schemas/{}", component(at + 1)) })
    }
}

fn component(number: usize) -> String {
    format!("T{number}")
}

/// The source of a type as a path, because typify replaces components by paths alone.
pub(crate) fn replacement(source: String) -> String {
    if syn::parse_str::<syn::TypePath>(&source).is_ok() {
        return source;
    }
    // The owned form of tuples and arrays is their own type.
    format!("<{source} as ::std::borrow::ToOwned>::Owned")
}

/// The path in documentation. Braces that are not those of a parameter are percent-encoded.
fn path(operation: &OperationPlan) -> String {
    let parts = operation.path_parts();
    let parts = parts.iter().map(|part| match part {
        PathPart::Literal(literal) => literal.replace('{', "%7B").replace('}', "%7D"),
        PathPart::Parameter(name) => {
            let mut parameters = operation.parameters.iter();
            let is_it =
                |one: &&ParameterPlan| one.location == ParameterIn::Path && one.name == *name;
            let name = parameters.find(is_it).map_or(*name, path_name);
            format!("{{{name}}}")
        }
    });
    parts.collect()
}

/// The name of a path parameter: the one of the contract, if its setter is named after it.
fn path_name(parameter: &ParameterPlan) -> &str {
    let is_kept = rust_names::setter_name(&parameter.name) == parameter.setter
        && !parameter.name.contains(['/', '{']);
    match is_kept {
        true => &parameter.name,
        false => &parameter.setter,
    }
}

fn operation(plan: &OperationPlan, replacements: &mut Replacements<'_>) -> Value {
    let parameters = plan.parameters.iter();
    let parameters: Vec<Value> = parameters
        .map(|parameter| self::parameter(parameter, replacements))
        .collect();
    let mut operation = json!({ "operationId": plan.id, "parameters": parameters });
    for (key, text) in [
        ("summary", &plan.summary),
        ("description", &plan.description),
    ] {
        if let Some(text) = text {
            operation[key] = json!(text);
        }
    }
    if plan.deprecated {
        operation["deprecated"] = json!(true);
    }
    if let Some(body) = &plan.body {
        operation["requestBody"] = self::body(body, replacements);
    }
    let success = match plan.success {
        ResultType::Upgraded => "101",
        _ => "200",
    };
    operation["responses"] = json!({
        success: response(&plan.success, replacements),
        "4XX": response(&plan.error, replacements),
    });
    operation
}

fn parameter(plan: &ParameterPlan, replacements: &mut Replacements<'_>) -> Value {
    let (name, location) = match plan.location {
        ParameterIn::Path => (path_name(plan), "path"),
        ParameterIn::Query => (plan.setter.as_str(), "query"),
        // progenitor rejects cookies.
        ParameterIn::Header | ParameterIn::Cookie => (plan.setter.as_str(), "header"),
    };
    let mut parameter = json!({
        "name": name,
        "in": location,
        "required": plan.required,
        "schema": replacements.of(&plan.ty),
    });
    if !plan.doc.is_empty() {
        parameter["description"] = json!(plan.doc);
    }
    if plan.deprecated {
        parameter["deprecated"] = json!(true);
    }
    parameter
}

/// The preferred content of a body. If one of the contents is raw, the builder cannot be cloned.
fn body(plan: &BodyPlan, replacements: &mut Replacements<'_>) -> Value {
    let is_raw = plan.contents.iter().any(|content| content.kind.is_raw());
    let ty = plan.preferred().and_then(|content| content.ty.clone());
    let content = match ty.filter(|_| !is_raw) {
        Some(ty) => {
            // progenitor requires bodies.
            let ty = match plan.required {
                true => ty,
                false => TypeRef::Nullable(Box::new(ty)),
            };
            json!({ JSON: { "schema": replacements.of(&ty) } })
        }
        None => raw(),
    };
    let mut body = json!({ "required": plan.required, "content": content });
    if !plan.doc.is_empty() {
        body["description"] = json!(plan.doc);
    }
    body
}

/// The content that progenitor has bytes for.
fn raw() -> Value {
    json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } })
}

fn response(result: &ResultType, replacements: &mut Replacements<'_>) -> Value {
    let schema = match result {
        ResultType::Json(ty) => replacements.of(ty),
        ResultType::OptionalJson(ty) => replacements.of(&TypeRef::Nullable(Box::new(ty.clone()))),
        ResultType::Text => replacements.of(&TypeRef::String),
        ResultType::Items(items) => {
            let name = match items.kind {
                StreamKind::Events => "EventStream",
                StreamKind::JsonLines => "JsonLines",
            };
            let item = replacements.types.source(&items.ty, "types::");
            replacements.of_source(format!("openapi_client_runtime::{name}<{item}>"))
        }
        ResultType::Bytes => return json!({ "description": "", "content": raw() }),
        ResultType::Empty | ResultType::Upgraded => return json!({ "description": "" }),
    };
    json!({ "description": "", "content": { JSON: { "schema": schema } } })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;
    use quote::ToTokens;
    use syn::{ImplItem, Item};

    use super::super::generate;
    use super::replacement;
    use crate::client_plan::ClientPlan;
    use crate::contract_info::ContractInfo;

    /// The code of progenitor for the document of a contract.
    fn generated(yaml: &str) -> (ClientPlan, syn::File) {
        generated_from(Document::parse("contract.yaml", yaml).unwrap())
    }

    fn generated_from(parsed: Document) -> (ClientPlan, syn::File) {
        let plan = ClientPlan::read(&Contract::read(parsed).unwrap()).unwrap();
        let info = ContractInfo {
            title: "Awkward".to_owned(),
            version: "1.0.0".to_owned(),
            description: None,
            license: None,
        };
        let tokens = generate(&plan, &info, None).unwrap();
        (plan, syn::parse2(tokens).unwrap())
    }

    fn items<'f>(file: &'f syn::File, module: &str) -> &'f [Item] {
        let mut items = file.items.iter();
        let found = items.find_map(|item| match item {
            Item::Mod(found) if found.ident == module => found.content.as_ref(),
            _ => None,
        });
        &found.unwrap().1
    }

    /// The fields of a builder, without spaces in their types.
    fn fields(file: &syn::File, builder: &str) -> BTreeMap<String, String> {
        let mut items = items(file, "builder").iter();
        let found = items.find_map(|item| match item {
            Item::Struct(found) if found.ident == builder => Some(found),
            _ => None,
        });
        let fields = found.unwrap().fields.iter();
        let fields = fields.map(|field| {
            let ty = field.ty.to_token_stream().to_string().replace(' ', "");
            (field.ident.as_ref().unwrap().to_string(), ty)
        });
        fields.collect()
    }

    /// What the method `send` of a builder returns, without spaces.
    fn returned(file: &syn::File, builder: &str) -> String {
        let mut methods = items(file, "builder").iter().filter_map(|item| match item {
            Item::Impl(block) => Some(block),
            _ => None,
        });
        let is_it = |block: &&syn::ItemImpl| {
            let ty = block.self_ty.to_token_stream().to_string();
            ty.split_whitespace().next() == Some(builder)
        };
        let block = methods.find(is_it).unwrap();
        let send = block.items.iter().find_map(|item| match item {
            ImplItem::Fn(method) if method.sig.ident == "send" => Some(&method.sig.output),
            _ => None,
        });
        send.unwrap().to_token_stream().to_string().replace(' ', "")
    }

    const AWKWARD: &str = r#"
openapi: 3.1.0
info: { title: Awkward, version: 1.0.0 }
paths:
  /a/{user-id}/{a/b}/x}y//{self}:
    parameters:
      - { name: user-id, in: path, required: true, schema: { type: string, format: uuid } }
      - { name: a/b, in: path, required: true, schema: { type: integer, format: int32 } }
      - { name: self, in: path, required: true, schema: { type: string } }
    post:
      operationId: 2 fast
      summary: Goes fast.
      description: Very fast.
      parameters:
        - { name: type, in: query, required: true, description: A type., schema: { $ref: '#/components/schemas/odd name' } }
        - { name: user_id, in: query, schema: { type: array, items: { type: boolean } } }
        - { name: send, in: header, schema: { type: string } }
        - { name: body, in: cookie, schema: { type: integer } }
        - { name: pair, in: query, explode: false, required: true, schema: { type: array, prefixItems: [{ type: string }, { type: integer }], minItems: 2, maxItems: 2 } }
      requestBody:
        content:
          application/json: { schema: { $ref: '#/components/schemas/odd name' } }
      responses:
        '200': { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/odd name' } } } } }
        '204': { description: '' }
        default: { description: '', content: { text/plain: { schema: { type: string } } } }
  /raw:
    put:
      operationId: raw
      requestBody:
        required: true
        content:
          application/octet-stream: {}
      responses:
        '200': { description: '', content: { text/event-stream: { schema: { $ref: '#/components/schemas/odd name' } } } }
        '404': { description: '' }
    get:
      operationId: bytes
      responses:
        '200': { description: '', content: { image/png: {} } }
        '400': { description: '', content: { application/json: { schema: { type: string } } } }
  /same/{a-b}:
    get:
      operationId: same one
      parameters: [{ name: a-b, in: path, required: true, schema: { type: string } }]
      responses: { '101': { description: '' } }
  /same/{a_b}:
    get:
      operationId: same two
      parameters: [{ name: a_b, in: path, required: true, schema: { type: string } }]
      responses: { '204': { description: '' } }
components:
  schemas:
    odd name: { type: object, required: [x], properties: { x: { type: string } } }
"#;

    #[test]
    fn builders_have_the_types_and_setters_of_the_plan() {
        let (plan, file) = generated(AWKWARD);
        for operation in &plan.operations {
            let fields = fields(&file, &operation.builder());
            let parameters = operation.parameters.iter();
            let mut expected: BTreeMap<String, String> = parameters
                .map(|parameter| {
                    let ty = replacement(plan.types.source(&parameter.ty, "types::"));
                    let ty = match parameter.required {
                        true => format!("Result<{ty},String>"),
                        false => format!("Result<Option<{ty}>,String>"),
                    };
                    (parameter.setter.clone(), ty.replace(' ', ""))
                })
                .collect();
            let client = fields.iter().find(|(_, ty)| ty.starts_with('&')).unwrap();
            expected.insert(client.0.clone(), "&'asuper::Client".to_owned());
            if let Some(body) = fields.get("body") {
                assert!(operation.body.is_some());
                expected.insert("body".to_owned(), body.clone());
            }
            assert_eq!(fields, expected, "{}", operation.id);
        }
        let fields = fields(&file, "_2Fast");
        for (field, ty) in [
            ("user_id", "Result<::uuid::Uuid,String>"),
            ("a_b", "Result<i32,String>"),
            ("self_", "Result<String,String>"),
            ("type_", "Result<types::OddName,String>"),
            ("user_id_query", "Result<Option<Vec<bool>>,String>"),
            ("send_header", "Result<Option<String>,String>"),
            ("body_cookie", "Result<Option<i64>,String>"),
            ("body", "Result<Option<types::OddName>,String>"),
        ] {
            assert_eq!(fields.get(field).map(String::as_str), Some(ty), "{field}");
        }
        assert!(fields["pair"].contains("(String,i64"), "{}", fields["pair"]);
    }

    #[test]
    fn all_contracts_of_the_workspace_have_the_builders_of_their_plan() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let directory = std::fs::read_dir(root.join("tests/contracts")).unwrap();
        let paths = directory.map(|entry| entry.unwrap().path());
        let mut paths: Vec<_> = paths
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "yaml")
            })
            .collect();
        assert!(!paths.is_empty());
        paths.push(root.join("openapi/media.yaml"));
        for path in paths {
            let name = path.to_string_lossy().into_owned();
            let (plan, file) = generated_from(Document::load(&path, &name).unwrap());
            for operation in &plan.operations {
                let fields = fields(&file, &operation.builder());
                for parameter in &operation.parameters {
                    let field = fields.get(&parameter.setter);
                    assert!(
                        field.is_some(),
                        "{name}: {} {}",
                        operation.id,
                        parameter.name
                    );
                }
                let parts = operation.parameters.len() + usize::from(operation.body.is_some());
                assert_eq!(fields.len(), parts + 1, "{name}: {}", operation.id);
            }
        }
    }

    #[test]
    fn methods_return_the_types_of_the_plan() {
        let (_, file) = generated(AWKWARD);
        for (builder, ty) in [
            (
                "_2Fast",
                "->Result<ResponseValue<Option<Vec<types::OddName>>>,Error<String>,>",
            ),
            (
                "Raw",
                "->Result<ResponseValue<openapi_client_runtime::EventStream<types::OddName>>,Error<()>,>",
            ),
            (
                "Bytes",
                "->Result<ResponseValue<ByteStream>,Error<String>,>",
            ),
            (
                "SameOne",
                "->Result<ResponseValue<reqwest::Upgraded>,Error<()>,>",
            ),
            ("SameTwo", "->Result<ResponseValue<()>,Error<()>,>"),
        ] {
            assert_eq!(returned(&file, builder), ty, "{builder}");
        }
        let (_, raw) = generated(AWKWARD);
        assert_eq!(fields(&raw, "Raw")["body"], "Result<reqwest::Body,String>");
    }

    #[test]
    fn clients_are_documented() {
        let (_, file) = generated(AWKWARD);
        let text = file.to_token_stream().to_string();
        for part in [
            "Goes fast",
            "Very fast.",
            "Sends a `POST` request to `/a/{user-id}/{a_b}/x%7Dy/{self}`",
            "- `type_`: A type.",
        ] {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn types_that_are_no_paths_are_replaced_by_their_own_type() {
        for (source, expected) in [
            ("Vec<types::A>", "Vec<types::A>"),
            ("[u8; 2]", "<[u8; 2] as ::std::borrow::ToOwned>::Owned"),
            (
                "(String, )",
                "<(String, ) as ::std::borrow::ToOwned>::Owned",
            ),
            ("()", "<() as ::std::borrow::ToOwned>::Owned"),
        ] {
            assert_eq!(replacement(source.to_owned()), expected);
        }
    }
}
