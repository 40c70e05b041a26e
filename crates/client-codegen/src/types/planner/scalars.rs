//! Types of booleans, numbers, strings and arrays.

use std::collections::BTreeSet;

use openapi_contract::document::{Document, NodeId};
use openapi_contract::model::{
    ArrayConstraints, Num, NumberConstraints, Schema, SchemaId, StringConstraints,
};
use serde_json::Value;

use super::super::{
    ConstrainedString, Integer, IntegerEnum, NamedValue, StringEnum, TypeKind, TypeRef,
};
use super::{Shape, Side, TypePlanner};
use crate::ecma_patterns::is_readable;
use crate::identifiers;

/// The longest arrays of a fixed length: serde reads no longer ones.
const LONGEST_ARRAY: u64 = 32;

/// A type of JSON, other than null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// The types of JSON that a schema allows, other than null.
pub(super) fn kinds(schema: &Schema) -> Vec<Kind> {
    [
        schema.boolean.is_any().then_some(Kind::Boolean),
        schema.number.is_some().then_some(Kind::Number),
        schema.string.is_some().then_some(Kind::String),
        schema.array.is_some().then_some(Kind::Array),
        schema.object.is_some().then_some(Kind::Object),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The type of JSON that is meant by a schema without a type, if its keywords are those of one type.
pub(super) fn meant(schema: &Schema) -> Option<Kind> {
    let object = schema.object.as_deref().is_some_and(|rules| {
        !rules.properties.is_empty() || !rules.required.is_empty() || rules.additional_is_declared
    });
    let array = schema
        .array
        .as_deref()
        .is_some_and(|rules| *rules != ArrayConstraints::default());
    let string = schema
        .string
        .as_deref()
        .is_some_and(|rules| *rules != StringConstraints::default());
    let number = schema
        .number
        .as_deref()
        .is_some_and(|rules| *rules != NumberConstraints::default());
    match (object, array, string, number) {
        (true, false, false, false) => Some(Kind::Object),
        (false, true, false, false) => Some(Kind::Array),
        (false, false, true, false) => Some(Kind::String),
        (false, false, false, true) => Some(Kind::Number),
        _ => None,
    }
}

/// Whether a default can be written as Rust code of any type that allows it: scalars and empty lists.
pub(super) fn is_plain_default(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::Array(items) => items.is_empty(),
        Value::Null | Value::Object(_) => false,
    }
}

impl TypePlanner<'_> {
    /// The type of the values of one type of JSON.
    pub(super) fn of_kind(&mut self, id: SchemaId, kind: Kind, side: Side) -> Shape {
        let schema = self.schema(id);
        match kind {
            Kind::Boolean => Shape::Used(TypeRef::Bool),
            Kind::Number => match &schema.number {
                Some(rules) => number(&self.contract.document, schema, rules),
                None => Shape::Used(TypeRef::Any),
            },
            Kind::String => match &schema.string {
                Some(rules) => self.string(id, schema, rules, side),
                None => Shape::Used(TypeRef::Any),
            },
            Kind::Array => match &schema.array {
                Some(rules) => self.array(id, rules, side),
                None => Shape::Used(TypeRef::Any),
            },
            Kind::Object => match &schema.object {
                Some(rules) => self.object(id, rules, side),
                None => Shape::Used(TypeRef::Any),
            },
        }
    }

    fn string(
        &mut self,
        id: SchemaId,
        schema: &Schema,
        rules: &StringConstraints,
        side: Side,
    ) -> Shape {
        if let Some(constants) = &rules.constants {
            let values = in_document_order(&self.contract.document, schema, |value| match value {
                Value::String(text) if constants.contains(&text) => Some(text),
                _ => None,
            });
            // Constants of schemas that were merged are in no `enum`.
            let mut values: Vec<(String, Option<String>)> = values;
            let known: BTreeSet<String> = values.iter().map(|(value, _)| value.clone()).collect();
            let others = constants
                .iter()
                .filter(|constant| !known.contains(*constant));
            values.extend(others.map(|constant| (constant.clone(), None)));
            let words: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
            let names = identifiers::variant_names(&words);
            let names = identifiers::distinct(names);
            let variants = values
                .iter()
                .zip(names)
                .map(|((value, doc), variant)| NamedValue {
                    variant,
                    value: value.clone(),
                    doc: doc.clone().unwrap_or_default(),
                });
            return Shape::Declared(TypeKind::StringEnum(StringEnum {
                variants: variants.collect(),
                is_open: false,
            }));
        }
        let format = match rules.formats.len() {
            1 => rules.formats.first().map(String::as_str),
            _ => None,
        };
        let of_format = match format {
            Some("uuid") => Some(TypeRef::Uuid),
            Some("date-time") => Some(TypeRef::DateTime),
            Some("date") => Some(TypeRef::Date),
            Some("ip") => Some(TypeRef::IpAddr),
            Some("ipv4") => Some(TypeRef::Ipv4Addr),
            Some("ipv6") => Some(TypeRef::Ipv6Addr),
            _ => None,
        };
        if let Some(ty) = of_format {
            return Shape::Used(ty);
        }
        let patterns: Vec<String> = rules
            .patterns
            .iter()
            .filter(|pattern| is_readable(pattern))
            .cloned()
            .collect();
        let is_constrained =
            rules.min_length > 0 || rules.max_length.is_some() || !patterns.is_empty();
        if !is_constrained || self.is_only_received(id, side) {
            return Shape::Used(TypeRef::String);
        }
        Shape::Declared(TypeKind::ConstrainedString(ConstrainedString {
            min_length: (rules.min_length > 0).then_some(rules.min_length),
            max_length: rules.max_length,
            patterns,
        }))
    }

    fn array(&mut self, id: SchemaId, rules: &ArrayConstraints, side: Side) -> Shape {
        let length = rules.prefix.len() as u64;
        let is_fixed = |length: u64| rules.min_items == length && rules.max_items == Some(length);
        if !rules.prefix.is_empty() {
            if is_fixed(length) && length <= 12 {
                let items = rules.prefix.iter();
                let items = items.map(|item| self.reference(*item, side)).collect();
                return Shape::Used(TypeRef::Tuple(items));
            }
            let item = self.untyped(
                id,
                "the items of the array have different types by position",
            );
            return Shape::Used(TypeRef::Vec(Box::new(item)));
        }
        if rules.max_items == Some(0) {
            return Shape::Used(TypeRef::Vec(Box::new(TypeRef::Any)));
        }
        let item = Box::new(self.reference(rules.items, side));
        match rules.max_items {
            Some(length) if is_fixed(length) && length <= LONGEST_ARRAY => {
                Shape::Used(TypeRef::Array(item, length as u32))
            }
            _ => Shape::Used(TypeRef::Vec(item)),
        }
    }
}

