//! Servers: the path of the first one is part of every operation's path, and an operation can have
//! its own.

use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;

fn path_below(server: &str) -> String {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\nservers: [{{url: '{server}'}}]\npaths:\n  \
         /media:\n    get:\n      operationId: list\n      responses: {{'200': {{description: Fine.}}}}\n"
    );
    let document = Document::parse("servers.yaml", text).expect("it parses");
    let contract = Contract::read(document).unwrap_or_else(|error| panic!("{:#?}", error.findings));
    let (key, _) = contract
        .operations
        .first_key_value()
        .expect("there is one operation");
    key.path.clone()
}

#[test]
fn base_paths_are_found_in_every_form_of_url() {
    for (server, path) in [
        ("/", "/media"),
        ("/v1", "/v1/media"),
        ("/v1/", "/v1/media"),
        ("https://media.example.com", "/media"),
        ("https://media.example.com/v1", "/v1/media"),
        ("media.example.com", "/media"),
        ("media.example.com/v1", "/v1/media"),
    ] {
        assert_eq!(path_below(server), path, "{server}");
    }
}

fn with_own(root: &str, path: &str, operation: &str) -> openapi_contract::model::Contract {
    let servers = |url: &str| match url {
        "" => String::new(),
        url => format!("servers: [{{url: '{url}'}}]"),
    };
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\n{}\npaths:\n  /media:\n    {}\n    \
         get:\n      operationId: list\n      {}\n      responses: {{'200': {{description: Fine.}}}}\n",
        servers(root),
        servers(path),
        servers(operation)
    );
    let document = Document::parse("servers.yaml", text).expect("it parses");
    Contract::read(document).unwrap_or_else(|error| panic!("{:#?}", error.findings))
}

#[test]
fn servers_of_an_operation_override_those_of_path_and_contract() {
    for (root, path, operation, expected) in [
        ("https://a.example/v1", "", "", "/v1/media"),
        (
            "https://a.example/v1",
            "https://b.example/v2",
            "",
            "/v2/media",
        ),
        (
            "https://a.example/v1",
            "https://b.example/v2",
            "https://c.example",
            "/media",
        ),
    ] {
        let contract = with_own(root, path, operation);
        let key = contract.operations.keys().next().expect("there is one");
        assert_eq!(key.path, expected);
    }
}

#[test]
fn another_host_of_an_operation_is_located_there() {
    let root = "https://a.example/v1";
    let (old, new) = (
        with_own(root, "", ""),
        with_own(root, "", "https://uploads.example/v1"),
    );
    let found = |old, new| -> Vec<String> {
        let findings = compare(old, new, Relation::Evolution);
        let shown = findings.iter().map(|finding| {
            let location = finding.new.as_ref().expect("it has a location");
            format!("{} {} {}", finding.rule.id, finding.level, location.pointer)
        });
        shown.collect()
    };
    assert_eq!(
        found(&old, &new),
        [
            "server-added compatible /paths/~1media/get/servers",
            "server-removed risky /paths/~1media/get/servers",
        ]
    );
    assert!(found(&new, &new).is_empty());
}
