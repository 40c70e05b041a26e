//! Everything in a document that OpenAPI gives a meaning, each object once, with its kind.
//!
//! Rules that look at one object at a time go through this list, in the order of the document.

use std::collections::HashSet;

use crate::document::{Document, Entry, NodeId, Value};

/// What an object is. The names are those of the specification, without "Object".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
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
pub(super) struct Part<'a> {
    pub(super) node: NodeId,
    pub(super) kind: Kind,
    /// The key it is written under, where that is a name somebody chose.
    pub(super) name: Option<&'a str>,
    /// Which entry of `components` it is in, as an index of [`Inventory::components`].
    pub(super) component: Option<usize>,
}

/// A `$ref`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference<'a> {
    /// The object that holds it, what belongs there, and which component that is in.
    pub(super) part: Part<'a>,
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
    pub(super) parts: Vec<Part<'a>>,
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
        inventory.visit(Part {
            node: document.root(),
            kind: Kind::Root,
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
                self.visit(Part { node, ..part });
            }
            done += 1;
        }
    }

    /// The objects of one kind.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = Part<'a>> + '_ {
        let parts = self.parts.iter().copied();
        parts.filter(move |part| part.kind == kind)
    }

    fn visit(&mut self, part: Part<'a>) {
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

    fn member(&mut self, part: Part<'a>, entry: Entry<'a>) {
        let is_extension = entry.key.starts_with("x-");
        match shape(part.kind, entry.key) {
            Some(Shape::One(kind)) => self.value(part, kind, None, entry.value),
            Some(Shape::Map(kind)) => {
                for inner in self.document.entries(entry.value) {
                    self.value(part, kind, Some(inner.key), inner.value);
                }
            }
            Some(Shape::Named(kind)) if !is_extension => {
                self.value(part, kind, Some(entry.key), entry.value);
            }
            Some(Shape::Group(kind)) => {
                for inner in self.document.entries(entry.value) {
                    let component = Component {
                        group: entry.key,
                        name: inner.key,
                        node: inner.value,
                    };
                    self.components.push(component);
                    let within = Part {
                        component: Some(self.components.len() - 1),
                        ..part
                    };
                    self.value(within, kind, Some(inner.key), inner.value);
                }
            }
            Some(Shape::Named(_)) | None => {}
        }
    }

    /// A member's value, or each element of it.
    fn value(&mut self, parent: Part<'a>, kind: Kind, name: Option<&'a str>, node: NodeId) {
        let part = |node| Part {
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
enum Shape {
    /// One object, or a list of them.
    One(Kind),
    /// Objects by name.
    Map(Kind),
    /// An object whose name is the member's key.
    Named(Kind),
    /// Components by name.
    Group(Kind),
}

fn shape(kind: Kind, key: &str) -> Option<Shape> {
    use Shape::{Map, Named, One};
    let shape = match (kind, key) {
        (_, "externalDocs") => One(Kind::ExternalDocs),
        (Kind::Root | Kind::PathItem | Kind::Operation, "servers") => One(Kind::Server),
        (Kind::Root | Kind::Operation, "security") => One(Kind::SecurityRequirement),
        (Kind::Root, "info") => One(Kind::Info),
        (Kind::Root, "tags") => One(Kind::Tag),
        (Kind::Root, "paths") => One(Kind::Paths),
        (Kind::Root, "webhooks") => Map(Kind::PathItem),
        (Kind::Root, "components") => One(Kind::Components),
        (Kind::Info, "contact") => One(Kind::Contact),
        (Kind::Info, "license") => One(Kind::License),
        (Kind::Paths | Kind::Callback, _) => Named(Kind::PathItem),
        (Kind::PathItem | Kind::Operation, "parameters") => One(Kind::Parameter),
        (Kind::PathItem, key) if super::placed::METHODS.contains(&key) => One(Kind::Operation),
        (Kind::Operation, "requestBody") => One(Kind::RequestBody),
        (Kind::Operation, "responses") => One(Kind::Responses),
        (Kind::Operation, "callbacks") => Map(Kind::Callback),
        (Kind::Responses, _) => Named(Kind::Response),
        (Kind::Parameter | Kind::Header | Kind::MediaType, "schema") => One(Kind::Schema),
        (Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => Map(Kind::Example),
        (Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response, "content") => {
            Map(Kind::MediaType)
        }
        (Kind::Response | Kind::Encoding, "headers") => Map(Kind::Header),
        (Kind::Response, "links") => Map(Kind::Link),
        (Kind::MediaType, "encoding") => Map(Kind::Encoding),
        (Kind::Components, group) => return component_kind(group).map(Shape::Group),
        (Kind::Schema, key) => return schema_shape(key),
        _ => return None,
    };
    Some(shape)
}

/// What the entries of a group of `components` are.
pub(super) fn component_kind(group: &str) -> Option<Kind> {
    Some(match group {
        "schemas" => Kind::Schema,
        "responses" => Kind::Response,
        "parameters" => Kind::Parameter,
        "examples" => Kind::Example,
        "requestBodies" => Kind::RequestBody,
        "headers" => Kind::Header,
        "securitySchemes" => Kind::SecurityScheme,
        "links" => Kind::Link,
        "callbacks" => Kind::Callback,
        "pathItems" => Kind::PathItem,
        _ => return None,
    })
}

fn schema_shape(key: &str) -> Option<Shape> {
    match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            Some(Shape::Map(Kind::Schema))
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
        | "prefixItems" => Some(Shape::One(Kind::Schema)),
        _ => None,
    }
}
