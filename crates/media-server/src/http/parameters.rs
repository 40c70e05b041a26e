//! The query parameters of `list_media`: their documentation and validation, from one table.

use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{Ref, Required};

use super::invalid_parameter::InvalidParameter;
use super::query_string;
use crate::domain::library::PageRequest;
use crate::domain::media::MediaType;

/// The maximum of `limit`.
pub(crate) const MAX_LIMIT: u32 = 100;

/// An integer parameter with a default.
pub(crate) struct IntegerParameter {
    name: &'static str,
    description: &'static str,
    minimum: i64,
    /// `None` is the largest `int64`.
    maximum: Option<i64>,
    default: i64,
    format: Option<KnownFormat>,
    example: i64,
}

pub(crate) static LIMIT: IntegerParameter = IntegerParameter {
    name: "limit",
    description: "The maximum number of files to return.",
    minimum: 1,
    maximum: Some(MAX_LIMIT as i64),
    default: 20,
    format: None,
    example: 50,
};

pub(crate) static OFFSET: IntegerParameter = IntegerParameter {
    name: "offset",
    description: "The number of files to skip, starting with the newest.",
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

/// Parses digits without a sign and without leading zeros, so that every number has a single spelling, as in JSON.
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
    let values: Vec<&str> = MediaType::ALL.iter().map(|value| value.as_str()).collect();
    format!("one of {}", values.join(", "))
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

/// The documentation of the parameters.
pub(crate) fn document() -> Vec<Parameter> {
    vec![
        query_parameter(TYPE, "Return files of this type only.")
            .schema(Some(Ref::from_schema_name(MediaType::name())))
            .example(Some(json!(MediaType::Image)))
            .build(),
        LIMIT.document(),
        OFFSET.document(),
    ]
}

/// Parses a query. Returns an error for each invalid parameter.
pub(crate) fn read(query: &str) -> Result<PageRequest, Vec<InvalidParameter>> {
    let query = Query::split(query)?;
    let mut invalid = Vec::new();
    let mut keep = |error| invalid.push(error);
    let media_type = read_type(&query).map_err(&mut keep).ok().flatten();
    let limit = LIMIT.read(&query).map_err(&mut keep).unwrap_or_default();
    let offset = OFFSET.read(&query).map_err(&mut keep).unwrap_or_default();
    if !invalid.is_empty() {
        return Err(invalid);
    }
    Ok(PageRequest {
        media_type,
        // The bounds were checked above.
        limit: u32::try_from(limit).unwrap_or(MAX_LIMIT),
        offset: u64::try_from(offset).unwrap_or_default(),
    })
}

/// A query with decoded names. Values are decoded on access: invalid values of unknown parameters are ignored.
struct Query<'a>(Vec<(String, &'a str)>);

impl<'a> Query<'a> {
    /// Fails with the first name that cannot be decoded: a query may have thousands of them.
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

    /// The decoded value of a parameter that may occur once.
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

#[cfg(test)]
mod tests;
