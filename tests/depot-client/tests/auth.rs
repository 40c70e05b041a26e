//! Authentication with each security scheme, as the server receives it.

#![allow(clippy::unwrap_used)]

mod support;

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use depot_client::Error;
use depot_client::auth::{BASIC_AUTH, COOKIE_KEY, Credentials, HEADER_KEY, Scheme, alternatives};
use support::Server;

#[tokio::test]
async fn global_security_requirement_is_applied() {
    let server = Server::ok().await;
    let client = server
        .client()
        .with_credentials(Credentials::new().bearer_auth("t0k3n"));
    client.whoami().send().await.unwrap();
    assert_eq!(server.only().header("authorization"), "Bearer t0k3n");
}

#[tokio::test]
async fn operation_without_security_gets_no_credentials() {
    let server = Server::ok().await;
    let all = Credentials::new()
        .bearer_auth("a")
        .basic_auth("b", "c")
        .header_key("d")
        .query_key("e")
        .cookie_key("f")
        .oauth("g");
    server
        .client()
        .with_credentials(all)
        .open()
        .send()
        .await
        .unwrap();
    let request = server.only();
    for name in ["authorization", "x-api-key", "cookie"] {
        assert_eq!(request.header(name), "", "{name}");
    }
    assert_eq!(request.target, "/open");
}

