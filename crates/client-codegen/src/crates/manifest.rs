//! Adds the dependencies and features of generated code to the manifest of a crate.
//!
//! The manifest is edited by hand. The generator adds missing entries and raises versions that are too old. It
//! keeps the order, comments and all other entries. Updating a manifest twice has no further effect.

use proc_macro2::TokenStream;
use semver::{Version, VersionReq};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::Companion;
use crate::error::ManifestError;
use crate::header::{CODEGEN_VERSION, FileHeader, PROGENITOR_VERSION};
use crate::layout::Dependency;

/// The file name of the manifest.
pub const MANIFEST: &str = "Cargo.toml";

/// The cargo feature of a client with the builders of types that occur only in responses.
pub(crate) const BUILDERS: &str = "builders";

/// A manifest to update.
pub(crate) struct Manifest {
    document: DocumentMut,
}

impl Manifest {
    pub(crate) fn parse(text: &str) -> Result<Self, ManifestError> {
        Ok(Self {
            document: text.replace("\r\n", "\n").parse()?,
        })
    }

    pub(crate) fn into_text(self) -> String {
        self.document.to_string()
    }

    /// Returns the type of the hand-written state of the client's hooks, if the crate declares one.
    pub(crate) fn client_state(&self) -> Result<Option<TokenStream>, ManifestError> {
        let metadata = self
            .document
            .get("package")
            .and_then(|package| package.get("metadata"));
        let setting = metadata
            .and_then(|metadata| metadata.get("openapi"))
            .and_then(|openapi| openapi.get("client-state"));
        let Some(setting) = setting else {
            return Ok(None);
        };
        let path = setting.as_str().ok_or_else(|| {
            wrong_type(
                "package.metadata.openapi.client-state",
                "a string with a Rust path",
            )
        })?;
        match syn::parse_str::<syn::Path>(path) {
            Ok(parsed) => Ok(Some(quote::quote!(#parsed))),
            Err(_) => Err(ManifestError::ClientState(path.to_owned())),
        }
    }

    /// Adds missing dependencies and features, and raises versions that are too old.
    pub(crate) fn ensure(&mut self, crates: &[Dependency]) -> Result<(), ManifestError> {
        let dependencies = table(self.document.as_table_mut(), "dependencies", "dependencies")?;
        for needed in crates {
            ensure_dependency(dependencies, needed)?;
        }
        for needed in crates {
            for feature in &needed.forwarded {
                self.enable(feature, format!("{}/{feature}", needed.name))?;
            }
            if let Some(feature) = needed.feature {
                self.enable(feature, format!("dep:{}", needed.name))?;
            }
        }
        Ok(())
    }

    /// Adds a cargo feature, if it is missing.
    pub(crate) fn ensure_feature(&mut self, feature: &str) -> Result<(), ManifestError> {
        self.feature(feature)?;
        Ok(())
    }

    /// Returns what a cargo feature enables, which is nothing if it is new.
    fn feature(&mut self, feature: &str) -> Result<&mut Array, ManifestError> {
        let features = table(self.document.as_table_mut(), "features", "features")?;
        let key = format!("features.{feature}");
        features
            .entry(feature)
            .or_insert_with(|| toml_edit::value(Array::new()))
            .as_array_mut()
            .ok_or_else(|| wrong_type(&key, "an array"))
    }

    /// Enables a feature of the client that a companion belongs to. A dependency may rename the client.
    pub(crate) fn ensure_client(
        &mut self,
        companion: &Companion,
        feature: &str,
    ) -> Result<(), ManifestError> {
        let client = &companion.client;
        let dependencies = table(self.document.as_table_mut(), "dependencies", "dependencies")?;
        let is_client = |(name, item): &(&str, &Item)| {
            let package = item.get("package").and_then(Item::as_str);
            package.unwrap_or(name) == client
        };
        let name = dependencies.iter().find(is_client);
        let name = match name.map(|(name, _)| name.to_owned()) {
            Some(name) => name,
            None => {
                let mut table = InlineTable::new();
                table.insert("path", companion.path.as_str().into());
                dependencies.insert(client, Item::Value(Value::InlineTable(table)));
                client.clone()
            }
        };
        let key = format!("dependencies.{name}");
        let Some(item) = dependencies.get_mut(&name) else {
            return Ok(());
        };
        expand(item);
        let table = item
            .as_table_like_mut()
            .ok_or_else(|| wrong_type(&key, "a dependency"))?;
        let entries = table.len();
        ensure_features(table, &[feature], &key)?;
        space(item, entries);
        Ok(())
    }

    /// Adds an entry to a cargo feature.
    fn enable(&mut self, feature: &str, entry: String) -> Result<(), ManifestError> {
        let list = self.feature(feature)?;
        if !list.iter().any(|value| value.as_str() == Some(&entry)) {
            list.push(entry);
        }
        Ok(())
    }

    /// Adds the cargo features of the contract's tags, and enables new ones by default.
    ///
    /// Existing features that are disabled by default stay disabled. Features of removed tags are removed.
    pub(crate) fn ensure_features(&mut self, tags: &[String]) -> Result<(), ManifestError> {
        let package = table(self.document.as_table_mut(), "package", "package")?;
        let metadata = implicit_table(package, "metadata", "package.metadata")?;
        let openapi = table(metadata, "openapi", "package.metadata.openapi")?;
        let before: Vec<String> = match openapi.get("tag-features").and_then(Item::as_array) {
            Some(array) => array
                .iter()
                .filter_map(|tag| tag.as_str().map(str::to_owned))
                .collect(),
            None => Vec::new(),
        };
        if tags.is_empty() && before.is_empty() {
            return Ok(());
        }
        if tags.is_empty() {
            openapi.remove("tag-features");
        } else if before != tags {
            openapi.insert("tag-features", toml_edit::value(listed(tags)));
        }
        let features = table(self.document.as_table_mut(), "features", "features")?;
        let gone: Vec<&String> = before.iter().filter(|tag| !tags.contains(tag)).collect();
        for tag in &gone {
            features.remove(tag);
        }
        let mut new = Vec::new();
        for tag in tags.iter().filter(|tag| !before.contains(tag)) {
            features
                .entry(tag)
                .or_insert_with(|| toml_edit::value(Array::new()));
            new.push(tag);
        }
        let default = features
            .entry("default")
            .or_insert_with(|| toml_edit::value(Array::new()))
            .as_array_mut()
            .ok_or_else(|| wrong_type("features.default", "an array"))?;
        default.retain(|value| !gone.iter().any(|tag| value.as_str() == Some(tag)));
        for tag in new {
            if !default.iter().any(|value| value.as_str() == Some(tag)) {
                default.push(tag.as_str());
            }
        }
        Ok(())
    }

    /// Makes the crate the root of a workspace with these members.
    pub(crate) fn ensure_workspace(&mut self, members: &[String]) -> Result<(), ManifestError> {
        let workspace = table(self.document.as_table_mut(), "workspace", "workspace")?;
        if members.is_empty() {
            return Ok(());
        }
        let list = workspace
            .entry("members")
            .or_insert_with(|| toml_edit::value(Array::new()))
            .as_array_mut()
            .ok_or_else(|| wrong_type("workspace.members", "an array"))?;
        for member in members {
            if !list.iter().any(|value| value.as_str() == Some(member)) {
                list.push(member);
            }
        }
        Ok(())
    }

    /// Returns whether this is the manifest of a generated crate.
    pub(crate) fn is_recorded(&self) -> bool {
        let openapi = self
            .document
            .get("package")
            .and_then(|package| package.get("metadata"))
            .and_then(|metadata| metadata.get("openapi"));
        openapi.is_some_and(|openapi| openapi.get("contract-sha256").is_some())
    }

    /// Returns the name of the package.
    pub(crate) fn package(&self) -> Option<&str> {
        self.document.get("package")?.get("name")?.as_str()
    }

    /// Records the contract and the generator of the crate.
    pub(crate) fn record(
        &mut self,
        contract: &str,
        stamp: &FileHeader,
    ) -> Result<(), ManifestError> {
        let package = table(self.document.as_table_mut(), "package", "package")?;
        let metadata = implicit_table(package, "metadata", "package.metadata")?;
        let openapi = table(metadata, "openapi", "package.metadata.openapi")?;
        let generator =
            format!("client-codegen {CODEGEN_VERSION}, progenitor {PROGENITOR_VERSION}");
        let facts = [
            ("contract", contract),
            ("contract-version", &stamp.version),
            ("contract-sha256", &stamp.sha256),
            ("generator", &generator),
        ];
        for (key, value) in facts {
            set(openapi, key, value.into());
        }
        Ok(())
    }
}

/// Creates an array with one line per entry.
fn listed(entries: &[String]) -> Array {
    let mut array: Array = entries.iter().collect();
    for entry in array.iter_mut() {
        entry.decor_mut().set_prefix("\n  ");
    }
    array.set_trailing("\n");
    array.set_trailing_comma(true);
    array
}

fn wrong_type(key: &str, expected: &'static str) -> ManifestError {
    ManifestError::Type {
        key: key.to_owned(),
        expected,
    }
}

fn table<'a>(
    parent: &'a mut dyn TableLike,
    name: &str,
    key: &str,
) -> Result<&'a mut dyn TableLike, ManifestError> {
    parent
        .entry(name)
        .or_insert_with(|| Item::Table(Table::new()))
        .as_table_like_mut()
        .ok_or_else(|| wrong_type(key, "a table"))
}

/// Creates a table without a header if it contains only tables.
fn implicit_table<'a>(
    parent: &'a mut dyn TableLike,
    name: &str,
    key: &str,
) -> Result<&'a mut dyn TableLike, ManifestError> {
    if parent.get(name).is_none() {
        let mut table = Table::new();
        table.set_implicit(true);
        parent.insert(name, Item::Table(table));
    }
    table(parent, name, key)
}

