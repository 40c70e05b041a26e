//! A server in the test process.

use std::net::SocketAddr;
use std::time::Duration;

use media_server::App;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    runtime: Runtime,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<std::io::Result<()>>>,
}

impl TestServer {
    pub(crate) fn start(app: App) -> Self {
        Self::start_with_grace(app, Duration::from_secs(10))
    }

    pub(crate) fn start_with_grace(app: App, grace: Duration) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let (stop, stopped) = oneshot::channel();
        let served = runtime.spawn(media_server::serve(
            listener,
            app.into_router(),
            async { drop(stopped.await) },
            grace,
        ));
        Self {
            address,
            runtime,
            stop: Some(stop),
            served: Some(served),
        }
    }

    /// Stops the server, and waits until it has stopped.
    pub(crate) fn stop(mut self) {
        drop(self.stop.take());
        let served = self.served.take().expect("a running server");
        let served = self.runtime.block_on(served);
        served.expect("no panic").expect("no socket error");
    }
}
