//! Array and object parameters, and parameters with a style that progenitor does not support.
//!
//! progenitor serializes a parameter as one value, and repeats it in the query for each element of an
//! array. All other combinations that OpenAPI defines a style for keep their type: the draft wraps the
//! schema in an array, which progenitor accepts, and the generated code serializes it in its style. What
//! no style can serialize becomes a string that the caller formats.

use openapi_contract::model::is_json;
use openapi_contract::rust_names::type_name;
use serde_json::{Value, json};

use super::draft_markers::empty_with_origin;
use super::overrides::{OperationOverrides, ParameterStyle, StyledParameter};
use super::rewrite_log::RewriteLog;
use super::unused_names::{component_types, unused_name};
use super::walk::{self, Object, SCHEMAS};
use super::{Change, Draft, PassKind, nullable, type_names};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::PARAMETER_STYLES);
const WEAKENED: PassKind = PassKind::weakened(rules::PARAMETER_STYLES);

/// How deep schemas inside of schemas are followed.
const MAX_DEPTH: usize = 16;

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft {
        value,
        log,
        overrides,
        ..
    } = draft;
    walk::operations_with(value, &mut |document, _, operation| {
        let id = walk::operation_id(operation);
        let mut lowering = StyleLowering {
            document,
            id: &id,
            log,
            styled: Vec::new(),
        };
        for parameter in walk::elements_mut(operation.get_mut("parameters")) {
            if let Some(parameter) = parameter.as_object_mut() {
                lowering.parameter(parameter);
            }
        }
        if !lowering.styled.is_empty() {
            let styled = lowering.styled;
            let operation_overrides: &mut OperationOverrides =
                overrides.entry(id.clone()).or_default();
            operation_overrides.styled = styled;
        }
    });
}

/// Wraps schemas that progenitor rejects as parameters in an array.
pub(super) fn finish(draft: &mut Draft<'_>) {
    let Draft {
        value,
        overrides,
        mangler,
        ..
    } = draft;
    let mut taken = component_types(value);
    let mut new = Vec::new();
    walk::operations(value, &mut |_, operation| {
        let id = walk::operation_id(operation);
        let Some(operation_overrides) = overrides.get(&id) else {
            return;
        };
        for parameter in walk::elements_mut(operation.get_mut("parameters")) {
            let in_draft = walk::string_of(parameter, "name")
                .unwrap_or_default()
                .to_owned();
            let styled =
                operation_overrides.styled_in_draft(parameter, &mangler.demangle(&in_draft));
            if styled.is_none_or(|styled| !styled.is_wrapped_in_array) {
                continue;
            }
            let Some(schema) = parameter.get_mut("schema") else {
                continue;
            };
            // The type of array items would get another name than the type of the parameter.
            if let Some(object) = schema.as_object()
                && !object.contains_key("$ref")
                && type_names::makes_type(object)
            {
                let titled = walk::string(object, "title").map(type_name);
                let called = titled.unwrap_or_else(|| type_name(&format!("{id}-{in_draft}")));
                // A component with this name is the same type: others were renamed.
                if !taken.contains(&called) {
                    let component = unused_name(&mut taken, &called);
                    new.push((component, schema.take()));
                }
                *schema = json!({ "$ref": format!("{SCHEMAS}{called}") });
            }
            *schema = json!({ "type": "array", "items": schema.take() });
        }
    });
    if let Some(components) = walk::components_mut(value) {
        components.extend(new);
    }
}

/// The shape of the values that a schema allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueShape {
    /// A single value.
    Scalar,
    List,
    Object,
    /// Alternatives, or anything.
    Other,
}

/// How values may be nested in a style.
struct Nesting {
    /// In the elements, if arrays are allowed.
    list: Option<&'static Nesting>,
    /// In the properties, if objects are allowed.
    object: Option<&'static Nesting>,
}

impl Nesting {
    /// A single value.
    const NONE: Self = Self {
        list: None,
        object: None,
    };
    /// Values that are joined to one string.
    const JOINED: Self = Self {
        list: Some(&Self::NONE),
        object: Some(&Self::NONE),
    };
    /// Values that are repeated for each element and property.
    const EXPLODED: Self = Self {
        list: Some(&Self::NONE),
        object: Some(&Self {
            list: Some(&Self::NONE),
            object: None,
        }),
    };
}

struct StyleLowering<'a, 'd> {
    document: &'a Value,
    id: &'a str,
    log: &'a mut RewriteLog<'d>,
    styled: Vec<StyledParameter>,
}

