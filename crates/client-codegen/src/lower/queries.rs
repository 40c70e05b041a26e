//! Parameters that are more than one value: lists and objects.
//!
//! An object in the query is its members, one by one, where they are single values. A list whose
//! values stand in one text is still a list to the caller: the generated code joins it. What has no
//! exact equal becomes a text that the caller writes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::rewrite::{Notes, like};
use super::treatment::Treatment;
use super::walk::{self, Object};
use super::{Draft, Says, nullable};

const SAME: Says = Says::lossless("queries");
const WEAKER: Says = Says::weaker("queries");

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft {
        value,
        notes,
        treatments,
        ..
    } = draft;
    walk::operations_with(value, &mut |document, _, operation| {
        let id = walk::text(operation, "operationId")
            .unwrap_or_default()
            .to_owned();
        let Some(Value::Array(parameters)) = operation.shift_remove("parameters") else {
            return;
        };
        let mut lowering = Lowering {
            document,
            id: &id,
            notes,
            lists: BTreeMap::new(),
        };
        let mut lowered = Vec::new();
        for parameter in parameters {
            match parameter {
                Value::Object(parameter) => lowering.parameter(parameter, &mut lowered),
                other => lowered.push(other),
            }
        }
        if !lowering.lists.is_empty() {
            let lists = lowering.lists;
            let treatment: &mut Treatment = treatments.entry(id.clone()).or_default();
            treatment.lists.extend(lists);
        }
        operation.insert("parameters".to_owned(), Value::Array(lowered));
    });
}

/// What a schema allows, as far as a parameter is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A single value.
    Scalar,
    List,
    Object,
    /// Alternatives, or anything.
    Other,
}

struct Lowering<'a, 'd> {
    document: &'a Value,
    id: &'a str,
    notes: &'a mut Notes<'d>,
    lists: BTreeMap<String, char>,
}

impl Lowering<'_, '_> {
    fn parameter(&mut self, mut parameter: Object, lowered: &mut Vec<Value>) {
        content(self.id, &mut parameter, self.notes);
        let place = walk::text(&parameter, "in").unwrap_or_default().to_owned();
        let style = walk::text(&parameter, "style").map(str::to_owned);
        parameter.shift_remove("style");
        let explodes = parameter.shift_remove("explode");
        let style = style.unwrap_or_else(|| default_style(&place).to_owned());
        let explodes = explodes
            .and_then(|one| one.as_bool())
            .unwrap_or(style == "form");
        let shape = self.shape(parameter.get("schema"), 0);
        match (place.as_str(), shape) {
            ("query", Shape::Object) => {
                return self.object(parameter, &style, explodes, lowered);
            }
            (_, Shape::Object) => self.text(&mut parameter, "an object in one text"),
            (_, Shape::List) => self.list(&mut parameter, &place, &style, explodes),
            ("query", Shape::Other) if self.has_object(parameter.get("schema")) => {
                self.text(&mut parameter, "a value of several shapes");
            }
            ("header" | "cookie" | "path", Shape::Other)
                if self.has_object(parameter.get("schema"))
                    || !self.is_choice(parameter.get("schema")) =>
            {
                self.text(&mut parameter, "a value of several shapes");
            }
            _ => {}
        }
        if shape == Shape::Scalar && place == "path" && style != "simple" {
            self.text(&mut parameter, &format!("a value in the style `{style}`"));
        }
        lowered.push(Value::Object(parameter));
    }

    fn list(&mut self, parameter: &mut Object, place: &str, style: &str, explodes: bool) {
        let name = walk::text(parameter, "name").unwrap_or_default().to_owned();
        let schema = parameter
            .get("schema")
            .and_then(|schema| walk::resolve(self.document, schema));
        let items = schema.and_then(|schema| schema.get("items"));
        if self.shape(items, 0) != Shape::Scalar {
            let is_open = items.is_none_or(|items| self.shape(Some(items), 0) == Shape::Other);
            if !(is_open
                && place == "query"
                && explodes
                && items.is_some_and(|items| !self.has_object(Some(items))))
            {
                self.text(parameter, "a list of what is no single value");
                return;
            }
        }
        let separator = match (place, style, explodes) {
            ("query", "form", true) => return,
            ("query", "spaceDelimited", false) => ' ',
            ("query", "pipeDelimited", false) => '|',
            ("query", "form", false) | ("header", _, _) => ',',
            ("query", _, _) => {
                let message = format!(
                    "`{style}` says nothing about a list: `{name}` is sent once for each value"
                );
                self.notes
                    .object_note(WEAKER, parameter, Some("style"), Some(self.id), message);
                return;
            }
            _ => {
                self.text(parameter, "a list in one text");
                return;
            }
        };
        let message =
            format!("the values of `{name}` are joined with `{separator}`, as the contract has it");
        self.notes
            .object_note(SAME, parameter, None, Some(self.id), message);
        // No value of the list can be sent as `null`.
        let mut list = schema.cloned().unwrap_or_default();
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
        self.lists.insert(name, separator);
    }

