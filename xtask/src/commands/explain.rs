//! `explain`: what the findings of a rule mean, who breaks, and what to do.

use std::fmt::Write;

use anyhow::{Result, bail};
use clap::builder::styling::Style as Ansi;
use client_codegen::explain::example_report;
use openapi_contract::explain::{Explanation, explain};
use openapi_contract::lint::RuleSet;
use openapi_contract::rules::{self, Rule};

use crate::output::{Output, Status};

/// The lint rules of the generator.
const GENERATOR_RULES: &[&RuleSet] = &[&client_codegen::lint::RULES];

/// Explains a rule, or lists all rules.
pub(crate) fn run(id: Option<&str>, output: &mut Output) -> Result<Status> {
    let Some(id) = id else {
        let text = list(output)?;
        output.report(&text)?;
        return Ok(Status::Clean);
    };
    if let Some(pass) = pass(id) {
        let looks = example_report(pass, output.style())?;
        let text = shown(pass.page, &looks, output);
        output.report(&text)?;
        return Ok(Status::Clean);
    }
    let Some(explanation) = explain(id).or_else(|| explain_generator_rule(id)) else {
        let offers = rules::nearest(id, all_rules());
        let offers: Vec<String> = offers.iter().map(|id| format!("`{id}`")).collect();
        match &offers[..] {
            [] => bail!("there is no rule or pass `{id}`; `cargo xtask explain` lists all"),
            offers => bail!(
                "there is no rule `{id}`; did you mean {}?",
                offers.join(" or ")
            ),
        }
    };
    let report = explanation.report(GENERATOR_RULES, output.style());
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

/// Explains a lint rule of the generator.
fn explain_generator_rule(id: &str) -> Option<Explanation> {
    let mut rules = client_codegen::rules::ALL.iter();
    Explanation::new(*rules.find(|rule| rule.id == id)?)
}

/// The rule of a pass of the generator, whose page is not that of a lint rule.
fn pass(id: &str) -> Option<Rule> {
    let mut rules = client_codegen::rules::ALL.iter();
    let rule = rules.find(|rule| rule.id == id)?;
    Explanation::new(*rule).is_none().then_some(*rule)
}

/// The rules of the engine and of the generator.
fn all_rules() -> impl Iterator<Item = Rule> {
    let rules = rules::ALL.iter().chain(client_codegen::rules::ALL);
    rules.copied()
}

/// All rules by topic.
fn list(output: &Output) -> Result<String> {
    let width = all_rules().map(|rule| rule.id.len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for (group, rules) in rules::GROUPS.iter().chain(client_codegen::rules::GROUPS) {
        let gap = if text.is_empty() { "" } else { "\n" };
        writeln!(text, "{gap}{}", heading(group, output))?;
        for rule in *rules {
            writeln!(text, "  {:width$}  {}", rule.id, rule.about)?;
        }
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
        assert!(ids.eq(all_rules().map(|rule| rule.id)));
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
