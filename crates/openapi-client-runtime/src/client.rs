//! The traits that every generated client implements.

use crate::error::Error;

/// Information about a client that does not depend on the operation.
///
/// Every generated client implements this trait. `Inner` is the type of its own state.
pub trait ClientInfo<Inner> {
    /// Returns `info.version` of the contract.
    fn api_version() -> &'static str;

    /// Returns the base URL of the requests.
    fn baseurl(&self) -> &str;

    /// Returns the HTTP client that sends the requests.
    fn client(&self) -> &reqwest::Client;

    /// Returns the state of the client.
    fn inner(&self) -> &Inner;
}

impl<T, Inner> ClientInfo<Inner> for &T
where
    T: ClientInfo<Inner>,
{
    fn api_version() -> &'static str {
        T::api_version()
    }

    fn baseurl(&self) -> &str {
        (*self).baseurl()
    }

    fn client(&self) -> &reqwest::Client {
        (*self).client()
    }

    fn inner(&self) -> &Inner {
        (*self).inner()
    }
}

/// The operation that a hook runs for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationInfo {
    /// The client method of the operation.
    pub operation_id: &'static str,
}

/// Functions that run for every request of a client.
///
/// All of them have a default, so an empty `impl` sends requests unchanged.
#[allow(async_fn_in_trait)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `ClientHooks<{Inner}>`",
    label = "missing `impl ClientHooks<{Inner}> for {Self}`",
    note = "a generated client whose state is a type of its crate requires `impl ClientHooks<{Inner}> for {Self}`"
)]
pub trait ClientHooks<Inner = ()>
where
    Self: ClientInfo<Inner>,
{
    /// Runs before a request is sent. It may change the request.
    ///
    /// # Errors
    ///
    /// With an error, the request is not sent, and the operation returns the error.
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let _ = (request, info);
        Ok(())
    }

    /// Runs after a response arrived, or none did.
    ///
    /// # Errors
    ///
    /// With an error, the operation returns the error instead of the response.
    async fn post<E>(
        &self,
        result: &reqwest::Result<reqwest::Response>,
        info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let _ = (result, info);
        Ok(())
    }

    /// Sends a request.
    ///
    /// # Errors
    ///
    /// The errors of [`reqwest::Client::execute`].
    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let _ = info;
        self.client().execute(request).await
    }
}
