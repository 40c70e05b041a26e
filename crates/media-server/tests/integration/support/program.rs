//! The program `media-server` in its own process, with its own data directory.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

pub(crate) struct Program {
    directory: TempDir,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    /// The data directory, which the first command creates.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub(crate) fn working_dir(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_media-server"));
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env("MEDIA_SERVER_DATA", self.data_dir())
            .env_remove("CLICOLOR_FORCE");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments)
            .output()
            .expect("the program starts")
    }

    /// Runs a command that must succeed, and returns its standard output.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            stderr(&output)
        );
        stdout(&output)
    }

    pub(crate) fn new_key(&self, library: &str) -> String {
        let key = self.succeed(&["keys", "create", "--library", library]);
        key.trim_end().to_owned()
    }

    /// Starts a server on a free port.
    pub(crate) fn serve(&self, arguments: &[&str]) -> RunningServer {
        let mut child = self
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (lines, log) = channel();
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        let mut server = RunningServer {
            child,
            log,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let line = server.log_line("listening on http://");
        let (_, address) = line.split_once("http://").expect("an address");
        let end = address.find('"').unwrap_or(address.len());
        server.address = address[..end].parse().expect("an address");
        server
    }
}

pub(crate) struct RunningServer {
    child: Child,
    log: Receiver<String>,
    pub(crate) address: SocketAddr,
}

impl RunningServer {
    /// Waits for a log line that contains this text.
    pub(crate) fn log_line(&self, text: &str) -> String {
        loop {
            let line = self
                .log
                .recv_timeout(Duration::from_secs(30))
                .unwrap_or_else(|_| panic!("no line with {text:?}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Sends a signal, and returns the exit status.
    pub(crate) fn signal(&mut self, name: &str) -> Option<i32> {
        let sent = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status();
        assert!(sent.expect("kill").success());
        self.child.wait().expect("a child process").code()
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // It may have stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Returns the path of a fixture as an argument of the program.
pub(crate) fn fixture_argument(name: &str) -> String {
    media_server::test_support::fixture(name)
        .display()
        .to_string()
}
