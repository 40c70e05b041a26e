//! The position of the next page.

use openapi_client_runtime::Error;
use openapi_client_runtime::pages::{next_link, value_of};
use reqwest::header::{HeaderMap, HeaderValue};

#[test]
fn next_link_is_found_among_others() {
    for (lines, expected) in [
        (&["<a>; rel=next"][..], Some("a")),
        (
            &["<a>; rel=prev, <b?c=d,e;f>; title=\"x, <y>; rel=next\"; REL=\"first Next\""],
            Some("b?c=d,e;f"),
        ),
        (&["<a>; rel=prev", "<b>; rel=\"next\""], Some("b")),
        (&["<a>; rel=last; rel=next"], None),
        (&["<a>"], None),
        (&["<a"], None),
        (&[], None),
    ] {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("link", HeaderValue::from_static(line));
        }
        assert_eq!(next_link(&headers).as_deref(), expected, "{lines:?}");
    }
}

#[test]
fn positions_are_values_of_the_parameter() {
    assert!(matches!(value_of::<u8, ()>("page", "7"), Ok(7)));
    let error = value_of::<u8, ()>("page", "300").unwrap_err();
    assert!(matches!(&error, Error::InvalidRequest(message)
        if message == "`300`, the position of the next page, is not a valid value of `page`"));
}
