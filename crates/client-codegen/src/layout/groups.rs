//! Groups operations and types by tag, for modules and cargo features.
//!
//! An operation and its builder belong to the first tag of the operation. A type belongs to a tag if only
//! operations of that tag use it, directly or indirectly; all other types are shared.

use std::collections::{BTreeMap, BTreeSet};

use openapi_contract::rust_names;

use crate::client_ir::Operation;
use crate::identifiers::first_unused;
use crate::layout::dependencies;

/// The number of operations from which each tag becomes a cargo feature.
const LARGE: usize = 100;

/// Features of client crates that are not tags.
const TAKEN: [&str; 7] = [
    "builders",
    "default",
    "native-tls",
    "oauth2",
    "retry",
    "rustls",
    "schemars",
];

/// The index of the shared group.
pub(super) const SHARED: usize = 0;

/// The operations and types of a tag, or the shared ones.
#[derive(Debug)]
pub(super) struct TagGroup {
    /// The tag in the contract, or `None` for the shared group.
    pub(super) tag: Option<String>,
    /// The name of the modules and files.
    pub(super) module: String,
    /// The cargo feature that enables the group.
    pub(super) feature: Option<String>,
}

/// The groups of a contract: the shared group first, then the tags in the order of the operations.
#[derive(Debug)]
pub(super) struct TagGroups {
    all: Vec<TagGroup>,
    methods: BTreeMap<String, usize>,
    builders: BTreeMap<String, usize>,
}

impl TagGroups {
    /// Creates the groups of these operations. With `gates`, the tags of a large contract are cargo features.
    pub(super) fn new(operations: &[Operation], gates: bool) -> Self {
        let mut groups = Self {
            all: vec![TagGroup {
                tag: None,
                module: "shared".to_owned(),
                feature: None,
            }],
            methods: BTreeMap::new(),
            builders: BTreeMap::new(),
        };
        let tags: BTreeSet<&String> = operations
            .iter()
            .filter_map(|op| op.plan.tag.as_ref())
            .collect();
        let is_large = gates && operations.len() >= LARGE && tags.len() > 1;
        for operation in operations {
            let group = match &operation.plan.tag {
                Some(tag) => groups.of_tag(tag, is_large),
                None => SHARED,
            };
            groups.methods.insert(operation.method.clone(), group);
            groups.builders.insert(operation.builder.to_string(), group);
        }
        groups
    }

    fn of_tag(&mut self, tag: &str, is_large: bool) -> usize {
        if let Some(at) = self
            .all
            .iter()
            .position(|group| group.tag.as_deref() == Some(tag))
        {
            return at;
        }
        let words = words(tag);
        let is_taken = |name: &str| self.all.iter().any(|group| group.module == name);
        let module = unused(&words.join("_"), '_', |name| {
            is_taken(name) || ["builder", "defaults", "error"].contains(&name)
        });
        let feature = is_large.then(|| self.feature(&words));
        self.all.push(TagGroup {
            tag: Some(tag.to_owned()),
            module,
            feature,
        });
        self.all.len() - 1
    }

    /// An unused feature for a tag with these words.
    fn feature(&self, words: &[String]) -> String {
        unused(&words.join("-"), '-', |name| {
            TAKEN.contains(&name)
                || dependencies::is_known(name)
                || self.features().any(|feature| feature == name)
        })
    }

    /// Returns the cargo features, in the order of the operations.
    pub(super) fn features(&self) -> impl Iterator<Item = &str> {
        self.all.iter().filter_map(|group| group.feature.as_deref())
    }

    /// Returns all groups, the shared group first.
    pub(super) fn all(&self) -> &[TagGroup] {
        &self.all
    }

    /// Returns whether a method of the client is an operation.
    pub(super) fn is_method(&self, name: &syn::Ident) -> bool {
        self.methods.contains_key(&name.to_string())
    }

    /// Returns the group of an operation, given the method of the client.
    pub(super) fn of_method(&self, method: &str) -> usize {
        self.methods.get(method).copied().unwrap_or(SHARED)
    }

    /// Returns the group of an operation, given its builder.
    pub(super) fn of_builder(&self, builder: &str) -> usize {
        self.builders.get(builder).copied().unwrap_or(SHARED)
    }

