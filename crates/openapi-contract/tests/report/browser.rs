//! The HTML page in a browser: on a phone and on a desk, in the light and in the dark.

use data_encoding::BASE64;
use openapi_contract::report::Format;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::chromium::{Chromium, Opened, Page, Scheme};
use crate::examples::{Example, foreign, no_contract, no_difference, orders};

const PROBE: &str = include_str!("probe.js");

const DESK: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

#[test]
fn it_fits_on_a_phone_and_on_a_desk() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    for size in [PHONE, DESK] {
        for example in [orders(), no_contract(), no_difference(), foreign()] {
            let page = framed(&with_probe(&page(&example)), size);
            let seen = probed(&open(&chromium, &page, "", DESK, Scheme::Light));
            assert_eq!(seen["width"], size.0);
            assert_eq!(seen["wide"], json!([]), "{} at {}", example.title, size.0);
            assert_eq!(seen["overflow"], 0, "{} at {}", example.title, size.0);
        }
    }
}

#[test]
fn it_is_readable_in_the_light_and_in_the_dark() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let page = page(&orders());
    let light = seen(&chromium, &page, "", DESK, Scheme::Light);
    let dark = seen(&chromium, &page, "", DESK, Scheme::Dark);
    assert_ne!(light["ground"], dark["ground"]);
    for seen in [light, dark] {
        assert_eq!(seen["faint"], json!([]), "on {}", seen["ground"]);
    }
}

#[test]
fn it_has_headings_landmarks_and_labels() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let seen = seen(&chromium, &page(&orders()), "", DESK, Scheme::Light);
    assert_eq!(
        seen["landmarks"],
        json!(["header", "main", "section", "form"])
    );
    assert_eq!(seen["unnamed"], 0);
    let levels: Vec<u64> = seen["headings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_u64)
        .collect();
    assert_eq!(levels.iter().filter(|&&level| level == 1).count(), 1);
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "{levels:?}"
    );
}

#[test]
fn the_filter_hides_a_level_and_keeps_it_in_the_address() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let seen = seen(&chromium, &page(&orders()), "", DESK, Scheme::Light);
    let all = json!({"breaking": 4, "undecided": 1, "risky": 1, "compatible": 1, "editorial": 1});
    assert_eq!(seen["shown"], all);
    let clicked = json!({
        "shown": {"undecided": 1, "risky": 1, "compatible": 1, "editorial": 1},
        "said": "4 of 8 shown",
        "address": "#level=undecided,risky,compatible,editorial",
    });
    assert_eq!(seen["clicked"], clicked);
}

#[test]
fn the_filter_is_read_from_the_address() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let page = page(&orders());
    let seen = seen(
        &chromium,
        &page,
        "level=risky,editorial",
        DESK,
        Scheme::Light,
    );
    assert_eq!(seen["shown"], json!({"risky": 1, "editorial": 1}));
}

#[test]
fn the_filter_works_without_the_script() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let page = page(&orders());
    let (before, rest) = page.split_once("<script>").expect("it has a script");
    let (_, after) = rest.split_once("</script>").expect("the script ends");
    let seen = seen(
        &chromium,
        &format!("{before}{after}"),
        "",
        DESK,
        Scheme::Light,
    );
    let clicked = json!({"undecided": 1, "risky": 1, "compatible": 1, "editorial": 1});
    assert_eq!(seen["clicked"]["shown"], clicked);
}

#[test]
fn nothing_is_fetched_and_nothing_foreign_runs() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    for example in [orders(), foreign()] {
        let seen = seen(&chromium, &page(&example), "", DESK, Scheme::Light);
        assert_eq!(seen["fetched"], json!([]));
        assert_eq!(seen["handlers"], json!([]));
        assert_eq!(seen["scripts"], 2, "the page's own, and the probe");
    }
}

/// The example would prove nothing if the policy let everything pass.
#[test]
fn the_policy_forbids_any_other_script() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let page = page(&orders()).replace(
        "</main>",
        "<script>document.title = 'taken over'</script></main>",
    );
    let opened = open(&chromium, &page, "", DESK, Scheme::Light);
    assert!(!opened.dom.contains("<title>taken over"));
    assert!(
        opened.console.contains("Content Security Policy"),
        "{}",
        opened.console
    );
}

fn page(example: &Example) -> String {
    example.render(Format::Html)
}

/// A page in a frame of a size, since a window has a least width.
fn framed(page: &str, (width, height): (u32, u32)) -> String {
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    format!("<iframe width=\"{width}\" height=\"{height}\" srcdoc=\"{page}\"></iframe>")
}

/// A page that is told to let the probe run.
fn with_probe(page: &str) -> String {
    let hash = BASE64.encode(&Sha256::digest(PROBE));
    page.replacen("script-src ", &format!("script-src 'sha256-{hash}' "), 1)
        .replacen("</body>", &format!("<script>{PROBE}</script></body>"), 1)
}

/// What the probe finds in a page.
fn seen(
    chromium: &Chromium,
    page: &str,
    fragment: &str,
    size: (u32, u32),
    scheme: Scheme,
) -> Value {
    probed(&open(chromium, &with_probe(page), fragment, size, scheme))
}

fn probed(opened: &Opened) -> Value {
    let refused = opened.console.lines().find(|line| line.contains("CONSOLE"));
    assert_eq!(refused, None, "the page's own style and script are allowed");
    let result = opened.dom.split_once("data-probe=\"");
    let result = result.and_then(|(_, rest)| rest.split_once('"'));
    let (result, _) = result.unwrap_or_else(|| panic!("the probe did not run: {}", opened.console));
    let json = BASE64.decode(result.as_bytes()).expect("it is Base64");
    serde_json::from_slice(&json).expect("it is JSON")
}

fn open(
    chromium: &Chromium,
    html: &str,
    fragment: &str,
    (width, height): (u32, u32),
    scheme: Scheme,
) -> Opened {
    chromium.open(&Page {
        html,
        fragment,
        width,
        height,
        scheme,
    })
}
