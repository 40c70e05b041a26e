//! What the findings of the generator report about a location of the contract.

use openapi_contract::{Fidelity, Finding, Location};

/// Whether a finding reports a loss at a place, or at most `depth` steps below it.
pub(super) fn is_reported(findings: &[Finding], place: &Location, depth: usize) -> bool {
    findings.iter().any(|finding| {
        let is_loss = matches!(
            finding.fidelity,
            Some(Fidelity::Weakened | Fidelity::Omitted)
        );
        let old = finding.old.as_ref();
        let steps = old.and_then(|old| steps_below(place, old));
        is_loss && steps.is_some_and(|steps| steps <= depth)
    })
}

/// How many steps a location is below another one.
pub(super) fn steps_below(place: &Location, below: &Location) -> Option<usize> {
    let rest = below.pointer.strip_prefix(&place.pointer)?;
    let is_below = place.file == below.file && (rest.is_empty() || rest.starts_with('/'));
    is_below.then(|| rest.matches('/').count())
}

#[cfg(test)]
mod tests {
    use openapi_contract::{Fidelity, Finding, Location, rules};

    use super::is_reported;
    use crate::commands::prove::calls::test_contract::contract;

    #[test]
    fn findings_count_at_their_own_place_alone() {
        let contract = contract();
        let place = |pointer: &str| {
            let node = contract.document.at_pointer(pointer).expect("it exists");
            Location::new(&contract.document, node, None)
        };
        let response = "/paths/~1things/post/responses/200";
        let content = format!("{response}/content");
        for (at, fidelity, expected) in [
            (response, Fidelity::Weakened, true),
            (&content, Fidelity::Omitted, true),
            (&content, Fidelity::Exact, false),
            (
                &format!("{content}/application~1json/schema"),
                Fidelity::Weakened,
                false,
            ),
            (
                "/paths/~1things/post/responses/201",
                Fidelity::Weakened,
                false,
            ),
            ("/paths/~1things/post", Fidelity::Weakened, false),
        ] {
            let finding = Finding {
                old: Some(place(at)),
                ..Finding::rewrite(rules::ALL[0], fidelity, "it is lost")
            };
            let found = is_reported(&[finding], &place(response), 2);
            assert_eq!(found, expected, "{at} {fidelity:?}");
        }
    }
}
