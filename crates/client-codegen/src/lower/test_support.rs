//! What every test of a pass runs: progenitor takes what comes out, and the law holds.

use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use serde_json::{Value, json};

use super::{Fidelity, Lowered, Rewrite, lower, soundness};
use crate::client_ir;
use crate::extensions;
use crate::layout::GeneratedCode;
use crate::patch_operations::{finish, styled_parameters, times};
use crate::progenitor;
use crate::types::unmarked;

/// What lowering makes of a contract.
pub(super) struct Outcome {
    /// What progenitor is given.
    pub(super) draft: Value,
    pub(super) rewrites: Vec<Rewrite>,
    /// The media types of the bodies that are streams to progenitor.
    pub(super) streams: Vec<String>,
    /// The generated code, without white space.
    pub(super) code: String,
}

impl Outcome {
    pub(super) fn has_rewrite(&self, fidelity: Fidelity, part: &str) -> bool {
        let mut of_price = self.rewrites.iter().filter(|one| one.fidelity == fidelity);
        of_price.any(|one| one.message.contains(part))
    }

    /// Whether this stands in the generated code, however its lines are broken.
    pub(super) fn code_has(&self, code: &str) -> bool {
        self.code.replace(",)", ")").contains(code)
    }

    pub(super) fn is_exact(&self) -> bool {
        self.rewrites
            .iter()
            .all(|one| one.fidelity == Fidelity::Exact)
    }
}

/// A contract with these paths and component schemas.
pub(super) fn contract(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Small API", "version": "0.3.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// An operation `get` that answers with this schema.
pub(super) fn responding_with(schema: Value) -> Value {
    json!({ "/a": { "get": { "operationId": "get", "responses": { "200": body(schema) } } } })
}

pub(super) fn body(schema: Value) -> Value {
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

/// Lowers and generates, and holds the result to the law.
pub(super) fn lowered(contract: &Value) -> Outcome {
    let text = serde_json::to_string_pretty(contract).expect("JSON can be written");
    let document = Document::parse("contract.json", text.clone()).expect("it is JSON");
    outcome(&document)
}

pub(super) fn outcome(document: &Document) -> Outcome {
    let mut lowered: Lowered<'_> = lower(document).expect("the contract can be lowered");
    let tokens = progenitor::generate(&mut lowered, None).expect("progenitor takes it");
    let (_, types) =
        GeneratedCode::without_types(tokens.clone(), &lowered.mangler).expect("it is Rust");
    let tokens = unmarked(lowered.mangler.demangle_tokens(tokens).to_string());
    let mut file = syn::parse_str(&tokens).expect("it is Rust");
    finish(&mut file, &lowered.overrides, &types);
    times::write(&mut file);
    let marked = lowered.marked.clone();
    let does = lowered.take_document();
    let operations = client_ir::read(&does, &file).expect("it can be read back");
    styled_parameters::write(&mut file, &operations, &lowered.overrides);
    lowered.marked = marked;
    let code = prettyplease::unparse(&file);
    let streams = extensions::bodies(&lowered).into_iter();
    let streams = streams.map(|body| body.media_type).collect();
    let done = soundness::client_document(&mut lowered);
    let Lowered { draft, log, .. } = lowered;
    let rewrites = log.finish();
    let refused = rewrites.iter().find(|one| one.pass == "unsupported");
    assert!(refused.is_none(), "{refused:#?}");

    let name = document.source().name().to_owned();
    let again = Document::load_with(&name, &mut |path| {
        let source = document.sources().find(|source| source.name() == path);
        let text = source.map(|source| source.text().as_bytes().to_vec());
        text.ok_or_else(|| std::io::ErrorKind::NotFound.into())
    });
    // What is no contract cannot be compared: some tests are about that.
    if let Ok(Ok(contract)) = again.map(Contract::read) {
        let judgement = soundness::verify_lowered(&contract, &done, rewrites.clone());
        let judgement = judgement.expect("what is lowered is a contract");
        let soundness::SoundnessReport {
            undeclared, unseen, ..
        } = &judgement;
        assert!(
            judgement.is_sound(),
            "undeclared: {undeclared:#?}\nunseen: {unseen:#?}\n{rewrites:#?}\n{done:#}"
        );
    }
    Outcome {
        draft,
        rewrites,
        streams,
        code: code.split_whitespace().collect(),
    }
}
