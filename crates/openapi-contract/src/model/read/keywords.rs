//! Conversion of the keywords of schema objects, which must all hold, to canonical constraints.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::interner::Interner;
use super::keyword_table::{Keyword, SchemaObject};
use crate::document::{Document, NodeId, Value};
use crate::finding::one_of;
use crate::model::contract::Dialect;
use crate::model::formats::format_range;
use crate::model::number::{Bound, Num};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::schema::{
    Annotations, ArrayConstraints, Booleans, NumberConstraints, ObjectConstraints, Opaque, Schema,
    StringConstraints,
};

/// Keywords without subschemas that are kept as opaque.
const OPAQUE: [(Keyword, &str); 5] = [
    (Keyword::MinContains, "minContains"),
    (Keyword::MaxContains, "maxContains"),
    (Keyword::DependentRequired, "dependentRequired"),
    (Keyword::Dependencies, "dependencies"),
    (Keyword::DynamicRef, "$dynamicRef"),
];

/// The types of JSON Schema.
const TYPES: [&str; 7] = [
    "null", "boolean", "integer", "number", "string", "array", "object",
];

fn expected_types() -> String {
    let types = one_of(TYPES).unwrap_or_default();
    format!("Use {types}.")
}

/// Reads the keywords of schema objects into one schema, without the subschemas.
pub(super) struct Keywords<'a> {
    document: &'a Document,
    dialect: Dialect,
    problems: &'a mut Vec<Problem>,
    null: bool,
    boolean: Booleans,
    number: Option<NumberConstraints>,
    string: Option<StringConstraints>,
    array: Option<ArrayConstraints>,
    object: Option<ObjectConstraints>,
    opaque: BTreeMap<String, Vec<Opaque>>,
    annotations: Annotations,
    sources: Vec<NodeId>,
    constants: Option<Vec<Json>>,
}

impl<'a> Keywords<'a> {
    /// No keywords: everything is allowed.
    pub(super) fn new(
        document: &'a Document,
        dialect: Dialect,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self {
            document,
            dialect,
            problems,
            null: true,
            boolean: Booleans::ANY,
            number: Some(NumberConstraints::default()),
            string: Some(StringConstraints::default()),
            array: Some(ArrayConstraints::default()),
            object: Some(ObjectConstraints::default()),
            opaque: BTreeMap::new(),
            annotations: Annotations::default(),
            sources: Vec::new(),
            constants: None,
        }
    }

    /// Adds the keywords of a schema object.
    pub(super) fn add(&mut self, written: &SchemaObject<'_>) {
        self.sources.push(written.node);
        for &(node, keyword) in &written.nulls {
            self.problems
                .push(Problem::null(node, &format!("`{keyword}`")));
        }
        self.types(written);
        self.enumeration(written);
        self.numbers(written);
        self.strings(written);
        self.arrays(written);
        self.objects(written);
        self.annotations(written);
        for (keyword, name) in OPAQUE {
            if let Some(value) = written.get(keyword) {
                let stated = self.opaque.entry(name.to_owned()).or_default();
                stated.push(Opaque::Json(self.document.to_json(value)));
            }
        }
    }

    /// The schema, once all objects are added.
    pub(super) fn finish(mut self, shared: &mut Interner) -> Schema {
        if let Some(constants) = self.constants.take() {
            self.restrict_to(constants);
        }
        let string = self.string.filter(|rules| {
            rules
                .max_length
                .is_none_or(|maximum| maximum >= rules.min_length)
        });
        let number = self.number.and_then(normalize_bounds);
        self.sources.shrink_to_fit();
        Schema {
            null: self.null,
            boolean: self.boolean,
            number: number.map(|rules| shared.number(rules)),
            string: string.map(|rules| shared.string(rules)),
            array: self.array.map(Box::new),
            object: self.object.map(Box::new),
            opaque: self.opaque,
            annotations: (self.annotations != Annotations::default())
                .then(|| Box::new(self.annotations)),
            sources: self.sources,
            ..Schema::default()
        }
    }

