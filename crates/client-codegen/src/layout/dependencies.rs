//! The dependencies of generated code.

use openapi_contract::rust_names;

use crate::options::Options;

/// A dependency of generated code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) name: &'static str,
    /// The minimum version.
    pub(crate) version: &'static str,
    pub(crate) features: Vec<&'static str>,
    pub(crate) default_features: bool,
    /// Required only with this cargo feature.
    pub(crate) feature: Option<&'static str>,
    /// The cargo features of the generated crate that enable a feature of this dependency with the same name.
    pub(crate) forwarded: Vec<&'static str>,
    /// The directory of the crate, if it does not come from the registry.
    pub(crate) path: Option<String>,
}

impl Dependency {
    /// Sets the directory of the runtime crate, if this is a dependency on it.
    pub(crate) fn with_runtime(mut self, options: &Options) -> Self {
        if self.name == RUNTIME {
            let path = options.runtime.as_ref();
            self.path = path.map(|path| path.to_string_lossy().replace('\\', "/"));
        }
        self
    }
}

/// The crate that all generated clients share.
pub(crate) const RUNTIME: &str = "openapi-client-runtime";

/// A crate that generated code may use.
struct DependencyVersion {
    /// The name of the crate in paths.
    crate_name: &'static str,
    package: &'static str,
    /// The minimum version.
    version: &'static str,
    features: &'static [&'static str],
    default_features: bool,
    /// The cargo feature of the client that requires it.
    feature: Option<&'static str>,
}

impl DependencyVersion {
    /// A dependency with default features, whose package and crate have the same name.
    const fn new(crate_name: &'static str, version: &'static str) -> Self {
        Self {
            crate_name,
            package: crate_name,
            version,
            features: &[],
            default_features: true,
            feature: None,
        }
    }
}

/// The crates that generated code may use, with the versions that the generator is tested with.
const DEPENDENCY_VERSIONS: &[DependencyVersion] = &[
    DependencyVersion::new("bytes", "1"),
    DependencyVersion {
        features: &["serde", "std"],
        default_features: false,
        ..DependencyVersion::new("chrono", "0.4")
    },
    DependencyVersion {
        features: &["std"],
        default_features: false,
        ..DependencyVersion::new("futures", "0.3")
    },
    DependencyVersion {
        package: RUNTIME,
        ..DependencyVersion::new("openapi_client_runtime", crate::RUNTIME_VERSION)
    },
    DependencyVersion {
        default_features: false,
        ..DependencyVersion::new("reqwest", "0.13")
    },
    DependencyVersion {
        features: &["derive"],
        ..DependencyVersion::new("serde", "1")
    },
    DependencyVersion::new("serde_json", "1"),
    DependencyVersion {
        features: &["serde"],
        ..DependencyVersion::new("uuid", "1")
    },
];

/// Returns whether generated code may depend on a crate with this name.
pub(super) fn is_known(name: &str) -> bool {
    DEPENDENCY_VERSIONS
        .iter()
        .any(|known| known.package == name)
}

/// The crates that only companion crates depend on.
const COMPANION_DEPENDENCIES: [&str; 10] = [
    "anyhow",
    "clap",
    "clap_complete",
    "comfy_table",
    "httpmock",
    "indicatif",
    "regex",
    "rustls",
    "serde_yaml_ng",
    "tokio",
];

/// Returns what else a crate name stands for in generated code: a keyword, or another crate. Such a name
/// cannot be used for a client crate.
pub fn package_name_conflict(package: &str) -> Option<&'static str> {
    let name = package.replace('-', "_");
    let is_known = || {
        DEPENDENCY_VERSIONS
            .iter()
            .any(|known| known.crate_name == name)
    };
    if rust_names::is_keyword(&name) {
        Some("a Rust keyword")
    } else if ["alloc", "core", "proc_macro", "std", "test"].contains(&name.as_str()) {
        Some("a standard library crate")
    } else if is_known() || COMPANION_DEPENDENCIES.contains(&name.as_str()) {
        Some("a crate that the generated code depends on")
    } else {
        None
    }
}

/// The crates used by some code.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct UsedCrates([bool; DEPENDENCY_VERSIONS.len()]);

impl UsedCrates {
    /// Adds the crates that start a path: `::name::` or `name::`, but not `other::name::`.
    pub(super) fn add(&mut self, code: &str) {
        let lines = code.lines().map(str::trim_start);
        // Documentation does not count.
        for line in lines.filter(|line| !line.starts_with("//")) {
            for (end, _) in line.match_indices("::") {
                let name = first_of_path(&line[..end]);
                if let Some(at) = name.and_then(|name| {
                    DEPENDENCY_VERSIONS
                        .iter()
                        .position(|known| known.crate_name == name)
                }) {
                    self.0[at] = true;
                }
            }
        }
    }
}

/// Returns the identifier at the end of some code, if it is the first segment of a path.
fn first_of_path(code: &str) -> Option<&str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let start = code.trim_end_matches(is_name).len();
    let (before, name) = code.split_at(start);
    let before = before.strip_suffix("::").unwrap_or(before);
    (!before.ends_with(|c| is_name(c) || c == '>')).then_some(name)
}

/// Returns the dependencies in alphabetical order, including schemars. The runtime crate gets these features, and
/// forwards others.
pub(super) fn used(
    named: UsedCrates,
    runtime: &[&'static str],
    forwarded: &[&'static str],
) -> Vec<Dependency> {
    let used = DEPENDENCY_VERSIONS
        .iter()
        .zip(named.0)
        .filter(|(_, named)| *named)
        .map(|(known, _)| known);
    let mut crates: Vec<Dependency> = used
        .map(|known| Dependency {
            name: known.package,
            version: known.version,
            features: match known.package {
                RUNTIME => runtime.to_vec(),
                _ => known.features.to_vec(),
            },
            default_features: known.default_features,
            feature: known.feature,
            forwarded: match known.package {
                RUNTIME => forwarded.to_vec(),
                _ => Vec::new(),
            },
            path: None,
        })
        .collect();
    let uses = |name: &str| crates.iter().any(|used| used.name == name);
    let views = [
        ("chrono", "chrono04"),
        ("uuid", "uuid1"),
        ("bytes", "bytes1"),
    ];
    crates.push(Dependency {
        name: "schemars",
        version: "1.2",
        features: views
            .iter()
            .filter(|(of, _)| uses(of))
            .map(|(_, feature)| *feature)
            .collect(),
        default_features: true,
        feature: Some("schemars"),
        forwarded: Vec::new(),
        path: None,
    });
    crates.sort_by_key(|used| used.name);
    crates
}

#[cfg(test)]
mod tests {
    use super::{UsedCrates, used};

    #[test]
    fn only_the_first_segment_of_a_path_is_a_crate() {
        let mut named = UsedCrates::default();
        named.add(
            "use ::futures::Stream;\n/// A `bytes::Bytes`.\n\
             fn f(a: ::uuid::Uuid) -> self::chrono::X { <A as ::serde::B>::c(bytes) }\n",
        );
        let crates = used(named, &[], &[]);
        let names: Vec<_> = crates.iter().map(|used| used.name).collect();
        assert_eq!(names, ["futures", "schemars", "serde", "uuid"]);
        assert_eq!(crates[1].features, ["uuid1"]);
    }
}
