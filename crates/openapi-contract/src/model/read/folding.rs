//! The last step of reading schemas: merges unions whose members have different types, determines
//! whether null is allowed, and replaces schemas that allow everything or nothing by constants.

use std::collections::HashSet;

use super::schemas::{SchemaReader, SchemaSource};
use crate::document::NodeId;
use crate::model::schema::{Opaque, Schema, SchemaId, Schemas, Union};

impl SchemaReader<'_> {
    /// The schemas with unions, members before the schemas that contain them, except for recursion.
    pub(super) fn inner_unions_first(&self) -> Vec<SchemaId> {
        let mut order = Vec::new();
        let mut seen = HashSet::new();
        for &root in self.unions.keys() {
            let mut todo = vec![(root, false)];
            while let Some((id, is_done)) = todo.pop() {
                let schema = self.schemas.get(id);
                let unions = self.unions.get(&id);
                if is_done {
                    order.extend(unions.map(|_| id));
                } else if (unions.is_some() || schema.is_open()) && seen.insert(id) {
                    todo.push((id, true));
                    let members = unions
                        .into_iter()
                        .flatten()
                        .flat_map(|union| &union.members);
                    todo.extend(members.map(|&member| (member, false)));
                    let kept =
                        ["not", "if", "then", "else"].map(|keyword| subschemas_of(schema, keyword));
                    todo.extend(kept.into_iter().flatten().map(|id| (id, false)));
                    // The effect of a condition can depend on these.
                    if schema.is_open() {
                        todo.extend(open_subschemas(schema).map(|id| (id, false)));
                    }
                }
            }
        }
        order
    }

    /// Determines null, and merges unions into the constraints of the types if their members have
    /// different types or if only one is left.
    pub(super) fn fold(&mut self, id: SchemaId) {
        self.remove_idle_conditions(id);
        let Some(mut unions) = self.unions.remove(&id) else {
            return;
        };
        self.folded.insert(id);
        let base = self.schemas.get(id).clone();
        let mut null = base.null && self.allows_null(&base);
        if unions.is_empty() {
            let schema = &mut self.schemas.schemas[id.0 as usize];
            schema.null = null;
            remove_beside_null(schema);
            return;
        }
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
        self.folding.push(id);
        let is_null_at_most =
            !base.allows_some_value() || unions.iter().any(|union| union.members.is_empty());
        let folded = if is_null_at_most {
            let sources = base.sources.clone();
            Some(Schema {
                sources,
                ..Schema::default()
            })
        } else {
            let merged = self.merge_single(id, &base, &unions, null);
            merged.or_else(|| self.fold_unions(&base, &unions, null))
        };
        self.folding.pop();
        let mut schema = folded.unwrap_or_else(|| Schema {
            unions,
            ..base.clone()
        });
        // After merging, the other unions may have no effect.
        remove_beside_null(&mut schema);
        schema.null = null;
        schema.component = base.component;
        schema.node = base.node;
        schema.annotations = base.annotations;
        self.schemas.schemas[id.0 as usize] = schema;
    }

    /// The schema with its unions merged whose members have different types; `None` if that is not
    /// possible.
    fn fold_unions(&mut self, base: &Schema, unions: &[Union], null: bool) -> Option<Schema> {
        const MOST_COMBINATIONS: usize = 64;
        let (single, several) = self.single_and_several(unions, null);
        let mut combinations = vec![self.own_sources(base, &single)];
        let mut rest = Vec::new();
        for union in several {
            let count = combinations.len() * union.members.len();
            // Most unions have objects as members: skip the merge, which would fail.
            if count > MOST_COMBINATIONS || self.merge_all(&union.members, Vec::new()).is_none() {
                rest.push(union.clone());
                continue;
            }
            let parts = |member: &SchemaId| &self.sources[member.0 as usize];
            combinations = combinations
                .iter()
                .flat_map(|own| {
                    let members = union.members.iter().map(parts);
                    members.map(|parts| own.iter().chain(&**parts).copied().collect())
                })
                .collect();
        }
        if rest.len() == unions.len() - single.len() {
            return None;
        }
        let members: Vec<SchemaId> = combinations
            .into_iter()
            .map(|parts| self.all_of(parts))
            .collect();
        self.drain();
        if !members.iter().all(|&member| self.is_folded(member)) {
            return None;
        }
        let mut schema = self.merge_all(&members, base.sources.clone())?;
        schema.unions = rest;
        Some(schema)
    }

    /// The unions with one member that can be merged without changing the meaning, and the others.
    /// A member that rejects null would also reject the null that the union allows beside it.
    fn single_and_several<'u>(
        &self,
        unions: &'u [Union],
        null: bool,
    ) -> (Vec<&'u Union>, Vec<&'u Union>) {
        unions.iter().partition(|union| match union.members[..] {
            [only] => !null || self.allows_null(self.schemas.get(only)),
            _ => false,
        })
    }

    /// Whether the opaque keywords allow null.
    fn allows_null(&self, schema: &Schema) -> bool {
        let null = |id: SchemaId| self.schemas.get(id).null;
        let subschemas_of = |keyword: &str| subschemas_of(schema, keyword);
        let is_forbidden = subschemas_of("not").into_iter().any(null);
        let (then, otherwise) = (subschemas_of("then"), subschemas_of("else"));
        let mut conditions = subschemas_of("if").into_iter().enumerate();
        !is_forbidden
            && conditions.all(|(index, condition)| {
                let applies = if null(condition) { &then } else { &otherwise };
                applies.get(index).is_none_or(|&id| null(id))
            })
    }

    /// The sources that must hold besides unions of several members.
    fn own_sources(&self, base: &Schema, single: &[&Union]) -> Vec<SchemaSource> {
        let mut own = self.bases(base);
        for union in single {
            let member = union.members[0];
            let flat = self.flat.get(&member).map(Vec::as_slice);
            own.extend(flat.unwrap_or(&self.sources[member.0 as usize]));
        }
        own
    }

    /// The sources of a schema without the keywords that combine schemas.
    fn bases(&self, schema: &Schema) -> Vec<SchemaSource> {
        let sources = schema.sources.iter();
        sources
            .filter(|&&source| !self.only_combines(source))
            .map(|&source| SchemaSource::Base(source))
            .collect()
    }

    /// A schema with its unions of one member merged into it.
    fn merge_single(
        &mut self,
        merging: SchemaId,
        base: &Schema,
        unions: &[Union],
        null: bool,
    ) -> Option<Schema> {
        let (single, several) = self.single_and_several(unions, null);
        if single.is_empty() {
            return None;
        }
        let mut parts = self.own_sources(base, &single);
        for union in several {
            let is_nullable = union.members.iter().any(|member| {
                self.sources[member.0 as usize][..] == [SchemaSource::NotNullable(union.node)]
            });
            parts.push(if is_nullable {
                SchemaSource::Node(union.node)
            } else {
                SchemaSource::Alternatives(union.node, union.exactly_one)
            });
        }
        let id = self.all_of(parts);
        self.drain();
        let has_unions = self.unions.contains_key(&id) || self.folded.contains(&id);
        if !self.is_folded(id) {
            return None;
        }
        let mut schema = self.schemas.get(id).clone();
        if null && !self.allows_null(&schema) {
            return None;
        }
        let flat = if has_unions {
            self.flat.get(&id).cloned()
        } else {
            schema.allows_some_value().then(|| self.bases(&schema))
        };
        self.flat.extend(flat.map(|flat| (merging, flat)));
        if schema.sources.is_empty() {
            schema.sources.clone_from(&base.sources);
        }
        Some(schema)
    }

    /// Merges the unions of a schema that was not requested before, up to a nesting limit.
    fn is_folded(&mut self, id: SchemaId) -> bool {
        // Each can require the next. Real schemas are not nested this deeply.
        const DEEPEST: usize = 8;
        let is_pending = self.unions.contains_key(&id);
        if self.folding.contains(&id) || is_pending && self.folding.len() >= DEEPEST {
            return false;
        }
        self.fold(id);
        true
    }

    /// The members as one schema, unless two of them have constraints for one type.
    pub(super) fn merge_all(&self, members: &[SchemaId], sources: Vec<NodeId>) -> Option<Schema> {
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

    /// Replaces references to schemas that allow everything or nothing by the constants.
    pub(super) fn replace_trivial_subschemas(&mut self) {
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
        // Subschemas usually have higher ids, so that few rounds suffice.
        const MOST_ROUNDS: usize = 50;
        for _ in 0..MOST_ROUNDS {
            let mut is_settled = true;
            for index in (0..self.schemas.schemas.len()).rev() {
                let schema = &self.schemas.schemas[index];
                let additional = schema.object.as_ref().map(|rules| rules.additional);
                let items = schema.array.as_ref().map(|rules| rules.items);
                let [additional, items] = [additional, items].map(|inner| {
                    let one = one_id(&self.schemas, inner?);
                    (Some(one) != inner).then_some(one)
                });
                is_settled &= additional.is_none() && items.is_none();
                let schema = &mut self.schemas.schemas[index];
                if let (Some(rules), Some(id)) = (&mut schema.object, additional) {
                    rules.additional = id;
                }
                if let (Some(rules), Some(id)) = (&mut schema.array, items) {
                    rules.items = id;
                }
            }
            if is_settled {
                break;
            }
        }
    }

    /// Removes conditions without effect, once all unions are merged.
    pub(super) fn simplify_conditions(&mut self) {
        for index in (0..self.schemas.schemas.len()).rev() {
            if self.schemas.schemas[index].opaque.contains_key("if") {
                self.remove_idle_conditions(SchemaId(index as u32));
            }
        }
    }

    /// Removes `then` and `else` that allow everything, and `if` without both.
    fn remove_idle_conditions(&mut self, id: SchemaId) {
        let schema = self.schemas.get(id);
        let narrows = |keyword: &str| -> Vec<bool> {
            let outcomes = subschemas_of(schema, keyword).into_iter();
            outcomes.map(|id| !self.is_any(id)).collect()
        };
        let (then, otherwise) = (narrows("then"), narrows("else"));
        let matters = |index: usize| {
            let mut outcomes = [&then, &otherwise].into_iter();
            outcomes.any(|outcome| outcome.get(index) == Some(&true))
        };
        let matters: Vec<bool> = (0..subschemas_of(schema, "if").len())
            .map(matters)
            .collect();
        let schema = &mut self.schemas.schemas[id.0 as usize];
        schema.opaque.retain(|keyword, said| {
            let is_said = match keyword.as_str() {
                "if" => matters.contains(&true),
                "then" => then.contains(&true),
                "else" => otherwise.contains(&true),
                _ => return true,
            };
            let mut matters = matters.iter();
            said.retain(|_| matters.next() == Some(&true));
            is_said
        });
    }

    /// Whether a schema allows everything, even if its subschemas are not replaced by constants
    /// yet.
    fn is_any(&self, id: SchemaId) -> bool {
        // Real schemas without constraints are not nested this deeply.
        const MOST_SCHEMAS: usize = 100;
        let mut met = HashSet::from([id]);
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            let schema = self.schemas.get(id);
            let is_pending = self.folding.contains(&id)
                || self.unions.get(&id).is_some_and(|all| !all.is_empty());
            let mut kept = schema.opaque.keys();
            let is_open = schema.is_open()
                && schema.unions.is_empty()
                && !is_pending
                && kept.all(|keyword| matches!(keyword.as_str(), "if" | "then" | "else"));
            if !is_open || met.len() > MOST_SCHEMAS {
                return false;
            }
            let outcomes = ["then", "else"].map(|keyword| subschemas_of(schema, keyword));
            let inside = open_subschemas(schema).chain(outcomes.into_iter().flatten());
            todo.extend(inside.filter(|&id| met.insert(id)));
        }
        true
    }

    /// A schema that allows nothing has no other keywords.
    pub(super) fn replace_never(&mut self) {
        for schema in &mut self.schemas.schemas {
            if schema.is_never() {
                *schema = Schema {
                    component: schema.component.take(),
                    node: schema.node,
                    sources: std::mem::take(&mut schema.sources),
                    ..Schema::default()
                };
            }
        }
    }
}

/// The schemas of an opaque keyword.
fn subschemas_of(schema: &Schema, keyword: &str) -> Vec<SchemaId> {
    let values = schema.opaque.get(keyword).into_iter().flatten();
    values
        .filter_map(|opaque| match opaque {
            Opaque::Schema(id) => Some(*id),
            Opaque::Json(_) | Opaque::Unreadable(_) | Opaque::Schemas(_) => None,
        })
        .collect()
}

/// The schemas of items and of undeclared properties.
fn open_subschemas(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let items = schema.array.iter().map(|rules| rules.items);
    items.chain(schema.object.iter().map(|rules| rules.additional))
}

/// Removes the unions and opaque keywords of a schema that allows at most null, because they don't
/// affect null.
fn remove_beside_null(schema: &mut Schema) {
    if !schema.allows_some_value() {
        schema.unions.clear();
        schema.opaque.clear();
    }
}

/// Adds the constraints of `member` to `folded`. Returns false if both have constraints for one
/// type.
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
