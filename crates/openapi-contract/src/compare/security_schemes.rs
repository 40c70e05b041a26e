//! OAuth flows: the URLs where clients get tokens, and the scopes they can request.
//!
//! Credentials are compared with each operation. The flows are not part of any message.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use super::difference::{Difference, Effect};
use super::verdict::Verdicts;
use crate::document::{Entries, NodeId};
use crate::finding::{Level, Location};
use crate::model::Contract;
use crate::rules;
use crate::witness::Side;

/// Compares the flows of the security schemes that both contracts have.
pub(super) fn compare(verdicts: &mut Verdicts<'_>) {
    let (old, new) = (schemes(verdicts.old), schemes(verdicts.new));
    for (name, old) in &old {
        let Some(new) = new.get(name) else {
            continue;
        };
        let kinds: BTreeSet<&str> = old.flows.keys().chain(new.flows.keys()).copied().collect();
        let changes =
            kinds
                .into_iter()
                .flat_map(|kind| match (old.flows.get(kind), new.flows.get(kind)) {
                    (Some(old), Some(new)) => flow(kind, old, new),
                    (old, _) => {
                        let side = if old.is_some() { Side::Old } else { Side::New };
                        vec![Change::only(format!("the flow `{kind}`"), side)]
                    }
                });
        let changes: Vec<Change> = changes.collect();
        if changes.is_empty() {
            continue;
        }
        let location = |contract: &Contract, node| Location::new(&contract.document, node, None);
        let locations = (
            location(verdicts.old, old.node),
            location(verdicts.new, new.node),
        );
        let of = Some(format!("`{name}`"));
        let difference = Difference::unseen(
            rules::SECURITY_FLOW_CHANGED,
            Effect::Unless(Level::Risky),
            Change::Several { of, changes },
            locations,
        );
        verdicts.report_everywhere(difference);
    }
}

/// A security scheme of type `oauth2`.
struct OAuthScheme<'c> {
    /// The `flows` of the scheme.
    node: NodeId,
    flows: BTreeMap<&'c str, OAuthFlow<'c>>,
}

#[derive(PartialEq)]
struct OAuthFlow<'c> {
    /// The URLs by keyword.
    urls: BTreeMap<&'static str, &'c str>,
    scopes: BTreeSet<&'c str>,
}

fn flow(kind: &str, old: &OAuthFlow<'_>, new: &OAuthFlow<'_>) -> Vec<Change> {
    let keywords: BTreeSet<&str> = old.urls.keys().chain(new.urls.keys()).copied().collect();
    let urls = keywords.into_iter().filter_map(|keyword| {
        let (old, new) = (old.urls.get(keyword), new.urls.get(keyword));
        let change = || Change::keyword(format!("{kind}.{keyword}"), old.copied(), new.copied());
        (old != new).then(change)
    });
    let scope = |scope: &&str, side| Change::only(format!("the scope `{scope}` of `{kind}`"), side);
    let removed = old.scopes.difference(&new.scopes);
    let added = new.scopes.difference(&old.scopes);
    urls.chain(removed.map(|name| scope(name, Side::Old)))
        .chain(added.map(|name| scope(name, Side::New)))
        .collect()
}

/// The security schemes with flows by name.
fn schemes(contract: &Contract) -> BTreeMap<&str, OAuthScheme<'_>> {
    let document = &contract.document;
    let schemes = document.at_pointer("/components/securitySchemes");
    let schemes = schemes
        .map_or_else(Entries::default, |node| document.entries(node))
        .iter();
    let schemes = schemes.filter_map(|scheme| {
        let node = document.get(document.resolve(scheme.value).ok()?, "flows")?;
        let flows = document.entries(node).iter();
        let flows = flows.map(|entry| (entry.key, oauth_flow(contract, entry.value)));
        let flows = flows.collect();
        Some((scheme.key, OAuthScheme { node, flows }))
    });
    schemes.collect()
}

fn oauth_flow(contract: &Contract, flow: NodeId) -> OAuthFlow<'_> {
    let document = &contract.document;
    let keywords = ["authorizationUrl", "tokenUrl", "refreshUrl"].into_iter();
    let urls = keywords.filter_map(|keyword| Some((keyword, document.get_text(flow, keyword)?)));
    let scopes = document.members(flow, "scopes").iter();
    OAuthFlow {
        urls: urls.collect(),
        scopes: scopes.map(|scope| scope.key).collect(),
    }
}
