use std::fmt::Display;
use progenitor_client::{ClientHooks, Error, OperationInfo, ResponseValue};

/// The value of a parameter, as its builder keeps it until the request is sent.
pub(super) fn converted<T, V: TryInto<T>>(name: &str, value: V) -> Result<T, String> {
    value.try_into().map_err(|_| {
        let ty = std::any::type_name::<T>();
        format!("conversion to `{ty}` for {name} failed")
    })
}

/// The same for a field, of which the message says what is wrong with it.
pub(super) fn given<T, V>(name: &str, value: V) -> Result<T, String>
where
    V: TryInto<T, Error: Display>,
{
    value
        .try_into()
        .map_err(|error| format!("error converting supplied value for {name}: {error}"))
}

/// A value as a part of a path. progenitor leaves `\` as it is, which in an address is one more `/`.
pub(super) fn encode_path(value: &str) -> String {
    progenitor_client::encode_path(value).replace('\\', "%5C")
}

/// The fields of a form: each element of a list is a field of its own, and what else is not plain is
/// JSON, as OpenAPI has it where a contract says nothing else.
pub(super) fn fields<E>(body: &impl serde::Serialize) -> Result<Vec<(String, String)>, Error<E>> {
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

/// Sends a request through the hooks of the client.
pub(super) async fn answer<E>(
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

/// The error that an answer tells of.
pub(super) async fn refused<T, E: serde::de::DeserializeOwned>(
    response: reqwest::Response,
) -> Result<T, Error<E>> {
    Err(Error::ErrorResponse(ResponseValue::from_response(response).await?))
}
