//! Requests, built from the parts that an operation declares.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue,
    SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use reqwest::{Body, Method, Url};
use serde::Serialize;
use serde_json::Value;

use crate::client::{ClientHooks, OperationInfo};
use crate::content::Content;
use crate::error::Error;
use crate::form::FieldEncoding;
#[cfg(feature = "multipart")]
use crate::multipart::Parts;
use crate::response::Response;
use crate::style::{self, Style, encoded};
use crate::url_query;

/// A request that collects its parts.
///
/// The first error is kept, and [`send`](Self::send) returns it as [`Error::InvalidRequest`] before anything
/// is sent. A parameter that is null is not sent.
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    method: Method,
    base_url: String,
    /// The path behind the base URL, encoded. It may have a query of the path template.
    path: String,
    /// Where the current segment of the path starts.
    segment_start: usize,
    /// The last parameter in the current segment.
    segment_parameter: Option<String>,
    /// Encoded pairs.
    query: Vec<String>,
    headers: HeaderMap,
    body: RequestBody,
    link: Option<String>,
    error: Option<String>,
}

enum RequestBody {
    None,
    Whole(Body),
    #[cfg(feature = "multipart")]
    Parts(Parts),
}

impl Request {
    /// Starts a request to this base URL. Slashes at its end are ignored.
    pub fn new(method: Method, base_url: &str) -> Self {
        Self {
            method,
            base_url: base_url.trim_end_matches('/').to_owned(),
            path: String::new(),
            segment_start: 0,
            segment_parameter: None,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: RequestBody::None,
            link: None,
            error: None,
        }
    }

    /// Appends a literal part of the path template. The path starts with `/`.
    ///
    /// A template may have a query, as in `/media?type=image`.
    pub fn path(mut self, literal: &str) -> Self {
        if self.path.is_empty() && !literal.starts_with('/') {
            self.path.push('/');
            self.segment_start = 1;
        }
        for character in literal.chars() {
            if matches!(character, '/' | '?') && !self.is_in_query() {
                self.end_segment();
                self.path.push(character);
                self.segment_start = self.path.len();
            } else {
                self.path.push(character);
            }
        }
        self
    }

    /// Appends a path parameter.
    ///
    /// An empty value is an error, because the path would be that of another operation. So is a segment
    /// that is `.` or `..`, also with `%2e` for a dot: URL parsers remove such segments.
    pub fn path_parameter<T: Serialize>(
        mut self,
        name: &str,
        style: Style,
        value: Result<T, String>,
    ) -> Self {
        let Some(value) = self.value("path", name, value) else {
            return self;
        };
        let in_query = self.is_in_query();
        let text = match &value {
            Value::Null => String::new(),
            value if in_query => style.text(name, value, encoded),
            value => style.in_path(name, value),
        };
        if text.is_empty() && !in_query {
            self.fail(|| format!("path parameter `{name}` is empty"));
        }
        self.path.push_str(&text);
        self.segment_parameter = Some(name.to_owned());
        self
    }

    /// Appends a query parameter.
    pub fn query<T: Serialize>(
        mut self,
        name: &str,
        style: Style,
        value: Result<T, String>,
    ) -> Self {
        if let Some(value) = self.value("query", name, value) {
            let pairs = style.pairs(name, &value, style.query_encoding());
            let pairs = pairs.into_iter();
            self.query
                .extend(pairs.map(|(name, value)| format!("{name}={value}")));
        }
        self
    }

    /// Sets a header. If the request has it already, the first value is sent.
    pub fn header<T: Serialize>(
        mut self,
        name: &'static str,
        style: Style,
        value: Result<T, String>,
    ) -> Self {
        match self.value("header", name, value) {
            None | Some(Value::Null) => {}
            Some(value) => {
                let text = style.text(name, &value, str::to_owned);
                match HeaderName::from_bytes(name.as_bytes()) {
                    Ok(header) => self.set_header(header, text),
                    Err(_) => self.fail(|| format!("`{name}` is not a valid header name")),
                }
            }
        }
        self
    }

    /// Appends a cookie. A request has a single `Cookie` header (RFC 6265, section 5.4).
    pub fn cookie<T: Serialize>(
        mut self,
        name: &str,
        style: Style,
        value: Result<T, String>,
    ) -> Self {
        let Some(value) = self.value("cookie", name, value) else {
            return self;
        };
        for (name, value) in style.in_cookie(name, &value) {
            let others = self.headers.get(COOKIE).map(HeaderValue::as_bytes);
            let mut cookies = others.unwrap_or_default().to_vec();
            if !cookies.is_empty() {
                cookies.extend(b"; ");
            }
            cookies.extend(format!("{name}={value}").into_bytes());
            match HeaderValue::from_bytes(&cookies) {
                Ok(cookies) => {
                    self.headers.insert(COOKIE, cookies);
                }
                Err(_) => self.fail(|| format!("cookie `{name}` cannot be sent in a header")),
            }
        }
        self
    }

