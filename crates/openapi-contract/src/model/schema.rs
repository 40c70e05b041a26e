//! The canonical form of a schema: for each JSON type, whether it is allowed and with what rules.
//!
//! Two spellings of one set of values (`nullable` and `type: [x, "null"]`, a `$ref` and its target,
//! `allOf` of one, a `const` and an `enum` of one ...) become the same form here. What the form
//! cannot hold (`not`, `if` ...) is kept as [`Opaque`] JSON: equal or undecided, never guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::number::{Bound, Num};
use crate::document::NodeId;

/// Addresses a schema of one contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaId(pub(super) u32);

/// A schema in canonical form. A value is allowed when the part for its JSON type allows it, and,
/// unless it is null, when all of `unions` and `opaque` do.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Whether null is allowed. This alone decides about null.
    pub null: bool,
    /// Whether `true` and `false` are allowed.
    pub boolean: Booleans,
    /// Which numbers are allowed, if any.
    pub number: Option<Arc<NumberConstraints>>,
    /// Which strings are allowed, if any.
    pub string: Option<Arc<StringConstraints>>,
    /// Which arrays are allowed, if any.
    pub array: Option<Box<ArrayConstraints>>,
    /// Which objects are allowed, if any.
    pub object: Option<Box<ObjectConstraints>>,
    /// Alternatives that could not be folded into the parts above.
    pub unions: Vec<Union>,
    /// Keywords that the form cannot hold, by name: what each merged schema object says there.
    pub opaque: BTreeMap<String, Vec<Opaque>>,
    /// What no validator looks at, see [`Schema::notes`].
    pub(super) notes: Option<Box<Annotations>>,
    /// The name of the component this schema was reached through.
    pub component: Option<String>,
    /// Where its keywords are written: the schema objects that were merged into it.
    pub sources: Vec<NodeId>,
}

/// Which booleans are allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Booleans {
    /// Whether `false` is.
    pub r#false: bool,
    /// Whether `true` is.
    pub r#true: bool,
}

impl Booleans {
    /// Both.
    pub const ANY: Self = Self {
        r#false: true,
        r#true: true,
    };

    /// Whether any boolean is allowed.
    pub fn is_any(self) -> bool {
        self.r#false || self.r#true
    }
}

/// Which numbers are allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NumberConstraints {
    /// Whether only integers are.
    pub integer: bool,
    /// The lower bound; for integers, inclusive and including what `format` implies.
    pub minimum: Option<Bound>,
    /// The upper bound, likewise.
    pub maximum: Option<Bound>,
    /// Numbers that must divide it.
    pub multiple_of: BTreeSet<Num>,
    /// The only numbers allowed, when they are listed.
    pub constants: Option<BTreeSet<Num>>,
    /// The format as written. `int32` and its like have become bounds; the name still tells readers
    /// and generators which type to use.
    pub format: Option<String>,
}

/// Which strings are allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StringConstraints {
    /// The least number of characters.
    pub min_length: u64,
    /// The greatest number of characters.
    pub max_length: Option<u64>,
    /// Regular expressions (ECMA-262) that must match somewhere.
    pub patterns: BTreeSet<String>,
    /// Formats.
    pub formats: BTreeSet<String>,
    /// `contentEncoding` and `contentMediaType`, by keyword.
    pub content: BTreeMap<String, String>,
    /// The only strings allowed, when they are listed.
    pub constants: Option<BTreeSet<String>>,
}

/// Which arrays are allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayConstraints {
    /// The schemas of the first elements.
    pub prefix: Vec<SchemaId>,
    /// The schema of the other elements.
    pub items: SchemaId,
    /// The least number of elements.
    pub min_items: u64,
    /// The greatest number of elements.
    pub max_items: Option<u64>,
    /// Whether elements must differ.
    pub unique: bool,
    /// The only arrays allowed, when they are listed.
    pub constants: Option<Vec<Value>>,
}

