//! Unused components and security schemes.

use std::collections::HashMap;

use super::inventory::{Component, ObjectKind};
use super::{Lint, at};
use crate::document::{Document, NodeId};
use crate::model::Problem;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let uses = ComponentUses::new(lint);
    let is_used = uses.reachable();
    for (component, is_used) in lint.inventory.components.iter().zip(is_used) {
        if is_used {
            continue;
        }
        let name = component.name;
        let (rule, fact, remedy) = match component.group {
            "securitySchemes" => (
                rules::SECURITY_SCHEME_UNUSED,
                format!("no operation requires the security scheme `{name}`"),
                format!(
                    "Name `{name}` in the `security` of the operations that need it, or delete it."
                ),
            ),
            group => (
                rules::COMPONENT_UNUSED,
                format!("no operation uses `{name}` in `components.{group}`"),
                format!("Refer to `#/components/{group}/{name}`, or delete it."),
            ),
        };
        lint.report(rule, at(component.node), fact).remedy = remedy;
    }
}

/// Which components use which others, by their index in the inventory.
struct ComponentUses {
    from_outside: Vec<usize>,
    from_components: Vec<Vec<usize>>,
}

impl ComponentUses {
    fn new(lint: &mut Lint<'_>) -> Self {
        let document = lint.document;
        let components = &lint.inventory.components;
        let indexes: HashMap<(&str, &str), usize> = components
            .iter()
            .enumerate()
            .map(|(index, component)| ((component.group, component.name), index))
            .collect();
        let by_node = resolved(document, components);
        let mut uses = Self {
            from_outside: Vec::new(),
            from_components: vec![Vec::new(); components.len()],
        };
        for reference in &lint.inventory.references {
            let target = target(reference.target).and_then(|target| indexes.get(&target));
            uses.add(reference.part.component, target);
            let resolved = document.resolve(reference.part.node).ok();
            let targets = resolved.and_then(|node| by_node.get(&node));
            for index in targets.into_iter().flatten() {
                uses.add(reference.part.component, Some(index));
            }
        }
        for part in lint.inventory.of(ObjectKind::Schema) {
            let Some(discriminator) = document.get(part.node, "discriminator") else {
                continue;
            };
            let mapping = document.members(discriminator, "mapping").iter();
            for text in mapping.filter_map(|entry| document.text(entry.value)) {
                // A mapping contains references or names of schemas.
                let target = target(text).unwrap_or(("schemas", text));
                uses.add(part.component, indexes.get(&target));
            }
        }
        for part in lint.inventory.of(ObjectKind::SecurityRequirement) {
            for entry in document.entries(part.node) {
                let index = indexes.get(&("securitySchemes", entry.key));
                uses.add(part.component, index);
                if index.is_none() {
                    let problem =
                        Problem::unknown_security_scheme(document, entry.key, entry.value);
                    lint.findings.push(problem.to_finding(document));
                }
            }
        }
        uses
    }

    fn add(&mut self, from: Option<usize>, to: Option<&usize>) {
        let list = match from {
            Some(index) => &mut self.from_components[index],
            None => &mut self.from_outside,
        };
        list.extend(to);
    }

    /// Whether each component is used from outside of `components`, directly or through others.
    fn reachable(&self) -> Vec<bool> {
        let mut is_reached = vec![false; self.from_components.len()];
        let mut todo = self.from_outside.clone();
        while let Some(index) = todo.pop() {
            if !is_reached[index] {
                is_reached[index] = true;
                todo.extend(&self.from_components[index]);
            }
        }
        is_reached
    }
}

/// The components by the value that they refer to: other files may refer to the value instead of the
/// component.
fn resolved(document: &Document, components: &[Component<'_>]) -> HashMap<NodeId, Vec<usize>> {
    let mut by_node: HashMap<NodeId, Vec<usize>> = HashMap::new();
    for (index, component) in components.iter().enumerate() {
        let node = document.resolve(component.node);
        // A component that is a reference uses its target in the same file, not the other way round.
        let is_outside = |node: &NodeId| document.sort_key(*node).0 != 0;
        if let Some(node) = node.ok().filter(is_outside) {
            by_node.entry(node).or_default().push(index);
        }
    }
    by_node
}

/// The group and the name of the component that a reference points to or into.
fn target(reference: &str) -> Option<(&str, &str)> {
    let (_, fragment) = reference.split_once('#')?;
    let path = fragment.strip_prefix("/components/")?;
    let (group, rest) = path.split_once('/')?;
    let name = rest.split_once('/').map_or(rest, |(name, _)| name);
    Some((group, name))
}
