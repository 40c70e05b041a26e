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
        schema: request_schema::<T>(),
    }
}

fn body<T: JsonSchema>(operation_id: &'static str, media_type: &'static str) -> RequestBodySchema {
    RequestBodySchema {
        operation_id,
        media_type,
        schema: request_schema::<T>(),
    }
}

fn request_schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
}

/// The schema of a response body that the client can deserialize.
#[derive(Debug, Clone)]
pub struct ResponseSchema {
    /// The `operationId` in the contract.
    pub operation_id: &'static str,
    /// The status as declared in the contract: `200`, `4XX` or `default`.
    pub status: &'static str,
    /// The JSON Schema, draft 2020-12.
    pub schema: Schema,
}

/// The schema of a parameter that the client can send.
#[derive(Debug, Clone)]
pub struct ParameterSchema {
    /// The `operationId` in the contract.
    pub operation_id: &'static str,
    /// `path`, `query` or `header`.
    pub location: &'static str,
    /// The name of the parameter in the request.
    pub name: &'static str,
    /// Whether the client always sends the parameter.
    pub required: bool,
    /// The JSON Schema, draft 2020-12.
    pub schema: Schema,
}

/// The schema of a request body that the client can send.
#[derive(Debug, Clone)]
pub struct RequestBodySchema {
    /// The `operationId` in the contract.
    pub operation_id: &'static str,
    /// The `Content-Type` of the request.
    pub media_type: &'static str,
    /// The JSON Schema, draft 2020-12.
    pub schema: Schema,
}
