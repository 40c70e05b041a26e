//! Servers: the hosts of a contract.
//!
//! The path of the first server is part of every operation's path and is compared there. Hosts are
//! in no message, but clients depend on them.

use std::collections::BTreeSet;

use super::change::Change;
use super::cursor::Cursor;
use super::difference::{Difference, Effect};
use super::verdict::Verdicts;
use crate::finding::{Level, Location};
use crate::model::{Contract, Operation};
use crate::rules;
use crate::witness::{OperationKeys, Side};

/// Reports the hosts that only one contract has.
pub(super) fn compare(verdicts: &mut Verdicts<'_>) {
    let (old, new) = (hosts(&verdicts.old.servers), hosts(&verdicts.new.servers));
    for host in old.difference(&new) {
        let change = Change::only(shown(host), Side::Old);
        report(verdicts, rules::SERVER_REMOVED, Level::Risky, change);
    }
    for host in new.difference(&old) {
        let change = Change::only(shown(host), Side::New);
        report(verdicts, rules::SERVER_ADDED, Level::Compatible, change);
    }
}

/// Reports the hosts that only one contract has for an operation, if it has its own servers in one of
/// them.
pub(super) fn compare_own(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    if old.servers.is_none() && new.servers.is_none() {
        return;
    }
    let of = |operation: &Operation, contract: &Contract| {
        let own = operation.servers.as_ref();
        hosts(own.map_or(&contract.servers, |own| &own.urls))
    };
    let location = |operation: &Operation, contract: &Contract| {
        let node = operation
            .servers
            .as_ref()
            .map_or(operation.node, |own| own.node);
        Location::new(&contract.document, node, Some("servers"))
    };
    let locations = (location(old, verdicts.old), location(new, verdicts.new));
    let (old, new) = (of(old, verdicts.old), of(new, verdicts.new));
    let removed = old.difference(&new).map(|host| {
        let change = Change::only(shown(host), Side::Old);
        (rules::SERVER_REMOVED, Level::Risky, change)
    });
    let added = new.difference(&old).map(|host| {
        let change = Change::only(shown(host), Side::New);
        (rules::SERVER_ADDED, Level::Compatible, change)
    });
    for (rule, level, change) in removed.chain(added) {
        let difference = Difference::unseen(rule, Effect::Unless(level), change, locations.clone());
        verdicts.report(&Cursor::operation(keys), difference);
    }
}

/// The servers' URLs without their paths. Empty for a URL that consists of a path only.
fn hosts(urls: &[String]) -> BTreeSet<String> {
    let urls = urls.iter();
    urls.map(|url| match url.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split('/').next().unwrap_or_default();
            format!("{scheme}://{host}")
        }
        // A variable can stand for the host.
        None if url.starts_with('{') => url.split('/').next().unwrap_or_default().to_owned(),
        None => String::new(),
    })
    .collect()
}

fn shown(host: &str) -> String {
    match host {
        "" => "the server on the document's own host".to_owned(),
        host => format!("the server `{host}`"),
    }
}

fn report(verdicts: &mut Verdicts<'_>, rule: rules::Rule, level: Level, change: Change) {
    let location = |contract: &Contract| {
        Location::new(
            &contract.document,
            contract.document.root(),
            Some("servers"),
        )
    };
    let difference = Difference::unseen(
        rule,
        Effect::Unless(level),
        change,
        (location(verdicts.old), location(verdicts.new)),
    );
    verdicts.report_everywhere(difference);
}
