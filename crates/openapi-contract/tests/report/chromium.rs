//! Headless Chromium, to test rendered pages.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The environment variable that names the program.
const PROGRAM: &str = "CHROMIUM";

/// The names of the program that are tried if the variable is not set.
const NAMES: &[&str] = &["google-chrome", "chromium", "chromium-browser"];

/// A page takes about a second, and longer on a machine under load.
const TIMEOUT: Duration = Duration::from_secs(90);

/// The preferred colour scheme.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scheme {
    Dark,
    Light,
}

pub(crate) struct Chromium(PathBuf);

impl Chromium {
    /// Finds Chromium; prints a warning and returns `None` if it is not installed.
    ///
    /// # Panics
    /// When it is not installed in CI, where skipped tests must not pass.
    pub(crate) fn find() -> Option<Self> {
        let named = std::env::var_os(PROGRAM).filter(|name| !name.is_empty());
        let named = named.map(PathBuf::from);
        if let Some(program) = named.or_else(on_path) {
            return Some(Self(program));
        }
        let message = format!(
            "no Chromium: install it, or name it in {PROGRAM}; looked for {} on PATH",
            NAMES.join(", ")
        );
        assert!(std::env::var_os("CI").is_none(), "{message}");
        // Written to the handle, because the test harness hides what passing tests print.
        let _ = writeln!(std::io::stderr(), "skipped: {message}");
        None
    }

    /// The document and the console of a page, after its scripts have run.
    pub(crate) fn open(&self, page: &Page<'_>) -> Opened {
        let directory = tempfile::tempdir().expect("a temporary directory can be created");
        let file = directory.path().join("page.html");
        fs::write(&file, page.html).expect("the page can be written");
        let [dom, console] = ["dom", "console"].map(|name| directory.path().join(name));
        let create = |path: &Path| File::create(path).expect("the output file can be created");
        let child = Command::new(&self.0)
            .args(page.arguments(directory.path(), &file))
            .stdin(Stdio::null())
            .stdout(create(&dom))
            .stderr(create(&console))
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.0.display()));
        wait(child);
        let read = |path: &Path| {
            let bytes = fs::read(path).expect("the output file can be read");
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Opened {
            dom: read(&dom),
            console: read(&console),
        }
    }
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let candidates = NAMES.iter().flat_map(|name| {
        directories
            .iter()
            .map(move |directory| directory.join(name))
    });
    candidates.into_iter().find(|candidate| candidate.is_file())
}

fn wait(mut child: Child) {
    let start = Instant::now();
    loop {
        match child.try_wait().expect("the child process can be polled") {
            Some(status) => {
                assert!(status.success(), "Chromium ended with {status}");
                return;
            }
            None if start.elapsed() > TIMEOUT => {
                let _ = child.kill();
                let _ = child.wait();
                panic!("Chromium did not end in {TIMEOUT:?}");
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// A page and the options for opening it.
pub(crate) struct Page<'p> {
    pub(crate) html: &'p str,
    /// The fragment of the URL.
    pub(crate) fragment: &'p str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) scheme: Scheme,
}

impl Page<'_> {
    fn arguments(&self, profile: &Path, file: &Path) -> Vec<OsString> {
        let scheme = match self.scheme {
            Scheme::Dark => 0,
            Scheme::Light => 1,
        };
        let mut arguments: Vec<OsString> = [
            "--headless",
            // Containers have no privileges for a sandbox.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-first-run",
            "--enable-logging=stderr",
            "--virtual-time-budget=3000",
            "--dump-dom",
        ]
        .map(OsString::from)
        .to_vec();
        arguments.push(format!("--window-size={},{}", self.width, self.height).into());
        arguments.push(format!("--blink-settings=preferredColorScheme={scheme}").into());
        let mut directory = OsString::from("--user-data-dir=");
        directory.push(profile);
        arguments.push(directory);
        let mut url = OsString::from("file://");
        url.push(file);
        url.push("#");
        url.push(self.fragment);
        arguments.push(url);
        arguments
    }
}

/// The result of opening a page.
pub(crate) struct Opened {
    pub(crate) dom: String,
    pub(crate) console: String,
}
