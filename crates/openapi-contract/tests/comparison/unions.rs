//! Alternatives that overlap, cover each other, or leave gaps.

use crate::{found, responding, sent};

const GAP: &str = "{anyOf: [{type: integer, maximum: 10}, {type: integer, minimum: 20}]}";

#[test]
fn removing_a_covered_alternative_is_compatible() {
    let (gap, all) = (sent(GAP), sent("{type: integer}"));
    let levels = found(&gap, &all);
    assert!(
        levels.iter().all(|level| level.starts_with("compatible")),
        "{levels:?}"
    );
}

#[test]
fn a_gap_between_alternatives_is_breaking() {
    let levels = found(&sent("{type: integer}"), &sent(GAP));
    assert!(
        levels.contains(&"breaking union-member-removed!".to_owned()),
        "{levels:?}"
    );
    let levels = found(&responding(GAP), &responding("{type: integer}"));
    assert!(
        levels.contains(&"breaking union-member-added!".to_owned()),
        "{levels:?}"
    );
}

#[test]
fn objects_are_covered_property_by_property() {
    let of = |members: &str| responding(&format!("{{anyOf: [{members}]}}"));
    let name = "{type: object, properties: {name: {type: string}}}";
    let count = "{type: object, properties: {count: {type: integer}}}";
    let short = "{type: object, properties: {name: {type: string, maxLength: 5}}}";
    let other = "{type: object, properties: {name: {type: integer}, count: {type: string}}}";
    let old = of(&format!("{name}, {count}"));
    let same = of(&format!("{name}, {count}, {short}"));
    assert_eq!(found(&old, &same), ["compatible union-member-added"]);
    let wider = of(&format!("{name}, {count}, {other}"));
    assert_eq!(found(&old, &wider), ["breaking union-member-added!"]);
}
