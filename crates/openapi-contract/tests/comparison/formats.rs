//! Lengths of strings that a format holds to a form.

use crate::{found, taking};

#[test]
fn a_longer_text_of_the_format_is_the_proof() {
    for format in [
        "date-time",
        "email",
        "uri",
        "uri-reference",
        "uri-template",
        "json-pointer",
        "duration",
    ] {
        let of = |bound: &str| taking(&format!("{{type: string, format: {format}{bound}}}"));
        assert_eq!(
            found(&of(""), &of(", maxLength: 48")),
            ["breaking max-length-lowered!"],
            "{format}"
        );
    }
}
