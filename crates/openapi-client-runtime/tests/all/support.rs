//! A server that sends prepared responses, and a client as the generator writes it.

use std::sync::{Arc, Mutex};

use openapi_client_runtime::auth::Requirement;
use openapi_client_runtime::{
    ClientHooks, ClientInfo, ClientState, Error, OperationInfo, Request, Response,
};
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a connection after it has read a request.
#[derive(Clone, Copy)]
pub(crate) enum Reply {
    /// Sends these bytes and closes the connection.
    Bytes(&'static str),
    /// Sends these bytes and keeps the connection open.
    Hang(&'static str),
}

/// A server on this computer.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server that sends one of these replies per connection.
    pub(crate) async fn start(replies: &'static [Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            let mut open = Vec::new();
            for reply in replies {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read_request(&mut stream).await;
                seen.lock().unwrap().push(request);
                match reply {
                    Reply::Bytes(bytes) => {
                        stream.write_all(bytes.as_bytes()).await.unwrap();
                        stream.shutdown().await.unwrap();
                    }
                    Reply::Hang(bytes) => {
                        stream.write_all(bytes.as_bytes()).await.unwrap();
                        open.push(stream);
                    }
                }
            }
            // Further connections are refused, and open ones stay.
            drop(listener);
            std::future::pending::<()>().await;
        });
        Self { url, requests }
    }

    /// The requests that arrived so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Reads a request with its body.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.unwrap();
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert_ne!(count, 0, "the connection was closed: {text}");
            continue;
        };
        let head = head.to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let is_complete = match length {
            Some(length) => body.len() >= length.parse::<usize>().unwrap(),
            None if head.contains("transfer-encoding: chunked") => body.ends_with("0\r\n\r\n"),
            None => true,
        };
        if is_complete {
            return text.into_owned();
        }
    }
}

/// A client as the generator writes it.
pub(crate) struct Client {
    pub(crate) base_url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) state: ClientState,
    pub(crate) requirements: &'static [Requirement],
}

impl Client {
    pub(crate) fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            state: ClientState::default(),
            requirements: &[],
        }
    }

    pub(crate) async fn get<E>(&self, path: &str) -> Result<Response, Error<E>> {
        let request = Request::new(Method::GET, &self.base_url).path(path);
        request.send(self, "get").await
    }
}

impl ClientInfo<()> for Client {
    fn api_version() -> &'static str {
        "1.0.0"
    }

    fn baseurl(&self) -> &str {
        &self.base_url
    }

    fn client(&self) -> &reqwest::Client {
        &self.http
    }

    fn inner(&self) -> &() {
        &()
    }
}

impl ClientHooks for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        self.state.pre(self.requirements, request, info).await
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        self.state.exec(&self.http, request).await
    }
}

/// Builds a request with an HTTP client that sends nothing.
pub(crate) fn built(request: Request) -> Result<reqwest::Request, String> {
    let built = request.build::<()>(&reqwest::Client::builder().no_proxy().build().unwrap());
    built.map_err(|error| match error {
        Error::InvalidRequest(message) => message,
        other => panic!("{other:?}"),
    })
}
