//! From a difference to a finding: its level, its proof, and what it means for whom.

use std::cell::OnceCell;
use std::collections::HashMap;

use serde_json::Value;

use super::Relation;
use super::schemas::Visits;
use super::settled::Settled;
use crate::finding::{Direction, Finding, Level, Location, Site, Witness};
use crate::model::{Contract, Fingerprints, Operation, SchemaId};
use crate::rules::{self, Rule};
use crate::witness::{Keys, Part, Proof, Search, Side, Step, presented};

/// What a difference does to the set of allowed values, seen from the old document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The new one allows less.
    Narrows,
    /// The new one allows more.
    Widens,
    /// Each allows what the other refuses.
    Both,
    /// All that can be sent is read: that is settled.
    Harmless,
    /// Cannot be told from the keywords.
    Unknown,
    /// No value should break, but a proof to the contrary counts. Otherwise this level.
    Unless(Level),
}

impl Effect {
    /// The effect of a change that removes and one that adds.
    pub(super) fn of(narrows: bool, widens: bool) -> Option<Self> {
        match (narrows, widens) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Narrows),
            (false, true) => Some(Self::Widens),
            (false, false) => None,
        }
    }
}

/// A place in the messages of an operation.
#[derive(Clone, Debug)]
pub(super) struct At<'k> {
    pub(super) keys: Keys<'k>,
    pub(super) part: Option<Part>,
    pub(super) steps: Vec<Step>,
    /// Whether the difference is about null.
    pub(super) is_about_null: bool,
    /// The property of the value that the difference is about, if it is about one.
    pub(super) property: Option<String>,
    /// The innermost component the value is in, and how many of the steps lead to it.
    pub(super) component: Option<(String, usize)>,
}

impl<'k> At<'k> {
    /// The operation itself.
    pub(super) fn operation(keys: Keys<'k>) -> Self {
        Self {
            keys,
            part: None,
            steps: Vec::new(),
            is_about_null: false,
            property: None,
            component: None,
        }
    }

    /// A part of the operation's messages.
    pub(super) fn part(keys: Keys<'k>, part: Part) -> Self {
        Self {
            part: Some(part),
            ..Self::operation(keys)
        }
    }

    /// The direction of the message it is in.
    pub(super) fn direction(&self) -> Option<Direction> {
        self.part.as_ref().map(Part::direction)
    }

    /// Whether it is in a response.
    pub(super) fn is_response(&self) -> bool {
        self.direction() == Some(Direction::Response)
    }

    /// Whether the value is sent as text, without its JSON type.
    pub(super) fn is_text(&self, contract: &Contract) -> bool {
        let is_outermost = self.steps.is_empty();
        match &self.part {
            Some(Part::Parameter(_)) => {
                let style = self.style(contract);
                is_outermost && style.is_none_or(|style| !style.contains('/'))
            }
            Some(Part::Header(..)) => is_outermost,
            _ => false,
        }
    }

    /// Whether a list is sent in one piece here, with a character between its elements.
    pub(super) fn is_split(&self, contract: &Contract) -> bool {
        let style = self.style(contract);
        !style.is_some_and(|style| style.starts_with("form, exploded"))
    }

    /// How a parameter is written.
    fn style<'c>(&self, contract: &'c Contract) -> Option<&'c str> {
        let Some(Part::Parameter(key)) = &self.part else {
            return None;
        };
        let operation = self.keys.operation(contract)?;
        Some(operation.parameters.get(key)?.style.as_str())
    }

    fn site(&self, contract: &Contract) -> Site {
        let operations = &contract.operations;
        let is_old = operations.contains_key(self.keys.old);
        let key = if is_old { self.keys.old } else { self.keys.new };
        let operation = operations.get(key);
        let path = operation.map_or(&key.path, |operation| &operation.path);
        Site {
            operation: format!("{} {path}", key.method),
            part: self
                .part
                .as_ref()
                .map(|part| part_name(part, operation))
                .unwrap_or_default(),
            path: self.path(),
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.steps {
            match step {
                Step::Property(name) => {
                    path.push('.');
                    path += name;
                }
                Step::Item => path += "[]",
                Step::Additional | Step::PatternProperty(_) => path += ".*",
                Step::Member { .. } => {}
            }
        }
        let is_body = matches!(
            self.part,
            Some(Part::RequestBody(_) | Part::ResponseBody(..))
        );
        if is_body || !path.is_empty() {
            path.insert(0, '$');
        }
        path
    }
}