    /// Returns the group of each type. `uses` has the types that each type refers to, `used` those that the
    /// operations of each group refer to.
    pub(super) fn of_types(
        &self,
        uses: &BTreeMap<&str, BTreeSet<&str>>,
        used: &[BTreeSet<&str>],
    ) -> BTreeMap<String, usize> {
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for (group, roots) in used.iter().enumerate() {
            mark(uses, roots.iter().copied().collect(), group, &mut found);
        }
        // Types that no operation uses are always available, and so are the types they refer to.
        let unused = uses
            .keys()
            .copied()
            .filter(|name| !found.contains_key(name))
            .collect();
        mark(uses, unused, SHARED, &mut found);
        found
            .into_iter()
            .map(|(name, group)| (name.to_owned(), group))
            .collect()
    }
}

/// Assigns all reachable types to a group. Types that two groups reach are shared.
fn mark<'a>(
    uses: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    mut open: Vec<&'a str>,
    group: usize,
    found: &mut BTreeMap<&'a str, usize>,
) {
    while let Some(name) = open.pop() {
        let merged = match found.get(name) {
            Some(&before) if before == group || before == SHARED => continue,
            Some(_) => SHARED,
            None => group,
        };
        found.insert(name, merged);
        if merged == SHARED && group != SHARED {
            mark(uses, vec![name], SHARED, found);
        }
        open.extend(uses.get(name).into_iter().flatten());
    }
}

/// Splits a tag into words in lower case: `Git data (v2)` is `git`, `data`, `v2`.
fn words(tag: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for c in tag.chars() {
        if !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && was_lower) {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        was_lower = c.is_ascii_lowercase();
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    if words
        .first()
        .is_none_or(|first| first.starts_with(|c: char| c.is_ascii_digit()))
    {
        words.insert(0, "tag".to_owned());
    }
    words
}

/// Returns an unused name that is not a keyword, with a suffix if necessary.
fn unused(name: &str, separator: char, is_taken: impl Fn(&str) -> bool) -> String {
    let variant = |count| match count {
        1 => format!("{name}{separator}tag"),
        _ => format!("{name}{separator}tag{separator}{count}"),
    };
    first_unused(name, variant, |name| {
        is_taken(name) || rust_names::is_keyword(name)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{SHARED, TagGroup, TagGroups, unused, words};

    #[test]
    fn tags_are_split_into_words() {
        assert_eq!(words("Git data (v2)"), ["git", "data", "v2"]);
        assert_eq!(words("codeScanning"), ["code", "scanning"]);
        assert_eq!(words("2FA"), ["tag", "2fa"]);
        assert_eq!(words("媒体"), ["tag"]);
        assert_eq!(unused("type", '_', |_| false), "type_tag");
        assert_eq!(
            unused("a", '-', |name| name == "a" || name == "a-tag"),
            "a-tag-2"
        );
    }

    #[test]
    fn features_of_tags_are_not_those_of_every_client() {
        let groups = TagGroups {
            all: Vec::new(),
            methods: BTreeMap::new(),
            builders: BTreeMap::new(),
        };
        let feature = |tag: &str| groups.feature(&words(tag));
        assert_eq!(feature("Builders"), "builders-tag");
        assert_eq!(feature("retry"), "retry-tag");
        assert_eq!(feature("pets"), "pets");
    }

    #[test]
    fn types_belong_to_the_only_tag_that_uses_them() {
        let group = |name: &str| TagGroup {
            tag: Some(name.to_owned()),
            module: name.to_owned(),
            feature: None,
        };
        let groups = TagGroups {
            all: vec![group("shared"), group("a"), group("b")],
            methods: BTreeMap::new(),
            builders: BTreeMap::new(),
        };
        let uses = BTreeMap::from([
            ("A", BTreeSet::from(["Inner", "Both"])),
            ("B", BTreeSet::from(["Both"])),
            ("Inner", BTreeSet::from(["A"])),
            ("Both", BTreeSet::from(["Deep"])),
            ("Deep", BTreeSet::new()),
            ("Unused", BTreeSet::from(["Needed"])),
            ("Needed", BTreeSet::new()),
        ]);
        let used = [
            BTreeSet::new(),
            BTreeSet::from(["A"]),
            BTreeSet::from(["B", "Needed"]),
        ];
        let of = groups.of_types(&uses, &used);
        let expected = [
            ("A", 1),
            ("B", 2),
            ("Inner", 1),
            ("Both", SHARED),
            ("Deep", SHARED),
            ("Unused", SHARED),
            ("Needed", SHARED),
        ];
        for (name, group) in expected {
            assert_eq!(of[name], group, "{name}");
        }
    }
}
