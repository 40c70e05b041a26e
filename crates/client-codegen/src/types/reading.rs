//! What the generated types make of a value: the law that the code of the types follows.
//!
//! Values that the contract allows must come back unchanged, apart from defaults that are filled in. With this, types
//! are checked against the contract without compiling them.

use serde_json::{Map, Number, Value};

use super::{Presence, StructType, TypeKind, TypeRef, TypeSet, UnionType};

/// Why a type cannot be read from a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at `{pointer}`: expected {expected}")]
pub(crate) struct Unread {
    /// The JSON pointer of the value that does not fit.
    pub(crate) pointer: String,
    /// What would fit.
    pub(crate) expected: String,
}

/// Reads a value of a type, and writes it again.
pub(crate) fn rewritten(set: &TypeSet, ty: &TypeRef, value: &Value) -> Result<Value, Unread> {
    match (ty, value) {
        (TypeRef::Any, value) => Ok(value.clone()),
        (TypeRef::Null, Value::Null) => Ok(Value::Null),
        (TypeRef::Bool, Value::Bool(_)) => Ok(value.clone()),
        (TypeRef::Integer(integer), Value::Number(number)) if integer.allows(number) => {
            Ok(value.clone())
        }
        (TypeRef::Float, Value::Number(number)) => {
            let float = number.as_f64().and_then(Number::from_f64);
            float.map(Value::Number).ok_or_else(|| expected("a number"))
        }
        (
            TypeRef::String
            | TypeRef::Uuid
            | TypeRef::DateTime
            | TypeRef::Date
            | TypeRef::IpAddr
            | TypeRef::Ipv4Addr
            | TypeRef::Ipv6Addr,
            Value::String(_),
        ) => Ok(value.clone()),
        (TypeRef::Vec(item), Value::Array(items)) => items_of(set, items, |_| item),
        (TypeRef::Array(item, length), Value::Array(items)) if items.len() == *length as usize => {
            items_of(set, items, |_| item)
        }
        (TypeRef::Tuple(types), Value::Array(items)) if items.len() == types.len() => {
            items_of(set, items, |at| &types[at])
        }
        (TypeRef::Map(_, of), Value::Object(members)) => {
            let members = members.iter().map(|(key, value)| {
                let value = rewritten(set, of, value).map_err(|unread| unread.below(key))?;
                Ok((key.clone(), value))
            });
            members.collect::<Result<Map<_, _>, _>>().map(Value::Object)
        }
        (TypeRef::Nullable(_), Value::Null) => Ok(Value::Null),
        (TypeRef::Nullable(inner) | TypeRef::Boxed(inner), value) => rewritten(set, inner, value),
        (TypeRef::Named(id), value) => {
            let def = set.get(*id);
            match (&def.kind, value) {
                (TypeKind::Alias(inner) | TypeKind::Wrapper(inner), value) => {
                    rewritten(set, inner, value)
                }
                (TypeKind::Struct(found), Value::Object(members)) => structure(set, found, members),
                (TypeKind::StringEnum(found), Value::String(text)) => {
                    let mut variants = found.variants.iter();
                    match found.is_open || variants.any(|variant| variant.value == *text) {
                        true => Ok(value.clone()),
                        false => Err(expected(&format!("a value of `{}`", def.name))),
                    }
                }
                (TypeKind::IntegerEnum(found), Value::Number(number)) => {
                    let mut variants = found.variants.iter();
                    match variants.any(|variant| Some(variant.value) == number.as_i64()) {
                        true => Ok(value.clone()),
                        false => Err(expected(&format!("a value of `{}`", def.name))),
                    }
                }
                (TypeKind::ConstrainedString(_), Value::String(_)) => Ok(value.clone()),
                (TypeKind::Union(found), value) => union(set, &def.name, found, value),
                _ => Err(expected(&format!("`{}`", def.name))),
            }
        }
        _ => Err(expected(&format!("`{}`", set.source(ty, "")))),
    }
}

