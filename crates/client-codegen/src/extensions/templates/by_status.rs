/// An answer whose body is one of several types, read as the one of its status. It is an `Option`
/// where another answer has no body.
pub(super) async fn answered_as<B, T, U, E>(
    response: reqwest::Response,
    into: impl FnOnce(B) -> T,
) -> Result<ResponseValue<U>, Error<E>>
where
    B: serde::de::DeserializeOwned,
    T: Into<U>,
    U: std::fmt::Debug,
{
    let answer: ResponseValue<B> = ResponseValue::from_response(response).await?;
    answer.map(|body| into(body).into())
}

/// The same for the error that an answer tells of.
pub(super) async fn refused_as<T, B, E>(
    response: reqwest::Response,
    into: impl FnOnce(B) -> E,
) -> Result<T, Error<E>>
where
    B: serde::de::DeserializeOwned,
    E: std::fmt::Debug,
{
    let answer: ResponseValue<B> = ResponseValue::from_response(response).await?;
    Err(Error::ErrorResponse(answer.map::<_, _, Error<E>>(into)?))
}
