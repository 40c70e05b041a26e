//! Access tokens by OAuth 2.0.

use std::sync::{Arc, Mutex};

use openapi_client_runtime::auth::{Credentials, Requirement, Scheme, SchemeKind};
use openapi_client_runtime::oauth2::{ClientCredentials, OAuth2Error, RefreshToken};

use crate::support::{Client, Reply, Server};

/// A response that closes the connection.
macro_rules! json {
    ($status:literal, $body:literal) => {
        Reply::Bytes(concat!(
            "HTTP/1.1 ",
            $status,
            "\r\nconnection: close\r\n\r\n",
            $body
        ))
    };
}

const TOKEN: Reply = json!(
    "200 OK",
    r#"{"access_token":"secret-1","token_type":"Bearer","expires_in":3600}"#
);

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn source(server: &Server) -> ClientCredentials {
    let url = format!("{}/token", server.url);
    ClientCredentials::new(http(), url, "the id", "the:secret").unwrap()
}

fn refresh(server: &Server) -> RefreshToken {
    let url = format!("{}/token", server.url);
    RefreshToken::new(http(), url, "the id", "refresh-1").unwrap()
}

#[tokio::test]
async fn client_credentials_are_sent_in_the_header() {
    let server = Server::start(&[TOKEN]).await;
    let source = source(&server)
        .scope("a")
        .scope("b c")
        .parameter("audience", "d&e");
    assert_eq!(source.access_token().await.unwrap(), "secret-1");
    let request = &server.requests()[0];
    assert!(request.starts_with("POST /token "), "{request}");
    assert!(
        request.contains("content-type: application/x-www-form-urlencoded\r\n"),
        "{request}"
    );
    // `the+id:the%3Asecret` (RFC 6749, section 2.3.1).
    assert!(
        request.contains("authorization: Basic dGhlK2lkOnRoZSUzQXNlY3JldA==\r\n"),
        "{request}"
    );
    assert!(
        request.ends_with("grant_type=client_credentials&scope=a+b+c&audience=d%26e"),
        "{request}"
    );
}

#[tokio::test]
async fn client_credentials_may_be_sent_in_the_body() {
    let server = Server::start(&[TOKEN]).await;
    source(&server)
        .secret_in_body()
        .access_token()
        .await
        .unwrap();
    let request = &server.requests()[0];
    assert!(!request.contains("authorization"), "{request}");
    assert!(
        request.ends_with("&client_id=the+id&client_secret=the%3Asecret"),
        "{request}"
    );
}

