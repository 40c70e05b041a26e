//! What the contract declares of the JSON in responses: the properties in its order, from which the command line
//! takes the order of its output and the columns of tables.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Item, parse_quote};

use crate::client_ir::Operation;
use crate::client_plan::{OperationPlan, Reading, ResponseBody, Statuses};
use crate::identifiers::{self, unused};
use crate::types::{TypeId, TypeKind, TypeRef, TypeSet};

/// How deep properties are merged. Deeper ones are as the first of them declares: the variants of a recursive union
/// would multiply.
const MERGE_DEPTH: usize = 2;

/// What a type declares of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    /// Everything is allowed.
    Any,
    /// What this struct, union or wrapper declares.
    Named(TypeId),
    Declared(Declared),
}

/// The properties and elements of a value; none for a string, number or boolean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Declared {
    properties: Vec<(String, Shape)>,
    items: Option<Box<Shape>>,
    /// The properties that are not declared.
    others: Option<Box<Shape>>,
}

/// Generates the module `shapes`.
pub(super) fn module(operations: &[Operation], types: &TypeSet) -> Vec<Item> {
    let mut shapes = Shapes::new(types);
    let mut bodies = Vec::new();
    let mut pages = Vec::new();
    for operation in operations {
        let variant = &operation.builder;
        let entries = shapes.bodies(&operation.plan);
        if !entries.is_empty() {
            bodies.push(quote!(CliCommand::#variant => const { &[#(#entries),*] }));
        }
        if let Some(path) = page_items(&operation.plan) {
            pages.push(quote!(CliCommand::#variant => Some(&[#(#path),*])));
        }
    }
    let statics = shapes.statics();
    let file: syn::File = parse_quote! {
        use super::*;

        /// What the contract declares of a JSON value.
        #[derive(Debug)]
        pub struct Shape {
            /// The properties of an object, in the order of the contract.
            pub properties: &'static [(&'static str, &'static Shape)],
            /// The elements of an array.
            pub items: Option<&'static Shape>,
            /// The properties that are not declared, if there may be some.
            pub others: Option<&'static Shape>,
        }

        impl CliCommand {
            /// The JSON of responses, by the status in the contract: `200`, `4XX`, `default`.
            pub fn bodies(&self) -> &'static [(&'static str, &'static Shape)] {
                match *self {
                    #(#bodies,)*
                    #[allow(unreachable_patterns)]
                    _ => &[],
                }
            }

            /// The properties that lead to the items of a page.
            pub fn page_items(&self) -> Option<&'static [&'static str]> {
                match *self {
                    #(#pages,)*
                    #[allow(unreachable_patterns)]
                    _ => None,
                }
            }
        }

        /// Any value.
        pub static ANY: Shape = Shape { properties: &[], items: Some(&ANY), others: Some(&ANY) };

        /// A string, a number or a boolean.
        pub static SCALAR: Shape = Shape { properties: &[], items: None, others: None };

        #(#statics)*
    };
    file.items
}

/// Returns the names of the properties that lead to the items of a page.
fn page_items(operation: &OperationPlan) -> Option<Vec<String>> {
    let pointer = &operation.pagination.as_ref()?.items;
    let tokens = pointer.split('/').skip(1);
    Some(
        tokens
            .map(|token| token.replace("~1", "/").replace("~0", "~"))
            .collect(),
    )
}

/// The types of the JSON of responses, by the status in the contract.
fn json_responses(operation: &OperationPlan) -> Vec<(String, &TypeRef)> {
    let declared = operation.statuses.iter().filter_map(|status| {
        let first = match Statuses::of(*status) {
            Statuses::Range(first, _) => first,
            // An unassigned status represents all statuses that `default` covers.
            Statuses::Rest => u16::MAX,
        };
        let body = match operation.reading(first) {
            Reading::Success(body) | Reading::Error(body) => body,
            Reading::Unexpected => return None,
        };
        let ty = match body {
            ResponseBody::Json { ty, .. } => ty,
            ResponseBody::Variant(variant) => &variant.ty,
            ResponseBody::ByMediaType(variants) => &variants.first()?.ty,
            ResponseBody::Text
            | ResponseBody::Stream
            | ResponseBody::Items(_)
            | ResponseBody::Absent
            | ResponseBody::Empty
            | ResponseBody::Upgrade => return None,
        };
        Some((status.to_string(), ty))
    });
    declared.collect()
}

/// Where a type is read.
#[derive(Debug, Clone, Default)]
struct Nesting {
    /// How many properties are merged around it.
    merges: usize,
    /// The types that it is a variant of.
    types: Vec<TypeId>,
}

impl Nesting {
    fn merge(&self) -> Self {
        Self {
            merges: self.merges + 1,
            ..self.clone()
        }
    }

    fn within(&self, id: TypeId) -> Self {
        let mut inner = self.clone();
        inner.types.push(id);
        inner
    }
}

/// The shapes of the types of a client.
struct Shapes<'a> {
    types: &'a TypeSet,
    /// The generated statics, by type; none for those without properties and elements.
    names: BTreeMap<TypeId, Option<Ident>>,
    taken: BTreeSet<String>,
    /// The types whose static is not generated yet.
    queue: Vec<(TypeId, Declared)>,
}

impl<'a> Shapes<'a> {
    fn new(types: &'a TypeSet) -> Self {
        Self {
            types,
            names: BTreeMap::new(),
            taken: ["ANY", "SCALAR"].map(str::to_owned).into(),
            queue: Vec::new(),
        }
    }

    /// Generates an entry for each response with JSON.
    fn bodies(&mut self, operation: &OperationPlan) -> Vec<TokenStream> {
        let mut bodies = Vec::new();
        for (status, ty) in json_responses(operation) {
            let shape = self.read(ty);
            let shape = self.reference(&shape);
            bodies.push(quote!((#status, #shape)));
        }
        bodies
    }

    /// Reads the use of a type.
    fn read(&self, ty: &TypeRef) -> Shape {
        let declared = match self.types.resolved(ty) {
            TypeRef::Any => return Shape::Any,
            TypeRef::Nullable(inner) | TypeRef::Boxed(inner) => return self.read(inner),
            TypeRef::Named(id) => match self.types.get(*id).kind {
                TypeKind::Struct(_)
                | TypeKind::Union(_)
                | TypeKind::Wrapper(_)
                | TypeKind::Alias(_) => return Shape::Named(*id),
                TypeKind::StringEnum(_)
                | TypeKind::IntegerEnum(_)
                | TypeKind::ConstrainedString(_) => Declared::default(),
            },
            TypeRef::Vec(item) | TypeRef::Array(item, _) => Declared {
                items: Some(Box::new(self.read(item))),
                ..Declared::default()
            },
            TypeRef::Tuple(items) => {
                let nesting = Nesting::default().merge();
                let items = items.iter().map(|item| self.read(item));
                let items = items.reduce(|one, other| self.merged(Some(one), other, &nesting));
                Declared {
                    items: items.map(Box::new),
                    ..Declared::default()
                }
            }
            TypeRef::Map(_, value) => Declared {
                others: Some(Box::new(self.read(value))),
                ..Declared::default()
            },
            TypeRef::Null
            | TypeRef::Bool
            | TypeRef::Integer(_)
            | TypeRef::Float
            | TypeRef::String
            | TypeRef::Uuid
            | TypeRef::DateTime
            | TypeRef::Date
            | TypeRef::IpAddr
            | TypeRef::Ipv4Addr
            | TypeRef::Ipv6Addr => Declared::default(),
        };
        Shape::Declared(declared)
    }

    /// Returns the properties and elements of a declared type.
    fn of_type(&self, id: TypeId, nesting: &Nesting) -> Declared {
        // A type that is a variant of itself declares nothing more.
        if nesting.types.contains(&id) {
            return Declared::default();
        }
        let nesting = nesting.within(id);
        match &self.types.get(id).kind {
            TypeKind::Struct(structure) => {
                let fields = structure.fields.iter();
                let others = structure.additional.as_ref();
                Declared {
                    properties: fields
                        .map(|field| (field.name.clone(), self.read(&field.ty)))
                        .collect(),
                    items: None,
                    others: others.map(|others| Box::new(self.read(&others.ty))),
                }
            }
            TypeKind::Union(union) => {
                let variants = union.variants.iter().map(|variant| self.read(&variant.ty));
                let merged = variants.fold(None, |merged, variant| {
                    Some(self.merged(merged, variant, &nesting))
                });
                merged.map_or_else(Declared::default, |merged| self.declared(merged, &nesting))
            }
            TypeKind::Wrapper(inner) | TypeKind::Alias(inner) => {
                self.declared(self.read(inner), &nesting)
            }
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::ConstrainedString(_) => {
                Declared::default()
            }
        }
    }

    /// Returns the shape of values that have either or both.
    fn merged(&self, first: Option<Shape>, second: Shape, nesting: &Nesting) -> Shape {
        let first = match first {
            None => return second,
            Some(first) if first == second || nesting.merges > MERGE_DEPTH => return first,
            Some(first) => first,
        };
        let (mut first, second) = (
            self.declared(first, nesting),
            self.declared(second, nesting),
        );
        for (name, shape) in second.properties {
            let known = first
                .properties
                .iter_mut()
                .find(|(known, _)| *known == name);
            match known {
                Some((_, known)) => {
                    *known = self.merged(Some(known.clone()), shape, &nesting.merge());
                }
                None => first.properties.push((name, shape)),
            }
        }
        for (first, second) in [
            (&mut first.items, second.items),
            (&mut first.others, second.others),
        ] {
            *first = match (first.take(), second) {
                (Some(one), Some(other)) => {
                    Some(Box::new(self.merged(Some(*one), *other, &nesting.merge())))
                }
                (one, other) => one.or(other),
            };
        }
        Shape::Declared(first)
    }

    /// Returns the properties and elements of a shape.
    fn declared(&self, shape: Shape, nesting: &Nesting) -> Declared {
        match shape {
            Shape::Declared(declared) => declared,
            Shape::Any => Declared {
                items: Some(Box::new(Shape::Any)),
                others: Some(Box::new(Shape::Any)),
                ..Declared::default()
            },
            Shape::Named(id) => self.of_type(id, nesting),
        }
    }

    /// Generates a reference to a shape.
    fn reference(&mut self, shape: &Shape) -> TokenStream {
        match shape {
            Shape::Any => quote!(&ANY),
            Shape::Named(id) => match self.name(*id) {
                Some(name) => quote!(&#name),
                None => quote!(&SCALAR),
            },
            Shape::Declared(declared) if *declared == Declared::default() => quote!(&SCALAR),
            Shape::Declared(declared) => {
                let shape = self.value(declared);
                quote!(&#shape)
            }
        }
    }

    fn value(&mut self, declared: &Declared) -> TokenStream {
        let properties: Vec<TokenStream> = declared
            .properties
            .iter()
            .map(|(name, shape)| {
                let shape = self.reference(shape);
                quote!((#name, #shape))
            })
            .collect();
        let mut optional = |shape: &Option<Box<Shape>>| match shape {
            Some(shape) => {
                let shape = self.reference(shape);
                quote!(Some(#shape))
            }
            None => quote!(None),
        };
        let (items, others) = (optional(&declared.items), optional(&declared.others));
        quote!(Shape { properties: &[#(#properties),*], items: #items, others: #others })
    }

    /// Returns the static of a type, if it has properties or elements.
    fn name(&mut self, id: TypeId) -> Option<Ident> {
        if let Some(name) = self.names.get(&id) {
            return name.clone();
        }
        let declared = self.of_type(id, &Nesting::default());
        let name = (declared != Declared::default()).then(|| {
            self.queue.push((id, declared));
            unused(
                identifiers::upper(&self.types.get(id).name),
                &mut self.taken,
            )
        });
        self.names.insert(id, name.clone());
        name
    }

    /// Generates the statics of all types that are referred to, in the order of the types.
    fn statics(mut self) -> Vec<TokenStream> {
        let mut statics = BTreeMap::new();
        while let Some((id, declared)) = self.queue.pop() {
            let value = self.value(&declared);
            let name = self.name(id);
            statics.insert(id, quote!(pub static #name: Shape = #value;));
        }
        statics.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;
    use serde_json::{Value, json};

    use super::{Shapes, json_responses};
    use crate::client_plan::ClientPlan;

    /// The plan of a contract with an operation that responds with values of a schema.
    fn plan(schema: &Value, components: Value) -> ClientPlan {
        let content = json!({ "application/json": { "schema": schema } });
        let responses = json!({ "200": { "description": "", "content": content } });
        let contract = json!({
            "openapi": "3.1.0",
            "info": { "title": "Shapes", "version": "1" },
            "paths": { "/a": { "get": { "operationId": "getA", "responses": responses } } },
            "components": { "schemas": components },
        });
        let document = Document::parse("contract.json", contract.to_string()).unwrap();
        ClientPlan::read(&Contract::read(document).unwrap()).unwrap()
    }

    /// Returns the generated reference to the shape of a schema, and the statics of the types it refers to.
    fn generated(schema: &Value, components: Value) -> (String, Vec<String>) {
        let plan = plan(schema, components);
        let mut shapes = Shapes::new(&plan.types);
        let (_, ty) = json_responses(&plan.operations[0]).remove(0);
        let shape = shapes.read(ty);
        let reference = shapes.reference(&shape);
        let statics = shapes.statics();
        let compact = |tokens: String| tokens.replace(' ', "");
        (
            compact(reference.to_string()),
            statics
                .iter()
                .map(|item| compact(item.to_string()))
                .collect(),
        )
    }

    /// Returns the order of the properties of the type that is referred to.
    fn properties(schema: &Value, components: Value) -> Vec<String> {
        let (reference, statics) = generated(schema, components);
        let start = format!("pubstatic{}:", reference.trim_start_matches('&'));
        let declared = statics
            .iter()
            .find(|item| item.starts_with(&start))
            .unwrap();
        let names = declared.split("(\"").skip(1);
        names
            .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
            .collect()
    }

    fn component(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    fn object(properties: Value) -> Value {
        json!({ "type": "object", "properties": properties })
    }

    #[test]
    fn properties_keep_their_order() {
        let schema = object(json!({ "z": { "type": "string" }, "a": { "type": "integer" } }));
        assert_eq!(properties(&schema, json!({})), ["z", "a"]);
    }

    #[test]
    fn members_of_compositions_are_merged() {
        let components = json!({
            "A": object(json!({ "z": { "type": "string" }, "y": {} })),
            "B": { "allOf": [component("A"), { "description": "x" }] },
        });
        let inline = object(json!({ "a": { "type": "string" }, "z": { "type": "string" } }));
        for key in ["allOf", "oneOf", "anyOf"] {
            let schema = json!({ key: [component("B"), inline] });
            let found = properties(&schema, components.clone());
            assert_eq!(found, ["z", "y", "a"], "{key}");
        }
    }

    #[test]
    fn recursive_unions_do_not_multiply() {
        let names: Vec<String> = (0..12).map(|number| format!("p{number}")).collect();
        let recursive = |own: &str| {
            let properties = names.iter().map(|name| (name.clone(), component(own)));
            object(properties.collect::<serde_json::Map<_, _>>().into())
        };
        let components = json!({ "A": recursive("A"), "B": recursive("B") });
        let union = json!({ "oneOf": [component("A"), component("B")] });
        let (_, statics) = generated(&union, components);
        let length: usize = statics.iter().map(String::len).sum();
        assert!(length < 1_000_000, "{length}");
    }

    #[test]
    fn undeclared_properties_are_distinguished() {
        let scalar = json!({ "type": ["string", "null"] });
        assert_eq!(generated(&scalar, json!({})).0, "&SCALAR");
        assert_eq!(generated(&json!({}), json!({})).0, "&ANY");
        for (others, expected) in [
            (json!({ "type": "integer" }), "others:Some(&SCALAR)"),
            (json!(true), "others:Some(&ANY)"),
            (json!(false), "others:None"),
        ] {
            let mut schema = object(json!({ "a": { "type": "string" } }));
            schema["additionalProperties"] = others;
            let (_, statics) = generated(&schema, json!({}));
            assert!(statics[0].contains(expected), "{statics:?}");
        }
        let map = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
        let expected = "&Shape{properties:&[],items:None,others:Some(&SCALAR)}";
        assert_eq!(generated(&map, json!({})).0, expected);
    }

    #[test]
    fn elements_of_lists_are_the_items() {
        let list = json!({ "type": "array", "items": component("A") });
        let components = json!({ "A": object(json!({ "a": { "type": "string" } })) });
        let (reference, statics) = generated(&list, components);
        let expected = "&Shape{properties:&[],items:Some(&A),others:None}";
        assert_eq!((reference.as_str(), statics.len()), (expected, 1));
    }

    #[test]
    fn recursive_types_refer_to_themselves() {
        let components = json!({
            "Tree": object(json!({ "next": component("Tree") })),
            "Nest": { "type": "array", "items": component("Nest") },
            "Name": { "type": "string" },
        });
        for (name, expected) in [
            (
                "Tree",
                "pubstaticTREE:Shape=Shape{properties:&[(\"next\",&TREE)],items:None,others:None};",
            ),
            (
                "Nest",
                "pubstaticNEST:Shape=Shape{properties:&[],items:Some(&NEST),others:None};",
            ),
        ] {
            let (reference, statics) = generated(&component(name), components.clone());
            assert_eq!(reference, format!("&{}", name.to_uppercase()));
            assert_eq!(statics, [expected]);
        }
        let (reference, statics) = generated(&component("Name"), components);
        assert_eq!((reference.as_str(), statics.len()), ("&SCALAR", 0));
    }

    #[test]
    fn unions_that_contain_themselves_end() {
        let components = json!({ "Loop": { "oneOf": [
            { "type": "array", "items": component("Loop") },
            component("Loop"),
            object(json!({ "a": { "type": "string" } })),
        ] } });
        let (_, statics) = generated(&component("Loop"), components);
        assert!(statics.concat().contains("(\"a\",&SCALAR)"), "{statics:?}");
    }

    #[test]
    fn each_status_has_the_json_that_the_client_reads() {
        let content = |schema: Value| json!({ "application/json": { "schema": schema } });
        let contract = json!({
            "openapi": "3.1.0",
            "info": { "title": "Shapes", "version": "1" },
            "paths": { "/a": { "get": {
                "operationId": "getA",
                "responses": {
                    "200": { "description": "", "content": content(json!({ "type": "boolean" })) },
                    "204": { "description": "" },
                    "4XX": { "description": "", "content": content(json!({ "type": "string" })) },
                    "default": { "description": "", "content": content(json!({ "type": "integer" })) },
                },
            } } },
        });
        let document = Document::parse("contract.json", contract.to_string()).unwrap();
        let plan = ClientPlan::read(&Contract::read(document).unwrap()).unwrap();
        let found = json_responses(&plan.operations[0]);
        let statuses: Vec<(&str, String)> = found
            .iter()
            .map(|(status, ty)| (status.as_str(), plan.types.source(ty, "")))
            .collect();
        let expected = [("200", "bool"), ("4XX", "String"), ("default", "i64")];
        assert_eq!(
            statuses,
            expected.map(|(status, ty)| (status, ty.to_owned()))
        );
    }
}
