//! All objects of a document that OpenAPI defines, each once, with its kind.

use std::collections::HashSet;

use crate::document::{Document, Entry, NodeId, Value};

/// The keys of a path item that are HTTP methods.
pub(super) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The kind of an object, named as in the OpenAPI specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum ObjectKind {
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

impl ObjectKind {
    /// The name in the OpenAPI specification, such as `Response Object`.
    pub fn specification_name(self) -> &'static str {
        match self {
            Self::Root => "OpenAPI Object",
            Self::Info => "Info Object",
            Self::Contact => "Contact Object",
            Self::License => "License Object",
            Self::Server => "Server Object",
            Self::Tag => "Tag Object",
            Self::ExternalDocs => "External Documentation Object",
            Self::SecurityRequirement => "Security Requirement Object",
            Self::Components => "Components Object",
            Self::Paths => "Paths Object",
            Self::PathItem => "Path Item Object",
            Self::Operation => "Operation Object",
            Self::Parameter => "Parameter Object",
            Self::RequestBody => "Request Body Object",
            Self::Responses => "Responses Object",
            Self::Response => "Response Object",
            Self::Header => "Header Object",
            Self::MediaType => "Media Type Object",
            Self::Encoding => "Encoding Object",
            Self::Example => "Example Object",
            Self::Link => "Link Object",
            Self::Callback => "Callback Object",
            Self::SecurityScheme => "Security Scheme Object",
            Self::Schema => "Schema Object",
        }
    }
}

/// An object of the document.
#[derive(Clone, Copy, Debug)]
pub struct InventoryItem<'a> {
    /// The object.
    pub node: NodeId,
    /// The kind of the object.
    pub kind: ObjectKind,
    /// The key of the object, if the author of the document chose it.
    pub name: Option<&'a str>,
    /// The entry of `components` that contains it, as an index of [`Inventory::components`].
    pub component: Option<usize>,
}

/// A `$ref`.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// The object with the `$ref`, with the kind that is expected there.
    pub part: InventoryItem<'a>,
    /// The value of `$ref`.
    pub target: &'a str,
}

/// An entry of `components`.
#[derive(Clone, Copy, Debug)]
pub struct Component<'a> {
    /// `schemas`, `parameters` ...
    pub group: &'a str,
    /// The key in the group.
    pub name: &'a str,
    /// The value.
    pub node: NodeId,
}

/// All objects of a document.
#[derive(Debug)]
pub struct Inventory<'a> {
    document: &'a Document,
    seen: HashSet<NodeId>,
    /// The objects, in the order of the document.
    pub parts: Vec<InventoryItem<'a>>,
    /// The references, in the order of the document.
    pub references: Vec<Reference<'a>>,
    /// The entries of `components`, in the order of the document.
    pub components: Vec<Component<'a>>,
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

    /// Visits the targets of references that are not visited yet: values in other files, and values
    /// that are not components.
    fn visit_targets(&mut self) {
        let mut done = 0;
        // This may add references, which are visited as well.
        while let Some(reference) = self.references.get(done) {
            let part = reference.part;
            if let Ok(node) = self.document.resolve(part.node) {
                self.visit(InventoryItem { node, ..part });
            }
            done += 1;
        }
    }

    /// The objects of one kind.
    pub fn of(&self, kind: ObjectKind) -> impl Iterator<Item = InventoryItem<'a>> + '_ {
        let parts = self.parts.iter().copied();
        parts.filter(move |part| part.kind == kind)
    }

    fn visit(&mut self, part: InventoryItem<'a>) {
        let document = self.document;
        // A YAML alias can occur several times.
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
            self.property(part, entry);
        }
    }

    fn property(&mut self, part: InventoryItem<'a>, entry: Entry<'a>) {
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

    /// Visits the value of a property, or each element if it is an array.
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

/// The value of a property.
enum ChildObject {
    /// One object, or an array of them.
    One(ObjectKind),
    /// Objects by name.
    Map(ObjectKind),
    /// An object whose name is the key of the property.
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
        (ObjectKind::PathItem, key) if METHODS.contains(&key) => One(ObjectKind::Operation),
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

/// The groups of `components`, with the kind of their entries.
const COMPONENT_GROUPS: [(&str, ObjectKind); 10] = [
    ("schemas", ObjectKind::Schema),
    ("responses", ObjectKind::Response),
    ("parameters", ObjectKind::Parameter),
    ("examples", ObjectKind::Example),
    ("requestBodies", ObjectKind::RequestBody),
    ("headers", ObjectKind::Header),
    ("securitySchemes", ObjectKind::SecurityScheme),
    ("links", ObjectKind::Link),
    ("callbacks", ObjectKind::Callback),
    ("pathItems", ObjectKind::PathItem),
];

/// The kind of the entries of a group of `components`.
pub(super) fn component_kind(group: &str) -> Option<ObjectKind> {
    let mut groups = COMPONENT_GROUPS.iter();
    groups
        .find(|(name, _)| *name == group)
        .map(|(_, kind)| *kind)
}

/// The group of `components` for objects of a kind.
pub(super) fn component_group(kind: ObjectKind) -> Option<&'static str> {
    let mut groups = COMPONENT_GROUPS.iter();
    groups.find(|(_, of)| *of == kind).map(|(group, _)| *group)
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