impl StyleLowering<'_, '_> {
    fn parameter(&mut self, parameter: &mut Object) {
        let location = walk::string(parameter, "in").unwrap_or_default().to_owned();
        let written: Object = ["style", "explode", "content"]
            .into_iter()
            .filter_map(|key| parameter.shift_remove_entry(key))
            .collect();
        if !parameter.contains_key("schema") {
            self.content(parameter, &location, written);
            return;
        }
        let style = walk::string(&written, "style").unwrap_or(match location.as_str() {
            "query" | "cookie" => "form",
            _ => "simple",
        });
        let explodes = written
            .get("explode")
            .and_then(Value::as_bool)
            .unwrap_or(style == "form");
        let schema = parameter.get("schema");
        let shape = self.shape(schema, 0);
        if self.is_known(&location, style, explodes, shape, schema) {
            return;
        }
        let single = self.is_single(self.items(schema));
        let (style, nesting) = match style_of(&location, style, explodes) {
            Some(found) => found,
            None if (location.as_str(), shape) == ("query", ValueShape::List) && single => {
                let name = walk::string(parameter, "name").unwrap_or_default();
                let message = Change::new(
                    format!(
                        "the style `{style}` does not apply to the array `{name}`; it is sent once per element"
                    ),
                    "The client sends the array in the style `form`.",
                    "Use `style: form`.",
                );
                self.log
                    .record_object(WEAKENED, parameter, None, Some(self.id), message);
                return;
            }
            None => {
                return self.as_string(
                    parameter,
                    &format!("has the style `{style}`, which does not apply to it"),
                );
            }
        };
        // A value without a schema in a path or header is a string, not JSON.
        let is_anything =
            shape == ValueShape::Other && location != "query" && !self.has_alternatives(schema);
        if !is_anything && nesting.is_none_or(|nesting| self.fits(schema, nesting, 0)) {
            return self.keep_style(parameter, &location, shape, style, written);
        }
        self.as_string(
            parameter,
            match shape {
                ValueShape::List => "is an array of arrays or objects",
                ValueShape::Object => "is an object of arrays or objects",
                ValueShape::Scalar | ValueShape::Other => "is a union of different types",
            },
        );
    }

    /// Whether progenitor serializes the parameter as the contract says.
    fn is_known(
        &self,
        location: &str,
        style: &str,
        explodes: bool,
        shape: ValueShape,
        schema: Option<&Value>,
    ) -> bool {
        match (location, shape) {
            ("path", ValueShape::Scalar) => !matches!(style, "label" | "matrix"),
            (_, ValueShape::Scalar) => true,
            ("query", ValueShape::List) => {
                let repeats = matches!(style, "form" | "spaceDelimited" | "pipeDelimited");
                self.is_single(self.items(schema)) && explodes && repeats
            }
            ("query", ValueShape::Other) if !self.is_choice(schema) => {
                !self.has_larger(schema) && style == "form" && explodes
            }
            ("path", ValueShape::Other) => {
                self.is_choice(schema) && !matches!(style, "label" | "matrix")
            }
            (_, ValueShape::Other) => self.is_choice(schema),
            _ => false,
        }
    }

    /// Whether the items of an array are scalars, or can be.
    fn is_single(&self, items: Option<&Value>) -> bool {
        match self.shape(items, 0) {
            ValueShape::Scalar => true,
            ValueShape::Other => items.is_some() && !self.has_larger(items),
            ValueShape::List | ValueShape::Object => false,
        }
    }

    /// A parameter with `content` instead of a style.
    fn content(&mut self, parameter: &mut Object, location: &str, mut written: Object) {
        let media_type = walk::entries(written.get("content"))
            .map(|(key, _)| key.to_owned())
            .find(|key| !super::draft_markers::is_marker(key));
        let Some(media_type) = media_type else {
            let name = walk::string(parameter, "name").unwrap_or_default();
            let message = Change::new(
                format!("`{name}` has no schema; it is any string"),
                "The client does not check the value.",
                "Add a `schema`.",
            );
            return self.as_any_string(parameter, None, message);
        };
        if !is_json(&media_type) {
            let name = walk::string(parameter, "name").unwrap_or_default();
            let message = Change::new(
                format!("`{name}` has the media type `{media_type}`; it is any string"),
                "The caller must serialize the value.",
                "Use `application/json`, or a `schema` with a style.",
            );
            return self.as_any_string(parameter, None, message);
        }
        let content = walk::object_mut(written.get_mut("content"));
        let content = content.and_then(|content| walk::object_mut(content.get_mut(&media_type)));
        let schema = content.and_then(|content| content.shift_remove("schema"));
        parameter.insert("schema".to_owned(), schema.unwrap_or_else(|| json!({})));
        let shape = self.shape(parameter.get("schema"), 0);
        self.keep_style(parameter, location, shape, ParameterStyle::Json, written);
    }

