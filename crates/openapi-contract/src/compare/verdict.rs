//! From differences to findings: their level, their proof and their sentences.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::Relation;
use super::change::Change;
use super::cursor::Cursor;
use super::difference::{Candidates, Difference, Effect};
use super::memo::{Memo, Reported};
use super::phrases::{Judged, consequence};
use super::remedies::remedy;
use super::verdict_cache::VerdictCache;
use crate::finding::{Direction, Finding, Level, Location, Site, Witness};
use crate::model::{Contract, Fingerprints};
use crate::rules::{self, Rule};
use crate::witness::{PartKey, Proof, Side, ValueStep, WitnessSearch, presented};

/// Collects findings.
pub(super) struct Verdicts<'a> {
    pub(super) old: &'a Contract,
    pub(super) new: &'a Contract,
    pub(super) relation: Relation,
    search: WitnessSearch<'a>,
    /// Computed for the first difference; most comparisons have none.
    value_fingerprints: OnceCell<Fingerprints>,
    /// Computed when the first two schemas are compared.
    full_fingerprints: OnceCell<Fingerprints>,
    findings: Vec<Finding>,
    /// The differences reported since this was last emptied, each with its steps.
    pub(super) reported: Vec<(Reported, Vec<ValueStep>)>,
    pub(super) memo: Memo,
    pub(super) cache: VerdictCache,
    /// The findings of differences that were reported before at another location.
    known: HashMap<(Rule, Option<Direction>, Location, String), KnownDifference>,
}

/// A difference that was reported before.
struct KnownDifference {
    /// The index of its finding.
    index: usize,
    /// How many locations were judged.
    tries: usize,
}

/// The most locations at which an unproved difference is judged.
const MOST_TRIES: usize = 4;

impl<'a> Verdicts<'a> {
    pub(super) fn new(old: &'a Contract, new: &'a Contract, relation: Relation) -> Self {
        Self {
            old,
            new,
            relation,
            search: WitnessSearch::new(old, new),
            value_fingerprints: OnceCell::new(),
            full_fingerprints: OnceCell::new(),
            findings: Vec::new(),
            reported: Vec::new(),
            memo: Memo::default(),
            cache: VerdictCache::default(),
            known: HashMap::new(),
        }
    }

    /// Fingerprints that distinguish schemas by the values they allow.
    pub(super) fn value_fingerprints(&self) -> &Fingerprints {
        self.value_fingerprints
            .get_or_init(|| Fingerprints::of_values(self.old, self.new))
    }

    /// Fingerprints that distinguish schemas by all properties that a comparison reports.
    pub(super) fn full_fingerprints(&self) -> &Fingerprints {
        self.full_fingerprints
            .get_or_init(|| Fingerprints::of_everything(self.old, self.new))
    }

    pub(super) fn finish(mut self) -> Vec<Finding> {
        for finding in &mut self.findings {
            finding.sites.sort();
            finding.sites.dedup();
        }
        self.findings.sort_by(|left, right| {
            let key = |finding: &Finding| {
                let at = |location: &Option<Location>| {
                    location.as_ref().map(|location| location.pointer.clone())
                };
                let line = finding.old.as_ref().map(|location| location.position);
                (
                    line,
                    at(&finding.old),
                    finding.rule.id,
                    at(&finding.new),
                    finding.fact.clone(),
                )
            };
            key(left).cmp(&key(right))
        });
        self.findings
    }

    /// Judges a difference, and records the finding if it is one.
    pub(super) fn report(&mut self, at: &Cursor<'_>, difference: Difference) {
        self.report_name_list(Vec::new(), at, difference);
    }

    /// Reports a difference in a list of names, such as `required`. A location cannot point into
    /// it, so `subject` has the names. See [`report`](Self::report).
    pub(super) fn report_name_list(
        &mut self,
        subject: Vec<String>,
        at: &Cursor<'_>,
        difference: Difference,
    ) {
        let direction = at.direction();
        self.record(subject, direction, at, difference);
    }

    /// Reports a difference of a whole message in `direction`. See [`report`](Self::report).
    pub(super) fn report_message(
        &mut self,
        direction: Option<Direction>,
        at: &Cursor<'_>,
        difference: Difference,
    ) {
        self.record(Vec::new(), direction, at, difference);
    }

