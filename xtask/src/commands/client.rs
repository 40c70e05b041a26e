//! `client`: a stand-alone client crate from any contract.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use client_codegen::output::{self, Plan};
use client_codegen::{
    Companion, CompanionKind, ContractSource, GeneratedFile, MANIFEST, Options, Ownership,
};
use openapi_contract::document::Document;
use openapi_contract::report::Format;

use super::common::{
    contract_version, has_losses, read_contract, rewrite_counts, runtime_crate, show_findings,
};
use super::generate::{self, cache::Generated};
use crate::args::{ClientArgs, CompanionCrate};
use crate::output::{Output, Status, counted, seconds};

/// Writes the client crate and the requested companions.
pub(crate) fn run(args: &ClientArgs, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    let name = display_name(&args.file);
    let document = args.root_dir.load(&args.file, &name)?;
    let version = contract_version(&document);
    output.progress("Contract", &format!("{name} {version}"))?;
    let contract = &read_contract(document)?;
    let source = ContractSource {
        path: &name,
        contract,
    };
    let document = &contract.document;

    let package = package(args, document)?;
    let companions = selected_companions(args);
    let roots: Vec<PathBuf> = std::iter::once(args.out.clone())
        .chain(
            companions
                .iter()
                .map(|companion| args.out.join(directory(*companion))),
        )
        .collect();
    let options = format!("{package} {companions:?} {:?}", args.runtime);
    let target = args.out.join("target");
    let generated = generate::cache::generated(document, &options, &roots, &target, || {
        generated(args, &companions, &source, &package)
    })?;
    let Generated { plans, findings } = generated;
    let plans: Vec<(PathBuf, Plan)> = roots.into_iter().zip(plans).collect();
    if !findings.is_empty() {
        let list = args.out.join(generate::FIDELITY).display().to_string();
        output.progress("Fidelity", &rewrite_counts(&findings, Some(&list)))?;
    }
    show_findings(document, &findings, &args.report, output)?;
    if args.strict && has_losses(&findings) {
        output.warn("Failed", "the client would not enforce the whole contract")?;
        return Ok(Status::Findings);
    }
    // Plan everything before writing anything.
    Plan::apply_all(plans.iter().map(|(_, plan)| plan))?;
    for (directory, plan) in &plans {
        for file in plan.stale() {
            let path = directory.join(&file.path);
            output.progress(
                generate::status_word(&file.state),
                &path.display().to_string(),
            )?;
        }
    }
    let files = plans.iter().map(|(_, plan)| plan.files().len()).sum();
    let changed = plans.iter().map(|(_, plan)| plan.stale().count()).sum();
    let summary = format!(
        "{package} in {}: {}, {} written",
        args.out.display(),
        counted(files, "file"),
        counted(changed, "file"),
    );
    if args.report.format == Format::Text {
        output.report(&format!("{summary}\n"))?;
    } else {
        output.progress("Generated", &summary)?;
    }
    output.progress("Finished", &format!("in {}", seconds(start.elapsed())))?;
    Ok(Status::Clean)
}

/// The name of the contract in generated code, which must not contain absolute paths.
fn display_name(path: &Path) -> String {
    let shown = match path.file_name() {
        Some(name) if path.is_absolute() => Path::new(name),
        _ => path,
    };
    shown.to_string_lossy().replace('\\', "/")
}

/// The name of the package: that of the existing crate, the given one, or one from the contract's title.
fn package(args: &ClientArgs, document: &Document) -> Result<String> {
    if let Some(manifest) = text(&args.out.join(MANIFEST))? {
        let Some(package) = client_codegen::generated_package(&manifest)? else {
            bail!(
                "{} was not written by this command; choose another directory",
                args.out.join(MANIFEST).display()
            );
        };
        match &args.name {
            Some(name) if *name != package => bail!(
                "{} is the package {package}, not {name}; rename it there, or choose another directory",
                args.out.display()
            ),
            _ => return Ok(package),
        }
    }
    let title = document
        .get(document.root(), "info")
        .and_then(|info| document.get_text(info, "title"))
        .unwrap_or_default();
    let name = args.name.clone().unwrap_or_else(|| package_name(title));
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if !is_name {
        bail!("`{name}` is not a valid package name; choose one with --name");
    }
    if let Some(what) = client_codegen::package_name_conflict(&name) {
        bail!("`{name}` is also {what}; choose another name with --name");
    }
    Ok(name)
}

/// Derives a package name from the contract's title: `media-api-beta-client` for `Media API (beta)`.
/// Package names start with a letter.
fn package_name(title: &str) -> String {
    let words = title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.take(4).map(str::to_lowercase).collect();
    let has_letter = words
        .first()
        .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()));
    if !has_letter {
        words.insert(0, "api".to_owned());
    }
    words.push("client".to_owned());
    words.join("-")
}

