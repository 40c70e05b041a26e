//! Generates in a process of its own.
//!
//! Typify follows some schemas that contain themselves for ever. Nothing can catch a stack that
//! overflows: the process ends on the spot. Then this one says what happened.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::thread;

use anyhow::anyhow;

use crate::output::Output;

/// The commands that generate.
const GUARDED: [&str; 2] = ["client", "generate"];

/// Tells a process that it is the guarded one.
const INSIDE: &str = "XTASK_GUARDED";

/// The stack of the generator, in bytes. Code nests as deep as a contract is wide: a request with a
/// thousand parameters is a chain of a thousand calls. Only what is used of it is ever taken.
const STACK: usize = 1 << 30;

/// Runs what generates on a stack that is large enough for wide contracts, if this is the guarded
/// process.
pub(crate) fn deep<T: Send>(run: impl Fn() -> T + Send + Sync) -> T {
    if env::var_os(INSIDE).is_none() {
        return run();
    }
    thread::scope(|scope| {
        let spawned = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, &run);
        match spawned.map(|thread| thread.join()) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // Most contracts are not so wide.
            Err(_) => run(),
        }
    })
}

/// Runs this program's command in another process, if it generates; nothing if it is to run here.
pub(crate) fn run(output: &mut Output) -> Option<ExitCode> {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    let generates = args
        .iter()
        .any(|arg| GUARDED.iter().any(|name| arg == name));
    if !generates || env::var_os(INSIDE).is_some() {
        return None;
    }
    let program = env::current_exe().ok()?;
    let status = Command::new(program)
        .args(args)
        .env(INSIDE, "1")
        .status()
        .ok()?;
    if let Some(code) = status.code().and_then(|code| u8::try_from(code).ok()) {
        return Some(ExitCode::from(code));
    }
    let error = anyhow!(
        "the generator died ({status}), and nothing was written: either it had too little memory, or the \
         contract has schemas that lead back to themselves, or multiply, in a way that it cannot follow; \
         look at `allOf`, `anyOf` and `oneOf` whose parts declare the same property, or are unions \
         themselves"
    );
    Some(output.failure(&error).into())
}
