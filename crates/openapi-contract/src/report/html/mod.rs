//! Findings as one page that needs nothing beside itself.
//!
//! Everything that is not written in this folder goes through [`escape`]. The page's policy allows
//! its one style and its one script by their hashes, and nothing else. Without the script the page
//! works as well: the filter is made of check boxes and CSS, and the script only keeps it in the
//! address and counts what is shown.

mod escape;
mod finding;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::counts::LEVELS;
use super::fingerprint::fingerprints;
use super::phrases::{self, ABOUT_ACCEPTED, ACCEPTED, VERDICTS};
use super::{Counts, Report};
use crate::finding::Finding;
use escape::text;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the page is called where nobody said.
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

/// Findings that are shown and hidden together.
struct FilterGroup {
    /// What the group is called, also in classes and in the page's address.
    name: String,
    about: &'static str,
    count: usize,
}

/// The groups that there are: the levels, worst first, and what is accepted.
fn groups(counts: Counts) -> Vec<FilterGroup> {
    let levels = LEVELS.into_iter().map(|level| FilterGroup {
        name: level.to_string(),
        about: phrases::about(level),
        count: counts.get(level),
    });
    let accepted = FilterGroup {
        name: ACCEPTED.to_owned(),
        about: ABOUT_ACCEPTED,
        count: counts.accepted,
    };
    let all = levels.chain([accepted]);
    all.filter(|group| group.count > 0).collect()
}

/// The check boxes by which groups are shown and hidden.
fn filter(counts: Counts) -> String {
    let mut html = String::from(
        "<form class=\"filter\" role=\"search\" aria-label=\"Filter\">\n\
         <fieldset>\n<legend>Show</legend>\n",
    );
    for FilterGroup { name, count, .. } in groups(counts) {
        html += &format!(
            "<label class=\"{name}\"><input type=\"checkbox\" id=\"show-{name}\" \
             value=\"{name}\" checked> {name} <b>{count}</b></label>\n"
        );
    }
    html + "</fieldset>\n<output role=\"status\"></output>\n</form>\n"
}

/// How many findings there are of each level, by each verdict.
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
    for level in LEVELS {
        if columns.iter().all(|counts| counts.get(level) == 0) {
            continue;
        }
        html += &format!("<tr><th scope=\"row\" class=\"{level}\">{level}</th>");
        for counts in &columns {
            html += &format!("<td>{}</td>", counts.get(level));
        }
        html += "</tr>\n";
    }
    let accepted = Counts::of(findings).accepted;
    if accepted > 0 {
        let rest = "<td></td>".repeat(columns.len() - 1);
        html += &format!(
            "<tr><th scope=\"row\" class=\"{ACCEPTED}\">{ACCEPTED}</th><td>{accepted}</td>{rest}</tr>\n"
        );
    }
    html + "</tbody>\n</table>\n</section>\n"
}

/// The findings by group.
fn sections(report: &Report<'_>, counts: Counts) -> String {
    let fingerprints = fingerprints(report.findings);
    let mut html = String::new();
    for group in groups(counts) {
        html += &section(report, &group, &fingerprints);
    }
    if html.is_empty() {
        html += "<p>Nothing to report.</p>\n";
    }
    html
}

fn section(report: &Report<'_>, group: &FilterGroup, fingerprints: &[String]) -> String {
    let FilterGroup { name, about, .. } = group;
    let mut html = format!(
        "<section class=\"level {name}\" aria-labelledby=\"{name}\">\n\
         <h2 id=\"{name}\">{name}</h2>\n<p class=\"about\">{about}</p>\n"
    );
    for (finding, fingerprint) in report.findings.iter().zip(fingerprints) {
        if finding::class(finding) == *name {
            html += &finding::article(report, finding, fingerprint);
        }
    }
    html + "</section>\n"
}
