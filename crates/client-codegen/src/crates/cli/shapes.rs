//! What the contract declares of the JSON in responses: the properties in its order, from which the command line
//! takes the order of its output and the columns of tables.

use std::collections::{BTreeMap, BTreeSet};

use openapi_contract::model::is_json;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Ident, Item, parse_quote};

use crate::client_ir::Operation;
use crate::identifiers::{self, unused};
use crate::lower::walk;
use crate::pagination_keys;

/// How deep properties are merged. Deeper ones are as the first of them declares: the members of a recursive union would
/// multiply.
const MERGE_DEPTH: usize = 2;

/// What a schema declares of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    /// Everything is allowed.
    Any,
    /// What the component schema with this name declares.
    Component(String),
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
pub(super) fn module(operations: &[Operation], document: &Value) -> Vec<Item> {
    let mut shapes = Shapes {
        document,
        names: BTreeMap::new(),
        taken: ["ANY", "SCALAR"].map(str::to_owned).into(),
        queue: Vec::new(),
    };
    let mut bodies = Vec::new();
    let mut pages = Vec::new();
    for operation in operations {
        let variant = &operation.builder;
        let Some(declared) = declaration(document, operation) else {
            continue;
        };
        let entries = shapes.bodies(declared);
        if !entries.is_empty() {
            bodies.push(quote!(CliCommand::#variant => const { &[#(#entries),*] }));
        }
        if let Some(path) = page_items(declared) {
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

/// Returns the operation in the contract.
fn declaration<'a>(document: &'a Value, operation: &Operation) -> Option<&'a Value> {
    let item = document.get("paths")?.get(&operation.plan.path)?;
    item.get(operation.plan.http_method)
}

/// Returns the names of the properties that lead to the items of a page.
fn page_items(operation: &Value) -> Option<Vec<String>> {
    let pointer = operation
        .get(pagination_keys::KEY)?
        .get("items")?
        .as_str()?;
    let tokens = pointer.split('/').skip(1);
    Some(
        tokens
            .map(|token| token.replace("~1", "/").replace("~0", "~"))
            .collect(),
    )
}

/// Where a schema is read.
#[derive(Debug, Clone, Default)]
struct Nesting {
    /// How many properties are merged around it.
    merges: usize,
    /// The components that it is a member of.
    components: Vec<String>,
}

impl Nesting {
    fn merge(&self) -> Self {
        Self {
            merges: self.merges + 1,
            ..self.clone()
        }
    }

    fn component(&self, name: String) -> Self {
        let mut inner = self.clone();
        inner.components.push(name);
        inner
    }
}

/// The shapes of a document.
struct Shapes<'a> {
    document: &'a Value,
    /// The generated statics, by component; none for those without properties and elements.
    names: BTreeMap<String, Option<Ident>>,
    taken: BTreeSet<String>,
    /// The components whose static is not generated yet.
    queue: Vec<(String, Declared)>,
}

impl Shapes<'_> {
    /// Generates an entry for each response with JSON.
    fn bodies(&mut self, operation: &Value) -> Vec<TokenStream> {
        let mut bodies = Vec::new();
        for (status, response) in walk::entries(operation.get("responses")) {
            let mut contents = walk::entries(response.get("content"));
            let content = contents.find(|(media_type, _)| is_json(media_type));
            if let Some(schema) = content.and_then(|(_, content)| content.get("schema")) {
                let shape = self.read(schema, &Nesting::default());
                let shape = self.reference(&shape);
                bodies.push(quote!((#status, #shape)));
            }
        }
        bodies
    }

    /// Reads a schema.
    fn read(&self, schema: &Value, nesting: &Nesting) -> Shape {
        let Some(object) = schema.as_object() else {
            return Shape::Any;
        };
        if let Some(name) = walk::referenced_component(object) {
            return Shape::Component(name.to_owned());
        }
        let members = |key: &str| {
            schema
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
        };
        let read = |member| self.read(member, nesting);
        let all_of: Vec<Shape> = members("allOf").map(read).collect();
        let any_of: Vec<Shape> = members("oneOf").chain(members("anyOf")).map(read).collect();
        let is_composed = !all_of.is_empty() || !any_of.is_empty();
        let mut shape = self.own(schema, is_composed, nesting);
        // A member without a type allows everything, but the value is what all members allow.
        for member in all_of.into_iter().filter(|member| *member != Shape::Any) {
            shape = Some(self.merged(shape, member, nesting));
        }
        for member in any_of {
            shape = Some(self.merged(shape, member, nesting));
        }
        shape.unwrap_or(Shape::Any)
    }

    /// Reads the keywords of a schema itself.
    fn own(&self, schema: &Value, is_composed: bool, nesting: &Nesting) -> Option<Shape> {
        let is_object = schema.get("type").is_some_and(|ty| ty == "object");
        let properties: Vec<(String, Shape)> = walk::entries(schema.get("properties"))
            .map(|(name, property)| (name.to_owned(), self.read(property, nesting)))
            .collect();
        let items = schema
            .get("items")
            .map(|items| Box::new(self.read(items, nesting)));
        let others = match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => None,
            Some(others) => Some(self.read(others, nesting)),
            None => (is_object && !is_composed && properties.is_empty()).then_some(Shape::Any),
        };
        let is_typed = ["type", "enum", "const"]
            .iter()
            .any(|key| schema.get(*key).is_some());
        let is_empty = properties.is_empty() && items.is_none() && others.is_none();
        if is_empty && (is_composed || !is_typed) {
            return None;
        }
        Some(Shape::Declared(Declared {
            properties,
            items,
            others: others.map(Box::new),
        }))
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
            // A component that is a member of itself declares nothing more.
            Shape::Component(name) if nesting.components.contains(&name) => Declared::default(),
            Shape::Component(name) => match walk::component(self.document, &name) {
                Some(schema) => {
                    let nesting = nesting.component(name);
                    self.declared(self.read(schema, &nesting), &nesting)
                }
                None => Declared::default(),
            },
        }
    }

    /// Generates a reference to a shape.
    fn reference(&mut self, shape: &Shape) -> TokenStream {
        match shape {
            Shape::Any => quote!(&ANY),
            Shape::Component(component) => match self.name(component) {
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

    /// Returns the static of a component, if it has properties or elements.
    fn name(&mut self, component: &str) -> Option<Ident> {
        if let Some(name) = self.names.get(component) {
            return name.clone();
        }
        let declared = self.declared(Shape::Component(component.to_owned()), &Nesting::default());
        let name = (declared != Declared::default()).then(|| {
            self.queue.push((component.to_owned(), declared));
            unused(identifiers::upper(component), &mut self.taken)
        });
        self.names.insert(component.to_owned(), name.clone());
        name
    }

    /// Generates the statics of all components that are referred to.
    fn statics(mut self) -> Vec<TokenStream> {
        let mut statics = BTreeMap::new();
        while let Some((component, declared)) = self.queue.pop() {
            let value = self.value(&declared);
            let name = self.name(&component);
            statics.insert(component, quote!(pub static #name: Shape = #value;));
        }
        statics.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::{Value, json};

    use super::{Nesting, Shapes};

    /// Returns the generated reference to the shape of a schema, and the statics of the components it refers to.
    fn generated(schema: &Value, components: Value) -> (String, Vec<String>) {
        let document = json!({ "components": { "schemas": components } });
        let mut shapes = Shapes {
            document: &document,
            names: BTreeMap::new(),
            taken: BTreeSet::new(),
            queue: Vec::new(),
        };
        let shape = shapes.read(schema, &Nesting::default());
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

    /// Returns the order of the declared properties.
    fn properties(schema: &Value, components: Value) -> Vec<String> {
        let (reference, _) = generated(schema, components);
        let names = reference.split("(\"").skip(1);
        names
            .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
            .collect()
    }

    #[test]
    fn properties_keep_their_order() {
        let schema =
            json!({ "properties": { "z": { "type": "string" }, "a": { "type": "integer" } } });
        assert_eq!(properties(&schema, json!({})), ["z", "a"]);
    }

    #[test]
    fn members_of_compositions_are_merged() {
        let components = json!({
            "A": { "properties": { "z": { "type": "string" }, "y": {} } },
            "B": { "allOf": [{ "$ref": "#/components/schemas/A" }, { "description": "x" }] },
        });
        for key in ["allOf", "oneOf", "anyOf"] {
            let schema = json!({
                key: [
                    { "$ref": "#/components/schemas/B" },
                    { "properties": { "a": { "type": "string" }, "z": { "type": "string" } } },
                ],
            });
            assert_eq!(
                properties(&schema, components.clone()),
                ["z", "y", "a"],
                "{key}"
            );
        }
    }

    #[test]
    fn recursive_unions_do_not_multiply() {
        let names: Vec<String> = (0..12).map(|number| format!("p{number}")).collect();
        let component = |own: &str| {
            let inner = json!({ "$ref": format!("#/components/schemas/{own}") });
            let properties = names.iter().map(|name| (name.clone(), inner.clone()));
            json!({ "properties": properties.collect::<serde_json::Map<_, _>>() })
        };
        let components = json!({ "A": component("A"), "B": component("B") });
        let union = json!({ "oneOf": [
            { "$ref": "#/components/schemas/A" },
            { "$ref": "#/components/schemas/B" },
        ] });
        let (reference, _) = generated(&union, components);
        assert!(reference.len() < 1_000_000, "{}", reference.len());
    }

    #[test]
    fn undeclared_properties_are_distinguished() {
        let component = json!({});
        let scalar = json!({ "type": "string", "nullable": true });
        assert_eq!(generated(&scalar, component.clone()).0, "&SCALAR");
        assert_eq!(generated(&json!({}), component.clone()).0, "&ANY");
        for (others, expected) in [
            (json!({ "type": "integer" }), "others:Some(&SCALAR)"),
            (json!(true), "others:Some(&ANY)"),
            (json!(false), "others:None"),
        ] {
            let schema = json!({
                "type": "object",
                "properties": { "a": { "type": "string" } },
                "additionalProperties": others,
            });
            let (reference, _) = generated(&schema, component.clone());
            assert!(reference.contains(expected), "{reference}");
        }
    }

    #[test]
    fn recursive_components_refer_to_themselves() {
        let components = json!({
            "Tree": { "properties": { "next": { "$ref": "#/components/schemas/Tree" } } },
            "Loop": { "allOf": [{ "$ref": "#/components/schemas/Loop" }] },
            "Name": { "type": "string" },
        });
        let tree = json!({ "$ref": "#/components/schemas/Tree" });
        let (reference, statics) = generated(&tree, components.clone());
        assert_eq!(reference, "&TREE");
        assert_eq!(
            statics,
            ["pubstaticTREE:Shape=Shape{properties:&[(\"next\",&TREE)],items:None,others:None};"]
        );
        for scalar in ["Name", "Loop", "Missing"] {
            let schema = json!({ "$ref": format!("#/components/schemas/{scalar}") });
            let (reference, statics) = generated(&schema, components.clone());
            assert_eq!(
                (reference.as_str(), statics.len()),
                ("&SCALAR", 0),
                "{scalar}"
            );
        }
    }
}
