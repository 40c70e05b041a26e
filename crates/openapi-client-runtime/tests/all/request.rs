//! Paths, queries, headers, cookies and bodies of requests.

use openapi_client_runtime::{Content, Request, Style};
use proptest::prelude::*;
use reqwest::Method;
use serde_json::json;

use crate::support::built;

fn get() -> Request {
    Request::new(Method::GET, "http://host/v1")
}

fn url(request: Request) -> Result<String, String> {
    built(request).map(|request| request.url().to_string())
}

fn header(request: Request, name: &str) -> Vec<String> {
    let request = built(request).unwrap();
    let values = request.headers().get_all(name).iter();
    values
        .map(|value| String::from_utf8(value.as_bytes().to_vec()).unwrap())
        .collect()
}

#[test]
fn base_urls_end_in_one_slash() {
    for base in ["http://host/v1", "http://host/v1/", "http://host/v1///"] {
        let request = Request::new(Method::GET, base).path("/media");
        assert_eq!(url(request).unwrap(), "http://host/v1/media");
    }
    let request = Request::new(Method::GET, "http://host/").path("/");
    assert_eq!(url(request).unwrap(), "http://host/");
    let request = Request::new(Method::GET, "http://host").path("media");
    assert_eq!(url(request).unwrap(), "http://host/media");
}

#[test]
fn invalid_base_urls_are_errors_without_passwords() {
    for (base, expected) in [
        (
            "",
            "the base URL `` is not valid: relative URL without a base",
        ),
        (
            "host/v1",
            "the base URL `host/v1` is not valid: relative URL without a base",
        ),
        (
            "ftp://user:secret@host",
            "the base URL `ftp://host` is not valid: expected `http` or `https`",
        ),
        (
            "http://user:secret@",
            "the base URL `http://` is not valid: empty host",
        ),
        (
            "http://host/?a=b",
            "the base URL `http://host/?a=b` is not valid: it has a query or a fragment",
        ),
        (
            "http://host/#a",
            "the base URL `http://host/#a` is not valid: it has a query or a fragment",
        ),
    ] {
        let request = Request::new(Method::GET, base).path("/media");
        assert_eq!(url(request), Err(expected.to_owned()));
    }
}

#[test]
fn path_parameters_are_encoded_as_segments() {
    let with = |style, value: serde_json::Value| {
        url(get()
            .path("/a/")
            .path_parameter("x", style, Ok(value))
            .path("/b"))
        .unwrap()
    };
    assert_eq!(
        with(Style::Simple, json!("a/b?c#d%é:")),
        "http://host/v1/a/a%2Fb%3Fc%23d%25%C3%A9:/b"
    );
    assert_eq!(with(Style::Simple, json!(1)), "http://host/v1/a/1/b");
    assert_eq!(
        with(Style::Simple, json!(["a,b", "c"])),
        "http://host/v1/a/a%2Cb,c/b"
    );
    assert_eq!(
        with(Style::LabelExploded, json!(["a", "b"])),
        "http://host/v1/a/.a.b/b"
    );
    assert_eq!(
        with(Style::Matrix, json!("c d")),
        "http://host/v1/a/;x=c%20d/b"
    );
    assert_eq!(
        with(Style::Json, json!({"a": 1})),
        "http://host/v1/a/%7B%22a%22%3A1%7D/b"
    );
    assert_eq!(with(Style::Raw, json!("a/b")), "http://host/v1/a/a%2Fb/b");
}

#[test]
fn empty_path_parameters_are_errors() {
    for (style, value) in [
        (Style::Simple, json!("")),
        (Style::Simple, json!([])),
        (Style::Simple, json!(null)),
        (Style::MatrixExploded, json!([])),
        (Style::Raw, json!("")),
    ] {
        let request = get()
            .path("/a/")
            .path_parameter("id", style, Ok(value.clone()))
            .path("/b");
        assert_eq!(
            url(request),
            Err("path parameter `id` is empty".to_owned()),
            "{style:?} {value}"
        );
    }
}

