//! Renames schemas that would become types of the same name.
//!
//! typify names a type by its title or its location and reuses the first type with that name, so an error
//! body can silently get the type of the success. A schema with a taken name loses its title, or becomes a
//! component with an unused name.

mod merged;

use std::collections::{HashMap, HashSet};

use openapi_contract::rust_names::type_name;
use serde_json::{Value, json};

use super::plain_schema::plain;
use super::rewrite_log::RewriteLog;
use super::unused_names::unused_name;
use super::walk::{self, Object, SCHEMAS};
use super::{Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::TYPE_NAMES);

/// Names of the Rust prelude that generated code uses.
const RUST_PRELUDE: [&str; 6] = ["Default", "Err", "None", "Ok", "Some", "String"];

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    rename_components(value, log);
    merged::lower(value, log);
    let components = walk::components(value);
    let own: HashMap<String, (String, Value)> = components
        .map(|(name, schema)| (type_name(name), (name.to_owned(), type_content(schema))))
        .collect();
    let mut names = TypeNames {
        taken: own.keys().cloned().collect(),
        own,
        inline: HashMap::new(),
        moved: HashMap::new(),
        new: Vec::new(),
        log,
    };
    let mut components = walk::components_mut(value)
        .map(std::mem::take)
        .unwrap_or_default();
    for (name, schema) in &mut components {
        names.component(name, schema);
    }
    walk::operations(value, &mut |_, operation| names.operation(operation));
    components.extend(names.new);
    if let Some(all) = walk::components_mut(value) {
        *all = components;
    }
}

/// Renames components with the same type name.
fn rename_components(document: &mut Value, log: &mut RewriteLog<'_>) {
    let mut taken: HashSet<String> = RUST_PRELUDE.map(str::to_owned).into();
    let mut renamed = HashMap::new();
    let names: Vec<String> = walk::components(document)
        .map(|(name, _)| name.to_owned())
        .collect();
    let double: Vec<&String> = names
        .iter()
        .filter(|name| !taken.insert(type_name(name)))
        .collect();
    for name in double {
        renamed.insert(name.clone(), unused_name(&mut taken, &format!("{name}_2")));
    }
    if renamed.is_empty() {
        return;
    }
    if let Some(components) = walk::components_mut(document) {
        let old = std::mem::take(components);
        for (name, schema) in old {
            let name = match renamed.get(&name) {
                Some(new) => {
                    let message = format!(
                        "another component has the same type name as `{name}`; it becomes `{new}`"
                    );
                    let empty = Object::new();
                    let object = schema.as_object().unwrap_or(&empty);
                    log.record_object(EXACT, object, None, None, message);
                    new.clone()
                }
                None => name,
            };
            components.insert(name, schema);
        }
    }
    walk::schemas(document, &mut |schema, _| {
        if let Some(new) = walk::referenced_component(schema).and_then(|name| renamed.get(name)) {
            schema.insert("$ref".to_owned(), Value::from(format!("{SCHEMAS}{new}")));
        }
    });
}

struct TypeNames<'a, 'd> {
    /// The names of all types.
    taken: HashSet<String>,
    /// The components, by their type names.
    own: HashMap<String, (String, Value)>,
    /// The inline schemas, by their type names.
    inline: HashMap<String, Value>,
    /// The schemas whose type name was taken, with the components that they became, by that name.
    moved: HashMap<String, Vec<(Value, String)>>,
    new: Vec<(String, Value)>,
    log: &'a mut RewriteLog<'d>,
}

impl TypeNames<'_, '_> {
    fn component(&mut self, name: &str, schema: &mut Value) {
        let content = type_content(schema);
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        // The title names the type inside of the `Option`.
        if walk::is_true(object, "nullable")
            && let Some(title) = walk::string(object, "title").map(type_name)
            && !matches!(self.use_of(&title, &content), NameUse::Unused)
        {
            let message = format!(
                "the title of `{name}` is dropped, because another type is called `{title}`"
            );
            self.log
                .record_object(EXACT, object, Some("title"), None, message);
            object.shift_remove("title");
        }
        let name = type_name(name);
        self.inside(object, &name, None);
    }

