//! Length limits of strings with a format.

use crate::{found, taking};

#[test]
fn a_longer_string_of_the_format_proves_the_break() {
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
