//! `cargo xtask` with the system allocator, which programs that call progenitor usually have.
//! `prove --baseline` measures progenitor in this program.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main()
}
