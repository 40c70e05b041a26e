//! The names of the formats.

use std::fmt;
use std::str::FromStr;

/// A format of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Text with excerpts of the documents.
    #[default]
    Text,
    /// JSON: [`JsonReport`](super::json::JsonReport).
    Json,
    /// Annotations of a pull request on GitHub.
    Github,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// `JUnit` XML, for the test view of a CI server.
    Junit,
    /// Markdown for a comment on a pull request.
    Markdown,
    /// A self-contained HTML page.
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

    /// The name on a command line.
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

    /// A short description.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Text => "Text with excerpts of the documents",
            Self::Json => "JSON for programs",
            Self::Github => "Annotations of a pull request on GitHub",
            Self::Sarif => "SARIF 2.1.0, for code scanning and editors",
            Self::Junit => "JUnit XML, for the test view of a CI server",
            Self::Markdown => "Markdown for a comment on a pull request",
            Self::Html => "A self-contained HTML page",
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

/// A name that is not the name of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        let names = names.join(", ");
        write!(f, "unknown format {:?}, expected one of {names}", self.0)
    }
}

impl std::error::Error for UnknownFormat {}
