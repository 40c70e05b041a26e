//! Whether schemas of two contracts say the same, whatever their components are called.
//!
//! Schemas are graphs with cycles, so they cannot be written out to be compared: a component that is
//! used in many places would be written as often. Instead every schema gets a number for what it says
//! itself, and then, round by round, one for that and the numbers of the schemas inside it, until the
//! rounds tell no further schemas apart (partition refinement).

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::contract::Contract;
use super::schema::{ArrayRules, ObjectRules, Opaque, Schema, SchemaId};

/// How many rounds there are at most. Schemas that differ only further down count as the same, which
/// keeps a chain of a hundred thousand references from taking a hundred thousand rounds.
const DEEPEST: usize = 200;

/// Numbers for the schemas of two contracts: equal for schemas that allow the same in the same form.
#[derive(Debug)]
pub(crate) struct Fingerprints {
    old: Vec<u64>,
    new: Vec<u64>,
}

impl Fingerprints {
    /// Tells the schemas of two contracts apart.
    pub(crate) fn new(old: &Contract, new: &Contract) -> Self {
        let schemas: Vec<&Schema> = old
            .schemas
            .schemas
            .iter()
            .chain(&new.schemas.schemas)
            .collect();
        let split = old.schemas.schemas.len();
        let shapes: Vec<Shape> = schemas
            .iter()
            .enumerate()
            .map(|(index, schema)| Shape::of(schema, if index < split { 0 } else { split }))
            .collect();
        let mut numbers: Vec<u64> = shapes.iter().map(|shape| shape.own).collect();
        let mut classes = count(&numbers);
        for _ in 0..DEEPEST {
            numbers = shapes.iter().map(|shape| shape.refined(&numbers)).collect();
            let refined = count(&numbers);
            if refined <= classes {
                break;
            }
            classes = refined;
        }
        let new = numbers.split_off(split);
        Self { old: numbers, new }
    }

    /// The number of a schema of the old contract.
    pub(crate) fn old(&self, id: SchemaId) -> u64 {
        self.old[id.0 as usize]
    }

    /// The number of a schema of the new contract.
    pub(crate) fn new_one(&self, id: SchemaId) -> u64 {
        self.new[id.0 as usize]
    }
}

fn count(numbers: &[u64]) -> usize {
    numbers.iter().collect::<HashSet<_>>().len()
}

/// What a schema says itself, and which schemas are inside it.
struct Shape {
    own: u64,
    /// Indexes of schemas, in an order that means something.
    ordered: Vec<usize>,
    /// Whether each union is a `oneOf`, and the indexes of its members. Unions and members may stand in
    /// any order.
    unions: Vec<(bool, Vec<usize>)>,
}

impl Shape {
    fn of(schema: &Schema, offset: usize) -> Self {
        let mut hasher = DefaultHasher::new();
        let mut ordered = Vec::new();
        (schema.null, schema.boolean.r#false, schema.boolean.r#true).hash(&mut hasher);
        format!("{:?}{:?}", schema.number, schema.string).hash(&mut hasher);
        if let Some(rules) = &schema.array {
            array(rules, &mut hasher, &mut ordered);
        }
        if let Some(rules) = &schema.object {
            object(rules, &mut hasher, &mut ordered);
        }
        for (keyword, said) in &schema.opaque {
            keyword.hash(&mut hasher);
            for opaque in said {
                match opaque {
                    Opaque::Json(json) => text(json).hash(&mut hasher),
                    Opaque::Schema(id) => ordered.push(*id),
                    Opaque::Schemas(schemas) => {
                        for (name, id) in schemas {
                            name.hash(&mut hasher);
                            ordered.push(*id);
                        }
                    }
                }
            }
        }
        let index = |id: &SchemaId| offset + id.0 as usize;
        Self {
            own: hasher.finish(),
            ordered: ordered.iter().map(index).collect(),
            unions: schema
                .unions
                .iter()
                .map(|union| (union.exactly_one, union.members.iter().map(index).collect()))
                .collect(),
        }
    }

    fn refined(&self, numbers: &[u64]) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.own.hash(&mut hasher);
        for &index in &self.ordered {
            numbers[index].hash(&mut hasher);
        }
        let of_union = |(exactly_one, members): &(bool, Vec<usize>)| {
            let mut members: Vec<u64> = members.iter().map(|&index| numbers[index]).collect();
            members.sort_unstable();
            (*exactly_one, members)
        };
        let mut unions: Vec<(bool, Vec<u64>)> = self.unions.iter().map(of_union).collect();
        unions.sort_unstable();
        unions.hash(&mut hasher);
        hasher.finish()
    }
}

fn array(rules: &ArrayRules, hasher: &mut DefaultHasher, inside: &mut Vec<SchemaId>) {
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

fn object(rules: &ObjectRules, hasher: &mut DefaultHasher, inside: &mut Vec<SchemaId>) {
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

fn texts(constants: Option<&Vec<Value>>) -> Option<Vec<String>> {
    constants.map(|constants| constants.iter().map(text).collect())
}

/// JSON with its members in order.
fn text(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}