/// Sets a value, and keeps the whitespace and comments around it.
fn set(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if old.as_str().is_some() && old.as_str() == value.as_str() => {}
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn ensure_dependency(
    dependencies: &mut dyn TableLike,
    needed: &Dependency,
) -> Result<(), ManifestError> {
    let key = format!("dependencies.{}", needed.name);
    if dependencies.get(needed.name).is_none() {
        let sorted = is_sorted(dependencies);
        dependencies.insert(needed.name, Item::Value(declaration(needed)));
        if sorted {
            dependencies.sort_values();
        }
        return Ok(());
    }
    let Some(item) = dependencies.get_mut(needed.name) else {
        return Ok(());
    };
    if let Some(version) = item.as_str() {
        let version = version.to_owned();
        if needed.features.is_empty() && needed.feature.is_none() {
            if !admits(&version, needed.version) {
                set(dependencies, needed.name, needed.version.into());
            }
            return Ok(());
        }
        expand(item);
    }
    let table = item
        .as_table_like_mut()
        .ok_or_else(|| wrong_type(&key, "a dependency"))?;
    let entries = table.len();
    ensure_table(table, needed, &key)?;
    space(item, entries);
    Ok(())
}

/// Makes a table of a dependency that is a version.
fn expand(item: &mut Item) {
    let Some(version) = item.as_str().map(str::to_owned) else {
        return;
    };
    let mut table = InlineTable::new();
    table.insert("version", version.into());
    let mut value = Value::InlineTable(table);
    if let Some(old) = item.as_value() {
        *value.decor_mut() = old.decor().clone();
    }
    *item = Item::Value(value);
}

/// Formats a dependency that had this number of entries: a new entry in `{ a = 1 }` follows the trailing space.
fn space(item: &mut Item, entries: usize) {
    if let Some(inline) = item.as_inline_table_mut()
        && inline.len() > entries
    {
        inline.fmt();
    }
}

/// Enables features of a dependency.
fn ensure_features(
    table: &mut dyn TableLike,
    needed: &[&str],
    key: &str,
) -> Result<(), ManifestError> {
    if needed.is_empty() {
        return Ok(());
    }
    let features = table
        .entry("features")
        .or_insert_with(|| toml_edit::value(Array::new()))
        .as_array_mut()
        .ok_or_else(|| wrong_type(&format!("{key}.features"), "an array"))?;
    for feature in needed {
        if !features
            .iter()
            .any(|value| value.as_str() == Some(*feature))
        {
            features.push(*feature);
        }
    }
    Ok(())
}

fn ensure_table(
    table: &mut dyn TableLike,
    needed: &Dependency,
    key: &str,
) -> Result<(), ManifestError> {
    // An inherited version is defined in the workspace.
    let version = table
        .get("version")
        .and_then(Item::as_str)
        .map(str::to_owned);
    if version.is_some_and(|version| !admits(&version, needed.version)) {
        set(table, "version", needed.version.into());
    }
    ensure_features(table, &needed.features, key)?;
    if needed.feature.is_some() && table.get("optional").and_then(Item::as_bool) != Some(true) {
        set(table, "optional", true.into());
    }
    Ok(())
}

/// Creates the entry of a missing dependency.
fn declaration(needed: &Dependency) -> Value {
    let is_plain = needed.features.is_empty() && needed.default_features;
    if is_plain && needed.feature.is_none() && needed.path.is_none() {
        return needed.version.into();
    }
    let mut table = InlineTable::new();
    table.insert("version", needed.version.into());
    if let Some(path) = &needed.path {
        table.insert("path", path.into());
    }
    if !needed.default_features {
        table.insert("default-features", false.into());
    }
    if !needed.features.is_empty() {
        table.insert(
            "features",
            Value::Array(needed.features.iter().copied().collect()),
        );
    }
    if needed.feature.is_some() {
        table.insert("optional", true.into());
    }
    Value::InlineTable(table)
}

fn is_sorted(table: &dyn TableLike) -> bool {
    table.iter().map(|(key, _)| key).is_sorted()
}

/// Returns whether a requirement excludes versions that are too old for the generated code.
fn admits(requirement: &str, needed: &str) -> bool {
    let (Ok(requirement), Ok(caret)) = (VersionReq::parse(requirement), VersionReq::parse(needed))
    else {
        // Cargo reports invalid requirements.
        return true;
    };
    let (Some(asked), Some(least)) = (requirement.comparators.first(), caret.comparators.first())
    else {
        return true;
    };
    let full = |of: &semver::Comparator| {
        Version::new(of.major, of.minor.unwrap_or(0), of.patch.unwrap_or(0))
    };
    caret.matches(&full(asked)) && full(asked) >= full(least)
}

#[cfg(test)]
mod tests {
    use super::{BUILDERS, Manifest, admits};
    use crate::crates::{Companion, CompanionKind};

    #[test]
    fn mocks_enable_the_builders_of_their_client() {
        let companion = Companion {
            kind: CompanionKind::Mock,
            client: "toys-client".to_owned(),
            module: "toys_client::generated".to_owned(),
            path: "..".to_owned(),
        };
        for (old, expected) in [
            (
                "toys-client = \"1\" # ours\n",
                "toys-client = { version = \"1\", features = [\"builders\"] } # ours\n",
            ),
            (
                "toys-client = { workspace = true, features = [\"rustls\"] }\n",
                "toys-client = { workspace = true, features = [\"rustls\", \"builders\"] }\n",
            ),
            (
                "toys = { package = \"toys-client\", path = \"../a\" }\n",
                "toys = { package = \"toys-client\", path = \"../a\", features = [\"builders\"] }\n",
            ),
            (
                "",
                "toys-client = { path = \"..\", features = [\"builders\"] }\n",
            ),
        ] {
            let updated = |text: &str| {
                let mut manifest = Manifest::parse(text).expect("it is TOML");
                manifest
                    .ensure_client(&companion, BUILDERS)
                    .expect("the manifest is fine");
                manifest.into_text()
            };
            let made = updated(&format!("[dependencies]\n{old}"));
            assert_eq!(made, format!("[dependencies]\n{expected}"));
            assert_eq!(updated(&made), made, "not idempotent");
        }
        for wrong in ["toys-client = 3\n", "toys-client = { features = 3 }\n"] {
            let mut manifest =
                Manifest::parse(&format!("[dependencies]\n{wrong}")).expect("it is TOML");
            assert!(manifest.ensure_client(&companion, BUILDERS).is_err());
        }
    }

    #[test]
    fn requirements_must_exclude_older_versions() {
        assert!(admits("1", "1"));
        assert!(admits("1.4", "1"));
        assert!(admits("0.15.2", "0.15.1"));
        assert!(!admits("0.15.0", "0.15.1"));
        assert!(!admits("0.15", "0.15.1"));
        assert!(!admits("2", "1"));
        assert!(admits("*", "1"));
    }
}
