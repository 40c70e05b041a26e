//! What the tests play on: servers in this process whose every answer is noted, and checked in the
//! end.

mod journal;
mod library;

use std::future::Future;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::Router;
use media_client::{ApiKey, MediaClient, reqwest};
use media_server::{App, MediaLibrary, RateLimit};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) use journal::{Journal, Recorded};
pub(crate) use library::{Files, add, fixture, item, name};

/// A limit that no test reaches by accident.
const PLENTY: u32 = 100_000;

/// The servers of one test, and the journal of all that they answered.
#[derive(Default)]
pub(crate) struct Stage {
    journal: Journal,
    servers: Vec<Server>,
}

struct Server {
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

/// Plays a test. In the end every answer must have obeyed the contract; returns the answers.
pub(crate) fn play(test: impl AsyncFnOnce(&mut Stage)) -> Journal {
    let journal = play_unchecked(test);
    let problems = journal.problems();
    assert!(problems.is_empty(), "{problems:#?}");
    journal
}

/// The same for servers that break the contract.
pub(crate) fn play_unchecked(test: impl AsyncFnOnce(&mut Stage)) -> Journal {
    run(async {
        let mut stage = Stage::default();
        test(&mut stage).await;
        for server in stage.servers {
            drop(server.stop);
            let served = server.served.await.expect("the server does not panic");
            served.expect("the socket does not fail");
        }
        stage.journal
    })
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(future)
}

impl Stage {
    /// Starts a server over this library, without a limit that matters. Returns the address of the
    /// API.
    pub(crate) async fn serve(&mut self, library: impl MediaLibrary) -> String {
        self.serve_app(App::new(library).rate_limit(limit(PLENTY)))
            .await
    }

    /// Starts a server as it was put together.
    pub(crate) async fn serve_app(&mut self, app: App) -> String {
        self.serve_router(app.into_router()).await
    }

    /// Starts a server with these routes.
    pub(crate) async fn serve_router(&mut self, router: Router) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(media_server::serve(
            listener,
            self.journal.record(router),
            async { drop(stopped.await) },
            Duration::from_secs(10),
        ));
        self.servers.push(Server { stop, served });
        format!("http://{address}/v1")
    }
}

/// This many requests a minute.
pub(crate) fn limit(requests: u32) -> RateLimit {
    RateLimit {
        requests: NonZeroU32::new(requests).expect("not zero"),
        window: Duration::from_secs(60),
    }
}

/// A client as its users make it.
pub(crate) fn client(address: &str, key: &str) -> MediaClient {
    let key = ApiKey::new(key).expect("a key");
    MediaClient::new(address, key).expect("a client")
}

/// A request that the client would not send: its status, headers and body.
pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("the server answers");
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = response.text().await.expect("the answer is complete");
    Answer {
        status,
        headers,
        body,
    }
}

/// An answer as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }
}
