//! Stable ids of findings.

use super::{Direction, Finding, Location};
use crate::document::{Document, NodeId, escape};

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

/// The JSON pointer of a value after `#`, preceded by the name of the file if it is not the main file.
/// Array elements are identified by their names instead of their indexes if they have unique names,
/// so that the pointer is stable when elements are inserted.
pub(super) fn named_pointer(document: &Document, node: NodeId) -> String {
    let (main, own) = (document.source().name(), document.source_of(node).name());
    let pointer = document.pointer(node);
    if own != main {
        // The directory differs between a file and a revision of it.
        let directory = main.rfind(['/', ':']).map_or("", |end| &main[..=end]);
        let file = own.strip_prefix(directory).unwrap_or(own);
        return format!("{file}#{pointer}");
    }
    let mut named = "#".to_owned();
    let mut at = Some(document.root());
    for step in pointer.split('/').skip(1) {
        let index = at.and_then(|array| {
            let elements = document.elements(array);
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

/// The name of an array element, if no other element of the array has it.
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
