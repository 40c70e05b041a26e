//! The contract's own quality: what can be said about one document alone.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, NodeId, Value as NodeValue};
use crate::finding::{Finding, Level, Location, Site};
use crate::json_schema::{Translation, Validator};
use crate::model::{Contract, Problem, ProblemKind};
use crate::rules::{self, Rule};

/// A document that is no contract.
#[derive(Debug)]
pub struct NoContract {
    /// The document, for showing the places.
    pub document: Box<Document>,
    /// Everything that keeps it from being a contract.
    pub findings: Vec<Finding>,
}

/// Reads the contract that a document holds.
///
/// # Errors
/// When the document is no contract: everything that is wrong with it, as findings.
pub fn read_contract(document: Document) -> Result<Contract, NoContract> {
    let (contract, problems) = crate::model::read(document);
    if problems.is_empty() {
        return Ok(contract);
    }
    let findings = problems
        .iter()
        .map(|problem| from_problem(&contract.document, problem))
        .collect();
    Err(NoContract {
        document: Box::new(contract.document),
        findings,
    })
}

fn from_problem(document: &Document, problem: &Problem) -> Finding {
    let (rule, consequence) = match problem.kind {
        ProblemKind::Invalid => (
            rules::INVALID_CONTRACT,
            "What stands here cannot be compared or generated from.",
        ),
        ProblemKind::UnresolvedReference => (
            rules::UNRESOLVED_REFERENCE,
            "What is meant here is not known, so nothing can be compared or generated from it.",
        ),
        ProblemKind::Version => (
            rules::UNSUPPORTED_VERSION,
            "The document was not read any further.",
        ),
    };
    finding(
        document,
        rule,
        problem.node,
        None,
        problem.message.clone(),
        consequence,
        "Correct this place.",
    )
}

/// Lints a contract: operation ids, examples and defaults. Findings come in the order of the
/// document.
pub fn lint(contract: &Contract) -> Vec<Finding> {
    let mut findings = Vec::new();
    operation_ids(contract, &mut findings);
    let mut examples = Examples {
        contract,
        findings: &mut findings,
    };
    examples.visit(contract.document.root(), Context::Object);
    findings.sort_by_key(|finding| finding.old.as_ref().map(|location| location.position));
    findings.dedup();
    findings
}

fn finding(
    document: &Document,
    rule: Rule,
    node: NodeId,
    member: Option<&str>,
    fact: String,
    consequence: &str,
    remedy: &str,
) -> Finding {
    Finding {
        rule,
        level: Level::Breaking,
        direction: None,
        sites: Vec::new(),
        fact,
        consequence: consequence.to_owned(),
        remedy: remedy.to_owned(),
        old: Some(Location::new(document, node, member)),
        new: None,
        witness: None,
    }
}

fn operation_ids(contract: &Contract, findings: &mut Vec<Finding>) {
    let document = &contract.document;
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    for (key, operation) in &contract.operations {
        let name = format!("{} {}", key.method, operation.path);
        let site = Site {
            operation: name.clone(),
            part: String::new(),
            path: String::new(),
        };
        let Some(id) = &operation.id else {
            let fact = format!("{name} has no `operationId`");
            let mut found = finding(
                document,
                rules::OPERATION_ID_MISSING,
                operation.node,
                None,
                fact,
                "Generated clients name their methods by it, so this operation cannot be generated.",
                "Give it a name in snake case, such as `list_media`.",
            );
            found.sites.push(site);
            findings.push(found);
            continue;
        };
        if let Some(other) = first.get(id.as_str()) {
            let mut found = finding(
                document,
                rules::OPERATION_ID_CLASH,
                operation.node,
                Some("operationId"),
                format!("{name} and {other} both have the operation id `{id}`"),
                "Generated clients would have one method name for two operations.",
                "Rename one of them.",
            );
            found.sites.push(site);
            findings.push(found);
        } else {
            first.insert(id, name);
        }
    }
}

/// What an object in the document is, as far as examples are concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// An object of OpenAPI: it can have `schema`, `example` and `examples`.
    Object,
    /// A schema object: it can have `example`, `examples` and `default`.
    Schema,
    /// The Components Object.
    Components,
    /// Objects by a name that anyone can choose, such as `properties` or `headers`.
    Map(&'static Context),
}

/// Looks at every example and default.
struct Examples<'a> {
    contract: &'a Contract,
    findings: &'a mut Vec<Finding>,
}