    fn record(
        &mut self,
        subject: Vec<String>,
        direction: Option<Direction>,
        at: &Cursor<'_>,
        difference: Difference,
    ) {
        let Difference {
            rule,
            effect,
            change,
            old,
            new,
            candidates,
        } = difference;
        let fact = change.fact(self.relation);
        let site = self.site(at);
        let known = (rule, direction, old.clone(), fact.clone());
        if let Some(found) = self.known.get_mut(&known) {
            let index = found.index;
            self.findings[index].sites.push(site);
            self.reported
                .push((Reported::Finding(index), at.steps.clone()));
            // Any location may be the one where a proof succeeds; a few are enough to try.
            found.tries += 1;
            if found.tries <= MOST_TRIES && self.findings[index].wire < Level::Breaking {
                self.judge_again(index, direction, at, (effect, &change), &candidates);
            }
            return;
        }
        let Some((wire, witness)) = self.judge(direction, at, effect, &candidates) else {
            self.reported.push((Reported::Nothing, at.steps.clone()));
            return;
        };
        self.reported
            .push((Reported::Finding(self.findings.len()), at.steps.clone()));
        // Comparing a contract with a view of it replaces no client.
        let rust = match self.relation {
            Relation::Evolution => super::rust::level(rule),
            Relation::Drift | Relation::Client => Level::Editorial,
        };
        let is_item_old = rule != rules::OPERATION_ADDED && rule != rules::PROPERTY_ADDED;
        let rust_item = (rust > Level::Editorial)
            .then(|| super::rust::item(rule, at, if is_item_old { self.old } else { self.new }))
            .flatten();
        let judged = Judged {
            relation: self.relation,
            rule,
            direction,
            is_from_server: self.is_from_server(at),
            wire,
            rust,
            rust_item: rust_item.as_deref(),
        };
        let consequence = consequence(judged);
        let remedy = remedy(&change, &at.target(self.contract_of(at)), judged);
        let found = KnownDifference {
            index: self.findings.len(),
            tries: 1,
        };
        self.known.insert(known, found);
        self.findings.push(Finding {
            rule,
            level: wire.max(rust),
            wire,
            rust,
            rust_item,
            fidelity: None,
            direction,
            sites: vec![site],
            subject,
            fact,
            consequence,
            remedy,
            old: Some(old),
            new: Some(new),
            documents: self.relation.documents(),
            witness,
            accepted: None,
        });
    }

    /// Whether a finding already has its proof.
    pub(super) fn is_proved(&self, reported: Reported) -> bool {
        match reported {
            Reported::Finding(index) => self.findings[index].wire == Level::Breaking,
            Reported::Nothing => false,
        }
    }

    /// Adds a location to an earlier finding.
    pub(super) fn report_again(&mut self, reported: Reported, at: &Cursor<'_>) {
        if let Reported::Finding(index) = reported {
            let site = self.site(at);
            self.findings[index].sites.push(site);
        }
    }

    fn site(&self, at: &Cursor<'_>) -> Site {
        at.site(self.contract_of(at))
    }

