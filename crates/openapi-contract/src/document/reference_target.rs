//! Parsing of references into a file and a fragment.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A parsed reference.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReferenceTarget<'a> {
    /// The file, as a path relative to the root directory; `None` for the same file.
    pub(super) file: Option<String>,
    /// The fragment, without `#`.
    pub(super) fragment: &'a str,
}

/// Why a reference does not name a file of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InvalidTarget {
    /// The reason, as a predicate of the reference.
    pub(super) reason: &'static str,
    /// How to fix the reference.
    pub(super) remedy: &'static str,
}

/// Parses a reference in the file at `base`, a path relative to the root directory `root`. References
/// may leave the root and come back, as `../api/a.yaml` does for `api`.
///
/// # Errors
/// When the reference does not name a file below the root.
pub(super) fn target<'a>(
    reference: &'a str,
    root: &[String],
    base: &str,
) -> Result<ReferenceTarget<'a>, InvalidTarget> {
    let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    if file.is_empty() {
        return Ok(ReferenceTarget {
            file: None,
            fragment,
        });
    }
    if file.starts_with("//") || is_url(file) {
        return Err(InvalidTarget {
            reason: "is a URL, which is not fetched",
            remedy: "Save the file in the contract's directory and refer to it by its relative path.",
        });
    }
    let file = percent_decode(file);
    if file.starts_with('/') {
        return Err(InvalidTarget {
            reason: "is an absolute path",
            remedy: "Use a path relative to this file.",
        });
    }
    if file.contains(['\\', '\0']) {
        return Err(InvalidTarget {
            reason: "is not a valid path",
            remedy: "Separate directories with `/`.",
        });
    }
    const OUTSIDE: InvalidTarget = InvalidTarget {
        reason: "is outside the contract's directory",
        remedy: "Move the file into the contract's directory, or name a directory above both files with `--root-dir`.",
    };
    let directory = base.rsplit_once('/').map(|(directory, _)| directory);
    let mut steps: Vec<&str> = root.iter().map(String::as_str).collect();
    for step in directory
        .iter()
        .flat_map(|directory| directory.split('/'))
        .chain(file.split('/'))
    {
        match step {
            "" | "." => {}
            ".." => {
                if steps.pop().is_none() {
                    return Err(OUTSIDE);
                }
            }
            _ => steps.push(step),
        }
    }
    let is_below =
        steps.len() >= root.len() && steps.iter().zip(root).all(|(step, name)| step == name);
    if !is_below {
        return Err(OUTSIDE);
    }
    let steps = &steps[root.len()..];
    if steps.is_empty() {
        return Err(InvalidTarget {
            reason: "is a directory",
            remedy: "Refer to a file in the directory.",
        });
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

    fn file(reference: &str, base: &str) -> Result<String, InvalidTarget> {
        file_below(&[], reference, base)
    }

    fn file_below(root: &[&str], reference: &str, base: &str) -> Result<String, InvalidTarget> {
        let root: Vec<String> = root.iter().map(|&name| name.to_owned()).collect();
        target(reference, &root, base).map(|target| target.file.unwrap_or_default())
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
    fn paths_may_leave_the_root_and_come_back() {
        let root = ["srv", "api"];
        for (reference, base, expected) in [
            ("../api/a.yaml", "main.yaml", "a.yaml"),
            ("../../../srv/api/b/a.yaml", "x/y.yaml", "b/a.yaml"),
            ("../../api/./x/a.yaml", "x/y.yaml", "x/a.yaml"),
        ] {
            let found = file_below(&root, reference, base);
            assert_eq!(found, Ok(expected.to_owned()), "{reference}");
        }
        for reference in [
            "../a.yaml",
            "../other/a.yaml",
            "../../api/a.yaml",
            "../../../srv/api/a.yaml",
            "..",
            "%2e%2e/a.yaml",
        ] {
            let error = file_below(&root, reference, "main.yaml").expect_err(reference);
            assert!(error.reason.contains("outside"), "{reference}");
            assert!(error.remedy.contains("`--root-dir`"), "{reference}");
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
            ("..\\z.yaml", "not a valid path"),
            ("a%00", "not a valid path"),
            (".", "directory"),
        ] {
            let error = file(reference, "main.yaml").expect_err(reference);
            assert!(error.reason.contains(why), "{reference}: {}", error.reason);
        }
    }
}
