//! Names of definitions: the names of components, and numbers for schemas that are used in several
//! places, in the order of their first use.

use std::collections::{BTreeSet, HashSet};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::Emitter;
use super::keywords::write_annotations;
use crate::document::escape_token;
use crate::model::schema::{Annotations, Opaque, Schema, SchemaId, Schemas};

impl<'a> Emitter<'a> {
    /// Determines which schemas have a definition, and its name.
    pub(super) fn assign_names(&mut self, uses: &SchemaUses) {
        for &id in &uses.order {
            let schema = self.schemas.get(id);
            let Some(name) = schema.component.as_deref() else {
                continue;
            };
            let owner = self.owners.entry(name).or_insert(id);
            if additions(schema) < additions(self.schemas.get(*owner)) {
                *owner = id;
            }
        }
        let mut taken: BTreeSet<String> = self.owners.keys().map(|&name| name.to_owned()).collect();
        for &id in &uses.order {
            let schema = self.schemas.get(id);
            if is_trivial(schema).is_some() {
                continue;
            }
            let name = match schema.component.as_deref() {
                Some(name) if self.owners.get(name) == Some(&id) => name.to_owned(),
                Some(_) if self.wrapped(id).is_some() => continue,
                Some(name) => unused(&mut taken, name),
                None if uses.defined.contains(&id) && !inside(schema).is_empty() => {
                    unused(&mut taken, "schema")
                }
                None => continue,
            };
            self.names.insert(id, name);
        }
    }

    /// The component that a schema equals apart from null and annotations. It is written as an
    /// `allOf` with one member, with `nullable` or a default beside it.
    fn wrapped(&self, id: SchemaId) -> Option<(&'a str, SchemaId)> {
        let schema = self.schemas.get(id);
        let name = schema.component.as_deref()?;
        let owner = *self.owners.get(name)?;
        let inner = self.schemas.get(owner);
        let is_wrapper = owner != id
            && is_trivial(inner).is_none()
            && is_same_but_null(schema, inner)
            && match (schema.null, inner.null) {
                (true, false) => true,
                (false, true) => false,
                // Annotations of a component also apply beside a reference to it.
                _ => includes(schema.annotations(), inner.annotations()),
            };
        is_wrapper.then_some((name, owner))
    }

    /// A schema that equals a component apart from null and annotations, as a reference.
    pub(super) fn around_component(&mut self, id: SchemaId) -> Option<Value> {
        let (name, owner) = self.wrapped(id)?;
        let reference = self.refer(name, owner);
        let (schema, inner) = (self.schemas.get(id), self.schemas.get(owner));
        let written = |annotations: &Annotations| {
            let mut written = Map::new();
            write_annotations(annotations, &mut written);
            written
        };
        if schema.null == inner.null
            && written(schema.annotations()) == written(inner.annotations())
        {
            return Some(reference);
        }
        let (keyword, members) = if schema.null && !inner.null {
            ("anyOf", json!([reference, {"type": "null"}]))
        } else {
            ("allOf", json!([reference]))
        };
        let mut around = Map::from_iter([(keyword.to_owned(), members)]);
        around.extend(written(schema.annotations()));
        Some(around.into())
    }
}

/// The maximum nesting of unnamed schemas: more than people write, and less than the limits of JSON
/// parsers.
const DEEPEST: usize = 30;

/// The schemas in use, and those that need a definition.
pub(super) struct SchemaUses {
    /// In the order of their first use, which doesn't depend on the order of properties.
    order: Vec<SchemaId>,
    /// The schemas that are used again, or are nested deeply.
    defined: HashSet<SchemaId>,
}

