//! The formats by name.

use std::fmt;
use std::str::FromStr;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people, with excerpts of the documents.
    #[default]
    Text,
    /// For programs: [`json::Document`](super::json::Document).
    Json,
    /// Annotations of a pull request on GitHub.
    Github,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// `JUnit` XML, for the test view of a CI server.
    Junit,
    /// A comment on a pull request.
    Markdown,
    /// A page that needs nothing beside itself.
    Html,
}

impl Format {
    /// All formats.
    pub const ALL: &'static [Self] = &[
        Self::Text,
        Self::Json,
        Self::Github,
        Self::Sarif,
        Self::Junit,
        Self::Markdown,
        Self::Html,
    ];

    /// What it is called on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Github => "github",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// What it is good for, in a few words.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Text => "For people, with excerpts of the documents",
            Self::Json => "For programs",
            Self::Github => "Annotations of a pull request on GitHub",
            Self::Sarif => "SARIF 2.1.0, for code scanning and editors",
            Self::Junit => "JUnit XML, for the test view of a CI server",
            Self::Markdown => "A comment on a pull request",
            Self::Html => "A page that needs nothing beside itself",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let mut all = Self::ALL.iter().copied();
        all.find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// The name of no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        let names = names.join(", ");
        write!(f, "no format is called {:?}: there are {names}", self.0)
    }
}

impl std::error::Error for UnknownFormat {}
