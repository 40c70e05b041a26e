//! Types of objects: structs and maps.

use std::collections::HashMap;

use openapi_contract::model::{ObjectConstraints, SchemaId, Schemas};

use super::super::{Additional, Field, Presence, StructType, TypeKind, TypeRef};
use super::scalars::is_plain_default;
use super::{Key, Shape, Side, TypePlanner};
use crate::identifiers;

/// The field with the undeclared properties of a struct.
const ADDITIONAL: &str = "additional_properties";

/// A property of an object, or of one of several that must hold together.
struct Property {
    name: String,
    schema: SchemaId,
    is_required: bool,
}

impl TypePlanner<'_> {
    pub(super) fn object(&mut self, id: SchemaId, rules: &ObjectConstraints, side: Side) -> Shape {
        let is_map = rules.properties.is_empty() && rules.required.is_empty();
        if is_map && rules.constants.is_none() {
            let is_closed_and_empty = rules.additional_is_declared
                && rules.additional == Schemas::NEVER
                && rules.pattern_properties.is_empty();
            if !is_closed_and_empty {
                let value = self.other_properties(rules, side).unwrap_or(TypeRef::Any);
                let key = Box::new(TypeRef::String);
                return Shape::Used(TypeRef::Map(key, Box::new(value)));
            }
        }
        Shape::Declared(TypeKind::Struct(self.structure(&[id], side)))
    }

    /// The type of the undeclared properties, if there may be some that must be kept.
    fn other_properties(&mut self, rules: &ObjectConstraints, side: Side) -> Option<TypeRef> {
        let additional = match rules.additional_is_declared {
            true if rules.additional == Schemas::NEVER => None,
            true => Some(self.reference(rules.additional, side)),
            false => None,
        };
        let mut types: Vec<TypeRef> = additional.into_iter().collect();
        for schema in rules.pattern_properties.values() {
            types.push(self.reference(*schema, side));
        }
        if !rules.pattern_properties.is_empty() && !rules.additional_is_declared {
            types.push(TypeRef::Any);
        }
        types.dedup();
        match types.len() {
            0 => None,
            1 => types.pop(),
            _ => Some(TypeRef::Any),
        }
    }

    /// The struct with the properties of all of some objects. Those of later ones replace those of earlier ones.
    pub(super) fn structure(&mut self, parts: &[SchemaId], side: Side) -> StructType {
        let mut properties: Vec<Property> = Vec::new();
        let mut additional = None;
        for &part in parts {
            let schema = self.schema(part);
            let Some(rules) = schema.object.as_deref() else {
                continue;
            };
            for (name, schema) in self.properties(part, rules) {
                let is_required = rules.required.contains(&name);
                match properties.iter_mut().find(|known| known.name == name) {
                    Some(known) => {
                        // What is only required says nothing of the value.
                        if rules.properties.contains_key(&known.name) {
                            known.schema = schema;
                        }
                        known.is_required |= is_required;
                    }
                    None => properties.push(Property {
                        name,
                        schema,
                        is_required,
                    }),
                }
            }
            for property in &mut properties {
                property.is_required |= rules.required.contains(&property.name);
            }
            if let Some(ty) = self.other_properties(rules, side) {
                additional = Some(match additional {
                    None => ty,
                    Some(known) if known == ty => ty,
                    Some(_) => TypeRef::Any,
                });
            }
        }
        let owner = parts[0];
        let (is_sent, is_received) = (
            self.is_only_sent(owner, side),
            self.is_only_received(owner, side),
        );
        properties.retain(|property| {
            let schema = self.schema(property.schema);
            let annotations = schema.annotations();
            let is_left_out =
                is_sent && annotations.read_only || is_received && annotations.write_only;
            !schema.is_never() && !is_left_out
        });
        let names = properties.iter().map(|property| property.name.as_str());
        let mut idents = identifiers::field_names(names, additional.as_ref().map(|_| ADDITIONAL));
        let additional = additional.map(|ty| Additional {
            field: idents.pop().unwrap_or_else(|| ADDITIONAL.to_owned()),
            ty,
        });
        let fields = properties
            .into_iter()
            .zip(idents)
            .map(|(property, field)| self.field(property, field, is_received, side))
            .collect();
        StructType {
            fields,
            additional,
            denies_unknown: false,
        }
    }

    /// The properties of an object in the order in which they are written, with those that are only required.
    fn properties(&self, id: SchemaId, rules: &ObjectConstraints) -> Vec<(String, SchemaId)> {
        let document = &self.contract.document;
        let mut order: HashMap<&str, usize> = HashMap::new();
        for &source in &self.schema(id).sources {
            for entry in document.members(source, "properties") {
                let next = order.len();
                order.entry(entry.key).or_insert(next);
            }
        }
        let undeclared = rules
            .required
            .iter()
            .filter(|name| !rules.properties.contains_key(*name));
        let undeclared = undeclared.map(|name| (name.clone(), rules.additional));
        let mut properties: Vec<(String, SchemaId)> = rules
            .properties
            .iter()
            .map(|(name, schema)| (name.clone(), *schema))
            .chain(undeclared)
            .collect();
        properties.sort_by_key(|(name, _)| order.get(name.as_str()).copied().unwrap_or(usize::MAX));
        properties
    }

    fn field(&mut self, property: Property, field: String, is_received: bool, side: Side) -> Field {
        let schema = self.schema(property.schema);
        let annotations = schema.annotations();
        let ty = self.without_null_or_any(property.schema, side);
        let is_any = *self.set.resolved(&ty) == TypeRef::Any;
        let allows_null = schema.null && !is_any && !self.allows_null(&ty);
        let default = annotations
            .default
            .as_ref()
            .filter(|default| is_received && is_plain_default(default))
            .filter(|default| self.allows_default(&ty, default));
        let presence = match (property.is_required, default) {
            (true, _) => Presence::Required,
            (false, Some(default)) => Presence::Default(default.clone()),
            (false, None) if is_any => Presence::OptionalAny,
            (false, None) if allows_null => Presence::OptionalNullable,
            (false, None) => Presence::Optional,
        };
        let is_wrapped = allows_null && presence != Presence::OptionalNullable;
        let ty = match is_wrapped {
            true => TypeRef::Nullable(Box::new(ty)),
            false => ty,
        };
        // What is referred to has documentation of its own.
        let is_own = !self
            .names
            .is_component(Key::of(self.contract, property.schema))
            || schema.sources.len() > 1;
        let doc = annotations
            .description
            .as_ref()
            .or(annotations.title.as_ref());
        let doc = doc.filter(|_| is_own).map(|doc| doc.trim().to_owned());
        Field {
            name: property.name,
            field,
            ty,
            presence,
            doc: doc.unwrap_or_default(),
            deprecated: annotations.deprecated,
        }
    }

    fn without_null_or_any(&mut self, id: SchemaId, side: Side) -> TypeRef {
        match self.reference(id, side) {
            TypeRef::Nullable(inner) => *inner,
            other => other,
        }
    }

    /// Whether a default is a value of a type.
    fn allows_default(&self, ty: &TypeRef, default: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (self.set.resolved(ty), default) {
            (TypeRef::Bool, Value::Bool(_))
            | (TypeRef::String, Value::String(_))
            | (TypeRef::Float, Value::Number(_))
            | (TypeRef::Vec(_), Value::Array(_)) => true,
            (TypeRef::Integer(integer), Value::Number(number)) => integer.allows(number),
            (TypeRef::Named(id), default) => match (&self.set.get(*id).kind, default) {
                (TypeKind::StringEnum(found), Value::String(text)) => {
                    found.variants.iter().any(|variant| variant.value == *text)
                }
                (TypeKind::IntegerEnum(found), Value::Number(number)) => found
                    .variants
                    .iter()
                    .any(|variant| number.as_i64() == Some(variant.value)),
                _ => false,
            },
            _ => false,
        }
    }
}
