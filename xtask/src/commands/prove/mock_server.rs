//! A server that returns a prepared response, and records requests.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The maximum size of a request body.
const MAX_BODY: usize = 64 << 20;

/// A request as received.
#[derive(Debug)]
pub(super) struct ReceivedRequest {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// A response to return.
#[derive(Debug, Clone, Default)]
pub(super) struct CannedResponse {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// The server. It stops when this is dropped.
pub(super) struct MockServer {
    /// The base URL of the server.
    pub(super) url: String,
    shared: Arc<Mutex<Shared>>,
    // Dropping the runtime ends the tasks of the server.
    _runtime: Runtime,
}

#[derive(Debug, Default)]
struct Shared {
    reply: CannedResponse,
    arrived: Vec<ReceivedRequest>,
}

impl MockServer {
    /// Starts a server on a free port of this machine.
    pub(super) fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("cannot start a server")?;
        let shared = Arc::new(Mutex::new(Shared::default()));
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)));
        let listener = listener.context("cannot start a server")?;
        let url = format!("http://{}", listener.local_addr()?);
        let router = Router::new()
            .fallback(respond)
            .with_state(Arc::clone(&shared));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            url,
            shared,
            _runtime: runtime,
        })
    }

    /// Sets the response to the next request, and forgets recorded requests.
    pub(super) fn set(&self, reply: CannedResponse) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.reply = reply;
        shared.arrived.clear();
    }

    /// The requests received since then.
    pub(super) fn take(&self) -> Vec<ReceivedRequest> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut shared.arrived)
    }
}

async fn respond(State(shared): State<Arc<Mutex<Shared>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default().to_vec();
    let headers = head.headers.iter();
    let arrived = ReceivedRequest {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: headers
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            })
            .collect(),
        body,
    };
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    shared.arrived.push(arrived);
    let reply = shared.reply.clone();
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or_default();
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
