//! JSON pointers with the names of array elements.

use crate::document::{Document, NodeId, escape_token, unescape_token};

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
                let key = unescape_token(step);
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
            (_, Some(location), Some(name), _) => format!("{location}:{name}"),
            (.., Some(title)) => title.to_owned(),
            _ => document.text(element)?.to_owned(),
        };
        Some(escape_token(&name))
    };
    let name = name_of(element)?;
    let same = elements
        .iter()
        .filter(|&&other| name_of(other).as_ref() == Some(&name));
    (same.count() == 1).then_some(name)
}
