//! The command line against a real server: output and exit status.

use std::ffi::OsString;

use media_cli::{Status, Streams};
use media_server::test_support::TempLibrary;
use serde_json::Value;
use workspace_tests::captured::Captured;

use crate::test_server;

/// Exit status and output of a command.
struct Exit {
    status: Status,
    stdout: String,
    stderr: String,
}

async fn media(args: &[&str]) -> Exit {
    let (stdout, stderr) = (Captured::default(), Captured::default());
    let streams = Streams::to_writers(stdout.clone(), stderr.clone());
    let args = std::iter::once("media-cli").chain(args.iter().copied());
    let status = media_cli::run(args.map(OsString::from), streams).await;
    Exit {
        status,
        stdout: stdout.text(),
        stderr: stderr.text(),
    }
}

#[test]
fn media_are_listed_in_every_format() {
    test_server::run(async |server| {
        let files = TempLibrary::new();
        let key = files.key("ours");
        let item = files.import("ours", "image.jpg");
        let url = server.start(files.library.clone()).await;
        let login = ["--base-url", url.as_str(), "--token", key.as_str()];
        let list = |more: &[&'static str]| [&login[..], &["list-media"], more].concat();

        let json = media(&list(&[])).await;
        assert_eq!(json.status, Status::Done, "{}", json.stderr);
        let body: Value = serde_json::from_str(&json.stdout).expect("JSON by default");
        assert_eq!(body["data"]["items"][0]["filename"], item.filename.as_str());
        assert_eq!(json.stderr, "", "no progress without a terminal");

        let table = media(&list(&[
            "--format", "table", "--limit", "1", "--type", "image",
        ]))
        .await;
        let lines: Vec<&str> = table.stdout.lines().collect();
        assert!(lines[0].starts_with("MEDIA_ID  "), "{}", table.stdout);
        assert!(
            lines[1].contains(&item.filename) && lines.len() == 2,
            "{}",
            table.stdout
        );

        let all = media(&list(&["--all", "--limit", "1", "--format", "table"])).await;
        assert_eq!(all.stdout.lines().count(), 2, "{}", all.stdout);

        let yaml = media(&list(&["--format", "yaml"])).await;
        assert!(yaml.stdout.starts_with("data:\n"), "{}", yaml.stdout);
    });
}

#[test]
fn exit_status_tells_rejections_from_failures() {
    test_server::run(async |server| {
        let files = TempLibrary::new();
        let key = files.key("ours");
        let url = server.start(files.library.clone()).await;

        let wrong = media(&["--base-url", &url, "--token", "mapi_wrong", "list-media"]).await;
        assert_eq!(wrong.status, Status::Rejected);
        assert!(
            wrong
                .stderr
                .starts_with("error: the server responded with 401 Unauthorized\n"),
            "{}",
            wrong.stderr
        );
        assert!(wrong.stderr.contains("unauthorized") && wrong.stdout.is_empty());
        assert!(!wrong.stderr.contains("mapi_wrong"), "a key is never shown");

        let unreachable = [
            "--base-url",
            "http://127.0.0.1:9/v1",
            "--token",
            &key,
            "list-media",
        ];
        let unreachable = media(&unreachable).await;
        assert_eq!(unreachable.status, Status::Failed);
        assert!(
            unreachable.stderr.starts_with("error: "),
            "{}",
            unreachable.stderr
        );

        for (args, message) in [
            (
                &["list-media", "--limit", "many"][..],
                "invalid value 'many' for '--limit",
            ),
            (
                &["list-media"],
                "no base URL: pass --base-url or set MEDIA_BASE_URL",
            ),
            (
                &["--base-url", &url, "list-media"],
                "no API key: pass --token (or MEDIA_TOKEN)",
            ),
            (&["list-medai"], "unrecognized subcommand 'list-medai'"),
        ] {
            let failed = media(args).await;
            assert_eq!(failed.status, Status::Failed);
            assert!(failed.stderr.contains(message), "{}", failed.stderr);
        }
    });
}

#[test]
fn help_and_completions_need_no_server() {
    test_server::run(async |_| {
        let help = media(&["--help"]).await;
        assert_eq!(help.status, Status::Done);
        for text in [
            "list-media",
            "--token",
            "MEDIA_TOKEN",
            "--base-url",
            "Examples:",
            "Exit status:",
        ] {
            assert!(help.stdout.contains(text), "{}", help.stdout);
        }
        let script = media(&["completions", "bash"]).await;
        assert!(script.stdout.contains("list-media"), "{}", script.stdout);
    });
}