#[tokio::test]
async fn tokens_are_used_until_shortly_before_they_expire() {
    const SHORT: Reply = json!(
        "200 OK",
        r#"{"access_token":"secret-2","token_type":"Bearer","expires_in":30}"#
    );
    const UNKNOWN: Reply = json!(
        "200 OK",
        r#"{"access_token":"secret-3","token_type":"bearer"}"#
    );
    let server = Server::start(&[SHORT, UNKNOWN]).await;
    let source = source(&server);
    assert_eq!(source.access_token().await.unwrap(), "secret-2");
    assert_eq!(source.access_token().await.unwrap(), "secret-3");
    assert_eq!(source.access_token().await.unwrap(), "secret-3");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn concurrent_requests_share_one_token() {
    let server = Server::start(&[TOKEN]).await;
    let source = source(&server);
    let other = source.clone();
    let (first, second) = tokio::join!(source.access_token(), other.access_token());
    assert_eq!(
        (first.unwrap(), second.unwrap()),
        ("secret-1".to_owned(), "secret-1".to_owned())
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn rejections_have_their_code_and_are_not_cached() {
    const REJECTED: Reply = json!(
        "401 Unauthorized",
        r#"{"error":"invalid_client","error_description":"unknown\nclient"}"#
    );
    const WITH_200: Reply = json!("200 OK", r#"{"error":"bad_verification_code"}"#);
    let server = Server::start(&[REJECTED, WITH_200, TOKEN]).await;
    let source = source(&server);
    let error = source.access_token().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the token endpoint rejected the request: invalid_client (unknown client)"
    );
    assert!(matches!(error, OAuth2Error::Rejected { code, .. } if code == "invalid_client"));
    let error = source.access_token().await.unwrap_err();
    assert!(matches!(error, OAuth2Error::Rejected { code, .. } if code == "bad_verification_code"));
    assert_eq!(source.access_token().await.unwrap(), "secret-1");
}

#[tokio::test]
async fn other_responses_are_errors_without_their_body() {
    const HTML: Reply = json!("502 Bad Gateway", "<p>secret-9</p>");
    const EMPTY: Reply = json!("500 Failed", "");
    const WRONG: Reply = json!(
        "200 OK",
        r#"{"access_token":["secret-9"],"token_type":"secret-9"}"#
    );
    let server = Server::start(&[HTML, EMPTY, WRONG]).await;
    for expected in [502, 500, 200] {
        let error = source(&server).access_token().await.unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("secret"),
            "{error:?}"
        );
        assert!(
            matches!(error, OAuth2Error::InvalidResponse { status } if status == expected),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn unreachable_endpoints_are_errors_without_their_url() {
    let source = ClientCredentials::new(http(), "http://127.0.0.1:9/?key=secret", "id", "secret");
    let error = source.unwrap().access_token().await.unwrap_err();
    assert!(
        matches!(&error, OAuth2Error::Transport(cause) if cause.is_connect()),
        "{error:?}"
    );
    assert!(
        !format!("{error} {error:?}").contains("secret"),
        "{error:?}"
    );
}

#[test]
fn malformed_urls_are_errors() {
    let error = ClientCredentials::new(http(), "token", "id", "secret").unwrap_err();
    assert!(matches!(error, OAuth2Error::InvalidTokenUrl));
    let error = RefreshToken::new(http(), "token", "id", "secret").unwrap_err();
    assert!(matches!(error, OAuth2Error::InvalidTokenUrl));
}

#[tokio::test]
async fn refresh_tokens_of_public_clients_are_sent_with_the_client_id() {
    let server = Server::start(&[TOKEN]).await;
    let source = refresh(&server).scope("a");
    assert_eq!(source.access_token().await.unwrap(), "secret-1");
    assert_eq!(source.access_token().await.unwrap(), "secret-1");
    assert_eq!(server.requests().len(), 1);
    let request = &server.requests()[0];
    assert!(!request.contains("authorization"), "{request}");
    assert!(
        request
            .ends_with("grant_type=refresh_token&refresh_token=refresh-1&scope=a&client_id=the+id"),
        "{request}"
    );
}

#[tokio::test]
async fn replaced_refresh_tokens_are_used_and_reported() {
    const ROTATED: Reply = json!(
        "200 OK",
        r#"{"access_token":"a","token_type":"Bearer","expires_in":0,"refresh_token":"refresh-2"}"#
    );
    let server = Server::start(&[ROTATED, ROTATED, TOKEN]).await;
    let stored = Arc::new(Mutex::new(Vec::new()));
    let store = Arc::clone(&stored);
    let source = refresh(&server)
        .client_secret("s")
        .on_change(move |token| store.lock().unwrap().push(token.to_owned()));
    for _ in 0..3 {
        source.access_token().await.unwrap();
    }
    assert_eq!(*stored.lock().unwrap(), ["refresh-2"]);
    let requests = server.requests();
    assert!(requests[0].ends_with("&refresh_token=refresh-1"));
    assert!(requests[1].ends_with("&refresh_token=refresh-2"));
    assert!(requests[2].contains("authorization: Basic "));
}

#[tokio::test]
async fn debug_output_has_no_secrets() {
    let server = Server::start(&[TOKEN]).await;
    let source = source(&server);
    source.access_token().await.unwrap();
    let refresh = refresh(&server).client_secret("secret");
    let shown = format!("{source:?} {refresh:?}");
    assert!(shown.contains("the id"), "{shown}");
    assert!(
        !shown.contains("secret") && !shown.contains("refresh-1"),
        "{shown}"
    );
}

#[tokio::test]
async fn sources_provide_the_tokens_of_a_client() {
    const BEARER: Scheme = Scheme {
        name: "oauth",
        kind: SchemeKind::Token { prefix: "Bearer" },
    };
    const REQUIREMENTS: &[Requirement] = &[Requirement {
        method: "get",
        operation_id: "get",
        alternatives: &[&[BEARER]],
    }];
    const OK: Reply = json!("200 OK", "");
    let server = Server::start(&[TOKEN, OK]).await;
    let mut credentials = Credentials::new();
    credentials.set_token(BEARER, source(&server));
    let mut client = Client::new(&server.url);
    client.requirements = REQUIREMENTS;
    client.state.set_credentials(credentials);
    client.get::<()>("/").await.unwrap();
    assert!(server.requests()[1].contains("authorization: Bearer secret-1\r\n"));
}
