//! The way from a contract to crates.
//!
//! [`generate`] reads the plan of a client from the canonical model of its contract, and runs progenitor once. The
//! result is the client crate, and the intermediate form that its companions are generated from.

use openapi_contract::Finding;
use openapi_contract::model::{Contract, ParameterIn};
use proc_macro2::TokenStream;

use crate::client_ir::{self, Operation};
use crate::client_plan::{BodyKind, ClientPlan, OperationPlan};
use crate::contract_info::{self, ContractInfo};
use crate::crates::companion::CompanionInput;
use crate::crates::{self, Companion};
use crate::emit::{self, ClientState};
use crate::error::GenerateError;
use crate::extensions::{self, ExtensionInput, Extensions};
use crate::fidelity_md;
use crate::files::GeneratedFile;
use crate::header::FileHeader;
use crate::layout;
use crate::options::{ContractSource, Options};
use crate::progenitor;
use crate::types::TypeRef;

/// A generated client crate, from which its companions are generated.
#[derive(Debug)]
pub struct ClientCrate {
    /// The files of the crate.
    pub files: Vec<GeneratedFile>,
    /// What the client does not keep of the contract, in its order.
    pub findings: Vec<Finding>,
    contract_path: String,
    header: FileHeader,
    client: ClientIr,
}

impl ClientCrate {
    /// The operations of the client, in the order of the contract.
    pub fn operations(&self) -> Vec<ClientOperation> {
        let operations = self.client.plan.operations.iter();
        operations.map(ClientOperation::new).collect()
    }

    /// Generates the files of a companion crate.
    ///
    /// `manifest` is the text of its `Cargo.toml`. Without one the crate is new, and the files include a
    /// manifest and hand-written ones to start from.
    ///
    /// # Errors
    /// If no code can be generated for this companion, or if the manifest is invalid.
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
            client: self.client.extension_input(),
            extensions: &self.client.extensions,
        };
        crates::companion::files(&input, companion, options, manifest)
    }
}

/// An operation of a client, and what callers can send with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientOperation {
    /// The name by which the conformance driver calls it.
    pub id: String,
    /// The HTTP method in upper case.
    pub http_method: String,
    /// The path template of the contract, with a slash at its start.
    pub path: String,
    /// Location and name of the parameters that are strings. If the contract allows other values, the caller
    /// serializes them.
    pub strings: Vec<(ParameterIn, String)>,
    /// The bodies between which callers choose, the preferred one first.
    pub bodies: Vec<ClientBody>,
    /// Whether the operation has a second method, which requests a stream.
    pub has_stream_method: bool,
}

/// A body that callers can send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientBody {
    /// The media type in which it is sent.
    pub media_type: String,
    /// The other media types of the contract with the same schema.
    pub also: Vec<String>,
    /// Whether the caller names the media type.
    pub is_any_media_type: bool,
}

impl ClientOperation {
    /// Whether a parameter is a string.
    pub fn takes_string(&self, location: ParameterIn, name: &str) -> bool {
        let mut strings = self.strings.iter();
        strings.any(|(own, own_name)| *own == location && own_name == name)
    }

    fn new(plan: &OperationPlan) -> Self {
        let strings = plan.parameters.iter();
        let strings = strings.filter(|parameter| parameter.ty == TypeRef::String);
        let contents = plan.body.iter().flat_map(|body| &body.contents);
        let bodies = contents.map(|content| ClientBody {
            media_type: content.media_type.clone(),
            also: content.also.clone(),
            is_any_media_type: content.kind == BodyKind::Content,
        });
        Self {
            id: plan.id.clone(),
            http_method: plan.http_method.to_ascii_uppercase(),
            path: plan.path.clone(),
            strings: strings
                .map(|parameter| (parameter.location, parameter.name.clone()))
                .collect(),
            bodies: bodies.collect(),
            has_stream_method: plan.stream.is_some(),
        }
    }
}