fn items_of<'t>(
    set: &TypeSet,
    items: &[Value],
    of: impl Fn(usize) -> &'t TypeRef,
) -> Result<Value, Unread> {
    let items = items.iter().enumerate().map(|(at, item)| {
        rewritten(set, of(at), item).map_err(|unread| unread.below(&at.to_string()))
    });
    items.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

fn structure(
    set: &TypeSet,
    found: &StructType,
    members: &Map<String, Value>,
) -> Result<Value, Unread> {
    let mut written = Map::new();
    for field in &found.fields {
        let value = match (members.get(&field.name), &field.presence) {
            (None, Presence::Required) => {
                return Err(expected(&format!("the property `{}`", field.name)));
            }
            (None, Presence::Default(default)) => default.clone(),
            (None, _) | (Some(Value::Null), Presence::Optional) => continue,
            (Some(Value::Null), Presence::OptionalNullable | Presence::OptionalAny) => Value::Null,
            (Some(value), _) => {
                rewritten(set, &field.ty, value).map_err(|unread| unread.below(&field.name))?
            }
        };
        written.insert(field.name.clone(), value);
    }
    let unknown = members
        .iter()
        .filter(|(name, _)| !found.fields.iter().any(|field| field.name == **name));
    for (name, value) in unknown {
        if let Some(additional) = &found.additional {
            let value =
                rewritten(set, &additional.ty, value).map_err(|unread| unread.below(name))?;
            written.insert(name.clone(), value);
        } else if found.denies_unknown {
            return Err(expected(&format!("no property `{name}`")));
        }
    }
    Ok(Value::Object(written))
}

fn union(set: &TypeSet, name: &str, found: &UnionType, value: &Value) -> Result<Value, Unread> {
    if let Some(tag) = &found.tag {
        let tagged = value.get(tag).and_then(Value::as_str).and_then(|value| {
            let mut variants = found.variants.iter();
            variants.find(|variant| variant.tags.iter().any(|tag| tag == value))
        });
        return match tagged {
            Some(variant) => {
                let mut written = rewritten(set, &variant.ty, value)?;
                if let (Some(members), Some(value)) = (written.as_object_mut(), value.get(tag)) {
                    // The variant stands for several values: one that it holds itself stays.
                    members.entry(tag.clone()).or_insert_with(|| value.clone());
                }
                Ok(written)
            }
            None if found.has_other => Ok(value.clone()),
            None => Err(expected(&format!("a `{tag}` of `{name}`"))),
        };
    }
    let mut read = Vec::new();
    let mut reason = None;
    for variant in &found.variants {
        match rewritten(set, &variant.ty, value) {
            Ok(written) => read.push(written),
            Err(unread) => reason = Some(unread),
        }
    }
    if read.len() == 1 && !found.has_other {
        return Ok(read.remove(0));
    }
    if let Some(complete) = read.iter().position(|written| holds(written, value)) {
        return Ok(read.swap_remove(complete));
    }
    match (read.is_empty(), found.has_other, reason) {
        (_, true, _) => Ok(value.clone()),
        (false, false, _) => Ok(read.remove(0)),
        (true, false, Some(reason)) => Err(reason),
        (true, false, None) => Err(expected(&format!("`{name}`"))),
    }
}

/// Whether a value has every member of another.
pub(crate) fn holds(value: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Object(members), Value::Object(others)) => others
            .iter()
            .all(|(name, other)| members.get(name).is_some_and(|value| holds(value, other))),
        (Value::Array(items), Value::Array(others)) => {
            let mut pairs = items.iter().zip(others);
            items.len() == others.len() && pairs.all(|(value, other)| holds(value, other))
        }
        (Value::Number(number), Value::Number(other)) => number.as_f64() == other.as_f64(),
        (value, other) => value == other,
    }
}

fn expected(expected: &str) -> Unread {
    Unread {
        pointer: String::new(),
        expected: expected.to_owned(),
    }
}

impl Unread {
    fn below(self, token: &str) -> Self {
        let token = openapi_contract::document::escape_token(token);
        Self {
            pointer: format!("/{token}{}", self.pointer),
            ..self
        }
    }
}
