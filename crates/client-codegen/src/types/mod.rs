//! The Rust types of a client: no tokens.
//!
//! [`TypeSet`] has each type that the client declares, read from the canonical schemas of the contract. The code
//! of the types, the fields of operations, and the flags of a command line follow from it.

mod planner;
pub(crate) mod reading;
#[cfg(test)]
mod tests;

use std::fmt;

use openapi_contract::document::NodeId;
use serde_json::Value;

#[allow(unused_imports)]
pub(crate) use planner::{NameClash, TypePlanner};

/// The types that a client declares, in the order in which they are written.
#[derive(Debug, Default)]
pub(crate) struct TypeSet {
    types: Vec<TypeDef>,
}

/// Identifies a type of a [`TypeSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub(crate) usize);

impl TypeSet {
    /// A set of types; the id of a type is its index.
    #[cfg(test)]
    pub(crate) fn new(types: Vec<TypeDef>) -> Self {
        Self { types }
    }

    /// The type with this id.
    pub(crate) fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// All types with their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.types
            .iter()
            .enumerate()
            .map(|(at, def)| (TypeId(at), def))
    }

    /// The struct that a reference names, behind aliases and boxes.
    pub(crate) fn structure<'t>(&'t self, ty: &'t TypeRef) -> Option<(TypeId, &'t StructType)> {
        match ty {
            TypeRef::Boxed(inner) => self.structure(inner),
            TypeRef::Named(id) => match &self.get(*id).kind {
                TypeKind::Struct(found) => Some((*id, found)),
                TypeKind::Alias(inner) => self.structure(inner),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a reference names, behind aliases and boxes.
    pub(crate) fn resolved<'t>(&'t self, ty: &'t TypeRef) -> &'t TypeRef {
        match ty {
            TypeRef::Boxed(inner) => self.resolved(inner),
            TypeRef::Named(id) => match &self.get(*id).kind {
                TypeKind::Alias(inner) => self.resolved(inner),
                _ => ty,
            },
            _ => ty,
        }
    }

    /// A reference as Rust source, where the prelude is in scope. `types` is the path of the module of the types, such as `types::`, or empty.
    pub(crate) fn source(&self, ty: &TypeRef, types: &str) -> String {
        Source {
            set: self,
            ty,
            types,
        }
        .to_string()
    }
}

/// A type that the client declares.
#[derive(Debug, Clone)]
pub(crate) struct TypeDef {
    /// The Rust name.
    pub(crate) name: String,
    /// Markdown; empty if the contract describes nothing.
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
    /// Where its values are sent.
    pub(crate) usage: Usage,
    /// The schema object it was read from.
    pub(crate) node: NodeId,
    pub(crate) kind: TypeKind,
}

/// Whether values of a type are sent in requests, received in responses, or both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) in_requests: bool,
    pub(crate) in_responses: bool,
}

/// What a type is.
#[derive(Debug, Clone)]
pub(crate) enum TypeKind {
    Struct(StructType),
    StringEnum(StringEnum),
    IntegerEnum(IntegerEnum),
    Union(UnionType),
    ConstrainedString(ConstrainedString),
    /// Another name for a type.
    Alias(TypeRef),
    /// A new type around another, for types that contain themselves without a struct between: `struct A(Vec<A>)`.
    Wrapper(TypeRef),
}

/// An object with properties.
#[derive(Debug, Clone, Default)]
pub(crate) struct StructType {
    /// In the order of the contract.
    pub(crate) fields: Vec<Field>,
    /// The type of undeclared properties, which are kept in the map `additional`; they are ignored without one.
    pub(crate) additional: Option<Additional>,
    /// Whether undeclared properties are rejected when a value is read.
    pub(crate) denies_unknown: bool,
}

impl StructType {
    /// Whether no property is required.
    pub(crate) fn is_optional(&self) -> bool {
        let mut fields = self.fields.iter();
        fields.all(|field| field.presence != Presence::Required)
    }
}

/// The undeclared properties of a struct.
#[derive(Debug, Clone)]
pub(crate) struct Additional {
    /// The field of the map: `additional_properties`, or another name if a property has that one.
    pub(crate) field: String,
    /// The type of a value.
    pub(crate) ty: TypeRef,
}

/// A property of a struct.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The name in JSON.
    pub(crate) name: String,
    /// The Rust name, which may be a raw identifier.
    pub(crate) field: String,
    /// Without `Option`.
    pub(crate) ty: TypeRef,
    pub(crate) presence: Presence,
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
}

