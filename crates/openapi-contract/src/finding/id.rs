//! Stable ids of findings.

use super::{Direction, Finding, Location};

impl Finding {
    /// The id of the finding: its rule and its location, and its subject if several findings of a
    /// rule share a location.
    ///
    /// It is independent of line numbers, of the order of properties, parameters and alternatives,
    /// and of the wording of messages. It is unique among the findings of a comparison.
    pub fn id(&self) -> String {
        let location = location(self.old.as_ref(), self.new.as_ref());
        let mut id = format!("{} {location}", self.rule.id);
        let direction = direction(self.direction, &location);
        for part in [&*self.subject.join(", "), direction] {
            if !part.is_empty() {
                id.push(' ');
                id += part;
            }
        }
        id
    }
}

/// The location on the side that has the subject of the finding; both, if the locations differ.
fn location(old: Option<&Location>, new: Option<&Location>) -> String {
    let shown = |location: &Location| location.named_pointer.clone();
    match (old, new) {
        // A value that was added or removed has a deeper location on the side that has it.
        (Some(old), Some(new)) if is_inside(&old.named_pointer, &new.named_pointer) => shown(old),
        (Some(old), Some(new)) if is_inside(&new.named_pointer, &old.named_pointer) => shown(new),
        (Some(old), Some(new)) => format!("{} -> {}", shown(old), shown(new)),
        (Some(only), None) | (None, Some(only)) => shown(only),
        (None, None) => String::new(),
    }
}

fn is_inside(inner: &str, outer: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The direction, unless the location implies it. The location of a component does not.
fn direction(direction: Option<Direction>, location: &str) -> &'static str {
    let implied = if let Some(path) = location.strip_prefix("#/paths/") {
        match path.split('/').nth(2) {
            Some("responses") => Some(Direction::Response),
            _ => Some(Direction::Request),
        }
    } else {
        let is_in = |name: &str| location.starts_with(&format!("#/components/{name}/"));
        match () {
            () if is_in("responses") || is_in("headers") => Some(Direction::Response),
            () if is_in("parameters") || is_in("requestBodies") => Some(Direction::Request),
            () => None,
        }
    };
    match direction {
        Some(Direction::Request) if implied != direction => "(request)",
        Some(Direction::Response) if implied != direction => "(response)",
        _ => "",
    }
}
