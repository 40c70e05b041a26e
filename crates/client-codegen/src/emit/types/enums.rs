//! Enums of strings and integers, and strings with constraints.

use super::{RUNTIME, add, comment, doc, literal};
use crate::ecma_patterns::{is_unicode, needs_unicode};
use crate::types::{ConstrainedString, IntegerEnum, StringEnum, TypeDef};

const INDENTATION: &str = "        ";

/// An enum of strings.
pub(super) fn strings(def: &TypeDef, strings: &StringEnum) -> String {
    let (doc, name) = (doc(def, "    "), &def.name);
    let mut text = format!("{RUNTIME}string_enum! {{\n{doc}    pub enum {name} {{\n");
    for value in &strings.variants {
        text += &comment(&value.doc, false, INDENTATION);
        let (variant, value) = (&value.variant, literal(&value.value));
        add(
            &mut text,
            format_args!("{INDENTATION}{variant} = {value},\n"),
        );
    }
    if strings.is_open {
        add(&mut text, format_args!("{INDENTATION}_ => Unknown,\n"));
    }
    text += "    }\n}\n";
    text
}

/// An enum of integers.
pub(super) fn integers(def: &TypeDef, integers: &IntegerEnum) -> String {
    let (doc, name, ty) = (doc(def, "    "), &def.name, integers.integer.name());
    let mut text = format!("{RUNTIME}integer_enum! {{\n{doc}    pub enum {name}: {ty} {{\n");
    for value in &integers.variants {
        text += &comment(&value.doc, false, INDENTATION);
        let (variant, value) = (&value.variant, value.value);
        add(
            &mut text,
            format_args!("{INDENTATION}{variant} = {value},\n"),
        );
    }
    text += "    }\n}\n";
    text
}

/// A string with constraints.
pub(super) fn constrained(def: &TypeDef, constraints: &ConstrainedString) -> String {
    let (doc, name) = (doc(def, "    "), &def.name);
    let mut text = format!("{RUNTIME}constrained_string! {{\n{doc}    pub struct {name} {{\n");
    if let Some(length) = constraints.min_length {
        add(
            &mut text,
            format_args!("{INDENTATION}min_length: {length},\n"),
        );
    }
    if let Some(length) = constraints.max_length {
        add(
            &mut text,
            format_args!("{INDENTATION}max_length: {length},\n"),
        );
    }
    for pattern in &constraints.patterns {
        let flag = if needs_unicode(pattern) && is_unicode(pattern) {
            " unicode"
        } else {
            ""
        };
        let pattern = literal(pattern);
        add(
            &mut text,
            format_args!("{INDENTATION}pattern: {pattern}{flag},\n"),
        );
    }
    if def.usage.in_responses {
        add(&mut text, format_args!("{INDENTATION}read: unchecked,\n"));
    }
    text += "    }\n}\n";
    text
}
