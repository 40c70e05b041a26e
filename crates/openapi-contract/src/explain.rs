//! What a rule means, who it is about, and what to do: the pages in `rules/`, one for each rule.
//!
//! Each page has an example, and the example is played by the engine itself, so that readers see
//! the finding as they will meet it.

use crate::accepted::AcceptedChanges;
use crate::bump;
use crate::compare::{Relation, compare_on};
use crate::document::{Document, Source};
use crate::finding::Finding;
use crate::lint::lint;
use crate::model::Contract;
use crate::report::{self, TextStyle};
use crate::rules::{self, Rule};

/// The day on which the examples play: sunsets before it have come.
const TODAY: &str = "2027-01-01";

/// The version that the contracts of the examples come to.
const VERSION: &str = "2.0.0";

/// The page of a rule, in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The rule.
    pub rule: Rule,
    /// The whole page, in Markdown.
    pub page: &'static str,
    /// What a finding means.
    pub about: &'static str,
    /// Why it matters: who breaks, and who does not.
    pub body: &'static str,
    /// What makes the rule find something.
    pub example: Example,
    /// What to do.
    pub remedy: &'static str,
}

/// The two blocks of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What they are.
    pub kind: ExampleKind,
    /// The old version; or what is wrong.
    pub old: &'static str,
    /// The new version; or what is right.
    pub new: &'static str,
}

/// What the two blocks of an example are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleKind {
    /// Two versions of a contract: the finding is about the change.
    Versions,
    /// A released contract, and the one that is to follow it: the finding is about its version.
    Release,
    /// A contract with a mistake, and the same without it.
    Contract,
    /// A file of accepted changes with a mistake, and the same without it.
    AcceptedChanges,
}

/// What the engine finds in an example.
#[derive(Debug)]
pub struct Played {
    /// All findings: of the comparison, or of what is wrong.
    pub findings: Vec<Finding>,
    sources: Vec<Source>,
}

/// Explains the rule with this id, if there is one.
pub fn explain(id: &str) -> Option<Explanation> {
    let mut pages = rules::ALL.iter().zip(rules::PAGES);
    let (&rule, page) = pages.find(|(rule, _)| rule.id == id)?;
    parts(rule, page)
}

/// The ids that come closest to one that is no rule's, best first.
pub fn nearest(id: &str) -> Vec<&'static str> {
    const LEAST: f64 = 0.8;
    const MOST: usize = 3;
    let id = id.to_ascii_lowercase().replace(['_', ' '], "-");
    let closeness = |rule: &Rule| {
        let similarity = strsim::jaro_winkler(&id, rule.id);
        // Who knows a word of it means one of those that have it.
        let has_it = id.len() > 2 && rule.id.contains(&id);
        (similarity + f64::from(u8::from(has_it)), rule.id)
    };
    let mut found: Vec<(f64, &str)> = rules::ALL.iter().map(closeness).collect();
    found.retain(|(closeness, _)| *closeness >= LEAST);
    found.sort_by(|left, right| right.0.total_cmp(&left.0));
    found.into_iter().take(MOST).map(|(_, id)| id).collect()
}

impl Explanation {
    /// Lets all rules look at the example: at both blocks, and at the change from one to the other.
    pub fn play(&self) -> Played {
        let Example { kind, old, new } = self.example;
        let names = match kind {
            ExampleKind::Versions => ["old.yaml", "new.yaml"],
            ExampleKind::Release => ["released.yaml", "new.yaml"],
            ExampleKind::Contract => ["example.yaml", "instead.yaml"],
            ExampleKind::AcceptedChanges => ["accepted-changes.toml", "instead.toml"],
        };
        match kind {
            ExampleKind::Versions | ExampleKind::Release | ExampleKind::Contract => {
                play_contracts(kind, names, [whole(old), whole(new)])
            }
            ExampleKind::AcceptedChanges => {
                play_accepted_changes(names, [old.to_owned(), new.to_owned()])
            }
        }
    }

