//! Soundness of lowering: differences between contract and client are exactly the recorded ones.

use std::collections::BTreeMap;

use client_codegen::{SoundnessReport, verify};
use openapi_contract::model::Contract;
use openapi_contract::report::Counts;

use super::first_findings::first_findings;

/// Verifies a contract. Returns a cell of the table; appends violations to `failures`.
pub(super) fn verified(name: &str, contract: &Contract, failures: &mut String) -> String {
    let report = match verify(contract) {
        Ok(report) => report,
        Err(error) => {
            *failures += &format!("\n{name}: cannot generate: {error}\n");
            return "not generated".to_owned();
        }
    };
    let SoundnessReport {
        rewrites,
        undeclared,
        without_difference,
    } = &report;
    let Counts {
        editorial: exact,
        weakened,
        omitted,
        ..
    } = Counts::of(rewrites);
    let verdict = match report.is_sound() {
        true => "sound".to_owned(),
        false => format!(
            "{} unrecorded, {} unobservable",
            undeclared.len(),
            without_difference.len()
        ),
    };
    if !undeclared.is_empty() {
        let findings = first_findings(undeclared);
        *failures += &format!("\n{name}: differences that no rewrite records:{findings}\n");
    }
    if !without_difference.is_empty() {
        let mut passes: BTreeMap<&str, usize> = BTreeMap::new();
        for rewrite in without_difference {
            *passes.entry(rewrite.rule.id).or_default() += 1;
        }
        let passes: Vec<String> = passes
            .iter()
            .map(|(pass, count)| format!("{count} of {pass}"))
            .collect();
        let first = first_findings(without_difference);
        let all = passes.join(", ");
        *failures +=
            &format!("\n{name}: rewrites without an observable difference: {all}{first}\n");
    }
    format!("{exact} exact, {weakened} weakened, {omitted} omitted; {verdict}")
}
