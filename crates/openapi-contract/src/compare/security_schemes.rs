//! Security schemes: where clients get their credentials.
//!
//! What is sent is compared with each operation. Where it comes from is in no message of this
//! contract: the flows of OAuth, with their URLs and the scopes that can be asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Difference, Effect};
use super::verdict::Verdicts;
use crate::document::{Entries, NodeId};
use crate::finding::{Level, Location};
use crate::model::Contract;
use crate::rules;

/// Compares the flows of the schemes that both contracts have.
pub(super) fn compare(verdicts: &mut Verdicts<'_>) {
    let (old, new) = (flows(verdicts.old), flows(verdicts.new));
    for (name, old) in &old {
        let Some(new) = new.get(name) else {
            continue;
        };
        let kinds: BTreeSet<&String> = old.said.keys().chain(new.said.keys()).collect();
        let differ = kinds
            .into_iter()
            .filter(|kind| old.said.get(*kind) != new.said.get(*kind));
        let differ: Vec<String> = differ.map(|kind| format!("`{kind}`")).collect();
        if differ.is_empty() {
            continue;
        }
        let place = |contract: &Contract, node| Location::new(&contract.document, node, None);
        let places = (place(verdicts.old, old.node), place(verdicts.new, new.node));
        let flows = differ.join(", ");
        let difference = Difference::unseen(
            rules::SECURITY_FLOW_CHANGED,
            Effect::Unless(Level::Risky),
            format!("`{name}` has other URLs or scopes for {flows}"),
            places,
        );
        verdicts.report_everywhere(difference);
    }
}

struct OAuthFlows {
    node: NodeId,
    /// The URLs and scopes of each flow.
    said: BTreeMap<String, BTreeSet<String>>,
}

/// The flows of a contract's schemes by name.
fn flows(contract: &Contract) -> BTreeMap<&str, OAuthFlows> {
    let document = &contract.document;
    let schemes = document.at_pointer("/components/securitySchemes");
    let schemes = schemes
        .map_or_else(Entries::default, |node| document.entries(node))
        .iter();
    let flows = schemes.filter_map(|scheme| {
        let node = document.get(document.resolve(scheme.value).ok()?, "flows")?;
        let flows = document.entries(node).iter();
        let said = flows.map(|flow| (flow.key.to_string(), said(contract, flow.value)));
        let flows = OAuthFlows {
            node,
            said: said.collect(),
        };
        Some((scheme.key, flows))
    });
    flows.collect()
}

fn said(contract: &Contract, flow: NodeId) -> BTreeSet<String> {
    let document = &contract.document;
    let urls = ["authorizationUrl", "tokenUrl", "refreshUrl"].into_iter();
    let urls = urls.filter_map(|member| {
        let url = document.get_text(flow, member)?;
        Some(format!("{member} {url}"))
    });
    let scopes = document.members(flow, "scopes").iter();
    let scopes = scopes.map(|scope| format!("scope {}", scope.key));
    urls.chain(scopes).collect()
}