fn number(document: &Document, schema: &Schema, rules: &NumberConstraints) -> Shape {
    let integers = rules.constants.as_ref().and_then(|constants| {
        let integer = |number: &Num| match number {
            Num::Int(value) => i64::try_from(*value).ok(),
            Num::Float(_) => None,
        };
        constants.iter().map(integer).collect::<Option<Vec<i64>>>()
    });
    if !rules.integer && integers.is_none() {
        return Shape::Used(TypeRef::Float);
    }
    let integer = integer(rules);
    match integers {
        Some(values) => Shape::Declared(TypeKind::IntegerEnum(integer_enum(
            document, schema, integer, values,
        ))),
        None => Shape::Used(TypeRef::Integer(integer)),
    }
}

/// The integer type with the format, or else with the sign.
pub(super) fn integer(rules: &NumberConstraints) -> Integer {
    let bound = |bound: Option<openapi_contract::model::Bound>| match bound?.value {
        Num::Int(value) => Some(value),
        Num::Float(_) => None,
    };
    let (low, high) = (bound(rules.minimum), bound(rules.maximum));
    match rules.format.as_deref() {
        Some("int8") => Integer::I8,
        Some("int16") => Integer::I16,
        Some("int32") if low.is_some_and(|low| low >= 0) => Integer::U32,
        Some("int32") => Integer::I32,
        Some("uint8") => Integer::U8,
        Some("uint16") => Integer::U16,
        Some("uint32") => Integer::U32,
        Some("uint64" | "uint") => Integer::U64,
        _ if high.is_some_and(|high| high > i64::MAX.into()) => Integer::U64,
        Some("int64") => Integer::I64,
        _ if low.is_some_and(|low| low >= 0) => Integer::U64,
        _ => Integer::I64,
    }
}

fn integer_enum(
    document: &Document,
    schema: &Schema,
    integer: Integer,
    values: Vec<i64>,
) -> IntegerEnum {
    let allowed: BTreeSet<i64> = values.iter().copied().collect();
    let mut named = in_document_order(document, schema, |value| {
        value.as_i64().filter(|value| allowed.contains(value))
    });
    let known: BTreeSet<i64> = named.iter().map(|(value, _)| *value).collect();
    let others = values.into_iter().filter(|value| !known.contains(value));
    named.extend(others.map(|value| (value, None)));
    let written = variant_words(document, schema, named.len());
    let names = named.iter().enumerate().map(|(at, (value, _))| {
        match written.as_ref().and_then(|names| names.get(at)) {
            Some(name) => openapi_contract::rust_names::type_name(name),
            None if *value < 0 => format!("Minus{}", value.unsigned_abs()),
            None => format!("Value{value}"),
        }
    });
    let names = identifiers::distinct(names.collect());
    let variants = named
        .into_iter()
        .zip(names)
        .map(|((value, doc), variant)| NamedValue {
            variant,
            value,
            doc: doc.unwrap_or_default(),
        });
    IntegerEnum {
        integer,
        variants: variants.collect(),
    }
}

/// The names in `x-enum-varnames`, if each value has one.
fn variant_words(document: &Document, schema: &Schema, count: usize) -> Option<Vec<String>> {
    schema.sources.iter().find_map(|node| {
        let names = document.get(*node, "x-enum-varnames")?;
        let names = document.elements(names).iter();
        let names: Vec<String> = names
            .filter_map(|name| document.text(*name))
            .map(str::to_owned)
            .collect();
        (names.len() == count).then_some(names)
    })
}

/// The constants of a schema in the order in which they are written, with their descriptions.
fn in_document_order<T: Ord + Clone>(
    document: &Document,
    schema: &Schema,
    read: impl Fn(Value) -> Option<T>,
) -> Vec<(T, Option<String>)> {
    let mut found: Vec<(T, Option<String>)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |node: NodeId, doc: Option<&str>| {
        if let Some(value) = read(document.to_json(node))
            && seen.insert(value.clone())
        {
            found.push((value, doc.map(|doc| doc.trim().to_owned())));
        }
    };
    for &source in &schema.sources {
        let doc = document.get_text(source, "description");
        if let Some(values) = document.get(source, "enum") {
            let values = document.elements(values);
            for &value in values {
                // The description of a schema with one value is that of the value.
                add(
                    value,
                    doc.filter(|_| values.len() == 1 && schema.sources.len() > 1),
                );
            }
        }
        if let Some(value) = document.get(source, "const") {
            add(value, doc.filter(|_| schema.sources.len() > 1));
        }
    }
    found
}
