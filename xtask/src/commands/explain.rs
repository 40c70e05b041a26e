//! `explain`: what the findings of a rule mean, who breaks, and what to do.

use std::fmt::Write;

use anyhow::{Result, bail};
use clap::builder::styling::Style as Ansi;
use client_codegen::{PASS_PAGES, Pass};
use openapi_contract::explain::{explain, nearest};
use openapi_contract::rules;

use crate::output::{Output, Status};

/// The heading of the passes in the list.
const PASSES: &str = "Lowering: what the client does otherwise";

/// Explains a rule, or lists all rules.
pub(crate) fn run(id: Option<&str>, output: &mut Output) -> Result<Status> {
    let Some(id) = id else {
        let text = list(output)?;
        output.report(&text)?;
        return Ok(Status::Clean);
    };
    if let Some(pass) = Pass::named(id) {
        let looks = pass.example()?;
        let looks: String = looks.iter().map(|rewrite| format!("{rewrite}\n")).collect();
        let text = shown(pass.page, &looks, output);
        output.report(&text)?;
        return Ok(Status::Clean);
    }
    let Some(explanation) = explain(id) else {
        let offers: Vec<String> = nearest(id).iter().map(|id| format!("`{id}`")).collect();
        match &offers[..] {
            [] => bail!("there is no rule or pass `{id}`; `cargo xtask explain` lists all"),
            offers => bail!(
                "there is no rule `{id}`; did you mean {}?",
                offers.join(" or ")
            ),
        }
    };
    let report = explanation.report(&[], output.style());
    let text = shown(explanation.rule.page, &report, output);
    output.report(&text)?;
    Ok(Status::Clean)
}

/// A page, with what it looks like when it is met.
fn shown(page: &str, looks: &str, output: &Output) -> String {
    if output.style().colour {
        for_a_terminal(page, looks, output)
    } else {
        in_markdown(page, looks)
    }
}

/// All rules by what they are about, and the passes.
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
    writeln!(text, "\n{}", heading(PASSES, output))?;
    for pass in PASS_PAGES {
        writeln!(text, "  {:width$}  {}", pass.name, pass.about())?;
    }
    Ok(text)
}

/// The page as it is, with what it looks like at the end.
fn in_markdown(page: &str, looks: &str) -> String {
    match looks {
        "" => page.to_owned(),
        _ => format!("{page}\n## What it looks like\n\n```text\n{looks}```\n"),
    }
}

/// The page without the marks of Markdown that colour and indentation take the place of.
fn for_a_terminal(page: &str, looks: &str, output: &Output) -> String {
    let mut text = String::new();
    let mut is_code = false;
    for line in page.lines() {
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
    if looks.is_empty() {
        return text;
    }
    text + "\n" + &heading("What it looks like", output) + "\n\n" + looks
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
        let rules = rules::ALL.iter().map(|rule| rule.id);
        assert!(ids.eq(rules.chain(PASS_PAGES.iter().map(|pass| pass.name))));
    }

    #[test]
    fn a_page_ends_with_its_finding() {
        let explanation = explain("enum-value-added").expect("there is such a rule");
        let report = explanation.report(&[], nowhere().style());
        let text = in_markdown(explanation.rule.page, &report);
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
