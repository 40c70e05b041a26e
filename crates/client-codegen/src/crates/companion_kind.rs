//! The kinds of crates that are generated next to a client.

/// A crate that is generated next to a client.
#[derive(Debug, Clone)]
pub struct Companion {
    /// What the crate is for.
    pub kind: CompanionKind,
    /// The package name of the client.
    pub client: String,
    /// The Rust path of the client's generated module, such as `media_client::generated`.
    pub module: String,
    /// The path from the companion's directory to the client's.
    pub path: String,
}

/// What a companion crate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompanionKind {
    /// Typed mocks of the server, with httpmock.
    Mock,
    /// A command line, with clap.
    Cli,
    /// A program that sends the requests it is given, and prints the decoded responses. Conformance tests
    /// of the generator run it.
    ConformanceDriver,
}
