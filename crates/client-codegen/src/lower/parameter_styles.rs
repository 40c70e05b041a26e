//! Parameters that are more than one value, or are written in a style that progenitor does not know.
//!
//! progenitor writes a parameter as one value, and repeats it in a query for each element of a list.
//! Everything else that OpenAPI has a style for keeps its type: the draft hides it from progenitor in a
//! list, and the generated code writes it as its style says. What no style can say becomes a text that
//! the caller writes.

use std::collections::HashSet;

use openapi_contract::model::is_json;
use openapi_contract::rust_names::type_name;
use serde_json::{Value, json};

use super::bundle::unused_name;
use super::overrides::{OperationOverrides, ParameterStyle, StyledParameter};
use super::rewrite_log::{RewriteLog, like};
use super::walk::{self, Object, SCHEMAS};
use super::{Draft, PassKind, nullable, type_names};

const EXACT: PassKind = PassKind::exact("parameter-styles");
const WEAKENED: PassKind = PassKind::weakened("parameter-styles");

/// Schemas are put together from parts this deep.
const MAX_DEPTH: usize = 16;

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft {
        value,
        log,
        overrides,
        ..
    } = draft;
    walk::operations_with(value, &mut |document, _, operation| {
        let id = walk::string(operation, "operationId")
            .unwrap_or_default()
            .to_owned();
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

/// Hides from progenitor what it would not take: whatever a type is, a list of it is a list.
pub(super) fn finish(draft: &mut Draft<'_>) {
    let Draft {
        value,
        overrides,
        mangler,
        ..
    } = draft;
    let mut taken: HashSet<String> = walk::components(value)
        .map(|(name, _)| type_name(name))
        .collect();
    let mut new = Vec::new();
    walk::operations(value, &mut |_, operation| {
        let id = walk::string(operation, "operationId")
            .unwrap_or_default()
            .to_owned();
        let Some(operation_overrides) = overrides.get(&id) else {
            return;
        };
        for parameter in walk::elements_mut(operation.get_mut("parameters")) {
            let in_draft = walk::string_of(parameter, "name")
                .unwrap_or_default()
                .to_owned();
            let styled =
                operation_overrides.styled_in_draft(parameter, &mangler.demangle(&in_draft));
            if styled.is_none_or(|styled| !styled.is_hidden) {
                continue;
            }
            let Some(schema) = parameter.get_mut("schema") else {
                continue;
            };
            // Elements of a list would be called otherwise than the parameter.
            if let Some(object) = schema.as_object()
                && !object.contains_key("$ref")
                && type_names::makes_type(object)
            {
                let titled = walk::string(object, "title").map(type_name);
                let called = titled.unwrap_or_else(|| type_name(&format!("{id}-{in_draft}")));
                // Who has the name already is the same: others have lost it.
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

/// What a schema allows, as far as a parameter is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueShape {
    /// A single value.
    Scalar,
    List,
    Object,
    /// Alternatives, or anything.
    Other,
}

/// What there may be inside of a value.
struct Nesting {
    /// In its elements, if it may be a list.
    list: Option<&'static Nesting>,
    /// In its members, if it may be an object.
    object: Option<&'static Nesting>,
}

impl Nesting {
    /// A single value.
    const NONE: Self = Self {
        list: None,
        object: None,
    };
    /// What stands in one text.
    const JOINED: Self = Self {
        list: Some(&Self::NONE),
        object: Some(&Self::NONE),
    };
    /// What each element and member repeats its name for.
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
        let place = walk::string(parameter, "in").unwrap_or_default().to_owned();
        let written: Object = ["style", "explode", "content"]
            .into_iter()
            .filter_map(|key| parameter.shift_remove_entry(key))
            .collect();
        if !parameter.contains_key("schema") {
            self.content(parameter, &place, written);
            return;
        }
        let style = walk::string(&written, "style").unwrap_or(match place.as_str() {
            "query" | "cookie" => "form",
            _ => "simple",
        });
        let explodes = written
            .get("explode")
            .and_then(Value::as_bool)
            .unwrap_or(style == "form");
        let schema = parameter.get("schema");
        let shape = self.shape(schema, 0);
        if self.is_known(&place, style, explodes, shape, schema) {
            return;
        }
        let single = self.is_single(self.items(schema));
        let (style, nesting) = match style_of(&place, style, explodes) {
            Some(found) => found,
            None if (place.as_str(), shape) == ("query", ValueShape::List) && single => {
                let name = walk::string(parameter, "name").unwrap_or_default();
                let message = format!(
                    "`{style}` says nothing about a list: `{name}` is sent once for each value"
                );
                self.log
                    .record_object(WEAKENED, parameter, None, Some(self.id), message);
                return;
            }
            None => return self.as_string(parameter, "in a style that says nothing about it"),
        };
        // Nobody writes JSON into a path or a header where nothing is said of its value.
        let is_anything =
            shape == ValueShape::Other && place != "query" && !self.has_alternatives(schema);
        if !is_anything && nesting.is_none_or(|nesting| self.fits(schema, nesting, 0)) {
            return self.keep_style(parameter, &place, shape, style, written);
        }
        self.as_string(
            parameter,
            match shape {
                ValueShape::List => "a list of what is no single value",
                ValueShape::Object => "an object of what is no single value",
                ValueShape::Scalar | ValueShape::Other => "a value of several shapes",
            },
        );
    }

    /// Whether progenitor writes it as the contract has it.
    fn is_known(
        &self,
        place: &str,
        style: &str,
        explodes: bool,
        shape: ValueShape,
        schema: Option<&Value>,
    ) -> bool {
        match (place, shape) {
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

    /// Whether the elements of a list are single values, or may be for all that is said.
    fn is_single(&self, items: Option<&Value>) -> bool {
        match self.shape(items, 0) {
            ValueShape::Scalar => true,
            ValueShape::Other => items.is_some() && !self.has_larger(items),
            ValueShape::List | ValueShape::Object => false,
        }
    }

    /// A parameter that is a document of a media type.
    fn content(&mut self, parameter: &mut Object, place: &str, mut written: Object) {
        let media_type = walk::entries(written.get("content"))
            .map(|(key, _)| key.to_owned())
            .find(|key| !super::rewrite_log::is_marker(key));
        let Some(media_type) = media_type else {
            let name = walk::string(parameter, "name").unwrap_or_default();
            let message = format!("`{name}` has no schema: it is any text");
            return self.as_any_string(parameter, None, message);
        };
        if !is_json(&media_type) {
            let name = walk::string(parameter, "name").unwrap_or_default();
            let message = format!("`{name}` is `{media_type}`: the caller writes its text");
            return self.as_any_string(parameter, None, message);
        }
        let content = walk::object_mut(written.get_mut("content"));
        let content = content.and_then(|content| walk::object_mut(content.get_mut(&media_type)));
        let schema = content.and_then(|content| content.shift_remove("schema"));
        parameter.insert("schema".to_owned(), schema.unwrap_or_else(|| json!({})));
        let shape = self.shape(parameter.get("schema"), 0);
        self.keep_style(parameter, place, shape, ParameterStyle::Json, written);
    }

    /// Lets a parameter be what it is: the generated code writes it.
    fn keep_style(
        &mut self,
        parameter: &mut Object,
        place: &str,
        shape: ValueShape,
        style: ParameterStyle,
        written: Object,
    ) {
        let name = walk::string(parameter, "name")
            .unwrap_or_default()
            .to_owned();
        let message = format!("`{name}` is written {style}, as the contract has it");
        self.log
            .record_object(EXACT, parameter, None, Some(self.id), message);
        match shape {
            ValueShape::List if style != ParameterStyle::Json => self.never_null(parameter),
            ValueShape::Object | ValueShape::Other => self.not_null(parameter),
            ValueShape::List | ValueShape::Scalar => {}
        }
        self.styled.push(StyledParameter {
            place: place.to_owned(),
            name,
            style,
            is_hidden: matches!(shape, ValueShape::Object | ValueShape::Other),
            written,
        });
    }

    /// What is null is not sent: nobody needs a value for it.
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

    /// No value of a list can be sent as `null`, nor the list itself.
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

    /// Leaves the serialization to the caller.
    fn as_string(&mut self, parameter: &mut Object, what: &str) {
        let name = walk::string(parameter, "name").unwrap_or_default();
        let message = format!("`{name}` is {what}: the caller writes it as the contract has it");
        self.as_any_string(parameter, Some("schema"), message);
    }

    fn as_any_string(&mut self, parameter: &mut Object, member: Option<&str>, message: String) {
        self.log
            .record_object(WEAKENED, parameter, member, Some(self.id), message);
        let mut schema = like(parameter);
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

    /// The schema that says what the elements of a list are: itself, or the only part of it.
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

    /// Whether there is room for all that a schema allows.
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

    /// Whether one of the alternatives is an object, or a list.
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

/// How a style of OpenAPI writes a value, and what there may be inside of it, if not anything; nothing
/// where the style says nothing about such a value.
fn style_of(
    place: &str,
    style: &str,
    explodes: bool,
) -> Option<(ParameterStyle, Option<&'static Nesting>)> {
    Some(match (place, style) {
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

    use super::super::Fidelity;
    use super::super::test_support::{Outcome, contract, lowered};

    fn sends(parameter: Value) -> Outcome {
        let place = if parameter["in"] == "path" {
            "/a/{id}"
        } else {
            "/a"
        };
        lowered(&contract(
            json!({ place: { "get": {
                "operationId": "send",
                "parameters": [parameter],
                "responses": { "204": { "description": "" } },
            } } }),
            json!({ "Filter": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string" }, "size": { "type": "integer" } } } }),
        ))
    }

    #[test]
    fn an_object_in_the_query_keeps_its_type() {
        let filter = json!({ "$ref": "#/components/schemas/Filter" });
        let deep =
            json!({ "name": "filter", "in": "query", "style": "deepObject", "schema": filter });
        let outcome = sends(deep);
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.code_has("query(&muturl,\"filter\",super::styles::Style::Deep,&filter)?"));
        assert!(outcome.code_has("filter:Result<Option<types::Filter>,String>"));

        let exploded =
            json!({ "name": "filter", "in": "query", "required": true, "schema": filter });
        let outcome = sends(exploded);
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.code_has("\"filter\",super::styles::Style::Exploded,&filter"));
        assert!(outcome.code_has("filter:Result<types::Filter,String>"));
    }

    #[test]
    fn an_object_without_a_name_is_called_as_it_would_be() {
        let filter = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
        let outcome = sends(json!({ "name": "where", "in": "query", "schema": filter }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.code_has("where_:Result<Option<types::SendWhere>,String>"));
    }

    #[test]
    fn every_place_has_its_styles() {
        let list = json!({ "type": "array", "items": { "type": "string" } });
        let filter = json!({ "$ref": "#/components/schemas/Filter" });
        for (parameter, sent) in [
            (
                json!({ "name": "ids", "in": "query", "explode": false, "schema": list }),
                "query(&muturl,\"ids\",super::styles::Style::Joined(\",\",\",\"),&ids)?",
            ),
            (
                json!({ "name": "ids", "in": "query", "style": "pipeDelimited", "explode": false, "schema": list }),
                "Joined(\"|\",\"|\"),&ids)?",
            ),
            (
                json!({ "name": "X-Ids", "in": "header", "required": true, "schema": list }),
                "header(\"X-Ids\",super::styles::Style::Joined(\",\",\",\"),&x_ids)?.try_into()?",
            ),
            (
                json!({ "name": "X-Filter", "in": "header", "explode": true, "schema": filter }),
                "header(\"X-Filter\",super::styles::Style::Joined(\",\",\"=\"),&value)?.try_into()?",
            ),
            (
                json!({ "name": "id", "in": "path", "required": true, "style": "label", "schema": list }),
                "path(\"id\",super::styles::Style::Label(\",\",\",\"),&id)?",
            ),
            (
                json!({ "name": "id", "in": "path", "required": true, "style": "matrix", "schema": { "type": "integer" } }),
                "path(\"id\",super::styles::Style::Matrix{explodes:false},&id)?",
            ),
            (
                json!({ "name": "flags", "in": "cookie", "schema": list }),
                "add_cookie(&mutheader_map,super::styles::cookie(\"flags\",super::styles::Style::Exploded,&value)?)?",
            ),
            (
                json!({ "name": "filter", "in": "query", "content": { "application/json": { "schema": filter } } }),
                "query(&muturl,\"filter\",super::styles::Style::Json,&filter)?",
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
    fn what_no_style_says_is_a_text() {
        let lists = json!({ "type": "array", "items": { "type": "array", "items": {} } });
        let deep = json!({ "type": "object", "properties": { "a": {
            "type": "object", "properties": { "b": { "type": "string" } } } } });
        for (parameter, kind) in [
            (
                json!({ "name": "q", "in": "query", "explode": false, "schema": lists }),
                "a list of what is no",
            ),
            (
                json!({ "name": "q", "in": "query", "schema": deep }),
                "an object of what is no",
            ),
            (
                json!({ "name": "X-Q", "in": "header", "schema": {} }),
                "a value of several shapes",
            ),
            (
                json!({ "name": "q", "in": "query", "style": "simple", "schema": deep }),
                "in a style that says",
            ),
            (
                json!({ "name": "q", "in": "query", "content": { "text/csv": { "schema": {} } } }),
                "`q` is `text/csv`",
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