fn part_name(part: &Part, operation: Option<&Operation>) -> String {
    match part {
        Part::Parameter(key) => format!("{} parameter {}", key.location, key.name),
        Part::RequestBody(_) => "request body".to_owned(),
        Part::Status(status) => format!("response {status}"),
        Part::Header(status, name) => {
            let response = operation.and_then(|operation| operation.responses.get(status));
            let header = response.and_then(|response| response.headers.get(name));
            let name = header.map_or(name, |header| &header.name);
            format!("response {status} header {name}")
        }
        Part::ResponseBody(status, _) => format!("response {status} body"),
    }
}

/// A difference, before anyone judged it.
pub(super) struct Difference {
    pub(super) rule: Rule,
    pub(super) effect: Effect,
    pub(super) fact: String,
    pub(super) old: Location,
    pub(super) new: Location,
    pub(super) candidates: Candidates,
}

impl Difference {
    /// A difference that no message shows.
    pub(super) fn unseen(
        rule: Rule,
        effect: Effect,
        fact: String,
        (old, new): (Location, Location),
    ) -> Self {
        let candidates = Candidates::None;
        Self {
            rule,
            effect,
            fact,
            old,
            new,
            candidates,
        }
    }
}

/// Where proofs can come from.
pub(super) enum Candidates {
    /// Values of these schemas, put where the difference is; and before them some that are known to
    /// tell.
    Values(SchemaId, SchemaId, Vec<Value>),
    /// Messages of the side that may send them; the part of them that matters.
    Messages(fn(&Search<'_>, Side, &At<'_>) -> Vec<Value>, String),
    /// There is nothing to prove.
    None,
}

/// Collects findings.
pub(super) struct Verdicts<'a> {
    pub(super) old: &'a Contract,
    pub(super) new: &'a Contract,
    pub(super) relation: Relation,
    search: Search<'a>,
    /// Made when the first difference needs them: most comparisons do not.
    values: OnceCell<Fingerprints>,
    /// Made when the first two schemas are compared.
    everything: OnceCell<Fingerprints>,
    findings: Vec<Finding>,
    /// What was reported since someone last looked, and where.
    pub(super) reported: Vec<(Reported, Vec<Step>)>,
    pub(super) visits: Visits,
    pub(super) settled: Settled,
    /// Where the finding of a difference is that was already met elsewhere.
    known: HashMap<(Rule, Option<Direction>, Location, String), Known>,
}

/// What became of a difference that was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reported {
    /// It is a finding, the one with this number.
    Finding(usize),
    /// It is none here, because nothing proved it.
    Nothing,
}

/// A difference that was met before.
struct Known {
    /// Which finding it is.
    index: usize,
    /// At how many places it was judged.
    tries: usize,
}

/// The most places at which a difference is judged that is not proved to break.
const MOST_TRIES: usize = 4;

impl<'a> Verdicts<'a> {
    pub(super) fn new(old: &'a Contract, new: &'a Contract, relation: Relation) -> Self {
        Self {
            old,
            new,
            relation,
            search: Search::new(old, new),
            values: OnceCell::new(),
            everything: OnceCell::new(),
            findings: Vec::new(),
            reported: Vec::new(),
            visits: Visits::default(),
            settled: Settled::default(),
            known: HashMap::new(),
        }
    }

    /// Which schemas of the two contracts allow the same values.
    pub(super) fn values(&self) -> &Fingerprints {
        self.values
            .get_or_init(|| Fingerprints::of_values(self.old, self.new))
    }