impl SchemaUses {
    pub(super) fn of(schemas: &Schemas, roots: &[SchemaId]) -> Self {
        let mut uses = Self {
            order: Vec::new(),
            defined: HashSet::new(),
        };
        let mut met = HashSet::new();
        let mut todo: Vec<(SchemaId, usize)> = roots.iter().rev().map(|&id| (id, 0)).collect();
        while let Some((id, depth)) = todo.pop() {
            let is_new = met.insert(id);
            if !is_new || depth >= DEEPEST {
                uses.defined.insert(id);
            }
            if !is_new {
                continue;
            }
            uses.order.push(id);
            let schema = schemas.get(id);
            let is_outermost = schema.component.is_some() || depth >= DEEPEST;
            let depth = if is_outermost { 0 } else { depth };
            let inside = inside(schema).into_iter().rev();
            todo.extend(inside.map(|id| (id, depth + 1)));
        }
        uses
    }
}

/// The direct subschemas of a schema.
fn inside(schema: &Schema) -> Vec<SchemaId> {
    let mut ids = Vec::new();
    if let Some(rules) = &schema.array {
        ids.extend(&rules.prefix);
        ids.push(rules.items);
    }
    if let Some(rules) = &schema.object {
        ids.extend(rules.properties.values());
        ids.extend(rules.pattern_properties.values());
        ids.push(rules.additional);
    }
    for union in &schema.unions {
        ids.extend(&union.members);
    }
    for opaque in schema.opaque.values().flatten() {
        match opaque {
            Opaque::Json(_) | Opaque::Unreadable(_) => {}
            Opaque::Schema(id) => ids.push(*id),
            Opaque::Schemas(schemas) => ids.extend(schemas.values()),
        }
    }
    ids.retain(|&id| id != Schemas::ANY && id != Schemas::NEVER);
    ids
}

/// `true` or `false` for schemas that allow everything or nothing.
pub(super) fn is_trivial(schema: &Schema) -> Option<bool> {
    if schema.is_never() {
        return Some(false);
    }
    let is_silent = !schema
        .object
        .as_ref()
        .is_some_and(|rules| rules.additional_is_declared)
        && includes(&Annotations::default(), schema.annotations());
    (schema.allows_everything() && is_silent).then_some(true)
}

/// Which of null, `default`, `deprecated`, `readOnly` and `writeOnly` a schema adds to a component. Of
/// two schemas named after one component, the one that adds less is the component.
fn additions(schema: &Schema) -> [bool; 5] {
    let annotations = schema.annotations();
    [
        schema.null,
        annotations.default.is_some(),
        annotations.deprecated,
        annotations.read_only,
        annotations.write_only,
    ]
}

fn is_same_but_null(left: &Schema, right: &Schema) -> bool {
    let parts = |schema: &Schema| {
        let unions = schema.unions.iter();
        let unions: Vec<_> = unions
            .map(|union| {
                (
                    union.exactly_one,
                    union.members.clone(),
                    union.discriminator.clone(),
                )
            })
            .collect();
        (
            schema.boolean,
            schema.number.clone(),
            schema.string.clone(),
            schema.array.clone(),
            schema.object.clone(),
            unions,
        )
    };
    left.opaque.is_empty() && right.opaque.is_empty() && parts(left) == parts(right)
}

/// Whether annotations beside a reference result in `outer`, if those of its target are `inner`.
fn includes(outer: &Annotations, inner: &Annotations) -> bool {
    (outer.default.is_some() || inner.default.is_none())
        && (outer.deprecated || !inner.deprecated)
        && (outer.read_only || !inner.read_only)
        && (outer.write_only || !inner.write_only)
}

/// Characters that must be escaped in a URI fragment (RFC 3986).
const NOT_IN_FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

pub(super) fn reference(name: &str) -> Value {
    let pointer = escape_token(name);
    let fragment = utf8_percent_encode(&pointer, NOT_IN_FRAGMENT);
    json!({"$ref": format!("#/$defs/{fragment}")})
}

fn unused(taken: &mut BTreeSet<String>, stem: &str) -> String {
    let mut number = 1_u64;
    loop {
        let name = format!("{stem}-{number}");
        if taken.insert(name.clone()) {
            return name;
        }
        number += 1;
    }
}
