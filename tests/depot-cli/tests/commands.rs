//! Requests and output of the command line, against a server on the loopback interface.

#![allow(clippy::unwrap_used)]

#[path = "../../depot-client/tests/support/mod.rs"]
mod support;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, Write};
use std::rc::Rc;

use depot_cli::generated::login::{Given, LOGINS};
use depot_cli::{Status, Streams};
use support::{Received, Server, json};

#[derive(Clone, Default)]
struct Captured(Rc<RefCell<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs a command. Returns its status, standard output and standard error.
async fn run(address: &str, args: &[&str]) -> (Status, String, String) {
    let (stdout, stderr) = (Captured::default(), Captured::default());
    let streams = Streams::to_writers(stdout.clone(), stderr.clone());
    let program = ["depot-cli", "--base-url", address];
    let args = program.iter().chain(args);
    let status = depot_cli::run(args.map(OsString::from), streams).await;
    let text = |captured: Captured| String::from_utf8(captured.0.take()).unwrap();
    (status, text(stdout), text(stderr))
}

/// The request that a command sends.
async fn sent(args: &[&str]) -> Received {
    let server = Server::ok().await;
    let (status, _, stderr) = run(&server.address, args).await;
    assert_eq!(status, Status::Done, "{stderr}");
    server.requests().into_iter().next().unwrap()
}

#[tokio::test]
async fn every_security_scheme_has_a_flag() {
    let bearer = sent(&["whoami", "--token", "s3cret"]).await;
    assert_eq!(bearer.header("authorization"), "Bearer s3cret");
    let oauth = sent(&["oauth", "--token", "s3cret"]).await;
    assert_eq!(oauth.header("authorization"), "Bearer s3cret");
    let basic = sent(&["either", "--user", "me:pass:word"]).await;
    assert_eq!(basic.header("authorization"), "Basic bWU6cGFzczp3b3Jk");
    let header = sent(&["optional", "--api-key", "s3cret"]).await;
    assert_eq!(header.header("x-api-key"), "s3cret");
    let query = sent(&["by-query", "--q", "a b", "--query-key", "s3cret"]).await;
    assert_eq!(query.query("api_key").as_deref(), Some("s3cret"));
    assert_eq!(query.query("q").as_deref(), Some("a b"));
    let both = sent(&["either", "--api-key", "one", "--cookie", "two"]).await;
    assert_eq!(both.header("x-api-key"), "one");
    assert_eq!(both.header("cookie"), "session=two");
}

#[tokio::test]
async fn operations_get_only_the_credentials_they_require() {
    let all = ["--token", "one", "--query-key", "two", "--user", "a:b"];
    let open = sent(&[&["open"], &all[..]].concat()).await;
    assert_eq!(open.header("authorization"), "");
    assert_eq!(open.target, "/open");
    let query = sent(&[&["by-query"], &all[..]].concat()).await;
    assert_eq!(query.header("authorization"), "");
    let optional = sent(&["optional"]).await;
    assert_eq!(optional.header("x-api-key"), "");
}

#[tokio::test]
async fn missing_credentials_are_named_and_no_request_is_sent() {
    let server = Server::ok().await;
    let (status, _, stderr) = run(&server.address, &["either", "--api-key", "s3cret"]).await;
    assert_eq!(status, Status::Failed);
    assert_eq!(
        stderr,
        "error: `either` requires credentials: pass --cookie (or DEPOT_COOKIE), or --user (or DEPOT_USER)\n"
    );
    let (status, _, stderr) = run(&server.address, &["either", "--user", "s3cret"]).await;
    assert_eq!(status, Status::Failed);
    assert_eq!(stderr, "error: --user expects NAME:PASSWORD\n");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn secrets_are_never_printed() {
    let key = ["by-query", "--query-key", "s3cret"];
    let (status, _, stderr) = run("http://127.0.0.1:1", &key).await;
    assert_eq!(status, Status::Failed);
    assert!(stderr.contains("api_key=redacted"), "{stderr}");
    assert!(!stderr.contains("s3cret"), "{stderr}");

    let server = Server::responding(|_, _| json(500, "no")).await;
    let (status, stdout, stderr) = run(&server.address, &key).await;
    assert_eq!(status, Status::Rejected);
    assert!(!format!("{stdout}{stderr}").contains("s3cret"), "{stderr}");

    let unsendable = ["whoami", "--token", "s3cret\n\u{7}"];
    let (status, _, stderr) = run(&server.address, &unsendable).await;
    assert_eq!(status, Status::Failed);
    assert!(!stderr.contains("s3cret"), "{stderr}");

    let help = run(&server.address, &["--token", "s3cret", "--help"])
        .await
        .1;
    assert!(help.contains("DEPOT_TOKEN") && !help.contains("s3cret"));
    assert_eq!(
        format!("{:?}", Given::new(LOGINS[0], "s3cret")),
        r#"Given("token")"#
    );
}

#[tokio::test]
async fn all_pages_are_printed_in_every_format() {
    let server = Server::responding(|request, _| {
        let offset = request
            .query("offset")
            .map_or(0, |text| text.parse().unwrap());
        let items = (offset..7).take(3).map(|id| format!(r#"{{"id":{id}}}"#));
        let items = items.collect::<Vec<_>>().join(",");
        json(200, &format!(r#"{{"data":{{"items":[{items}]}}}}"#))
    })
    .await;
    let all = ["list-by-offset", "--all", "--format"];
    let (status, table, stderr) = run(&server.address, &[&all[..], &["table"]].concat()).await;
    assert_eq!((status, stderr.as_str()), (Status::Done, ""));
    assert_eq!(table, "ID\n0\n1\n2\n3\n4\n5\n6\n");
    let yaml = run(&server.address, &[&all[..], &["yaml"]].concat())
        .await
        .1;
    assert_eq!(yaml.lines().count(), 7);
    let from_offset = ["list-by-offset", "--all", "--offset", "5"];
    let json = run(&server.address, &from_offset).await.1;
    let items: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(items, serde_json::json!([{ "id": 5 }, { "id": 6 }]));
}

#[tokio::test]
async fn error_on_a_later_page_is_reported() {
    let server = Server::responding(|_, number| match number {
        1 => json(200, r#"{"data":{"items":[{"id":0},{"id":1},{"id":2}]}}"#),
        _ => json(500, "{}"),
    })
    .await;
    let (status, stdout, stderr) = run(&server.address, &["list-by-offset", "--all"]).await;
    assert_eq!((status, stdout.as_str()), (Status::Rejected, ""));
    assert!(
        stderr.contains("500") && stderr.contains("after 3 items"),
        "{stderr}"
    );
}

#[tokio::test]
async fn forms_files_and_streams_are_sent() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("label.png");
    std::fs::write(&file, "pixels").unwrap();
    let file = file.to_str().unwrap();

    let parcel = ["print-label", "--parcel", r#"{"id":3}"#, "--picture", file];
    let more = [
        "--tags",
        "a",
        "--tags",
        "b",
        "--extras",
        file,
        "--size",
        "very-large",
    ];
    let form = sent(&[&parcel[..], &more].concat()).await;
    let text = form.text();
    for part in [
        "name=\"parcel\"\r\nContent-Type: application/json\r\n\r\n{\"id\":3}",
        "name=\"picture\"; filename=\"label.png\"\r\nContent-Type: image/png\r\n\r\npixels",
        "name=\"tags\"\r\n\r\na",
        "name=\"tags\"\r\n\r\nb",
        "name=\"extras\"; filename=\"label.png\"",
        "name=\"size\"\r\n\r\nvery-large",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert_ne!(form.header("content-length"), "", "all lengths are known");

    assert_eq!(sent(&["print-draft"]).await.text(), "");
    assert!(
        sent(&["print-draft", "--memo", "hello"])
            .await
            .text()
            .contains("hello")
    );
    let photo = sent(&["put-photo", "--id", "7", "--body-file", file]).await;
    assert_eq!(
        (photo.header("content-type"), photo.text().as_str()),
        ("image/png", "pixels")
    );
    let any = [
        "post-anything",
        "--content-type",
        "image/gif",
        "--body-file",
        file,
    ];
    assert_eq!(sent(&any).await.header("content-type"), "image/gif");
    assert_eq!(sent(&["post-table"]).await.text(), "");
}

#[tokio::test]
async fn flags_change_the_json_body_of_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("change.json");
    std::fs::write(&file, r#"{"memo":"old","tags":["t"]}"#).unwrap();
    let file = file.to_str().unwrap();
    let change = ["change-parcel", "--id", "7", "--memo", "new"];
    let body = async |more: &[&str]| {
        let text = sent(&[&change[..], more].concat()).await.text();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let changed = serde_json::json!({ "memo": "new", "tags": ["t"] });
    assert_eq!(body(&["--json-body", file]).await, changed);
    assert_eq!(body(&[]).await, serde_json::json!({ "memo": "new" }));

    let server = Server::ok().await;
    let unknown = [&change[..], &["--size", "huge"]].concat();
    let (status, _, stderr) = run(&server.address, &unknown).await;
    assert_eq!(status, Status::Failed);
    assert!(
        stderr.contains("[possible values: small, very-large]"),
        "{stderr}"
    );
    let missing = [&change[..], &["--json-body", "missing.json"]].concat();
    let (status, _, stderr) = run(&server.address, &missing).await;
    assert_eq!(status, Status::Failed);
    assert!(
        stderr.starts_with("error: cannot read missing.json: "),
        "{stderr}"
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn flags_have_the_order_of_the_contract() {
    let help = run("http://localhost", &["find-shelves", "--help"]).await.1;
    let flags = ["at", "within", "ids", "sizes", "filter", "page", "where"];
    let positions = flags.map(|flag| help.find(&format!("\n      --{flag} ")).unwrap());
    assert!(positions.is_sorted(), "{help}");
}

#[tokio::test]
async fn requests_are_retried_if_enabled() {
    let flaky = || {
        Server::responding(|_, number| json(if number < 3 { 503 } else { 200 }, r#"{"ok":true}"#))
    };
    let server = flaky().await;
    let (status, ..) = run(&server.address, &["get-flaky"]).await;
    assert_eq!((status, server.requests().len()), (Status::Rejected, 1));
    let server = flaky().await;
    let (status, ..) = run(&server.address, &["get-flaky", "--retries", "3"]).await;
    assert_eq!((status, server.requests().len()), (Status::Done, 3));
}

#[tokio::test]
async fn completions_contain_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (status, script, _) = run("http://localhost", &["completions", shell]).await;
        assert_eq!(status, Status::Done);
        assert!(script.contains("list-by-offset"), "{shell}");
    }
}

/// A response with all properties, in another order than the contract's.
const CHANGE: &str =
    r#"{"weights":{"z":1},"notes":{"y":1,"b":2},"tags":["t"],"size":"small","memo":"m"}"#;

#[tokio::test]
async fn output_has_the_order_of_the_contract() {
    let server = Server::responding(|_, _| json(200, CHANGE)).await;
    for (format, expected) in [
        (
            "table",
            "memo     m\n\
             size     small\n\
             tags     [\"t\"]\n\
             weights  {\"z\":1}\n\
             notes    {\"y\":1,\"b\":2}\n",
        ),
        (
            "yaml",
            "memo: m\nsize: small\ntags:\n- t\nweights:\n  z: 1\nnotes:\n  y: 1\n  b: 2\n",
        ),
    ] {
        let change = [
            "change-parcel",
            "--id",
            "7",
            "--memo",
            "m",
            "--format",
            format,
        ];
        let (status, stdout, stderr) = run(&server.address, &change).await;
        assert_eq!((status, stderr.as_str()), (Status::Done, ""));
        assert_eq!(stdout, expected);
    }
    let change = ["change-parcel", "--id", "7", "--memo", "m"];
    let json = run(&server.address, &change).await.1;
    let compact: String = json.split_whitespace().collect();
    assert_eq!(
        compact,
        r#"{"memo":"m","size":"small","tags":["t"],"weights":{"z":1},"notes":{"y":1,"b":2}}"#
    );
}

#[tokio::test]
async fn commands_have_the_order_of_the_contract() {
    let help = run("http://localhost", &["--help"]).await.1;
    let names = [
        "whoami",
        "get-parcel",
        "change-parcel",
        "list-by-offset",
        "print-label",
    ];
    let positions = names.map(|name| help.find(&format!("\n  {name} ")).unwrap());
    assert!(positions.is_sorted(), "{help}");
}

#[tokio::test]
async fn tables_have_the_chosen_columns() {
    let server = Server::responding(|_, _| json(200, CHANGE)).await;
    let change = ["change-parcel", "--id", "7", "--memo", "m"];
    let columns = ["--columns", "notes.b,memo", "--columns", "weights.z"];
    let (status, stdout, stderr) = run(&server.address, &[&change[..], &columns].concat()).await;
    assert_eq!((status, stderr.as_str()), (Status::Done, ""));
    assert_eq!(stdout, "notes.b    2\nmemo       m\nweights.z  1\n");

    let page = r#"{"data":{"items":[{"id":1},{"id":2}]}}"#;
    let server = Server::responding(move |_, _| json(200, page)).await;
    for all in [&[][..], &["--all"]] {
        let list = ["list-by-offset", "--limit", "3", "--columns", "id"];
        let (status, stdout, stderr) = run(&server.address, &[&list[..], all].concat()).await;
        assert_eq!((status, stderr.as_str()), (Status::Done, ""));
        assert_eq!(stdout, "ID\n1\n2\n");
    }
}

#[tokio::test]
async fn page_without_items_is_a_header() {
    let server = Server::responding(|_, _| json(200, r#"{"data":{"items":[]}}"#)).await;
    let list = ["list-by-offset", "--format", "table"];
    assert_eq!(run(&server.address, &list).await.1, "ID\n");
}

#[tokio::test]
async fn unknown_columns_are_rejected_and_no_request_is_sent() {
    let server = Server::ok().await;
    let change = ["change-parcel", "--id", "7", "--memo", "m", "--columns"];
    for (command, columns, expected) in [
        (
            &change[..],
            "memo,nots",
            "no column `nots`: expected one of `memo`, `size`, `tags`, `weights`, `notes`",
        ),
        (
            &change[..],
            "size.x",
            "no column `size.x`: `size` has no properties",
        ),
        (
            &["list-by-offset", "--columns"],
            "meta.total",
            "no column `meta.total`: expected one of `id`",
        ),
        (
            &["list-by-offset", "--all", "--columns"],
            "name",
            "no column `name`: expected one of `id`",
        ),
        (
            &["list-by-offset", "--format", "yaml", "--columns"],
            "id",
            "--columns requires --format table",
        ),
    ] {
        let (status, stdout, stderr) = run(&server.address, &[command, &[columns]].concat()).await;
        assert_eq!((status, stdout.as_str()), (Status::Failed, ""), "{columns}");
        assert_eq!(stderr, format!("error: {expected}\n"));
    }
    let (status, _, stderr) = run(&server.address, &[&change[..], &["memo,"]].concat()).await;
    assert_eq!(status, Status::Failed, "{stderr}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn undeclared_responses_are_shown_with_the_start_of_their_body() {
    let html = || {
        let mut body = "<html>\r\n\n<title>\u{1b}[31mBad\tgateway</title>\n".to_owned();
        body.push_str(&"x".repeat(161));
        body.push_str("\n4\n5\n6\n");
        body
    };
    let server = Server::responding(move |_, _| {
        let mut response = json(502, &html());
        let media_type = "text/html".parse().unwrap();
        response.headers_mut().insert("content-type", media_type);
        response
    })
    .await;
    let (status, stdout, stderr) = run(&server.address, &["open"]).await;
    assert_eq!((status, stdout.as_str()), (Status::Rejected, ""));
    let line = "x".repeat(160);
    assert_eq!(
        stderr,
        format!(
            "error: the server responded with 502 Bad Gateway (text/html), which the API does not declare\n  \
             <html>\n  <title>\u{fffd}[31mBad gateway</title>\n  {line}...\n  4\n  5\n\
             note: this is the start of {} bytes\n",
            html().len()
        )
    );
}

#[tokio::test]
async fn invalid_responses_are_shown_with_their_body() {
    let server = Server::responding(|_, _| json(200, r#"{"ok":"yes"}"#)).await;
    let (status, stdout, stderr) = run(&server.address, &["open"]).await;
    assert_eq!((status, stdout.as_str()), (Status::Failed, ""));
    let (message, body) = stderr.split_once('\n').unwrap();
    let start = "error: the response with status 200 OK does not match the API: ";
    assert!(message.starts_with(start), "{message}");
    assert_eq!(body, "  {\"ok\":\"yes\"}\n");
}