    fn types(&mut self, written: &SchemaObject<'_>) {
        let Some(value) = written.get(Keyword::Type) else {
            return;
        };
        let is_30 = self.dialect == Dialect::OpenApi30;
        let names: Vec<&str> = match self.document.node(value).value {
            Value::String(name) => vec![name],
            Value::Array([]) => {
                let message = "`type` is an empty array, which is treated as missing";
                self.irregular(value, message, "Add a type to the array, or delete `type`.");
                return;
            }
            Value::Array(elements) => {
                let names = elements.iter();
                let names: Option<Vec<&str>> =
                    names.map(|&element| self.document.text(element)).collect();
                let Some(names) = names else {
                    let message = "`type` must contain names of types";
                    self.invalid("type", value, message, &expected_types());
                    return;
                };
                if is_30 {
                    let message = "`type` is an array, which OpenAPI 3.0 does not allow";
                    let remedy = match &names[..] {
                        [only] => format!("Write `type: {only}`."),
                        [only, "null"] | ["null", only] => {
                            format!(
                                "Write `type: {only}` and `nullable: true`, or use OpenAPI 3.1."
                            )
                        }
                        _ => {
                            "Use `anyOf` with one member for each type, or OpenAPI 3.1.".to_owned()
                        }
                    };
                    self.irregular(value, message, &remedy);
                }
                names
            }
            other => {
                let message = format!("`type` must be a string, but is {}", other.kind());
                self.invalid("type", value, &message, &expected_types());
                return;
            }
        };
        if is_30 && names == ["null"] {
            let message = "the type is `null`, which OpenAPI 3.0 does not have";
            let remedy = "Use `nullable: true` with another type, or OpenAPI 3.1.";
            self.irregular(value, message, remedy);
        }
        for name in &names {
            if !TYPES.contains(name) {
                let message = format!("unknown type `{name}`");
                self.invalid("type", value, &message, &expected_types());
                return;
            }
        }
        let nullable = is_30 && written.is_set(Keyword::Nullable);
        let has = |name: &str| names.contains(&name);
        self.null &= has("null") || nullable;
        if !has("boolean") {
            self.boolean = Booleans::default();
        }
        match &mut self.number {
            Some(rules) if has("integer") && !has("number") => rules.integer = true,
            number if !has("number") => *number = None,
            _ => {}
        }
        self.string.take_if(|_| !has("string"));
        self.array.take_if(|_| !has("array"));
        self.object.take_if(|_| !has("object"));
    }

