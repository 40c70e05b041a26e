//! Finds the types that the operations of each group use, in the printed code.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::{SHARED, TagGroups};
use super::printing::PrintedType;

/// Returns the types that a builder uses: `types::X`, and `types::builder::X`.
pub(super) fn types(text: &str) -> impl Iterator<Item = String> {
    let paths = text.split("types::").skip(1);
    paths.map(|path| {
        let path = path.strip_prefix("builder::").unwrap_or(path);
        let end = path.find(|c: char| !is_name(c)).unwrap_or(path.len());
        path[..end].to_owned()
    })
}

/// Returns the group of each type by name.
pub(super) fn groups(
    groups: &TagGroups,
    parts: &[PrintedType],
    used: &[BTreeSet<String>],
) -> BTreeMap<String, usize> {
    if groups.all().len() == 1 {
        return BTreeMap::new();
    }
    let types = || parts.iter().filter(|part| part.path == "types");
    let names: BTreeSet<&str> = types().map(|part| part.name.as_str()).collect();
    let uses = types().map(|part| (part.name.as_str(), words(&part.text, &names)));
    let used: Vec<BTreeSet<&str>> = used
        .iter()
        .map(|used| {
            used.iter()
                .filter_map(|name| names.get(name.as_str()).copied())
                .collect()
        })
        .collect();
    groups.of_types(&uses.collect(), &used)
}

/// Returns the group of a part: that of the type with its name, or of the types that a function uses.
pub(super) fn group(of: &BTreeMap<String, usize>, part: &PrintedType) -> usize {
    of.get(&part.name).copied().unwrap_or_else(|| {
        let named = all_words(&part.text).filter_map(|word| of.get(word));
        named.copied().max().unwrap_or(SHARED)
    })
}

/// Returns the type names that some code uses.
fn words<'a>(text: &str, names: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    all_words(text)
        .filter_map(|word| names.get(word).copied())
        .collect()
}

/// Returns the identifiers in upper camel case, ignoring documentation.
fn all_words(text: &str) -> impl Iterator<Item = &str> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("///"));
    code.flat_map(|line| line.split(|c: char| !is_name(c)))
        .filter(|word| word.starts_with(|c: char| c.is_uppercase()))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{types, words};

    #[test]
    fn names_in_documentation_are_ignored() {
        let text = "/// A `B`.\nstruct A {\n    /// B\n    c: Vec<C>,\n}\n";
        let names = BTreeSet::from(["A", "B", "C"]);
        assert_eq!(words(text, &names), BTreeSet::from(["A", "C"]));
        let found: Vec<String> = types("f: types::A, g: types::builder::B<").collect();
        assert_eq!(found, ["A", "B"]);
    }
}
