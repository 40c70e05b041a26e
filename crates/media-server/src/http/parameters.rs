//! The query parameters of `list_media`: one table that documents them and checks them.

use std::fmt;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Serialize;
use serde_json::json;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{Ref, Required};
use utoipa::{IntoParams, ToSchema};

use super::list_media::ListMediaOutcome;
use super::query_string;
use crate::domain::library::PageRequest;
use crate::domain::media::MediaType;

/// The largest page.
pub(crate) const MAX_LIMIT: u32 = 100;

/// The number of characters of a bad value that an answer repeats.
const ECHO_LENGTH: usize = 64;

/// An integer parameter with a default.
pub(crate) struct IntegerParameter {
    name: &'static str,
    description: &'static str,
    minimum: i64,
    /// None stands for the largest `int64`.
    maximum: Option<i64>,
    default: i64,
    format: Option<KnownFormat>,
    example: i64,
}

pub(crate) static LIMIT: IntegerParameter = IntegerParameter {
    name: "limit",
    description: "The number of files to return at most.",
    minimum: 1,
    maximum: Some(MAX_LIMIT as i64),
    default: 20,
    format: None,
    example: 50,
};

pub(crate) static OFFSET: IntegerParameter = IntegerParameter {
    name: "offset",
    description: "The number of files to skip, counted from the newest.",
    minimum: 0,
    maximum: None,
    default: 0,
    format: Some(KnownFormat::Int64),
    example: 100,
};

const TYPE: &str = "type";

impl IntegerParameter {
    pub(crate) fn schema(&self) -> Object {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(self.format.clone().map(SchemaFormat::KnownFormat))
            .minimum(Some(self.minimum))
            .maximum(self.maximum)
            .default(Some(json!(self.default)))
            .build()
    }

    fn document(&self) -> Parameter {
        query_parameter(self.name, self.description)
            .schema(Some(self.schema()))
            .example(Some(json!(self.example)))
            .build()
    }

    fn read(&self, query: &Query<'_>) -> Result<i64, InvalidParameter> {
        let Some(text) = query.single(self.name, || self.allowed())? else {
            return Ok(self.default);
        };
        parse_integer(&text)
            .filter(|value| (self.minimum..=self.maximum.unwrap_or(i64::MAX)).contains(value))
            .ok_or_else(|| InvalidParameter::value(self.name, &text, self.allowed()))
    }

    fn allowed(&self) -> String {
        let maximum = self.maximum.unwrap_or(i64::MAX);
        format!("an integer from {} to {maximum}", self.minimum)
    }
}

/// Digits, without sign and without leading zeros: a number has one spelling here, as in JSON.
fn parse_integer(text: &str) -> Option<i64> {
    let canonical = text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

fn query_parameter(name: &str, description: &str) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
}

fn allowed_types() -> String {
    let words: Vec<&str> = MediaType::ALL.iter().map(|value| value.as_str()).collect();
    format!("one of {}", words.join(", "))
}

fn read_type(query: &Query<'_>) -> Result<Option<MediaType>, InvalidParameter> {
    let Some(text) = query.single(TYPE, allowed_types)? else {
        return Ok(None);
    };
    match text.parse() {
        Ok(media_type) => Ok(Some(media_type)),
        Err(_) => Err(InvalidParameter::value(TYPE, &text, allowed_types())),
    }
}

/// The parameters of `list_media`.
pub(crate) struct ListMediaParameters(pub(crate) PageRequest);

impl IntoParams for ListMediaParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            query_parameter(TYPE, "Return files of this type only.")
                .schema(Some(Ref::from_schema_name(MediaType::name())))
                .example(Some(json!(MediaType::Image)))
                .build(),
            LIMIT.document(),
            OFFSET.document(),
        ]
    }
}

impl<S: Sync> FromRequestParts<S> for ListMediaParameters {
    type Rejection = ListMediaOutcome;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ListMediaOutcome> {
        read(parts.uri.query().unwrap_or_default())
            .map(Self)
            .map_err(ListMediaOutcome::BadRequest)
    }
}

