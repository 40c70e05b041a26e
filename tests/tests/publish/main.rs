//! `cargo xtask publish`, from the workspace through a real registry to a program of a consumer.

mod command;
mod consumer;
mod copy;
mod registry;
mod server;

use xtask::Status;

use command::publish;
use consumer::Consumer;
use copy::WorkspaceCopy;
use registry::Registry;
use server::Server;

/// The variable with the path of the registry program, which `cargo xtask test` installs.
const REGISTRY_PROGRAM: &str = "CARGO_HTTP_REGISTRY";

#[test]
fn uncommitted_changes_are_not_published() {
    let copy = WorkspaceCopy::committed();
    copy.append("crates/media-client/README.md", "One more line.\n");
    copy.append("notes.txt", "New.\n");

    let run = publish(&copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Findings, "{run}");
    run.assert_stderr("Changed crates/media-client/README.md");
    run.assert_stderr("Untracked notes.txt");
    run.assert_stderr("commit or stash");
}

#[test]
fn stale_client_is_not_published() {
    let copy = WorkspaceCopy::committed();
    copy.append("openapi/media.yaml", "# One more line.\n");
    copy.commit();

    let run = publish(&copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Findings, "{run}");
    run.assert_stderr("Stale");
    run.assert_stderr("run `cargo xtask generate`");
}

#[test]
fn unknown_registry_is_reported_with_a_remedy() {
    let copy = WorkspaceCopy::committed();

    let run = publish(&copy, &["--registry", "no-such"]);
    assert_eq!(run.status, Status::Failed, "{run}");
    run.assert_stderr("to registry `no-such`");
    run.assert_stderr("CARGO_REGISTRIES_NO_SUCH_INDEX");
}

#[test]
fn workspace_without_git_is_not_published() {
    let copy = WorkspaceCopy::without_git();

    let run = publish(&copy, &["--registry", "team"]);
    assert_eq!(run.status, Status::Failed, "{run}");
    run.assert_stderr("`git status` failed in");
}

#[test]
fn published_client_works_outside_the_workspace() {
    let Some(program) = std::env::var_os(REGISTRY_PROGRAM) else {
        skip();
        return;
    };
    let copy = WorkspaceCopy::committed();
    let registry = Registry::start(&program);
    copy.configure("team", &registry);

    runtime_of_another_registry_is_not_published(&copy, &registry);
    copy.resolve_in("team");
    copy.commit();
    dry_run_proves_and_publishes_nothing(&copy, &registry);
    incomplete_package_is_not_published(&copy, &registry);
    versions_are_published_once(&copy, &registry);
    runtime_is_published_alone(&copy, &registry);

    let server = Server::start(&["image.jpg", "video.mp4"]);
    let listed = Consumer::of("team", &copy).run(&server);
    assert_eq!(
        listed,
        ["image.jpg: image of 64 x 48", "video.mp4: video of 64 x 48"]
    );
}

/// Without `registry`, the dependency means crates.io, where the runtime of a team is not.
fn runtime_of_another_registry_is_not_published(copy: &WorkspaceCopy, registry: &Registry) {
    let run = publish(copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Findings, "{run}");
    run.assert_stderr("would look for openapi-client-runtime on crates.io");
    run.assert_stderr("Add `registry = \"team\"` to openapi-client-runtime");
    assert!(registry.packages().is_empty(), "{:?}", registry.packages());
}

fn dry_run_proves_and_publishes_nothing(copy: &WorkspaceCopy, registry: &Registry) {
    let run = publish(copy, &["--registry", "team"]);
    assert_eq!(run.status, Status::Clean, "{run}");
    for (package, version) in [
        ("openapi-client-runtime", copy.runtime_version()),
        ("media-client", copy.version()),
    ] {
        run.assert_stdout(&format!(
            "package   {package} {version}\nregistry  team, does not have this version\n"
        ));
        run.assert_stderr(&format!("that {package} {version} builds and passes"));
    }
    run.assert_stdout("bytes  LICENSE-APACHE\n");
    run.assert_stdout("bytes  LICENSE-MIT\n");
    run.assert_stdout("bytes  README.md\n");
    run.assert_stdout("src/url_query.rs\n");
    run.assert_stdout(&format!(
        "contract  {}, sha256 {}\n",
        media_client::CONTRACT_VERSION,
        media_client::CONTRACT_SHA256
    ));
    run.assert_stdout("src/generated/types.rs\n");
    run.assert_stderr("Running unittests src/lib.rs");
    run.assert_stderr("nothing was published");
    run.assert_stderr("run `cargo xtask publish --registry team --execute`");
    assert!(registry.packages().is_empty(), "{:?}", registry.packages());
}

/// A file that is missing in the package is noticed, even if the workspace has it.
fn incomplete_package_is_not_published(copy: &WorkspaceCopy, registry: &Registry) {
    let include = r#"  "/src/**/*.rs","#;
    let without = format!("{include}\n  \"!/src/page.rs\",");
    copy.replace("crates/media-client/Cargo.toml", include, &without);
    copy.commit();

    let run = publish(copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Findings, "{run}");
    run.assert_stdout("file not found for module `page`");
    run.assert_stderr("does not build or pass its tests from its package");
    assert!(registry.packages().is_empty(), "{:?}", registry.packages());
    copy.revert();
}

fn versions_are_published_once(copy: &WorkspaceCopy, registry: &Registry) {
    let client = format!("media-client {}", copy.version());
    let runtime = format!("openapi-client-runtime {}", copy.runtime_version());
    let run = publish(copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Clean, "{run}");
    run.assert_stderr(&format!("{runtime} and {client} were published"));
    let packages = [&client, &runtime].map(|name| format!("{}.crate", name.replace(' ', "-")));
    assert_eq!(registry.packages(), packages);

    let run = publish(copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Findings, "{run}");
    run.assert_stderr(&format!(
        "registry `team` already has {client} and {runtime}"
    ));
}

/// A fix of the runtime needs no new client.
fn runtime_is_published_alone(copy: &WorkspaceCopy, registry: &Registry) {
    let version = copy.runtime_version();
    let (series, patch) = version.rsplit_once('.').expect("three numbers");
    let patch: u64 = patch.parse().expect("a number");
    let next = format!("{series}.{}", patch + 1);
    for (file, before) in [
        ("crates/openapi-client-runtime/Cargo.toml", ""),
        ("Cargo.lock", "name = \"openapi-client-runtime\"\n"),
    ] {
        let line = |version: &str| format!("{before}version = \"{version}\"");
        copy.replace(file, &line(&version), &line(&next));
    }
    copy.commit();

    let run = publish(copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Clean, "{run}");
    run.assert_stderr(&format!("openapi-client-runtime {next} was published"));
    assert_eq!(registry.packages().len(), 3, "{:?}", registry.packages());
}

/// Reports that the test was skipped. In CI, the test fails.
fn skip() {
    use std::io::Write;

    let message = format!(
        "skipped: {REGISTRY_PROGRAM} is not set; run `cargo xtask test` to publish to a registry"
    );
    assert!(std::env::var_os("CI").is_none(), "{message}");
    // Not `eprintln!`, which the test harness swallows when a test passes.
    writeln!(std::io::stderr(), "{message}").ok();
}
