//! From the keywords of one or more schema objects, which must all hold, to the canonical parts.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Problem, ProblemKind};
use crate::document::{Document, NodeId, Value};
use crate::model::contract::Dialect;
use crate::model::number::{Bound, Num};
use crate::model::schema::{Booleans, Notes, NumberRules, Opaque, Schema, Schemas, StringRules};

/// Keywords without schemas that the canonical form keeps as they are.
const OPAQUE: [&str; 5] = [
    "minContains",
    "maxContains",
    "dependentRequired",
    "dependencies",
    "$dynamicRef",
];

/// Reads the keywords of schema objects into one schema: everything but the subschemas.
pub(super) struct Keywords<'a> {
    pub(super) document: &'a Document,
    pub(super) dialect: Dialect,
    pub(super) problems: &'a mut Vec<Problem>,
    schema: Schema,
    constants: Option<Vec<Json>>,
}

impl<'a> Keywords<'a> {
    pub(super) fn new(
        document: &'a Document,
        dialect: Dialect,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        let schema = Schemas::new().get(Schemas::ANY).clone();
        Self {
            document,
            dialect,
            problems,
            schema,
            constants: None,
        }
    }

    /// Adds the rules of one schema object.
    pub(super) fn add(&mut self, node: NodeId) {
        self.schema.sources.push(node);
        self.types(node);
        self.enumeration(node);
        self.numbers(node);
        self.strings(node);
        self.arrays(node);
        self.objects(node);
        self.notes(node);
        for keyword in OPAQUE {
            if let Some(value) = self.document.get(node, keyword) {
                let said = self.schema.opaque.entry(keyword.to_owned()).or_default();
                said.push(Opaque::Json(self.document.to_json(value)));
            }
        }
    }

    /// The schema, once all objects are added.
    pub(super) fn finish(mut self) -> Schema {
        if let Some(constants) = self.constants.take() {
            restrict_to(&mut self.schema, constants);
        }
        if let Some(rules) = self.schema.number.take() {
            self.schema.number = settle_numbers(rules);
        }
        let schema = &mut self.schema;
        if schema
            .string
            .as_ref()
            .is_some_and(|rules| rules.max_length.is_some_and(|max| max < rules.min_length))
        {
            schema.string = None;
        }
        self.schema
    }

    fn types(&mut self, node: NodeId) {
        let Some(value) = self.member(node, "type") else {
            return;
        };
        let is_30 = self.dialect == Dialect::OpenApi30;
        let names: Vec<&str> = match &self.document.node(value).value {
            Value::String(name) => vec![name],
            Value::Array(elements) if elements.is_empty() => {
                let message = "`type` lists no type: it is read as if it were not there";
                self.irregular(value, message);
                return;
            }
            Value::Array(elements) => {
                if is_30 {
                    let message = "OpenAPI 3.0 has no lists of types: it is read as in 3.1";
                    self.irregular(value, message);
                }
                let names = elements.iter();
                names
                    .filter_map(|&element| self.document.text(element))
                    .collect()
            }
            _ => {
                self.invalid(value, "`type` must be the name of a type");
                return;
            }
        };
        const KNOWN: [&str; 7] = [
            "null", "boolean", "integer", "number", "string", "array", "object",
        ];
        if is_30 && names == ["null"] {
            let message = "OpenAPI 3.0 has no type `null`: it is read as in 3.1";
            self.irregular(value, message);
        }
        for name in &names {
            if !KNOWN.contains(name) {
                let message = format!("`{name}` is no type of this version of OpenAPI");
                self.invalid(value, &message);
                return;
            }
        }
        let nullable = is_30 && self.document.get_bool(node, "nullable") == Some(true);
        let schema = &mut self.schema;
        let has = |name: &str| names.contains(&name);
        schema.null &= has("null") || nullable;
        if !has("boolean") {
            schema.boolean = Booleans::default();
        }
        match &mut schema.number {
            Some(rules) if has("integer") && !has("number") => rules.integer = true,
            number if !has("number") => *number = None,
            _ => {}
        }
        schema.string.take_if(|_| !has("string"));
        schema.array.take_if(|_| !has("array"));
        schema.object.take_if(|_| !has("object"));
    }

