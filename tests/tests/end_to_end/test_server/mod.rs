//! A server in this process, all of whose responses are recorded and validated.

mod recorder;

use std::future::Future;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::Router;
use media_client::{ApiKey, MediaClient, reqwest};
use media_server::{App, MediaLibrary, RateLimit};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) use recorder::{Recorded, Recorder};

/// A limit that no test reaches by accident.
const HIGH_LIMIT: u32 = 100_000;

/// The servers of one test, and the recorder of their exchanges.
#[derive(Default)]
pub(crate) struct TestServer {
    recorder: Recorder,
    running: Vec<Serving>,
}

struct Serving {
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

/// Runs a test, and asserts that every response conforms to the contract. Returns the exchanges.
pub(crate) fn run(test: impl AsyncFnOnce(&mut TestServer)) -> Recorder {
    let recorder = run_unchecked(test);
    let violations = recorder.violations();
    assert!(violations.is_empty(), "{violations:#?}");
    recorder
}

/// Runs a test with servers that may violate the contract.
pub(crate) fn run_unchecked(test: impl AsyncFnOnce(&mut TestServer)) -> Recorder {
    block_on(async {
        let mut server = TestServer::default();
        test(&mut server).await;
        for serving in server.running {
            drop(serving.stop);
            let served = serving.served.await.expect("the server does not panic");
            served.expect("the socket does not fail");
        }
        server.recorder
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(future)
}

impl TestServer {
    /// Starts a server for this library, without an effective rate limit. Returns the base URL.
    pub(crate) async fn start(&mut self, library: impl MediaLibrary) -> String {
        self.start_app(App::new(library).rate_limit(limit(HIGH_LIMIT)))
            .await
    }

    /// Starts a server for this app.
    pub(crate) async fn start_app(&mut self, app: App) -> String {
        self.start_router(app.into_router()).await
    }

    /// Starts a server for these routes.
    pub(crate) async fn start_router(&mut self, router: Router) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = listener.local_addr().expect("it is bound");
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(media_server::serve(
            listener,
            self.recorder.layer(router),
            async { drop(stopped.await) },
            Duration::from_secs(10),
        ));
        self.running.push(Serving { stop, served });
        format!("http://{url}/v1")
    }
}

/// A limit in requests per minute.
pub(crate) fn limit(requests: u32) -> RateLimit {
    RateLimit {
        requests: NonZeroU32::new(requests).expect("not zero"),
        window: Duration::from_secs(60),
    }
}

/// A client for this server and key.
pub(crate) fn client(url: &str, key: &str) -> MediaClient {
    let key = ApiKey::new(key).expect("a key");
    MediaClient::new(url, key).expect("a client")
}

/// Sends a request that the client would not send.
pub(crate) async fn send(request: reqwest::RequestBuilder) -> RawResponse {
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = response.text().await.expect("a complete body");
    RawResponse {
        status,
        headers,
        body,
    }
}

/// A response as received.
pub(crate) struct RawResponse {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl RawResponse {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }
}
