//! One finding on the page.

use super::escape::{lines, prose, text};
use crate::finding::{Finding, Location, Witness};
use crate::report::Report;
use crate::report::excerpt::{Line, excerpt};
use crate::report::group::FindingGroup;
use crate::report::phrases::{self, VERDICTS};
use crate::report::sanitize::shortened;

/// The number of lines before and after a location.
const CONTEXT: usize = 3;

/// The number of sites that are shown before the others are collapsed.
const MAX_SITES: usize = 3;

/// A witness with more lines is collapsed.
const MAX_LINES: usize = 24;

/// The maximum number of characters of a sentence, and of a witness; JSON has them in full.
const MAX_SENTENCE: usize = 1_000;
const MAX_WITNESS: usize = 20_000;

pub(super) fn article(report: &Report<'_>, finding: &Finding, fingerprint: &str) -> String {
    let class = FindingGroup::of(finding).name();
    let level = phrases::level(finding);
    let id = format!("finding-{fingerprint}");
    let mut html = format!(
        "<article class=\"{class}\" id=\"{id}\" aria-labelledby=\"{id}-fact\">\n\
         <p class=\"rule\"><span class=\"badge\">{level}</span> \
         <a href=\"#{id}\" title=\"{}\"><code>{}</code></a></p>\n\
         <h3 id=\"{id}-fact\">{}</h3>\n",
        text(finding.rule.about),
        finding.rule.id,
        shortened_prose(&finding.fact),
    );
    html += &sites(finding);
    html += &format!("<p>{}</p>\n", shortened_prose(&finding.consequence));
    html += &verdicts(finding);
    let locations = [&finding.old, &finding.new].into_iter().flatten();
    let excerpts: String = locations.map(|location| figure(report, location)).collect();
    if !excerpts.is_empty() {
        html += &format!("<div class=\"locations\">\n{excerpts}</div>\n");
    }
    html += &finding.witness.as_ref().map(witness).unwrap_or_default();
    let (heading, what) = phrases::what_to_do(finding);
    if !what.is_empty() {
        html += &format!(
            "<p class=\"remedy\"><b>{heading}:</b> {}</p>\n",
            shortened_prose(what)
        );
    }
    html += &format!(
        "<p class=\"id\">Id: <code>{}</code></p>\n</article>\n",
        text(&shortened(&finding.id(), MAX_SENTENCE))
    );
    html
}

fn shortened_prose(sentence: &str) -> String {
    prose(&shortened(sentence, MAX_SENTENCE))
}

fn sites(finding: &Finding) -> String {
    if finding.sites.is_empty() {
        return String::new();
    }
    let item = |site: &crate::Site| format!("<li><code>{}</code></li>\n", text(&site.to_string()));
    let (first, rest) = finding.sites.split_at(MAX_SITES.min(finding.sites.len()));
    let mut html = format!(
        "<ul class=\"sites\">\n{}</ul>\n",
        first.iter().map(item).collect::<String>()
    );
    if !rest.is_empty() {
        html += &format!(
            "<details class=\"sites\"><summary>and {} more</summary>\n<ul>\n{}</ul>\n</details>\n",
            rest.len(),
            rest.iter().map(item).collect::<String>()
        );
    }
    html
}

/// The verdicts, without the worst, which is in the badge, and the fidelity.
fn verdicts(finding: &Finding) -> String {
    let verdicts = VERDICTS.iter().filter(|(name, _)| *name != "level");
    let verdicts = verdicts.map(|(name, of)| {
        let level = of(finding);
        format!("<div><dt>{name}</dt><dd class=\"{level}\">{level}</dd></div>")
    });
    let fidelity = finding.fidelity.map(|fidelity| {
        format!("<div><dt>fidelity</dt><dd class=\"{fidelity}\">{fidelity}</dd></div>")
    });
    format!(
        "<dl class=\"verdicts\">{}</dl>\n",
        verdicts.chain(fidelity).collect::<String>()
    )
}

fn figure(report: &Report<'_>, location: &Location) -> String {
    let pointer = text(phrases::pointer(location));
    let Some(source) = report.source(location) else {
        let file = text(&location.file);
        return format!(
            "<figure><figcaption><b>{file}</b> <span>{pointer}</span></figcaption></figure>\n"
        );
    };
    let position = text(&location.to_string());
    let mut html = format!(
        "<figure><figcaption><b>{position}</b> <span>{pointer}</span></figcaption>\n\
         <div class=\"code\" dir=\"ltr\" translate=\"no\">"
    );
    for line in excerpt(source, location, CONTEXT) {
        html += &numbered(&line, line.number == location.position.line as usize);
    }
    html + "</div></figure>\n"
}

fn numbered(line: &Line, is_location: bool) -> String {
    let class = if is_location { "line here" } else { "line" };
    let marked = if line.marked.is_empty() {
        String::new()
    } else {
        format!("<mark>{}</mark>", text_in_line(&line.marked))
    };
    format!(
        "<span class=\"{class}\"><span class=\"number\">{}</span><code>{}{marked}{}</code></span>",
        line.number,
        text_in_line(&line.before),
        text_in_line(&line.after)
    )
}

/// Text of an excerpt: tabs are kept, and all other control characters are escaped.
fn text_in_line(part: &str) -> String {
    part.split('\t').map(text).collect::<Vec<_>>().join("\t")
}

fn witness(witness: &Witness) -> String {
    let [message, verdicts] = phrases::witness(witness);
    let json = format!("{:#}", witness.message);
    let json = shortened(&json, MAX_WITNESS);
    let is_open = if json.lines().count() > MAX_LINES {
        ""
    } else {
        " open"
    };
    format!(
        "<div class=\"witness\">\n<h4>Witness</h4>\n<p><code>{}</code></p>\n<p>{}</p>\n\
         <details{is_open}><summary>The whole message</summary>\n\
         <pre dir=\"ltr\" translate=\"no\"><code>{}</code></pre>\n</details>\n</div>\n",
        text(&shortened(&message, MAX_SENTENCE)),
        shortened_prose(&verdicts),
        lines(&json)
    )
}