    /// Sets the media types that the client accepts.
    pub fn accept(mut self, media_types: &'static str) -> Self {
        self.set_header(ACCEPT, media_types.to_owned());
        self
    }

    /// Sets a JSON body. `None` is no body, and no `Content-Type`.
    pub fn json<T: Serialize>(
        mut self,
        media_type: &'static str,
        body: Result<Option<T>, String>,
    ) -> Self {
        if let Some(body) = self.given(body) {
            match serde_json::to_vec(&body) {
                Ok(json) => self.set_body(media_type.to_owned(), json),
                Err(error) => self.fail(|| format!("cannot serialize the body: {error}")),
            }
        }
        self
    }

    /// Sets a body with media type `application/x-www-form-urlencoded`. `encoding` has the fields that the
    /// contract declares an encoding for. `None` is no body.
    pub fn form<T: Serialize>(
        mut self,
        media_type: &'static str,
        encoding: &[FieldEncoding],
        body: Result<Option<T>, String>,
    ) -> Self {
        if let Some(body) = self.given(body) {
            match crate::form::encode(&body, encoding) {
                Ok(form) => self.set_body(media_type.to_owned(), form),
                Err(message) => self.fail(|| message),
            }
        }
        self
    }

    /// Sets a body. A stream is not buffered. `None` is no body.
    pub fn body<B: Into<Body>>(
        mut self,
        media_type: &str,
        body: Result<Option<B>, String>,
    ) -> Self {
        if let Some(body) = self.given(body) {
            self.set_body(media_type.to_owned(), body);
        }
        self
    }

    /// Sets a body with its own media type. `None` is no body.
    pub fn content(mut self, body: Result<Option<Content>, String>) -> Self {
        if let Some(body) = self.given(body) {
            let (media_type, body) = body.into_parts();
            self.set_body(media_type, body);
        }
        self
    }

    /// Sets a multipart form as the body. `None` is no body.
    #[cfg(feature = "multipart")]
    pub fn multipart(mut self, body: Result<Option<Parts>, String>) -> Self {
        if let Some(parts) = self.given(body) {
            self.body = RequestBody::Parts(parts);
        }
        self
    }

    /// Fails without a body: the caller has to choose one of several.
    pub fn require_body(mut self) -> Self {
        if matches!(self.body, RequestBody::None) && self.error.is_none() {
            self.fail(|| "body was not initialized".to_owned());
        }
        self
    }

    /// Asks the server to upgrade the connection to a WebSocket (RFC 6455, section 4.1).
    pub fn websocket(mut self) -> Self {
        let nonce = [(); 2].map(|()| RandomState::new().build_hasher().finish().to_ne_bytes());
        let key = data_encoding::BASE64.encode(nonce.as_flattened());
        self.set_header(CONNECTION, "Upgrade".to_owned());
        self.set_header(UPGRADE, "websocket".to_owned());
        self.set_header(SEC_WEBSOCKET_VERSION, "13".to_owned());
        self.set_header(SEC_WEBSOCKET_KEY, key);
        self
    }

    /// Sends the request to a link, which may be relative to the URL of the request. `None` changes nothing.
    ///
    /// A link to another server is an error, because it would receive the credentials.
    pub fn follow(mut self, link: Option<&str>) -> Self {
        self.link = link.map(str::to_owned).or(self.link);
        self
    }

    /// Sends the request, and runs the hooks of the client.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if a part is invalid, [`Error::CommunicationError`] if no response arrived,
    /// and the errors of the hooks.
    pub async fn send<I, C: ClientHooks<I>, E>(
        self,
        client: &C,
        operation_id: &'static str,
    ) -> Result<Response, Error<E>> {
        let info = OperationInfo { operation_id };
        let mut request = self.build(client.client())?;
        client.pre(&mut request, &info).await?;
        let result = client.exec(request, &info).await;
        client.post(&result, &info).await?;
        Ok(Response::from(result?))
    }

