//! Explanations of rules: the pages in `rules/`, with examples that the engine runs itself, so that
//! readers see the finding as it is reported.

use crate::accepted::AcceptedChanges;
use crate::bump;
use crate::compare::{Relation, compare_on};
use crate::document::{Document, Source};
use crate::finding::Finding;
use crate::lint::{RuleSet, lint};
use crate::model::Contract;
use crate::report::{self, TextStyle};
use crate::rules::{self, CodeBlock, Page, Rule};

/// The date on which the examples are compared: sunset dates before it have passed.
const TODAY: &str = "2027-01-01";

/// The version of the new contract in examples of accepted changes.
const VERSION: &str = "2.0.0";

/// The page of a rule, in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The rule.
    pub rule: Rule,
    /// What a finding means.
    pub about: &'static str,
    /// Why it matters, and whom it affects.
    pub body: &'static str,
    /// An example in which the rule reports a finding.
    pub example: Example,
    /// What to do.
    pub remedy: &'static str,
}

/// The two code blocks of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What the blocks contain.
    pub kind: ExampleKind,
    /// The old version, or the version with the mistake.
    pub old: CodeBlock,
    /// The new version, or the version without the mistake.
    pub new: CodeBlock,
}

/// What the two code blocks of an example contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleKind {
    /// Two versions of a contract: the finding is about the change.
    Versions,
    /// A released contract and the next one: the finding is about its version.
    Release,
    /// A contract with a mistake, and the corrected contract.
    Contract,
    /// A file of accepted changes with a mistake, and the corrected file.
    AcceptedChanges,
}

/// The findings in an example.
#[derive(Debug)]
pub struct ExampleResult {
    /// All findings of all rules.
    pub findings: Vec<Finding>,
    sources: Vec<Source>,
}

/// Explains the engine's rule with this id, if there is one.
pub fn explain(id: &str) -> Option<Explanation> {
    let rule = rules::ALL.iter().find(|rule| rule.id == id)?;
    Explanation::new(*rule)
}

impl Explanation {
    /// Explains a rule by its page; `None` if the page lacks a section.
    pub fn new(rule: Rule) -> Option<Self> {
        let page = Page::parse(rule.page).ok()?;
        let &[(first, _), (second, _), ("What to do", remedy)] = page.sections() else {
            return None;
        };
        let (old, new) = (page.code(first)?, page.code(second)?);
        let kind = match (first, second, old.language) {
            ("Old", "New", "yaml") => ExampleKind::Versions,
            ("Released", "New", "yaml") => ExampleKind::Release,
            ("Example", "Instead", "yaml") => ExampleKind::Contract,
            ("Example", "Instead", "toml") => ExampleKind::AcceptedChanges,
            _ => return None,
        };
        (page.title == rule.id && old.language == new.language).then_some(Self {
            rule,
            about: page.summary,
            body: page.body,
            example: Example { kind, old, new },
            remedy,
        })
    }

    /// Runs all rules, and the given ones, on the example: on both blocks, and on the change from one to
    /// the other.
    pub fn run(&self, further: &[&RuleSet]) -> ExampleResult {
        let Example { kind, old, new } = self.example;
        let names = match kind {
            ExampleKind::Versions => ["old.yaml", "new.yaml"],
            ExampleKind::Release => ["released.yaml", "new.yaml"],
            ExampleKind::Contract => ["example.yaml", "instead.yaml"],
            ExampleKind::AcceptedChanges => ["accepted-changes.toml", "instead.toml"],
        };
        match kind {
            ExampleKind::Versions | ExampleKind::Release | ExampleKind::Contract => {
                run_contracts(kind, names, [old.contract(), new.contract()], further)
            }
            ExampleKind::AcceptedChanges => {
                run_accepted_changes(names, [old.text.to_owned(), new.text.to_owned()])
            }
        }
    }

    /// The finding of this rule in the example, as it is reported. `further` are the rules to run in
    /// addition to those of the engine.
    pub fn report(&self, further: &[&RuleSet], style: TextStyle) -> String {
        let result = self.run(further);
        let is_of_rule = |finding: &&Finding| finding.rule == self.rule;
        let finding = result.findings.iter().find(is_of_rule);
        let sources: Vec<&Source> = result.sources.iter().collect();
        report::text(finding.map_or(&[], std::slice::from_ref), &sources, style)
    }
}

fn run_contracts(
    kind: ExampleKind,
    names: [&str; 2],
    texts: [String; 2],
    further: &[&RuleSet],
) -> ExampleResult {
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
                findings.extend(lint(&contract, further));
                contracts.push(contract);
            }
            Err(invalid) => findings.extend(invalid.findings),
        }
    }
    if let [old, new] = &contracts[..] {
        let changes = compare_on(old, new, Relation::Evolution, Some(TODAY));
        // The versions of other examples do not matter.
        if kind == ExampleKind::Release {
            findings.extend(bump::too_small(old, new, &changes));
        }
        findings.extend(changes);
    }
    ExampleResult::new(findings, names, texts)
}

fn run_accepted_changes(names: [&str; 2], texts: [String; 2]) -> ExampleResult {
    let mut findings = Vec::new();
    for (name, text) in names.into_iter().zip(&texts) {
        findings.extend(match AcceptedChanges::parse(name, text.clone()) {
            Ok(accepted) => accepted.mark(&mut [], VERSION),
            Err(invalid) => invalid.findings,
        });
    }
    ExampleResult::new(findings, names, texts)
}

impl ExampleResult {
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
