use std::fmt;

use progenitor_client::Error;
use reqwest::header::HeaderMap;

/// Why a header that the contract declares cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeaderError {
    /// The name of the header.
    pub header: &'static str,
    /// What is wrong with it.
    pub problem: HeaderProblem,
}

/// What can be wrong with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderProblem {
    /// It is required and not there.
    Missing,
    /// Its value is of another form.
    Malformed {
        /// What it is instead, as `an integer`.
        expected: &'static str,
    },
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            HeaderProblem::Missing => write!(f, "the header `{}` is missing", self.header),
            HeaderProblem::Malformed { expected } => {
                write!(f, "the header `{}` is not {expected}", self.header)
            }
        }
    }
}

impl std::error::Error for HeaderError {}

/// The headers of the answer that an error comes from, if it comes from one.
pub fn of_error<E>(error: &Error<E>) -> Option<&HeaderMap> {
    match error {
        Error::ErrorResponse(response) => Some(response.headers()),
        Error::UnexpectedResponse(response) => Some(response.headers()),
        _ => None,
    }
}

/// A declared header: its name, and how its value is read.
struct Header<T> {
    name: &'static str,
    expected: &'static str,
    read: fn(&str) -> Option<T>,
}

impl<T> Header<T> {
    fn new(name: &'static str, expected: &'static str, read: fn(&str) -> Option<T>) -> Self {
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

    /// The value, if the header is there.
    fn optional(&self, headers: &HeaderMap) -> Result<Option<T>, HeaderError> {
        let Some(value) = headers.get(self.name) else {
            return Ok(None);
        };
        let value = value.to_str().ok().and_then(|text| (self.read)(text.trim()));
        value.map(Some).ok_or_else(|| self.malformed())
    }

    /// The value of a header that must be there.
    fn required(&self, headers: &HeaderMap) -> Result<T, HeaderError> {
        self.optional(headers)?.ok_or_else(|| self.missing())
    }

    /// The values between commas, of all lines of the header, if it is there.
    fn optional_list(&self, headers: &HeaderMap) -> Result<Option<Vec<T>>, HeaderError> {
        let mut list = None;
        for line in headers.get_all(self.name) {
            let values = list.get_or_insert_with(Vec::new);
            let line = line.to_str().map_err(|_| self.malformed())?;
            for text in line.split(',').map(str::trim).filter(|text| !text.is_empty()) {
                values.push((self.read)(text).ok_or_else(|| self.malformed())?);
            }
        }
        Ok(list)
    }

    /// The values between commas of a header that must be there.
    fn required_list(&self, headers: &HeaderMap) -> Result<Vec<T>, HeaderError> {
        self.optional_list(headers)?.ok_or_else(|| self.missing())
    }
}

/// Reads a value in its only form.
fn parsed<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
