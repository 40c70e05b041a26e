//! A server on the loopback interface that records its requests.

// No test file uses everything, and a test whose set-up fails may panic.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response};
use depot_client::Client;

/// A request as the server received it.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    /// The path with its query.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Received {
    /// The value of a header, or an empty string.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The value of a query parameter.
    pub fn query(&self, name: &str) -> Option<String> {
        let url = reqwest_url(&self.target);
        let mut pairs = url.query_pairs();
        pairs
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.into_owned())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn reqwest_url(target: &str) -> reqwest::Url {
    reqwest::Url::parse("http://localhost")
        .unwrap()
        .join(target)
        .unwrap()
}

/// A running server, which stops with the runtime of the test.
pub struct Server {
    pub address: String,
    requests: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// Starts a server that computes each response from the request and its number.
    pub async fn responding(
        respond: impl Fn(&Received, usize) -> Response<Body> + Send + Sync + 'static,
    ) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let respond = Arc::new(respond);
        let recorded = Arc::clone(&requests);
        let router = Router::new().fallback(move |request: Request<Body>| {
            let (recorded, respond) = (Arc::clone(&recorded), Arc::clone(&respond));
            async move {
                let (head, body) = request.into_parts();
                let received = Received {
                    method: head.method.to_string(),
                    target: head.uri.to_string(),
                    headers: head.headers,
                    body: to_bytes(body, usize::MAX)
                        .await
                        .unwrap_or_default()
                        .to_vec(),
                };
                let number = {
                    let mut recorded = recorded.lock().unwrap();
                    recorded.push(received.clone());
                    recorded.len()
                };
                respond(&received, number)
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, requests }
    }

    /// Starts a server that accepts every request.
    pub async fn ok() -> Self {
        Self::responding(|_, _| json(200, r#"{"ok":true}"#)).await
    }

    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// The requests received so far.
    pub fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }

    /// The only request received so far.
    pub fn only(&self) -> Received {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.into_iter().next().unwrap()
    }
}

/// A JSON response.
pub fn json(status: u16, body: &str) -> Response<Body> {
    with(status, &[], body)
}

/// A JSON response with headers.
pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Body> {
    let mut response = Response::builder().status(status);
    response = response.header("content-type", "application/json");
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Body::from(body.to_owned())).unwrap()
}
