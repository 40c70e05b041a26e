//! Parsing of references into a file and a fragment.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A parsed reference.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReferenceTarget<'a> {
    /// The file, as a path relative to the contract's directory; `None` for the same file.
    pub(super) file: Option<String>,
    /// The fragment, without `#`.
    pub(super) fragment: &'a str,
}

/// Parses a reference in the file at `base`, a path relative to the contract's directory.
///
/// # Errors
/// The reason why the reference does not name a file of the contract.
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
        return Err("is a URL, which is not fetched; save the file in the contract's directory");
    }
    let file = percent_decode(file);
    if file.starts_with('/') {
        return Err("is an absolute path; use a path relative to this file");
    }
    if file.contains(['\\', '\0']) {
        return Err("is not a valid path; separate directories with `/`");
    }
    let directory = base.rsplit_once('/').map(|(directory, _)| directory);
    let mut steps: Vec<&str> = Vec::new();
    for step in directory
        .iter()
        .flat_map(|directory| directory.split('/'))
        .chain(file.split('/'))
    {
        match step {
            "" | "." => {}
            ".." => {
                let is_inside = steps.pop().is_some();
                if !is_inside {
                    return Err("is outside the contract's directory; move the file into it");
                }
            }
            _ => steps.push(step),
        }
    }
    if steps.is_empty() {
        return Err("is a directory; refer to a file in it");
    }
    Ok(ReferenceTarget {
        file: Some(steps.join("/")),
        fragment,
    })
}

/// Whether a reference starts with a URI scheme, such as `https:` or `file:`.
fn is_url(reference: &str) -> bool {
    let Some((scheme, _)) = reference.split_once(':') else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.'))
}

/// Decodes `%XX`; everything else is unchanged.
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
    fn paths_are_relative_to_the_referring_file() {
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
    fn targets_outside_the_directory_are_rejected() {
        for (reference, why) in [
            ("../z.yaml", "outside"),
            ("%2e%2E/z.yaml", "outside"),
            ("a/../../z.yaml", "outside"),
            ("/etc/hosts", "absolute"),
            ("%2Fetc/hosts", "absolute"),
            ("file:///etc/hosts", "fetched"),
            ("HTTPS://example.com/x", "fetched"),
            ("//example.com/x", "fetched"),
            ("C:/x", "fetched"),
            ("..\\z.yaml", "separated"),
            ("a%00", "separated"),
            (".", "directory"),
        ] {
            let error = file(reference, "main.yaml").expect_err(reference);
            assert!(error.contains(why), "{reference}: {error}");
        }
    }
}
