//! Schemas that map to the same type name in Rust.

use openapi_contract::lint::{Lint, at};

use crate::client_plan::ClientPlan;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    // Without a client, there are no types.
    let Ok(plan) = ClientPlan::read(lint.contract()) else {
        return;
    };
    for clash in plan.name_clashes {
        let fact = format!(
            "the Rust type name `{}` is taken; the type of this schema is `{}`",
            clash.wanted, clash.name
        );
        lint.report(rules::TYPE_NAME_CLASH, at(clash.node), fact);
    }
}
