//! Servers: the hosts a contract is good for.
//!
//! The path of the first server is part of every operation's path and is compared there. Here are
//! the hosts: no message shows them, but clients have them written down.

use std::collections::BTreeSet;

use super::difference::{Difference, Effect};
use super::verdict::Verdicts;
use crate::finding::{Level, Location};
use crate::model::Contract;
use crate::rules;

/// Reports hosts that one contract has and the other has not.
pub(super) fn compare(verdicts: &mut Verdicts<'_>) {
    let (old, new) = (hosts(verdicts.old), hosts(verdicts.new));
    for host in old.difference(&new) {
        let fact = format!("{} is in the old contract only", shown(host));
        report(verdicts, rules::SERVER_REMOVED, Level::Risky, fact);
    }
    for host in new.difference(&old) {
        let fact = format!("{} is in the new contract only", shown(host));
        report(verdicts, rules::SERVER_ADDED, Level::Compatible, fact);
    }
}

/// The servers' URLs without their paths; empty for a URL that is only a path.
fn hosts(contract: &Contract) -> BTreeSet<String> {
    let urls = contract.servers.iter();
    urls.map(|url| match url.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split('/').next().unwrap_or_default();
            format!("{scheme}://{host}")
        }
        None => String::new(),
    })
    .collect()
}

fn shown(host: &str) -> String {
    match host {
        "" => "a server on the document's own host".to_owned(),
        host => format!("the server `{host}`"),
    }
}

fn report(verdicts: &mut Verdicts<'_>, rule: rules::Rule, level: Level, fact: String) {
    let place = |contract: &Contract| {
        Location::new(
            &contract.document,
            contract.document.root(),
            Some("servers"),
        )
    };
    let difference = Difference::unseen(
        rule,
        Effect::Unless(level),
        fact,
        (place(verdicts.old), place(verdicts.new)),
    );
    verdicts.report_everywhere(difference);
}
