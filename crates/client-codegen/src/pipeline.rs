//! The way from a contract to crates.
//!
//! [`generate`] lowers a contract once and runs progenitor once for its client. The result is the client
//! crate, and the intermediate form that its companions are generated from.

use openapi_contract::Finding;
use openapi_contract::document::Document;
use proc_macro2::TokenStream;
use serde_json::Value;

use crate::client_ir::{self, Operation};
use crate::contract_info::{self, ContractInfo};
use crate::crates::companion::CompanionInput;
use crate::crates::{self, Companion};
use crate::emit::{self, ClientState};
use crate::error::GenerateError;
use crate::extensions::{self, ExtensionInput, Extensions, UploadBody};
use crate::files::GeneratedFile;
use crate::header::FileHeader;
use crate::layout::{self, GeneratedCode};
use crate::lower::{self, NameMangler, RewriteLog};
use crate::lowering_md;
use crate::options::{ContractSource, Options};
use crate::plan;
use crate::progenitor;
use crate::types::Types;

/// A generated client crate, from which its companions are generated.
#[derive(Debug)]
pub struct ClientCrate {
    /// The files of the crate.
    pub files: Vec<GeneratedFile>,
    /// The rewrites of the contract, in its order.
    pub findings: Vec<Finding>,
    contract_path: String,
    header: FileHeader,
    client: ClientIr,
}

impl ClientCrate {
    /// What the client implements, as an OpenAPI 3.0 document: the contract with its rewrites.
    pub fn document(&self) -> &Value {
        &self.client.document
    }

    /// The document that progenitor reads.
    pub fn draft(&self) -> &Value {
        &self.client.draft
    }

    /// Generates the files of a companion crate.
    ///
    /// `manifest` is the text of its `Cargo.toml`. Without one the crate is new, and the files include a
    /// manifest and hand-written ones to start from.
    ///
    /// # Errors
    /// If progenitor generates no code for this companion, or if the manifest is invalid.
    pub fn companion(
        &self,
        companion: &Companion,
        options: &Options,
        manifest: Option<&str>,
    ) -> Result<Vec<GeneratedFile>, GenerateError> {
        let input = CompanionInput {
            contract_path: &self.contract_path,
            header: self.header.with_command(&options.command),
            info: &self.client.info,
            draft: &self.client.draft,
            mangler: &self.client.mangler,
            client: self.client.extension_input(),
            extensions: &self.client.extensions,
        };
        crates::companion::files(&input, companion, options, manifest)
    }
}

/// The rewrites of a contract in its order, without the files of the client: what the client does not
/// enforce or lacks, and what it does in another way.
///
/// # Errors
/// If no client can be generated from the contract.
pub fn findings(document: &Document) -> Result<Vec<Finding>, GenerateError> {
    let mut lowered = lower::lower(document)?;
    progenitor::generate(&mut lowered, None)?;
    Ok(lowered.log.finish())
}

/// Generates a client crate.
///
/// `manifest` is the text of the crate's `Cargo.toml`. Without one the crate is new, and the files
/// include a manifest, a `README.md` and a `src/lib.rs` to start from.
///
/// A manifest may have `client-state = "crate::Session"` in `[package.metadata.openapi]`: the generated
/// `Client` then has a field of that type, and the crate implements `openapi_client_runtime::ClientHooks` for
/// `Client` to use it.
///
/// # Errors
/// If the contract is not OpenAPI 3.0 or 3.1, or if the manifest is invalid.
pub fn generate(
    contract: &ContractSource<'_>,
    options: &Options,
    manifest: Option<&str>,
) -> Result<ClientCrate, GenerateError> {
    generate_unlocated(contract, options, manifest)
        .map_err(|error| error.located_in(contract.document))
}