    fn enumeration(&mut self, node: NodeId) {
        let mut lists = Vec::new();
        if let Some(value) = self.member(node, "enum") {
            match self.document.to_json(value) {
                Json::Array(values) => lists.push(values),
                _ => self.invalid(value, "`enum` must be an array of values"),
            }
        }
        if let Some(value) = self.document.get(node, "const") {
            lists.push(vec![self.document.to_json(value)]);
        }
        for list in lists {
            self.constants = Some(match self.constants.take() {
                None => list,
                Some(before) => before
                    .into_iter()
                    .filter(|value| list.iter().any(|other| is_same(value, other)))
                    .collect(),
            });
        }
    }

    fn numbers(&mut self, node: NodeId) {
        let minimum = self.bound(node, "minimum", "exclusiveMinimum");
        let maximum = self.bound(node, "maximum", "exclusiveMaximum");
        let multiple_of = self.number(node, "multipleOf");
        let format = self.document.get_text(node, "format").map(str::to_owned);
        let Some(rules) = &mut self.schema.number else {
            return;
        };
        for bound in minimum {
            rules.minimum = Some(
                rules
                    .minimum
                    .filter(|old| old.is_above(bound))
                    .unwrap_or(bound),
            );
        }
        for bound in maximum {
            rules.maximum = Some(
                rules
                    .maximum
                    .filter(|old| old.is_below(bound))
                    .unwrap_or(bound),
            );
        }
        rules.multiple_of.extend(multiple_of);
        if format.is_some() {
            rules.format = format;
        }
    }

    /// The bounds that a keyword and its exclusive twin set, in either dialect's spelling.
    fn bound(&mut self, node: NodeId, inclusive: &str, exclusive: &str) -> Vec<Bound> {
        let value = self.number(node, inclusive);
        let flag = self.document.get_bool(node, exclusive);
        let mut bounds: Vec<Bound> = value
            .map(|value| Bound {
                value,
                exclusive: flag == Some(true),
            })
            .into_iter()
            .collect();
        if flag.is_none()
            && let Some(value) = self.number(node, exclusive)
        {
            bounds.push(Bound {
                value,
                exclusive: true,
            });
        }
        bounds
    }

    fn strings(&mut self, node: NodeId) {
        let min_length = self.count(node, "minLength");
        let max_length = self.count(node, "maxLength");
        let text = |keyword| self.document.get_text(node, keyword).map(str::to_owned);
        let (pattern, format) = (text("pattern"), text("format"));
        let content = ["contentEncoding", "contentMediaType"]
            .map(|keyword| text(keyword).map(|value| (keyword.to_owned(), value)));
        let Some(rules) = &mut self.schema.string else {
            return;
        };
        rules.min_length = rules.min_length.max(min_length.unwrap_or(0));
        rules.max_length = least(rules.max_length, max_length);
        rules.patterns.extend(pattern);
        rules.formats.extend(format);
        rules.content.extend(content.into_iter().flatten());
    }

    fn arrays(&mut self, node: NodeId) {
        let min_items = self.count(node, "minItems");
        let max_items = self.count(node, "maxItems");
        let unique = self.document.get_bool(node, "uniqueItems") == Some(true);
        if let Some(rules) = &mut self.schema.array {
            rules.min_items = rules.min_items.max(min_items.unwrap_or(0));
            rules.max_items = least(rules.max_items, max_items);
            rules.unique |= unique;
        }
    }

    fn objects(&mut self, node: NodeId) {
        let min_properties = self.count(node, "minProperties");
        let max_properties = self.count(node, "maxProperties");
        let required = self.member(node, "required");
        let mut names = BTreeSet::new();
        for &element in required.map_or(&[][..], |id| self.document.elements(id)) {
            match self.document.text(element) {
                Some(name) => {
                    names.insert(name.to_owned());
                }
                None => self.invalid(element, "`required` lists the names of properties"),
            }
        }
        if let Some(rules) = &mut self.schema.object {
            rules.min_properties = rules.min_properties.max(min_properties.unwrap_or(0));
            rules.max_properties = least(rules.max_properties, max_properties);
            rules.required.append(&mut names);
        }
    }

