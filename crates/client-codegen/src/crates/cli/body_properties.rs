//! What the command line asks about types: the properties of a body, and the strings of an enum.

use proc_macro2::Ident;

use crate::error::GenerateError;
use crate::types::{Presence, StructType, TypeId, TypeKind, TypeRef, TypeSet};

/// A property of a request body.
#[derive(Debug)]
pub(super) struct BodyProperty<'t> {
    /// The setter of the builder.
    pub(super) setter: Ident,
    /// The type of its values: a string, number, boolean, enum or similar, or a list of them. `None` for all others,
    /// which have no flag.
    pub(super) ty: Option<&'t TypeRef>,
    pub(super) required: bool,
    /// Markdown; empty if the contract describes nothing.
    pub(super) doc: &'t str,
}

/// The declared properties of a body, in the order of the contract. Others are in `--json-body` only.
pub(super) fn properties<'t>(
    types: &'t TypeSet,
    structure: &'t StructType,
) -> Result<Vec<BodyProperty<'t>>, GenerateError> {
    let properties = structure.fields.iter().map(|field| {
        Ok(BodyProperty {
            setter: syn::parse_str(&field.field).map_err(GenerateError::unparsable)?,
            ty: given(types, &field.ty),
            required: field.presence == Presence::Required,
            doc: field.doc.trim(),
        })
    });
    properties.collect()
}

/// The strings that an enum of strings allows. Empty for all other types, and for enums that allow any string.
pub(super) fn choices<'t>(types: &'t TypeSet, ty: &'t TypeRef) -> Vec<&'t str> {
    let TypeRef::Named(id) = types.resolved(ty) else {
        return Vec::new();
    };
    match &types.get(*id).kind {
        TypeKind::StringEnum(found) if !found.is_open => {
            let variants = found.variants.iter();
            variants.map(|variant| variant.value.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// The type of the values that a flag gives to a property of this type. A flag cannot give null.
fn given<'t>(types: &'t TypeSet, ty: &'t TypeRef) -> Option<&'t TypeRef> {
    let is_word = |ty| is_word(types, ty, &mut Vec::new());
    match (ty, types.resolved(ty)) {
        (_, TypeRef::Nullable(inner)) => given(types, inner),
        (TypeRef::Boxed(inner), _) => given(types, inner),
        (_, TypeRef::Vec(item)) => is_word(item).then_some(ty),
        (_, resolved) => is_word(resolved).then_some(ty),
    }
}

/// Whether values of a type are written as one word. `around` are the unions that it is an alternative of.
fn is_word(types: &TypeSet, ty: &TypeRef, around: &mut Vec<TypeId>) -> bool {
    let id = match types.resolved(ty) {
        TypeRef::Bool
        | TypeRef::Integer(_)
        | TypeRef::Float
        | TypeRef::String
        | TypeRef::Uuid
        | TypeRef::DateTime
        | TypeRef::Date
        | TypeRef::IpAddr
        | TypeRef::Ipv4Addr
        | TypeRef::Ipv6Addr => return true,
        TypeRef::Named(id) => *id,
        TypeRef::Any
        | TypeRef::Null
        | TypeRef::Vec(_)
        | TypeRef::Array(..)
        | TypeRef::Tuple(_)
        | TypeRef::Map(..)
        | TypeRef::Nullable(_)
        | TypeRef::Boxed(_) => return false,
    };
    match &types.get(id).kind {
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::ConstrainedString(_) => true,
        TypeKind::Union(union) if !around.contains(&id) => {
            around.push(id);
            let mut variants = union.variants.iter();
            let are_words = variants.all(|variant| is_word(types, &variant.ty, around));
            around.pop();
            are_words
        }
        TypeKind::Union(_) | TypeKind::Struct(_) | TypeKind::Alias(_) | TypeKind::Wrapper(_) => {
            false
        }
    }
}
