//! Which schemas are sent and received, and which differ by that.

use std::collections::{HashMap, HashSet};

use openapi_contract::model::{Contract, Schema, SchemaId};

use super::super::Usage;
use super::Key;
use super::scalars::is_plain_default;

/// How schemas are used.
#[derive(Debug, Default)]
pub(super) struct Usages {
    keys: HashMap<SchemaId, Key>,
    of: HashMap<Key, Usage>,
    differing: HashSet<Key>,
}

impl Usages {
    /// Follows the schemas of all operations that clients call.
    pub(super) fn of(contract: &Contract) -> Self {
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        let operations = contract.operations.values();
        for operation in operations.filter(|operation| !operation.is_callback_or_webhook) {
            sent.extend(
                operation
                    .parameters
                    .values()
                    .map(|parameter| parameter.schema),
            );
            let bodies = operation.request_body.iter();
            sent.extend(bodies.flat_map(|body| body.content.values().map(|body| body.schema)));
            for response in operation.responses.values() {
                received.extend(response.headers.values().map(|header| header.schema));
                received.extend(response.content.values().map(|body| body.schema));
            }
        }
        let mut usages = Self::default();
        let sent = reachable(contract, sent);
        let received = reachable(contract, received);
        for id in sent.iter().chain(&received) {
            let key = Key::of(contract, *id);
            usages.keys.insert(*id, key);
            let usage = usages.of.entry(key).or_default();
            usage.in_requests |= sent.contains(id);
            usage.in_responses |= received.contains(id);
        }
        usages.find_differing(contract);
        usages
    }

    /// Where values of a schema are sent.
    pub(super) fn of_schema(&self, id: SchemaId) -> Usage {
        let usage = self.keys.get(&id).and_then(|key| self.of.get(key));
        usage.copied().unwrap_or_default()
    }

    /// Whether requests and responses both contain a schema, and not the same values of it.
    pub(super) fn differs(&self, id: SchemaId) -> bool {
        self.keys
            .get(&id)
            .is_some_and(|key| self.differing.contains(key))
    }

    fn find_differing(&mut self, contract: &Contract) {
        let mut containers: HashMap<Key, Vec<Key>> = HashMap::new();
        let mut todo = Vec::new();
        for (&id, &key) in &self.keys {
            let usage = self.of_schema(id);
            if !(usage.in_requests && usage.in_responses) {
                continue;
            }
            let schema = contract.schemas.get(id);
            for child in children(schema) {
                let child = Key::of(contract, child);
                containers.entry(child).or_default().push(key);
            }
            if has_sided_properties(contract, schema) {
                todo.push(key);
            }
        }
        while let Some(key) = todo.pop() {
            if self.differing.insert(key) {
                todo.extend(containers.get(&key).into_iter().flatten());
            }
        }
    }
}

/// Whether an object has properties that only one side has, or that only one side may lack.
fn has_sided_properties(contract: &Contract, schema: &Schema) -> bool {
    let Some(object) = &schema.object else {
        return false;
    };
    object.properties.iter().any(|(name, id)| {
        let property = contract.schemas.get(*id);
        let annotations = property.annotations();
        let has_default = !object.required.contains(name)
            && annotations.default.as_ref().is_some_and(is_plain_default);
        annotations.read_only || annotations.write_only || has_default
    })
}

/// The schemas that values contain.
fn reachable(contract: &Contract, mut todo: Vec<SchemaId>) -> HashSet<SchemaId> {
    let mut found = HashSet::new();
    while let Some(id) = todo.pop() {
        if found.insert(id) {
            todo.extend(children(contract.schemas.get(id)));
        }
    }
    found
}

fn children(schema: &Schema) -> Vec<SchemaId> {
    let mut children = Vec::new();
    if let Some(array) = &schema.array {
        children.extend(&array.prefix);
        children.push(array.items);
    }
    if let Some(object) = &schema.object {
        children.extend(object.properties.values());
        children.extend(object.pattern_properties.values());
        children.push(object.additional);
    }
    children.extend(schema.unions.iter().flat_map(|union| &union.members));
    children
}
