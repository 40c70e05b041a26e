/// Decodes a success response as the body type of its status, and converts it to the success type of
/// the operation: a union, or an `Option` if another success response has no body.
pub(super) async fn success_by_status<B, T, U, E>(
    response: reqwest::Response,
    into: impl FnOnce(B) -> T,
) -> Result<ResponseValue<U>, Error<E>>
where
    B: serde::de::DeserializeOwned,
    T: Into<U>,
    U: std::fmt::Debug,
{
    let response: ResponseValue<B> = ResponseValue::from_response(response).await?;
    response.map(|body| into(body).into())
}

/// Decodes an error response as the body type of its status, and converts it to the error type of the
/// operation.
pub(super) async fn error_by_status<T, B, E>(
    response: reqwest::Response,
    into: impl FnOnce(B) -> E,
) -> Result<T, Error<E>>
where
    B: serde::de::DeserializeOwned,
    E: std::fmt::Debug,
{
    let response: ResponseValue<B> = ResponseValue::from_response(response).await?;
    Err(Error::ErrorResponse(response.map::<_, _, Error<E>>(into)?))
}
