//! 400: a parameter has a value outside its range, and the message names it.

use media_client::{Error, MediaQuery, reqwest};
use media_server::test_support::TempLibrary;

use crate::test_server::{self, client, send};

#[test]
fn message_names_the_parameter() {
    let files = TempLibrary::new();
    let key = files.key("default");
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let http = reqwest::Client::new();
        for (query, message) in [
            (
                "limit=500",
                "limit: 500 is not allowed, expected an integer from 1 to 100",
            ),
            (
                "limit=101",
                "limit: 101 is not allowed, expected an integer from 1 to 100",
            ),
            (
                "limit=0",
                "limit: 0 is not allowed, expected an integer from 1 to 100",
            ),
            (
                "limit=-1",
                "limit: -1 is not allowed, expected an integer from 1 to 100",
            ),
            (
                "limit=ten",
                "limit: ten is not allowed, expected an integer from 1 to 100",
            ),
            (
                "limit=1.5",
                "limit: 1.5 is not allowed, expected an integer from 1 to 100",
            ),
            (
                "limit=",
                "limit: an empty value is not allowed, expected an integer from 1 to 100",
            ),
            (
                "offset=-1",
                "offset: -1 is not allowed, expected an integer from 0 to 9223372036854775807",
            ),
            (
                "offset=9223372036854775808",
                "offset: 9223372036854775808 is not allowed, expected an integer from 0 to 9223372036854775807",
            ),
            (
                "type=audio",
                "type: audio is not allowed, expected one of image, video, document",
            ),
            (
                "type=Image",
                "type: Image is not allowed, expected one of image, video, document",
            ),
        ] {
            let request = http.get(format!("{url}/media?{query}")).bearer_auth(&key);
            let response = send(request).await;
            let error = &response.json()["error"];
            assert_eq!(
                (response.status, error["code"].as_str()),
                (400, Some("bad_request")),
                "{query}"
            );
            assert_eq!(error["message"], message, "{query}");
            let name = query.split('=').next().unwrap();
            assert!(
                response.body.contains(&format!("\"parameter\":\"{name}\"")),
                "{}",
                response.body
            );
        }
    });
}

#[test]
fn all_invalid_parameters_are_named() {
    let files = TempLibrary::new();
    let key = files.key("default");
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let url = format!("{url}/media?limit=0&offset=x&type=audio");
        let response = send(reqwest::Client::new().get(url).bearer_auth(&key)).await;
        let message = response.json()["error"]["message"].to_string();
        for name in ["limit: 0", "offset: x", "type: audio"] {
            assert!(message.contains(name), "{message}");
        }
    });
}

#[test]
fn unknown_parameter_is_ignored() {
    let files = TempLibrary::new();
    let key = files.key("default");
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let url = format!("{url}/media?page=2&Limit=0");
        let response = send(reqwest::Client::new().get(url).bearer_auth(&key)).await;
        assert_eq!(response.json()["data"]["pagination"]["limit"], 20);
    });
}

#[test]
fn client_does_not_send_what_the_contract_forbids() {
    let files = TempLibrary::new();
    let recorder = test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        for (query, argument) in [
            (MediaQuery::new().limit(0), "limit"),
            (MediaQuery::new().limit(500), "limit"),
            (MediaQuery::new().offset(u64::MAX), "offset"),
        ] {
            let error = client.list_media(&query).await.unwrap_err();
            let Error::InvalidArgument { name, .. } = error else {
                panic!("{error:?}")
            };
            assert_eq!(name, argument);
        }
    });
    assert!(recorder.exchanges().is_empty());
}

#[test]
fn generated_client_decodes_the_error() {
    let files = TempLibrary::new();
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        // Its types enforce the minimum, but not the maximum.
        let request = client.generated().list_media().limit(500_u64);
        let error = request.send().await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
        let body = match error {
            media_client::generated::Error::ErrorResponse(body) => body.into_inner(),
            other => panic!("{other:?}"),
        };
        assert_eq!(body.error.code, "bad_request");
        assert!(
            body.error
                .details
                .as_ref()
                .is_some_and(|details| !details.is_empty())
        );
    });
}