    /// Builds the request.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if a part is invalid.
    pub fn build<E>(mut self, client: &reqwest::Client) -> Result<reqwest::Request, Error<E>> {
        self.end_segment();
        if let Some(error) = self.error {
            return Err(Error::InvalidRequest(error));
        }
        let mut url = url(&self.base_url, &self.path).map_err(Error::InvalidRequest)?;
        for pair in &self.query {
            url_query::append(&mut url, pair);
        }
        if let Some(link) = &self.link {
            url = linked(&url, link).map_err(Error::InvalidRequest)?;
        }
        let request = client.request(self.method, url);
        let request = match self.body {
            RequestBody::None => request.headers(self.headers),
            RequestBody::Whole(body) => request.headers(self.headers).body(body),
            #[cfg(feature = "multipart")]
            RequestBody::Parts(parts) => {
                // The boundary is part of the media type.
                self.headers.remove(CONTENT_TYPE);
                let form = parts.into_form();
                let form = form.map_err(|error| Error::InvalidRequest(error.to_string()))?;
                request.headers(self.headers).multipart(form)
            }
        };
        let built = request.build();
        built.map_err(|error| Error::InvalidRequest(error.without_url().to_string()))
    }

    fn fail(&mut self, message: impl FnOnce() -> String) {
        self.error.get_or_insert_with(message);
    }

    /// Returns the JSON of a parameter.
    fn value<T: Serialize>(
        &mut self,
        location: &str,
        name: &str,
        value: Result<T, String>,
    ) -> Option<Value> {
        let value = match value {
            Ok(value) => value,
            Err(message) => {
                self.fail(|| message);
                return None;
            }
        };
        match style::json(&value) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(|| format!("cannot serialize {location} parameter `{name}`: {error}"));
                None
            }
        }
    }

    /// Returns the body, if there is one.
    fn given<T>(&mut self, body: Result<Option<T>, String>) -> Option<T> {
        match body {
            Ok(body) => body,
            Err(message) => {
                self.fail(|| message);
                None
            }
        }
    }

    /// Sets a header, unless the request has it.
    fn set_header(&mut self, name: HeaderName, value: String) {
        match HeaderValue::try_from(value) {
            Ok(mut value) => {
                value.set_sensitive(name == AUTHORIZATION);
                self.headers.entry(name).or_insert(value);
            }
            Err(_) => self.fail(|| {
                format!("the value of header `{name}` has characters that a header cannot have")
            }),
        }
    }

    fn set_body(&mut self, media_type: String, body: impl Into<Body>) {
        self.set_header(CONTENT_TYPE, media_type);
        self.body = RequestBody::Whole(body.into());
    }

    /// Whether the path has reached the query of its template.
    fn is_in_query(&self) -> bool {
        self.path.contains('?')
    }

    /// Rejects a segment that URL parsers remove.
    fn end_segment(&mut self) {
        if self.is_in_query() {
            return;
        }
        let Some(name) = self.segment_parameter.take() else {
            return;
        };
        let segment = self.path.get(self.segment_start..).unwrap_or_default();
        // `%252e` is the value `%2e`, which servers that decode twice read as a dot.
        let dots = segment.to_ascii_lowercase();
        let dots = dots.replace("%25", "%").replace("%2e", ".");
        if matches!(dots.as_str(), "." | "..") {
            self.fail(|| {
                format!("path parameter `{name}` makes a path segment `{dots}`, which URL parsers remove")
            });
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("base_url", &without_user(&self.base_url))
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Parses the URL of a request. The error is a message for the caller.
fn url(base_url: &str, path: &str) -> Result<Url, String> {
    let invalid = |reason: &str| {
        let shown = without_user(base_url);
        format!("the base URL `{shown}` is not valid: {reason}")
    };
    if base_url.contains(['?', '#']) {
        return Err(invalid("it has a query or a fragment"));
    }
    let base = Url::parse(base_url).map_err(|error| invalid(&error.to_string()))?;
    if !matches!(base.scheme(), "http" | "https") {
        return Err(invalid("expected `http` or `https`"));
    }
    let url = format!("{base_url}{path}");
    Url::parse(&url).map_err(|error| format!("the path `{path}` is not valid: {error}"))
}

/// Returns a URL without user name and password, valid or not.
fn without_user(url: &str) -> String {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), url),
    };
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}{host}")
}

/// Returns the URL of a link. The error is a message for the caller.
fn linked(url: &Url, link: &str) -> Result<Url, String> {
    // The query may contain an API key.
    let shown = link.split(['?', '#']).next().unwrap_or_default();
    let shown = without_user(shown);
    let invalid =
        |reason: &str| format!("cannot follow the link to the next page `{shown}`: {reason}");
    let next = url.join(link);
    let next = next.map_err(|error| invalid(&format!("it is not a valid URL: {error}")))?;
    // Credentials must not be sent to another server.
    if next.origin() != url.origin() {
        return Err(invalid("it points to another server"));
    }
    if next == *url {
        return Err(invalid("it points to the current page"));
    }
    Ok(next)
}
