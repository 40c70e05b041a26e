//! Runs the generator in a subprocess.
//!
//! Schemas and generated code nest. A stack overflow cannot be caught: it aborts the process. The parent
//! process reports it.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::thread;

use anyhow::anyhow;

use crate::output::Output;

/// The commands that run the generator.
const GENERATING: [&str; 4] = ["check", "client", "generate", "lint"];

/// Set in the environment of the subprocess.
const IN_SUBPROCESS: &str = "XTASK_IN_SUBPROCESS";

/// The stack size of the generator in bytes. Generated code nests: a request with a thousand
/// parameters is a chain of a thousand calls. Only the pages in use take memory.
const STACK: usize = 1 << 30;

/// In the subprocess, calls `run` on a thread with a large stack; otherwise calls it directly.
pub(crate) fn with_large_stack<T: Send>(run: impl Fn() -> T + Send + Sync) -> T {
    if env::var_os(IN_SUBPROCESS).is_none() {
        return run();
    }
    thread::scope(|scope| {
        let spawned = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, &run);
        match spawned.map(|thread| thread.join()) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // Most contracts do not need the large stack.
            Err(_) => run(),
        }
    })
}

/// Runs the command in a subprocess if it generates. Returns `None` if it must run in this process.
pub(crate) fn run_generator(output: &mut Output) -> Option<ExitCode> {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    let generates = args
        .iter()
        .any(|arg| GENERATING.iter().any(|name| arg == name));
    if !generates || env::var_os(IN_SUBPROCESS).is_some() {
        return None;
    }
    let program = env::current_exe().ok()?;
    let status = Command::new(program)
        .args(args)
        .env(IN_SUBPROCESS, "1")
        .status()
        .ok()?;
    if let Some(code) = status.code().and_then(|code| u8::try_from(code).ok()) {
        return Some(ExitCode::from(code));
    }
    let error = anyhow!(
        "the generator crashed ({status}); nothing was written. Likely causes: out of memory, or \
         unbounded schema recursion or expansion in `allOf`, `anyOf` or `oneOf`"
    );
    Some(output.failure(&error).into())
}
