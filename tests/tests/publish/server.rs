//! The media server in this process, with a library of fixtures.

use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use media_server::App;
use media_server::test_support::TempLibrary;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// A running server, which stops when it is dropped.
pub(crate) struct Server {
    url: String,
    key: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _library: TempLibrary,
}

impl Server {
    /// Serves these fixtures on a free port.
    pub(crate) fn start(fixtures: &[&str]) -> Self {
        let library = TempLibrary::new();
        for fixture in fixtures {
            library.import("default", fixture);
        }
        let key = library.key("default");
        let app = App::new(library.library.clone());

        let (stop, stopped) = oneshot::channel::<()>();
        let (url_sender, address) = mpsc::channel();
        let thread = thread::spawn(move || {
            let serve = async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let address = listener.local_addr().expect("an address");
                url_sender.send(address).expect("the test waits for it");
                let router = app.into_router();
                let until = async { drop(stopped.await) };
                media_server::serve(listener, router, until, Duration::from_secs(5)).await
            };
            let runtime = Runtime::new().expect("a runtime");
            runtime.block_on(serve).expect("a server to the end");
        });
        let address = address.recv().expect("a server that starts");
        Self {
            url: format!("http://{address}/v1"),
            key,
            stop: Some(stop),
            thread: Some(thread),
            _library: library,
        }
    }

    /// Base URL of the API.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A key of the library.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server shows in its responses.
            thread.join().ok();
        }
    }
}
