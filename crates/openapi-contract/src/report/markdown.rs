//! Findings as a comment on a pull request, in the Markdown of GitHub and GitLab.
//!
//! Prose is written with character references, which are text and never markup, and words that a
//! server would turn into a mention or a link are set as code. Foreign text of several lines is
//! fenced with more backticks than it has.

use std::fmt::Write;

use super::counts::LEVELS;
use super::excerpt::{Line, excerpt};
use super::phrases::{self, ACCEPTED, VERDICTS};
use super::sanitize::{shortened, visible, visible_json};
use super::{Counts, Report};
use crate::finding::{Finding, Level, Location};

/// By this line a program finds its comment again, to replace it.
const MARK: &str = "<!-- openapi-contract -->\n";

/// GitHub refuses a comment of more than 65,536 characters; this leaves room for the last words.
const MOST: usize = 60_000;

/// The most characters of one sentence, and of a witness.
const MOST_OF_SENTENCE: usize = 400;
const MOST_OF_WITNESS: usize = 4_000;

/// A report as a table of counts, and the findings folded up below it, worst first.
pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::from(MARK);
    if !report.title.is_empty() {
        text += &format!("## {}\n\n", prose(report.title));
    }
    if report.findings.is_empty() {
        return text + "Nothing to report.\n";
    }
    text += &table(report.findings);
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| {
        let is_open = finding.accepted.is_none();
        std::cmp::Reverse((is_open, finding.level))
    });
    for (index, finding) in findings.iter().enumerate() {
        let details = details(report, finding);
        if text.len() + details.len() > MOST {
            let left = findings.len() - index;
            text += &format!("\n{left} more do not fit in a comment; see the whole report.\n");
            break;
        }
        text += &details;
    }
    text
}

/// How many findings there are of each level, by each verdict.
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
    for level in LEVELS {
        if columns.iter().all(|(_, counts)| counts.get(level) == 0) {
            continue;
        }
        text += &format!("| {} **{level}** |", sign(level));
        for (_, counts) in &columns {
            text += &format!(" {} |", counts.get(level));
        }
        text.push('\n');
    }
    let accepted = Counts::of(findings).accepted;
    if accepted > 0 {
        let rest = " |".repeat(columns.len() - 1);
        text += &format!("| {SIGN_OF_ACCEPTED} **{ACCEPTED}** | {accepted} |{rest}\n");
    }
    text
}

const SIGN_OF_ACCEPTED: &str = "☑️";

fn sign(level: Level) -> &'static str {
    match level {
        Level::Breaking => "🔴",
        Level::Undecided => "🟠",
        Level::Risky => "🟡",
        Level::Compatible => "🟢",
        Level::Editorial => "⚪",
    }
}

fn details(report: &Report<'_>, finding: &Finding) -> String {
    let mut text = String::from("\n<details>\n<summary>");
    let fact = prose(&finding.fact);
    let sign = match finding.accepted {
        Some(_) => SIGN_OF_ACCEPTED,
        None => sign(finding.level),
    };
    let standing = phrases::standing(finding);
    text += &format!("{sign} <b>{standing}</b> {fact}</summary>\n\n");
    let verdicts: Vec<String> = VERDICTS
        .iter()
        .filter(|(name, _)| *name != "level")
        .map(|(name, of)| format!("{name}: {}", of(finding)))
        .collect();
    text += &format!("`{}` · {}", finding.rule.id, verdicts.join(" · "));
    if !finding.sites.is_empty() {
        text += &format!(" · {}", code(&phrases::sites(finding)));
    }
    text += &format!("\n\n{}\n", prose(&finding.consequence));
    for location in [&finding.old, &finding.new].into_iter().flatten() {
        text += &place(report, location);
    }
    if let Some(witness) = &finding.witness {
        let [message, verdicts] = phrases::witness(witness);
        let json = visible_json(&format!("{:#}", witness.message));
        text += &format!(
            "\n**Witness:** {}\n\n{}\n",
            code(&message),
            prose(&verdicts)
        );
        text += &fenced("json", &shortened(&json, MOST_OF_WITNESS));
    }
    let (heading, what) = phrases::what_to_do(finding);
    text += &format!("\n**{heading}:** {}\n\n</details>\n", prose(what));
    text
}

fn place(report: &Report<'_>, location: &Location) -> String {
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

fn numbered(line: &Line, is_place: bool, width: usize, text: &mut String) {
    let Line {
        number,
        before,
        marked,
        after,
    } = line;
    let arrow = if is_place { '>' } else { ' ' };
    writeln!(text, "{arrow} {number:width$} | {before}{marked}{after}")
        .expect("writing to a string does not fail");
}

/// A block of code that its text cannot end.
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

/// A sentence, in which what stands between backticks is code.
fn prose(text: &str) -> String {
    let text = visible(text);
    let text = shortened(&text, MOST_OF_SENTENCE);
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

/// Whether a server may make a mention, a reference or a link of a word.
fn links(word: &str) -> bool {
    word.contains(['@', '#']) || word.contains("://") || word.to_lowercase().contains("www.")
}

/// Text as code in a line. As HTML: it holds inside of `<summary>`, where Markdown does not.
fn code(text: &str) -> String {
    format!(
        "<code>{}</code>",
        escaped(&shortened(&visible(text), MOST_OF_SENTENCE))
    )
}

/// Text in which every character that can be markup is a character reference.
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