    fn operation(&mut self, operation: &mut Object) {
        let id = walk::operation_id(operation);
        let hint = |part: &str| type_name(&format!("{id}-{part}"));
        for parameter in walk::elements_mut(operation.get_mut("parameters")) {
            let name = walk::string_of(parameter, "name")
                .unwrap_or_default()
                .to_owned();
            if let Some(schema) = parameter.get_mut("schema") {
                self.schema(schema, &hint(&name), Some(&id));
            }
        }
        for (key, part) in [("requestBody", "body"), ("responses", "response")] {
            let Some(value) = operation.get_mut(key) else {
                continue;
            };
            let holders: Vec<(String, &mut Value)> = match key {
                "responses" => walk::entries_mut(Some(value))
                    .map(|(status, one)| (status.to_owned(), one))
                    .collect(),
                _ => vec![(String::new(), value)],
            };
            for (status, holder) in holders {
                // progenitor gives error bodies the same name as success bodies.
                let fallback = match status.starts_with(['4', '5']) || status == "default" {
                    true => hint("error"),
                    false => hint(&format!("{part}-inline")),
                };
                for (_, media_type) in walk::entries_mut(holder.get_mut("content")) {
                    if let Some(schema) = media_type.get_mut("schema") {
                        self.schema_or(schema, &hint(part), &fallback, Some(&id));
                    }
                }
            }
        }
    }

    /// Processes a schema that is named `hint` if it has no title.
    fn schema(&mut self, schema: &mut Value, hint: &str, operation: Option<&str>) {
        self.schema_or(schema, hint, &format!("{hint}_inline"), operation);
    }

    /// Processes a schema that is named `hint`, or `fallback` if that name is taken, unless it has a title.
    fn schema_or(
        &mut self,
        schema: &mut Value,
        hint: &str,
        fallback: &str,
        operation: Option<&str>,
    ) {
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        if object.contains_key("$ref") {
            return;
        }
        if !makes_type(object) {
            let called = self.array_name(object, operation);
            let hint = called.as_deref().unwrap_or(hint);
            self.inside(object, hint, operation);
            return;
        }
        let content = type_content(&Value::Object(object.clone()));
        let titled = walk::string(object, "title").map(type_name);
        if let Some(name) = titled {
            match self.use_of(&name, &content) {
                NameUse::Unused => return self.inside(object, &name, operation),
                NameUse::Same(component) => {
                    *schema = json!({ "$ref": format!("{SCHEMAS}{component}") });
                    return;
                }
                NameUse::Other => {
                    let message =
                        format!("the title is dropped, because another type is called `{name}`");
                    self.log
                        .record_object(EXACT, object, Some("title"), operation, message);
                    object.shift_remove("title");
                }
            }
        }
        let name = type_name(hint);
        match self.use_of(&name, &content) {
            NameUse::Unused => self.inside(object, &name, operation),
            NameUse::Same(_) | NameUse::Other => {
                let moved = self.moved.get(&name).into_iter().flatten();
                let known = moved.clone().find(|(other, _)| *other == content);
                let known = known.map(|(_, component)| component.clone());
                let is_known = known.is_some();
                let new = known.unwrap_or_else(|| unused_name(&mut self.taken, fallback));
                let message = format!(
                    "another type is called `{name}`; this one becomes `{}`",
                    type_name(&new)
                );
                self.log
                    .record_object(EXACT, object, None, operation, message);
                let nullable = object.shift_remove("nullable");
                let mut component = std::mem::take(object);
                *object = super::draft_markers::empty_with_origin(&component);
                let reference = format!("{SCHEMAS}{new}");
                if nullable == Some(Value::Bool(true)) {
                    let parts = json!([{ "$ref": reference }]);
                    object.insert("nullable".to_owned(), Value::Bool(true));
                    object.insert("allOf".to_owned(), parts);
                } else {
                    object.insert("$ref".to_owned(), Value::from(reference));
                }
                if is_known {
                    return;
                }
                self.own
                    .insert(type_name(&new), (new.clone(), content.clone()));
                self.moved
                    .entry(name)
                    .or_default()
                    .push((content, new.clone()));
                self.inside(&mut component, &type_name(&new), operation);
                self.new.push((new, Value::Object(component)));
            }
        }
    }