/// Whether a property is there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Presence {
    /// Always: `T`. A type that allows null is a [`TypeRef::Nullable`].
    Required,
    /// Perhaps: `Option<T>`.
    Optional,
    /// Perhaps, and it may be null: `Nullable<T>` of the runtime crate.
    OptionalNullable,
    /// Perhaps, and it may be any JSON, null included: `Option<serde_json::Value>` that keeps null.
    OptionalAny,
    /// Perhaps: a response without it has this value. `T`, which is filled in when a value is read. Not in types
    /// that are sent.
    Default(Value),
}

/// An enum of strings.
#[derive(Debug, Clone)]
pub(crate) struct StringEnum {
    pub(crate) variants: Vec<NamedValue<String>>,
    /// Whether other strings are kept in a variant `Unknown(String)`.
    pub(crate) is_open: bool,
}

/// An enum of integers.
#[derive(Debug, Clone)]
pub(crate) struct IntegerEnum {
    pub(crate) integer: Integer,
    pub(crate) variants: Vec<NamedValue<i64>>,
}

/// A value of an enum.
#[derive(Debug, Clone)]
pub(crate) struct NamedValue<T> {
    /// The Rust name of the variant.
    pub(crate) variant: String,
    pub(crate) value: T,
    pub(crate) doc: String,
}

/// An enum of alternatives.
#[derive(Debug, Clone)]
pub(crate) struct UnionType {
    pub(crate) variants: Vec<Variant>,
    /// The property that decides, if the contract names one.
    pub(crate) tag: Option<String>,
    /// Whether values that no variant holds completely are kept in a variant `Other(serde_json::Value)`.
    pub(crate) has_other: bool,
}

/// An alternative of a union.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    /// The Rust name.
    pub(crate) name: String,
    pub(crate) ty: TypeRef,
    /// The values of the tag that stand for it, the one that is sent first. Empty in a union without a tag.
    pub(crate) tags: Vec<String>,
    pub(crate) doc: String,
}

/// A string with constraints, which its constructors check. Reading one does not, if responses have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConstrainedString {
    /// In characters.
    pub(crate) min_length: Option<u64>,
    /// In characters.
    pub(crate) max_length: Option<u64>,
    /// Regular expressions in the syntax of ECMA-262.
    pub(crate) patterns: Vec<String>,
}

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum TypeRef {
    Named(TypeId),
    /// Any JSON: `serde_json::Value`.
    Any,
    /// Only null: `()`.
    Null,
    Bool,
    Integer(Integer),
    /// `f64`. An `f32` would not hold the digits of a `format: float`.
    Float,
    String,
    /// `uuid::Uuid`.
    Uuid,
    /// `chrono::DateTime<chrono::Utc>`.
    DateTime,
    /// `chrono::NaiveDate`.
    Date,
    /// `std::net::IpAddr`, `Ipv4Addr` and `Ipv6Addr`.
    IpAddr,
    Ipv4Addr,
    Ipv6Addr,
    Vec(Box<TypeRef>),
    /// `[T; n]`.
    Array(Box<TypeRef>, u32),
    Tuple(Vec<TypeRef>),
    /// `BTreeMap<K, T>` with keys of the first type, or `serde_json::Map` for any values.
    Map(Box<TypeRef>, Box<TypeRef>),
    /// `Option<T>`, where null is `None`.
    Nullable(Box<TypeRef>),
    Boxed(Box<TypeRef>),
}

