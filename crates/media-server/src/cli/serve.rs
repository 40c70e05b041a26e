//! `media-server serve`.

use std::future::Future;
use std::io::{self, IsTerminal};
use std::time::Duration;

use anyhow::Context;
use media_server::{App, RateLimit, SqliteLibrary};
use tokio::net::TcpListener;

use super::args::{LogFormat, Serve};
use super::exit::{CommandOutcome, Failure};

/// How long requests that are under way may take when the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(super) fn run(library: SqliteLibrary, serve: Serve) -> Result<CommandOutcome, Failure> {
    log_to_stderr(serve.log_format);
    // A panic is logged like everything else, with the request it belongs to.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(async {
        let listener = TcpListener::bind(serve.listen).await.with_context(|| {
            format!("cannot listen on {}; choose another --listen", serve.listen)
        })?;
        let address = listener.local_addr().context("the socket has no address")?;
        // Before the address is told: whoever reads it may send a signal.
        let shutdown = signals()?;
        tracing::info!("listening on http://{address}");
        let app = App::new(library).rate_limit(RateLimit {
            requests: serve.rate_limit,
            window: serve.rate_window,
        });
        media_server::serve(listener, app.into_router(), shutdown, GRACE)
            .await
            .context("the socket failed")
    })?;
    // A request that outlived the grace may still hold a thread. It is not waited for.
    runtime.shutdown_background();
    tracing::info!("stopped");
    Ok(CommandOutcome::Done)
}

/// Completes on Ctrl-C and, on Unix, on SIGTERM.
fn signals() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).context("cannot listen for signals")?
    };
    #[cfg(unix)]
    let mut interrupt = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::interrupt()).context("cannot listen for signals")?
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        tracing::info!("stopping");
    })
}

fn log_to_stderr(format: LogFormat) {
    let builder = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(tracing::Level::INFO);
    match format {
        LogFormat::Text => {
            let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            builder
                .with_ansi(io::stderr().is_terminal() && !no_color)
                .init();
        }
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}