    /// An object in the query: its members, or a text.
    fn object(
        &mut self,
        mut parameter: Object,
        style: &str,
        explodes: bool,
        lowered: &mut Vec<Value>,
    ) {
        let name = walk::text(&parameter, "name")
            .unwrap_or_default()
            .to_owned();
        let is_required = walk::is_true(&parameter, "required");
        let schema = parameter
            .get("schema")
            .and_then(|schema| walk::resolve(self.document, schema));
        let wire = |member: &str| match style {
            "deepObject" => Some(format!("{name}[{member}]")),
            "form" if explodes => Some(member.to_owned()),
            _ => None,
        };
        let is_plain = schema.is_some_and(|schema| {
            let combines = ["allOf", "anyOf", "oneOf"];
            !combines.iter().any(|key| schema.contains_key(*key))
        });
        let more = schema.and_then(|schema| schema.get("additionalProperties"));
        let is_open = more.is_some_and(|more| more != &Value::Bool(false));
        let required: Vec<&str> = schema
            .map(|schema| {
                walk::elements(schema.get("required"))
                    .filter_map(Value::as_str)
                    .collect()
            })
            .unwrap_or_default();
        let mut members = Vec::new();
        for (member, inner) in walk::members(schema.and_then(|schema| schema.get("properties"))) {
            let fits = match self.shape(Some(inner), 0) {
                Shape::Scalar => true,
                // `form` repeats the name of a member that is a list; `deepObject` has no rule.
                _ => false,
            };
            let Some(name) = wire(member).filter(|_| fits) else {
                members.clear();
                break;
            };
            let mut one = like(&parameter);
            one.insert("name".to_owned(), Value::from(name));
            one.insert("in".to_owned(), Value::from("query"));
            if let Some(description) = walk::text_of(inner, "description") {
                one.insert("description".to_owned(), Value::from(description));
            }
            let is_required = is_required && required.contains(&member);
            one.insert("required".to_owned(), Value::from(is_required));
            one.insert("schema".to_owned(), inner.clone());
            members.push(Value::Object(one));
        }
        if is_plain && !members.is_empty() {
            let mut message = format!("each member of `{name}` is a parameter of the client");
            let mut says = SAME;
            if !is_required && !required.is_empty() {
                message += ": those that it requires can be left out";
                says = WEAKER;
            }
            if is_open {
                message += ": those that it does not name cannot be sent";
                says = WEAKER;
            }
            self.notes
                .object_note(says, &parameter, None, Some(self.id), message);
            lowered.extend(members);
        } else {
            self.text(&mut parameter, "an object in the query");
            lowered.push(Value::Object(parameter));
        }
    }

    /// Leaves the serialization to the caller.
    fn text(&mut self, parameter: &mut Object, what: &str) {
        let name = walk::text(parameter, "name").unwrap_or_default();
        let message = format!("`{name}` is {what}: the caller writes it as the contract has it");
        self.notes
            .object_note(WEAKER, parameter, Some("schema"), Some(self.id), message);
        let mut schema = like(parameter);
        schema.insert("type".to_owned(), Value::from("string"));
        parameter.insert("schema".to_owned(), Value::Object(schema));
    }

    fn shape(&self, schema: Option<&Value>, depth: usize) -> Shape {
        let Some(schema) = schema.and_then(|schema| walk::resolve(self.document, schema)) else {
            return Shape::Other;
        };
        match walk::text(schema, "type") {
            Some("object") => return Shape::Object,
            Some("array") => return Shape::List,
            Some(_) => return Shape::Scalar,
            None => {}
        }
        if schema.contains_key("properties") || schema.contains_key("additionalProperties") {
            return Shape::Object;
        }
        if schema.contains_key("items") {
            return Shape::List;
        }
        let mut parts = walk::elements(schema.get("allOf"));
        if depth < 16
            && let (Some(only), None) = (parts.next(), parts.next())
        {
            return self.shape(Some(only), depth + 1);
        }
        if walk::elements(schema.get("allOf"))
            .any(|part| depth < 16 && self.shape(Some(part), depth + 1) == Shape::Object)
        {
            return Shape::Object;
        }
        let mut values = walk::elements(schema.get("enum")).peekable();
        if values.peek().is_some() && values.all(Value::is_string) {
            return Shape::Scalar;
        }
        Shape::Other
    }