/// The companions to write: those requested, and those that exist already.
fn selected_companions(args: &ClientArgs) -> Vec<CompanionCrate> {
    let exists =
        |companion: CompanionCrate| args.out.join(directory(companion)).join(MANIFEST).is_file();
    let all = [CompanionCrate::Mock, CompanionCrate::Cli].into_iter();
    all.filter(|companion| args.with.contains(companion) || exists(*companion))
        .collect()
}

/// Generates the crates, and compares them with their directories.
fn generated(
    args: &ClientArgs,
    companions: &[CompanionCrate],
    contract: &ContractSource<'_>,
    package: &str,
) -> Result<Generated> {
    let members: Vec<String> = companions
        .iter()
        .map(|companion| directory(*companion).to_owned())
        .collect();
    let options = |package: String, directory: &Path| -> Result<Options> {
        let runtime = args.runtime.clone().or_else(runtime_crate);
        Ok(Options {
            command: "cargo xtask client".to_owned(),
            runtime: runtime
                .map(|runtime| relative(directory, &runtime))
                .transpose()?,
            ..Options::new(package)
        })
    };
    let own = Options {
        workspace: Some(members),
        ..options(package.to_owned(), &args.out)?
    };
    let manifest = text(&args.out.join(MANIFEST))?;
    let made = client_codegen::generate(contract, &own, manifest.as_deref())?;
    let mut plans = vec![plan(&args.out, &made.files, manifest.is_none())?];
    for &selected in companions {
        let stem = package.strip_suffix("-client").unwrap_or(package);
        let (kind, name) = match selected {
            CompanionCrate::Mock => (CompanionKind::Mock, format!("{package}-mock")),
            CompanionCrate::Cli => (CompanionKind::Cli, format!("{stem}-cli")),
        };
        let companion = Companion {
            kind,
            client: package.to_owned(),
            module: format!("{}::generated", package.replace('-', "_")),
            path: "..".to_owned(),
        };
        let root = args.out.join(directory(selected));
        let manifest = text(&root.join(MANIFEST))?;
        if let Some(manifest) = &manifest
            && client_codegen::generated_package(manifest)?.is_none()
        {
            bail!(
                "{} was not written by this command",
                root.join(MANIFEST).display()
            );
        }
        let files = made
            .companion(&companion, &options(name, &root)?, manifest.as_deref())
            .with_context(|| format!("cannot generate the {} crate", directory(selected)))?;
        plans.push(plan(&root, &files, manifest.is_none())?);
    }
    Ok(Generated {
        plans,
        findings: made.findings,
    })
}

/// The path from a directory to another, neither of which has to exist.
fn relative(from: &Path, to: &Path) -> Result<PathBuf> {
    let absolute = |path: &Path| -> Result<PathBuf> {
        let whole = std::path::absolute(path)?;
        let existing = whole.ancestors().find(|ancestor| ancestor.exists());
        let Some(existing) = existing else {
            return Ok(whole);
        };
        let rest = whole.strip_prefix(existing)?;
        Ok(existing.canonicalize()?.join(rest))
    };
    let (from, to) = (absolute(from)?, absolute(to)?);
    let common = from.components().zip(to.components());
    let common = common.take_while(|(one, other)| one == other).count();
    if common == 0 {
        return Ok(to);
    }
    let up = from
        .components()
        .skip(common)
        .map(|_| Path::new(".."))
        .collect::<PathBuf>();
    Ok(to
        .components()
        .skip(common)
        .fold(up, |path, part| path.join(part)))
}

/// The directory of a companion crate in the client's.
pub(super) fn directory(companion: CompanionCrate) -> &'static str {
    match companion {
        CompanionCrate::Mock => "mock",
        CompanionCrate::Cli => "cli",
    }
}

/// Compares generated files with a directory. Fails if a new crate would replace existing files.
fn plan(root: &Path, files: &[GeneratedFile], is_new: bool) -> Result<Plan> {
    let foreign = files
        .iter()
        .filter(|file| is_new && file.ownership != Ownership::Generated)
        .map(|file| root.join(&file.path))
        .find(|path| path.symlink_metadata().is_ok());
    if let Some(path) = foreign {
        bail!(
            "{} was not written by this command; choose another directory",
            path.display()
        );
    }
    Ok(output::plan(root, files)?)
}

/// The text of a file; `None` if it does not exist.
fn text(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{package_name, relative};

    #[test]
    fn relative_paths_go_up_to_the_common_directory() {
        let root = std::env::temp_dir();
        let path = relative(&root.join("no/such/client"), &root.join("runtime"));
        assert_eq!(path.unwrap(), Path::new("../../../runtime"));
    }

    #[test]
    fn package_name_from_title() {
        for (title, name) in [
            ("Media API (beta)", "media-api-beta-client"),
            ("A title of more than four words", "a-title-of-more-client"),
            ("1Forge", "api-1forge-client"),
            ("媒体", "api-client"),
        ] {
            assert_eq!(package_name(title), name);
        }
    }
}
