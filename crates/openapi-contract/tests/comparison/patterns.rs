//! Patterns are compared by the strings they match.

use crate::{findings, found, sent, taking};

fn pattern(pattern: &str) -> String {
    taking(&format!("{{type: string, pattern: '{pattern}'}}"))
}

#[test]
fn patterns_are_compared_by_the_strings_they_match() {
    for (old, new, expected) in [
        ("[0-9a-f]+", "[0-9]+", "breaking pattern-changed!"),
        (r"^\w+$", r"^[\w\s]+$", "compatible pattern-changed"),
        (r"^\w+$", ".*", "compatible pattern-changed"),
        (".*", r"^\w+$", "breaking pattern-changed!"),
        (r"^[\w-.]+$", r"^[\w-]+$", "breaking pattern-changed!"),
        (r"^a\/b$", "^a/c$", "breaking pattern-changed!"),
        ("^(?=q{7})", "^y", "undecided pattern-changed"),
    ] {
        assert_eq!(
            found(&pattern(old), &pattern(new)),
            [expected],
            "{old} {new}"
        );
    }
}

#[test]
fn equivalent_patterns_do_not_differ() {
    for (old, new) in [
        (r"^\d+$", "^[0-9]+$"),
        ("^[a-z]*$", "^(?:[a-z]+)?$"),
        ("a+", "a"),
        (".*", ""),
    ] {
        assert!(
            found(&pattern(old), &pattern(new)).is_empty(),
            "{old} {new}"
        );
    }
    let none = taking("{type: string}");
    assert!(found(&none, &pattern(".*")).is_empty());
    assert_eq!(found(&none, &pattern("^.*$")), ["breaking pattern-added!"]);
}

#[test]
fn the_witness_has_an_allowed_length() {
    let of = |pattern: &str| {
        taking(&format!(
            "{{type: string, pattern: '{pattern}', minLength: 6, maxLength: 8}}"
        ))
    };
    let findings = findings(&of("^[a-z]+$"), &of("^[a-y]+$"));
    let witness = findings[0].witness.as_ref().expect("it is proved");
    let value = witness.value.as_ref().map(|(_, value)| value.clone());
    let text = value.and_then(|value| value.as_str().map(str::to_owned));
    assert!(text.is_some_and(|text| text.len() >= 6 && text.contains('z')));
}

/// `\p{Foo}` is not a character class.
const UNREADABLE: &str = r"^\p{Foo}+$";

#[test]
fn an_unsupported_pattern_leaves_the_rest_decided() {
    let of = |limit: u32, required: &str| {
        sent(&format!(
            "{{type: object, required: [{required}], properties: {{odd: {{type: string, pattern: \
             '{UNREADABLE}'}}, count: {{type: integer, maximum: {limit}}}}}}}"
        ))
    };
    assert_eq!(
        found(&of(100, "count"), &of(50, "count")),
        ["breaking maximum-lowered!"]
    );
    // No string is known that could be sent as well.
    assert_eq!(
        found(&of(100, "count, odd"), &of(50, "count, odd")),
        ["undecided maximum-lowered"]
    );
}

#[test]
fn an_unsupported_pattern_proves_nothing() {
    let unreadable = pattern(UNREADABLE);
    let other = pattern(r"^\p{Bar}+$");
    assert_eq!(found(&unreadable, &other), ["undecided pattern-changed"]);
    let none = taking("{type: string}");
    assert_eq!(found(&none, &unreadable), ["undecided pattern-added"]);
    assert_eq!(found(&unreadable, &none), ["compatible pattern-removed"]);
    let not = |pattern: &str| sent(&format!("{{type: string, not: {{pattern: '{pattern}'}}}}"));
    assert_eq!(
        found(&not(UNREADABLE), &not("^a$")),
        ["undecided keyword-changed"]
    );
}

#[test]
fn pattern_properties_are_decided() {
    let of = |rules: &str| sent(&format!("{{type: object, {rules}}}"));
    let open = of("additionalProperties: true");
    let held = of("additionalProperties: true, patternProperties: {'^x-': {type: integer}}");
    let closed = of("additionalProperties: false, patternProperties: {'^x-': {type: integer}}");
    let empty = of("additionalProperties: false");
    assert_eq!(
        found(&open, &held),
        ["breaking pattern-properties-changed!"]
    );
    assert_eq!(
        found(&held, &open),
        ["compatible pattern-properties-changed"]
    );
    assert_eq!(
        found(&closed, &empty),
        ["breaking pattern-properties-changed!"]
    );
    assert_eq!(
        found(&empty, &closed),
        ["compatible pattern-properties-changed"]
    );
}
