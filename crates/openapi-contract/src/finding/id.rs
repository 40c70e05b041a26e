//! What a finding is called from one comparison to the next.

use super::{Direction, Finding, Location};
use crate::document::{Document, NodeId, escape};

impl Finding {
    /// The id of the finding: its rule and its place, and what it is about where several findings
    /// of a rule share a place.
    ///
    /// It does not change with line numbers, with the order of members, parameters and
    /// alternatives, or with sentences. No two findings of a comparison have the same.
    pub fn id(&self) -> String {
        let place = place(self.old.as_ref(), self.new.as_ref());
        let mut id = format!("{} {place}", self.rule.id);
        for word in [self.subject.join(", "), direction(self.direction, &place)] {
            if !word.is_empty() {
                id.push(' ');
                id += &word;
            }
        }
        id
    }
}

/// The place on the side that has what the finding is about; both, where that cannot be told.
fn place(old: Option<&Location>, new: Option<&Location>) -> String {
    let shown = |location: &Location| location.named_pointer.clone();
    match (old, new) {
        // What is gone or new is deeper on the side that has it.
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

/// The direction, unless the place says it: what a component is used for, it does not.
fn direction(direction: Option<Direction>, place: &str) -> String {
    let said = if let Some(path) = place.strip_prefix("#/paths/") {
        match path.split('/').nth(2) {
            Some("responses") => Some(Direction::Response),
            _ => Some(Direction::Request),
        }
    } else {
        let is_in = |name: &str| place.starts_with(&format!("#/components/{name}/"));
        match () {
            () if is_in("responses") || is_in("headers") => Some(Direction::Response),
            () if is_in("parameters") || is_in("requestBodies") => Some(Direction::Request),
            () => None,
        }
    };
    match direction {
        Some(Direction::Request) if said != direction => "(request)".to_owned(),
        Some(Direction::Response) if said != direction => "(response)".to_owned(),
        _ => String::new(),
    }
}

/// The JSON pointer of a value, behind `#` and the name of a file that is not the contract's own.
/// Elements of lists have their names in place of numbers, where they have some: an element keeps
/// its name when others come before it.
pub(super) fn named_pointer(document: &Document, node: NodeId) -> String {
    let (main, own) = (document.source().name(), document.source_of(node).name());
    let pointer = document.pointer(node);
    if own != main {
        // The folder differs between a file and a revision of it.
        let folder = main.rfind(['/', ':']).map_or("", |end| &main[..=end]);
        let file = own.strip_prefix(folder).unwrap_or(own);
        return format!("{file}#{pointer}");
    }
    let mut named = "#".to_owned();
    let mut at = Some(document.root());
    for step in pointer.split('/').skip(1) {
        let index = at.and_then(|list| {
            let elements = document.elements(list);
            let index: usize = step.parse().ok()?;
            Some((elements, *elements.get(index)?))
        });
        named.push('/');
        match index {
            Some((elements, element)) => {
                named += &element_name(document, elements, element).unwrap_or(step.to_owned());
                at = Some(element);
            }
            None => {
                named += step;
                let key = step.replace("~1", "/").replace("~0", "~");
                at = at.and_then(|object| document.get(object, &key));
            }
        }
    }
    named
}

/// What an element of a list is called, if no other of the list is called so.
fn element_name(document: &Document, elements: &[NodeId], element: NodeId) -> Option<String> {
    let name_of = |element: NodeId| {
        let text = |key| document.get_text(element, key);
        let name = match (text("$ref"), text("in"), text("name"), text("title")) {
            (Some(target), ..) => target.rsplit('/').next()?.to_owned(),
            (_, Some(place), Some(name), _) => format!("{place}:{name}"),
            (.., Some(title)) => title.to_owned(),
            _ => document.text(element)?.to_owned(),
        };
        Some(escape(&name))
    };
    let name = name_of(element)?;
    let same = elements
        .iter()
        .filter(|&&other| name_of(other).as_ref() == Some(&name));
    (same.count() == 1).then_some(name)
}