/// Which objects are allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectConstraints {
    /// The declared properties.
    pub properties: BTreeMap<String, SchemaId>,
    /// The properties that must be there; also ones that are not declared.
    pub required: BTreeSet<String>,
    /// The schema of undeclared properties.
    pub additional: SchemaId,
    /// Whether `additionalProperties` is written. If not, a producer sends no undeclared property,
    /// and a consumer ignores any.
    pub additional_is_declared: bool,
    /// The schemas of properties whose name matches.
    pub pattern_properties: BTreeMap<String, SchemaId>,
    /// The least number of properties.
    pub min_properties: u64,
    /// The greatest number of properties.
    pub max_properties: Option<u64>,
    /// The only objects allowed, when they are listed.
    pub constants: Option<Vec<Value>>,
}

/// What a keyword says that the canonical form cannot hold.
#[derive(Clone, Debug)]
pub enum Opaque {
    /// Plain JSON, as of `dependentRequired`.
    Json(Value),
    /// A schema, as of `not`.
    Schema(SchemaId),
    /// Schemas by name, as of `dependentSchemas`.
    Schemas(BTreeMap<String, SchemaId>),
}

/// `anyOf` or `oneOf`.
#[derive(Clone, Debug)]
pub struct Union {
    /// Whether exactly one member must allow the value (`oneOf`), or at least one (`anyOf`).
    pub exactly_one: bool,
    /// The members, in the order they are written, without those that allow only null.
    pub members: Vec<SchemaId>,
    /// The property that tells the members apart, and the names of the members by the values that
    /// stand for them, when it is declared.
    pub discriminator: Option<(String, BTreeMap<String, String>)>,
    /// The schema object the union is written in.
    pub node: NodeId,
}

/// What no validator looks at.
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

/// Whether rules say anything.
pub(crate) fn says<R: Default + PartialEq>(rules: &R) -> bool {
    *rules != R::default()
}

impl Schema {
    /// Whether the schema names no type and has keywords of some: its values are meant to be of those,
    /// though a validator allows any other.
    pub(crate) fn is_about_some(&self) -> bool {
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
            && (says(object) || says(array) || says(string) || says(number))
    }

    /// Whether the keywords of a schema without a type are those of lists and objects alone.
    pub(crate) fn is_about_larger(&self) -> bool {
        let says_nothing = |rules: &StringConstraints| !says(rules);
        self.is_about_some()
            && self.string.as_deref().is_some_and(says_nothing)
            && self.number.as_deref().is_some_and(|rules| !says(rules))
    }

    /// What no validator looks at; nothing is noted where nothing is written.
    pub fn notes(&self) -> &Annotations {
        const NONE: &Annotations = &Annotations {
            title: None,
            description: None,
            default: None,
            deprecated: false,
            read_only: false,
            write_only: false,
        };
        self.notes.as_deref().unwrap_or(NONE)
    }

    /// Whether it allows nothing at all.
    pub fn is_never(&self) -> bool {
        !self.null && !self.allows_some_value()
    }

    /// Whether it allows everything.
    pub fn allows_everything(&self) -> bool {
        let items = self.array.as_ref().map(|rules| rules.items);
        let additional = self.object.as_ref().map(|rules| rules.additional);
        self.is_open() && [items, additional] == [Some(Schemas::ANY); 2] && self.is_plain()
    }

    /// Whether its parts allow everything, but for what the schemas of elements and of undeclared
    /// properties refuse.
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

    /// Whether it allows something besides null.
    pub fn allows_some_value(&self) -> bool {
        self.boolean.is_any()
            || self.number.is_some()
            || self.string.is_some()
            || self.array.is_some()
            || self.object.is_some()
    }

    /// Whether the parts for the JSON types say all there is to say.
    pub fn is_plain(&self) -> bool {
        self.unions.is_empty() && self.opaque.is_empty()
    }

    /// The names of the JSON types it allows, as JSON Schema writes them.
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

    /// The schema behind an id.
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.0 as usize]
    }

    /// The schema of property `name` of objects with these rules; nothing where it is not declared
    /// in any way.
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
