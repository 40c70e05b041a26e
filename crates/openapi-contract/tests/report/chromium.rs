//! A Chromium without a window, to see pages as people do.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The environment variable that names the program.
const PROGRAM: &str = "CHROMIUM";

/// What it is called where the variable is not set.
const NAMES: &[&str] = &["google-chrome", "chromium", "chromium-browser"];

/// A page takes about a second; a machine under load takes longer.
const PATIENCE: Duration = Duration::from_secs(90);

/// The colours that the reader prefers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scheme {
    Dark,
    Light,
}

pub(crate) struct Chromium(PathBuf);

impl Chromium {
    /// Chromium; nothing where there is none, which is said.
    ///
    /// # Panics
    /// Where there is none in CI: there, a test that does not run is one that does not hold.
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
        // Through the handle of the process: the test harness swallows what a passed test prints.
        let _ = writeln!(std::io::stderr(), "skipped: {message}");
        None
    }

    /// The document and the console of a page, after its scripts have run.
    pub(crate) fn open(&self, page: &Page<'_>) -> Opened {
        let directory = tempfile::tempdir().expect("there is room for a profile");
        let file = directory.path().join("page.html");
        fs::write(&file, page.html).expect("the page can be written");
        let [dom, console] = ["dom", "console"].map(|name| directory.path().join(name));
        let create = |path: &Path| File::create(path).expect("output can be kept");
        let child = Command::new(&self.0)
            .args(page.arguments(directory.path(), &file))
            .stdin(Stdio::null())
            .stdout(create(&dom))
            .stderr(create(&console))
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.0.display()));
        wait(child);
        let read = |path: &Path| {
            let bytes = fs::read(path).expect("output was kept");
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
        match child.try_wait().expect("a child can be waited for") {
            Some(status) => {
                assert!(status.success(), "Chromium ended with {status}");
                return;
            }
            None if start.elapsed() > PATIENCE => {
                let _ = child.kill();
                let _ = child.wait();
                panic!("Chromium did not end in {PATIENCE:?}");
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// What is opened, and how.
pub(crate) struct Page<'p> {
    pub(crate) html: &'p str,
    /// What stands behind the `#` of the address.
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
            // A container has no privileges to set a sandbox up with.
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
        let mut address = OsString::from("file://");
        address.push(file);
        address.push("#");
        address.push(self.fragment);
        arguments.push(address);
        arguments
    }
}

/// What became of a page.
pub(crate) struct Opened {
    pub(crate) dom: String,
    pub(crate) console: String,
}
