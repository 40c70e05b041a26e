//! Equality of schemas of two contracts, regardless of the names of their components.
//!
//! Schemas are graphs with cycles, and components are used in many places, so schemas can't be
//! compared as text. Instead, every schema gets a number for its own content and the numbers of its
//! subschemas. Schemas without recursion are numbered bottom-up. Recursive schemas are distinguished
//! in rounds, until a round distinguishes no further schemas (partition refinement).

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::contract::Contract;
use super::schema::{ArrayConstraints, ObjectConstraints, Opaque, Schema, SchemaId};

/// The maximum number of rounds. Recursive schemas that need more are treated as different.
const MOST_ROUNDS: usize = 200;

/// Numbers that are equal for equal schemas of two contracts.
#[derive(Debug)]
pub(crate) struct Fingerprints {
    /// The numbers of the schemas of the old contract, then of the new one.
    numbers: Vec<u64>,
    /// The number of schemas of the old contract.
    split: usize,
    /// The schemas that were not distinguished.
    unknown: HashSet<usize>,
}

/// What schemas are distinguished by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Values,
    Everything,
}

impl Fingerprints {
    /// Distinguishes schemas by the values they allow, as far as the canonical form shows them.
    pub(crate) fn of_values(old: &Contract, new: &Contract) -> Self {
        Self::new(old, new, Detail::Values)
    }

    /// Distinguishes schemas by everything that a comparison reports.
    pub(crate) fn of_everything(old: &Contract, new: &Contract) -> Self {
        Self::new(old, new, Detail::Everything)
    }

    fn new(old: &Contract, new: &Contract, by: Detail) -> Self {
        let split = old.schemas.schemas.len();
        let mut graph = SchemaGraph::default();
        for (schemas, offset) in [(&old.schemas, 0), (&new.schemas, split)] {
            for schema in &schemas.schemas {
                graph.add(schema, offset as u32, by);
            }
        }
        let mut numbers: Vec<u64> = graph.shapes.iter().map(|shape| shape.own).collect();
        let recursive = graph.number_bottom_up(&mut numbers);
        let is_stable = graph.number_by_rounds(&recursive, &mut numbers);
        Self {
            numbers,
            split,
            unknown: if is_stable {
                HashSet::new()
            } else {
                recursive.into_iter().collect()
            },
        }
    }

    /// Whether a schema of the old contract equals one of the new contract.
    pub(crate) fn are_same(&self, old: SchemaId, new: SchemaId) -> bool {
        let (old, new) = (old.0 as usize, self.split + new.0 as usize);
        self.numbers[old] == self.numbers[new] && !self.unknown.contains(&old)
    }
}

/// All schemas and their subschemas.
#[derive(Default)]
struct SchemaGraph {
    shapes: Vec<SchemaShape>,
    /// The subschemas of all schemas.
    inside: Vec<u32>,
}

/// The content of a schema, and its subschemas.
struct SchemaShape {
    own: u64,
    /// The range of its subschemas in [`SchemaGraph::inside`], in a significant order.
    inside: std::ops::Range<usize>,
    /// The content of each union, and its members. Their order is not significant.
    unions: Vec<(u64, Vec<u32>)>,
}