    /// Which schemas of the two contracts are the same in all that could be reported.
    pub(super) fn everything(&self) -> &Fingerprints {
        self.everything
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

    /// Judges a difference and keeps the finding, unless it is none.
    pub(super) fn report(&mut self, at: &At<'_>, difference: Difference) {
        self.report_about(Vec::new(), at, difference);
    }

    /// The same for a difference in a list, which its places cannot say the member of: `subject` has
    /// the names.
    pub(super) fn report_about(
        &mut self,
        subject: Vec<String>,
        at: &At<'_>,
        difference: Difference,
    ) {
        let direction = at.direction();
        self.keep(subject, direction, at, difference);
    }

    /// The same for a difference in a message, but in no part of it.
    pub(super) fn report_in(
        &mut self,
        direction: Option<Direction>,
        at: &At<'_>,
        difference: Difference,
    ) {
        self.keep(Vec::new(), direction, at, difference);
    }

    fn keep(
        &mut self,
        subject: Vec<String>,
        direction: Option<Direction>,
        at: &At<'_>,
        difference: Difference,
    ) {
        let Difference {
            rule,
            effect,
            fact,
            old,
            new,
            candidates,
        } = difference;
        let site = self.site(at);
        let known = (rule, direction, old.clone(), fact.clone());
        if let Some(found) = self.known.get_mut(&known) {
            let index = found.index;
            self.findings[index].sites.push(site);
            self.reported
                .push((Reported::Finding(index), at.steps.clone()));
            // Each place may be the one where the proof succeeds; a few tell enough of the others.
            found.tries += 1;
            if found.tries <= MOST_TRIES && self.findings[index].wire < Level::Breaking {
                self.judge_again(index, direction, at, effect, &candidates);
            }
            return;
        }
        let Some((wire, witness)) = self.judge(direction, at, effect, &candidates) else {
            self.reported.push((Reported::Nothing, at.steps.clone()));
            return;
        };
        self.reported
            .push((Reported::Finding(self.findings.len()), at.steps.clone()));
        // Between a contract and a view of it no client is replaced by another.
        let rust = match self.relation {
            Relation::Evolution => super::rust::level(rule),
            Relation::Drift | Relation::Client => Level::Docs,
        };
        let is_item_old = rule != rules::OPERATION_ADDED && rule != rules::PROPERTY_ADDED;
        let rust_item = (rust > Level::Docs)
            .then(|| super::rust::item(rule, at, if is_item_old { self.old } else { self.new }))
            .flatten();
        let level = wire.max(rust);
        let found = Known {
            index: self.findings.len(),
            tries: 1,
        };
        self.known.insert(known, found);
        self.findings.push(Finding {
            rule,
            level,
            wire,
            rust,
            consequence: self.consequence(rule, wire, direction, rust_item.as_deref(), rust),
            rust_item,
            direction,
            sites: vec![site],
            subject,
            fact,
            remedy: self.remedy(level),
            old: Some(old),
            new: Some(new),
            witness,
            accepted: None,
        });
    }

    /// Whether nothing more can be shown about a difference.
    pub(super) fn is_proved(&self, reported: Reported) -> bool {
        match reported {
            Reported::Finding(index) => self.findings[index].wire == Level::Breaking,
            Reported::Nothing => false,
        }
    }

    /// Adds a place to what was reported before.
    pub(super) fn report_again(&mut self, reported: Reported, at: &At<'_>) {
        if let Reported::Finding(index) = reported {
            let site = self.site(at);
            self.findings[index].sites.push(site);
        }
    }

    fn site(&self, at: &At<'_>) -> Site {
        at.site(match at.keys.operation(self.old) {
            Some(_) => self.old,
            None => self.new,
        })
    }

    /// Judges a difference at another of its places, and keeps that verdict where it is worse.
    fn judge_again(
        &mut self,
        index: usize,
        direction: Option<Direction>,
        at: &At<'_>,
        effect: Effect,
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
        let level = wire.max(*rust);
        let consequence = self.consequence(*rule, wire, direction, rust_item.as_deref(), *rust);
        let remedy = self.remedy(level);
        let finding = &mut self.findings[index];
        finding.level = level;
        finding.wire = wire;
        finding.consequence = consequence;
        finding.remedy = remedy;
        finding.witness = witness;
    }

    /// Keeps the finding of a difference that belongs to no operation and that no message shows.
    pub(super) fn report_everywhere(&mut self, difference: Difference) {
        let Difference {
            rule,
            effect,
            fact,
            old,
            new,
            ..
        } = difference;
        let wire = match effect {
            Effect::Unless(level) => level,
            _ => Level::Undecided,
        };
        self.findings.push(Finding {
            rule,
            level: wire,
            wire,
            rust: Level::Docs,
            rust_item: None,
            direction: None,
            sites: Vec::new(),
            subject: Vec::new(),
            fact,
            consequence: self.wire_consequence(rule, wire, None),
            remedy: self.remedy(wire),
            old: Some(old),
            new: Some(new),
            witness: None,
            accepted: None,
        });
    }

    /// Who sends the messages that may break: the side whose value the other side must accept.
    fn sender(&self, direction: Direction, at: &At<'_>) -> Side {
        let operation = at.keys.operation(self.old);
        let operation = operation.or_else(|| at.keys.operation(self.new));
        // The server sends the requests of callbacks and webhooks.
        let is_reversed = operation.is_some_and(|operation| operation.is_reversed);
        match (self.relation, direction) {
            (Relation::Client, _) => Side::Old,
            (_, Direction::Request) if !is_reversed => Side::Old,
            (_, Direction::Response) if is_reversed => Side::Old,
            _ => Side::New,
        }
    }

    /// The same for a place in a message; requests are meant where it is in none.
    pub(super) fn sender_at(&self, at: &At<'_>) -> Side {
        let direction = at.part.as_ref().map_or(Direction::Request, Part::direction);
        self.sender(direction, at)
    }

    fn judge(
        &mut self,
        direction: Option<Direction>,
        at: &At<'_>,
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
                // The other side alone allows more: additive, not nothing.
                Effect::Unless(Level::Docs)
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
        // Nothing breaks. Between a contract and its server it is still a difference, and worth a
        // value that shows it.
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
        at: &At<'_>,
        candidates: &Candidates,
    ) -> Option<Proof> {
        match candidates {
            Candidates::None => None,
            Candidates::Values(old, new, telling) => {
                let part = at.part.as_ref()?;
                self.search.value(
                    sender,
                    at.keys,
                    part,
                    &at.steps,
                    (*old, *new),
                    (telling, at.is_about_null),
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

    fn witness(&self, sender: Side, direction: Direction, at: &At<'_>, proof: Proof) -> Witness {
        let [old, new] = self.relation.names();
        let (allowed_by, refused_by) = match sender {
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
            refused_by: refused_by.to_owned(),
            reason: proof.reason,
        }
    }

    fn consequence(
        &self,
        rule: Rule,
        wire: Level,
        direction: Option<Direction>,
        rust_item: Option<&str>,
        rust: Level,
    ) -> String {
        let mut text = self.wire_consequence(rule, wire, direction);
        if let Some(item) = rust_item {
            text += &match rust {
                Level::Breaking => format!(" Rust code that uses `{item}` no longer compiles."),
                Level::Risky => format!(" Rust code that uses `{item}` may have to change."),
                _ => String::new(),
            };
        }
        text
    }

    fn wire_consequence(&self, rule: Rule, level: Level, direction: Option<Direction>) -> String {
        let [old, new] = self.relation.names();
        match (self.relation, level, direction) {
            (Relation::Client, Level::Breaking, Some(Direction::Request)) => {
                "The client's types cannot express a request that the contract allows.".to_owned()
            }
            (Relation::Client, Level::Breaking, _) => {
                "The client fails to read an answer that the contract allows.".to_owned()
            }
            (_, Level::Breaking, Some(Direction::Request)) => {
                format!("A client that follows {old} can send a request that {new} refuses.")
            }
            (Relation::Drift, Level::Breaking, _) => {
                format!("The server can answer what a client that follows {old} refuses.")
            }
            (_, Level::Breaking, _) => {
                format!("By {new}, the server can answer what a client of {old} refuses.")
            }
            (_, Level::Undecided, _) => {
                "No message was found that proves a break, and none can be excluded.".to_owned()
            }
            (Relation::Drift, Level::Compatible, Some(Direction::Request)) => {
                "No request of the contract is refused, but the server accepts others as well."
                    .to_owned()
            }
            (Relation::Drift, Level::Compatible, Some(Direction::Response)) => {
                "No answer breaks a client, but the contract does not describe what the server \
                 really sends."
                    .to_owned()
            }
            (_, Level::Docs, _) => "Only readers see it.".to_owned(),
            (_, Level::Risky, _) if rule == rules::OPERATION_ID_CHANGED => {
                "No message changes, but the method of generated clients is renamed.".to_owned()
            }
            (_, Level::Risky, _) => "No value is refused, but meaning may be lost.".to_owned(),
            (_, Level::Compatible, _) => "Nothing that worked is refused.".to_owned(),
        }
    }

    fn remedy(&self, level: Level) -> String {
        let text = match (self.relation, level) {
            (Relation::Drift, _) => {
                "Decide which is right: change the server's annotations and code, or the contract."
            }
            (Relation::Client, _) => {
                "Generate the client again; if it stays, report the construct to the generator."
            }
            (Relation::Evolution, Level::Breaking) => {
                "Keep the old form beside the new one, or release a new major version."
            }
            (Relation::Evolution, Level::Undecided) => {
                "Compare the two by hand, and release a new major version in doubt."
            }
            (Relation::Evolution, Level::Risky) => {
                "Tell those who use it, and release a new minor version."
            }
            (Relation::Evolution, Level::Compatible) => "Release a new minor version.",
            (Relation::Evolution, Level::Docs) => "Release a patch.",
        };
        text.to_owned()
    }
}

impl At<'_> {
    /// What the value in question is called in one line: `limit`, `$.data.items[].size`.
    fn value_name(&self) -> String {
        let path = self.path();
        match &self.part {
            Some(Part::Parameter(key)) => format!("{}{}", key.name, path.trim_start_matches('$')),
            Some(Part::Header(_, name)) => format!("{name}{}", path.trim_start_matches('$')),
            _ => path,
        }
    }
}