#[test]
fn dot_segments_are_errors() {
    let message = |dots: &str| {
        Err(format!(
            "path parameter `id` makes a path segment `{dots}`, which URL parsers remove"
        ))
    };
    for (value, dots) in [
        (".", "."),
        ("..", ".."),
        ("%2e", "."),
        ("%2E%2e", ".."),
        (".%2E", ".."),
    ] {
        for end in ["", "/b"] {
            let request = get()
                .path("/a/")
                .path_parameter("id", Style::Simple, Ok(value))
                .path(end);
            assert_eq!(url(request), message(dots), "{value:?} {end:?}");
        }
        let request = get()
            .path("/a/")
            .path_parameter("id", Style::Simple, Ok(value))
            .path("?b=c");
        assert_eq!(url(request), message(dots), "{value:?}");
    }
    // The segment of a label without a value.
    let request = get().path("/a/").path_parameter("id", Style::Label, Ok(""));
    assert_eq!(url(request), message("."));
    // Two parameters, and a literal.
    let request = get()
        .path("/a/")
        .path_parameter("x", Style::Simple, Ok("."));
    let request = request.path_parameter("id", Style::Simple, Ok("."));
    assert_eq!(url(request), message(".."));
    let request = get()
        .path("/a/.")
        .path_parameter("id", Style::Simple, Ok("."));
    assert_eq!(url(request), message(".."));
}

#[test]
fn segments_with_other_characters_than_dots_are_accepted() {
    for value in ["...", ".a", "a..", "..a"] {
        let request = get()
            .path("/a/")
            .path_parameter("id", Style::Simple, Ok(value))
            .path("/b");
        assert_eq!(url(request).unwrap(), format!("http://host/v1/a/{value}/b"));
    }
    let request = get()
        .path("/a/.")
        .path_parameter("id", Style::Simple, Ok("b"));
    assert_eq!(url(request).unwrap(), "http://host/v1/a/.b");
}

#[test]
fn path_templates_may_have_a_query() {
    let request = get()
        .path("/a?x=")
        .path_parameter("x", Style::Simple, Ok("../b&c+d"));
    let request = request.query("y", Style::FormExploded, Ok(1));
    assert_eq!(
        url(request).unwrap(),
        "http://host/v1/a?x=..%2Fb%26c%2Bd&y=1"
    );
    let request = get()
        .path("/a?x=")
        .path_parameter("x", Style::Simple, Ok(""));
    assert_eq!(url(request).unwrap(), "http://host/v1/a?x=");
}

#[test]
fn query_parameters_keep_their_order_and_absent_ones_are_not_sent() {
    let request = get()
        .path("/a")
        .query("b", Style::FormExploded, Ok(vec!["1 2", "3&4"]))
        .query("none", Style::FormExploded, Ok(None::<&str>))
        .query("a", Style::Form, Ok(Some(vec!["x", "y"])))
        .query("empty", Style::FormExploded, Ok(""))
        .query("list", Style::FormExploded, Ok(Vec::<u8>::new()));
    assert_eq!(
        url(request).unwrap(),
        "http://host/v1/a?b=1%202&b=3%264&a=x,y&empty="
    );
    assert_eq!(url(get().path("/a")).unwrap(), "http://host/v1/a");
}

#[test]
fn first_error_is_returned() {
    let request = get()
        .path("/a/")
        .path_parameter("id", Style::Simple, Ok(""))
        .query(
            "limit",
            Style::Form,
            Err::<u8, _>("conversion failed".to_owned()),
        )
        .header("bad", Style::Simple, Ok("a\nb"));
    assert_eq!(url(request), Err("path parameter `id` is empty".to_owned()));
    let request = get()
        .query(
            "limit",
            Style::Form,
            Err::<u8, _>("conversion failed".to_owned()),
        )
        .path("/a/")
        .path_parameter("id", Style::Simple, Ok(""));
    assert_eq!(url(request), Err("conversion failed".to_owned()));
}

