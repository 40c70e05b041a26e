//! What progenitor and prettyplease write by themselves, to hold ours against.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, anyhow};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

/// The dependencies of every such client.
const MANIFEST: &str = r#"
[dependencies]
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

/// Reads a document of JSON, generates, parses and prints, as progenitor's own command does.
///
/// # Errors
/// When progenitor refuses it, or panics.
pub(crate) fn generate(text: &[u8]) -> Result<String> {
    let code = catch_unwind(AssertUnwindSafe(|| -> Result<String> {
        let openapi = serde_json::from_slice(text).context("it cannot be read")?;
        let mut settings = GenerationSettings::new();
        settings.with_interface(InterfaceStyle::Builder);
        let tokens = Generator::new(&settings).generate_tokens(&openapi)?;
        let file = syn::parse2(tokens).context("its code is none")?;
        Ok(prettyplease::unparse(&file))
    }));
    code.map_err(|_| anyhow!("progenitor panicked"))?
}

/// The manifest of a crate with such a client.
pub(super) fn manifest(package: &str) -> String {
    format!("[package]\nname = {package:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n{MANIFEST}")
}
