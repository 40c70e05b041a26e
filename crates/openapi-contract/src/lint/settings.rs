//! `x-lint`: the settings of a contract for the rules.

use std::collections::HashMap;

use super::inventory::Inventory;
use super::{RuleSet, at, catalog};
use crate::document::{Document, Entry, NodeId, Value};
use crate::finding::{Finding, Level, one_of};
use crate::rules::{self, Rule};

const KEY: &str = "x-lint";

/// The levels that a setting can give a rule.
const LEVELS: [Level; 3] = [Level::Editorial, Level::Risky, Level::Breaking];

/// A valid setting.
struct Setting {
    /// The object `x-lint`.
    node: NodeId,
    /// The id of the rule, which is the key in the object.
    id: &'static str,
    /// The level; `None` silences the rule.
    level: Option<Level>,
    is_used: bool,
}

/// Applies the settings of the contract to findings, and adds the findings about the settings.
pub(super) fn apply(
    inventory: &Inventory<'_>,
    document: &Document,
    sets: &[&RuleSet],
    findings: Vec<Finding>,
) -> Vec<Finding> {
    let mut reader = SettingsReader {
        document,
        sets,
        settings: Vec::new(),
        by_location: HashMap::new(),
        findings: Vec::new(),
    };
    for part in &inventory.parts {
        if let Some(node) = document.get(part.node, KEY) {
            reader.read(part.node, node);
        }
    }
    let root = key(document.source().name(), "");
    let mut kept = findings;
    kept.retain_mut(|finding| {
        let Some(index) = closest(&reader.by_location, &root, finding) else {
            return true;
        };
        let setting: &mut Setting = &mut reader.settings[index];
        setting.is_used = true;
        if let Some(level) = setting.level {
            finding.level = level;
            finding.wire = level;
        }
        setting.level.is_some()
    });
    for Setting { node, id, .. } in reader.settings.iter().filter(|setting| !setting.is_used) {
        let location = at(*node).property(id);
        let fact = format!("no finding of `{id}` at this location or below it");
        let rule = rules::LINT_SETTING_UNUSED;
        let mut finding = catalog::finding(document, sets, rule, location, fact);
        finding.remedy = format!("Delete `{id}` from `x-lint`.");
        reader.findings.push(finding);
    }
    kept.append(&mut reader.findings);
    kept
}

/// The setting for a finding on the object that is closest to its location. Settings at the root of the
/// contract apply to all files.
fn closest(
    by_location: &HashMap<String, HashMap<&'static str, usize>>,
    root: &str,
    finding: &Finding,
) -> Option<usize> {
    let location = finding.old.as_ref()?;
    let own = key(&location.file, &location.pointer);
    let of_rule = |location: &str| by_location.get(location)?.get(finding.rule.id).copied();
    let mut end = own.len();
    loop {
        if let Some(index) = of_rule(&own[..end]) {
            return Some(index);
        }
        if end == key(&location.file, "").len() {
            break;
        }
        end = own[..end].rfind('/')?;
    }
    of_rule(root)
}

/// A location in a file, as a string.
fn key(file: &str, pointer: &str) -> String {
    format!("{file}#{pointer}")
}

struct SettingsReader<'a> {
    document: &'a Document,
    sets: &'a [&'a RuleSet],
    settings: Vec<Setting>,
    /// Indexes of settings, by the location of the object with `x-lint`, and the id of the rule.
    by_location: HashMap<String, HashMap<&'static str, usize>>,
    findings: Vec<Finding>,
}

