//! The terms in which OpenAPI describes HTTP messages: parameter locations and status patterns.

use std::fmt;

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterIn {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl fmt::Display for ParameterIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

/// A status of a response as a contract declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusPattern {
    /// One status code.
    Code(u16),
    /// `1XX` to `5XX`: all codes of this hundred that are not declared themselves.
    Range(u16),
    /// `default`: all codes that no other pattern declares.
    Default,
}

impl StatusPattern {
    /// Parses a status as contracts write it.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "default" {
            return Some(Self::Default);
        }
        let (hundred, rest) = text.split_at_checked(1)?;
        let hundred: u16 = hundred
            .parse()
            .ok()
            .filter(|digit| (1..=5).contains(digit))?;
        if rest.eq_ignore_ascii_case("xx") {
            return Some(Self::Range(hundred));
        }
        let is_code = rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| text.parse().ok().map(Self::Code)).flatten()
    }
}

impl fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(hundred) => write!(f, "{hundred}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}