fn generate_unlocated(
    contract: &ContractSource<'_>,
    options: &Options,
    manifest: Option<&str>,
) -> Result<ClientCrate, GenerateError> {
    let lowered = lower::lower(contract.document)?;
    let info = contract_info::read(&lowered.draft)?;
    let managed = crates::client::manifest(&info, options, manifest)?;
    let header = FileHeader::new(contract, &info, &options.command);
    let (client, code, log) = ClientIr::new(lowered, info, managed.client_state()?)?;
    let contracts = layout::ContractForms {
        written: contract.document,
        lowered: &client.document,
    };
    let sources = layout::files(
        code,
        &client.types,
        &client.operations,
        contracts,
        &client.extensions.modules,
        &header,
    )?;
    let is_new = manifest.is_none();
    let mut files = crates::client::files(
        contract,
        &client.info,
        options,
        managed,
        is_new,
        sources,
        &header,
    )?;
    let findings = log.finish();
    files.extend(lowering_md::file(&findings, &header));
    layout::escape_bidi(&mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(ClientCrate {
        files,
        findings,
        contract_path: contract.path.to_owned(),
        header,
        client,
    })
}

/// The intermediate form of a client: what all its crates are made of.
#[derive(Debug)]
pub(crate) struct ClientIr {
    info: ContractInfo,
    /// What the client implements, in OpenAPI 3.0.
    document: Value,
    /// The document that progenitor reads.
    draft: Value,
    mangler: NameMangler,
    operations: Vec<Operation>,
    types: Types,
    /// The request bodies that extensions send.
    pub(crate) uploads: Vec<UploadBody>,
    extensions: Extensions,
    own_state: bool,
}

impl ClientIr {
    /// Runs progenitor and completes its code. The `Client` has a field of the type `state`, if given.
    pub(crate) fn new<'d>(
        mut lowered: lower::Lowered<'d>,
        info: ContractInfo,
        state: Option<TokenStream>,
    ) -> Result<(Self, GeneratedCode, RewriteLog<'d>), GenerateError> {
        let tokens = progenitor::generate(&mut lowered, state.clone())?;
        Self::complete(lowered, tokens, info, state)
    }

    /// Completes the code of progenitor.
    pub(crate) fn complete<'d>(
        mut lowered: lower::Lowered<'d>,
        tokens: TokenStream,
        info: ContractInfo,
        state: Option<TokenStream>,
    ) -> Result<(Self, GeneratedCode, RewriteLog<'d>), GenerateError> {
        let own_state = state.is_some();
        let uploads = extensions::bodies(&lowered);
        let (mut code, types) = GeneratedCode::new(tokens, &lowered.mangler)?;
        let document = lowered.take_document();
        let plans = plan::plans(&lowered, &document)?;
        let operations = client_ir::read(plans, &code.file)?;
        let mut client = Self {
            info,
            document,
            draft: lowered.draft,
            mangler: lowered.mangler,
            operations,
            types,
            uploads,
            extensions: Extensions::default(),
            own_state,
        };
        client.extensions = extensions::write(&client.extension_input(), &mut code.file)?;
        let authenticates = client.extensions.module("auth").is_some();
        let state = match state {
            Some(ty) => ClientState::Own(ty),
            None => ClientState::Generated { authenticates },
        };
        emit::client(
            &mut code.file,
            &client.operations,
            &state,
            &client.info.version,
        )?;
        code.file.items.extend(emit::servers(&client.document));
        let links = &client.extensions.links;
        emit::operations(&mut code.file, &client.operations, &client.types, links)?;
        Ok((client, code, lowered.log))
    }

    #[cfg(test)]
    pub(crate) fn draft(&self) -> &Value {
        &self.draft
    }

    fn extension_input(&self) -> ExtensionInput<'_> {
        ExtensionInput {
            document: &self.document,
            operations: &self.operations,
            own_state: self.own_state,
            types: &self.types,
            bodies: &self.uploads,
        }
    }
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;

    use super::generate;
    use crate::crates::{Companion, CompanionKind};
    use crate::options::{ContractSource, Options};
    use crate::{lower, progenitor};

    #[test]
    fn all_crates_of_a_contract_share_one_lowering() {
        let text = include_str!("../../../openapi/media.yaml");
        let document = Document::parse("media.yaml", text).unwrap();
        let contract = ContractSource {
            path: "media.yaml",
            document: &document,
        };
        let runs = || (lower::RUNS.get(), progenitor::RUNS.get());
        let before = runs();
        let client = generate(&contract, &Options::new("media-client"), None).unwrap();
        for kind in [
            CompanionKind::Mock,
            CompanionKind::Cli,
            CompanionKind::ConformanceDriver,
        ] {
            let companion = Companion {
                kind,
                client: "media-client".to_owned(),
                module: "media_client::generated".to_owned(),
                path: "..".to_owned(),
            };
            let files = client.companion(&companion, &Options::new("companion"), None);
            assert!(!files.unwrap().is_empty(), "{kind:?}");
        }
        assert_eq!(runs(), (before.0 + 1, before.1 + 1));
    }
}
