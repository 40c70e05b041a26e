//! Serves a router on a socket until shutdown.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Serves a router until `shutdown` completes. Then no more connections are accepted and pending requests are
/// completed. The function returns after `grace` at the latest.
///
/// # Errors
/// If the socket fails permanently.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    let (stopping, stop) = oneshot::channel();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        shutdown.await;
        // The receiver is dropped only if the server has already stopped.
        let _ = stopping.send(());
    });
    let deadline = async {
        if stop.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        served = server => served,
        () = deadline => {
            tracing::warn!(?grace, "stopped with pending requests");
            Ok(())
        }
    }
}
