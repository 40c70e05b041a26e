//! `explain`: what the findings of a rule mean, who breaks, and what to do.

use std::fmt::Write;

use anyhow::{Result, bail};
use clap::builder::styling::Style as AnsiStyle;
use client_codegen::explain::example_report;
use openapi_contract::explain::Explanation;
use openapi_contract::rules::{self, Rule};

use crate::output::{Output, Status};

/// Explains a rule, or lists all rules.
pub(crate) fn run(id: Option<&str>, output: &mut Output) -> Result<Status> {
    let Some(id) = id else {
        let text = list(output)?;
        output.report(&text)?;
        return Ok(Status::Clean);
    };
    let Some(rule) = all().find(|rule| rule.id == id) else {
        let similar = rules::nearest(id, all());
        let similar: Vec<String> = similar.iter().map(|id| format!("`{id}`")).collect();
        match &similar[..] {
            [] => bail!("there is no rule `{id}`; run `cargo xtask explain` to list all rules"),
            similar => bail!(
                "there is no rule `{id}`; did you mean {}?",
                similar.join(" or ")
            ),
        }
    };
    let example = match Explanation::new(rule) {
        Some(explanation) => explanation.report(&[&client_codegen::lint::RULES], output.style()),
        // The pages about fidelity have other sections.
        None => example_report(rule, output.style())?,
    };
    let text = page(rule.page, &example, output);
    output.report(&text)?;
    Ok(Status::Clean)
}

/// The rules of the engine and of the generator, by topic.
fn groups() -> impl Iterator<Item = (&'static str, &'static [Rule])> {
    let groups = [rules::GROUPS, client_codegen::rules::GROUPS];
    groups.into_iter().flatten().copied()
}

/// All rules, in the order of the list.
fn all() -> impl Iterator<Item = Rule> {
    groups().flat_map(|(_, rules)| rules.iter().copied())
}

/// A page with the finding in its example: styled on a terminal, otherwise as Markdown.
fn page(page: &str, example: &str, output: &Output) -> String {
    if output.style().colour {
        styled(page, example, output)
    } else {
        markdown(page, example)
    }
}

/// Lists all rules by topic.
fn list(output: &Output) -> Result<String> {
    let width = all().map(|rule| rule.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (group, rules) in groups() {
        let gap = if text.is_empty() { "" } else { "\n" };
        writeln!(text, "{gap}{}", heading(group, output))?;
        for rule in rules {
            writeln!(text, "  {:width$}  {}", rule.id, rule.about)?;
        }
    }
    Ok(text)
}

/// Appends the finding to the Markdown of the page.
fn markdown(page: &str, example: &str) -> String {
    match example {
        "" => page.to_owned(),
        _ => format!("{page}\n## Finding\n\n```text\n{example}```\n"),
    }
}

/// Replaces the syntax of Markdown by colour and indentation.
fn styled(page: &str, example: &str, output: &Output) -> String {
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
    if example.is_empty() {
        return text;
    }
    text + "\n" + &heading("Finding", output) + "\n\n" + example
}

fn heading(title: &str, output: &Output) -> String {
    if output.style().colour {
        let bold = AnsiStyle::new().bold();
        format!("{bold}{title}{bold:#}")
    } else {
        title.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn discarded() -> Output {
        Output::plain(io::sink(), io::sink())
    }

    #[test]
    fn every_rule_is_listed() {
        let text = list(&discarded()).expect("writing to a string cannot fail");
        let listed = text.lines().filter_map(|line| line.strip_prefix("  "));
        let ids = listed.filter_map(|line| line.split(' ').next());
        let all = rules::ALL.iter().chain(client_codegen::rules::ALL);
        assert!(ids.eq(all.map(|rule| rule.id)));
    }

    #[test]
    fn every_rule_is_explained() {
        for rule in all() {
            run(Some(rule.id), &mut discarded()).expect(rule.id);
        }
    }

    #[test]
    fn page_ends_with_its_finding() {
        let rule = rules::ENUM_VALUE_ADDED;
        let explanation = Explanation::new(rule).expect("a page with all sections");
        let text = markdown(rule.page, &explanation.report(&[], discarded().style()));
        assert!(text.starts_with("# enum-value-added\n"));
        let (_, finding) = text.split_once("## Finding").expect("a finding");
        assert!(finding.contains("breaking[enum-value-added]"), "{finding}");
    }

    #[test]
    fn unknown_id_is_rejected_with_similar_ones() {
        for (id, similar) in [
            ("enum-value-ad", "enum-value-added"),
            ("parameter-style", "parameter-styles"),
        ] {
            let error = run(Some(id), &mut discarded()).expect_err("there is no such rule");
            let text = error.to_string();
            assert!(
                text.contains(&format!("did you mean `{similar}`")),
                "{text}"
            );
        }
    }
}
