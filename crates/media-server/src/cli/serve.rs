//! `media-server serve`.

use std::future::Future;
use std::io::{self, IsTerminal};
use std::time::Duration;

use anyhow::Context;
use media_server::{App, RateLimit, SqliteLibrary};
use tokio::net::TcpListener;

use super::args::{LogFormat, Serve};
use super::exit::{CommandOutcome, Failure};

/// How long pending requests may take after a signal to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(super) fn run(library: SqliteLibrary, serve: Serve) -> Result<CommandOutcome, Failure> {
    log_to_stderr(serve.log_format);
    // Panics are logged, with the request id of the surrounding span.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
    let runtime = tokio::runtime::Runtime::new().context("cannot start the async runtime")?;
    runtime.block_on(async {
        let listener = TcpListener::bind(serve.listen).await.with_context(|| {
            format!(
                "cannot listen on {}; choose another address with --listen",
                serve.listen
            )
        })?;
        let address = listener
            .local_addr()
            .context("cannot get the address of the socket")?;
        // Before the address is logged: a reader of the log may send a signal at once.
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
    // Does not wait for threads of requests that are still pending.
    runtime.shutdown_background();
    tracing::info!("stopped");
    Ok(CommandOutcome::Done)
}

/// Completes on Ctrl-C and, on Unix, on SIGTERM.
fn signals() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).context("cannot install the signal handler")?
    };
    #[cfg(unix)]
    let mut interrupt = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::interrupt()).context("cannot install the signal handler")?
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
