//! Crates that go with a client: typed mocks for its users' tests, and a command line.
//!
//! Both come from progenitor, with what it leaves to be done. The generated part is
//! `src/generated`; around it is a small scaffold that is written once and belongs to people.

use std::path::PathBuf;

use serde_json::Value;

use super::manifest::{MANIFEST, Manifest};
use super::{cli, companion_scaffold, conformance_driver, mock};
use crate::error::GenerateError;
use crate::files::{GeneratedFile, Ownership};
use crate::header::FileHeader;
use crate::layout::{self, Dependency, GeneratedCode};
use crate::patch_operations::{self, styled_parameters};
use crate::progenitor::{self, CompanionCode};
use crate::{ContractSource, Options, client_ir, contract_info, extensions, lower, pipeline};

/// A crate that goes with a client.
#[derive(Debug, Clone)]
pub struct Companion {
    /// What it is.
    pub kind: CompanionKind,
    /// The client's package.
    pub client: String,
    /// The path to the client's generated module in Rust, as `media_client::generated`.
    pub module: String,
    /// Where the client's directory is, from the companion's.
    pub path: String,
    /// Whether the client has a state and hooks of its own, as [`has_own_state`] says. It then also
    /// authenticates in a way of its own.
    ///
    /// [`has_own_state`]: crate::has_own_state
    pub own_state: bool,
}

/// What a companion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompanionKind {
    /// Typed mocks of a server, with httpmock.
    Mock,
    /// A command line, with clap.
    Cli,
    /// A program that makes calls as it is told, for the proof that the client is right.
    ConformanceDriver,
}

/// Generates the files of a crate that goes with a client.
///
/// `manifest` is as for [`client`](crate::client): without one the files come with a whole crate
/// to start from.
///
/// # Errors
/// As for the client, and when progenitor cannot make this of a contract of which it can make a
/// client.
pub fn companion(
    contract: &ContractSource<'_>,
    options: &Options,
    companion: &Companion,
    manifest: Option<&str>,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let mut lowered = lower::lower(contract.document)?;
    let facts = contract_info::read(&lowered.draft)?;
    let mut managed = match manifest {
        Some(text) => Manifest::parse(text)?,
        None => Manifest::parse(&companion_scaffold::manifest(&facts, options, companion))?,
    };
    let stamp = FileHeader::new(contract, &facts, &options.command);
    let mut files = match companion.kind {
        CompanionKind::ConformanceDriver => {
            let made = pipeline::run(lowered, None)?;
            let input = conformance_driver::DriverInput {
                operations: &made.operations,
                uploads: &made.uploads,
                extensions: &made.extensions,
                module: syn::parse_str(&companion.module).map_err(unreadable)?,
            };
            conformance_driver::files(&input, &stamp)
        }
        CompanionKind::Mock | CompanionKind::Cli => {
            let tokens = progenitor::generate(&mut lowered, None)?;
            let bodies = extensions::bodies(&lowered);
            let (mut file, types) = GeneratedCode::without_types(tokens, &lowered.mangler)?;
            patch_operations::finish(&mut file, &lowered.overrides, &types);
            let document = lowered.take_document();
            let mut operations = client_ir::read(&document, &file)?;
            styled_parameters::retype(&mut operations, &lowered.overrides);
            let input = extensions::ExtensionInput {
                document: &document,
                operations: &operations,
                own_state: companion.own_state,
                types: &types,
                bodies: &bodies,
                reads_by_status: false,
                has_styles: false,
                has_cookies: false,
            };
            let is_mock = companion.kind == CompanionKind::Mock;
            let extra = if is_mock {
                CompanionCode::Mock
            } else {
                CompanionCode::Cli
            };
            let tokens = progenitor::generate_companion(&lowered, extra, &companion.module)?;
            let code = syn::parse2(tokens).map_err(unreadable)?;
            if is_mock {
                mock::files(code, &operations, &lowered.overrides, &stamp)?
            } else {
                cli::files(code, &mut file, &input, &lowered.overrides, options, &stamp)?
            }
        }
    };
    managed.ensure(crates(companion.kind, &files).as_slice())?;
    managed.record(contract.path, &stamp)?;
    files.push(GeneratedFile {
        path: PathBuf::from(MANIFEST),
        contents: managed.into_text(),
        ownership: Ownership::Managed,
    });
    if manifest.is_none() {
        files.extend(companion_scaffold::files(&facts, options, companion));
    }
    layout::escape_bidi(&mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

pub(super) fn unreadable(error: syn::Error) -> GenerateError {
    GenerateError::UnexpectedCode(error.to_string())
}

/// The crates that generated code needs, and of the rest those that it names.
fn crates(kind: CompanionKind, files: &[GeneratedFile]) -> Vec<Dependency> {
    let known = |name, version, features: &[&'static str], default_features| Dependency {
        name,
        version,
        features: features.to_vec(),
        default_features,
        feature: None,
    };
    let mut crates = vec![
        known("serde", "1", &["derive"], true),
        known("serde_json", "1", &[], true),
    ];
    crates.extend(match kind {
        CompanionKind::Mock => vec![
            known("httpmock", "0.9", &[], true),
            known("regex", "1", &[], true),
        ],
        CompanionKind::Cli => vec![
            known("anyhow", "1", &[], true),
            known("clap", "4.5", &["env", "string", "wrap_help"], true),
            known("reqwest", "0.13", &["stream"], false),
        ],
        CompanionKind::ConformanceDriver => vec![known("reqwest", "0.13", &[], false)],
    });
    let named = [
        known("chrono", "0.4", &["serde", "std"], false),
        known("futures", "0.3", &["std"], false),
        known("percent-encoding", "2", &[], true),
        known("uuid", "1", &["serde"], true),
    ];
    let is_named = |of: &Dependency| {
        let path = format!("{}::", of.name.replace('-', "_"));
        files.iter().any(|file| file.contents.contains(&path))
    };
    crates.extend(named.into_iter().filter(is_named));
    crates.sort_by_key(|used| used.name);
    crates
}

/// A member of a document, as text.
pub(super) fn text<'a>(value: &'a Value, at: &str) -> Option<&'a str> {
    value.pointer(at).and_then(Value::as_str)
}
