//! Findings as annotations of a pull request on GitHub
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

use std::fmt::Write;

use crate::finding::{Finding, Level};

/// One workflow command for each finding above `docs`.
pub fn github(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let command = match finding.level {
            Level::Breaking => "error",
            Level::Undecided | Level::Risky => "warning",
            Level::Compatible => "notice",
            Level::Docs => continue,
        };
        let place = finding.old.as_ref().or(finding.new.as_ref());
        let place = place.map_or_else(String::new, |location| {
            let file = property(&location.file);
            let position = location.position;
            format!(
                "file={file},line={},col={},",
                position.line, position.column
            )
        });
        let title = format!("{} ({})", finding.rule.id, finding.level);
        let sentences = format!(
            "{}. {} {}",
            finding.fact, finding.consequence, finding.remedy
        );
        writeln!(
            text,
            "::{command} {place}title={}::{}",
            property(&title),
            data(&sentences)
        )
        .expect("writing to a string does not fail");
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
