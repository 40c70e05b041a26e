//! Credentials: which are sent, and where they are not visible.

use openapi_client_runtime::auth::{
    AuthError, Credentials, Requirement, Scheme, SchemeKind, TokenError,
};
use openapi_client_runtime::{ClientState, Error};
use reqwest::{Method, Request};

use crate::support::{Client, Reply, Server};

const BEARER: Scheme = scheme("bearer", SchemeKind::Token { prefix: "Bearer" });
const BASIC: Scheme = scheme("basic", SchemeKind::Basic);
const HEADER: Scheme = scheme("header", SchemeKind::Header("X-Key"));
const QUERY: Scheme = scheme("query", SchemeKind::Query("api key"));
const COOKIE: Scheme = scheme("cookie", SchemeKind::Cookie("session"));
const EXTERNAL: Scheme = scheme("mtls", SchemeKind::External);

const fn scheme(name: &'static str, kind: SchemeKind) -> Scheme {
    Scheme { name, kind }
}

const REQUIREMENTS: &[Requirement] = &[
    requirement("bearer", &[&[BEARER]]),
    requirement("basic", &[&[BASIC]]),
    requirement("header", &[&[HEADER]]),
    requirement("query", &[&[QUERY]]),
    requirement("cookie", &[&[COOKIE]]),
    requirement("external", &[&[EXTERNAL]]),
    requirement("both_or_basic", &[&[HEADER, QUERY], &[BASIC]]),
    requirement("optional", &[&[BEARER], &[]]),
    requirement("external_and_key", &[&[EXTERNAL, HEADER]]),
];

const GET_WITH_QUERY: &[Requirement] = &[requirement("get", &[&[QUERY]])];
const GET_WITH_BEARER: &[Requirement] = &[requirement("get", &[&[BEARER]])];

const fn requirement(
    method: &'static str,
    alternatives: &'static [&'static [Scheme]],
) -> Requirement {
    Requirement {
        method,
        operation_id: "getIt",
        alternatives,
    }
}

fn credentials(set: impl FnOnce(&mut Credentials)) -> Credentials {
    let mut credentials = Credentials::new();
    set(&mut credentials);
    credentials
}

/// Sets credentials.
type Set = fn(&mut Credentials);

async fn applied(credentials: &Credentials, method: &str) -> Result<Request, AuthError> {
    let url = "http://host/a?b=1,2%20&api+key=old".parse().unwrap();
    let mut request = Request::new(Method::GET, url);
    request
        .headers_mut()
        .insert("cookie", "a=b".parse().unwrap());
    credentials
        .apply(REQUIREMENTS, method, &mut request)
        .await?;
    Ok(request)
}

#[tokio::test]
async fn credentials_are_sent_where_the_scheme_says() {
    let all = credentials(|all| {
        all.set_token(BEARER, "t")
            .set_basic(BASIC, "user", "pass:word")
            .set_key(HEADER, "k")
            .set_key(QUERY, "k&1")
            .set_key(COOKIE, "c");
    });
    let bearer = applied(&all, "bearer").await.unwrap();
    assert_eq!(bearer.headers()["authorization"], "Bearer t");
    let basic = applied(&all, "basic").await.unwrap();
    assert_eq!(
        basic.headers()["authorization"],
        "Basic dXNlcjpwYXNzOndvcmQ="
    );
    let header = applied(&all, "header").await.unwrap();
    assert_eq!(header.headers()["x-key"], "k");
    // Other pairs stay as they are.
    let query = applied(&all, "query").await.unwrap();
    assert_eq!(query.url().query(), Some("b=1,2%20&api%20key=k%261"));
    let cookie = applied(&all, "cookie").await.unwrap();
    assert_eq!(cookie.headers()["cookie"], "a=b; session=c");
    for request in [bearer, basic, header, cookie] {
        let names = ["authorization", "x-key", "cookie"];
        let mut secrets = names.iter().filter_map(|name| request.headers().get(*name));
        assert!(secrets.any(|value| value.is_sensitive()));
    }
}

#[tokio::test]
async fn first_complete_alternative_is_used() {
    let set = credentials(|set| {
        set.set_key(HEADER, "k").set_basic(BASIC, "u", "p");
    });
    let request = applied(&set, "both_or_basic").await.unwrap();
    assert!(request.headers().contains_key("authorization"));
    assert!(!request.headers().contains_key("x-key"));
    let set = credentials(|set| {
        set.set_key(HEADER, "k")
            .set_key(QUERY, "q")
            .set_basic(BASIC, "u", "p");
    });
    let request = applied(&set, "both_or_basic").await.unwrap();
    assert!(!request.headers().contains_key("authorization"));
    assert!(request.headers().contains_key("x-key"));
}