    /// Keeps the type of a parameter: the generated code serializes it.
    fn keep_style(
        &mut self,
        parameter: &mut Object,
        location: &str,
        shape: ValueShape,
        style: ParameterStyle,
        written: Object,
    ) {
        let name = walk::string(parameter, "name")
            .unwrap_or_default()
            .to_owned();
        let message = format!("`{name}` is serialized {style}");
        self.log
            .record_object(EXACT, parameter, None, Some(self.id), message);
        match shape {
            ValueShape::List if style != ParameterStyle::Json => self.never_null(parameter),
            ValueShape::Object | ValueShape::Other => self.not_null(parameter),
            ValueShape::List | ValueShape::Scalar => {}
        }
        self.styled.push(StyledParameter {
            location: location.to_owned(),
            name,
            is_wrapped_in_array: matches!(shape, ValueShape::Object | ValueShape::Other),
            written,
        });
    }

    /// Removes null from a parameter: it would not be sent.
    fn not_null(&self, parameter: &mut Object) {
        let Some(schema) = walk::object_mut(parameter.get_mut("schema")) else {
            return;
        };
        let whole = Value::Object(schema.clone());
        if let Some(component) = walk::resolve(self.document, &whole)
            && schema.contains_key("$ref")
            && walk::is_true(component, "nullable")
            && !nullable::is_choice(component)
        {
            *schema = component.clone();
        }
        schema.shift_remove("nullable");
    }

    /// Removes null from an array parameter and its items.
    fn never_null(&self, parameter: &mut Object) {
        let Some(mut list) = self.list(parameter.get("schema"), 0).cloned() else {
            return;
        };
        list.shift_remove("nullable");
        if let Some(items) = walk::object_mut(list.get_mut("items")) {
            let whole = Value::Object(items.clone());
            let component = walk::resolve(self.document, &whole);
            if let Some(component) = component.filter(|one| walk::is_true(one, "nullable"))
                && !nullable::is_choice(component)
            {
                *items = component.clone();
            }
            items.shift_remove("nullable");
        }
        parameter.insert("schema".to_owned(), Value::Object(list));
    }

    /// Makes a parameter a string that the caller formats.
    fn as_string(&mut self, parameter: &mut Object, what: &str) {
        let name = walk::string(parameter, "name").unwrap_or_default();
        let message = Change::new(
            format!("`{name}` {what}; it is any string"),
            "The caller must serialize the value as the contract says.",
            "Use a scalar, an array or object of scalars, or `content` with `application/json`.",
        );
        self.as_any_string(parameter, Some("schema"), message);
    }

    fn as_any_string(&mut self, parameter: &mut Object, key: Option<&str>, change: Change) {
        self.log
            .record_object(WEAKENED, parameter, key, Some(self.id), change);
        let mut schema = empty_with_origin(parameter);
        schema.insert("type".to_owned(), Value::from("string"));
        parameter.insert("schema".to_owned(), Value::Object(schema));
    }

    fn shape(&self, schema: Option<&Value>, depth: usize) -> ValueShape {
        let Some(schema) = schema.and_then(|schema| walk::resolve(self.document, schema)) else {
            return ValueShape::Other;
        };
        match walk::string(schema, "type") {
            Some("object") => return ValueShape::Object,
            Some("array") => return ValueShape::List,
            Some(_) => return ValueShape::Scalar,
            None => {}
        }
        if schema.contains_key("properties") || schema.contains_key("additionalProperties") {
            return ValueShape::Object;
        }
        if schema.contains_key("items") {
            return ValueShape::List;
        }
        let mut parts = walk::elements(schema.get("allOf"));
        if depth < MAX_DEPTH
            && let (Some(only), None) = (parts.next(), parts.next())
        {
            return self.shape(Some(only), depth + 1);
        }
        if walk::elements(schema.get("allOf")).any(|part| {
            depth < MAX_DEPTH && self.shape(Some(part), depth + 1) == ValueShape::Object
        }) {
            return ValueShape::Object;
        }
        let mut values = walk::elements(schema.get("enum")).peekable();
        if values.peek().is_some() && values.all(Value::is_string) {
            return ValueShape::Scalar;
        }
        ValueShape::Other
    }

    /// The schema that declares the items of an array: itself, or its only `allOf` member.
    fn list<'s>(&'s self, schema: Option<&'s Value>, depth: usize) -> Option<&'s Object> {
        let schema = walk::resolve(self.document, schema?)?;
        let mut parts = walk::elements(schema.get("allOf"));
        match (parts.next(), parts.next()) {
            (Some(only), None) if depth < MAX_DEPTH && !schema.contains_key("items") => {
                self.list(Some(only), depth + 1)
            }
            _ => Some(schema),
        }
    }