    fn enumeration(&mut self, written: &SchemaObject<'_>) {
        let mut lists = Vec::new();
        if let Some(value) = written.get(Keyword::Enum) {
            match self.document.to_json(value) {
                Json::Array(values) => lists.push(values),
                _ => {
                    let kind = self.document.node(value).value.kind();
                    let message = format!("`enum` must be an array, but is {kind}");
                    self.invalid("enum", value, &message, "Write the values as an array.");
                }
            }
        }
        if let Some(value) = written.get(Keyword::Const) {
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

    fn numbers(&mut self, written: &SchemaObject<'_>) {
        let minimum = self.bounds(written, Keyword::Minimum, Keyword::ExclusiveMinimum);
        let maximum = self.bounds(written, Keyword::Maximum, Keyword::ExclusiveMaximum);
        let multiple_of = self.number(written, Keyword::MultipleOf, "multipleOf");
        let format = written.text(Keyword::Format);
        let Some(rules) = &mut self.number else {
            return;
        };
        for bound in minimum.into_iter().flatten() {
            rules.minimum = Some(
                rules
                    .minimum
                    .filter(|old| old.is_above(bound))
                    .unwrap_or(bound),
            );
        }
        for bound in maximum.into_iter().flatten() {
            rules.maximum = Some(
                rules
                    .maximum
                    .filter(|old| old.is_below(bound))
                    .unwrap_or(bound),
            );
        }
        rules.multiple_of.extend(multiple_of);
        if let Some(format) = format {
            rules.format = Some(format.to_owned());
        }
    }

    /// The bounds of a keyword and its exclusive variant, in either dialect.
    fn bounds(
        &mut self,
        written: &SchemaObject<'_>,
        inclusive: Keyword,
        exclusive: Keyword,
    ) -> [Option<Bound>; 2] {
        let (inclusive_name, exclusive_name) = match inclusive {
            Keyword::Minimum => ("minimum", "exclusiveMinimum"),
            _ => ("maximum", "exclusiveMaximum"),
        };
        let flag = written.flag(exclusive);
        let first = self.number(written, inclusive, inclusive_name);
        let second = match flag {
            Some(_) => None,
            None => self.number(written, exclusive, exclusive_name),
        };
        [
            first.map(|value| Bound {
                value,
                exclusive: flag == Some(true),
            }),
            second.map(|value| Bound {
                value,
                exclusive: true,
            }),
        ]
    }

    fn strings(&mut self, written: &SchemaObject<'_>) {
        let min_length = self.count(written, Keyword::MinLength, "minLength");
        let max_length = self.count(written, Keyword::MaxLength, "maxLength");
        let Some(rules) = &mut self.string else {
            return;
        };
        let text = |keyword| written.text(keyword).map(str::to_owned);
        rules.min_length = rules.min_length.max(min_length.unwrap_or(0));
        rules.max_length = least(rules.max_length, max_length);
        rules.patterns.extend(text(Keyword::Pattern));
        rules.formats.extend(text(Keyword::Format));
        for (keyword, name) in [
            (Keyword::ContentEncoding, "contentEncoding"),
            (Keyword::ContentMediaType, "contentMediaType"),
        ] {
            let value = text(keyword);
            rules
                .content
                .extend(value.map(|value| (name.to_owned(), value)));
        }
    }

    fn arrays(&mut self, written: &SchemaObject<'_>) {
        let min_items = self.count(written, Keyword::MinItems, "minItems");
        let max_items = self.count(written, Keyword::MaxItems, "maxItems");
        if let Some(rules) = &mut self.array {
            rules.min_items = rules.min_items.max(min_items.unwrap_or(0));
            rules.max_items = least(rules.max_items, max_items);
            rules.unique |= written.is_set(Keyword::UniqueItems);
        }
    }

    fn objects(&mut self, written: &SchemaObject<'_>) {
        let min_properties = self.count(written, Keyword::MinProperties, "minProperties");
        let max_properties = self.count(written, Keyword::MaxProperties, "maxProperties");
        let mut names = Vec::new();
        for &element in written.elements(Keyword::Required) {
            match self.document.text(element) {
                Some(name) => names.push(name),
                None => {
                    let kind = self.document.node(element).value.kind();
                    let message = format!("`required` must contain property names, but has {kind}");
                    let remedy = "Write the name of a property.";
                    self.invalid("required", element, &message, remedy);
                }
            }
        }
        if let Some(rules) = &mut self.object {
            rules.min_properties = rules.min_properties.max(min_properties.unwrap_or(0));
            rules.max_properties = least(rules.max_properties, max_properties);
            rules.required.extend(names.into_iter().map(str::to_owned));
        }
    }

    /// Adds the annotations of a schema object.
    pub(super) fn annotations(&mut self, written: &SchemaObject<'_>) {
        let text = |keyword| written.text(keyword).map(str::to_owned);
        let default = written.get(Keyword::Default);
        let annotations = &mut self.annotations;
        *annotations = Annotations {
            title: text(Keyword::Title).or(annotations.title.take()),
            description: text(Keyword::Description).or(annotations.description.take()),
            default: default
                .map(|id| self.document.to_json(id))
                .or(annotations.default.take()),
            deprecated: written.is_set(Keyword::Deprecated) || annotations.deprecated,
            read_only: written.is_set(Keyword::ReadOnly) || annotations.read_only,
            write_only: written.is_set(Keyword::WriteOnly) || annotations.write_only,
        };
    }

    fn number(&mut self, written: &SchemaObject<'_>, keyword: Keyword, name: &str) -> Option<Num> {
        let value = written.get(keyword)?;
        match self.document.node(value).value {
            Value::Number(number) => Some(Num::new(number)),
            other => {
                let message = format!("`{name}` must be a number, but is {}", other.kind());
                let remedy = match other {
                    Value::String(text) if text.parse::<f64>().is_ok() => {
                        format!("Write `{name}: {text}` without quotes.")
                    }
                    _ => format!("Use a number for `{name}`, or delete it."),
                };
                self.invalid(name, value, &message, &remedy);
                None
            }
        }
    }

    fn count(&mut self, written: &SchemaObject<'_>, keyword: Keyword, name: &str) -> Option<u64> {
        let value = written.get(keyword)?;
        if let Value::Number(number) = self.document.node(value).value
            && let Num::Int(count) = Num::new(number)
            && let Ok(count) = u64::try_from(count)
        {
            return Some(count);
        }
        let written = self.document.to_json(value);
        let message = format!("`{name}` must be a non-negative integer, but is `{written}`");
        let remedy = format!("Use a non-negative integer for `{name}`, or delete it.");
        self.invalid(name, value, &message, &remedy);
        None
    }

    fn irregular(&mut self, node: NodeId, message: &str, remedy: &str) {
        let problem = Problem::new(ProblemKind::IrregularForm, node, message);
        self.problems.push(problem.with_remedy(remedy));
    }

    /// Records an invalid value of a keyword, and keeps it as unreadable.
    fn invalid(&mut self, keyword: &str, node: NodeId, message: &str, remedy: &str) {
        self.unreadable(keyword, node);
        let problem = Problem::invalid(node, message);
        self.problems.push(problem.with_remedy(remedy));
    }

    fn unreadable(&mut self, keyword: &str, node: NodeId) {
        let value = self.document.to_json(node);
        let stated = self.opaque.entry(keyword.to_owned()).or_default();
        stated.push(Opaque::Unreadable(value));
    }

    /// Keeps a part of the schema that cannot be read.
    pub(super) fn add_unreadable(&mut self, keyword: &str, holder: NodeId, value: NodeId) {
        self.sources.push(holder);
        self.unreadable(keyword, value);
    }

    /// Distributes enumerated values to the constraints of their types, and removes constraints
    /// that the values imply.
    fn restrict_to(&mut self, constants: Vec<Json>) {
        self.null &= constants.contains(&Json::Null);
        self.boolean.r#false &= constants.contains(&Json::Bool(false));
        self.boolean.r#true &= constants.contains(&Json::Bool(true));
        if let Some(rules) = self.number.take() {
            let numbers = constants.iter().filter_map(|value| match value {
                Json::Number(number) => Some(Num::new(number)),
                _ => None,
            });
            let allowed: BTreeSet<Num> = numbers
                .filter(|&number| allows_number(&rules, number))
                .collect();
            self.number = (!allowed.is_empty()).then(|| NumberConstraints {
                integer: allowed.iter().all(|number| number.is_integer()),
                constants: Some(allowed),
                format: rules.format,
                ..NumberConstraints::default()
            });
        }
        if let Some(rules) = self.string.take() {
            let allows = |text: &&str| {
                let length = text.chars().count() as u64;
                length >= rules.min_length && rules.max_length.is_none_or(|max| length <= max)
            };
            let strings = constants.iter().filter_map(Json::as_str).filter(allows);
            let allowed: BTreeSet<String> = strings.map(str::to_owned).collect();
            self.string = (!allowed.is_empty()).then(|| StringConstraints {
                patterns: rules.patterns,
                formats: rules.formats,
                content: rules.content,
                constants: Some(allowed),
                ..StringConstraints::default()
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
        self.array = self
            .array
            .take()
            .zip(listed(Json::is_array))
            .map(|(mut rules, values)| {
                rules.constants = Some(values);
                rules
            });
        self.object = self
            .object
            .take()
            .zip(listed(Json::is_object))
            .map(|(mut rules, values)| {
                rules.constants = Some(values);
                rules
            });
    }
}

fn least(left: Option<u64>, right: Option<u64>) -> Option<u64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        _ => left.or(right),
    }
}

/// Whether two JSON values are equal (`1` equals `1.0`).
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

fn allows_number(rules: &NumberConstraints, number: Num) -> bool {
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

/// Makes the bounds of integers inclusive, and adds those of their format.
fn normalize_bounds(mut rules: NumberConstraints) -> Option<NumberConstraints> {
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

/// Annotations that affect generated code, so that a `$ref` beside them is not equal to its target.
pub(super) fn is_compared(keyword: &str) -> bool {
    matches!(keyword, "default" | "deprecated" | "readOnly" | "writeOnly")
}

/// Keywords that don't affect the allowed values. A schema object with only these and a combining
/// keyword just combines others.
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
