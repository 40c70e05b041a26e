//! Everything in a document that OpenAPI gives a meaning, each object once, with its kind.
//!
//! Rules that look at one object at a time go through this list, in the order of the document.

use std::collections::HashSet;

use crate::document::{Document, Entry, NodeId, Value};

/// What an object is. The names are those of the specification, without "Object".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ObjectKind {
    Root,
    Info,
    Contact,
    License,
    Server,
    Tag,
    ExternalDocs,
    SecurityRequirement,
    Components,
    Paths,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Responses,
    Response,
    Header,
    MediaType,
    Encoding,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
}

/// An object of the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct InventoryItem<'a> {
    pub(super) node: NodeId,
    pub(super) kind: ObjectKind,
    /// The key it is written under, where that is a name somebody chose.
    pub(super) name: Option<&'a str>,
    /// Which entry of `components` it is in, as an index of [`Inventory::components`].
    pub(super) component: Option<usize>,
}

/// A `$ref`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference<'a> {
    /// The object that holds it, what belongs there, and which component that is in.
    pub(super) part: InventoryItem<'a>,
    /// Where it points.
    pub(super) target: &'a str,
}

/// An entry of `components`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component<'a> {
    /// `schemas`, `parameters` ...
    pub(super) group: &'a str,
    pub(super) name: &'a str,
    pub(super) node: NodeId,
}

/// All objects of a document.
#[derive(Debug)]
pub(super) struct Inventory<'a> {
    document: &'a Document,
    seen: HashSet<NodeId>,
    /// Objects, in the order of the document. What stands behind a `$ref` is listed where it is
    /// written.
    pub(super) parts: Vec<InventoryItem<'a>>,
    pub(super) references: Vec<Reference<'a>>,
    pub(super) components: Vec<Component<'a>>,
}

impl<'a> Inventory<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut inventory = Self {
            document,
            seen: HashSet::new(),
            parts: Vec::new(),
            references: Vec::new(),
            components: Vec::new(),
        };
        inventory.visit(InventoryItem {
            node: document.root(),
            kind: ObjectKind::Root,
            name: None,
            component: None,
        });
        inventory.visit_targets();
        inventory
    }

    /// Visits what references lead to and nothing else holds: other files of the contract, and
    /// places that are no components.
    fn visit_targets(&mut self) {
        let mut done = 0;
        // References that are found on the way are followed as well.
        while let Some(reference) = self.references.get(done) {
            let part = reference.part;
            if let Ok(node) = self.document.resolve(part.node) {
                self.visit(InventoryItem { node, ..part });
            }
            done += 1;
        }
    }

    /// The objects of one kind.
    pub(super) fn of(&self, kind: ObjectKind) -> impl Iterator<Item = InventoryItem<'a>> + '_ {
        let parts = self.parts.iter().copied();
        parts.filter(move |part| part.kind == kind)
    }

    fn visit(&mut self, part: InventoryItem<'a>) {
        let document = self.document;
        // An alias of YAML can make one value stand in many places.
        let Value::Object(entries) = document.node(part.node).value else {
            return;
        };
        if !self.seen.insert(part.node) {
            return;
        }
        if let Some(target) = document.get_text(part.node, "$ref") {
            self.references.push(Reference { part, target });
        }
        self.parts.push(part);
        for entry in entries {
            self.member(part, entry);
        }
    }

    fn member(&mut self, part: InventoryItem<'a>, entry: Entry<'a>) {
        let is_extension = entry.key.starts_with("x-");
        match shape(part.kind, entry.key) {
            Some(ChildObject::One(kind)) => self.value(part, kind, None, entry.value),
            Some(ChildObject::Map(kind)) => {
                for inner in self.document.entries(entry.value) {
                    self.value(part, kind, Some(inner.key), inner.value);
                }
            }
            Some(ChildObject::Named(kind)) if !is_extension => {
                self.value(part, kind, Some(entry.key), entry.value);
            }
            Some(ChildObject::Group(kind)) => {
                for inner in self.document.entries(entry.value) {
                    let component = Component {
                        group: entry.key,
                        name: inner.key,
                        node: inner.value,
                    };
                    self.components.push(component);
                    let within = InventoryItem {
                        component: Some(self.components.len() - 1),
                        ..part
                    };
                    self.value(within, kind, Some(inner.key), inner.value);
                }
            }
            Some(ChildObject::Named(_)) | None => {}
        }
    }

    /// A member's value, or each element of it.
    fn value(
        &mut self,
        parent: InventoryItem<'a>,
        kind: ObjectKind,
        name: Option<&'a str>,
        node: NodeId,
    ) {
        let part = |node| InventoryItem {
            node,
            kind,
            name,
            component: parent.component,
        };
        match self.document.node(node).value {
            Value::Array(elements) => {
                for &element in elements {
                    self.visit(part(element));
                }
            }
            _ => self.visit(part(node)),
        }
    }
}