    fn items<'s>(&'s self, schema: Option<&'s Value>) -> Option<&'s Value> {
        self.list(schema, 0)?.get("items")
    }

    /// Whether a style can serialize all values that a schema allows.
    fn fits(&self, schema: Option<&Value>, nesting: &'static Nesting, depth: usize) -> bool {
        let Some(schema) = schema else { return true };
        let Some(object) = walk::resolve(self.document, schema).filter(|_| depth < MAX_DEPTH)
        else {
            return false;
        };
        let inside = |values: Vec<&Value>, nesting: Option<&'static Nesting>| {
            let mut values = values.into_iter();
            nesting
                .is_some_and(|nesting| values.all(|one| self.fits(Some(one), nesting, depth + 1)))
        };
        let mut parts = ["allOf", "anyOf", "oneOf"]
            .into_iter()
            .flat_map(|key| walk::elements(object.get(key)));
        let has = |key: &str| object.contains_key(key);
        let ty = walk::string(object, "type");
        let is_object = ty == Some("object") || has("properties") || has("additionalProperties");
        let more = object.get("additionalProperties");
        let members = walk::entries(object.get("properties"))
            .map(|(_, member)| member)
            .chain(more.filter(|more| more.is_object()));
        let items = object.get("items").into_iter();
        parts.all(|part| self.fits(Some(part), nesting, depth + 1))
            && (!is_object || inside(members.collect(), nesting.object))
            && (!(ty == Some("array") || has("items")) || inside(items.collect(), nesting.list))
    }

    fn has_alternatives(&self, schema: Option<&Value>) -> bool {
        let schema = schema.and_then(|schema| walk::resolve(self.document, schema));
        let mut keys = ["oneOf", "anyOf", "allOf"].iter();
        schema.is_some_and(|schema| keys.any(|key| schema.contains_key(*key)))
    }

    /// Whether one of the alternatives is an object or an array.
    fn has_larger(&self, schema: Option<&Value>) -> bool {
        let Some(schema) = schema.and_then(|schema| walk::resolve(self.document, schema)) else {
            return false;
        };
        ["oneOf", "anyOf", "allOf"].iter().any(|key| {
            walk::elements(schema.get(*key)).any(|part| {
                matches!(
                    self.shape(Some(part), 0),
                    ValueShape::Object | ValueShape::List
                )
            })
        })
    }

    fn is_choice(&self, schema: Option<&Value>) -> bool {
        let Some(schema) = schema.and_then(|schema| walk::resolve(self.document, schema)) else {
            return false;
        };
        ["oneOf", "anyOf"].iter().any(|key| {
            let mut parts = walk::elements(schema.get(*key)).peekable();
            parts.peek().is_some()
                && parts.all(|part| self.shape(Some(part), 0) == ValueShape::Scalar)
        })
    }
}

