//! A server on the loopback interface that remembers each request.

// Each test file uses what it needs, and a test that cannot be prepared fails.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response};
use depot_client::Client;

/// A request as the server got it.
#[derive(Debug, Clone)]
pub struct Got {
    pub method: String,
    /// The path with its query.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Got {
    /// The text of a header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// A parameter of the query.
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

/// A running server. It ends with the test's runtime.
pub struct Server {
    pub address: String,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Server {
    /// Starts a server that answers with what is made of each request and its number.
    pub async fn answering(
        answer: impl Fn(&Got, usize) -> Response<Body> + Send + Sync + 'static,
    ) -> Self {
        let got = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(answer);
        let seen = Arc::clone(&got);
        let router = Router::new().fallback(move |request: Request<Body>| {
            let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
            async move {
                let (head, body) = request.into_parts();
                let one = Got {
                    method: head.method.to_string(),
                    target: head.uri.to_string(),
                    headers: head.headers,
                    body: to_bytes(body, usize::MAX)
                        .await
                        .unwrap_or_default()
                        .to_vec(),
                };
                let number = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(one.clone());
                    seen.len()
                };
                answer(&one, number)
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, got }
    }

    /// Starts a server that is content with everything.
    pub async fn content() -> Self {
        Self::answering(|_, _| json(200, r#"{"ok":true}"#)).await
    }

    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// The requests so far.
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// The only request so far.
    pub fn only(&self) -> Got {
        let got = self.got();
        assert_eq!(got.len(), 1, "{got:?}");
        got.into_iter().next().unwrap()
    }
}

/// An answer in JSON.
pub fn json(status: u16, body: &str) -> Response<Body> {
    with(status, &[], body)
}

/// An answer in JSON with headers.
pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Body> {
    let mut answer = Response::builder().status(status);
    answer = answer.header("content-type", "application/json");
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    answer.body(Body::from(body.to_owned())).unwrap()
}
