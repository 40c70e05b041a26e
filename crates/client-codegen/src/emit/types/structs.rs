//! Structs.

use super::{DERIVES, SCHEMA, add, comment, defaults, doc};
use crate::error::InvalidDefault;
use crate::types::{Additional, Field, Presence, StructType, TypeDef, TypeRef, TypeSet};

/// `Nullable` in the module of the types.
const NULLABLE: &str = "super::Nullable";

/// The struct, and the functions of its defaults.
pub(super) fn text(
    set: &TypeSet,
    def: &TypeDef,
    structure: &StructType,
) -> Result<String, InvalidDefault> {
    let name = &def.name;
    let mut text = doc(def, "");
    // A derived `Default` would ignore the defaults.
    let derives_default = structure.is_optional() && !has_defaults(structure);
    let default = if derives_default { "Default, " } else { "" };
    let (copied, others) = DERIVES.split_at("Clone, Debug, ".len());
    add(
        &mut text,
        format_args!("#[derive({copied}{default}{others})]\n"),
    );
    if structure.denies_unknown && structure.additional.is_none() {
        text += "#[serde(deny_unknown_fields)]\n";
    }
    let required = required(set, structure);
    add(
        &mut text,
        format_args!("#[cfg_attr(feature = \"schemars\", {SCHEMA}{required})]\n"),
    );
    if structure.fields.is_empty() && structure.additional.is_none() {
        add(&mut text, format_args!("pub struct {name} {{}}\n"));
        return Ok(text);
    }
    add(&mut text, format_args!("pub struct {name} {{\n"));
    for field in &structure.fields {
        text += &comment(&field.doc, field.deprecated, "    ");
        let attributes = attributes(set, def, field);
        if !attributes.is_empty() {
            let attributes = attributes.join(", ");
            add(&mut text, format_args!("    #[serde({attributes})]\n"));
        }
        let ty = field.source(set, "", NULLABLE);
        add(&mut text, format_args!("    pub {}: {ty},\n", field.field));
    }
    if let Some(additional) = &structure.additional {
        let (field, ty) = (&additional.field, additional_source(set, additional, ""));
        add(
            &mut text,
            format_args!("    #[serde(flatten)]\n    pub {field}: {ty},\n"),
        );
    }
    text += "}\n";
    add_defaults(&mut text, set, def, structure)?;
    Ok(text)
}

fn has_defaults(structure: &StructType) -> bool {
    let mut fields = structure.fields.iter();
    fields.any(|field| matches!(field.presence, Presence::Default(_)))
}

/// The type of undeclared properties as Rust source.
pub(super) fn additional_source(set: &TypeSet, additional: &Additional, types: &str) -> String {
    let value = Box::new(additional.ty.clone());
    set.source(&TypeRef::Map(Box::new(TypeRef::String), value), types)
}

/// A field name without the prefix of a raw identifier.
fn plain(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// The associated function with the default of a field.
pub(super) fn default_function(field: &Field) -> String {
    format!("default_{}", plain(&field.field))
}

/// What `#[serde(...)]` says about a field.
fn attributes(set: &TypeSet, def: &TypeDef, field: &Field) -> Vec<String> {
    let mut attributes = Vec::new();
    if field.name != plain(&field.field) {
        attributes.push(format!("rename = {:?}", field.name));
    }
    let mut add = |attribute: &str| attributes.push(attribute.to_owned());
    match &field.presence {
        // Without a function, a missing `Option` is `None`.
        Presence::Required if is_nullable(set, &field.ty) => {
            add("deserialize_with = \"::serde::Deserialize::deserialize\"");
        }
        Presence::Required => {}
        Presence::Optional => add("skip_serializing_if = \"Option::is_none\""),
        Presence::OptionalNullable => {
            add("default");
            add("skip_serializing_if = \"super::Nullable::is_absent\"");
        }
        Presence::OptionalAny => {
            add("default");
            add("deserialize_with = \"super::nullable::present\"");
            add("skip_serializing_if = \"Option::is_none\"");
        }
        Presence::Default(_) => {
            let function = default_function(field);
            add(&format!("default = \"{}::{function}\"", def.name));
        }
    }
    attributes
}

fn is_nullable(set: &TypeSet, ty: &TypeRef) -> bool {
    matches!(set.resolved(ty), TypeRef::Nullable(_))
}

/// The required properties as an attribute of the JSON Schema, if its derive would get them wrong: it treats every
/// `Option` as optional.
fn required(set: &TypeSet, structure: &StructType) -> String {
    let is_strict = |field: &Field| match field.presence {
        Presence::Required => is_nullable(set, &field.ty),
        Presence::OptionalAny => true,
        _ => false,
    };
    if !structure.fields.iter().any(is_strict) {
        return String::new();
    }
    let required = structure
        .fields
        .iter()
        .filter(|field| field.presence == Presence::Required);
    let names: Vec<String> = required.map(|field| format!("{:?}", field.name)).collect();
    let names = names.join(", ");
    format!(", schemars(extend(\"required\" = [{names}]))")
}

/// The functions of the defaults, and `Default` if it cannot be derived.
fn add_defaults(
    text: &mut String,
    set: &TypeSet,
    def: &TypeDef,
    structure: &StructType,
) -> Result<(), InvalidDefault> {
    if !has_defaults(structure) {
        return Ok(());
    }
    let name = &def.name;
    let mut functions = Vec::new();
    for field in &structure.fields {
        let Presence::Default(value) = &field.presence else {
            continue;
        };
        let value = defaults::source(set, &field.ty, value).ok_or_else(|| InvalidDefault {
            type_name: name.clone(),
            field: field.name.clone(),
        })?;
        let (function, ty) = (default_function(field), set.source(&field.ty, ""));
        functions.push(format!(
            "    pub(crate) fn {function}() -> {ty} {{\n        {value}\n    }}\n"
        ));
    }
    let functions = functions.join("\n");
    add(text, format_args!("\nimpl {name} {{\n{functions}}}\n"));
    if structure.is_optional() {
        add(
            text,
            format_args!(
                "\nimpl Default for {name} {{\n    fn default() -> Self {{\n        Self {{\n"
            ),
        );
        for field in &structure.fields {
            let value = match field.presence {
                Presence::Default(_) => format!("Self::{}()", default_function(field)),
                _ => "Default::default()".to_owned(),
            };
            add(
                text,
                format_args!("            {}: {value},\n", field.field),
            );
        }
        if let Some(additional) = &structure.additional {
            let field = &additional.field;
            add(
                text,
                format_args!("            {field}: Default::default(),\n"),
            );
        }
        *text += "        }\n    }\n}\n";
    }
    Ok(())
}