/// What a client would not keep of a contract, in the order of the contract.
///
/// # Errors
/// If no client can be generated from the contract.
pub fn findings(contract: &Contract) -> Result<Vec<Finding>, GenerateError> {
    Ok(ClientPlan::read(contract)?.findings)
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
/// If no client can be generated from the contract, or if the manifest is invalid.
pub fn generate(
    source: &ContractSource<'_>,
    options: &Options,
    manifest: Option<&str>,
) -> Result<ClientCrate, GenerateError> {
    let contract = source.contract;
    let info = contract_info::read(contract)?;
    let managed = crates::client::manifest(&info, options, manifest)?;
    let header = FileHeader::new(source, &info, &options.command);
    let plan = ClientPlan::read(contract)?;
    let (client, file) = ClientIr::new(plan, info, managed.client_state()?)
        .map_err(|error| error.located_in(&contract.document))?;
    let sources = layout::files(
        file,
        &client.plan,
        &client.operations,
        contract,
        &client.extensions,
        &header,
    )?;
    let is_new = manifest.is_none();
    let mut files = crates::client::files(
        source,
        &client.info,
        options,
        managed,
        is_new,
        sources,
        &header,
    )?;
    files.extend(fidelity_md::file(&client.plan.findings, &header));
    layout::escape_bidi(&mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(ClientCrate {
        files,
        findings: client.plan.findings.clone(),
        contract_path: source.path.to_owned(),
        header,
        client,
    })
}

/// The intermediate form of a client: what all its crates are made of.
#[derive(Debug)]
pub(crate) struct ClientIr {
    info: ContractInfo,
    plan: ClientPlan,
    operations: Vec<Operation>,
    extensions: Extensions,
    own_state: bool,
}

impl ClientIr {
    /// Runs progenitor and completes its code. The `Client` has a field of the type `state`, if given.
    pub(crate) fn new(
        plan: ClientPlan,
        info: ContractInfo,
        state: Option<TokenStream>,
    ) -> Result<(Self, syn::File), GenerateError> {
        let tokens = progenitor::generate(&plan, &info, state.clone())?;
        Self::complete(plan, tokens, info, state)
    }

    /// Completes the code of progenitor.
    pub(crate) fn complete(
        plan: ClientPlan,
        tokens: TokenStream,
        info: ContractInfo,
        state: Option<TokenStream>,
    ) -> Result<(Self, syn::File), GenerateError> {
        let own_state = state.is_some();
        let tokens = progenitor::without_bodies(tokens);
        let mut file = syn::parse2(tokens).map_err(GenerateError::unparsable)?;
        let operations = client_ir::read(&plan, &file)?;
        let mut client = Self {
            info,
            plan,
            operations,
            extensions: Extensions::default(),
            own_state,
        };
        client.extensions = extensions::write(&client.extension_input(), &mut file)?;
        let authenticates = client.extensions.module("auth").is_some();
        let state = match state {
            Some(ty) => ClientState::Own(ty),
            None => ClientState::Generated { authenticates },
        };
        emit::client(&mut file, &client.operations, &state, &client.info.version)?;
        file.items.extend(emit::servers(&client.plan.servers));
        let links = &client.extensions.links;
        emit::operations(&mut file, &client.operations, &client.plan.types, links)?;
        Ok((client, file))
    }

    fn extension_input(&self) -> ExtensionInput<'_> {
        ExtensionInput {
            plan: &self.plan,
            operations: &self.operations,
            own_state: self.own_state,
        }
    }
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;

    use super::generate;
    use crate::crates::{Companion, CompanionKind};
    use crate::options::{ContractSource, Options};
    use crate::progenitor;

    #[test]
    fn all_crates_of_a_contract_share_one_run_of_progenitor() {
        let text = include_str!("../../../openapi/media.yaml");
        let document = Document::parse("media.yaml", text).unwrap();
        let source = ContractSource {
            path: "media.yaml",
            contract: &Contract::read(document).unwrap(),
        };
        let before = progenitor::RUNS.get();
        let client = generate(&source, &Options::new("media-client"), None).unwrap();
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
        assert_eq!(progenitor::RUNS.get(), before + 1);
    }
}
