//! Media types and media type ranges.

use crate::found;

fn taking(media_types: &[&str]) -> String {
    let content = content(media_types);
    format!(
        "  /a:\n    post:\n      operationId: a\n      requestBody: {{required: true, content: \
         {content}}}\n      responses: {{'200': {{description: Fine.}}}}\n"
    )
}

fn responding(media_types: &[&str]) -> String {
    let content = content(media_types);
    format!(
        "  /a:\n    get:\n      operationId: a\n      responses: {{'200': {{description: Fine., \
         content: {content}}}}}\n"
    )
}

fn content(media_types: &[&str]) -> String {
    let all = media_types
        .iter()
        .map(|media_type| format!("'{media_type}': {{schema: {{type: string}}}}"));
    format!("{{{}}}", all.collect::<Vec<_>>().join(", "))
}

#[test]
fn a_range_covers_its_media_types() {
    for (narrow, wide) in [
        ("text/csv", "text/*"),
        ("image/png", "*/*"),
        ("application/problem+json", "application/*+json"),
        ("image/*", "*/*"),
    ] {
        assert_eq!(
            found(&taking(&[wide]), &taking(&[narrow])),
            ["breaking media-type-removed!"],
            "{narrow} {wide}"
        );
        assert_eq!(
            found(&taking(&[narrow]), &taking(&[wide])),
            ["compatible media-type-added"],
            "{narrow} {wide}"
        );
        assert_eq!(
            found(&responding(&[narrow]), &responding(&[wide])),
            ["breaking media-type-added!"],
            "{narrow} {wide}"
        );
        assert_eq!(
            found(&responding(&[wide]), &responding(&[narrow])),
            ["risky media-type-removed"],
            "{narrow} {wide}"
        );
    }
}

#[test]
fn a_media_type_next_to_its_range_adds_nothing() {
    let old = taking(&["text/*"]);
    let new = taking(&["text/*", "text/csv"]);
    assert!(found(&old, &new).is_empty());
    let stricter = new.replace(
        "'text/csv': {schema: {type: string}}",
        "'text/csv': {schema: {type: string, maxLength: 3}}",
    );
    assert_eq!(found(&old, &stricter), ["breaking max-length-lowered!"]);
}
