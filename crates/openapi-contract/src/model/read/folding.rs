//! What can only be settled once all schemas are read: unions become one schema where their members
//! differ in type, null is decided, and schemas that allow everything or nothing get their one id.

use std::collections::HashSet;

use super::schemas::{Part, SchemaReader};
use crate::document::NodeId;
use crate::model::schema::{Opaque, Schema, SchemaId, Schemas, Union};

impl SchemaReader<'_> {
    /// The schemas with unions, members before the schemas that contain them, as far as recursion
    /// allows.
    pub(super) fn inner_unions_first(&self) -> Vec<SchemaId> {
        let mut order = Vec::new();
        let mut seen = HashSet::new();
        for &root in self.unions.keys() {
            let mut todo = vec![(root, false)];
            while let Some((id, is_done)) = todo.pop() {
                if is_done {
                    order.push(id);
                } else if self.unions.contains_key(&id) && seen.insert(id) {
                    todo.push((id, true));
                    let members = self.unions[&id].iter().flat_map(|union| &union.members);
                    todo.extend(members.map(|&member| (member, false)));
                }
            }
        }
        order
    }

    /// Settles null, and folds unions into the parts for the types where their members differ in
    /// type, or where one member is all that is left.
    pub(super) fn fold(&mut self, id: SchemaId) {
        let Some(mut unions) = self.unions.remove(&id) else {
            return;
        };
        let base = self.schemas.get(id).clone();
        let mut null = base.null;
        for union in &mut unions {
            let with_null = union
                .members
                .iter()
                .filter(|&&member| self.schemas.get(member).null);
            let count = with_null.count();
            null &= if union.exactly_one {
                count == 1
            } else {
                count > 0
            };
            union.members.retain(|&member| {
                let schema = self.schemas.get(member);
                let is_pending = self.unions.contains_key(&member) || member == id;
                is_pending || schema.allows_some_value()
            });
        }
        let folded = self.fold_unions(&base, &unions);
        let mut schema = folded.unwrap_or_else(|| Schema {
            unions,
            ..base.clone()
        });
        schema.null = null;
        schema.component = base.component;
        schema.notes = base.notes;
        self.schemas.schemas[id.0 as usize] = schema;
    }

    /// A schema with its unions folded; nothing where they must stay as they are.
    pub(super) fn fold_unions(&mut self, base: &Schema, unions: &[Union]) -> Option<Schema> {
        let (single, several): (Vec<&Union>, Vec<&Union>) =
            unions.iter().partition(|union| union.members.len() == 1);
        let mut own: Vec<Part> = Vec::new();
        for &leaf in &base.sources {
            if !self.only_combines(leaf) {
                own.push(Part::Base(leaf));
            }
        }
        for union in single {
            own.extend(&*self.parts[union.members[0].0 as usize]);
        }
        match several[..] {
            [] => self.settled(own, base),
            [union] => {
                // Most unions are of objects: do not join them with the rest only to find that out.
                self.join_all(&union.members, Vec::new())?;
                let members: Vec<SchemaId> = union
                    .members
                    .iter()
                    .map(|&member| {
                        if own.is_empty() {
                            return member;
                        }
                        let parts = &self.parts[member.0 as usize];
                        self.all_of(parts.iter().chain(&own).copied().collect())
                    })
                    .collect();
                self.drain();
                self.join_all(&members, base.sources.clone())
            }
            _ => None,
        }
    }

    /// The schema of parts, once it is settled that it has no unions of its own to fold.
    pub(super) fn settled(&mut self, parts: Vec<Part>, base: &Schema) -> Option<Schema> {
        let id = self.all_of(parts);
        self.drain();
        if self.unions.contains_key(&id) {
            return None;
        }
        let mut schema = self.schemas.get(id).clone();
        if schema.sources.is_empty() {
            schema.sources.clone_from(&base.sources);
        }
        Some(schema)
    }

    /// The members as one schema, unless two of them have rules for one type.
    pub(super) fn join_all(&self, members: &[SchemaId], sources: Vec<NodeId>) -> Option<Schema> {
        let mut folded = Schema {
            sources,
            ..Schema::default()
        };
        for &member in members {
            let schema = self.schemas.get(member);
            let is_settled = schema.is_plain() && !self.unions.contains_key(&member);
            if !is_settled || !join(&mut folded, schema) {
                return None;
            }
        }
        Some(folded)
    }

    /// Gives schemas that allow everything or nothing their one id where others refer to them.
    pub(super) fn settle_subschemas(&mut self) {
        let one_id = |schemas: &Schemas, id: SchemaId| {
            let schema = schemas.get(id);
            if schema.allows_everything() {
                Schemas::ANY
            } else if schema.is_never() {
                Schemas::NEVER
            } else {
                id
            }
        };
        for index in 0..self.schemas.schemas.len() {
            let schema = &self.schemas.schemas[index];
            let additional = schema
                .object
                .as_ref()
                .map(|rules| one_id(&self.schemas, rules.additional));
            let items = schema
                .array
                .as_ref()
                .map(|rules| one_id(&self.schemas, rules.items));
            let schema = &mut self.schemas.schemas[index];
            if let (Some(rules), Some(id)) = (&mut schema.object, additional) {
                rules.additional = id;
            }
            if let (Some(rules), Some(id)) = (&mut schema.array, items) {
                rules.items = id;
            }
        }
    }

    /// Forbids null where `not` does: null is decided by one flag alone.
    pub(super) fn settle_not(&mut self) {
        for index in 0..self.schemas.schemas.len() {
            let schema = &self.schemas.schemas[index];
            let forbids =
                schema
                    .opaque
                    .get("not")
                    .into_iter()
                    .flatten()
                    .any(|opaque| match opaque {
                        Opaque::Schema(id) => self.schemas.get(*id).null,
                        Opaque::Json(_) | Opaque::Schemas(_) => false,
                    });
            if forbids {
                self.schemas.schemas[index].null = false;
            }
        }
    }
}

/// Adds the parts of `member` to `folded`; false when both have rules for one type.
fn join(folded: &mut Schema, member: &Schema) -> bool {
    fn take<T: Clone>(slot: &mut Option<T>, other: &Option<T>) -> bool {
        let is_clash = slot.is_some() && other.is_some();
        if slot.is_none() {
            slot.clone_from(other);
        }
        !is_clash
    }
    let booleans_clash = folded.boolean.is_any() && member.boolean.is_any();
    if member.boolean.is_any() {
        folded.boolean = member.boolean;
    }
    folded.sources.extend(&member.sources);
    !booleans_clash
        && take(&mut folded.number, &member.number)
        && take(&mut folded.string, &member.string)
        && take(&mut folded.array, &member.array)
        && take(&mut folded.object, &member.object)
}