#[test]
fn headers_are_written_in_their_style_and_sent_once() {
    let with =
        |style, value: serde_json::Value| header(get().header("x-a", style, Ok(value)), "X-A");
    assert_eq!(with(Style::Simple, json!("a b,é")), ["a b,é"]);
    assert_eq!(with(Style::Simple, json!(["a", "b"])), ["a,b"]);
    assert_eq!(
        with(Style::SimpleExploded, json!({"a": 1, "b": true})),
        ["a=1,b=true"]
    );
    assert_eq!(with(Style::Json, json!({"a": [1]})), [r#"{"a":[1]}"#]);
    assert_eq!(with(Style::Simple, json!(null)), [""; 0]);
    let twice = get()
        .header("x-a", Style::Simple, Ok(1))
        .header("X-A", Style::Simple, Ok(2));
    assert_eq!(header(twice, "x-a"), ["1"]);
}

#[test]
fn invalid_headers_are_errors_without_their_value() {
    let request = get().header("x-a", Style::Simple, Ok("secret\r\nx-b: c"));
    assert_eq!(
        url(request),
        Err("the value of header `x-a` has characters that a header cannot have".to_owned())
    );
    let request = get().header("x a", Style::Simple, Ok("b"));
    assert_eq!(
        url(request),
        Err("`x a` is not a valid header name".to_owned())
    );
}

#[test]
fn declared_accept_and_content_type_parameters_are_sent_once() {
    let request = get()
        .header("Accept", Style::Simple, Ok("text/csv"))
        .accept("application/json");
    assert_eq!(header(request, "accept"), ["text/csv"]);
    assert_eq!(
        header(get().accept("application/json"), "accept"),
        ["application/json"]
    );
    let request = get()
        .header("Content-Type", Style::Simple, Ok("application/vnd.a+json"))
        .json("application/json", Ok(Some(1)));
    assert_eq!(header(request, "content-type"), ["application/vnd.a+json"]);
}

#[test]
fn cookies_share_one_header() {
    let request = get()
        .cookie("a", Style::FormExploded, Ok("1; 2"))
        .cookie("none", Style::FormExploded, Ok(None::<u8>))
        .cookie("b", Style::FormExploded, Ok(vec!["x", "y z"]))
        .cookie("c", Style::Form, Ok(vec!["x", "y"]));
    assert_eq!(
        header(request, "cookie"),
        ["a=1%3B%202; b=x; b=y%20z; c=x,y"]
    );
    assert_eq!(
        header(get().cookie("n", Style::Form, Ok(None::<u8>)), "cookie"),
        [""; 0]
    );
}

#[test]
fn cookies_cannot_change_the_request() {
    let request = get().cookie("a\r\nb", Style::Form, Ok("1"));
    assert_eq!(
        url(request),
        Err("cookie `a\r\nb` cannot be sent in a header".to_owned())
    );
}

#[test]
fn bodies_have_their_media_type_and_absent_ones_none() {
    let body = |request: Request| {
        let request = built(request).unwrap();
        let media_type = request.headers().get("content-type").cloned();
        let body = request.body().map(|body| body.as_bytes().unwrap().to_vec());
        (
            media_type.map(|value| value.to_str().unwrap().to_owned()),
            body,
        )
    };
    let media_type = |name: &str| Some(name.to_owned());
    assert_eq!(
        body(get().json("application/vnd.a+json", Ok(Some(json!({"a": 0.1}))))),
        (
            media_type("application/vnd.a+json"),
            Some(br#"{"a":0.1}"#.to_vec())
        )
    );
    // An optional body that is JSON null.
    assert_eq!(
        body(get().json("application/json", Ok(Some(json!(null))))),
        (media_type("application/json"), Some(b"null".to_vec()))
    );
    assert_eq!(
        body(get().body("text/plain", Ok(Some("a")))),
        (media_type("text/plain"), Some(b"a".to_vec()))
    );
    assert_eq!(
        body(get().content(Ok(Some(Content::new("image/png", vec![1_u8]))))),
        (media_type("image/png"), Some(vec![1]))
    );
    assert_eq!(
        body(get().json("application/json", Ok(None::<u8>))),
        (None, None)
    );
    assert_eq!(
        body(get().form("application/x-www-form-urlencoded", &[], Ok(None::<u8>))),
        (None, None)
    );
    assert_eq!(
        body(get().body("text/plain", Ok(None::<String>))),
        (None, None)
    );
    assert_eq!(body(get().content(Ok(None))), (None, None));
}

#[test]
fn errors_of_bodies_are_kept() {
    let error = || "no body".to_owned();
    assert_eq!(
        url(get().json("application/json", Err::<Option<u8>, _>(error()))),
        Err(error())
    );
    assert_eq!(
        url(get().body("text/plain", Err::<Option<String>, _>(error()))),
        Err(error())
    );
    assert_eq!(url(get().content(Err(error()))), Err(error()));
    let invalid = Content::new("text/plain\n", "a");
    assert_eq!(
        url(get().content(Ok(Some(invalid)))),
        Err(
            "the value of header `content-type` has characters that a header cannot have"
                .to_owned()
        )
    );
}

#[test]
fn links_replace_the_url_and_keep_the_headers() {
    let request = || {
        get()
            .path("/a")
            .query("page", Style::Form, Ok(1))
            .accept("application/json")
    };
    let follow =
        |link| built(request().follow(Some(link))).map(|request| request.url().to_string());
    assert_eq!(
        follow("http://host/v1/a?page=2").unwrap(),
        "http://host/v1/a?page=2"
    );
    assert_eq!(follow("?page=2").unwrap(), "http://host/v1/a?page=2");
    assert_eq!(follow("/b").unwrap(), "http://host/b");
    assert_eq!(
        url(request().follow(None)).unwrap(),
        "http://host/v1/a?page=1"
    );
    assert_eq!(
        header(request().follow(Some("?page=2")), "accept"),
        ["application/json"]
    );
}

#[test]
fn links_to_other_servers_and_to_the_same_page_are_errors() {
    for (link, expected) in [
        (
            "https://host/v1/a?key=secret",
            "`https://host/v1/a`: it points to another server",
        ),
        (
            "http://user:secret@other/",
            "`http://other/`: it points to another server",
        ),
        ("//host:81/a", "`//host:81/a`: it points to another server"),
        ("?page=1", "``: it points to the current page"),
        (
            "http://[?key=secret",
            "`http://[`: it is not a valid URL: invalid IPv6 address",
        ),
    ] {
        let request = get()
            .path("/a")
            .query("page", Style::Form, Ok(1))
            .follow(Some(link));
        assert_eq!(
            url(request),
            Err(format!(
                "cannot follow the link to the next page {expected}"
            ))
        );
    }
}

#[test]
fn debug_output_has_no_password() {
    let request = Request::new(Method::GET, "http://user:secret@host").path("/a");
    assert!(!format!("{request:?}").contains("secret"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The server receives the value that was passed, in the same segment of the path.
    #[test]
    fn path_parameters_arrive_as_they_were_sent(value in "[./%\\PC]{0,6}") {
        let request = get().path("/a/").path_parameter("x", Style::Simple, Ok(&value)).path("/b");
        let Ok(url) = built(request).map(|request| request.url().clone()) else {
            let dots = value.to_lowercase().replace("%2e", ".");
            prop_assert!(["", ".", ".."].contains(&&*dots), "{value:?}");
            return Ok(());
        };
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        prop_assert_eq!(segments.len(), 4, "{}", url);
        prop_assert_eq!((segments[0], segments[1], segments[3]), ("v1", "a", "b"));
        let decoded = percent_encoding::percent_decode_str(segments[2]).decode_utf8().unwrap();
        prop_assert_eq!(&*decoded, &value);
        prop_assert_eq!((url.query(), url.fragment()), (None, None));
    }

    /// The server receives the pairs that were passed, and no other.
    #[test]
    fn query_parameters_arrive_as_they_were_sent(values in prop::collection::vec("[&=+#%\\PC]{0,6}", 1..4)) {
        let request = get().path("/a").query("x&y", Style::FormExploded, Ok(&values));
        let request = built(request).unwrap();
        let pairs: Vec<_> = request.url().query_pairs().into_owned().collect();
        let expected: Vec<_> = values.iter().map(|value| ("x&y".to_owned(), value.clone())).collect();
        prop_assert_eq!(pairs, expected);
        prop_assert_eq!(request.url().fragment(), None);
    }

    /// The server receives the fields that were passed, and no other.
    #[test]
    fn form_fields_arrive_as_they_were_sent(name in "[&=+%\\PC]{1,6}", value in "[&=+%\\PC]{0,6}") {
        let body = json!({ name.clone(): value });
        let request = get().form("application/x-www-form-urlencoded", &[], Ok(Some(body)));
        let request = built(request).unwrap();
        let mut url = request.url().clone();
        url.set_query(Some(std::str::from_utf8(request.body().unwrap().as_bytes().unwrap()).unwrap()));
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(pairs, [(name, value)]);
    }

    /// The server receives the cookie that was passed, and no other.
    #[test]
    fn cookies_arrive_as_they_were_sent(value in "[;=, %\\PC]{0,6}") {
        let cookies = header(get().cookie("x", Style::Form, Ok(&value)), "cookie");
        let sent = cookies[0].strip_prefix("x=").unwrap();
        prop_assert!(!sent.contains([';', ',', ' ', '"', '\\']), "{}", sent);
        let decoded = percent_encoding::percent_decode_str(sent).decode_utf8().unwrap();
        prop_assert_eq!(&*decoded, &value);
    }

    /// No value of any parameter makes the request panic.
    #[test]
    fn any_value_is_sent_or_an_error(value in any::<String>(), style in 0..15_usize) {
        let styles = [
            Style::Simple, Style::SimpleExploded, Style::Form, Style::FormExploded, Style::FormReserved,
            Style::FormExplodedReserved, Style::SpaceDelimited, Style::PipeDelimited, Style::DeepObject,
            Style::Label, Style::LabelExploded, Style::Matrix, Style::MatrixExploded, Style::Json, Style::Raw,
        ];
        let style = styles[style];
        let value = || Ok(json!([value, { value.clone(): [value, null] }]));
        let request = get().path("/").path_parameter("x", style, value()).query("x", style, value());
        let _ = built(request.header("x", style, value()).cookie("x", style, value()));
    }
}
