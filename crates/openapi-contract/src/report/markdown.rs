//! Findings as a comment on a pull request, in the Markdown of GitHub and GitLab.
//!
//! In prose, punctuation is written as character references, which are never markup, and words that a
//! server would turn into a mention or a link are written as code. Text from contracts with several
//! lines is fenced with more backticks than it contains.

use std::fmt::Write;

use super::excerpt::{Line, excerpt};
use super::group::FindingGroup;
use super::phrases::{self, VERDICTS};
use super::sanitize::{shortened, visible, visible_json};
use super::{Counts, Report};
use crate::finding::{Finding, Location};

/// Marks the comment, so that a program can find and replace it.
const MARKER: &str = "<!-- openapi-contract -->\n";

/// GitHub rejects comments of more than 65,536 characters; this leaves room for the last line.
const MAX_COMMENT: usize = 60_000;

/// The maximum number of characters of a sentence, and of a witness.
const MAX_SENTENCE: usize = 400;
const MAX_WITNESS: usize = 4_000;

/// A report as a table of counts, followed by the collapsed findings, worst first.
pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::from(MARKER);
    if !report.title.is_empty() {
        text += &format!("## {}\n\n", prose(report.title));
    }
    if report.findings.is_empty() {
        return text + "Nothing to report.\n";
    }
    text += &table(report.findings);
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| {
        let group = FindingGroup::of(finding);
        FindingGroup::ALL.iter().position(|&other| other == group)
    });
    for (index, finding) in findings.iter().enumerate() {
        let details = details(report, finding);
        if text.len() + details.len() > MAX_COMMENT {
            let left = findings.len() - index;
            text += &format!("\n{left} more do not fit in a comment; see the whole report.\n");
            break;
        }
        text += &details;
    }
    text
}

/// The number of findings of each group, by each verdict.
fn table(findings: &[Finding]) -> String {
    let columns: Vec<(&str, Counts)> = VERDICTS
        .iter()
        .map(|(name, of)| (*name, Counts::by(findings, *of)))
        .collect();
    let mut text = String::from("| |");
    for (name, _) in &columns {
        let name = if *name == "level" { "findings" } else { name };
        text += &format!(" {name} |");
    }
    text += "\n| :-- |";
    text += &" --: |".repeat(columns.len());
    text.push('\n');
    for group in FindingGroup::ALL {
        if columns
            .iter()
            .all(|(_, counts)| counts.of_group(group) == 0)
        {
            continue;
        }
        text += &format!("| {} **{}** |", group.symbol(), group.name());
        for (index, (_, counts)) in columns.iter().enumerate() {
            // The other groups are the same by each verdict.
            if index == 0 || matches!(group, FindingGroup::Level(_)) {
                text += &format!(" {}", counts.of_group(group));
            }
            text += " |";
        }
        text.push('\n');
    }
    text
}

fn details(report: &Report<'_>, finding: &Finding) -> String {
    let mut text = String::from("\n<details>\n<summary>");
    let fact = prose(&finding.fact);
    let symbol = FindingGroup::of(finding).symbol();
    let level = phrases::level(finding);
    text += &format!("{symbol} <b>{level}</b> {fact}</summary>\n\n");
    let verdicts = VERDICTS.iter().filter(|(name, _)| *name != "level");
    let verdicts = verdicts.map(|(name, of)| format!("{name}: {}", of(finding)));
    let fidelity = finding
        .fidelity
        .map(|fidelity| format!("fidelity: {fidelity}"));
    let verdicts: Vec<String> = verdicts.chain(fidelity).collect();
    text += &format!("`{}` · {}", finding.rule.id, verdicts.join(" · "));
    if !finding.sites.is_empty() {
        text += &format!(" · {}", code(&phrases::sites(finding)));
    }
    text += &format!("\n\n{}\n", prose(&finding.consequence));
    for location in [&finding.old, &finding.new].into_iter().flatten() {
        text += &excerpt_of(report, location);
    }
    if let Some(witness) = &finding.witness {
        let [message, verdicts] = phrases::witness(witness);
        let json = visible_json(&format!("{:#}", witness.message));
        text += &format!(
            "\n**Witness:** {}\n\n{}\n",
            code(&message),
            prose(&verdicts)
        );
        text += &fenced("json", &shortened(&json, MAX_WITNESS));
    }
    let (heading, what) = phrases::what_to_do(finding);
    if !what.is_empty() {
        text += &format!("\n**{heading}:** {}\n", prose(what));
    }
    text += "\n</details>\n";
    text
}

fn excerpt_of(report: &Report<'_>, location: &Location) -> String {
    let pointer = phrases::pointer(location);
    let Some(source) = report.source(location) else {
        return format!("\n{} at {}\n", code(&location.file), code(pointer));
    };
    let lines = excerpt(source, location, 2);
    let width = lines.last().map_or(0, |line| line.number.to_string().len());
    let mut text = String::new();
    for line in &lines {
        numbered(
            line,
            line.number == location.position.line as usize,
            width,
            &mut text,
        );
    }
    format!(
        "\n{} at {}\n{}",
        code(&location.to_string()),
        code(pointer),
        fenced("text", &text)
    )
}

fn numbered(line: &Line, is_location: bool, width: usize, text: &mut String) {
    let Line {
        number,
        before,
        marked,
        after,
    } = line;
    let arrow = if is_location { '>' } else { ' ' };
    writeln!(text, "{arrow} {number:width$} | {before}{marked}{after}")
        .expect("writing to a string does not fail");
}

/// A code block with a fence that its text does not contain.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!(
        "\n{fence}{language}\n{}\n{fence}\n",
        text.trim_end_matches('\n')
    )
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|character| character != '`').map(str::len);
    runs.max().unwrap_or_default()
}

/// A sentence in which text between backticks is code.
fn prose(text: &str) -> String {
    let text = visible(text);
    let text = shortened(&text, MAX_SENTENCE);
    let parts: Vec<&str> = text.split('`').collect();
    let mut written = String::new();
    for (index, part) in parts.iter().enumerate() {
        let is_closed = index + 1 < parts.len();
        if index % 2 == 1 && is_closed {
            written += &code(part);
            continue;
        }
        if index % 2 == 1 {
            written += &escaped("`");
        }
        let words = part.split(' ').map(|word| {
            if links(word) {
                code(word)
            } else {
                escaped(word)
            }
        });
        written += &words.collect::<Vec<_>>().join(" ");
    }
    written
}

/// Whether a server may turn a word into a mention, a reference or a link.
fn links(word: &str) -> bool {
    word.contains(['@', '#']) || word.contains("://") || word.to_lowercase().contains("www.")
}

/// Text as inline code, in HTML: Markdown has no effect inside `<summary>`.
fn code(text: &str) -> String {
    format!(
        "<code>{}</code>",
        escaped(&shortened(&visible(text), MAX_SENTENCE))
    )
}

/// Text in which all characters that can be markup are character references.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' ' | '.' | ',' | '(' | ')' | '/' | '\'' | '?' | '$' | '%' | '-' => {
                written.push(character)
            }
            _ if character.is_ascii_punctuation() => {
                written += &format!("&#{};", u32::from(character));
            }
            _ => written.push(character),
        }
    }
    written
}
