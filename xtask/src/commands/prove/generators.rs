//! Compares this generator with others: lines, time and memory of the generation, and time of `cargo check`.
//!
//! The same code measures all of them. Each generation is a process of its own, from the start of the process to
//! the last written file. The generators take turns, and the best run of each counts.

use std::fs::{self, File};
use std::path::{self, Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use super::build::{BASELINE, Build, COMPARISON, OPENAPI_TO_RUST, lines_in};
use super::contracts::Target;
use super::crate_directory;
use super::table::{Compared, Row, aligned, time};
use crate::args::{Generator, ProveArgs};
use crate::baseline;
use crate::commands::measure;

/// The directory that this generator writes to when it is measured.
const SCRATCH: &str = "measured";

/// The programs to compare with.
pub(super) struct Generators {
    baseline: Option<PathBuf>,
    openapi_to_rust: Option<PathBuf>,
}

/// A generator and the crate that it writes.
struct Contender {
    name: &'static str,
    package: String,
    /// The directory of the crate.
    root: PathBuf,
    /// The directory that the generator writes to.
    out: PathBuf,
    command: Vec<PathBuf>,
    compared: Compared,
}

impl Generators {
    /// Finds the programs. `None` if there is nothing to compare with.
    pub(super) fn prepare(args: &ProveArgs, root: &Path) -> Result<Option<Self>> {
        if !args.baseline && args.openapi_to_rust.is_none() {
            return Ok(None);
        }
        let baseline = args.baseline.then(|| measure::baseline_program(root));
        let openapi_to_rust = args.openapi_to_rust.as_deref().map(|program| {
            fs::canonicalize(program)
                .with_context(|| format!("{} cannot be found", program.display()))
        });
        Ok(Some(Self {
            baseline: baseline.transpose()?,
            openapi_to_rust: openapi_to_rust.transpose()?,
        }))
    }

    /// Runs all generators on a contract, and checks their crates. The crate of this generator exists.
    pub(super) fn compare(
        &self,
        contract: &Target,
        build: &Build,
        args: &ProveArgs,
    ) -> Result<Vec<Compared>> {
        let mut contenders = self.contenders(contract, build, args)?;
        for _ in 0..args.runs {
            for contender in &mut contenders {
                contender.generate()?;
            }
        }
        for contender in &mut contenders {
            contender.prepare_crate()?;
            // Builds the dependencies.
            contender.check(build, false)?;
        }
        for _ in 0..args.runs {
            for contender in &mut contenders {
                contender.check(build, true)?;
            }
        }
        let compared = contenders.into_iter().map(|contender| contender.compared);
        Ok(compared.collect())
    }

    fn contenders(
        &self,
        contract: &Target,
        build: &Build,
        args: &ProveArgs,
    ) -> Result<Vec<Contender>> {
        let absolute = |path: &Path| {
            path::absolute(path).with_context(|| format!("{} cannot be found", path.display()))
        };
        let root = absolute(&crate_directory(&build.directory, contract))?;
        let source = absolute(&contract.path)?;
        let own = std::env::current_exe().context("cannot find the path of this program")?;
        let scratch = root.join(SCRATCH);
        let mut command = measuring(own, Generator::Workspace, &source, &scratch);
        if let Some(directory) = &args.root_dir.path {
            command.extend(["--root-dir".into(), absolute(directory)?]);
        }
        let mut contenders = vec![Contender::new(
            "xtask",
            &contract.package,
            root.clone(),
            scratch,
            command,
        )];
        if let Some(program) = &self.baseline {
            let inner = root.join(BASELINE);
            let out = inner.join("src");
            let document = root.join(COMPARISON);
            let command = measuring(program.clone(), Generator::Baseline, &document, &out);
            let package = format!("{}-{BASELINE}", contract.package);
            contenders.push(Contender::new("progenitor", &package, inner, out, command));
        }
        if let Some(program) = &self.openapi_to_rust {
            let inner = root.join(OPENAPI_TO_RUST);
            let out = inner.join("src").join("api");
            let command = vec![
                program.clone(),
                "generate".into(),
                source,
                "--output-dir".into(),
                out.clone(),
                "--quiet".into(),
            ];
            let package = format!("{}-{OPENAPI_TO_RUST}", contract.package);
            contenders.push(Contender::new(
                OPENAPI_TO_RUST,
                &package,
                inner,
                out,
                command,
            ));
        }
        Ok(contenders)
    }
}

/// The command that generates in a program of this workspace.
fn measuring(program: PathBuf, generator: Generator, source: &Path, out: &Path) -> Vec<PathBuf> {
    let name = generator.name();
    let (source, out) = (source.to_owned(), out.to_owned());
    vec![program, "measure".into(), name.into(), source, out]
}

impl Contender {
    fn new(
        name: &'static str,
        package: &str,
        root: PathBuf,
        out: PathBuf,
        command: Vec<PathBuf>,
    ) -> Self {
        Self {
            name,
            package: package.to_owned(),
            root,
            out,
            command,
            compared: Compared {
                name,
                generation: None,
                lines: None,
                check: None,
                problem: None,
            },
        }
    }

    /// Generates once. A generator that fails has a problem.
    fn generate(&mut self) -> Result<()> {
        if self.compared.problem.is_some() {
            return Ok(());
        }
        let cannot = || format!("{} cannot be replaced", self.out.display());
        if self.out.exists() {
            fs::remove_dir_all(&self.out).with_context(cannot)?;
        }
        fs::create_dir_all(&self.out).with_context(cannot)?;
        let [program, arguments @ ..] = &self.command[..] else {
            return Ok(());
        };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        match measure::measured(&mut command) {
            Ok(measured) => {
                let least = self.compared.generation.map(|least| least.min(measured));
                self.compared.generation = Some(least.unwrap_or(measured));
            }
            Err(error) => self.fail("cannot generate", &format!("{error:#}")),
        }
        Ok(())
    }

    /// Completes the crate, and counts its lines.
    fn prepare_crate(&mut self) -> Result<()> {
        let cannot = || format!("{} cannot be written", self.root.display());
        let manifest = self.root.join("Cargo.toml");
        let source = self.root.join("src");
        if self.compared.problem.is_some() {
            // Without a file, the other crates of the workspace could not be built.
            let root_file = source.join("lib.rs");
            if !root_file.exists() {
                fs::create_dir_all(&source).with_context(cannot)?;
                fs::write(root_file, "").with_context(cannot)?;
            }
            return Ok(());
        }
        match self.name {
            "progenitor" => {
                fs::write(&manifest, baseline::manifest(&self.package)).with_context(cannot)?;
            }
            OPENAPI_TO_RUST => {
                let dependencies = self.out.join("REQUIRED_DEPS.toml");
                let dependencies = fs::read_to_string(&dependencies)
                    .with_context(|| format!("{} cannot be read", dependencies.display()))?;
                let package = baseline::package(&self.package);
                fs::write(&manifest, package + &dependencies).with_context(cannot)?;
                fs::write(source.join("lib.rs"), "pub mod api;\n").with_context(cannot)?;
            }
            _ => {}
        }
        self.compared.lines = Some(lines_in(&source)?);
        Ok(())
    }

    /// Checks the crate, whose dependencies were built if the result `counts`.
    fn check(&mut self, build: &Build, counts: bool) -> Result<()> {
        if self.compared.problem.is_some() {
            return Ok(());
        }
        let root_file = self.root.join("src").join("lib.rs");
        let touched = File::options()
            .append(true)
            .open(&root_file)
            .and_then(|file| file.set_modified(SystemTime::now()));
        touched.with_context(|| format!("{} cannot be written", root_file.display()))?;
        let built = build.cargo("check", &self.package)?;
        if let Some(error) = built.error {
            let first = error.lines().next().unwrap_or_default();
            self.fail("does not compile", first);
        } else if counts {
            self.compared.check = self.compared.check.into_iter().chain(built.last).min();
        }
        Ok(())
    }

    fn fail(&mut self, what: &str, error: &str) {
        self.compared.problem = Some(format!("{}: {what}: {error}", self.name));
    }
}

const HEADER: [&str; 11] = [
    "contract",
    "generator",
    "operations",
    "requests",
    "values",
    "weakened",
    "omitted",
    "lines",
    "generated",
    "memory",
    "check",
];

/// The table of all contracts and generators. Other generators have, in parentheses, what this one needs
/// relative to them.
pub(super) fn render(rows: &[Row]) -> String {
    let mut cells = vec![HEADER.map(str::to_owned).to_vec()];
    let mut problems = String::new();
    for row in rows {
        let [own, others @ ..] = &row.compared[..] else {
            continue;
        };
        let proved = [
            match row.operations {
                // They are counted when they are called.
                0 => "-".to_owned(),
                operations => operations.to_string(),
            },
            row.requests.to_string(),
            row.values.to_string(),
            row.weakened.to_string(),
            row.omitted.to_string(),
        ];
        cells.push(
            [
                &[row.name.clone(), own.name.to_owned()],
                &proved[..],
                &own.cells(None),
            ]
            .concat(),
        );
        for other in others {
            let none = HEADER.map(|_| "-".to_owned());
            let names = [row.name.clone(), other.name.to_owned()];
            let measured = other.cells(Some(own));
            cells.push([&names, &none[..proved.len()], &measured].concat());
        }
        for problem in row
            .compared
            .iter()
            .filter_map(|compared| compared.problem.as_ref())
        {
            problems += &format!("{}: {problem}\n", row.name);
        }
    }
    aligned(&cells, 2) + "In parentheses: xtask relative to this generator.\n" + &problems
}

impl Compared {
    /// Lines, time, memory and time of the check, with those of `own` relative to them.
    fn cells(&self, own: Option<&Self>) -> [String; 4] {
        let seconds = |duration: Duration| duration.as_secs_f64();
        let lines = |of: &Self| of.lines.map(|lines| lines as f64);
        let generation = |of: &Self| of.generation.map(|measured| seconds(measured.time));
        let memory = |of: &Self| {
            let memory = of.generation.and_then(|measured| measured.memory);
            memory.map(|kibibytes| kibibytes as f64 / 1024.0)
        };
        let check = |of: &Self| of.check.map(seconds);
        let with_ratio =
            |text: String, of: &dyn Fn(&Self) -> Option<f64>| match (own.and_then(of), of(self)) {
                (Some(own), Some(other)) if other > 0.0 => format!("{text} ({:.2})", own / other),
                _ => text,
            };
        let count = |lines: usize| lines.to_string();
        let size = memory(self).map(|size| format!("{size:.1} MiB"));
        let missing = || "-".to_owned();
        [
            with_ratio(self.lines.map_or_else(missing, count), &lines),
            with_ratio(
                time(self.generation.map(|measured| measured.time)),
                &generation,
            ),
            with_ratio(size.unwrap_or_else(missing), &memory),
            with_ratio(time(self.check), &check),
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::render;
    use crate::commands::measure::Measured;
    use crate::commands::prove::build::lines_in;
    use crate::commands::prove::table::{Compared, Row};

    fn compared(name: &'static str, lines: usize, milliseconds: u64, memory: u64) -> Compared {
        let time = Duration::from_millis(milliseconds);
        Compared {
            name,
            generation: Some(Measured {
                time,
                memory: Some(memory),
            }),
            lines: Some(lines),
            check: Some(time * 2),
            problem: None,
        }
    }

    #[test]
    fn generators_are_rows_with_ratios() {
        let mut row = Row::new("things");
        row.operations = 2;
        row.requests.count(true);
        row.values.count(false);
        row.weakened = 1;
        row.compared = vec![
            compared("xtask", 100, 500, 2048),
            compared("progenitor", 200, 250, 1024),
            Compared {
                generation: None,
                lines: None,
                check: None,
                problem: Some("other: cannot generate: it is broken".to_owned()),
                ..compared("other", 0, 0, 0)
            },
        ];
        let table = render(&[Row::new("invalid"), row]);
        let expected = "\
contract  generator   operations  requests  values  weakened  omitted       lines      generated          memory          check
things    xtask                2    1 of 1  0 of 1         1        0         100         0.50 s         2.0 MiB         1.00 s
things    progenitor           -         -       -         -        -  200 (0.50)  0.25 s (2.00)  1.0 MiB (2.00)  0.50 s (2.00)
things    other                -         -       -         -        -           -              -               -              -
In parentheses: xtask relative to this generator.
things: other: cannot generate: it is broken
";
        assert_eq!(table, expected);
    }

    #[test]
    fn lines_are_those_of_all_rust_files() {
        let directory = tempfile::tempdir().expect("a directory");
        let inner = directory.path().join("inner");
        fs::create_dir(&inner).expect("a directory");
        for (path, text) in [
            (directory.path().join("lib.rs"), "a\n\nb"),
            (directory.path().join("other.toml"), "a\n"),
            (inner.join("mod.rs"), "// a\n"),
        ] {
            fs::write(path, text).expect("a file");
        }
        assert_eq!(lines_in(directory.path()).expect("they are read"), 4);
    }
}
