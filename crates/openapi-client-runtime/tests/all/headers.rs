//! Typed response headers.

use openapi_client_runtime::headers::{Header, HeaderProblem, date_time, parsed};
use reqwest::header::{HeaderMap, HeaderValue};

fn headers(values: &[&'static str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append("x-a", HeaderValue::from_static(value));
    }
    headers
}

#[test]
fn values_are_parsed() {
    let header = || Header::new("X-A", "a 64-bit integer", parsed::<i64>);
    assert_eq!(header().required(&headers(&[" 7 "])), Ok(7));
    assert_eq!(header().optional(&headers(&[])), Ok(None));
    assert_eq!(header().optional_list(&headers(&[])), Ok(None));
    assert_eq!(
        header().required_list(&headers(&["1, 2", "3,"])),
        Ok(vec![1, 2, 3])
    );
}

#[test]
fn missing_and_malformed_headers_are_errors() {
    let header = || Header::new("X-A", "a 64-bit integer", parsed::<i64>);
    let error = header().required(&headers(&[])).unwrap_err();
    assert_eq!(error.problem, HeaderProblem::Missing);
    assert_eq!(error.to_string(), "the response header `X-A` is missing");
    assert_eq!(header().required_list(&headers(&[])), Err(error));
    let error = header().optional(&headers(&["a"])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the response header `X-A` is not a 64-bit integer"
    );
    assert_eq!(header().optional_list(&headers(&["1", "a"])), Err(error));
}

#[test]
fn timestamps_are_rfc_3339() {
    let time = date_time("2026-04-10T14:00:00.5+02:00").unwrap();
    assert_eq!(time.to_rfc3339(), "2026-04-10T12:00:00.500+00:00");
    assert_eq!(date_time("2026-04-10"), None);
}
