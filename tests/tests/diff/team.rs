//! A workspace of a team in a directory of its own, and the commands that are run there.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use xtask::{Output, Status};

/// A small contract with a bit of everything that the tests change.
pub(crate) const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: Parcels, version: 1.0.0}
paths:
  /parcels:
    get:
      operationId: list_parcels
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
        - {name: sort, in: query, schema: {type: string}}
      responses:
        '200':
          description: The parcels.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Parcel'}}
components:
  schemas:
    Parcel:
      type: object
      required: [id, state]
      properties:
        id: {type: string}
        state: {type: string, enum: [sent, lost]}
";

/// A workspace; it is removed when this is dropped.
pub(crate) struct Team {
    directory: tempfile::TempDir,
}

/// How a command ended, and what it wrote.
pub(crate) struct Run {
    pub(crate) status: Status,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Team {
    /// A workspace whose contract is this text.
    pub(crate) fn new(contract: &str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let team = Self { directory };
        team.write("Cargo.toml", "");
        team.write("openapi/media.yaml", contract);
        team
    }

    /// Writes a file, and gives its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        let parent = path.parent().expect("it is in the directory");
        fs::create_dir_all(parent).expect("a fresh directory");
        fs::write(&path, text).expect("a fresh directory");
        path.to_str().expect("a plain path").to_owned()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The path of the workspace's contract.
    pub(crate) fn contract(&self) -> String {
        let path = self.path("openapi/media.yaml");
        path.to_str().expect("a plain path").to_owned()
    }

    /// Runs a command of xtask here.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Run {
        let (stdout, stderr) = (Buffer::default(), Buffer::default());
        let mut output = Output::plain(stdout.clone(), stderr.clone());
        let root = self.directory.path().as_os_str().to_owned();
        let all = ["cargo xtask", "--root"].map(OsString::from).into_iter();
        let all = all
            .chain([root])
            .chain(arguments.iter().map(OsString::from));
        let status = xtask::run(all, &mut output);
        let prefix = format!("{}/", self.directory.path().display());
        Run {
            status,
            stdout: stdout.text().replace(&prefix, ""),
            stderr: stderr.text().replace(&prefix, ""),
        }
    }

    /// Runs git here.
    pub(crate) fn git(&self, arguments: &[&str]) {
        git(self.directory.path(), arguments);
    }
}

/// Runs git in a directory.
pub(crate) fn git(directory: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(directory)
        .args(["-c", "user.name=Team", "-c", "user.email=team@example.org"])
        .args(["-c", "commit.gpgsign=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git is there");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

impl Run {
    /// Everything, for a snapshot.
    pub(crate) fn shown(&self) -> String {
        let Self {
            status,
            stdout,
            stderr,
        } = self;
        without_durations(&format!("{stdout}-- stderr --\n{stderr}-- {status:?} --"))
    }
}

/// `in 0.12 s` as `in [time]`.
fn without_durations(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once("in ") {
        Some((before, duration)) if duration.ends_with(" s") => format!("{before}in [time]"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Bytes that a command writes and a test reads.
#[derive(Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }
}

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