/// What a member of an object holds.
enum ChildObject {
    /// One object, or a list of them.
    One(ObjectKind),
    /// Objects by name.
    Map(ObjectKind),
    /// An object whose name is the member's key.
    Named(ObjectKind),
    /// Components by name.
    Group(ObjectKind),
}

fn shape(kind: ObjectKind, key: &str) -> Option<ChildObject> {
    use ChildObject::{Map, Named, One};
    let shape = match (kind, key) {
        (_, "externalDocs") => One(ObjectKind::ExternalDocs),
        (ObjectKind::Root | ObjectKind::PathItem | ObjectKind::Operation, "servers") => {
            One(ObjectKind::Server)
        }
        (ObjectKind::Root | ObjectKind::Operation, "security") => {
            One(ObjectKind::SecurityRequirement)
        }
        (ObjectKind::Root, "info") => One(ObjectKind::Info),
        (ObjectKind::Root, "tags") => One(ObjectKind::Tag),
        (ObjectKind::Root, "paths") => One(ObjectKind::Paths),
        (ObjectKind::Root, "webhooks") => Map(ObjectKind::PathItem),
        (ObjectKind::Root, "components") => One(ObjectKind::Components),
        (ObjectKind::Info, "contact") => One(ObjectKind::Contact),
        (ObjectKind::Info, "license") => One(ObjectKind::License),
        (ObjectKind::Paths | ObjectKind::Callback, _) => Named(ObjectKind::PathItem),
        (ObjectKind::PathItem | ObjectKind::Operation, "parameters") => One(ObjectKind::Parameter),
        (ObjectKind::PathItem, key) if super::placed::METHODS.contains(&key) => {
            One(ObjectKind::Operation)
        }
        (ObjectKind::Operation, "requestBody") => One(ObjectKind::RequestBody),
        (ObjectKind::Operation, "responses") => One(ObjectKind::Responses),
        (ObjectKind::Operation, "callbacks") => Map(ObjectKind::Callback),
        (ObjectKind::Responses, _) => Named(ObjectKind::Response),
        (ObjectKind::Parameter | ObjectKind::Header | ObjectKind::MediaType, "schema") => {
            One(ObjectKind::Schema)
        }
        (ObjectKind::Parameter | ObjectKind::Header | ObjectKind::MediaType, "examples") => {
            Map(ObjectKind::Example)
        }
        (
            ObjectKind::Parameter
            | ObjectKind::Header
            | ObjectKind::RequestBody
            | ObjectKind::Response,
            "content",
        ) => Map(ObjectKind::MediaType),
        (ObjectKind::Response | ObjectKind::Encoding, "headers") => Map(ObjectKind::Header),
        (ObjectKind::Response, "links") => Map(ObjectKind::Link),
        (ObjectKind::MediaType, "encoding") => Map(ObjectKind::Encoding),
        (ObjectKind::Components, group) => return component_kind(group).map(ChildObject::Group),
        (ObjectKind::Schema, key) => return schema_shape(key),
        _ => return None,
    };
    Some(shape)
}

/// What the entries of a group of `components` are.
pub(super) fn component_kind(group: &str) -> Option<ObjectKind> {
    Some(match group {
        "schemas" => ObjectKind::Schema,
        "responses" => ObjectKind::Response,
        "parameters" => ObjectKind::Parameter,
        "examples" => ObjectKind::Example,
        "requestBodies" => ObjectKind::RequestBody,
        "headers" => ObjectKind::Header,
        "securitySchemes" => ObjectKind::SecurityScheme,
        "links" => ObjectKind::Link,
        "callbacks" => ObjectKind::Callback,
        "pathItems" => ObjectKind::PathItem,
        _ => return None,
    })
}

fn schema_shape(key: &str) -> Option<ChildObject> {
    match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            Some(ChildObject::Map(ObjectKind::Schema))
        }
        "items"
        | "additionalProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "allOf"
        | "anyOf"
        | "oneOf"
        | "prefixItems" => Some(ChildObject::One(ObjectKind::Schema)),
        _ => None,
    }
}
