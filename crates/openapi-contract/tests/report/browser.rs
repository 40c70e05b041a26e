//! Tests of the HTML page in a browser: small and large screens, light and dark colours.

use data_encoding::BASE64;
use openapi_contract::report::Format;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::chromium::{Chromium, Opened, Page, Scheme};
use crate::examples::{Example, invalid_contract, markup, no_difference, orders, rewrites};

const PROBE: &str = include_str!("probe.js");

const DESKTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

#[test]
fn page_fits_on_phone_and_desktop() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    for size in [PHONE, DESKTOP] {
        for example in [
            orders(),
            invalid_contract(),
            no_difference(),
            rewrites(),
            markup(),
        ] {
            let page = framed(&with_probe(&page(&example)), size);
            let measured = probed(&open(&chromium, &page, "", DESKTOP, Scheme::Light));
            assert_eq!(measured["width"], size.0);
            assert_eq!(
                measured["wide"],
                json!([]),
                "{} at {}",
                example.title,
                size.0
            );
            assert_eq!(measured["overflow"], 0, "{} at {}", example.title, size.0);
        }
    }
}

#[test]
fn text_has_contrast_in_light_and_dark_mode() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    for example in [orders(), rewrites()] {
        let page = page(&example);
        let light = measure(&chromium, &page, "", DESKTOP, Scheme::Light);
        let dark = measure(&chromium, &page, "", DESKTOP, Scheme::Dark);
        assert_ne!(light["ground"], dark["ground"]);
        for measured in [light, dark] {
            assert_eq!(measured["faint"], json!([]), "on {}", measured["ground"]);
        }
    }
}

#[test]
fn page_has_headings_landmarks_and_labels() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let measured = measure(&chromium, &page(&orders()), "", DESKTOP, Scheme::Light);
    assert_eq!(
        measured["landmarks"],
        json!(["header", "main", "section", "form"])
    );
    assert_eq!(measured["unnamed"], 0);
    let levels: Vec<u64> = measured["headings"]
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
fn filter_hides_a_level_and_is_stored_in_the_url() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let measured = measure(&chromium, &page(&orders()), "", DESKTOP, Scheme::Light);
    let all = json!({"breaking": 4, "undecided": 1, "risky": 1, "compatible": 1, "editorial": 1});
    assert_eq!(measured["shown"], all);
    let clicked = json!({
        "shown": {"undecided": 1, "risky": 1, "compatible": 1, "editorial": 1},
        "status": "4 of 8 shown",
        "url": "#level=undecided,risky,compatible,editorial",
    });
    assert_eq!(measured["clicked"], clicked);
}

#[test]
fn filter_is_read_from_the_url() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let page = page(&orders());
    let measured = measure(
        &chromium,
        &page,
        "level=risky,editorial",
        DESKTOP,
        Scheme::Light,
    );
    assert_eq!(measured["shown"], json!({"risky": 1, "editorial": 1}));
}

#[test]
fn filter_works_without_the_script() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let page = page(&orders());
    let (before, rest) = page.split_once("<script>").expect("the page has a script");
    let (_, after) = rest.split_once("</script>").expect("the script ends");
    let measured = measure(
        &chromium,
        &format!("{before}{after}"),
        "",
        DESKTOP,
        Scheme::Light,
    );
    let clicked = json!({"undecided": 1, "risky": 1, "compatible": 1, "editorial": 1});
    assert_eq!(measured["clicked"]["shown"], clicked);
}

#[test]
fn page_loads_nothing_and_runs_no_injected_script() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    for example in [orders(), markup()] {
        let measured = measure(&chromium, &page(&example), "", DESKTOP, Scheme::Light);
        assert_eq!(measured["fetched"], json!([]));
        assert_eq!(measured["handlers"], json!([]));
        assert_eq!(measured["scripts"], 2, "the page's own, and the probe");
    }
}

/// The previous test would be vacuous if the policy allowed every script.
#[test]
fn policy_forbids_other_scripts() {
    let Some(chromium) = Chromium::find() else {
        return;
    };
    let page = page(&orders()).replace(
        "</main>",
        "<script>document.title = 'taken over'</script></main>",
    );
    let opened = open(&chromium, &page, "", DESKTOP, Scheme::Light);
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

/// A page in a frame of the given size, because windows have a minimum width.
fn framed(page: &str, (width, height): (u32, u32)) -> String {
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    format!("<iframe width=\"{width}\" height=\"{height}\" srcdoc=\"{page}\"></iframe>")
}

/// A page with the probe, and a policy that allows it.
fn with_probe(page: &str) -> String {
    let hash = BASE64.encode(&Sha256::digest(PROBE));
    page.replacen("script-src ", &format!("script-src 'sha256-{hash}' "), 1)
        .replacen("</body>", &format!("<script>{PROBE}</script></body>"), 1)
}

/// The results of the probe in a page.
fn measure(
    chromium: &Chromium,
    page: &str,
    fragment: &str,
    size: (u32, u32),
    scheme: Scheme,
) -> Value {
    probed(&open(chromium, &with_probe(page), fragment, size, scheme))
}

fn probed(opened: &Opened) -> Value {
    let error = opened.console.lines().find(|line| line.contains("CONSOLE"));
    assert_eq!(error, None, "the page's own style and script are allowed");
    let result = opened.dom.split_once("data-probe=\"");
    let result = result.and_then(|(_, rest)| rest.split_once('"'));
    let (result, _) = result.unwrap_or_else(|| panic!("the probe did not run: {}", opened.console));
    let json = BASE64
        .decode(result.as_bytes())
        .expect("the probe writes Base64");
    serde_json::from_slice(&json).expect("the probe writes JSON")
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
