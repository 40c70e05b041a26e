use ::schemars::generate::SchemaSettings;
use ::schemars::{JsonSchema, Schema};

fn response<T: JsonSchema>(operation_id: &'static str, status: &'static str) -> ResponseSchema {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    ResponseSchema {
        operation_id,
        status,
        schema,
    }
}

fn parameter<T: JsonSchema>(
    operation_id: &'static str,
    location: &'static str,
    name: &'static str,
    required: bool,
) -> ParameterSchema {
    ParameterSchema {
        operation_id,
        location,
        name,
        required,
        schema: sent::<T>(),
    }
}

fn body<T: JsonSchema>(operation_id: &'static str, media_type: &'static str) -> RequestBodySchema {
    RequestBodySchema {
        operation_id,
        media_type,
        schema: sent::<T>(),
    }
}

fn sent<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
}

/// What the client can read as the body of an answer.
#[derive(Debug, Clone)]
pub struct ResponseSchema {
    /// The operation's id in the contract.
    pub operation_id: &'static str,
    /// The status as the contract declares it: `200`, `4XX` or `default`.
    pub status: &'static str,
    /// A JSON Schema of draft 2020-12.
    pub schema: Schema,
}

/// What the client can send in a parameter.
#[derive(Debug, Clone)]
pub struct ParameterSchema {
    /// The operation's id in the contract.
    pub operation_id: &'static str,
    /// `path`, `query` or `header`.
    pub location: &'static str,
    /// The name on the wire.
    pub name: &'static str,
    /// Whether the client always sends it.
    pub required: bool,
    /// A JSON Schema of draft 2020-12.
    pub schema: Schema,
}

/// What the client can send as a body.
#[derive(Debug, Clone)]
pub struct RequestBodySchema {
    /// The operation's id in the contract.
    pub operation_id: &'static str,
    /// The media type that it is sent as.
    pub media_type: &'static str,
    /// A JSON Schema of draft 2020-12.
    pub schema: Schema,
}
