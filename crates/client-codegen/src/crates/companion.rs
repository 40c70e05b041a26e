//! Companion crates of a client: typed mocks, a command line, and the driver of conformance tests.
//!
//! Generated code is in `src/generated`. All other files are written once and then edited by hand.

use std::path::PathBuf;

use super::manifest::{BUILDERS, MANIFEST, Manifest};
use super::{Companion, CompanionKind, cli, companion_scaffold, conformance_driver, mock};
use crate::contract_info::ContractInfo;
use crate::error::GenerateError;
use crate::extensions::{ExtensionInput, Extensions};
use crate::files::{GeneratedFile, Ownership};
use crate::header::{FileHeader, RUNTIME_VERSION};
use crate::layout::{self, Dependency, RUNTIME};
use crate::options::Options;

/// What companions are generated from: the intermediate form of their client.
pub(crate) struct CompanionInput<'a> {
    /// The path of the contract that generated files name.
    pub(crate) contract_path: &'a str,
    pub(crate) header: FileHeader,
    pub(crate) info: &'a ContractInfo,
    pub(crate) client: ExtensionInput<'a>,
    pub(crate) extensions: &'a Extensions,
}

/// Generates the files of a companion crate. Without a manifest, the crate is a new one.
pub(crate) fn files(
    input: &CompanionInput<'_>,
    companion: &Companion,
    options: &Options,
    manifest: Option<&str>,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let info = input.info;
    let mut managed = match manifest {
        Some(text) => Manifest::parse(text)?,
        None => Manifest::parse(&companion_scaffold::manifest(info, options, companion))?,
    };
    let header = &input.header;
    let module: syn::Path = syn::parse_str(&companion.module).map_err(GenerateError::unparsable)?;
    let mut files = match companion.kind {
        CompanionKind::ConformanceDriver => {
            let input = conformance_driver::DriverInput {
                client: &input.client,
                module,
            };
            conformance_driver::files(&input, header)?
        }
        CompanionKind::Mock => {
            let types = &input.client.plan.types;
            mock::files(&module, input.client.operations, types, header)?
        }
        CompanionKind::Cli => {
            let input = cli::CliInput {
                client: &input.client,
                module,
                item_streams: &input.extensions.item_streams,
            };
            cli::files(&input, options, header)?
        }
    };
    let dependencies = dependencies(companion.kind, &files).into_iter();
    let dependencies: Vec<Dependency> = dependencies
        .map(|dependency| dependency.with_runtime(options))
        .collect();
    managed.ensure(&dependencies)?;
    if companion.kind == CompanionKind::Mock {
        // Mocks make values of types that occur only in responses.
        managed.ensure_client(companion, BUILDERS)?;
    }
    managed.record(input.contract_path, header)?;
    files.push(GeneratedFile {
        path: PathBuf::from(MANIFEST),
        contents: managed.into_text(),
        ownership: Ownership::Managed,
    });
    if manifest.is_none() {
        files.extend(companion_scaffold::files(info, options, companion));
    }
    layout::escape_bidi(&mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The dependencies of a kind of companion, and the optional ones that its code names.
fn dependencies(kind: CompanionKind, files: &[GeneratedFile]) -> Vec<Dependency> {
    let known = |name, version, features: &[&'static str], default_features| Dependency {
        name,
        version,
        features: features.to_vec(),
        default_features,
        feature: None,
        forwarded: Vec::new(),
        path: None,
    };
    let mut dependencies = vec![
        known("serde", "1", &["derive"], true),
        // The output of a command line has the order of the contract.
        match kind {
            CompanionKind::Cli => known("serde_json", "1", &["preserve_order"], true),
            _ => known("serde_json", "1", &[], true),
        },
    ];
    dependencies.extend(match kind {
        CompanionKind::Mock => vec![
            known("httpmock", "0.9", &[], true),
            known(RUNTIME, RUNTIME_VERSION, &[], true),
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
        known("uuid", "1", &["serde"], true),
    ];
    let is_named = |of: &Dependency| {
        let path = format!("{}::", of.name.replace('-', "_"));
        files.iter().any(|file| file.contents.contains(&path))
    };
    dependencies.extend(named.into_iter().filter(is_named));
    dependencies.sort_by_key(|used| used.name);
    dependencies
}
