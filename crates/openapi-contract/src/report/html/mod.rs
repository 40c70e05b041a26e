//! Findings as a self-contained HTML page.
//!
//! All text from findings is escaped by [`escape`]. The page's content security policy allows only its
//! own style and script, by their hashes. The page also works without the script: the filter consists
//! of check boxes and CSS, and the script only stores it in the URL and counts the shown findings.

mod escape;
mod finding;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::fingerprint::fingerprints;
use super::group::FindingGroup;
use super::phrases::VERDICTS;
use super::{Counts, Report};
use crate::finding::Finding;
use escape::text;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The title of a report that has none.
const TITLE: &str = "OpenAPI contract";

/// A report as an HTML document.
pub(super) fn render(report: &Report<'_>) -> String {
    let title = if report.title.is_empty() {
        TITLE
    } else {
        report.title
    };
    let counts = Counts::of(report.findings);
    let mut page = head(title, counts);
    page += &header(title);
    if !report.findings.is_empty() {
        page += &filter(counts);
        page += &table(report.findings);
    }
    page += "<main id=\"findings\" tabindex=\"-1\">\n";
    page += &sections(report, counts);
    page += &format!("</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n");
    page
}

fn head(title: &str, counts: Counts) -> String {
    let [style, script] = [STYLE, SCRIPT].map(|text| BASE64.encode(&Sha256::digest(text)));
    let title = text(title);
    format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; \
         form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}: {counts}</title>\n\
         <style>{STYLE}</style>\n\
         </head>\n"
    )
}

fn header(title: &str) -> String {
    let title = text(title);
    format!(
        "<body>\n\
         <a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n\
         <header>\n<h1>{title}</h1>\n</header>\n"
    )
}

/// The groups that have findings, in order.
fn groups(counts: Counts) -> impl Iterator<Item = FindingGroup> {
    let all = FindingGroup::ALL.into_iter();
    all.filter(move |group| counts.of_group(*group) > 0)
}

/// The check boxes that show and hide the groups.
fn filter(counts: Counts) -> String {
    let mut html = String::from(
        "<form class=\"filter\" role=\"search\" aria-label=\"Filter\">\n\
         <fieldset>\n<legend>Show</legend>\n",
    );
    for group in groups(counts) {
        let (name, count) = (group.name(), counts.of_group(group));
        html += &format!(
            "<label class=\"{name}\"><input type=\"checkbox\" id=\"show-{name}\" \
             value=\"{name}\" checked> {name} <b>{count}</b></label>\n"
        );
    }
    html + "</fieldset>\n<output role=\"status\"></output>\n</form>\n"
}

/// The number of findings of each group, by each verdict.
fn table(findings: &[Finding]) -> String {
    let columns: Vec<Counts> = VERDICTS
        .iter()
        .map(|(_, of)| Counts::by(findings, *of))
        .collect();
    let mut html = String::from(
        "<section class=\"summary\" aria-labelledby=\"summary\">\n\
         <h2 id=\"summary\">Summary</h2>\n<table>\n<thead><tr><th scope=\"col\">level</th>",
    );
    for (name, _) in VERDICTS {
        let name = if *name == "level" { "findings" } else { name };
        html += &format!("<th scope=\"col\">{name}</th>");
    }
    html += "</tr></thead>\n<tbody>\n";
    for group in FindingGroup::ALL {
        if columns.iter().all(|counts| counts.of_group(group) == 0) {
            continue;
        }
        let name = group.name();
        html += &format!("<tr><th scope=\"row\" class=\"{name}\">{name}</th>");
        for (index, counts) in columns.iter().enumerate() {
            // The other groups are the same by each verdict.
            let is_shown = index == 0 || matches!(group, FindingGroup::Level(_));
            let count = is_shown.then(|| counts.of_group(group).to_string());
            html += &format!("<td>{}</td>", count.unwrap_or_default());
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table>\n</section>\n"
}

/// The findings by group.
fn sections(report: &Report<'_>, counts: Counts) -> String {
    let fingerprints = fingerprints(report.findings);
    let mut html = String::new();
    for group in groups(counts) {
        html += &section(report, group, &fingerprints);
    }
    if html.is_empty() {
        html += "<p>Nothing to report.</p>\n";
    }
    html
}

fn section(report: &Report<'_>, group: FindingGroup, fingerprints: &[String]) -> String {
    let (name, about) = (group.name(), group.about());
    let mut html = format!(
        "<section class=\"level {name}\" aria-labelledby=\"{name}\">\n\
         <h2 id=\"{name}\">{name}</h2>\n<p class=\"about\">{about}</p>\n"
    );
    for (finding, fingerprint) in report.findings.iter().zip(fingerprints) {
        if FindingGroup::of(finding) == group {
            html += &finding::article(report, finding, fingerprint);
        }
    }
    html + "</section>\n"
}
