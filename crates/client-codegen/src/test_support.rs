//! Support for the tests of passes: each runs the pipeline, and verifies that lowering is sound.

use std::fmt;

use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use openapi_contract::{Fidelity, Finding};
use serde_json::{Value, json};

use crate::contract_info;
use crate::lower;
use crate::pipeline::ClientIr;
use crate::rules;
use crate::soundness;

/// The result of generating a client from a contract.
pub(crate) struct Outcome {
    /// The document for progenitor.
    pub(crate) draft: Value,
    pub(crate) rewrites: Vec<Finding>,
    /// The media types of the request bodies that extensions send.
    pub(crate) streams: Vec<String>,
    pub(crate) code: GeneratedText,
}

/// Formatted code, which is searched without regard to whitespace.
#[derive(Debug)]
pub(crate) struct GeneratedText {
    formatted: String,
    condensed: String,
}

impl GeneratedText {
    fn new(formatted: String) -> Self {
        Self {
            condensed: condensed(&formatted),
            formatted,
        }
    }

    pub(crate) fn contains(&self, code: impl AsRef<str>) -> bool {
        self.find(code).is_some()
    }

    pub(crate) fn find(&self, code: impl AsRef<str>) -> Option<usize> {
        self.condensed.find(&condensed(code.as_ref()))
    }

    pub(crate) fn count(&self, code: impl AsRef<str>) -> usize {
        self.condensed.matches(&condensed(code.as_ref())).count()
    }
}

impl fmt::Display for GeneratedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.formatted)
    }
}

/// Code without whitespace.
fn condensed(code: &str) -> String {
    code.split_whitespace().collect()
}

impl Outcome {
    pub(crate) fn has_rewrite(&self, fidelity: Fidelity, part: &str) -> bool {
        let mut rewrites = self.rewrites.iter();
        rewrites.any(|one| one.fidelity == Some(fidelity) && one.fact.contains(part))
    }

    /// Whether the generated code contains this, with or without trailing commas.
    pub(crate) fn code_has(&self, code: &str) -> bool {
        let generated = self.code.condensed.replace(",)", ")");
        generated.contains(&condensed(code))
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.rewrites
            .iter()
            .all(|one| one.fidelity == Some(Fidelity::Exact))
    }
}

/// A contract with these paths and component schemas.
pub(crate) fn contract(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Small API", "version": "0.3.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// An operation `get` that responds with this schema.
pub(crate) fn responding_with(schema: Value) -> Value {
    json!({ "/a": { "get": { "operationId": "get", "responses": { "200": body(schema) } } } })
}

pub(crate) fn body(schema: Value) -> Value {
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

/// Generates a client from a contract, and verifies that lowering is sound.
pub(crate) fn lowered(contract: &Value) -> Outcome {
    let text = serde_json::to_string_pretty(contract).expect("JSON can be written");
    let document = Document::parse("contract.json", text.clone()).expect("it is JSON");
    outcome(&document)
}

pub(crate) fn outcome(document: &Document) -> Outcome {
    let lowered = lower::lower(document).expect("the contract can be lowered");
    let info = contract_info::read(&lowered.draft).expect("the contract has a title and a version");
    let (client, code, log) =
        ClientIr::new(lowered, info, None).expect("progenitor accepts the contract");
    let draft = client.draft().clone();
    let streams = client.uploads.iter();
    let streams = streams.map(|body| body.media_type.clone()).collect();
    let code = code.into_text().expect("the code can be printed");
    let rewrites = log.finish();
    let unsupported = rewrites.iter().find(|one| one.rule == rules::UNSUPPORTED);
    assert!(unsupported.is_none(), "{unsupported:#?}");

    let name = document.source().name().to_owned();
    let again = Document::load_with(&name, &mut |path| {
        let source = document.sources().find(|source| source.name() == path);
        let text = source.map(|source| source.text().as_bytes().to_vec());
        text.ok_or_else(|| std::io::ErrorKind::NotFound.into())
    });
    // Some tests use invalid contracts, which cannot be compared.
    if let Ok(Ok(contract)) = again.map(Contract::read) {
        let report = soundness::verify(&contract).expect("the lowered contract is valid");
        assert!(
            report.is_sound(),
            "undeclared: {:#?}\nwithout difference: {:#?}\n{rewrites:#?}",
            report.undeclared,
            report.without_difference,
        );
    }
    Outcome {
        draft,
        rewrites,
        streams,
        code: GeneratedText::new(code),
    }
}
