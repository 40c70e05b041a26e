//! Typed response headers.

use std::fmt;

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;

/// The error returned when a response header declared in the contract is missing or malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeaderError {
    /// The name of the header.
    pub header: &'static str,
    /// What is wrong with the header.
    pub problem: HeaderProblem,
}

/// The reason of a [`HeaderError`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderProblem {
    /// The header is required but missing.
    Missing,
    /// The value does not have the declared type.
    Malformed {
        /// The expected form, such as `an integer`.
        expected: &'static str,
    },
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            HeaderProblem::Missing => write!(f, "the response header `{}` is missing", self.header),
            HeaderProblem::Malformed { expected } => {
                write!(f, "the response header `{}` is not {expected}", self.header)
            }
        }
    }
}

impl std::error::Error for HeaderError {}

/// A declared response header and the function that parses its value.
#[derive(Debug, Clone, Copy)]
pub struct Header<T> {
    name: &'static str,
    expected: &'static str,
    read: fn(&str) -> Option<T>,
}

impl<T> Header<T> {
    /// Describes a header. `expected` is the form of its value in error messages, such as `an integer`.
    pub fn new(name: &'static str, expected: &'static str, read: fn(&str) -> Option<T>) -> Self {
        Self {
            name,
            expected,
            read,
        }
    }

    fn malformed(&self) -> HeaderError {
        HeaderError {
            header: self.name,
            problem: HeaderProblem::Malformed {
                expected: self.expected,
            },
        }
    }

    fn missing(&self) -> HeaderError {
        HeaderError {
            header: self.name,
            problem: HeaderProblem::Missing,
        }
    }

    /// Parses an optional header.
    ///
    /// # Errors
    ///
    /// Returns an error if the header is malformed.
    pub fn optional(&self, headers: &HeaderMap) -> Result<Option<T>, HeaderError> {
        let Some(value) = headers.get(self.name) else {
            return Ok(None);
        };
        let value = value
            .to_str()
            .ok()
            .and_then(|text| (self.read)(text.trim()));
        value.map(Some).ok_or_else(|| self.malformed())
    }

    /// Parses a required header.
    ///
    /// # Errors
    ///
    /// Returns an error if the header is missing or malformed.
    pub fn required(&self, headers: &HeaderMap) -> Result<T, HeaderError> {
        self.optional(headers)?.ok_or_else(|| self.missing())
    }

    /// Parses the comma-separated values of all occurrences of an optional header.
    ///
    /// # Errors
    ///
    /// Returns an error if the header is malformed.
    pub fn optional_list(&self, headers: &HeaderMap) -> Result<Option<Vec<T>>, HeaderError> {
        let mut list = None;
        for line in headers.get_all(self.name) {
            let values = list.get_or_insert_with(Vec::new);
            let line = line.to_str().map_err(|_| self.malformed())?;
            for text in line
                .split(',')
                .map(str::trim)
                .filter(|text| !text.is_empty())
            {
                values.push((self.read)(text).ok_or_else(|| self.malformed())?);
            }
        }
        Ok(list)
    }

    /// Parses the comma-separated values of a required header.
    ///
    /// # Errors
    ///
    /// Returns an error if the header is missing or malformed.
    pub fn required_list(&self, headers: &HeaderMap) -> Result<Vec<T>, HeaderError> {
        self.optional_list(headers)?.ok_or_else(|| self.missing())
    }
}

/// Parses a value by its `FromStr`.
pub fn parsed<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// Parses an RFC 3339 timestamp.
pub fn date_time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    Some(time.with_timezone(&Utc))
}