    /// The contract with the operation in question; the old one if both have it.
    fn contract_of(&self, at: &Cursor<'_>) -> &'a Contract {
        match at.keys.operation(self.old) {
            Some(_) => self.old,
            None => self.new,
        }
    }

    /// Whether the server sends the requests of the operation in question.
    fn is_from_server(&self, at: &Cursor<'_>) -> bool {
        let operation = at.keys.operation(self.contract_of(at));
        operation.is_some_and(|operation| operation.is_callback_or_webhook)
    }

    /// Judges a difference again at another location, and keeps the worse verdict.
    fn judge_again(
        &mut self,
        index: usize,
        direction: Option<Direction>,
        at: &Cursor<'_>,
        (effect, change): (Effect, &Change),
        candidates: &Candidates,
    ) {
        let verdict = self.judge(direction, at, effect, candidates);
        let Some((wire, witness)) = verdict.filter(|(wire, _)| *wire > self.findings[index].wire)
        else {
            return;
        };
        let Finding {
            rule,
            rust,
            rust_item,
            ..
        } = &self.findings[index];
        let judged = Judged {
            relation: self.relation,
            rule: *rule,
            direction,
            is_from_server: self.is_from_server(at),
            wire,
            rust: *rust,
            rust_item: rust_item.as_deref(),
        };
        let consequence = consequence(judged);
        let remedy = remedy(change, &at.target(self.contract_of(at)), judged);
        let finding = &mut self.findings[index];
        finding.level = wire.max(finding.rust);
        finding.wire = wire;
        finding.consequence = consequence;
        finding.remedy = remedy;
        finding.witness = witness;
    }

    /// Keeps a finding that belongs to no operation and that no message shows.
    pub(super) fn report_everywhere(&mut self, difference: Difference) {
        let Difference {
            rule,
            effect,
            change,
            old,
            new,
            ..
        } = difference;
        let wire = match effect {
            Effect::Unless(level) => level,
            _ => Level::Undecided,
        };
        let judged = Judged {
            relation: self.relation,
            rule,
            direction: None,
            is_from_server: false,
            wire,
            rust: Level::Editorial,
            rust_item: None,
        };
        self.findings.push(Finding {
            rule,
            level: wire,
            wire,
            rust: Level::Editorial,
            rust_item: None,
            fidelity: None,
            direction: None,
            sites: Vec::new(),
            subject: Vec::new(),
            fact: change.fact(self.relation),
            consequence: consequence(judged),
            remedy: remedy(&change, "the contract", judged),
            old: Some(old),
            new: Some(new),
            documents: self.relation.documents(),
            witness: None,
            accepted: None,
        });
    }

    /// The side that sends the message in question.
    fn sender(&self, direction: Direction, at: &Cursor<'_>) -> Side {
        let is_from_server = self.is_from_server(at);
        match (self.relation, direction) {
            (Relation::Client, _) => Side::Old,
            (_, Direction::Request) if !is_from_server => Side::Old,
            (_, Direction::Response) if is_from_server => Side::Old,
            _ => Side::New,
        }
    }

    /// The side that sends the message at a location. A location outside of a message counts as a
    /// request.
    pub(super) fn sender_at(&self, at: &Cursor<'_>) -> Side {
        let direction = at
            .part
            .as_ref()
            .map_or(Direction::Request, PartKey::direction);
        self.sender(direction, at)
    }

    fn judge(
        &mut self,
        direction: Option<Direction>,
        at: &Cursor<'_>,
        effect: Effect,
        candidates: &Candidates,
    ) -> Option<(Level, Option<Witness>)> {
        let is_client = self.relation == Relation::Client;
        let Some(direction) = direction else {
            let Effect::Unless(level) = effect else {
                return Some((Level::Undecided, None));
            };
            return (!is_client).then_some((level, None));
        };
        let sender = self.sender(direction, at);
        let can_break = match effect {
            Effect::Narrows => sender == Side::Old,
            Effect::Widens => sender == Side::New,
            Effect::Harmless => false,
            Effect::Both | Effect::Unknown | Effect::Unless(_) => true,
        };
        if can_break {
            if let Some(proof) = self.prove(sender, direction, at, candidates) {
                let witness = self.witness(sender, direction, at, proof);
                return Some((Level::Breaking, Some(witness)));
            }
            let level = match effect {
                Effect::Unless(_) if is_client => return None,
                // Only the receiving side allows more: this is additive.
                Effect::Unless(Level::Editorial)
                    if matches!(candidates, Candidates::Values(..))
                        && self
                            .prove(sender.other(), direction, at, candidates)
                            .is_some() =>
                {
                    Level::Compatible
                }
                Effect::Unless(level) => level,
                _ => Level::Undecided,
            };
            return Some((level, None));
        }
        if is_client {
            return None;
        }
        // Nothing breaks. Drift is still a difference, and a value that shows it helps.
        let mut witness = None;
        if self.relation == Relation::Drift
            && let Some(proof) = self.prove(sender.other(), direction, at, candidates)
        {
            witness = Some(self.witness(sender.other(), direction, at, proof));
        }
        Some((Level::Compatible, witness))
    }

    fn prove(
        &mut self,
        sender: Side,
        direction: Direction,
        at: &Cursor<'_>,
        candidates: &Candidates,
    ) -> Option<Proof> {
        match candidates {
            Candidates::None => None,
            Candidates::Values(old, new, distinguishing) => {
                let part = at.part.as_ref()?;
                self.search.value(
                    sender,
                    at.keys,
                    part,
                    &at.steps,
                    (*old, *new),
                    (distinguishing, at.is_about_null),
                )
            }
            Candidates::Messages(make, pointer) => {
                let messages = make(&self.search, sender, at);
                messages.into_iter().find_map(|message| {
                    self.search
                        .confirm(sender, at.keys, direction, message, (pointer, false))
                })
            }
        }
    }

    fn witness(
        &self,
        sender: Side,
        direction: Direction,
        at: &Cursor<'_>,
        proof: Proof,
    ) -> Witness {
        let [old, new] = self.relation.names();
        let (allowed_by, rejected_by) = match sender {
            Side::Old => (old, new),
            Side::New => (new, old),
        };
        let operation = at.keys.operation(self.search.contract(sender));
        let message = match operation {
            Some(operation) => presented(direction, operation, at.keys.of(sender), &proof.message),
            None => proof.message,
        };
        Witness {
            direction,
            operation: at.site(self.search.contract(sender)).operation,
            message,
            value: proof.value.map(|value| (at.value_name(), value)),
            allowed_by: allowed_by.to_owned(),
            rejected_by: rejected_by.to_owned(),
            reason: proof.reason,
        }
    }
}
