//! Builders of structs.

use super::structs::{additional_source, default_function};
use super::{RUNTIME, add};
use crate::types::{Presence, StructType, TypeDef, TypeSet};

/// The builder of a struct. Programs need few builders of types that they only receive, so these are behind a feature.
pub(super) fn text(set: &TypeSet, def: &TypeDef, structure: &StructType) -> String {
    let mut text = String::new();
    if !def.usage.in_requests {
        text += "#[cfg(feature = \"builders\")]\n";
    }
    let name = &def.name;
    if structure.fields.is_empty() && structure.additional.is_none() {
        add(
            &mut text,
            format_args!("{RUNTIME}builder! {{\n    {name} for super::{name} {{}}\n}}\n"),
        );
        return text;
    }
    add(
        &mut text,
        format_args!("{RUNTIME}builder! {{\n    {name} for super::{name} {{\n"),
    );
    for field in &structure.fields {
        let ty = field.source(set, "super::", "super::super::Nullable");
        let name = &field.field;
        match field.presence {
            Presence::Required => {
                add(
                    &mut text,
                    format_args!("        {name}: {ty} = required,\n"),
                );
            }
            Presence::Default(_) => {
                let function = default_function(field);
                add(
                    &mut text,
                    format_args!("        {name}: {ty} = {function},\n"),
                );
            }
            Presence::Optional | Presence::OptionalNullable | Presence::OptionalAny => {
                add(&mut text, format_args!("        {name}: {ty},\n"));
            }
        }
    }
    if let Some(additional) = &structure.additional {
        let (field, ty) = (
            &additional.field,
            additional_source(set, additional, "super::"),
        );
        add(&mut text, format_args!("        {field}: {ty},\n"));
    }
    text += "    }\n}\n";
    text
}