impl Examples<'_> {
    fn visit(&mut self, node: NodeId, context: Context) {
        let document = &self.contract.document;
        match &document.node(node).value {
            NodeValue::Array(elements) => {
                for &element in elements {
                    self.visit(element, context);
                }
            }
            NodeValue::Object(entries) => {
                match context {
                    Context::Object => self.object(node),
                    Context::Schema => self.schema(node),
                    Context::Map(_) | Context::Components => {}
                }
                for entry in entries {
                    if let Some(context) = inner_context(context, &entry.key) {
                        self.visit(entry.value, context);
                    }
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, node: NodeId) {
        let document = &self.contract.document;
        let Some(schema) = document.get(node, "schema") else {
            return;
        };
        if let Some(example) = document.get(node, "example") {
            self.check(schema, example, rules::EXAMPLE_INVALID);
        }
        for entry in document
            .get(node, "examples")
            .map_or(&[][..], |id| document.entries(id))
        {
            let example = document.resolve(entry.value).ok();
            if let Some(value) = example.and_then(|example| document.get(example, "value")) {
                self.check(schema, value, rules::EXAMPLE_INVALID);
            }
        }
    }

    fn schema(&mut self, node: NodeId) {
        let document = &self.contract.document;
        if let Some(example) = document.get(node, "example") {
            self.check(node, example, rules::EXAMPLE_INVALID);
        }
        for &example in document
            .get(node, "examples")
            .map_or(&[][..], |id| document.elements(id))
        {
            self.check(node, example, rules::EXAMPLE_INVALID);
        }
        if let Some(default) = document.get(node, "default") {
            self.check(node, default, rules::DEFAULT_INVALID);
        }
    }

    fn check(&mut self, schema: NodeId, value: NodeId, rule: Rule) {
        let document = &self.contract.document;
        let mut translation = Translation::new(self.contract);
        let root = translation.schema(schema);
        let validator = match Validator::new(&translation.finish(root)) {
            Ok(validator) => validator,
            Err(error) => {
                let fact = format!("the schema is not valid: {error}");
                let finding = finding(
                    document,
                    rules::INVALID_CONTRACT,
                    schema,
                    None,
                    fact,
                    "No validator accepts it, so nothing can be checked against it.",
                    "Correct the schema.",
                );
                if !self.findings.contains(&finding) {
                    self.findings.push(finding);
                }
                return;
            }
        };
        let json: Value = document.to_json(value);
        for violation in validator.violations(&json) {
            let place = at(document, value, &violation.pointer);
            let what = if rule == rules::DEFAULT_INVALID {
                "default"
            } else {
                "example"
            };
            let within = if violation.pointer.is_empty() {
                String::new()
            } else {
                format!(" at `{}`", violation.pointer)
            };
            self.findings.push(finding(
                document,
                rule,
                place,
                None,
                format!(
                    "the {what} is not allowed by its schema{within}: {}",
                    violation.message
                ),
                "Readers copy it, mocks answer with it, and both are refused.",
                "Correct the value, or the schema.",
            ));
        }
    }
}

/// The value behind a pointer inside another, as far as it exists.
fn at(document: &Document, value: NodeId, pointer: &str) -> NodeId {
    let mut current = value;
    for step in pointer.split('/').skip(1) {
        let key = step.replace("~1", "/").replace("~0", "~");
        let next = match &document.node(current).value {
            NodeValue::Array(elements) => key
                .parse()
                .ok()
                .and_then(|at: usize| elements.get(at).copied()),
            _ => document.get(current, &key),
        };
        match next {
            Some(next) => current = next,
            None => break,
        }
    }
    current
}

/// What a member of an object is; nothing where no schema can be in it.
fn inner_context(context: Context, key: &str) -> Option<Context> {
    const SCHEMAS: Context = Context::Map(&Context::Schema);
    const OBJECTS: Context = Context::Map(&Context::Object);
    match context {
        Context::Map(inner) => Some(*inner),
        Context::Components => match key {
            "schemas" => Some(SCHEMAS),
            "examples" => None,
            _ => Some(OBJECTS),
        },
        Context::Object => match key {
            "schema" => Some(Context::Schema),
            "components" => Some(Context::Components),
            "paths" | "responses" | "headers" | "content" | "callbacks" | "encoding" => {
                Some(OBJECTS)
            }
            "example" | "examples" => None,
            _ if key.starts_with("x-") => None,
            _ => Some(Context::Object),
        },
        Context::Schema => match key {
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                Some(SCHEMAS)
            }
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "prefixItems" => Some(Context::Schema),
            _ => None,
        },
    }
}
