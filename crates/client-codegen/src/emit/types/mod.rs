//! The code of the types, printed as text.
//!
//! Types are most of a client, and their code is regular: macros of the runtime crate have what would be repeated. So
//! the text is written directly, without tokens.

mod builders;
mod defaults;
mod enums;
mod structs;
mod unions;

#[cfg(test)]
mod tests;

use std::fmt::{self, Write as _};

use crate::doc_comments;
use crate::error::InvalidDefault;
use crate::types::{TypeDef, TypeId, TypeKind, TypeSet};

/// The module of the types.
const TYPES: &str = "types";

/// The module of the builders.
const BUILDERS: &str = "types/builder";

/// The start of a call of a macro.
const RUNTIME: &str = "::openapi_client_runtime::";

/// The derives of a type that is no enum, without `Default`.
const DERIVES: &str = "Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize";

/// The derive of the JSON Schema.
const SCHEMA: &str = "derive(::schemars::JsonSchema)";

/// The code of a type in one module.
#[derive(Debug)]
pub(crate) struct TypeText {
    /// The module: `types` or `types/builder`.
    pub(crate) path: &'static str,
    /// The name of the type.
    pub(crate) name: String,
    /// The code, which ends with one newline.
    pub(crate) text: String,
}

/// The first items of the module `types`.
pub(crate) fn types_head() -> &'static str {
    "/// Types for composing complex structures.
pub mod builder;

/// Error types.
pub mod error {
    pub use ::openapi_client_runtime::ConversionError;
}
"
}

/// The first items of the module `types::builder`.
pub(crate) fn builder_head() -> &'static str {
    ""
}

/// The code of each type, in the order of the set: first in `types`, then its builder.
///
/// # Errors
///
/// A default is no value of its field.
pub(crate) fn parts(set: &TypeSet) -> Result<Vec<TypeText>, InvalidDefault> {
    let mut parts = Vec::new();
    for (id, def) in set.iter() {
        let mut add = |path, text| {
            parts.push(TypeText {
                path,
                name: def.name.clone(),
                text,
            });
        };
        add(TYPES, text(set, id, def)?);
        if let TypeKind::Struct(structure) = &def.kind {
            add(BUILDERS, builders::text(set, def, structure));
        }
    }
    Ok(parts)
}

fn text(set: &TypeSet, id: TypeId, def: &TypeDef) -> Result<String, InvalidDefault> {
    Ok(match &def.kind {
        TypeKind::Struct(structure) => structs::text(set, def, structure)?,
        TypeKind::StringEnum(strings) => enums::strings(def, strings),
        TypeKind::IntegerEnum(integers) => enums::integers(def, integers),
        TypeKind::Union(union) => unions::text(set, id, def, union),
        TypeKind::ConstrainedString(constraints) => enums::constrained(def, constraints),
        TypeKind::Alias(ty) => {
            let (doc, name, ty) = (doc(def, ""), &def.name, set.source(ty, ""));
            format!("{doc}pub type {name} = {ty};\n")
        }
        TypeKind::Wrapper(ty) => {
            let (doc, name, ty) = (doc(def, "    "), &def.name, set.source(ty, ""));
            format!("{RUNTIME}wrapper! {{\n{doc}    pub struct {name}(pub {ty});\n}}\n")
        }
    })
}

/// Writes to a string.
fn add(text: &mut String, arguments: fmt::Arguments<'_>) {
    // Writing to a string never fails.
    let _ = text.write_fmt(arguments);
}

/// The doc comment of a type.
fn doc(def: &TypeDef, indentation: &str) -> String {
    comment(&def.doc, def.deprecated, indentation)
}

/// A doc comment. Uses of a deprecated item in generated code would cause warnings, so the comment says it.
fn comment(doc: &str, is_deprecated: bool, indentation: &str) -> String {
    match (doc.is_empty(), is_deprecated) {
        (true, false) => String::new(),
        (false, false) => doc_comments::comment(doc, indentation),
        (true, true) => format!("{indentation}/// Deprecated.\n"),
        (false, true) => {
            let doc = doc_comments::comment(doc, indentation);
            format!("{doc}{indentation}///\n{indentation}/// Deprecated.\n")
        }
    }
}

/// A string as a literal.
fn literal(text: &str) -> String {
    let is_plain = |c: char| c == ' ' || c.is_ascii_graphic() && c != '"';
    match text.contains('\\') && text.chars().all(is_plain) {
        true => format!("r\"{text}\""),
        false => format!("{text:?}"),
    }
}
