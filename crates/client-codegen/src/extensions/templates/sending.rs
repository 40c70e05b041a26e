use std::fmt::Display;
use progenitor_client::{ClientHooks, Error, OperationInfo, ResponseValue};

/// Converts the value of a parameter. The builder reports the error when the request is sent.
pub(super) fn convert<T, V: TryInto<T>>(name: &str, value: V) -> Result<T, String> {
    value.try_into().map_err(|_| {
        let ty = std::any::type_name::<T>();
        format!("conversion to `{ty}` for {name} failed")
    })
}

/// Converts the value of a struct field. The message includes the error of the conversion.
pub(super) fn convert_field<T, V>(name: &str, value: V) -> Result<T, String>
where
    V: TryInto<T, Error: Display>,
{
    value
        .try_into()
        .map_err(|error| format!("error converting supplied value for {name}: {error}"))
}

/// Encodes a value as a path segment. progenitor does not encode `\`, which URL parsers treat as `/`.
pub(super) fn encode_path(value: &str) -> String {
    progenitor_client::encode_path(value).replace('\\', "%5C")
}

/// Returns the fields of a URL-encoded form, in the default serialization of OpenAPI: one field per array
/// item, and JSON for objects and nested arrays.
pub(super) fn form_fields<E>(body: &impl serde::Serialize) -> Result<Vec<(String, String)>, Error<E>> {
    use serde_json::Value;
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let body = serde_json::to_value(body).map_err(|error| Error::InvalidRequest(error.to_string()))?;
    let mut fields = Vec::new();
    for (name, value) in body.as_object().into_iter().flatten() {
        match value {
            Value::Null => {}
            Value::Array(elements) => {
                fields.extend(elements.iter().map(|element| (name.clone(), text(element))));
            }
            value => fields.push((name.clone(), text(value))),
        }
    }
    Ok(fields)
}

/// Sends a request and runs the hooks of the client.
pub(super) async fn execute<E>(
    client: &super::Client,
    mut request: reqwest::Request,
    operation_id: &'static str,
) -> Result<reqwest::Response, Error<E>> {
    let info = OperationInfo { operation_id };
    client.pre(&mut request, &info).await?;
    let result = client.exec(request, &info).await;
    client.post(&result, &info).await?;
    Ok(result?)
}

/// Decodes an error response.
pub(super) async fn error_response<T, E: serde::de::DeserializeOwned>(
    response: reqwest::Response,
) -> Result<T, Error<E>> {
    Err(Error::ErrorResponse(ResponseValue::from_response(response).await?))
}
