//! Types of alternatives.

use std::collections::BTreeMap;

use openapi_contract::model::{Num, Schema, SchemaId, Union};
use openapi_contract::rust_names;

use super::super::{IntegerEnum, NamedValue, StringEnum, TypeKind, TypeRef, UnionType, Variant};
use super::scalars::Kind;
use super::{Key, Naming, Shape, Side, TypePlanner};
use crate::identifiers;

/// An alternative before its variant has a name.
struct Alternative {
    schema: Option<SchemaId>,
    ty: TypeRef,
    tags: Vec<String>,
    /// The words for its name.
    words: String,
}

impl TypePlanner<'_> {
    /// The type of a schema with `oneOf` or `anyOf`.
    pub(super) fn union_of(
        &mut self,
        id: SchemaId,
        union: &Union,
        side: Side,
        naming: &Naming,
    ) -> Shape {
        let schema = self.schema(id);
        let members: Vec<SchemaId> = union
            .members
            .iter()
            .copied()
            .filter(|member| self.schema(*member).allows_some_value())
            .collect();
        if let Some(rules) = schema.object.as_deref()
            && !rules.properties.is_empty()
            && members.iter().all(|member| self.only_requires(*member))
        {
            // Which of the properties must be there is for the server to check.
            return self.object(id, rules, side);
        }
        if let Some(kind) = self.enumerated(schema, &members) {
            return Shape::Declared(kind);
        }
        self.call_members(&members, union, naming);
        let base = schema.object.as_deref();
        let declares = base.is_some_and(|rules| !rules.properties.is_empty());
        let mut alternatives: Vec<Alternative> = Vec::new();
        for &member in &members {
            let ty = match declares && self.needs_merge(id, member) {
                true => self.merged(id, member, side),
                false => self.strip_null(member, side),
            };
            let words = self.variant_words(member, &ty, union);
            let alternative = Alternative {
                schema: Some(member),
                ty,
                tags: Vec::new(),
                words,
            };
            match alternatives
                .iter_mut()
                .find(|known| known.ty == alternative.ty)
            {
                Some(_) => {}
                None => alternatives.push(alternative),
            }
        }
        match alternatives.len() {
            0 => return Shape::Used(TypeRef::Any),
            1 => return Shape::Used(alternatives.remove(0).ty),
            _ => {}
        }
        if alternatives.iter().any(|found| found.ty == TypeRef::Any) {
            return Shape::Used(self.untyped(id, "an alternative allows everything"));
        }
        let tag = self.tag(union, &mut alternatives);
        if tag.is_none() {
            let weights: Vec<usize> = alternatives
                .iter()
                .map(|found| self.weight(&found.ty))
                .collect();
            let mut order: Vec<usize> = (0..alternatives.len()).collect();
            order.sort_by_key(|at| std::cmp::Reverse(weights[*at]));
            let mut slots: Vec<Option<Alternative>> = alternatives.into_iter().map(Some).collect();
            alternatives = order
                .into_iter()
                .filter_map(|at| slots[at].take())
                .collect();
        }
        // Objects that match several alternatives have the properties of all.
        let objects = alternatives
            .iter()
            .filter(|found| self.set.structure(&found.ty).is_some())
            .count();
        let has_other = !union.exactly_one && objects > 1;
        Shape::Declared(TypeKind::Union(variants(alternatives, tag, has_other)))
    }

    /// Whether a schema only says which properties are required.
    fn only_requires(&self, member: SchemaId) -> bool {
        let schema = self.schema(member);
        let rules = schema.object.as_deref();
        schema.unions.is_empty()
            && rules.is_some_and(|rules| {
                rules.properties.is_empty()
                    && !rules.required.is_empty()
                    && !rules.additional_is_declared
                    && rules.pattern_properties.is_empty()
            })
    }

    /// The enum of constants that are alternatives, each with a description of its own.
    fn enumerated(&self, schema: &Schema, members: &[SchemaId]) -> Option<TypeKind> {
        let mut strings: Vec<(String, String, String)> = Vec::new();
        let mut integers: Vec<(i64, String, String)> = Vec::new();
        for &member in members {
            if self.names.is_component(Key::of(self.contract, member)) {
                return None;
            }
            let member = self.schema(member);
            let annotations = member.annotations();
            let doc = annotations.description.as_deref().unwrap_or_default();
            let name = |value: String| annotations.title.clone().unwrap_or(value);
            if !member.unions.is_empty() {
                return None;
            }
            match super::scalars::kinds(member)[..] {
                [Kind::String] => {
                    let constants = member.string.as_deref()?.constants.as_ref()?;
                    let is_one = constants.len() == 1;
                    strings.extend(constants.iter().map(|value| {
                        let name = if is_one {
                            name(value.clone())
                        } else {
                            value.clone()
                        };
                        let doc = if is_one { doc.trim() } else { "" };
                        (value.clone(), name, doc.to_owned())
                    }));
                }
                [Kind::Number] => {
                    let constants = member.number.as_deref()?.constants.as_ref()?;
                    for constant in constants {
                        let Num::Int(value) = constant else {
                            return None;
                        };
                        let value = i64::try_from(*value).ok()?;
                        integers.push((
                            value,
                            name(format!("Value{value}")),
                            doc.trim().to_owned(),
                        ));
                    }
                }
                _ => return None,
            }
        }
        match (strings.is_empty(), integers.is_empty()) {
            (false, true) => {
                let names = strings.iter().map(|(_, name, _)| name.as_str());
                let names = identifiers::variant_names(&names.collect::<Vec<_>>());
                let names = identifiers::distinct(names);
                let variants = strings.into_iter().zip(names);
                let variants = variants.map(|((value, _, doc), variant)| NamedValue {
                    variant,
                    value,
                    doc,
                });
                Some(TypeKind::StringEnum(StringEnum {
                    variants: variants.collect(),
                    is_open: false,
                }))
            }
            (true, false) => {
                let names = integers
                    .iter()
                    .map(|(_, name, _)| rust_names::type_name(name));
                let names = identifiers::distinct(names.collect());
                let variants = integers.into_iter().zip(names);
                let variants = variants.map(|((value, _, doc), variant)| NamedValue {
                    variant,
                    value,
                    doc,
                });
                let rules = schema.number.as_deref()?;
                Some(TypeKind::IntegerEnum(IntegerEnum {
                    integer: super::scalars::integer(rules),
                    variants: variants.collect(),
                }))
            }
            _ => None,
        }
    }

    /// Calls the inline alternatives of a union by what tells them apart: their title, or the value of the tag.
    fn call_members(&mut self, members: &[SchemaId], union: &Union, naming: &Naming) {
        let owner = self.names.words(self.contract, naming.key, naming.id);
        for &member in members {
            let key = Key::of(self.contract, member);
            if self.names.is_component(key) {
                continue;
            }
            let schema = self.schema(member);
            let words = schema.annotations().title.clone();
            let words = words.or_else(|| self.own_tag(schema, union));
            if let Some(words) = words {
                let words = identifiers::pascal_suffix(&words);
                self.names.call(key, format!("{owner}{words}"));
            }
        }
    }

    /// The only value that an alternative allows for a property that it requires.
    fn own_tag(&self, schema: &Schema, union: &Union) -> Option<String> {
        let object = schema.object.as_deref()?;
        let declared = union.discriminator.as_ref().map(|(property, _)| property);
        let mut properties = declared.into_iter().chain(&object.required);
        properties.find_map(
            |property| match self.constants(schema, property)?.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
        )
    }

    /// The type of an alternative, apart from null, which is allowed beside the union.
    fn strip_null(&mut self, member: SchemaId, side: Side) -> TypeRef {
        match self.reference(member, side) {
            TypeRef::Nullable(inner) => *inner,
            other => other,
        }
    }

    /// Whether an alternative lacks some of the properties beside the union.
    fn needs_merge(&self, id: SchemaId, member: SchemaId) -> bool {
        let beside = self.schema(id).object.as_deref();
        let own = self.schema(member).object.as_deref();
        match (beside, own) {
            (Some(beside), Some(own)) => {
                let mut names = beside.properties.keys();
                !names.all(|name| own.properties.contains_key(name))
            }
            _ => false,
        }
    }

    /// The struct of an alternative with the properties beside the union.
    fn merged(&mut self, id: SchemaId, member: SchemaId, side: Side) -> TypeRef {
        self.once(Key::Merged(id, member), id, side, |planner, _| {
            let inner = planner.schema(member);
            if !inner.unions.is_empty() {
                let why = "an alternative beside properties has alternatives itself; the value is any JSON";
                return Shape::Used(planner.untyped(id, why));
            }
            Shape::Declared(TypeKind::Struct(planner.structure(&[id, member], side)))
        })
    }

    /// The words for the variant of an alternative.
    fn variant_words(&self, member: SchemaId, ty: &TypeRef, union: &Union) -> String {
        let schema = self.schema(member);
        let is_component = self.names.is_component(Key::of(self.contract, member));
        if is_component || schema.annotations().title.is_some() {
            return self.names.suffix(self.contract, member);
        }
        let words = self.words_of(ty);
        let words = words.or_else(|| match schema.unions.is_empty() {
            true => self.own_tag(schema, union),
            false => None,
        });
        words.unwrap_or_else(|| self.names.suffix(self.contract, member))
    }

    /// The words for a type that is not named after a part of the contract.
    fn words_of(&self, ty: &TypeRef) -> Option<String> {
        let word = match ty {
            TypeRef::Named(id) => match &self.set.get(*id).kind {
                TypeKind::Alias(inner) => return self.words_of(inner),
                TypeKind::StringEnum(found) => match found.variants.as_slice() {
                    [only] => return Some(only.value.clone()),
                    _ => "Enum",
                },
                TypeKind::ConstrainedString(_) => "String",
                TypeKind::IntegerEnum(_) => "Integer",
                _ => return None,
            },
            TypeRef::Any => "Any",
            TypeRef::Null => "Null",
            TypeRef::Bool => "Boolean",
            TypeRef::Integer(_) => "Integer",
            TypeRef::Float => "Number",
            TypeRef::String => "String",
            TypeRef::Uuid => "Uuid",
            TypeRef::DateTime => "DateTime",
            TypeRef::Date => "Date",
            TypeRef::IpAddr => "IpAddr",
            TypeRef::Ipv4Addr => "Ipv4Addr",
            TypeRef::Ipv6Addr => "Ipv6Addr",
            TypeRef::Vec(_) | TypeRef::Array(..) | TypeRef::Tuple(_) => "Array",
            TypeRef::Map(..) => "Map",
            TypeRef::Nullable(inner) | TypeRef::Boxed(inner) => return self.words_of(inner),
        };
        Some(word.to_owned())
    }

    /// How much a value must have to be one of a type: more specific alternatives are tried first.
    fn weight(&self, ty: &TypeRef) -> usize {
        const SCALAR: usize = 1_000;
        match self.set.resolved(ty) {
            TypeRef::Named(id) => match &self.set.get(*id).kind {
                TypeKind::Struct(found) => {
                    let required = found
                        .fields
                        .iter()
                        .filter(|field| field.presence == super::super::Presence::Required);
                    2 + 2 * required.count() + usize::from(!found.fields.is_empty())
                }
                TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => SCALAR + 5,
                TypeKind::ConstrainedString(_) => SCALAR + 3,
                TypeKind::Union(_) => 2,
                TypeKind::Alias(_) | TypeKind::Wrapper(_) => 2,
            },
            TypeRef::Any => 0,
            TypeRef::Map(..) => 1,
            TypeRef::String | TypeRef::Float => SCALAR,
            TypeRef::Integer(_) => SCALAR + 2,
            TypeRef::Vec(item) | TypeRef::Array(item, _) => {
                10 + usize::from(**item != TypeRef::Any)
            }
            _ => SCALAR + 4,
        }
    }

    /// The property that tells the alternatives apart, with its values for each of them.
    fn tag(&self, union: &Union, alternatives: &mut [Alternative]) -> Option<String> {
        if let Some((property, mapping)) = &union.discriminator
            && let Some(tags) = self.declared_tags(property, mapping, alternatives)
        {
            for (alternative, tags) in alternatives.iter_mut().zip(tags) {
                alternative.tags = tags;
            }
            return Some(property.clone());
        }
        let (property, tags) = self.constant_tags(alternatives)?;
        for (alternative, tags) in alternatives.iter_mut().zip(tags) {
            alternative.tags = tags;
        }
        Some(property)
    }

    /// The values of a discriminator for each alternative.
    fn declared_tags(
        &self,
        property: &str,
        mapping: &BTreeMap<String, String>,
        alternatives: &[Alternative],
    ) -> Option<Vec<Vec<String>>> {
        let tags = alternatives.iter().map(|alternative| {
            let schema = self.schema(alternative.schema?);
            let constants = self.constants(schema, property).unwrap_or_default();
            let Some(component) = &schema.component else {
                return (!constants.is_empty()).then_some(constants);
            };
            let mapped = mapping.iter().filter(|(_, name)| *name == component);
            let mut mapped: Vec<String> = mapped.map(|(tag, _)| tag.clone()).collect();
            if mapped.is_empty() {
                mapped.push(component.clone());
            }
            // The constants of the property say which of several is sent.
            let mut tags = constants;
            tags.sort_by_key(|tag| !mapped.contains(tag));
            tags.extend(
                mapped
                    .into_iter()
                    .filter(|tag| !tags.contains(tag))
                    .collect::<Vec<_>>(),
            );
            Some(tags)
        });
        let tags: Vec<Vec<String>> = tags.collect::<Option<_>>()?;
        are_distinct(&tags).then_some(tags)
    }

    /// A property that every alternative requires, with constants that differ.
    fn constant_tags(&self, alternatives: &[Alternative]) -> Option<(String, Vec<Vec<String>>)> {
        let schemas: Vec<&Schema> = alternatives
            .iter()
            .map(|alternative| Some(self.schema(alternative.schema?)))
            .collect::<Option<_>>()?;
        let first = schemas.first()?.object.as_deref()?;
        first.required.iter().find_map(|property| {
            let tags = schemas.iter().map(|schema| {
                let object = schema.object.as_deref()?;
                let only_objects = super::scalars::kinds(schema) == [Kind::Object];
                (only_objects && object.required.contains(property)).then_some(())?;
                self.constants(schema, property)
            });
            let tags: Vec<Vec<String>> = tags.collect::<Option<_>>()?;
            are_distinct(&tags).then(|| (property.clone(), tags))
        })
    }

    /// The strings that a property is restricted to.
    fn constants(&self, schema: &Schema, property: &str) -> Option<Vec<String>> {
        let id = schema.object.as_deref()?.properties.get(property)?;
        let property = self.schema(*id);
        let constants = property.string.as_deref()?.constants.as_ref()?;
        Some(constants.iter().cloned().collect())
    }

    /// The type of a schema that allows several types of JSON.
    pub(super) fn union_of_kinds(&mut self, id: SchemaId, kinds: &[Kind], side: Side) -> Shape {
        let mut alternatives: Vec<Alternative> = Vec::new();
        for &kind in kinds {
            let ty = match self.component_of_kind(id, kind) {
                Some(component) => self.strip_null(component, side),
                None => {
                    let key = match kind {
                        Kind::Object => Key::Objects(id),
                        Kind::String => Key::Strings(id),
                        Kind::Number => Key::Numbers(id),
                        Kind::Boolean | Kind::Array => {
                            match self.of_kind(id, kind, side) {
                                Shape::Used(ty) => {
                                    let words = self.words_of(&ty).unwrap_or_default();
                                    alternatives.push(Alternative {
                                        schema: None,
                                        ty,
                                        tags: Vec::new(),
                                        words,
                                    });
                                }
                                Shape::Declared(_) => {
                                    let why = "an alternative needs a type that has no name";
                                    return Shape::Used(self.untyped(id, why));
                                }
                            }
                            continue;
                        }
                    };
                    self.once(key, id, side, |planner, _| planner.of_kind(id, kind, side))
                }
            };
            let words = match (&ty, kind) {
                (TypeRef::Named(named), _) if self.component_of_kind(id, kind).is_some() => {
                    self.set.get(*named).name.clone()
                }
                (_, Kind::Object) if self.set.structure(&ty).is_some() => "Object".to_owned(),
                _ => self.words_of(&ty).unwrap_or_else(|| "Value".to_owned()),
            };
            alternatives.push(Alternative {
                schema: None,
                ty,
                tags: Vec::new(),
                words,
            });
        }
        Shape::Declared(TypeKind::Union(variants(alternatives, None, false)))
    }

    /// The component whose values are the ones of a type of JSON that a schema allows.
    fn component_of_kind(&self, id: SchemaId, kind: Kind) -> Option<SchemaId> {
        let schema = self.schema(id);
        let of_node = |node| self.component_schemas().get(&node).copied();
        schema
            .sources
            .iter()
            .copied()
            .filter_map(of_node)
            .find(|found| {
                let component = self.schema(*found);
                let is_only =
                    super::scalars::kinds(component) == [kind] && component.unions.is_empty();
                let is_same = match kind {
                    Kind::Object => component.object == schema.object,
                    Kind::Array => component.array == schema.array,
                    Kind::String => component.string == schema.string,
                    Kind::Number => component.number == schema.number,
                    Kind::Boolean => component.boolean == schema.boolean,
                };
                is_only && is_same
            })
    }

    /// A union of the bodies of several statuses, and the names of its variants.
    pub(super) fn union_of_statuses(
        &self,
        alternatives: Vec<(String, TypeRef)>,
    ) -> (UnionType, Vec<String>) {
        let alternatives = alternatives.into_iter().map(|(words, ty)| Alternative {
            schema: None,
            ty,
            tags: Vec::new(),
            words,
        });
        let union = variants(alternatives.collect(), None, false);
        let names = union
            .variants
            .iter()
            .map(|variant| variant.name.clone())
            .collect();
        (union, names)
    }
}

fn variants(alternatives: Vec<Alternative>, tag: Option<String>, has_other: bool) -> UnionType {
    let words: Vec<String> = alternatives
        .iter()
        .map(
            |alternative| match rust_names::type_name(&alternative.words) {
                // The variant for all other values.
                name if has_other && name == "Other" => "Other_".to_owned(),
                name => name,
            },
        )
        .collect();
    let names = identifiers::distinct(words);
    let variants = alternatives
        .into_iter()
        .zip(names)
        .map(|(alternative, name)| Variant {
            name,
            ty: alternative.ty,
            tags: alternative.tags,
            doc: String::new(),
        });
    UnionType {
        variants: variants.collect(),
        tag,
        has_other,
    }
}

/// Whether no tag stands for two alternatives, and each has one.
fn are_distinct(tags: &[Vec<String>]) -> bool {
    let mut seen = std::collections::HashSet::new();
    tags.iter()
        .all(|of_one| !of_one.is_empty() && of_one.iter().all(|tag| seen.insert(tag)))
}