impl SchemaGraph {
    fn add(&mut self, schema: &Schema, offset: u32, by: Detail) {
        let mut hasher = DefaultHasher::new();
        let mut inside = Vec::new();
        (schema.null, schema.boolean.r#false, schema.boolean.r#true).hash(&mut hasher);
        (&schema.number, &schema.string).hash(&mut hasher);
        if let Some(rules) = &schema.array {
            array(rules, &mut hasher, &mut inside);
        }
        if let Some(rules) = &schema.object {
            object(rules, &mut hasher, &mut inside);
        }
        for (keyword, values) in &schema.opaque {
            keyword.hash(&mut hasher);
            for opaque in values {
                match opaque {
                    Opaque::Json(json) | Opaque::Unreadable(json) => text(json).hash(&mut hasher),
                    Opaque::Schema(id) => inside.push(*id),
                    Opaque::Schemas(schemas) => {
                        for (name, id) in schemas {
                            name.hash(&mut hasher);
                            inside.push(*id);
                        }
                    }
                }
            }
        }
        if by == Detail::Everything {
            hash_annotations(schema, &mut hasher);
        }
        let index = |id: &SchemaId| offset + id.0;
        let start = self.inside.len();
        self.inside.extend(inside.iter().map(index));
        self.shapes.push(SchemaShape {
            own: hasher.finish(),
            inside: start..self.inside.len(),
            unions: schema
                .unions
                .iter()
                .map(|union| {
                    let mut hasher = DefaultHasher::new();
                    union.exactly_one.hash(&mut hasher);
                    if by == Detail::Everything {
                        union.discriminator.hash(&mut hasher);
                    }
                    let members = union.members.iter().map(index);
                    (hasher.finish(), members.collect())
                })
                .collect(),
        });
    }

    fn children(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let shape = &self.shapes[index];
        let inside = self.inside[shape.inside.clone()].iter();
        let members = shape.unions.iter().flat_map(|(_, members)| members);
        inside.chain(members).map(|&child| child as usize)
    }

    /// Numbers the schemas without recursion, and returns the others.
    fn number_bottom_up(&self, numbers: &mut [u64]) -> Vec<usize> {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            /// The subschemas of the schema are being numbered.
            Open,
            Numbered,
            Recursive,
        }
        let mut states = vec![State::New; self.shapes.len()];
        let mut todo = Vec::new();
        for root in 0..self.shapes.len() {
            todo.push((root, false));
            while let Some((index, is_inside_done)) = todo.pop() {
                if is_inside_done {
                    let mut children = self.children(index);
                    states[index] = if children.all(|child| states[child] == State::Numbered) {
                        numbers[index] = self.refined(index, numbers);
                        State::Numbered
                    } else {
                        State::Recursive
                    };
                } else if states[index] == State::New {
                    states[index] = State::Open;
                    todo.push((index, true));
                    let children = self.children(index);
                    let new = children.filter(|&child| states[child] == State::New);
                    todo.extend(new.map(|child| (child, false)));
                }
            }
        }
        let all = 0..self.shapes.len();
        all.filter(|&index| states[index] == State::Recursive)
            .collect()
    }

    /// Numbers the recursive schemas. Returns whether all different ones were distinguished.
    fn number_by_rounds(&self, recursive: &[usize], numbers: &mut [u64]) -> bool {
        let mut classes = 0;
        for _ in 0..MOST_ROUNDS {
            let known: HashSet<u64> = recursive.iter().map(|&index| numbers[index]).collect();
            if known.len() == classes {
                return true;
            }
            classes = known.len();
            let refined: Vec<u64> = recursive
                .iter()
                .map(|&index| self.refined(index, numbers))
                .collect();
            for (&index, number) in recursive.iter().zip(refined) {
                numbers[index] = number;
            }
        }
        false
    }

    fn refined(&self, index: usize, numbers: &[u64]) -> u64 {
        let shape = &self.shapes[index];
        let mut hasher = DefaultHasher::new();
        shape.own.hash(&mut hasher);
        for &child in &self.inside[shape.inside.clone()] {
            numbers[child as usize].hash(&mut hasher);
        }
        let unions = shape.unions.iter().map(|(own, members)| {
            let members = members.iter().map(|&member| numbers[member as usize]);
            let mut members: Vec<u64> = members.collect();
            members.sort_unstable();
            (own, members)
        });
        let mut unions: Vec<_> = unions.collect();
        unions.sort_unstable();
        unions.hash(&mut hasher);
        hasher.finish()
    }
}

fn array(rules: &ArrayConstraints, hasher: &mut DefaultHasher, inside: &mut Vec<SchemaId>) {
    (
        1,
        rules.min_items,
        rules.max_items,
        rules.unique,
        rules.prefix.len(),
    )
        .hash(hasher);
    texts(rules.constants.as_ref()).hash(hasher);
    inside.extend(&rules.prefix);
    inside.push(rules.items);
}

fn object(rules: &ObjectConstraints, hasher: &mut DefaultHasher, inside: &mut Vec<SchemaId>) {
    (2, rules.min_properties, rules.max_properties).hash(hasher);
    (&rules.required, texts(rules.constants.as_ref())).hash(hasher);
    for properties in [&rules.properties, &rules.pattern_properties] {
        properties.len().hash(hasher);
        for (name, &id) in properties {
            name.hash(hasher);
            inside.push(id);
        }
    }
    inside.push(rules.additional);
}

/// The parts of a schema that don't affect the allowed values.
fn hash_annotations(schema: &Schema, hasher: &mut DefaultHasher) {
    let annotations = schema.annotations();
    (&annotations.title, &annotations.description).hash(hasher);
    annotations.default.as_ref().map(text).hash(hasher);
    (
        annotations.deprecated,
        annotations.read_only,
        annotations.write_only,
    )
        .hash(hasher);
    schema.component.hash(hasher);
    let object = schema.object.as_ref();
    object
        .map(|rules| rules.additional_is_declared)
        .hash(hasher);
}

fn texts(constants: Option<&Vec<Value>>) -> Option<Vec<String>> {
    constants.map(|constants| constants.iter().map(text).collect())
}

/// JSON with sorted properties.
fn text(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}