#[tokio::test]
async fn no_request_is_sent_without_credentials() {
    let server = Server::ok().await;
    let client = server.client();
    let error = client.whoami().send().await.unwrap_err();
    let Error::InvalidRequest(message) = error else {
        panic!("{error:?}");
    };
    assert_eq!(
        message,
        "`whoami` requires credentials that are not set: `bearerAuth`"
    );
    let half = client.with_credentials(Credentials::new().header_key("k"));
    let error = half.either().send().await.unwrap_err();
    let expected = "`either` requires credentials that are not set: `headerKey` and `cookieKey`, or \
                `basicAuth`";
    assert!(error.to_string().ends_with(expected), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn custom_http_client_may_authenticate_itself() {
    let server = Server::ok().await;
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", "Bearer custom".parse().unwrap());
    let custom = reqwest::Client::builder().default_headers(headers);
    let client = depot_client::Client::new_with_client(&server.address, custom.build().unwrap());
    client.whoami().send().await.unwrap();
    assert_eq!(server.only().header("authorization"), "Bearer custom");
    let client = client.with_credentials(Credentials::new());
    client.whoami().send().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn first_satisfied_security_requirement_is_used() {
    let server = Server::ok().await;
    let keys = Credentials::new()
        .header_key("h")
        .cookie_key("c")
        .basic_auth("u", "p:w");
    server
        .client()
        .with_credentials(keys)
        .either()
        .send()
        .await
        .unwrap();
    let user = Credentials::new().header_key("h").basic_auth("u", "p:w");
    server
        .client()
        .with_credentials(user)
        .either()
        .send()
        .await
        .unwrap();
    let requests = server.requests();
    assert_eq!(
        [
            requests[0].header("x-api-key"),
            requests[0].header("cookie"),
            requests[0].header("authorization")
        ],
        ["h", "session=c", ""]
    );
    // printf 'u:p:w' | base64
    assert_eq!(requests[1].header("authorization"), "Basic dTpwOnc=");
    assert_eq!(requests[1].header("x-api-key"), "");
}

#[tokio::test]
async fn optional_credentials_are_sent_if_set() {
    let server = Server::ok().await;
    server.client().optional().send().await.unwrap();
    let client = server
        .client()
        .with_credentials(Credentials::new().header_key("k"));
    client.optional().send().await.unwrap();
    let sent: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.header("x-api-key").to_owned())
        .collect();
    assert_eq!(sent, ["", "k"]);
}

#[tokio::test]
async fn mutual_tls_requires_no_credentials() {
    let server = Server::ok().await;
    server.client().certified().send().await.unwrap();
    let client = server
        .client()
        .with_credentials(Credentials::new().header_key("k"));
    client.certified().send().await.unwrap();
    let requests = server.requests();
    assert_eq!(
        [
            requests[0].header("x-api-key"),
            requests[1].header("x-api-key")
        ],
        ["", "k"]
    );
}

#[tokio::test]
async fn query_key_is_added_to_the_parameters() {
    let server = Server::ok().await;
    let client = server
        .client()
        .with_credentials(Credentials::new().query_key("a&b"));
    client.by_query().q("x y").send().await.unwrap();
    assert_eq!(server.only().target, "/query?q=x%20y&api_key=a%26b");
}

#[tokio::test]
async fn errors_do_not_show_the_query_key() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = depot_client::Client::new(&address)
        .with_credentials(Credentials::new().query_key("s3cret"));
    let error = client.by_query().q("x").send().await.unwrap_err();
    let shown = format!("{error} {error:?} {error:#}");
    assert!(shown.contains("q=x&api_key=redacted"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[tokio::test]
async fn token_source_is_called_for_each_request() {
    let server = Server::ok().await;
    let calls = Arc::new(AtomicUsize::new(0));
    let source = {
        let calls = Arc::clone(&calls);
        move || {
            let number = calls.fetch_add(1, Ordering::SeqCst);
            async move {
                tokio::task::yield_now().await;
                Ok::<_, Infallible>(format!("t{number}"))
            }
        }
    };
    let client = server
        .client()
        .with_credentials(Credentials::new().oauth(source));
    client.oauth().send().await.unwrap();
    client.oauth().send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].header("authorization"), "Bearer t0");
    assert_eq!(requests[1].header("authorization"), "Bearer t1");
}

#[tokio::test]
async fn error_of_a_token_source_is_reported() {
    let server = Server::ok().await;
    let source = || async { Err::<String, _>(std::io::Error::other("the vault is closed")) };
    let client = server
        .client()
        .with_credentials(Credentials::new().oauth(source));
    let error = client.oauth().send().await.unwrap_err().to_string();
    assert!(
        error.ends_with("cannot get a token for `oauth`: the vault is closed"),
        "{error}"
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn credentials_with_invalid_characters_are_rejected() {
    let server = Server::ok().await;
    let wrong = [
        Credentials::new().header_key("h").cookie_key("a; admin=1"),
        Credentials::new().header_key("h\r\nx: y").cookie_key("c"),
        Credentials::new().basic_auth("a:b", "c"),
    ];
    for credentials in wrong {
        let client = server.client().with_credentials(credentials);
        let error = client.either().send().await.unwrap_err().to_string();
        assert!(
            error.contains("cannot be sent: they contain characters that are not allowed there"),
            "{error}"
        );
    }
    assert!(server.requests().is_empty());
}

#[test]
fn debug_output_has_no_secret() {
    let credentials = Credentials::new()
        .bearer_auth("s3cret")
        .basic_auth("s3cret", "s3cret")
        .header_key("s3cret");
    let client = depot_client::Client::new("http://localhost").with_credentials(credentials);
    let shown = format!("{client:?}");
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains(r#""bearerAuth": [redacted]"#) && !shown.contains("oauth"));
}

#[tokio::test]
async fn credentials_header_is_sensitive() {
    let credentials = Credentials::new().bearer_auth("s3cret");
    let address = "http://localhost/whoami".parse().unwrap();
    let mut request = reqwest::Request::new(reqwest::Method::GET, address);
    credentials.apply("whoami", &mut request).await.unwrap();
    assert!(request.headers()["authorization"].is_sensitive());
    assert!(!format!("{request:?}").contains("s3cret"));
}

#[test]
fn security_requirements_of_an_operation() {
    let either: &[&[Scheme]] = &[&[HEADER_KEY, COOKIE_KEY], &[BASIC_AUTH]];
    assert_eq!(alternatives("either"), either);
    assert_eq!(alternatives("open"), &[] as &[&[Scheme]]);
    assert_eq!(HEADER_KEY.name, "headerKey");
}