    /// Adds the annotations of one schema object.
    pub(super) fn notes(&mut self, node: NodeId) {
        let text = |keyword| self.document.get_text(node, keyword).map(str::to_owned);
        let flag = |keyword| self.document.get_bool(node, keyword) == Some(true);
        let default = self.document.get(node, "default");
        let notes = &mut self.schema.notes;
        *notes = Notes {
            title: text("title").or(notes.title.take()),
            description: text("description").or(notes.description.take()),
            default: default
                .map(|id| self.document.to_json(id))
                .or(notes.default.take()),
            deprecated: flag("deprecated") || notes.deprecated,
            read_only: flag("readOnly") || notes.read_only,
            write_only: flag("writeOnly") || notes.write_only,
        };
    }

    fn number(&mut self, node: NodeId, keyword: &str) -> Option<Num> {
        let value = self.member(node, keyword)?;
        match &self.document.node(value).value {
            Value::Number(number) => Some(Num::new(number)),
            Value::Bool(_) if keyword.starts_with("exclusive") => None,
            other => {
                let message = format!("`{keyword}` must be a number, and is {}", other.kind());
                self.invalid(value, &message);
                None
            }
        }
    }

    fn count(&mut self, node: NodeId, keyword: &str) -> Option<u64> {
        let value = self.member(node, keyword)?;
        if let Value::Number(number) = &self.document.node(value).value
            && let Num::Int(count) = Num::new(number)
            && let Ok(count) = u64::try_from(count)
        {
            return Some(count);
        }
        let message = format!("`{keyword}` must be an integer from 0");
        self.invalid(value, &message);
        None
    }

    /// A member that cannot be null: null is read as no member.
    fn member(&mut self, node: NodeId, keyword: &str) -> Option<NodeId> {
        let member = self.document.get(node, keyword)?;
        if !matches!(self.document.node(member).value, Value::Null) {
            return Some(member);
        }
        self.problems
            .push(Problem::null(member, &format!("`{keyword}`")));
        None
    }

    fn irregular(&mut self, node: NodeId, message: &str) {
        let kind = ProblemKind::IrregularForm;
        self.problems.push(Problem::new(kind, node, message));
    }

    fn invalid(&mut self, node: NodeId, message: &str) {
        self.problems.push(Problem::invalid(node, message));
    }
}

fn least(left: Option<u64>, right: Option<u64>) -> Option<u64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        _ => left.or(right),
    }
}

/// Whether two JSON values are the same value (`1` is `1.0`).
pub(crate) fn is_same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => Num::new(left) == Num::new(right),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| is_same(a, b))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| is_same(value, other)))
        }
        _ => left == right,
    }
}

/// Deals listed values out to the parts for their types, and drops the rules that the list implies.
fn restrict_to(schema: &mut Schema, constants: Vec<Json>) {
    schema.null &= constants.contains(&Json::Null);
    schema.boolean.r#false &= constants.contains(&Json::Bool(false));
    schema.boolean.r#true &= constants.contains(&Json::Bool(true));
    if let Some(rules) = schema.number.take() {
        let numbers = constants.iter().filter_map(|value| match value {
            Json::Number(number) => Some(Num::new(number)),
            _ => None,
        });
        let allowed: BTreeSet<Num> = numbers
            .filter(|&number| allows_number(&rules, number))
            .collect();
        schema.number = (!allowed.is_empty()).then(|| NumberRules {
            integer: allowed.iter().all(|number| number.is_integer()),
            constants: Some(allowed),
            format: rules.format,
            ..NumberRules::default()
        });
    }
    if let Some(rules) = schema.string.take() {
        let allows = |text: &&str| {
            let length = text.chars().count() as u64;
            length >= rules.min_length && rules.max_length.is_none_or(|max| length <= max)
        };
        let strings = constants.iter().filter_map(Json::as_str).filter(allows);
        let allowed: BTreeSet<String> = strings.map(str::to_owned).collect();
        schema.string = (!allowed.is_empty()).then(|| StringRules {
            patterns: rules.patterns,
            formats: rules.formats,
            content: rules.content,
            constants: Some(allowed),
            ..StringRules::default()
        });
    }
    let listed = |is_kind: fn(&Json) -> bool| {
        let mut values: Vec<Json> = constants
            .iter()
            .filter(|value| is_kind(value))
            .cloned()
            .collect();
        values.sort_by_key(Json::to_string);
        values.dedup();
        (!values.is_empty()).then_some(values)
    };
    schema.array = schema
        .array
        .take()
        .zip(listed(Json::is_array))
        .map(|(mut rules, values)| {
            rules.constants = Some(values);
            rules
        });
    schema.object = schema
        .object
        .take()
        .zip(listed(Json::is_object))
        .map(|(mut rules, values)| {
            rules.constants = Some(values);
            rules
        });
}

