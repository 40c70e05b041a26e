//! Each format of the same findings.

use crate::examples::{accepted, foreign, no_contract, no_difference, orders};
use openapi_contract::report::{Format, TextStyle};

/// A test for each format, with a snapshot of each example.
macro_rules! snapshots {
    ($($format:ident $name:ident of $($example:ident),*;)*) => {$(
        #[test]
        fn $name() {$(
            let name = concat!(stringify!($name), "_of_", stringify!($example));
            insta::assert_snapshot!(name, lasting(&$example().render(Format::$format)));
        )*}
    )*};
}

snapshots! {
    Text text of orders, accepted, no_contract, no_difference, foreign;
    Json json of orders, accepted, no_contract, no_difference;
    Github github of orders, accepted, no_contract, no_difference, foreign;
    Sarif sarif of orders, accepted, no_contract, no_difference;
    Junit junit of orders, accepted, no_contract, no_difference, foreign;
    Markdown markdown of orders, accepted, no_contract, no_difference, foreign;
    Html html of orders, accepted, no_contract, no_difference, foreign;
}

/// What this report has for its own: neither the version, nor the pages of rules, nor the style and
/// the script of a page, which a browser judges.
fn lasting(report: &str) -> String {
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
    let report = no_contract().render_in(Format::Text, style);
    insta::assert_snapshot!(report.replace('\u{1b}', "ESC"));
}

#[test]
fn every_format_is_found_by_its_name() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(*format));
    }
}

#[test]
fn an_unknown_name_is_answered_with_those_there_are() {
    let error = "xml"
        .parse::<Format>()
        .expect_err("there is no such format");
    insta::assert_snapshot!(
        error,
        @r#"no format is called "xml": there are text, json, github, sarif, junit, markdown, html"#
    );
}