    /// Whether one of the alternatives is an object, or a list.
    fn has_object(&self, schema: Option<&Value>) -> bool {
        let Some(schema) = schema.and_then(|schema| walk::resolve(self.document, schema)) else {
            return false;
        };
        ["oneOf", "anyOf", "allOf"].iter().any(|key| {
            walk::elements(schema.get(*key))
                .any(|part| matches!(self.shape(Some(part), 0), Shape::Object | Shape::List))
        })
    }

    fn is_choice(&self, schema: Option<&Value>) -> bool {
        let Some(schema) = schema.and_then(|schema| walk::resolve(self.document, schema)) else {
            return false;
        };
        ["oneOf", "anyOf"].iter().any(|key| {
            let mut parts = walk::elements(schema.get(*key)).peekable();
            parts.peek().is_some() && parts.all(|part| self.shape(Some(part), 0) == Shape::Scalar)
        })
    }
}

fn default_style(place: &str) -> &'static str {
    match place {
        "query" | "cookie" => "form",
        _ => "simple",
    }
}

/// A parameter with `content` is a text in that media type.
fn content(id: &str, parameter: &mut Object, notes: &mut Notes<'_>) {
    if parameter.contains_key("schema") {
        return;
    }
    let content = parameter.shift_remove("content");
    let media_type = walk::members(content.as_ref())
        .map(|(key, _)| key.to_owned())
        .next();
    let name = walk::text(parameter, "name").unwrap_or_default();
    let message = match media_type {
        Some(media_type) => format!("`{name}` is `{media_type}`: the caller writes its text"),
        None => format!("`{name}` has no schema: it is any text"),
    };
    notes.object_note(WEAKER, parameter, None, Some(id), message);
    let mut schema = like(parameter);
    schema.insert("type".to_owned(), Value::from("string"));
    parameter.insert("schema".to_owned(), Value::Object(schema));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Price;
    use super::super::cases::{Outcome, contract, lowered};

    fn sends(parameter: Value) -> Outcome {
        lowered(&contract(
            json!({ "/a": { "get": {
                "operationId": "send",
                "parameters": [parameter],
                "responses": { "204": { "description": "" } },
            } } }),
            json!({ "Filter": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string" }, "size": { "type": "integer" } } } }),
        ))
    }

    #[test]
    fn an_object_in_the_query_is_its_members() {
        let filter = json!({ "$ref": "#/components/schemas/Filter" });
        let outcome = sends(
            json!({ "name": "filter", "in": "query", "style": "deepObject", "schema": filter }),
        );
        assert!(
            outcome
                .code
                .contains("QueryParam::new(\"filter[size]\",&filter_size)"),
            "{}",
            outcome.code
        );
        let outcome = sends(json!({ "name": "filter", "in": "query", "schema": filter }));
        assert!(
            outcome.code.contains("QueryParam::new(\"size\",&size)"),
            "{}",
            outcome.code
        );
        let outcome =
            sends(json!({ "name": "filter", "in": "query", "explode": false, "schema": filter }));
        assert!(outcome.says(Price::Weaker, "`filter` is an object in the query"));
    }

    #[test]
    fn an_object_that_allows_more_is_the_members_that_it_names() {
        let filter = json!({ "type": "object", "additionalProperties": true,
            "properties": { "name": { "type": "string" } } });
        let outcome = sends(
            json!({ "name": "filter", "in": "query", "style": "deepObject", "schema": filter }),
        );
        assert!(outcome.says(Price::Weaker, "does not name cannot be sent"));
        let sent = "QueryParam::new(\"filter[name]\",&filter_name)";
        assert!(outcome.code.contains(sent), "{}", outcome.code);
    }

    #[test]
    fn a_list_in_one_text_is_joined() {
        let list = json!({ "type": "array", "items": { "type": "string" } });
        let outcome =
            sends(json!({ "name": "ids", "in": "query", "explode": false, "schema": list }));
        assert!(outcome.is_lossless(), "{:#?}", outcome.rewrites);
        let joined = ".collect::<::std::vec::Vec<_>>().join(\",\")";
        assert!(
            outcome.code.contains(&format!(
                "&ids.as_ref().map(|list|{{list.iter().map(|item|item.to_string()){joined}}})"
            )),
            "{}",
            outcome.code
        );
        let outcome =
            sends(json!({ "name": "X-Ids", "in": "header", "required": true, "schema": list }));
        assert!(outcome.code.contains(joined), "{}", outcome.code);
        let outcome = sends(json!({ "name": "ids", "in": "query", "schema": list }));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
    }

    #[test]
    fn a_parameter_with_content_is_a_text() {
        let outcome = sends(json!({ "name": "where", "in": "query",
            "content": { "application/json": { "schema": {} } } }));
        assert!(outcome.says(Price::Weaker, "`where` is `application/json`"));
    }
}
