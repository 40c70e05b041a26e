//! Generates a client with plain progenitor and prettyplease, as the baseline for measurements.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, anyhow};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

/// The dependencies of such a client.
const MANIFEST: &str = r#"[dependencies]
bytes = "1"
chrono = { version = "0.4", default-features = false, features = ["serde", "std"] }
futures-core = "0.3"
progenitor-client = "0.15.1"
regress = "0.11"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
uuid = { version = "1", features = ["serde"] }
"#;

/// Generates a client from an OpenAPI document in JSON, as the command of progenitor does.
///
/// # Errors
/// If progenitor rejects the document, or panics.
pub(crate) fn generate(text: &[u8]) -> Result<String> {
    let code = catch_unwind(AssertUnwindSafe(|| -> Result<String> {
        let openapi = serde_json::from_slice(text).context("the document cannot be parsed")?;
        let mut settings = GenerationSettings::new();
        settings.with_interface(InterfaceStyle::Builder);
        let tokens = Generator::new(&settings).generate_tokens(&openapi)?;
        let file = syn::parse2(tokens).context("the generated code cannot be parsed")?;
        Ok(prettyplease::unparse(&file))
    }));
    code.map_err(|_| anyhow!("progenitor panicked"))?
}

/// The manifest of a crate with such a client.
pub(crate) fn manifest(name: &str) -> String {
    package(name) + MANIFEST
}

/// The package of a manifest.
pub(crate) fn package(name: &str) -> String {
    format!("[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n")
}
