//! Whether a document is a contract at all, and where it only just is.

use super::{Lint, at, catalog};
use crate::document::Document;
use crate::finding::Finding;
use crate::model::{Contract, Problem, ProblemKind};
use crate::rules;

/// A document that is no contract.
#[derive(Debug)]
pub struct NoContract {
    /// The document, for showing the places.
    pub document: Box<Document>,
    /// Everything that keeps it from being a contract.
    pub findings: Vec<Finding>,
}

/// Reads the contract that a document holds.
///
/// # Errors
/// When the document is no contract: everything that is wrong with it, as findings.
pub fn read_contract(document: Document) -> Result<Contract, NoContract> {
    let (contract, problems) = crate::model::read(document);
    if problems.is_empty() {
        return Ok(contract);
    }
    // Who corrects the document wants to see all that is wrong with it.
    let mut all: Vec<&Problem> = problems.iter().chain(&contract.tolerated_errors).collect();
    all.sort_by_key(|problem| contract.document.sort_key(problem.node));
    let findings = all
        .into_iter()
        .map(|problem| from_problem(&contract.document, problem))
        .collect();
    Err(NoContract {
        document: Box::new(contract.document),
        findings,
    })
}

/// Reports what had to be guessed when the contract was read.
pub(super) fn check(lint: &mut Lint<'_>) {
    let (document, tolerated_errors) = (lint.document, &lint.contract.tolerated_errors);
    let found = tolerated_errors.iter();
    lint.findings
        .extend(found.map(|problem| from_problem(document, problem)));
}

fn from_problem(document: &Document, problem: &Problem) -> Finding {
    let rule = match problem.kind {
        ProblemKind::Invalid => rules::INVALID_CONTRACT,
        ProblemKind::UnresolvedReference | ProblemKind::UnknownScheme => {
            rules::UNRESOLVED_REFERENCE
        }
        ProblemKind::IrregularForm => rules::IRREGULAR_FORM,
        ProblemKind::MissingMember => rules::MEMBER_MISSING,
        ProblemKind::Version => rules::UNSUPPORTED_VERSION,
    };
    let mut place = at(problem.node);
    if problem.kind == ProblemKind::UnresolvedReference {
        place.member = Some("$ref");
    }
    catalog::finding(document, rule, place, problem.message.clone())
}
