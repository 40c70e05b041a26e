//! Defaults as Rust expressions.

use serde_json::{Number, Value};

use crate::types::{Integer, TypeDef, TypeKind, TypeRef, TypeSet};

/// A value of a type as an expression in the module of the types. `None` if it is no value of the type, or if no
/// expression without errors at run time makes it.
pub(super) fn source(set: &TypeSet, ty: &TypeRef, value: &Value) -> Option<String> {
    Some(match (ty, value) {
        (TypeRef::Named(id), _) => return named(set, set.get(*id), value),
        (TypeRef::Boxed(inner), _) => format!("Box::new({})", source(set, inner, value)?),
        (TypeRef::Nullable(_), Value::Null) => "None".to_owned(),
        (TypeRef::Nullable(inner), _) => format!("Some({})", source(set, inner, value)?),
        (TypeRef::Any, _) => return any(value),
        (TypeRef::Null, Value::Null) => "()".to_owned(),
        (TypeRef::Bool, Value::Bool(value)) => value.to_string(),
        (TypeRef::Integer(ty), Value::Number(number)) => integer(*ty, number)?,
        (TypeRef::Float, Value::Number(number)) => format!("{:?}", number.as_f64()?),
        (TypeRef::String, Value::String(text)) => format!("{text:?}.to_owned()"),
        (TypeRef::Vec(_), Value::Array(items)) if items.is_empty() => "Vec::new()".to_owned(),
        (TypeRef::Vec(item), Value::Array(items)) => {
            let items: Option<Vec<String>> =
                items.iter().map(|value| source(set, item, value)).collect();
            format!("vec![{}]", items?.join(", "))
        }
        (TypeRef::Map(..), Value::Object(object)) if object.is_empty() => {
            "Default::default()".to_owned()
        }
        _ => return None,
    })
}

/// A value of a declared type.
fn named(set: &TypeSet, def: &TypeDef, value: &Value) -> Option<String> {
    let name = &def.name;
    match (&def.kind, value) {
        (TypeKind::Alias(ty), _) => source(set, ty, value),
        (TypeKind::Wrapper(ty), _) => Some(format!("{name}({})", source(set, ty, value)?)),
        (TypeKind::StringEnum(strings), Value::String(text)) => {
            let found = strings.variants.iter().find(|known| known.value == *text);
            match found {
                Some(found) => Some(format!("{name}::{}", found.variant)),
                None if strings.is_open => Some(format!("{name}::Unknown({text:?}.to_owned())")),
                None => None,
            }
        }
        (TypeKind::IntegerEnum(integers), Value::Number(number)) => {
            let number = exact(number)?;
            let known = &mut integers.variants.iter();
            let found = known.find(|known| i128::from(known.value) == number)?;
            Some(format!("{name}::{}", found.variant))
        }
        (TypeKind::Struct(structure), Value::Object(object))
            if object.is_empty() && structure.is_optional() =>
        {
            Some(format!("{name}::default()"))
        }
        _ => None,
    }
}

/// Any JSON.
fn any(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => "::serde_json::Value::Null".to_owned(),
        Value::Bool(value) => format!("::serde_json::Value::from({value})"),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => format!("::serde_json::Value::from({integer}_i64)"),
            (None, Some(integer)) => format!("::serde_json::Value::from({integer}_u64)"),
            (None, None) => format!("::serde_json::Value::from({:?})", number.as_f64()?),
        },
        Value::String(text) => format!("::serde_json::Value::from({text:?})"),
        Value::Array(items) if items.is_empty() => "::serde_json::json!([])".to_owned(),
        Value::Object(object) if object.is_empty() => "::serde_json::json!({})".to_owned(),
        Value::Array(_) | Value::Object(_) => return None,
    })
}

/// An integer in the range of its type.
fn integer(ty: Integer, number: &Number) -> Option<String> {
    let number = exact(number)?;
    let (min, max): (i128, i128) = match ty {
        Integer::I8 => (i8::MIN.into(), i8::MAX.into()),
        Integer::I16 => (i16::MIN.into(), i16::MAX.into()),
        Integer::I32 => (i32::MIN.into(), i32::MAX.into()),
        Integer::I64 => (i64::MIN.into(), i64::MAX.into()),
        Integer::U8 => (0, u8::MAX.into()),
        Integer::U16 => (0, u16::MAX.into()),
        Integer::U32 => (0, u32::MAX.into()),
        Integer::U64 => (0, u64::MAX.into()),
    };
    (min..=max).contains(&number).then(|| number.to_string())
}

/// An integer, which may be written with a fraction of zero.
fn exact(number: &Number) -> Option<i128> {
    number.as_i128().or_else(|| {
        let float = number.as_f64()?;
        (float.fract() == 0.0 && float.abs() < 1e18).then_some(float as i128)
    })
}
