//! Soundness of generated types: they hold every value that the contract allows.

use client_codegen::{Loss, Outcome, verify};
use openapi_contract::model::Contract;
use openapi_contract::report::Counts;

/// How many losses of a contract are shown.
const SHOWN: usize = 5;

/// Verifies a contract. Returns a cell of the table; appends violations to `failures`.
pub(super) fn verified(name: &str, contract: &Contract, failures: &mut String) -> String {
    let report = match verify(contract) {
        Ok(report) => report,
        Err(error) => {
            *failures += &format!("\n{name}: cannot generate: {error}\n");
            return "not generated".to_owned();
        }
    };
    let Counts {
        editorial: exact,
        weakened,
        omitted,
        ..
    } = Counts::of(&report.findings);
    let verdict = match report.losses.len() {
        0 => format!("{} values kept", report.values),
        lost => format!("{lost} of {} values lost", report.values),
    };
    if !report.is_sound() {
        let shown: String = report.losses.iter().take(SHOWN).map(line).collect();
        *failures += &format!("\n{name}: values that types do not hold:{shown}\n");
    }
    format!("{exact} exact, {weakened} weakened, {omitted} omitted; {verdict}")
}

fn line(loss: &Loss) -> String {
    let Loss {
        operation,
        part,
        value,
        outcome,
    } = loss;
    let outcome = match outcome {
        Outcome::Changed(written) => format!("becomes {written}"),
        Outcome::Rejected(reason) => format!("is not read: {reason}"),
    };
    format!("\n  {operation}, {part}: {value} {outcome}")
}
