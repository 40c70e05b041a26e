//! The path of the first server is part of every operation's path.

use openapi_contract::document::Document;
use openapi_contract::lint::read_contract;

fn path_below(server: &str) -> String {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\nservers: [{{url: '{server}'}}]\npaths:\n  \
         /media:\n    get:\n      operationId: list\n      responses: {{'200': {{description: Fine.}}}}\n"
    );
    let document = Document::parse("servers.yaml", text).expect("it parses");
    let contract = read_contract(document).unwrap_or_else(|error| panic!("{:#?}", error.findings));
    let (key, _) = contract
        .operations
        .first_key_value()
        .expect("there is one operation");
    key.path.clone()
}

#[test]
fn it_is_found_in_every_form_of_url() {
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
