//! Unions.

use std::collections::HashMap;

use super::{RUNTIME, add, comment, doc, literal};
use crate::types::{TypeDef, TypeId, TypeKind, TypeRef, TypeSet, UnionType};

const INDENTATION: &str = "        ";

/// An enum of alternatives.
pub(super) fn text(set: &TypeSet, id: TypeId, def: &TypeDef, union: &UnionType) -> String {
    let held: Vec<TypeRef> = union
        .variants
        .iter()
        .map(|variant| held(set, &variant.ty))
        .collect();
    let mut uses: HashMap<&TypeRef, usize> = HashMap::new();
    for ty in &held {
        *uses.entry(ty).or_default() += 1;
    }
    let (doc, name) = (doc(def, "    "), &def.name);
    let tag = match &union.tag {
        Some(tag) => format!(" tagged by {}", literal(tag)),
        None => String::new(),
    };
    let mut text = format!("{RUNTIME}union! {{\n{doc}    pub enum {name}{tag} {{\n");
    for (variant, held) in union.variants.iter().zip(&held) {
        text += &comment(&variant.doc, false, INDENTATION);
        // Two conversions from one type would conflict, and every type has one from itself.
        let converts = uses.get(held) == Some(&1) && *held != TypeRef::Named(id);
        let from = if converts { " from" } else { "" };
        let (name, ty) = (&variant.name, set.source(&variant.ty, ""));
        add(&mut text, format_args!("{INDENTATION}{name}({ty}){from}"));
        if union.tag.is_some() {
            let tags: Vec<String> = variant.tags.iter().map(|tag| literal(tag)).collect();
            let tags = tags.join(" | ");
            add(&mut text, format_args!(" = {tags}"));
        }
        text += ",\n";
    }
    if union.has_other {
        add(&mut text, format_args!("{INDENTATION}_ => Other,\n"));
    }
    text += "    }\n}\n";
    text
}

/// What a variant holds: without boxes around it, and without aliases anywhere.
fn held(set: &TypeSet, ty: &TypeRef) -> TypeRef {
    match without_aliases(set, ty) {
        TypeRef::Boxed(inner) => held(set, &inner),
        ty => ty,
    }
}

fn without_aliases(set: &TypeSet, ty: &TypeRef) -> TypeRef {
    let inner = |ty: &TypeRef| Box::new(without_aliases(set, ty));
    match ty {
        TypeRef::Named(id) => match &set.get(*id).kind {
            TypeKind::Alias(ty) => without_aliases(set, ty),
            _ => ty.clone(),
        },
        TypeRef::Vec(item) => TypeRef::Vec(inner(item)),
        TypeRef::Array(item, length) => TypeRef::Array(inner(item), *length),
        TypeRef::Tuple(items) => {
            TypeRef::Tuple(items.iter().map(|ty| without_aliases(set, ty)).collect())
        }
        TypeRef::Map(key, value) => TypeRef::Map(inner(key), inner(value)),
        TypeRef::Nullable(ty) => TypeRef::Nullable(inner(ty)),
        TypeRef::Boxed(ty) => TypeRef::Boxed(inner(ty)),
        TypeRef::Any
        | TypeRef::Null
        | TypeRef::Bool
        | TypeRef::Integer(_)
        | TypeRef::Float
        | TypeRef::String
        | TypeRef::Uuid
        | TypeRef::DateTime
        | TypeRef::Date
        | TypeRef::IpAddr
        | TypeRef::Ipv4Addr
        | TypeRef::Ipv6Addr => ty.clone(),
    }
}
