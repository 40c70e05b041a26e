//! Reads the types of a client from the canonical schemas of its contract.
//!
//! A type is declared when it is first used. The same schema object is the same type, wherever and however it is
//! referred to. If what requests may contain differs from what responses may contain, it is two types: one for
//! responses, and one for requests with the suffix `Request`.

mod boxes;
mod names;
mod objects;
mod scalars;
mod unions;
mod usage;

use std::collections::{HashMap, HashSet};

use openapi_contract::document::NodeId;
use openapi_contract::model::{Contract, Schema, SchemaId};
use openapi_contract::{Fidelity, Finding, Location};

use super::{StructType, TypeDef, TypeId, TypeKind, TypeRef, TypeSet, Usage};
use crate::rules;
use names::Names;
use usage::Usages;

/// A type that has a number in its name, because another type has the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameClash {
    /// The schema object.
    pub(crate) node: NodeId,
    /// The name that is taken.
    pub(crate) wanted: String,
    /// The name of the type.
    pub(crate) name: String,
}

/// Where values of a type are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Request,
    Response,
}

/// What makes a type: a schema object, or several that must hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    Node(NodeId),
    Schema(SchemaId),
    /// An alternative of a union, with the properties beside the union.
    Merged(SchemaId, SchemaId),
    /// The objects among the values of a schema that also allows other values.
    Objects(SchemaId),
    /// The strings among such values.
    Strings(SchemaId),
    /// The integers among such values.
    Numbers(SchemaId),
}

impl Key {
    /// What makes the type of a schema.
    fn of(contract: &Contract, id: SchemaId) -> Self {
        let node = contract.schemas.get(id).node;
        node.map_or(Self::Schema(id), Self::Node)
    }
}

/// A declared type, or one that is being read.
#[derive(Debug, Clone)]
enum Entry {
    /// It is being read. The id is set if its type must have a name.
    Open(Option<TypeId>),
    Done(TypeRef),
}

/// Reads types on demand: the first use of a schema declares its type.
#[derive(Debug)]
pub(crate) struct TypePlanner<'c> {
    contract: &'c Contract,
    set: TypeSet,
    usages: Usages,
    names: Names,
    /// The schemas of components, by the node of their schema object.
    components: HashMap<NodeId, SchemaId>,
    /// The types by what makes them, and by side if the sides differ.
    entries: HashMap<(Key, Option<Side>), Entry>,
    /// The types that contain themselves without a struct between.
    recursive: HashSet<TypeId>,
    clashes: Vec<NameClash>,
    findings: Vec<Finding>,
}

