//! Generates `schemas.rs`: the JSON Schemas of the client's types, which are compared with the contract.

use proc_macro2::Literal;

use super::groups::{TagGroup, TagGroups};
use super::type_text;
use crate::client_ir::Operation;

/// The maximum number of entries in a file. Each takes a few lines.
const ENTRIES: usize = 300;

/// Generates the modules with the schemas of all responses, parameters and request bodies. Returns paths and texts.
pub(super) fn modules(operations: &[Operation], groups: &TagGroups) -> Vec<(String, String)> {
    let entries = operations.iter().map(entries).sum::<usize>();
    if entries <= ENTRIES && groups.features().next().is_none() {
        return vec![("schemas".to_owned(), whole(operations))];
    }
    let files = deal(operations, groups);
    let mut modules = vec![("schemas/mod".to_owned(), root(&files))];
    modules.extend(
        files
            .iter()
            .map(|file| (format!("schemas/{}", file.module), part(&file.operations))),
    );
    modules
}

/// The operations of a file.
struct SchemaFile<'a> {
    module: String,
    group: &'a TagGroup,
    operations: Vec<&'a Operation>,
}

fn deal<'a>(operations: &'a [Operation], groups: &'a TagGroups) -> Vec<SchemaFile<'a>> {
    let mut files = Vec::new();
    for (at, group) in groups.all().iter().enumerate() {
        let own = operations
            .iter()
            .filter(|operation| groups.of_method(&operation.method) == at);
        let mut chunks: Vec<Vec<&Operation>> = Vec::new();
        let mut room = 0;
        for operation in own {
            let needed = entries(operation);
            match chunks.last_mut() {
                Some(chunk) if needed <= room => {
                    chunk.push(operation);
                    room -= needed;
                }
                _ => {
                    chunks.push(vec![operation]);
                    room = ENTRIES.saturating_sub(needed);
                }
            }
        }
        let is_alone = chunks.len() == 1;
        files.extend(
            chunks
                .into_iter()
                .enumerate()
                .map(|(number, operations)| SchemaFile {
                    module: match is_alone {
                        true => group.module.clone(),
                        false => format!("{}_{}", group.module, number + 1),
                    },
                    group,
                    operations,
                }),
        );
    }
    files
}

fn entries(operation: &Operation) -> usize {
    operation.responses.len() + operation.parameters.len() + operation.contents.len()
}

/// Generates the module that collects the schemas of all files.
fn root(files: &[SchemaFile<'_>]) -> String {
    let gate = |file: &SchemaFile<'_>, indentation: &str| match &file.group.feature {
        Some(feature) => format!("{indentation}#[cfg(feature = \"{feature}\")]\n"),
        None => String::new(),
    };
    let modules = files
        .iter()
        .map(|file| format!("{}mod {};\n", gate(file, ""), file.module));
    let modules: String = modules.collect();
    let functions = FUNCTIONS.map(|function| {
        let SchemaFunction {
            part,
            doc,
            name,
            entry,
            ..
        } = function;
        let extended = files.iter().map(|file| {
            let (gate, module) = (gate(file, "    "), &file.module);
            format!("{gate}    all.extend({module}::{part}());\n")
        });
        let extended: String = extended.collect();
        format!(
            "\n{doc}pub fn {name}() -> Vec<{entry}> {{\n    let mut all = Vec::new();\n{extended}    all\n}}\n"
        )
    });
    format!("{modules}\n{DECLARATIONS}{}", functions.concat())
}

/// Generates the schemas of some operations.
fn part(operations: &[&Operation]) -> String {
    let functions = FUNCTIONS.map(|function| {
        let SchemaFunction { part, entry, .. } = function;
        let all = function.list(operations.iter().copied());
        format!("\npub(super) fn {part}() -> Vec<{entry}> {{\n{all}}}\n")
    });
    format!(
        "use super::super::types;\nuse super::*;\n{}",
        functions.concat()
    )
}

/// Generates the only module of a small contract.
fn whole(operations: &[Operation]) -> String {
    let functions = FUNCTIONS.map(|function| {
        let SchemaFunction {
            doc, name, entry, ..
        } = function;
        let all = function.list(operations);
        format!("\n{doc}pub fn {name}() -> Vec<{entry}> {{\n{all}}}\n")
    });
    format!("use super::types;\n{DECLARATIONS}{}", functions.concat())
}

/// The types of the entries and the functions that all files use.
const DECLARATIONS: &str = include_str!("templates/schemas.rs");

/// A generated function that returns entries of one kind.
#[derive(Clone, Copy)]
struct SchemaFunction {
    name: &'static str,
    /// The name of the function in a file with some of the operations.
    part: &'static str,
    doc: &'static str,
    /// The type of an entry.
    entry: &'static str,
    /// Generates the entries of an operation.
    of: fn(&Operation) -> Vec<String>,
}

impl SchemaFunction {
    /// Generates the body of the function.
    fn list<'a>(&self, operations: impl IntoIterator<Item = &'a Operation>) -> String {
        let entries = operations.into_iter().flat_map(self.of);
        let entries: String = entries.map(|one| format!("        {one},\n")).collect();
        if entries.is_empty() {
            "    Vec::new()\n".to_owned()
        } else {
            format!("    Vec::from([\n{entries}    ])\n")
        }
    }
}

fn responses(operation: &Operation) -> Vec<String> {
    let id = Literal::string(&operation.plan.id);
    let responses = operation.responses.iter().map(|response| {
        let (ty, status) = (type_text::of_type(&response.ty), &response.status);
        format!("response::<{ty}>({id}, \"{status}\")")
    });
    responses.collect()
}

fn parameters(operation: &Operation) -> Vec<String> {
    let id = Literal::string(&operation.plan.id);
    let parameters = operation.parameters.iter().map(|parameter| {
        let (ty, location) = (
            type_text::of_type(&parameter.ty),
            parameter.location.to_string(),
        );
        let (name, required) = (Literal::string(&parameter.name), parameter.required);
        format!("parameter::<{ty}>({id}, \"{location}\", {name}, {required})")
    });
    parameters.collect()
}

fn body(operation: &Operation) -> Vec<String> {
    let id = Literal::string(&operation.plan.id);
    let typed = operation
        .contents
        .iter()
        .filter_map(|content| content.typed.as_ref());
    let body = typed.map(|body| {
        let (ty, media_type) = (
            type_text::of_type(&body.ty),
            Literal::string(&body.media_type),
        );
        format!("body::<{ty}>({id}, {media_type})")
    });
    body.collect()
}

/// The functions for responses, parameters and request bodies.
const FUNCTIONS: [SchemaFunction; 3] = [
    SchemaFunction {
        part: "responses",
        name: "response_schemas",
        doc: "/// Returns the schema of each declared response body that the client deserializes.
///
/// Responses without a JSON body are not included.
",
        entry: "ResponseSchema",
        of: responses,
    },
    SchemaFunction {
        part: "parameters",
        name: "parameter_schemas",
        doc: "/// Returns the schema of each parameter.\n",
        entry: "ParameterSchema",
        of: parameters,
    },
    SchemaFunction {
        part: "bodies",
        name: "request_body_schemas",
        doc: "/// Returns the schema of each request body. Binary and text bodies are not included.\n",
        entry: "RequestBodySchema",
        of: body,
    },
];
