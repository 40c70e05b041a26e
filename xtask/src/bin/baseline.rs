//! `cargo xtask` with the allocator of the system, which programs that call progenitor have:
//! `prove --baseline` measures progenitor in this one.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main()
}
