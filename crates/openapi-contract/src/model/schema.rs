//! Canonical schemas: for each JSON type, whether it is allowed and with which constraints.
//!
//! Equivalent schemas (`nullable` and `type: [x, "null"]`, a `$ref` and its target, an `allOf` with
//! one member, a `const` and an `enum` with one value ...) have the same canonical form. Keywords
//! that the form can't express (`not`, `if` ...) are kept as [`Opaque`] JSON: they are equal or
//! undecided.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::number::{Bound, Num};
use crate::document::NodeId;

/// Identifies a schema of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaId(pub(super) u32);

/// A schema in canonical form. It allows a value if the constraints for its JSON type allow it and,
/// unless it is null, all of `unions` and `opaque` allow it.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Whether null is allowed. Nothing else affects null.
    pub null: bool,
    /// The allowed booleans.
    pub boolean: Booleans,
    /// The allowed numbers, if any.
    pub number: Option<Arc<NumberConstraints>>,
    /// The allowed strings, if any.
    pub string: Option<Arc<StringConstraints>>,
    /// The allowed arrays, if any.
    pub array: Option<Box<ArrayConstraints>>,
    /// The allowed objects, if any.
    pub object: Option<Box<ObjectConstraints>>,
    /// Unions that could not be merged into the constraints above.
    pub unions: Vec<Union>,
    /// Keywords that the form can't express, by name: one value for each merged schema object.
    pub opaque: BTreeMap<String, Vec<Opaque>>,
    /// Keywords that don't affect the allowed values, see [`Schema::annotations`].
    pub(super) annotations: Option<Box<Annotations>>,
    /// The name of the component through which the schema was reached.
    pub component: Option<String>,
    /// The schema object it was read from, if it is one: behind references, and behind schema objects that only
    /// wrap another, such as an `allOf` with one member, or an `anyOf` of one and null.
    pub node: Option<NodeId>,
    /// The schema objects that were merged into it.
    pub sources: Vec<NodeId>,
}

/// Constraints of booleans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Booleans {
    /// Whether `false` is allowed.
    pub r#false: bool,
    /// Whether `true` is allowed.
    pub r#true: bool,
}

impl Booleans {
    /// Allows `false` and `true`.
    pub const ANY: Self = Self {
        r#false: true,
        r#true: true,
    };

    /// Whether any boolean is allowed.
    pub fn is_any(self) -> bool {
        self.r#false || self.r#true
    }
}

/// Constraints of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NumberConstraints {
    /// Whether only integers are allowed.
    pub integer: bool,
    /// The lower bound. For integers it is inclusive and includes the range of `format`.
    pub minimum: Option<Bound>,
    /// The upper bound, likewise.
    pub maximum: Option<Bound>,
    /// The divisors (`multipleOf`).
    pub multiple_of: BTreeSet<Num>,
    /// The allowed numbers, if they are enumerated.
    pub constants: Option<BTreeSet<Num>>,
    /// The format. Those of integers are also in the bounds; the name determines types in generated
    /// code.
    pub format: Option<String>,
}

/// Constraints of strings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StringConstraints {
    /// The minimum number of characters.
    pub min_length: u64,
    /// The maximum number of characters.
    pub max_length: Option<u64>,
    /// Regular expressions (ECMA-262) that must match.
    pub patterns: BTreeSet<String>,
    /// Formats.
    pub formats: BTreeSet<String>,
    /// `contentEncoding` and `contentMediaType`, by keyword.
    pub content: BTreeMap<String, String>,
    /// The allowed strings, if they are enumerated.
    pub constants: Option<BTreeSet<String>>,
}

/// Constraints of arrays.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayConstraints {
    /// The schemas of the first items.
    pub prefix: Vec<SchemaId>,
    /// The schema of the other items.
    pub items: SchemaId,
    /// The minimum number of items.
    pub min_items: u64,
    /// The maximum number of items.
    pub max_items: Option<u64>,
    /// Whether items must be unique.
    pub unique: bool,
    /// The allowed arrays, if they are enumerated.
    pub constants: Option<Vec<Value>>,
}

/// Constraints of objects.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectConstraints {
    /// The declared properties.
    pub properties: BTreeMap<String, SchemaId>,
    /// The required properties, including undeclared ones.
    pub required: BTreeSet<String>,
    /// The schema of undeclared properties.
    pub additional: SchemaId,
    /// Whether `additionalProperties` is present. If not, producers send no undeclared properties
    /// and consumers ignore them.
    pub additional_is_declared: bool,
    /// The schemas of properties by patterns of their names.
    pub pattern_properties: BTreeMap<String, SchemaId>,
    /// The minimum number of properties.
    pub min_properties: u64,
    /// The maximum number of properties.
    pub max_properties: Option<u64>,
    /// The allowed objects, if they are enumerated.
    pub constants: Option<Vec<Value>>,
}

/// The value of a keyword that the canonical form can't express.
#[derive(Clone, Debug)]
pub enum Opaque {
    /// Plain JSON, such as for `dependentRequired`.
    Json(Value),
    /// The value of a keyword that is invalid or, for `$ref`, has no target.
    Unreadable(Value),
    /// A schema, such as for `not`.
    Schema(SchemaId),
    /// Schemas by name, such as for `dependentSchemas`.
    Schemas(BTreeMap<String, SchemaId>),
}

/// `anyOf` or `oneOf`.
#[derive(Clone, Debug)]
pub struct Union {
    /// Whether exactly one member must match (`oneOf`), or at least one (`anyOf`).
    pub exactly_one: bool,
    /// The members in document order, without those that allow only null.
    pub members: Vec<SchemaId>,
    /// The discriminator: the property, and the names of the members by its values.
    pub discriminator: Option<(String, BTreeMap<String, String>)>,
    /// The schema object that contains the union.
    pub node: NodeId,
}

