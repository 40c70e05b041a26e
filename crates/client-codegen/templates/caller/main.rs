//! Reads calls, one in a line of JSON, makes them, and writes what the client made of each answer.

use std::io::{BufRead, Write};

use {{module}}::Client;

mod call;
mod generated;

use call::{Answer, Call};

/// In bytes. Without optimizing, a call with hundreds of parameters needs more than a main thread has.
const STACK: usize = 1 << 28;

fn main() -> std::io::Result<()> {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(answer)?;
    let ended = thread.join();
    ended.unwrap_or_else(|_| Err(std::io::Error::other("it panicked")))
}

/// Answers each call with what the client makes of it.
#[tokio::main(flavor = "current_thread")]
async fn answer() -> std::io::Result<()> {
    // What is answered is looked at as it is, and not followed.
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    // A request whose headers promise a longer body than it has would wait for ever.
    let http = http.timeout(std::time::Duration::from_secs(10));
    let http = http.build().map_err(std::io::Error::other)?;
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = match serde_json::from_str::<Call>(&line?) {
            Err(error) => Answer::refused(error.to_string()),
            Ok(call) => {
                let client = Client::new_with_client(call.base(), http.clone());
                let client = generated::with_credentials(client);
                let answer = generated::call(&client, call).await;
                answer.unwrap_or_else(Answer::refused)
            }
        };
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}