impl SettingsReader<'_> {
    fn read(&mut self, owner: NodeId, node: NodeId) {
        let document = self.document;
        let Value::Object(entries) = document.node(node).value else {
            let kind = document.node(node).value.kind();
            let finding = catalog::finding(
                document,
                self.sets,
                rules::LINT_SETTING_INVALID,
                at(node),
                format!("`x-lint` must be an object, but is {kind}"),
            );
            self.findings.push(finding);
            return;
        };
        let location = key(document.source_of(owner).name(), &document.pointer(owner));
        for entry in entries {
            let Some((id, level)) = self.setting(node, entry) else {
                continue;
            };
            let index = self.settings.len();
            self.settings.push(Setting {
                node,
                id,
                level,
                is_used: false,
            });
            let here = self.by_location.entry(location.clone()).or_default();
            here.insert(id, index);
        }
    }

    /// A setting, if it is valid.
    fn setting(&mut self, node: NodeId, entry: Entry<'_>) -> Option<(&'static str, Option<Level>)> {
        let document = self.document;
        let id = entry.key;
        let Some(rule) = catalog::entry(self.sets, id) else {
            let known = self.sets.iter().flat_map(|set| set.rules);
            let known = known.filter(|rule| rule.can_be_set()).map(|rule| rule.rule);
            let remedy = match rules::nearest(id, known).first() {
                Some(nearest) => format!("Use `{nearest}`, or delete the setting."),
                None => "Delete the setting.".to_owned(),
            };
            let fact = format!("unknown rule `{id}`");
            self.report(rules::LINT_RULE_UNKNOWN, node, entry, fact, remedy);
            return None;
        };
        if !rule.can_be_set() {
            let fact = format!("the rule `{id}` cannot be configured");
            let remedy = "Delete the setting.".to_owned();
            self.report(rules::LINT_RULE_UNKNOWN, node, entry, fact, remedy);
            return None;
        }
        let (reason, level) = match document.node(entry.value).value {
            Value::String(reason) => (Some(reason), Ok(None)),
            Value::Null => (None, Ok(None)),
            Value::Object(_) => (
                document.get_text(entry.value, "reason"),
                level(document, entry.value),
            ),
            other => {
                let kind = other.kind();
                let fact =
                    format!("the setting of `{id}` must be a reason or an object, but is {kind}");
                (Some(kind), Err((fact, format!("Write `{id}: reason`."))))
            }
        };
        let level = match level {
            Ok(level) => level,
            Err((fact, remedy)) => {
                self.report(rules::LINT_SETTING_INVALID, node, entry, fact, remedy);
                return None;
            }
        };
        if reason.is_none_or(|reason| reason.trim().is_empty()) {
            let fact = format!("the setting of `{id}` has no reason");
            let remedy = match level {
                None => format!("Write `{id}: reason`."),
                Some(level) => format!("Write `{id}: {{level: {level}, reason: ...}}`."),
            };
            self.report(rules::LINT_REASON_MISSING, node, entry, fact, remedy);
            return None;
        }
        Some((rule.rule.id, level))
    }

    fn report(&mut self, rule: Rule, node: NodeId, entry: Entry<'_>, fact: String, remedy: String) {
        let location = at(node).property(entry.key);
        let mut finding = catalog::finding(self.document, self.sets, rule, location, fact);
        finding.remedy = remedy;
        self.findings.push(finding);
    }
}

/// The level of a setting that is an object; `None` if it has no level.
///
/// # Errors
/// When the level is not one of [`LEVELS`]: the fact and the remedy.
fn level(document: &Document, setting: NodeId) -> Result<Option<Level>, (String, String)> {
    let Some(node) = document.get(setting, "level") else {
        return Ok(None);
    };
    let text = document.text(node);
    let level = LEVELS
        .into_iter()
        .find(|level| text == Some(&*level.to_string()));
    match (level, text) {
        (Some(level), _) => Ok(Some(level)),
        (None, Some(text)) => Err((format!("unknown level `{text}`"), remedy())),
        (None, None) => {
            let kind = document.node(node).value.kind();
            Err((format!("`level` must be a string, but is {kind}"), remedy()))
        }
    }
}

fn remedy() -> String {
    let levels = LEVELS.map(|level| level.to_string());
    let levels = one_of(levels.iter().map(String::as_str)).unwrap_or_default();
    format!("Use {levels}.")
}