impl<'c> TypePlanner<'c> {
    /// Finds out which schemas are sent and received, and names their types.
    pub(crate) fn new(contract: &'c Contract) -> Self {
        Self {
            contract,
            set: TypeSet::default(),
            usages: Usages::of(contract),
            names: Names::new(contract),
            components: component_schemas(contract),
            entries: HashMap::new(),
            recursive: HashSet::new(),
            clashes: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The type of values that requests contain.
    pub(crate) fn in_request(&mut self, schema: SchemaId) -> TypeRef {
        self.reference(schema, Side::Request)
    }

    /// The type of values that responses contain.
    pub(crate) fn in_response(&mut self, schema: SchemaId) -> TypeRef {
        self.reference(schema, Side::Response)
    }

    /// Declares a union of the bodies of several statuses. `name` is a suggestion. Each alternative has the words of
    /// its variant and its type. Returns the names of the variants in the order of the alternatives.
    pub(crate) fn union(
        &mut self,
        name: &str,
        alternatives: Vec<(String, TypeRef)>,
    ) -> (TypeId, Vec<String>) {
        let node = self.contract.document.root();
        let name = self.names.unused(name);
        let (union, variants) = self.union_of_statuses(alternatives);
        let usage = Usage {
            in_requests: false,
            in_responses: true,
        };
        let id = self.declare(TypeDef {
            name,
            doc: String::new(),
            deprecated: false,
            usage,
            node,
            kind: TypeKind::Union(union),
        });
        (id, variants)
    }

    /// The types read so far whose name was taken by another type.
    pub(crate) fn name_clashes(&self) -> &[NameClash] {
        &self.clashes
    }

    /// The types read so far.
    pub(crate) fn types(&self) -> &TypeSet {
        &self.set
    }

    /// The types, and what they do not express of the contract.
    pub(crate) fn finish(mut self) -> (TypeSet, Vec<Finding>) {
        boxes::insert(&mut self.set);
        (self.set, self.findings)
    }

    fn component_schemas(&self) -> &HashMap<NodeId, SchemaId> {
        &self.components
    }

    fn schema(&self, id: SchemaId) -> &'c Schema {
        self.contract.schemas.get(id)
    }

    /// The type of the values that a schema allows.
    fn reference(&mut self, id: SchemaId, side: Side) -> TypeRef {
        let schema = self.schema(id);
        if schema.is_never() {
            return TypeRef::Any;
        }
        if !schema.allows_some_value() {
            return TypeRef::Null;
        }
        let inner = self.without_null(id, side);
        match schema.null && inner != TypeRef::Any && !self.allows_null(&inner) {
            true => TypeRef::Nullable(Box::new(inner)),
            false => inner,
        }
    }

    fn allows_null(&self, ty: &TypeRef) -> bool {
        match self.set.resolved(ty) {
            TypeRef::Any | TypeRef::Null | TypeRef::Nullable(_) => true,
            TypeRef::Boxed(inner) => self.allows_null(inner),
            _ => false,
        }
    }

    /// The type of the values that a schema allows besides null.
    fn without_null(&mut self, id: SchemaId, side: Side) -> TypeRef {
        let key = Key::of(self.contract, id);
        self.once(key, id, side, |planner, naming| {
            planner.read(id, side, naming)
        })
    }

    /// Reads what a key stands for, unless it has been.
    fn once(
        &mut self,
        key: Key,
        id: SchemaId,
        side: Side,
        read: impl FnOnce(&mut Self, &Naming) -> Shape,
    ) -> TypeRef {
        let of_side = self.usages.differs(id).then_some(side);
        match self.entries.get_mut(&(key, of_side)) {
            Some(Entry::Done(ty)) => return ty.clone(),
            Some(Entry::Open(Some(open))) => {
                self.recursive.insert(*open);
                return TypeRef::Named(*open);
            }
            Some(Entry::Open(None)) => {
                // It contains itself, so it must have a name.
                let naming = Naming { key, id, side };
                let open = self.reserve(&naming);
                self.entries.insert((key, of_side), Entry::Open(Some(open)));
                self.recursive.insert(open);
                return TypeRef::Named(open);
            }
            None => {}
        }
        let naming = Naming { key, id, side };
        let reserved = self.names.is_component(key).then(|| self.reserve(&naming));
        self.entries.insert((key, of_side), Entry::Open(reserved));
        let shape = read(self, &naming);
        let reserved = match self.entries.get(&(key, of_side)) {
            Some(Entry::Open(reserved)) => *reserved,
            _ => None,
        };
        let ty = match (shape, reserved) {
            (Shape::Declared(kind), reserved) => {
                let id = reserved.unwrap_or_else(|| self.reserve(&naming));
                self.set.types[id.0].kind = kind;
                TypeRef::Named(id)
            }
            (Shape::Used(ty), None) => ty,
            (Shape::Used(ty), Some(id)) if ty == TypeRef::Named(id) => {
                // Nothing but itself.
                self.set.types[id.0].kind = TypeKind::Alias(TypeRef::Any);
                TypeRef::Named(id)
            }
            (Shape::Used(ty), Some(id)) => {
                self.set.types[id.0].kind = match self.recursive.contains(&id) {
                    true => TypeKind::Wrapper(ty),
                    false => TypeKind::Alias(ty),
                };
                TypeRef::Named(id)
            }
        };
        self.entries.insert((key, of_side), Entry::Done(ty.clone()));
        ty
    }

    /// Declares a type whose kind is not known yet.
    fn reserve(&mut self, naming: &Naming) -> TypeId {
        let schema = self.schema(naming.id);
        let annotations = schema.annotations();
        let text = annotations
            .description
            .as_ref()
            .or(annotations.title.as_ref());
        let is_request = naming.side == Side::Request && self.usages.differs(naming.id);
        let (name, wanted) = self
            .names
            .of(self.contract, naming.key, naming.id, is_request);
        if name != wanted {
            self.clashes.push(NameClash {
                node: self.node_of(naming.id),
                wanted,
                name: name.clone(),
            });
        }
        let usage = match (self.usages.differs(naming.id), naming.side) {
            (false, _) => self.usages.of_schema(naming.id),
            (true, Side::Request) => Usage {
                in_requests: true,
                in_responses: false,
            },
            (true, Side::Response) => Usage {
                in_requests: false,
                in_responses: true,
            },
        };
        self.declare(TypeDef {
            name,
            doc: text.map(|text| text.trim().to_owned()).unwrap_or_default(),
            deprecated: annotations.deprecated,
            usage,
            node: self.node_of(naming.id),
            // Until it is known, it does not allow null.
            kind: TypeKind::Struct(StructType::default()),
        })
    }

    fn declare(&mut self, def: TypeDef) -> TypeId {
        self.set.types.push(def);
        TypeId(self.set.types.len() - 1)
    }

    /// A schema object that a schema was read from.
    fn node_of(&self, id: SchemaId) -> NodeId {
        let schema = self.schema(id);
        let first = schema.node.or_else(|| schema.sources.first().copied());
        first.unwrap_or_else(|| self.contract.document.root())
    }

    /// Whether values on this side are only ever received.
    fn is_only_received(&self, id: SchemaId, side: Side) -> bool {
        match self.usages.differs(id) {
            true => side == Side::Response,
            false => !self.usages.of_schema(id).in_requests,
        }
    }

    /// Whether values on this side are only ever sent.
    fn is_only_sent(&self, id: SchemaId, side: Side) -> bool {
        match self.usages.differs(id) {
            true => side == Side::Request,
            false => !self.usages.of_schema(id).in_responses,
        }
    }

    /// Records a schema whose values are any JSON.
    fn untyped(&mut self, id: SchemaId, why: &str) -> TypeRef {
        let location = Location::new(&self.contract.document, self.node_of(id), None);
        let finding = Finding {
            consequence:
                "The client does not check such values, and their type is `serde_json::Value`."
                    .to_owned(),
            remedy: "Rewrite the schema with other keywords.".to_owned(),
            old: Some(location),
            ..Finding::rewrite(rules::UNTYPED, Fidelity::Weakened, why.to_owned())
        };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
        TypeRef::Any
    }

    /// Reads a schema, apart from null.
    fn read(&mut self, id: SchemaId, side: Side, naming: &Naming) -> Shape {
        let schema = self.schema(id);
        if schema.allows_everything() {
            return Shape::Used(TypeRef::Any);
        }
        match schema.unions.as_slice() {
            [] => {}
            [union] => return self.union_of(id, union, side, naming),
            _ => {
                let why = "several unions must hold together; the value is any JSON";
                return Shape::Used(self.untyped(id, why));
            }
        }
        let kinds = scalars::kinds(schema);
        match kinds[..] {
            [kind] => self.of_kind(id, kind, side),
            // Without a `type`, but with keywords of objects, an object is meant, and so on.
            _ if schema.has_type_keywords() => match scalars::meant(schema) {
                Some(kind) => self.of_kind(id, kind, side),
                None => {
                    let why = "a schema without a type has keywords of several types";
                    Shape::Used(self.untyped(id, why))
                }
            },
            _ if kinds.len() > 4 => Shape::Used(TypeRef::Any),
            _ => self.union_of_kinds(id, &kinds, side),
        }
    }
}

/// The schemas that are components, by the node of their schema object.
fn component_schemas(contract: &Contract) -> HashMap<NodeId, SchemaId> {
    let schemas = contract.schemas.iter();
    let components = schemas.filter(|(_, schema)| schema.component.is_some());
    let mut found = HashMap::new();
    for (id, schema) in components {
        if let Some(node) = schema.node {
            found.entry(node).or_insert(id);
        }
    }
    found
}

/// What the name of a type is derived from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Naming {
    key: Key,
    id: SchemaId,
    side: Side,
}

/// What a schema becomes.
#[derive(Debug)]
pub(super) enum Shape {
    /// A type that must be declared.
    Declared(TypeKind),
    /// A type that exists.
    Used(TypeRef),
}
