//! Reads calls from stdin, one JSON value per line, makes them, and writes the outcome of each to stdout.

use std::io::{BufRead, Write};

use {{module}}::Client;

mod call;
mod generated;

use call::{Call, CallOutcome};

/// In bytes. In debug builds, a call with hundreds of parameters overflows the stack of the main thread.
const STACK: usize = 1 << 28;

fn main() -> std::io::Result<()> {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run)?;
    let ended = thread.join();
    ended.unwrap_or_else(|_| Err(std::io::Error::other("it panicked")))
}

/// Makes each call and writes its outcome.
#[tokio::main(flavor = "current_thread")]
async fn run() -> std::io::Result<()> {
    // Redirects are returned as responses, not followed.
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    // A request with a `Content-Length` above the length of its body would never finish.
    let http = http.timeout(std::time::Duration::from_secs(10));
    let http = http.build().map_err(std::io::Error::other)?;
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let outcome = match serde_json::from_str::<Call>(&line?) {
            Err(error) => CallOutcome::rejected(error.to_string()),
            Ok(call) => {
                let client = Client::new_with_client(call.base(), http.clone());
                let client = generated::with_credentials(client);
                let outcome = generated::call(&client, call).await;
                outcome.unwrap_or_else(CallOutcome::rejected)
            }
        };
        serde_json::to_writer(&mut output, &outcome)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}
