//! Accepted and rejected queries, and the messages for rejected ones.

use super::*;

fn page(media_type: Option<MediaType>, limit: u32, offset: u64) -> PageRequest {
    PageRequest {
        media_type,
        limit,
        offset,
    }
}

fn message(query: &str) -> String {
    let invalid = read(query).expect_err(query);
    let messages: Vec<_> = invalid.iter().map(InvalidParameter::to_string).collect();
    messages.join("; ")
}

#[test]
fn defaults_without_parameters() {
    assert_eq!(read(""), Ok(page(None, 20, 0)));
}

#[test]
fn bounds_are_inclusive() {
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
fn message_has_name_value_and_range() {
    assert_eq!(
        message("limit=500"),
        "limit: 500 is not allowed, expected an integer from 1 to 100"
    );
    assert_eq!(
        message("offset=-1"),
        "offset: -1 is not allowed, expected an integer from 0 to 9223372036854775807"
    );
    assert_eq!(
        message("type=audio"),
        "type: audio is not allowed, expected one of image, video, document"
    );
}

#[test]
fn values_outside_the_contract_are_rejected() {
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
fn empty_value_is_rejected() {
    assert_eq!(
        message("limit="),
        "limit: an empty value is not allowed, expected an integer from 1 to 100"
    );
}

#[test]
fn repeated_parameter_is_rejected_even_with_the_same_value() {
    assert_eq!(
        message("limit=5&limit=5"),
        "limit: more than one value is not allowed, expected an integer from 1 to 100"
    );
}

#[test]
fn invalid_percent_encoding_is_rejected() {
    assert_eq!(
        message("limit=%zz"),
        "limit: %zz is not valid percent-encoding of UTF-8, expected an integer from 1 to 100"
    );
    assert_eq!(
        message("%ff=1"),
        "query: %ff is not valid percent-encoding of UTF-8, expected a parameter name"
    );
}

#[test]
fn many_invalid_names_have_a_short_message() {
    assert!(message(&"%ff&".repeat(10_000)).len() < 200);
}

#[test]
fn all_invalid_parameters_are_reported() {
    assert_eq!(message("limit=0&offset=x&type=y").matches("; ").count(), 2);
}

#[test]
fn long_values_are_truncated_and_control_characters_escaped() {
    let long = format!("limit={}", "9".repeat(500));
    assert!(message(&long).len() < 200);
    assert!(message("limit=%1b%5B31m").contains("\\u{1b}[31m"));
}
