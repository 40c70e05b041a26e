//! `cargo xtask`; see the library for the commands.

use std::process::ExitCode;

/// Generation makes millions of small allocations on several threads: it takes about a quarter less
/// time with this allocator than with the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    xtask::main()
}