/// Keywords that don't affect the allowed values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotations {
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `default`.
    pub default: Option<Value>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `readOnly`.
    pub read_only: bool,
    /// `writeOnly`.
    pub write_only: bool,
}

/// Whether at least one constraint is set.
pub(crate) fn is_constrained<R: Default + PartialEq>(rules: &R) -> bool {
    *rules != R::default()
}

impl Schema {
    /// Whether the schema has no type but keywords of some types: it is meant for values of these
    /// types, although validators allow any other.
    pub fn has_type_keywords(&self) -> bool {
        let (Some(object), Some(array), Some(string), Some(number)) = (
            self.object.as_deref(),
            self.array.as_deref(),
            self.string.as_deref(),
            self.number.as_deref(),
        ) else {
            return false;
        };
        self.boolean == Booleans::ANY
            && self.unions.is_empty()
            && (is_constrained(object)
                || is_constrained(array)
                || is_constrained(string)
                || is_constrained(number))
    }

    /// Whether a schema without a type has only keywords of arrays and objects.
    pub(crate) fn has_container_keywords(&self) -> bool {
        let is_unconstrained = |rules: &StringConstraints| !is_constrained(rules);
        self.has_type_keywords()
            && self.string.as_deref().is_some_and(is_unconstrained)
            && self
                .number
                .as_deref()
                .is_some_and(|rules| !is_constrained(rules))
    }

    /// The keywords that don't affect the allowed values.
    pub fn annotations(&self) -> &Annotations {
        const NONE: &Annotations = &Annotations {
            title: None,
            description: None,
            default: None,
            deprecated: false,
            read_only: false,
            write_only: false,
        };
        self.annotations.as_deref().unwrap_or(NONE)
    }

    /// Whether it allows nothing.
    pub fn is_never(&self) -> bool {
        !self.null && !self.allows_some_value()
    }

    /// Whether it allows everything.
    pub fn allows_everything(&self) -> bool {
        let items = self.array.as_ref().map(|rules| rules.items);
        let additional = self.object.as_ref().map(|rules| rules.additional);
        self.is_open() && [items, additional] == [Some(Schemas::ANY); 2] && self.is_plain()
    }

    /// Whether its constraints allow everything, apart from the schemas of items and of undeclared
    /// properties.
    pub(super) fn is_open(&self) -> bool {
        self.null
            && self.boolean == Booleans::ANY
            && self.number.as_deref() == Some(&NumberConstraints::default())
            && self.string.as_deref() == Some(&StringConstraints::default())
            && self.array.as_ref().is_some_and(|rules| {
                let open = ArrayConstraints::default();
                let items = rules.items;
                **rules == ArrayConstraints { items, ..open }
            })
            && self.object.as_ref().is_some_and(|rules| {
                let open = ObjectConstraints::default();
                **rules
                    == ObjectConstraints {
                        additional: rules.additional,
                        additional_is_declared: rules.additional_is_declared,
                        ..open
                    }
            })
    }

    /// Whether it allows a value other than null.
    pub fn allows_some_value(&self) -> bool {
        self.boolean.is_any()
            || self.number.is_some()
            || self.string.is_some()
            || self.array.is_some()
            || self.object.is_some()
    }

    /// Whether it has no unions and no opaque keywords.
    pub fn is_plain(&self) -> bool {
        self.unions.is_empty() && self.opaque.is_empty()
    }

    /// The names of the allowed JSON types.
    pub fn types(&self) -> Vec<&'static str> {
        let number = match &self.number {
            Some(rules) if rules.integer => Some("integer"),
            Some(_) => Some("number"),
            None => None,
        };
        [
            self.boolean.is_any().then_some("boolean"),
            number,
            self.string.is_some().then_some("string"),
            self.array.is_some().then_some("array"),
            self.object.is_some().then_some("object"),
            self.null.then_some("null"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// All schemas of a contract.
#[derive(Debug)]
pub struct Schemas {
    pub(super) schemas: Vec<Schema>,
}

impl Schemas {
    /// The schema that allows everything.
    pub const ANY: SchemaId = SchemaId(0);
    /// The schema that allows nothing.
    pub const NEVER: SchemaId = SchemaId(1);

    pub(super) fn new() -> Self {
        let any = Schema {
            null: true,
            boolean: Booleans::ANY,
            number: Some(Arc::default()),
            string: Some(Arc::default()),
            array: Some(Box::default()),
            object: Some(Box::default()),
            ..Schema::default()
        };
        Self {
            schemas: vec![any, Schema::default()],
        }
    }

    /// The schema with an id.
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.0 as usize]
    }

    /// All schemas with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        let ids = (0..).map(SchemaId);
        ids.zip(&self.schemas)
    }

    /// The schema of the property `name`; `None` if it is not declared.
    pub fn property(&self, rules: &ObjectConstraints, name: &str) -> Option<SchemaId> {
        let declared = rules.properties.get(name).copied();
        declared.or_else(|| rules.additional_is_declared.then_some(rules.additional))
    }
}

impl Default for ArrayConstraints {
    fn default() -> Self {
        Self {
            prefix: Vec::new(),
            items: Schemas::ANY,
            min_items: 0,
            max_items: None,
            unique: false,
            constants: None,
        }
    }
}

impl Default for ObjectConstraints {
    fn default() -> Self {
        Self {
            properties: BTreeMap::new(),
            required: BTreeSet::new(),
            additional: Schemas::ANY,
            additional_is_declared: false,
            pattern_properties: BTreeMap::new(),
            min_properties: 0,
            max_properties: None,
            constants: None,
        }
    }
}