/// Reads the query, or says everything that is wrong with it.
pub(crate) fn read(query: &str) -> Result<PageRequest, Vec<InvalidParameter>> {
    let query = Query::split(query)?;
    let mut problems = Vec::new();
    let mut keep = |problem| problems.push(problem);
    let media_type = read_type(&query).map_err(&mut keep).ok().flatten();
    let limit = LIMIT.read(&query).map_err(&mut keep).unwrap_or_default();
    let offset = OFFSET.read(&query).map_err(&mut keep).unwrap_or_default();
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(PageRequest {
        media_type,
        // Both are checked against their bounds above.
        limit: u32::try_from(limit).unwrap_or(MAX_LIMIT),
        offset: u64::try_from(offset).unwrap_or_default(),
    })
}

/// A query with decoded names. Values are decoded when a parameter asks for them, so that a broken
/// value of an unknown parameter does not matter.
struct Query<'a>(Vec<(String, &'a str)>);

impl<'a> Query<'a> {
    /// Stops at the first name that cannot be decoded: a query may hold thousands of them.
    fn split(query: &'a str) -> Result<Self, Vec<InvalidParameter>> {
        let decode = |pair: query_string::Pair<'a>| match query_string::decode(pair.name) {
            Some(name) => Ok((name, pair.value)),
            None => {
                let allowed = "a parameter name".to_owned();
                Err(vec![InvalidParameter::encoding(
                    "query", pair.name, allowed,
                )])
            }
        };
        let pairs: Result<_, _> = query_string::pairs(query).map(decode).collect();
        pairs.map(Self)
    }

    /// The decoded value of a parameter that may be given once.
    fn single(
        &self,
        name: &'static str,
        allowed: impl Fn() -> String,
    ) -> Result<Option<String>, InvalidParameter> {
        let mut values = self.0.iter().filter(|(given, _)| given == name);
        let Some((_, value)) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(InvalidParameter::repeated(name, allowed()));
        }
        query_string::decode(value)
            .map(Some)
            .ok_or_else(|| InvalidParameter::encoding(name, value, allowed()))
    }
}

/// What is wrong with one parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct InvalidParameter {
    parameter: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    allowed: String,
    #[serde(skip)]
    reason: &'static str,
}

impl InvalidParameter {
    fn value(parameter: &'static str, value: &str, allowed: String) -> Self {
        let reason = if value.is_empty() {
            "an empty value is not allowed"
        } else {
            "is not allowed"
        };
        Self::new(parameter, Some(value), allowed, reason)
    }

    fn encoding(parameter: &'static str, value: &str, allowed: String) -> Self {
        let reason = "is not valid percent-encoding of UTF-8";
        Self::new(parameter, Some(value), allowed, reason)
    }

    fn repeated(parameter: &'static str, allowed: String) -> Self {
        let reason = "more than one value is not allowed";
        Self::new(parameter, None, allowed, reason)
    }

    fn new(
        parameter: &'static str,
        value: Option<&str>,
        allowed: String,
        reason: &'static str,
    ) -> Self {
        Self {
            parameter,
            value: value.map(echo),
            allowed,
            reason,
        }
    }
}

impl fmt::Display for InvalidParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.parameter)?;
        if let Some(value) = self.value.as_deref().filter(|value| !value.is_empty()) {
            write!(f, "{value} ")?;
        }
        write!(f, "{}, expected {}", self.reason, self.allowed)
    }
}

/// A value as it may be repeated: cut to a sane length, and without control characters.
fn echo(value: &str) -> String {
    let mut shown: String = value
        .chars()
        .take(ECHO_LENGTH)
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect();
    if value.chars().nth(ECHO_LENGTH).is_some() {
        shown.push_str("...");
    }
    shown
}

#[cfg(test)]
mod tests;