fn allows_number(rules: &NumberRules, number: Num) -> bool {
    let above = |bound: Bound| number > bound.value || (!bound.exclusive && number == bound.value);
    let below = |bound: Bound| number < bound.value || (!bound.exclusive && number == bound.value);
    (!rules.integer || number.is_integer())
        && rules.minimum.is_none_or(above)
        && rules.maximum.is_none_or(below)
        && rules
            .multiple_of
            .iter()
            .all(|&divisor| number.is_multiple_of(divisor))
}

/// Gives integers inclusive bounds, including those of their format.
fn settle_numbers(mut rules: NumberRules) -> Option<NumberRules> {
    if rules.constants.is_some() {
        return Some(rules);
    }
    if rules.integer {
        let inclusive = |value| Bound {
            value,
            exclusive: false,
        };
        rules.minimum = rules.minimum.map(|bound| {
            let value = bound.value.ceil();
            let is_excluded = bound.exclusive && value == bound.value;
            inclusive(if is_excluded { value.plus(1) } else { value })
        });
        rules.maximum = rules.maximum.map(|bound| {
            let value = bound.value.floor();
            let is_excluded = bound.exclusive && value == bound.value;
            inclusive(if is_excluded { value.plus(-1) } else { value })
        });
        if let Some((low, high)) = rules.format.as_deref().and_then(format_range) {
            let (low, high) = (inclusive(Num::Int(low)), inclusive(Num::Int(high)));
            rules.minimum = Some(rules.minimum.filter(|old| old.is_above(low)).unwrap_or(low));
            rules.maximum = Some(
                rules
                    .maximum
                    .filter(|old| old.is_below(high))
                    .unwrap_or(high),
            );
        }
    }
    let is_empty = rules
        .minimum
        .zip(rules.maximum)
        .is_some_and(|(minimum, maximum)| {
            minimum.value > maximum.value
                || (minimum.value == maximum.value && (minimum.exclusive || maximum.exclusive))
        });
    (!is_empty).then_some(rules)
}

/// The range of an integer format (the OpenAPI format registry, and Rust's names for the others).
pub(crate) fn format_range(format: &str) -> Option<(i128, i128)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint" => (0, u64::MAX.into()),
        _ => return None,
    })
}

/// The declared formats of strings that validators check (JSON Schema 2020-12 validation, 7.3).
pub(crate) fn is_checked_format(format: &str) -> bool {
    const CHECKED: [&str; 18] = [
        "date-time",
        "date",
        "time",
        "duration",
        "email",
        "idn-email",
        "hostname",
        "idn-hostname",
        "ipv4",
        "ipv6",
        "uri",
        "uri-reference",
        "iri",
        "iri-reference",
        "uuid",
        "uri-template",
        "json-pointer",
        "relative-json-pointer",
    ];
    CHECKED.contains(&format)
}

/// Annotations that programs go by, so that a `$ref` beside them is not just its target.
pub(super) fn is_compared(keyword: &str) -> bool {
    matches!(keyword, "default" | "deprecated" | "readOnly" | "writeOnly")
}

/// Keywords that say nothing about which values are allowed, for telling whether a schema object
/// does more than combine others.
pub(super) fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "title"
            | "description"
            | "default"
            | "example"
            | "examples"
            | "deprecated"
            | "externalDocs"
            | "xml"
            | "readOnly"
            | "writeOnly"
            | "$comment"
            | "$schema"
            | "$id"
            | "$defs"
            | "definitions"
            | "$anchor"
            | "discriminator"
            | "nullable"
    ) || keyword.starts_with("x-")
}
