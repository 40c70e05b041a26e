//! `x-lint`: what a contract says about the rules itself.

use std::collections::HashMap;

use super::inventory::Inventory;
use super::{at, catalog};
use crate::document::{Document, Entry, NodeId, Value};
use crate::finding::{Finding, Level};
use crate::rules::{self, Rule};

const KEY: &str = "x-lint";

/// A setting that has effect.
struct Setting {
    /// The object `x-lint`.
    node: NodeId,
    /// The rule's id, as the key there.
    id: &'static str,
    /// The level, or silence.
    level: Option<Level>,
    is_used: bool,
}

/// Findings with the settings of the contract, and findings about these settings.
pub(super) fn apply(
    inventory: &Inventory<'_>,
    document: &Document,
    findings: Vec<Finding>,
) -> Vec<Finding> {
    let mut reader = SettingsReader {
        document,
        settings: Vec::new(),
        by_place: HashMap::new(),
        findings: Vec::new(),
    };
    for part in &inventory.parts {
        if let Some(node) = document.get(part.node, KEY) {
            reader.read(part.node, node);
        }
    }
    let SettingsReader {
        mut settings,
        by_place,
        findings: mut about_settings,
        ..
    } = reader;
    let root = key(document.source().name(), "");
    let mut kept = findings;
    kept.retain_mut(|finding| {
        let Some(index) = nearest(&by_place, &root, finding) else {
            return true;
        };
        let setting: &mut Setting = &mut settings[index];
        setting.is_used = true;
        if let Some(level) = setting.level {
            finding.level = level;
            finding.wire = level;
        }
        setting.level.is_some()
    });
    for setting in settings.iter().filter(|setting| !setting.is_used) {
        about_settings.push(catalog::finding(
            document,
            rules::LINT_SETTING_UNUSED,
            at(setting.node).member(setting.id),
            format!("nothing of `{}` is found here or below", setting.id),
        ));
    }
    kept.append(&mut about_settings);
    kept
}

/// The setting for a finding on the object that is nearest to its place. What the root of the
/// contract says holds in all files.
fn nearest(
    by_place: &HashMap<String, HashMap<&'static str, usize>>,
    root: &str,
    finding: &Finding,
) -> Option<usize> {
    let location = finding.old.as_ref()?;
    let place = key(&location.file, &location.pointer);
    let of_rule = |place: &str| by_place.get(place)?.get(finding.rule.id).copied();
    let mut end = place.len();
    loop {
        if let Some(index) = of_rule(&place[..end]) {
            return Some(index);
        }
        if end == key(&location.file, "").len() {
            break;
        }
        end = place[..end].rfind('/')?;
    }
    of_rule(root)
}

/// A place in a file, as one text.
fn key(file: &str, pointer: &str) -> String {
    format!("{file}#{pointer}")
}

struct SettingsReader<'a> {
    document: &'a Document,
    settings: Vec<Setting>,
    /// Indexes of settings, by the place of the object they are on, and the rule's id.
    by_place: HashMap<String, HashMap<&'static str, usize>>,
    findings: Vec<Finding>,
}

impl SettingsReader<'_> {
    fn read(&mut self, owner: NodeId, node: NodeId) {
        let document = self.document;
        let Value::Object(entries) = document.node(node).value else {
            let fact = "`x-lint` is no object of rule ids and reasons".to_owned();
            let finding = catalog::finding(document, rules::LINT_SETTING_INVALID, at(node), fact);
            self.findings.push(finding);
            return;
        };
        let place = key(document.source_of(owner).name(), &document.pointer(owner));
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
            let here = self.by_place.entry(place.clone()).or_default();
            here.insert(id, index);
        }
    }

    /// A setting, when it is one.
    fn setting(&mut self, node: NodeId, entry: Entry<'_>) -> Option<(&'static str, Option<Level>)> {
        let document = self.document;
        let Some(known) = catalog::entry(entry.key).filter(|known| known.can_be_set()) else {
            let fact = match catalog::entry(entry.key) {
                Some(_) => format!("`{}` cannot be set", entry.key),
                None => format!("there is no rule `{}`", entry.key),
            };
            self.about(rules::LINT_RULE_UNKNOWN, node, entry, fact);
            return None;
        };
        let (reason, level) = match document.node(entry.value).value {
            Value::String(reason) => (Some(reason), Ok(None)),
            Value::Null => (None, Ok(None)),
            Value::Object(_) => (
                document.get_text(entry.value, "reason"),
                level(document, entry.value),
            ),
            other => (Some(other.kind()), Err(other.kind().to_owned())),
        };
        let level = match level {
            Ok(level) => level,
            Err(what) => {
                let fact = format!("`{}` is set to {what}", entry.key);
                self.about(rules::LINT_SETTING_INVALID, node, entry, fact);
                return None;
            }
        };
        if reason.is_none_or(|reason| reason.trim().is_empty()) {
            let fact = format!("`{}` is set without a reason", entry.key);
            self.about(rules::LINT_REASON_MISSING, node, entry, fact);
            return None;
        }
        Some((known.rule.id, level))
    }

    fn about(&mut self, rule: Rule, node: NodeId, entry: Entry<'_>, fact: String) {
        let place = at(node).member(entry.key);
        let finding = catalog::finding(self.document, rule, place, fact);
        self.findings.push(finding);
    }
}

/// The level of a setting that is written as an object; silence where it has none.
fn level(document: &Document, setting: NodeId) -> Result<Option<Level>, String> {
    let Some(node) = document.get(setting, "level") else {
        return Ok(None);
    };
    match document.text(node) {
        Some("editorial") => Ok(Some(Level::Editorial)),
        Some("risky") => Ok(Some(Level::Risky)),
        Some("breaking") => Ok(Some(Level::Breaking)),
        Some(other) => Err(format!("a level `{other}` that rules cannot have")),
        None => Err(format!(
            "a level that is {}",
            document.node(node).value.kind()
        )),
    }
}