/// How a style of OpenAPI serializes a value, and how values may be nested, if that is limited. Nothing if
/// the style does not apply at this location.
fn style_of(
    location: &str,
    style: &str,
    explodes: bool,
) -> Option<(ParameterStyle, Option<&'static Nesting>)> {
    Some(match (location, style) {
        ("query", "deepObject") => (ParameterStyle::Deep, None),
        ("query" | "cookie", "form") if explodes => {
            (ParameterStyle::Exploded, Some(&Nesting::EXPLODED))
        }
        ("query" | "cookie", "form") => (ParameterStyle::joined(",", ","), Some(&Nesting::JOINED)),
        ("query", "spaceDelimited") if !explodes => {
            (ParameterStyle::joined(" ", " "), Some(&Nesting::JOINED))
        }
        ("query", "pipeDelimited") if !explodes => {
            (ParameterStyle::joined("|", "|"), Some(&Nesting::JOINED))
        }
        ("path" | "header", "simple") if explodes => {
            (ParameterStyle::joined(",", "="), Some(&Nesting::JOINED))
        }
        ("path" | "header", "simple") => (ParameterStyle::joined(",", ","), Some(&Nesting::JOINED)),
        ("path", "label") => (ParameterStyle::Label { explodes }, Some(&Nesting::JOINED)),
        ("path", "matrix") => (ParameterStyle::Matrix { explodes }, Some(&Nesting::JOINED)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{Outcome, contract, lowered};
    use openapi_contract::Fidelity;

    fn sends(parameter: Value) -> Outcome {
        let location = if parameter["in"] == "path" {
            "/a/{id}"
        } else {
            "/a"
        };
        lowered(&contract(
            json!({ location: { "get": {
                "operationId": "send",
                "parameters": [parameter],
                "responses": { "204": { "description": "" } },
            } } }),
            json!({ "Filter": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string" }, "size": { "type": "integer" } } } }),
        ))
    }

    #[test]
    fn object_in_the_query_keeps_its_type() {
        let filter = json!({ "$ref": "#/components/schemas/Filter" });
        let deep =
            json!({ "name": "filter", "in": "query", "style": "deepObject", "schema": filter });
        let outcome = sends(deep);
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.code_has(".query(\"filter\",runtime::Style::DeepObject,self.filter)"));
        assert!(outcome.code_has("filter:Result<Option<types::Filter>,String>"));

        let exploded =
            json!({ "name": "filter", "in": "query", "required": true, "schema": filter });
        let outcome = sends(exploded);
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.code_has(".query(\"filter\",runtime::Style::FormExploded,self.filter)"));
        assert!(outcome.code_has("filter:Result<types::Filter,String>"));
    }

    #[test]
    fn inline_object_gets_the_name_that_progenitor_would_give_it() {
        let filter = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
        let outcome = sends(json!({ "name": "where", "in": "query", "schema": filter }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.code_has("where_:Result<Option<types::SendWhere>,String>"));
    }

    #[test]
    fn every_location_supports_its_styles() {
        let list = json!({ "type": "array", "items": { "type": "string" } });
        let filter = json!({ "$ref": "#/components/schemas/Filter" });
        for (parameter, sent) in [
            (
                json!({ "name": "ids", "in": "query", "explode": false, "schema": list }),
                ".query(\"ids\",runtime::Style::Form,self.ids)",
            ),
            (
                json!({ "name": "ids", "in": "query", "style": "pipeDelimited", "explode": false, "schema": list }),
                ".query(\"ids\",runtime::Style::PipeDelimited,self.ids)",
            ),
            (
                json!({ "name": "X-Ids", "in": "header", "required": true, "schema": list }),
                ".header(\"X-Ids\",runtime::Style::Simple,self.x_ids)",
            ),
            (
                json!({ "name": "X-Filter", "in": "header", "explode": true, "schema": filter }),
                ".header(\"X-Filter\",runtime::Style::SimpleExploded,self.x_filter)",
            ),
            (
                json!({ "name": "id", "in": "path", "required": true, "style": "label", "schema": list }),
                ".path_parameter(\"id\",runtime::Style::Label,self.id)",
            ),
            (
                json!({ "name": "id", "in": "path", "required": true, "style": "matrix", "schema": { "type": "integer" } }),
                ".path_parameter(\"id\",runtime::Style::Matrix,self.id)",
            ),
            (
                json!({ "name": "flags", "in": "cookie", "schema": list }),
                ".cookie(\"flags\",runtime::Style::FormExploded,self.flags)",
            ),
            (
                json!({ "name": "filter", "in": "query", "content": { "application/json": { "schema": filter } } }),
                ".query(\"filter\",runtime::Style::Json,self.filter)",
            ),
        ] {
            let outcome = sends(parameter);
            assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
            assert!(outcome.code_has(sent), "{}", outcome.code);
        }
        let outcome = sends(json!({ "name": "ids", "in": "query", "schema": list }));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
    }

    #[test]
    fn unserializable_parameter_is_a_string() {
        let lists = json!({ "type": "array", "items": { "type": "array", "items": {} } });
        let deep = json!({ "type": "object", "properties": { "a": {
            "type": "object", "properties": { "b": { "type": "string" } } } } });
        for (parameter, kind) in [
            (
                json!({ "name": "q", "in": "query", "explode": false, "schema": lists }),
                "is an array of arrays or objects",
            ),
            (
                json!({ "name": "q", "in": "query", "schema": deep }),
                "is an object of arrays or objects",
            ),
            (
                json!({ "name": "X-Q", "in": "header", "schema": {} }),
                "is a union of different types",
            ),
            (
                json!({ "name": "q", "in": "query", "style": "simple", "schema": deep }),
                "has the style `simple`, which does not apply",
            ),
            (
                json!({ "name": "q", "in": "query", "content": { "text/csv": { "schema": {} } } }),
                "`q` has the media type `text/csv`",
            ),
        ] {
            let outcome = sends(parameter);
            assert!(
                outcome.has_rewrite(Fidelity::Weakened, kind),
                "{:#?}",
                outcome.rewrites
            );
            assert!(
                outcome.code_has("Option<::std::string::String>,String>"),
                "{}",
                outcome.code
            );
        }
    }
}