    /// The name that the items of an array are named after: its title. The array loses it if the name of
    /// the items would be taken.
    fn array_name(&mut self, object: &mut Object, operation: Option<&str>) -> Option<String> {
        let title = type_name(walk::string(object, "title")?);
        // typify names the items of an array of fixed length by its location only.
        if object.contains_key("minItems") && object.get("minItems") == object.get("maxItems") {
            return None;
        }
        let items = object.get("items")?.as_object()?;
        let is_named = items.contains_key("$ref") || items.contains_key("title");
        if !is_named && makes_type(items) {
            let name = format!("{title}Item");
            let content = type_content(&Value::Object(items.clone()));
            if !matches!(self.use_of(&name, &content), NameUse::Unused) {
                let message = format!(
                    "the title is dropped, because another type is called `{name}`, like its items"
                );
                self.log
                    .record_object(EXACT, object, Some("title"), operation, message);
                object.shift_remove("title");
                return None;
            }
        }
        Some(title)
    }

    fn use_of(&mut self, name: &str, content: &Value) -> NameUse {
        if RUST_PRELUDE.contains(&name) {
            return NameUse::Other;
        }
        if let Some((component, own)) = self.own.get(name) {
            return if own == content {
                NameUse::Same(component.clone())
            } else {
                NameUse::Other
            };
        }
        match self.inline.get(name) {
            Some(other) if other == content => NameUse::Unused,
            Some(_) => NameUse::Other,
            None => {
                self.taken.insert(name.to_owned());
                self.inline.insert(name.to_owned(), content.clone());
                NameUse::Unused
            }
        }
    }

