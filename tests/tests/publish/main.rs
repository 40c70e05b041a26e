//! `cargo xtask publish`, from the workspace by way of a real registry to a consumer's program.

mod consumer;
mod copy;
mod registry;
mod server;
mod team;

use xtask::Status;

use consumer::Consumer;
use copy::WorkspaceCopy;
use registry::Registry;
use server::Server;
use team::publish;

/// The program of a registry. `cargo xtask test` installs it.
const REGISTRY_PROGRAM: &str = "CARGO_HTTP_REGISTRY";

#[test]
fn what_is_not_committed_is_not_published() {
    let copy = WorkspaceCopy::committed();
    copy.append("crates/media-client/README.md", "One more line.\n");
    copy.append("notes.txt", "New.\n");

    let run = publish(&copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Findings, "{run}");
    run.said("Changed crates/media-client/README.md");
    run.said("Untracked notes.txt");
    run.said("commit or stash");
}

#[test]
fn a_stale_client_is_not_published() {
    let copy = WorkspaceCopy::committed();
    copy.append("openapi/media.yaml", "# One more line.\n");
    copy.commit();

    let run = publish(&copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Findings, "{run}");
    run.said("Stale");
    run.said("run `cargo xtask generate`");
}

#[test]
fn an_unknown_registry_is_named_with_a_remedy() {
    let copy = WorkspaceCopy::committed();

    let run = publish(&copy, &["--registry", "no-such"]);
    assert_eq!(run.status, Status::Failed, "{run}");
    run.said("cannot be published to registry `no-such`");
    run.said("CARGO_REGISTRIES_NO_SUCH_INDEX");
}

#[test]
fn a_workspace_without_git_is_not_published() {
    let copy = WorkspaceCopy::without_git();

    let run = publish(&copy, &["--registry", "team"]);
    assert_eq!(run.status, Status::Failed, "{run}");
    run.said("git cannot tell whether everything in");
}

#[test]
fn a_stranger_can_use_what_is_published() {
    let Some(program) = std::env::var_os(REGISTRY_PROGRAM) else {
        skip();
        return;
    };
    let copy = WorkspaceCopy::committed();
    let registry = Registry::start(&program);
    copy.configure("team", &registry);

    everything_is_proven_and_nothing_published(&copy, &registry);
    an_incomplete_package_is_not_published(&copy, &registry);
    one_version_is_published_once(&copy, &registry);

    let server = Server::start(&["image.jpg", "video.mp4"]);
    let listed = Consumer::of("team", &copy).run(&server);
    assert_eq!(
        listed,
        ["image.jpg: image of 64 x 48", "video.mp4: video of 64 x 48"]
    );
}

fn everything_is_proven_and_nothing_published(copy: &WorkspaceCopy, registry: &Registry) {
    let run = publish(copy, &["--registry", "team"]);
    assert_eq!(run.status, Status::Clean, "{run}");
    run.reported(&format!("package   media-client {}\n", copy.version()));
    run.reported("registry  team, which does not have this version\n");
    run.reported(&format!(
        "contract  {}, sha256 {}\n",
        media_client::CONTRACT_VERSION,
        media_client::CONTRACT_SHA256
    ));
    run.reported("src/generated/types.rs\n");
    run.said("Running unittests src/lib.rs");
    run.said("nothing is published");
    run.said("run `cargo xtask publish --registry team --execute`");
    assert!(registry.packages().is_empty(), "{:?}", registry.packages());
}

/// What the package lacks is noticed, though the workspace has it.
fn an_incomplete_package_is_not_published(copy: &WorkspaceCopy, registry: &Registry) {
    let include = r#"  "/src/**/*.rs","#;
    let without = format!("{include}\n  \"!/src/page.rs\",");
    copy.replace("crates/media-client/Cargo.toml", include, &without);
    copy.commit();

    let run = publish(copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Findings, "{run}");
    run.reported("file not found for module `page`");
    run.said("does not build and pass its tests by its package alone");
    assert!(registry.packages().is_empty(), "{:?}", registry.packages());
    copy.revert();
}

fn one_version_is_published_once(copy: &WorkspaceCopy, registry: &Registry) {
    let version = copy.version();
    let run = publish(copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Clean, "{run}");
    run.said(&format!("media-client {version} is published"));
    let package = format!("media-client-{version}.crate");
    assert_eq!(registry.packages(), [package]);

    let run = publish(copy, &["--registry", "team", "--execute"]);
    assert_eq!(run.status, Status::Findings, "{run}");
    run.said(&format!(
        "registry `team` already has media-client {version}"
    ));
}

/// Says that the test did nothing. Where that would go unnoticed, it fails.
fn skip() {
    use std::io::Write;

    let message = format!(
        "skipped: the publication to a registry, for want of one; {REGISTRY_PROGRAM} is not set: \
         run `cargo xtask test`"
    );
    assert!(std::env::var_os("CI").is_none(), "{message}");
    // Not `eprintln!`, which the test harness swallows when a test passes.
    writeln!(std::io::stderr(), "{message}").ok();
}
