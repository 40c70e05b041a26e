//! What the text of a reference names: a file of the contract, and a place in it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A reference, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReferenceTarget<'a> {
    /// The file, as a path relative to the contract's folder; nothing where it is the same file.
    pub(super) file: Option<String>,
    /// The fragment, without `#`.
    pub(super) fragment: &'a str,
}

/// Takes a reference apart that is written in the file at `base`, a path relative to the contract's
/// folder.
///
/// # Errors
/// Why no file of the contract can be meant.
pub(super) fn target<'a>(
    reference: &'a str,
    base: &str,
) -> Result<ReferenceTarget<'a>, &'static str> {
    let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    if file.is_empty() {
        return Ok(ReferenceTarget {
            file: None,
            fragment,
        });
    }
    if file.starts_with("//") || is_url(file) {
        return Err("is no path: nothing is fetched, save it below the contract's folder");
    }
    let file = percent_decode(file);
    if file.starts_with('/') {
        return Err("is an absolute path: write it relative to this file");
    }
    if file.contains(['\\', '\0']) {
        return Err("is no path: its parts are separated by `/`");
    }
    let folder = base.rsplit_once('/').map(|(folder, _)| folder);
    let mut steps: Vec<&str> = Vec::new();
    for step in folder
        .iter()
        .flat_map(|folder| folder.split('/'))
        .chain(file.split('/'))
    {
        match step {
            "" | "." => {}
            ".." => {
                let is_inside = steps.pop().is_some();
                if !is_inside {
                    return Err("leads out of the contract's folder: move it below");
                }
            }
            _ => steps.push(step),
        }
    }
    if steps.is_empty() {
        return Err("is a folder: name a file in it");
    }
    Ok(ReferenceTarget {
        file: Some(steps.join("/")),
        fragment,
    })
}

/// Whether a reference starts with a scheme, as `https:` and `file:` do.
fn is_url(reference: &str) -> bool {
    let Some((scheme, _)) = reference.split_once(':') else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.'))
}

/// Decodes `%XX` of a URI; anything else stays as it is.
pub(super) fn percent_decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(reference: &str, base: &str) -> Result<String, &'static str> {
        target(reference, base).map(|target| target.file.unwrap_or_default())
    }

    #[test]
    fn paths_are_relative_to_their_file() {
        for (reference, base, expected) in [
            ("#/a", "main.yaml", ""),
            ("other.yaml#/a", "main.yaml", "other.yaml"),
            ("./x/y.yaml", "main.yaml", "x/y.yaml"),
            ("z.yaml", "x/y.yaml", "x/z.yaml"),
            ("../z.yaml", "x/y.yaml", "z.yaml"),
            ("a%20b%2ec.yaml", "x/y.yaml", "x/a b.c.yaml"),
            ("a/../..//./main.yaml", "x/y.yaml", "main.yaml"),
        ] {
            assert_eq!(
                file(reference, base),
                Ok(expected.to_owned()),
                "{reference}"
            );
        }
    }

    #[test]
    fn what_is_outside_is_refused() {
        for (reference, why) in [
            ("../z.yaml", "leads out"),
            ("%2e%2E/z.yaml", "leads out"),
            ("a/../../z.yaml", "leads out"),
            ("/etc/hosts", "absolute"),
            ("%2Fetc/hosts", "absolute"),
            ("file:///etc/hosts", "fetched"),
            ("HTTPS://example.com/x", "fetched"),
            ("//example.com/x", "fetched"),
            ("C:/x", "fetched"),
            ("..\\z.yaml", "separated"),
            ("a%00", "separated"),
            (".", "folder"),
        ] {
            let error = file(reference, "main.yaml").expect_err(reference);
            assert!(error.contains(why), "{reference}: {error}");
        }
    }
}
