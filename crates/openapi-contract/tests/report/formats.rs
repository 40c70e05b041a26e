//! Snapshots of every format.

use crate::examples::{accepted, invalid_contract, markup, no_difference, orders, rewrites};
use openapi_contract::report::{Format, TextStyle};

/// A test for each format, with a snapshot of each example.
macro_rules! snapshots {
    ($($format:ident $name:ident of $($example:ident),*;)*) => {$(
        #[test]
        fn $name() {$(
            let name = concat!(stringify!($name), "_of_", stringify!($example));
            insta::assert_snapshot!(name, without_volatile_parts(&$example().render(Format::$format)));
        )*}
    )*};
}

snapshots! {
    Text text of orders, accepted, invalid_contract, no_difference, rewrites, markup;
    Json json of orders, accepted, invalid_contract, no_difference, rewrites;
    Github github of orders, accepted, invalid_contract, no_difference, rewrites, markup;
    Sarif sarif of orders, accepted, invalid_contract, no_difference, rewrites;
    Junit junit of orders, accepted, invalid_contract, no_difference, rewrites, markup;
    Markdown markdown of orders, accepted, invalid_contract, no_difference, rewrites, markup;
    Html html of orders, accepted, invalid_contract, no_difference, rewrites, markup;
}

/// A report without the version, the pages of rules, and the style and script of HTML.
fn without_volatile_parts(report: &str) -> String {
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    let report = report.replace(version, "\"version\": \"[version]\"");
    let report: String = report
        .split_inclusive('\n')
        .map(|line| match line.split_once("\"markdown\": ") {
            Some((indentation, _)) => format!("{indentation}\"markdown\": \"[page]\"\n"),
            None => line.to_owned(),
        })
        .collect();
    let body = report.split_once("<body>").map(|(_, body)| body);
    let content = body.and_then(|body| body.split_once("<script>"));
    content.map_or(report.clone(), |(content, _)| content.to_owned())
}

#[test]
fn text_in_colour() {
    let style = TextStyle {
        colour: true,
        unicode: true,
    };
    let report = invalid_contract().render_in(Format::Text, style);
    insta::assert_snapshot!(report.replace('\u{1b}', "ESC"));
}

#[test]
fn every_format_is_parsed_from_its_name() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(*format));
    }
}

#[test]
fn unknown_name_is_rejected_with_the_known_names() {
    let error = "xml"
        .parse::<Format>()
        .expect_err("the format does not exist");
    insta::assert_snapshot!(
        error,
        @r#"unknown format "xml", expected one of text, json, github, sarif, junit, markdown, html"#
    );
}