impl TypeRef {
    /// Adds the declared types in a reference.
    pub(crate) fn named(&self, found: &mut Vec<TypeId>) {
        match self {
            Self::Named(id) => found.push(*id),
            Self::Vec(inner)
            | Self::Array(inner, _)
            | Self::Nullable(inner)
            | Self::Boxed(inner) => inner.named(found),
            Self::Tuple(items) => items.iter().for_each(|item| item.named(found)),
            Self::Map(key, value) => {
                key.named(found);
                value.named(found);
            }
            _ => {}
        }
    }
}

/// An integer type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Integer {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

impl Integer {
    /// The Rust type.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
        }
    }
}

impl Integer {
    /// Whether a number is a value of the type.
    pub(crate) fn allows(self, number: &serde_json::Number) -> bool {
        let in_range = |low: i64, high: i64| {
            let value = number.as_i64();
            value.is_some_and(|value| (low..=high).contains(&value))
        };
        match self {
            Self::I8 => in_range(i8::MIN.into(), i8::MAX.into()),
            Self::I16 => in_range(i16::MIN.into(), i16::MAX.into()),
            Self::I32 => in_range(i32::MIN.into(), i32::MAX.into()),
            Self::I64 => number.is_i64(),
            Self::U8 => in_range(0, u8::MAX.into()),
            Self::U16 => in_range(0, u16::MAX.into()),
            Self::U32 => in_range(0, u32::MAX.into()),
            Self::U64 => number.is_u64(),
        }
    }
}

impl Field {
    /// The type of the field as Rust source.
    pub(crate) fn source(&self, set: &TypeSet, types: &str, nullable: &str) -> String {
        let ty = set.source(&self.ty, types);
        match self.presence {
            Presence::Required | Presence::Default(_) => ty,
            Presence::Optional | Presence::OptionalAny => format!("Option<{ty}>"),
            Presence::OptionalNullable => format!("{nullable}<{ty}>"),
        }
    }
}

/// Prints a reference.
struct Source<'t> {
    set: &'t TypeSet,
    ty: &'t TypeRef,
    types: &'t str,
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |ty| Source { ty, ..*self };
        match self.ty {
            TypeRef::Named(id) => write!(f, "{}{}", self.types, self.set.get(*id).name),
            TypeRef::Any => f.write_str("::serde_json::Value"),
            TypeRef::Null => f.write_str("()"),
            TypeRef::Bool => f.write_str("bool"),
            TypeRef::Integer(integer) => f.write_str(integer.name()),
            TypeRef::Float => f.write_str("f64"),
            TypeRef::String => f.write_str("String"),
            TypeRef::Uuid => f.write_str("::uuid::Uuid"),
            TypeRef::DateTime => f.write_str("::chrono::DateTime<::chrono::Utc>"),
            TypeRef::Date => f.write_str("::chrono::NaiveDate"),
            TypeRef::IpAddr => f.write_str("::std::net::IpAddr"),
            TypeRef::Ipv4Addr => f.write_str("::std::net::Ipv4Addr"),
            TypeRef::Ipv6Addr => f.write_str("::std::net::Ipv6Addr"),
            TypeRef::Vec(item) => write!(f, "Vec<{}>", of(item)),
            TypeRef::Array(item, length) => write!(f, "[{}; {length}]", of(item)),
            TypeRef::Tuple(items) => {
                f.write_str("(")?;
                for item in items {
                    write!(f, "{}, ", of(item))?;
                }
                f.write_str(")")
            }
            TypeRef::Map(key, value) if **key == TypeRef::String && **value == TypeRef::Any => {
                f.write_str("::serde_json::Map<String, ::serde_json::Value>")
            }
            TypeRef::Map(key, value) => write!(
                f,
                "::std::collections::BTreeMap<{}, {}>",
                of(key),
                of(value)
            ),
            TypeRef::Nullable(inner) => write!(f, "Option<{}>", of(inner)),
            TypeRef::Boxed(inner) => write!(f, "Box<{}>", of(inner)),
        }
    }
}