    /// The finding that the page is about, as it is reported.
    pub fn report(&self, style: TextStyle) -> String {
        let played = self.play();
        let is_of_rule = |finding: &&Finding| finding.rule == self.rule;
        let finding = played.findings.iter().find(is_of_rule);
        let sources: Vec<&Source> = played.sources.iter().collect();
        report::text(finding.map_or(&[], std::slice::from_ref), &sources, style)
    }
}

fn play_contracts(kind: ExampleKind, names: [&str; 2], texts: [String; 2]) -> Played {
    let mut findings = Vec::new();
    let mut contracts = Vec::new();
    for (name, text) in names.into_iter().zip(&texts) {
        let document = match Document::parse(name, text.clone()) {
            Ok(document) => document,
            Err(error) => {
                findings.extend(Finding::from_load_error(&error));
                continue;
            }
        };
        match Contract::read(document) {
            Ok(contract) => {
                findings.extend(lint(&contract));
                contracts.push(contract);
            }
            Err(invalid) => findings.extend(invalid.findings),
        }
    }
    if let [old, new] = &contracts[..] {
        let changes = compare_on(old, new, Relation::Evolution, Some(TODAY));
        // Other examples are too short for a version of their own.
        if kind == ExampleKind::Release {
            findings.extend(bump::too_small(old, new, &changes));
        }
        findings.extend(changes);
    }
    Played::new(findings, names, texts)
}

fn play_accepted_changes(names: [&str; 2], texts: [String; 2]) -> Played {
    let mut findings = Vec::new();
    for (name, text) in names.into_iter().zip(&texts) {
        findings.extend(match AcceptedChanges::parse(name, text.clone()) {
            Ok(accepted) => accepted.mark(&mut [], VERSION),
            Err(no_accepted_changes) => no_accepted_changes.findings,
        });
    }
    Played::new(findings, names, texts)
}

impl Played {
    fn new(findings: Vec<Finding>, names: [&str; 2], texts: [String; 2]) -> Self {
        let sources = names.into_iter().zip(texts);
        Self {
            findings,
            sources: sources
                .map(|(name, text)| Source::new(name, text))
                .collect(),
        }
    }
}

/// A whole document. What each one has stands at the end, so that lines keep their numbers.
fn whole(block: &str) -> String {
    let mut text = block.to_owned();
    for (member, line) in [
        ("openapi:", "openapi: 3.0.3\n"),
        ("info:", "info: {title: Media API, version: 1.0.0}\n"),
    ] {
        if !block.lines().any(|written| written.starts_with(member)) {
            text += line;
        }
    }
    text
}

/// Takes a page apart; nothing where it lacks a part.
fn parts(rule: Rule, page: &'static str) -> Option<Explanation> {
    let (heading, rest) = page.split_once("\n\n")?;
    if heading.strip_prefix("# ") != Some(rule.id) {
        return None;
    }
    let mut sections = rest.split("\n## ");
    let (about, body) = sections.next()?.split_once("\n\n")?;
    let mut section = || sections.next()?.split_once("\n\n");
    let (old, new, remedy) = (section()?, section()?, section()?);
    let is_all = sections.next().is_none() && remedy.0 == "What to do";
    let ((old_language, old_text), (new_language, new_text)) = (block(old.1)?, block(new.1)?);
    let kind = match (old.0, new.0, old_language) {
        ("Old", "New", "yaml") => ExampleKind::Versions,
        ("Released", "New", "yaml") => ExampleKind::Release,
        ("Example", "Instead", "yaml") => ExampleKind::Contract,
        ("Example", "Instead", "toml") => ExampleKind::AcceptedChanges,
        _ => return None,
    };
    (is_all && old_language == new_language).then(|| Explanation {
        rule,
        page,
        about: about.trim(),
        body: body.trim(),
        example: Example {
            kind,
            old: old_text,
            new: new_text,
        },
        remedy: remedy.1.trim(),
    })
}

/// The language and the text of a fenced block.
fn block(section: &'static str) -> Option<(&'static str, &'static str)> {
    let inner = section.trim().strip_prefix("```")?.strip_suffix("```")?;
    inner.split_once('\n')
}