    /// Processes the schemas inside of one whose type is called `name`.
    fn inside(&mut self, object: &mut Object, name: &str, operation: Option<&str>) {
        for (key, value) in object.iter_mut() {
            match key.as_str() {
                "properties" => {
                    for (property, inner) in walk::entries_mut(Some(value)) {
                        let hint = openapi_contract::rust_names::property_type(name, property);
                        self.schema(inner, &hint, operation);
                    }
                }
                "items" => self.schema(value, &format!("{name}Item"), operation),
                "additionalProperties" => self.schema(value, &format!("{name}Value"), operation),
                "allOf" => {
                    for (index, part) in walk::elements_mut(Some(value)).enumerate() {
                        // Members are merged, so schemas inside of them are named after the whole.
                        match part.as_object_mut() {
                            Some(part) if !part.contains_key("$ref") => {
                                self.inside(part, name, operation);
                            }
                            _ => self.schema(part, &format!("{name}Subtype{index}"), operation),
                        }
                    }
                }
                "oneOf" | "anyOf" => {
                    let is_struct = key == "anyOf";
                    let tag = tag(value).filter(|_| !is_struct);
                    for (index, part) in walk::elements_mut(Some(value)).enumerate() {
                        let Some(part) = part.as_object_mut() else {
                            continue;
                        };
                        let title = walk::string(part, "title").map(type_name);
                        if part.contains_key("$ref") {
                            continue;
                        }
                        if is_struct {
                            let mut whole = Value::Object(std::mem::take(part));
                            self.schema(&mut whole, &format!("{name}Subtype{index}"), operation);
                            if let Value::Object(whole) = whole {
                                *part = whole;
                            }
                        } else {
                            // Schemas in a variant with a tag are named as if they were in the enum.
                            if let Some(tag) = &tag {
                                let properties = part.get_mut("properties");
                                let own = walk::object_mut(properties)
                                    .and_then(|properties| properties.shift_remove_entry(tag));
                                // In a component its name counts, elsewhere the title.
                                for called in [Some(name), title.as_deref()].into_iter().flatten() {
                                    self.inside(part, called, operation);
                                }
                                if let Some(properties) =
                                    walk::object_mut(part.get_mut("properties"))
                                {
                                    properties.extend(own);
                                }
                            }
                            let variant = title.unwrap_or_else(|| format!("Variant{index}"));
                            self.inside(part, &format!("{name}{variant}"), operation);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Who uses a type name.
enum NameUse {
    Unused,
    /// A component with the same content.
    Same(String),
    /// Another type.
    Other,
}

/// The property by which typify distinguishes alternatives: each requires another constant string there.
fn tag(alternatives: &Value) -> Option<String> {
    let parts: Vec<&Value> = walk::elements(Some(alternatives)).collect();
    let constant = |part: &Value, name: &str| -> Option<String> {
        let mut required = walk::elements(part.get("required"));
        let mut values = walk::elements(part.get("properties")?.get(name)?.get("enum"));
        let only = values.next()?.as_str()?.to_owned();
        (values.next().is_none() && required.any(|required| required == name)).then_some(only)
    };
    let names = walk::entries(parts.first()?.get("properties")).map(|(name, _)| name);
    let tags = names.filter(|name| {
        let mut seen = HashSet::new();
        let mut constants = parts.iter().map(|part| constant(part, name));
        constants.all(|constant| constant.is_some_and(|constant| seen.insert(constant)))
    });
    tags.min().map(str::to_owned)
}

/// Whether a schema becomes a named type.
pub(super) fn makes_type(object: &Object) -> bool {
    let has = |key: &str| object.contains_key(key);
    let count = |key: &str| walk::elements(object.get(key)).count();
    if has("properties") || has("not") || count("allOf") > 1 {
        return true;
    }
    if count("oneOf") > 1 || count("anyOf") > 1 {
        return true;
    }
    match walk::string(object, "type") {
        Some("string") => has("enum") || has("pattern") || has("minLength") || has("maxLength"),
        Some("object") => object.get("additionalProperties") == Some(&Value::Bool(false)),
        Some("array" | "boolean" | "number") => false,
        _ => has("enum"),
    }
}

/// The part of a schema that determines its type.
fn type_content(schema: &Value) -> Value {
    let mut schema = plain(schema);
    if let Some(object) = schema.as_object_mut() {
        for key in ["title", "nullable", "default", "readOnly", "writeOnly"] {
            object.shift_remove(key);
        }
        object.retain(|key, _| !key.starts_with("x-"));
    }
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{contract, lowered, responding_with};

    #[test]
    fn open_member_does_not_change_the_type_of_a_reference() {
        let outcome = lowered(&contract(
            responding_with(json!({ "$ref": "#/components/schemas/Account" })),
            json!({
                "Account": { "allOf": [
                    { "type": "object", "properties": {
                        "contact": { "$ref": "#/components/schemas/AccountContact" } } },
                    { "$ref": "#/components/schemas/Own" },
                ] },
                "Own": { "type": "object", "additionalProperties": {} },
                "AccountContact": { "allOf": [{ "$ref": "#/components/schemas/Own" }, {
                    "type": "object", "properties": { "city": { "type": "string" } } }] },
            }),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(
            code.contains("pub contact: ::std::option::Option<AccountContact>"),
            "{code}"
        );
        assert_eq!(code.count("structAccountContact{"), 2, "{code}");
    }

    #[test]
    fn properties_of_members_do_not_collide_with_components() {
        let links = json!({ "type": "object", "properties": { "self": { "type": "string" } } });
        let outcome = lowered(&contract(
            responding_with(json!({ "$ref": "#/components/schemas/Shape" })),
            json!({
                "Shape": { "allOf": [
                    { "$ref": "#/components/schemas/ShapeKind" },
                    { "$ref": "#/components/schemas/Linked" },
                    { "type": "object", "properties": {
                        "links": { "$ref": "#/components/schemas/ShapeLinks" } } },
                ] },
                "ShapeKind": { "type": "object", "properties": {
                    "kind": { "type": "string", "enum": ["circle", "square"] } } },
                "Linked": { "type": "object", "properties": { "links": links } },
                "ShapeLinks": { "type": "object", "properties": { "next": { "type": "string" } } },
            }),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        for name in [
            "ShapeKind",
            "ShapeKindInline",
            "ShapeLinks",
            "ShapeLinksInline",
        ] {
            assert!(code.contains(format!("{name}{{")), "{name}: {code}");
        }
    }

    #[test]
    fn equal_titles_become_different_types() {
        let action = |value: &str| json!({ "type": "string", "title": "Action", "enum": [value] });
        let outcome = lowered(&contract(
            responding_with(json!({ "$ref": "#/components/schemas/Create" })),
            json!({
                "Create": { "type": "object", "properties": { "action": action("create") } },
                "Delete": { "type": "object", "properties": { "action": action("delete") } },
            }),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(
            outcome.code.contains("pub enum Action{")
                && outcome.code.contains("pub enum DeleteAction{"),
            "{}",
            outcome.code
        );
    }

    #[test]
    fn items_of_arrays_with_one_title_become_different_types() {
        let things = |property: &str| {
            let thing = json!({ "type": "object", "required": [property],
                "properties": { property: { "type": "string" } } });
            json!({ "type": "object", "properties": {
                "things": { "type": "array", "title": "Things", "items": thing },
            } })
        };
        let outcome = lowered(&contract(
            responding_with(json!({ "$ref": "#/components/schemas/One" })),
            json!({ "One": things("a"), "Other": things("b") }),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        for declared in ["pub struct ThingsItem{", "pub struct OtherThingsItem{"] {
            assert!(outcome.code.contains(declared), "{}", outcome.code);
        }
    }

    #[test]
    fn component_keeps_its_name() {
        let inline = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        let outcome = lowered(&contract(
            responding_with(json!({ "$ref": "#/components/schemas/Foo" })),
            json!({
                "Foo": { "type": "object", "properties": { "bar": inline, "foo_bar": { "$ref": "#/components/schemas/foo_bar" } } },
                "FooBar": { "type": "object", "properties": { "b": { "type": "integer" } } },
                "foo_bar": { "type": "string", "enum": ["x"] },
            }),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        for name in ["structFooBar{", "structFooBarInline{", "enumFooBar2{"] {
            assert!(outcome.code.contains(name), "{name}: {}", outcome.code);
        }
    }

    #[test]
    fn schemas_in_tagged_variants_do_not_collide() {
        let variant = |kind: &str, of: Value| {
            json!({ "type": "object", "required": ["kind", "data"], "properties": {
                "kind": { "type": "string", "enum": [kind] }, "count": { "type": "integer" },
                "data": { "type": "array", "items": {
                    "type": "object", "required": ["base"], "properties": { "base": of } } } } })
        };
        let text = json!({ "type": "string" });
        let object = json!({ "type": "object", "properties": { "name": text } });
        let outcome = lowered(&contract(
            responding_with(json!({ "oneOf": [variant("a", text), variant("b", object)] })),
            json!({}),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        for items in ["GetResponseDataItem", "GetResponseDataItemInline"] {
            let field = format!("data:::std::vec::Vec<{items}>");
            assert!(outcome.code.contains(&field), "{}", outcome.code);
        }
    }
}
