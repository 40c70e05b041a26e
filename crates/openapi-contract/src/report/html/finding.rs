//! One finding on the page.

use super::escape::{lines, prose, text};
use crate::finding::{Finding, Location, Witness};
use crate::report::Report;
use crate::report::excerpt::{Line, excerpt};
use crate::report::phrases::{self, ACCEPTED, VERDICTS};
use crate::report::sanitize::shortened;

/// How many lines are shown on both sides of a place.
const CONTEXT: usize = 3;

/// How many sites are shown before the others are folded up.
const SITES: usize = 3;

/// A witness of more lines is folded up.
const LINES: usize = 24;

/// The most characters of a sentence, and of a witness; machine formats have them whole.
const MOST_OF_SENTENCE: usize = 1_000;
const MOST_OF_WITNESS: usize = 20_000;

pub(super) fn article(report: &Report<'_>, finding: &Finding, fingerprint: &str) -> String {
    let class = class(finding);
    let standing = phrases::standing(finding);
    let id = format!("finding-{fingerprint}");
    let mut html = format!(
        "<article class=\"{class}\" id=\"{id}\" aria-labelledby=\"{id}-fact\">\n\
         <p class=\"rule\"><span class=\"badge\">{standing}</span> \
         <a href=\"#{id}\" title=\"{}\"><code>{}</code></a></p>\n\
         <h3 id=\"{id}-fact\">{}</h3>\n",
        text(finding.rule.about),
        finding.rule.id,
        said(&finding.fact),
    );
    html += &sites(finding);
    html += &format!("<p>{}</p>\n", said(&finding.consequence));
    html += &verdicts(finding);
    let places = [&finding.old, &finding.new].into_iter().flatten();
    let places: String = places.map(|location| place(report, location)).collect();
    if !places.is_empty() {
        html += &format!("<div class=\"places\">\n{places}</div>\n");
    }
    html += &finding.witness.as_ref().map(witness).unwrap_or_default();
    let (heading, what) = phrases::what_to_do(finding);
    html += &format!(
        "<p class=\"remedy\"><b>{heading}:</b> {}</p>\n\
         <p class=\"id\">Id: <code>{}</code></p>\n</article>\n",
        said(what),
        text(&shortened(&finding.id(), MOST_OF_SENTENCE))
    );
    html
}

/// The group that a finding is in: its level, or that it is accepted.
pub(super) fn class(finding: &Finding) -> String {
    match finding.accepted {
        Some(_) => ACCEPTED.to_owned(),
        None => finding.level.to_string(),
    }
}

fn said(sentence: &str) -> String {
    prose(&shortened(sentence, MOST_OF_SENTENCE))
}

fn sites(finding: &Finding) -> String {
    if finding.sites.is_empty() {
        return String::new();
    }
    let item = |site: &crate::Site| format!("<li><code>{}</code></li>\n", text(&site.to_string()));
    let (first, rest) = finding.sites.split_at(SITES.min(finding.sites.len()));
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

/// Each verdict but the worst, which the badge has.
fn verdicts(finding: &Finding) -> String {
    let verdicts = VERDICTS.iter().filter(|(name, _)| *name != "level");
    let verdicts = verdicts.map(|(name, of)| {
        let level = of(finding);
        format!("<div><dt>{name}</dt><dd class=\"{level}\">{level}</dd></div>")
    });
    format!(
        "<dl class=\"verdicts\">{}</dl>\n",
        verdicts.collect::<String>()
    )
}

fn place(report: &Report<'_>, location: &Location) -> String {
    let pointer = text(phrases::pointer(location));
    let Some(source) = report.source(location) else {
        let file = text(&location.file);
        return format!(
            "<figure><figcaption><b>{file}</b> <span>{pointer}</span></figcaption></figure>\n"
        );
    };
    let place = text(&location.to_string());
    let mut html = format!(
        "<figure><figcaption><b>{place}</b> <span>{pointer}</span></figcaption>\n\
         <div class=\"code\" dir=\"ltr\" translate=\"no\">"
    );
    for line in excerpt(source, location, CONTEXT) {
        html += &numbered(&line, line.number == location.position.line as usize);
    }
    html + "</div></figure>\n"
}

fn numbered(line: &Line, is_place: bool) -> String {
    let class = if is_place { "line here" } else { "line" };
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

/// Text of an excerpt, in which tabs are kept and nothing else acts.
fn text_in_line(part: &str) -> String {
    part.split('\t').map(text).collect::<Vec<_>>().join("\t")
}

fn witness(witness: &Witness) -> String {
    let [message, verdicts] = phrases::witness(witness);
    let json = format!("{:#}", witness.message);
    let json = shortened(&json, MOST_OF_WITNESS);
    let is_open = if json.lines().count() > LINES {
        ""
    } else {
        " open"
    };
    format!(
        "<div class=\"witness\">\n<h4>Witness</h4>\n<p><code>{}</code></p>\n<p>{}</p>\n\
         <details{is_open}><summary>The whole message</summary>\n\
         <pre dir=\"ltr\" translate=\"no\"><code>{}</code></pre>\n</details>\n</div>\n",
        text(&shortened(&message, MOST_OF_SENTENCE)),
        said(&verdicts),
        lines(&json)
    )
}
