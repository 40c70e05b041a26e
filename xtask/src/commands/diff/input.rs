//! The arguments of `diff`: a file, or a file in a git revision.

use std::io;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};
use openapi_contract::document::Document;

use super::git;
use crate::args::RootDir;
use crate::workspace::Workspace;

/// A parsed argument.
#[derive(Debug, PartialEq, Eq)]
enum Input<'a> {
    File(&'a Path),
    Revision { revision: &'a str, path: &'a str },
}

/// Reads the contract given by an argument.
pub(super) fn read(workspace: &Workspace, argument: &str, root_dir: &RootDir) -> Result<Document> {
    match parse(argument, |path| path.exists()) {
        Input::File(path) => workspace.contract(path, root_dir),
        Input::Revision { revision, path } => {
            let directory = directory(workspace);
            let mut first = Some(git::read(&directory, revision, path)?);
            // The contract may reference other files, which come from the same revision.
            let mut read = |name: &str| match first.take() {
                Some(bytes) => Ok(bytes),
                None => git::read_name(&directory, name).map_err(io::Error::other),
            };
            Ok(match &root_dir.path {
                None => Document::load_with(argument, &mut read)?,
                Some(root) => {
                    let root = root_in_revision(root, revision, path)?;
                    Document::load_with_below(&root, argument, &mut read)?
                }
            })
        }
    }
}

/// The directory that references may lead to, as the start of the names of files in a revision. Like
/// `path`, it is relative to the repository, or to the current directory if `path` starts with `./`.
fn root_in_revision(root: &Path, revision: &str, path: &str) -> Result<String> {
    let mut names = Vec::new();
    for component in root.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => names.push(name.to_string_lossy()),
            _ => bail!(
                "--root-dir {} is not a directory below the repository, which a git revision requires; \
                 pass a relative path without `..`",
                root.display()
            ),
        }
    }
    let mut start = format!("{revision}:");
    if path.starts_with("./") {
        start += "./";
    }
    for name in names {
        start += &name;
        start.push('/');
    }
    Ok(start)
}

/// The directory to run git in: the current one if it is inside the workspace, so that
/// `REV:./PATH` works.
fn directory(workspace: &Workspace) -> PathBuf {
    let resolved = |path: &Path| path.canonicalize().ok();
    let current = std::env::current_dir()
        .ok()
        .and_then(|path| resolved(&path));
    match (current, resolved(workspace.root())) {
        (Some(current), Some(root)) if current.starts_with(&root) => current,
        _ => workspace.root().to_owned(),
    }
}

/// Tells files and revisions apart.
fn parse(argument: &str, exists: impl Fn(&Path) -> bool) -> Input<'_> {
    let path = Path::new(argument);
    if exists(path) || is_windows_path(argument) {
        return Input::File(path);
    }
    match split(argument) {
        Some((revision, path)) => Input::Revision { revision, path },
        None => Input::File(path),
    }
}

/// `C:\contract.yaml` and `C:/contract.yaml` start with a drive, not a revision.
fn is_windows_path(argument: &str) -> bool {
    matches!(argument.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
}

/// Splits at the first colon outside of braces, as git does: `HEAD@{12:30}:path`.
fn split(argument: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, character) in argument.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => return Some((&argument[..at], &argument[at + 1..])),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(argument: &str) -> Input<'_> {
        parse(argument, |_| false)
    }

    #[test]
    fn colon_separates_revision_and_path() {
        let revision = |revision, path| Input::Revision { revision, path };
        assert_eq!(missing("old.yaml"), Input::File(Path::new("old.yaml")));
        assert_eq!(missing("HEAD~1:a.yaml"), revision("HEAD~1", "a.yaml"));
        assert_eq!(missing("v1:dir/a:b.yaml"), revision("v1", "dir/a:b.yaml"));
        assert_eq!(missing(":a.yaml"), revision("", "a.yaml"));
        assert_eq!(
            missing("main@{12:30}:a.yaml"),
            revision("main@{12:30}", "a.yaml")
        );
    }

    #[test]
    fn root_directories_of_revisions_are_relative() {
        let root = |root: &str, path: &str| root_in_revision(Path::new(root), "v1", path).ok();
        assert_eq!(root(".", "api/a.yaml").as_deref(), Some("v1:"));
        assert_eq!(root("api/", "api/a.yaml").as_deref(), Some("v1:api/"));
        assert_eq!(
            root("./api/b", "./api/b/a.yaml").as_deref(),
            Some("v1:./api/b/")
        );
        assert_eq!(root("..", "api/a.yaml"), None);
        assert_eq!(root("/api", "api/a.yaml"), None);
    }

    #[test]
    fn windows_paths_and_existing_files_with_a_colon_are_files() {
        for argument in ["C:\\a.yaml", "c:/a.yaml"] {
            assert_eq!(missing(argument), Input::File(Path::new(argument)));
        }
        assert_eq!(
            parse("a:b.yaml", |_| true),
            Input::File(Path::new("a:b.yaml"))
        );
    }
}
