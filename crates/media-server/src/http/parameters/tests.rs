//! What the parameters accept and what they say about the rest.

use super::*;

fn page(media_type: Option<MediaType>, limit: u32, offset: u64) -> PageRequest {
    PageRequest {
        media_type,
        limit,
        offset,
    }
}

fn complaint(query: &str) -> String {
    let problems = read(query).expect_err(query);
    let sentences: Vec<_> = problems.iter().map(InvalidParameter::to_string).collect();
    sentences.join("; ")
}

#[test]
fn without_parameters_the_defaults_hold() {
    assert_eq!(read(""), Ok(page(None, 20, 0)));
}

#[test]
fn the_bounds_themselves_are_accepted() {
    assert_eq!(read("limit=1&offset=0"), Ok(page(None, 1, 0)));
    assert_eq!(
        read("limit=100&offset=9223372036854775807"),
        Ok(page(None, 100, i64::MAX as u64))
    );
}

#[test]
fn every_documented_type_is_accepted() {
    for media_type in MediaType::ALL {
        assert_eq!(
            read(&format!("type={media_type}")),
            Ok(page(Some(*media_type), 20, 0))
        );
    }
}

#[test]
fn names_and_values_are_decoded() {
    assert_eq!(
        read("%74ype=%69mage"),
        Ok(page(Some(MediaType::Image), 20, 0))
    );
}

#[test]
fn unknown_parameters_are_ignored() {
    assert_eq!(read("color=red&color=%zz&Limit=0"), Ok(page(None, 20, 0)));
}

#[test]
fn the_message_names_parameter_value_and_range() {
    assert_eq!(
        complaint("limit=500"),
        "limit: 500 is not allowed, expected an integer from 1 to 100"
    );
    assert_eq!(
        complaint("offset=-1"),
        "offset: -1 is not allowed, expected an integer from 0 to 9223372036854775807"
    );
    assert_eq!(
        complaint("type=audio"),
        "type: audio is not allowed, expected one of image, video, document"
    );
}

#[test]
fn values_outside_the_contract_are_refused() {
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=1.0",
        "limit=1e1",
        "limit=%2B5",
        "limit=+5",
        "limit=05",
        "limit=0x10",
        "limit=٣",
        "limit=18446744073709551617",
        "offset=9223372036854775808",
        "offset=-0",
        "type=Image",
        "type=image,video",
        "limit",
        "limit=",
        "offset=",
        "type=",
    ] {
        assert!(read(query).is_err(), "{query}");
    }
}

#[test]
fn an_empty_value_is_called_empty() {
    assert_eq!(
        complaint("limit="),
        "limit: an empty value is not allowed, expected an integer from 1 to 100"
    );
}

#[test]
fn a_repeated_parameter_is_refused_even_with_the_same_value() {
    assert_eq!(
        complaint("limit=5&limit=5"),
        "limit: more than one value is not allowed, expected an integer from 1 to 100"
    );
}

#[test]
fn broken_percent_encoding_is_refused() {
    assert_eq!(
        complaint("limit=%zz"),
        "limit: %zz is not valid percent-encoding of UTF-8, expected an integer from 1 to 100"
    );
    assert_eq!(
        complaint("%ff=1"),
        "query: %ff is not valid percent-encoding of UTF-8, expected a parameter name"
    );
}

#[test]
fn many_broken_names_do_not_make_a_long_answer() {
    assert!(complaint(&"%ff&".repeat(10_000)).len() < 200);
}

#[test]
fn every_bad_parameter_is_reported_at_once() {
    assert_eq!(
        complaint("limit=0&offset=x&type=y").matches("; ").count(),
        2
    );
}

#[test]
fn a_long_value_is_cut_and_control_characters_are_escaped() {
    let long = format!("limit={}", "9".repeat(500));
    assert!(complaint(&long).len() < 200);
    assert!(complaint("limit=%1b%5B31m").contains("\\u{1b}[31m"));
}