#[tokio::test]
async fn missing_credentials_are_errors_unless_none_are_needed() {
    let none = Credentials::new();
    let error = applied(&none, "both_or_basic").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`getIt` requires credentials that are not set: `header` and `query`, or `basic`"
    );
    assert!(matches!(
        error,
        AuthError::Missing {
            operation_id: "getIt",
            ..
        }
    ));
    assert!(applied(&none, "external_and_key").await.is_err());
    for method in ["optional", "external", "unknown"] {
        let request = applied(&none, method).await.unwrap();
        assert!(!request.headers().contains_key("authorization"), "{method}");
    }
    // With an external scheme, the other one is enough.
    let key = credentials(|key| {
        key.set_key(HEADER, "k");
    });
    assert!(
        applied(&key, "external_and_key")
            .await
            .unwrap()
            .headers()
            .contains_key("x-key")
    );
}

#[tokio::test]
async fn tokens_come_from_closures_and_may_fail() {
    let source = || async { Ok::<_, TokenError>("fresh".to_owned()) };
    let set = credentials(|set| {
        set.set_token(BEARER, source).set_token(HEADER, source);
    });
    let request = applied(&set, "bearer").await.unwrap();
    assert_eq!(request.headers()["authorization"], "Bearer fresh");
    assert_eq!(
        applied(&set, "header").await.unwrap().headers()["x-key"],
        "fresh"
    );

    let source = || async { Err::<String, TokenError>("offline".into()) };
    let set = credentials(|set| {
        set.set_token(BEARER, source);
    });
    let error = applied(&set, "bearer").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot get a token for `bearer`: offline"
    );
}

#[tokio::test]
async fn credentials_that_would_change_the_request_are_errors() {
    let cases: [(&str, Set); 7] = [
        ("bearer", |set| {
            set.set_token(BEARER, "secret\n".to_owned());
        }),
        ("bearer", |set| {
            set.set_basic(BEARER, "secret", "b");
        }),
        ("basic", |set| {
            set.set_basic(BASIC, "secret:", "b");
        }),
        ("basic", |set| {
            set.set_key(BASIC, "secret");
        }),
        ("header", |set| {
            set.set_key(HEADER, "secret\r\nb: c");
        }),
        ("cookie", |set| {
            set.set_key(COOKIE, "secret; c=d");
        }),
        ("cookie", |set| {
            set.set_key(COOKIE, "secret e");
        }),
    ];
    for (method, set) in cases {
        let error = applied(&credentials(set), method).await.unwrap_err();
        assert!(
            matches!(error, AuthError::InvalidCredentials { scheme } if scheme.name == method),
            "{error:?}"
        );
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}

#[test]
fn debug_output_has_names_but_no_values() {
    let set = credentials(|set| {
        set.set_basic(BASIC, "the-user", "the-password")
            .set_key(QUERY, "the-key");
    });
    let mut state = ClientState::default();
    state.set_credentials(set);
    let shown = format!("{state:?}");
    assert!(
        shown.contains("basic") && shown.contains("query"),
        "{shown}"
    );
    assert!(!shown.contains("the-"), "{shown}");
}

#[tokio::test]
async fn errors_of_requests_have_no_key_in_their_url() {
    let server = Server::start(&[Reply::Bytes("")]).await;
    let mut client = Client::new(&server.url);
    client.requirements = GET_WITH_QUERY;
    client.state.set_credentials(credentials(|set| {
        set.set_key(QUERY, "secret");
    }));
    let error = client.get::<()>("/a?b=1,2").await.unwrap_err();
    assert!(server.requests()[0].starts_with("GET /a?b=1,2&api%20key=secret "));
    let Error::CommunicationError(cause) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(
        cause.url().unwrap().query(),
        Some("b=1,2&api%20key=redacted")
    );
    assert!(!format!("{error:#} {error:?}").contains("secret"));
}

#[derive(Debug, thiserror::Error)]
#[error("no token")]
struct NoToken(#[source] std::io::Error);

#[tokio::test]
async fn errors_of_tokens_have_their_causes() {
    let mut client = Client::new("http://127.0.0.1:9");
    client.requirements = GET_WITH_BEARER;
    client.state.set_credentials(credentials(|set| {
        let failing = || async { Err::<String, _>(NoToken(std::io::Error::other("offline"))) };
        set.set_token(BEARER, failing);
    }));
    let error = client.get::<()>("/").await.unwrap_err();
    assert!(
        matches!(&error, Error::InvalidRequest(message)
            if message == "cannot get a token for `bearer`: no token: offline"),
        "{error:?}"
    );
}

#[tokio::test]
async fn clients_require_credentials_only_on_demand() {
    const REPLY: Reply = Reply::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let server = Server::start(&[REPLY]).await;
    let mut client = Client::new(&server.url);
    client.requirements = GET_WITH_BEARER;
    client.get::<()>("/").await.unwrap();
    client.state = ClientState::requiring_credentials();
    let error = client.get::<()>("/").await.unwrap_err();
    assert!(
        matches!(&error, Error::InvalidRequest(message)
        if message == "`getIt` requires credentials that are not set: `bearer`"),
        "{error:?}"
    );
    assert_eq!(server.requests().len(), 1);
}
