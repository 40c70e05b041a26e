//! `explain`: what a finding means, who it breaks, and what to do.

use std::fmt::Write;

use anyhow::{Result, bail};
use clap::builder::styling::Style as Ansi;
use openapi_contract::explain::{Explanation, explain, nearest};
use openapi_contract::rules;

use crate::output::{Output, Status};

/// Explains a rule, or lists all of them.
pub(crate) fn run(id: Option<&str>, output: &mut Output) -> Result<Status> {
    let Some(id) = id else {
        let text = list(output)?;
        output.report(&text)?;
        return Ok(Status::Clean);
    };
    let Some(explanation) = explain(id) else {
        let offers: Vec<String> = nearest(id).iter().map(|id| format!("`{id}`")).collect();
        match &offers[..] {
            [] => bail!("there is no rule `{id}`; `cargo xtask explain` lists all"),
            offers => bail!(
                "there is no rule `{id}`; did you mean {}?",
                offers.join(" or ")
            ),
        }
    };
    let text = if output.style().colour {
        for_a_terminal(&explanation, output)
    } else {
        in_markdown(&explanation, output)
    };
    output.report(&text)?;
    Ok(Status::Clean)
}

/// All rules by what they are about.
fn list(output: &Output) -> Result<String> {
    let width = rules::ALL.iter().map(|rule| rule.id.len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for (group, rules) in rules::GROUPS {
        let gap = if text.is_empty() { "" } else { "\n" };
        writeln!(text, "{gap}{}", heading(group, output))?;
        for rule in *rules {
            writeln!(text, "  {:width$}  {}", rule.id, rule.about)?;
        }
    }
    Ok(text)
}

/// The page as it is, with its finding at the end.
fn in_markdown(explanation: &Explanation, output: &Output) -> String {
    let (page, report) = (explanation.page, explanation.report(output.style()));
    format!("{page}\n## What it looks like\n\n```text\n{report}```\n")
}

/// The page without the marks of Markdown that colour and indentation take the place of.
fn for_a_terminal(explanation: &Explanation, output: &Output) -> String {
    let mut text = String::new();
    let mut is_code = false;
    for line in explanation.page.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
            continue;
        }
        let line = match line.trim_start_matches('#').strip_prefix(' ') {
            _ if is_code => format!("    {line}"),
            Some(title) if line.starts_with('#') => heading(title, output),
            _ => line.to_owned(),
        };
        text += &line;
        text.push('\n');
    }
    let report = explanation.report(output.style());
    text + "\n" + &heading("What it looks like", output) + "\n\n" + &report
}

fn heading(title: &str, output: &Output) -> String {
    if output.style().colour {
        let bold = Ansi::new().bold();
        format!("{bold}{title}{bold:#}")
    } else {
        title.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn nowhere() -> Output {
        Output::plain(io::sink(), io::sink())
    }

    #[test]
    fn every_rule_is_listed() {
        let text = list(&nowhere()).expect("a string can be written to");
        let listed = text.lines().filter_map(|line| line.strip_prefix("  "));
        let ids = listed.filter_map(|line| line.split(' ').next());
        assert!(ids.eq(rules::ALL.iter().map(|rule| rule.id)));
    }

    #[test]
    fn a_page_ends_with_its_finding() {
        let explanation = explain("enum-value-added").expect("there is such a rule");
        let text = in_markdown(&explanation, &nowhere());
        assert!(text.starts_with("# enum-value-added\n"));
        let (_, last) = text
            .split_once("## What it looks like")
            .expect("it has one");
        assert!(last.contains("breaking[enum-value-added]"), "{last}");
    }

    #[test]
    fn an_unknown_id_is_answered_with_its_neighbours() {
        let error = run(Some("enum-value-ad"), &mut nowhere()).expect_err("there is no such rule");
        let text = error.to_string();
        assert!(text.contains("did you mean `enum-value-added`"), "{text}");
    }
}
