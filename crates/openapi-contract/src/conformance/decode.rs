//! Decodes sent strings into the values that a schema describes.
//!
//! On the wire `limit=1` is a string. The schema decides whether it is a number, an array of one or
//! an object. If several are possible, the first value that the schema allows is taken.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::raw_value::{RawText, RawValue};
use crate::json_schema::Validator;
use crate::model::{
    Contract, Num, Schema, SchemaId, Schemas, canonical_schema_json, is_constrained,
};

/// The most combinations of union members that are tried for one schema.
const MOST_VIEWS: usize = 64;

/// The most combinations that are tried for one value and everything inside it.
const MOST_TRIES: usize = 4_096;

/// Decodes values by the schemas of a contract.
#[derive(Debug)]
pub(super) struct Decoder<'a> {
    contract: &'a Contract,
    /// The validators of schemas that had to choose between values; `None` if a schema does not
    /// compile.
    validators: Mutex<HashMap<SchemaId, Option<Arc<Validator>>>>,
}

/// One combination of union members: the schema and members that must all hold.
type SchemaView<'s> = Vec<&'s Schema>;

impl<'a> Decoder<'a> {
    /// A decoder for messages of `contract`.
    pub(super) fn new(contract: &'a Contract) -> Self {
        Self {
            contract,
            validators: Mutex::default(),
        }
    }

    /// Decodes what was sent as a value of a schema.
    pub(super) fn read(&self, id: SchemaId, sent: &RawValue) -> Value {
        let mut reading = Decoding {
            reader: self,
            left: MOST_TRIES,
        };
        reading.value(id, sent)
    }

    /// The property names that a schema declares, and whether it allows others.
    pub(super) fn names(&self, id: SchemaId) -> PropertyNames<'a> {
        let mut names = PropertyNames::default();
        // A schema without constraints does not describe an object.
        if self.get(id).allows_everything() {
            return names;
        }
        for view in self.views(id) {
            let Some(rules) = all(&view, |schema| schema.object.as_deref()) else {
                continue;
            };
            names.has_objects = true;
            names.is_open |= rules.iter().all(|rules| rules.properties.is_empty())
                || rules.iter().any(|rules| {
                    let takes_any =
                        rules.additional_is_declared && !self.get(rules.additional).is_never();
                    takes_any || !rules.pattern_properties.is_empty()
                });
            let properties = rules.iter().flat_map(|rules| rules.properties.keys());
            for name in properties {
                if !names.declared.contains(&name.as_str()) {
                    names.declared.push(name);
                }
            }
        }
        names
    }

    fn get(&self, id: SchemaId) -> &'a Schema {
        self.contract.schemas.get(id)
    }

    fn views(&self, id: SchemaId) -> Vec<SchemaView<'a>> {
        self.views_within(id, &mut Vec::new())
    }

    fn views_within(&self, id: SchemaId, around: &mut Vec<SchemaId>) -> Vec<SchemaView<'a>> {
        let schema = self.get(id);
        let mut views = vec![vec![schema]];
        if around.contains(&id) || around.len() > MOST_VIEWS {
            return views;
        }
        around.push(id);
        for union in &schema.unions {
            let members = union.members.iter();
            let members: Vec<SchemaView<'a>> = members
                .flat_map(|&member| self.views_within(member, around))
                .take(MOST_VIEWS)
                .collect();
            let both = views.iter().flat_map(|view| {
                let members = members.iter();
                members.map(|member| view.iter().chain(member).copied().collect())
            });
            views = both.take(MOST_VIEWS).collect();
        }
        around.pop();
        views
    }

    /// Whether a schema allows a value. A schema that does not compile allows everything.
    pub(super) fn allows(&self, id: SchemaId, value: &Value) -> bool {
        if self.get(id).allows_everything() {
            return true;
        }
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let validator = validators.entry(id).or_insert_with(|| {
            let schema = canonical_schema_json(self.contract, id);
            Validator::new(&schema).ok().map(Arc::new)
        });
        let validator = validator.clone();
        drop(validators);
        validator.is_none_or(|validator| validator.allows(value))
    }
}

/// The property names of an object.
#[derive(Debug, Default)]
pub(super) struct PropertyNames<'s> {
    /// Whether objects are allowed at all.
    pub(super) has_objects: bool,
    /// The declared names.
    pub(super) declared: Vec<&'s str>,
    /// Whether other names are allowed.
    pub(super) is_open: bool,
}

/// Decodes one value and everything inside it.
struct Decoding<'r, 'a> {
    reader: &'r Decoder<'a>,
    /// How many more combinations of union members may be tried, besides the first of each union.
    left: usize,
}

impl<'a> Decoding<'_, 'a> {
    fn value(&mut self, id: SchemaId, sent: &RawValue) -> Value {
        if let RawValue::Value(value) = sent {
            return value.clone();
        }
        let mut values: Vec<Value> = Vec::new();
        for (index, view) in self.reader.views(id).into_iter().enumerate() {
            if index > 0 {
                if self.left == 0 {
                    break;
                }
                self.left -= 1;
            }
            for value in self.values(&view, sent) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        let choice = match values.len() {
            0 => return as_it_is(sent),
            1 => 0,
            _ => {
                let allowed = values
                    .iter()
                    .position(|value| self.reader.allows(id, value));
                allowed.unwrap_or(0)
            }
        };
        values.swap_remove(choice)
    }

    /// The possible values by the allowed types, the most likely first.
    fn values(&mut self, view: &SchemaView<'a>, sent: &RawValue) -> Vec<Value> {
        match sent {
            RawValue::Text(text) => self.texts(view, text),
            RawValue::Several(values) => {
                let list = self.list(view, values.iter());
                list.into_iter().collect()
            }
            RawValue::Members(members) => {
                let list = elements(members).and_then(|elements| self.list(view, elements));
                let members = members.iter().map(|(name, value)| (name, value));
                let object = self.object(view, members);
                list.into_iter().chain(object).collect()
            }
            RawValue::Value(value) => vec![value.clone()],
            RawValue::Part(value) => {
                let lists = view.iter().all(|schema| schema.array.is_some());
                let list = (lists && !value.is_array()).then(|| Value::from(vec![value.clone()]));
                std::iter::once(value.clone()).chain(list).collect()
            }
        }
    }

    fn texts(&mut self, view: &SchemaView<'a>, text: &RawText) -> Vec<Value> {
        let mut values = scalars(view, &text.text);
        let is_said = view.iter().any(|schema| !schema.allows_everything());
        let has_several = is_said && text.lists.iter().any(|list| list.len() > 1);
        let mut larger: Vec<Value> = Vec::new();
        let element = |element: &String| {
            RawValue::Text(RawText {
                text: element.clone(),
                may_be_json: text.may_be_json,
                ..RawText::default()
            })
        };
        for list in &text.lists {
            let elements: Vec<RawValue> = list.iter().map(element).collect();
            larger.extend(self.list(view, elements.iter()));
        }
        for table in &text.tables {
            let members: Vec<(&String, RawValue)> = table
                .iter()
                .map(|(name, value)| (name, RawValue::text(value)))
                .collect();
            let members = members.iter().map(|(name, value)| (*name, value));
            larger.extend(self.object(view, members));
        }
        if text.may_be_json {
            let json: Option<Value> = serde_json::from_str(&text.text).ok();
            let json = json.filter(|json| match json {
                Value::Array(_) => view.iter().all(|schema| schema.array.is_some()),
                Value::Object(_) => view.iter().all(|schema| schema.object.is_some()),
                _ => false,
            });
            if let Some(json) = json {
                larger.insert(0, json);
            }
        }
        // If the schema has object keywords only, an object is more likely than an array.
        let of_objects = |schema: &Schema| {
            schema
                .array
                .as_deref()
                .is_none_or(|rules| !is_constrained(rules))
        };
        let mut about_larger = view.iter().filter(|schema| schema.has_container_keywords());
        let (has_container_keywords, is_about_objects) = match about_larger.next() {
            Some(first) => (
                true,
                of_objects(first) && about_larger.all(|schema| of_objects(schema)),
            ),
            None => (false, false),
        };
        if is_about_objects {
            larger.sort_by_key(|value| !value.is_object());
        }
        // A string that looks like an array is meant as one, and so is any string if the schema has
        // array or object keywords only.
        if has_several || has_container_keywords {
            larger.append(&mut values);
            return larger;
        }
        values.append(&mut larger);
        values
    }

    fn list<'s>(
        &mut self,
        view: &SchemaView<'a>,
        elements: impl Iterator<Item = &'s RawValue>,
    ) -> Option<Value> {
        let rules = all(view, |schema| schema.array.as_deref())?;
        let elements = elements.enumerate().map(|(index, element)| {
            let ids = rules.iter().rev();
            let mut ids = ids.map(|rules| *rules.prefix.get(index).unwrap_or(&rules.items));
            let id = ids.find(|&id| id != Schemas::ANY).unwrap_or(Schemas::ANY);
            self.value(id, element)
        });
        Some(elements.collect())
    }

    fn object<'s>(
        &mut self,
        view: &SchemaView<'a>,
        members: impl Iterator<Item = (&'s String, &'s RawValue)>,
    ) -> Option<Value> {
        let rules = all(view, |schema| schema.object.as_deref())?;
        let members = members.map(|(name, value)| {
            let declared = rules.iter().rev();
            let declared = declared.filter_map(|rules| rules.properties.get(name));
            let others = rules.iter().rev();
            let others = others.filter(|rules| rules.additional_is_declared);
            let mut ids = declared.chain(others.map(|rules| &rules.additional));
            let id = ids.find(|&&id| id != Schemas::NEVER);
            let id = id.copied().unwrap_or(Schemas::ANY);
            (name.clone(), self.value(id, value))
        });
        Some(members.collect())
    }
}

/// The keywords that `part` selects, of every schema of the view. `None` if one schema lacks them.
fn all<'a, T>(
    view: &SchemaView<'a>,
    part: impl Fn(&'a Schema) -> Option<&'a T>,
) -> Option<Vec<&'a T>> {
    view.iter().map(|schema| part(schema)).collect()
}

/// The members of an object that are array elements: `a[0]`, `a[1]`, or `a[]` several times.
fn elements(members: &[(String, RawValue)]) -> Option<impl Iterator<Item = &RawValue>> {
    let is_index = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    // A form without fields is an empty object.
    let are_elements = !members.is_empty() && members.iter().all(|(name, _)| is_index(name));
    let elements = members.iter().flat_map(|(name, value)| match value {
        RawValue::Several(values) if name.is_empty() => &values[..],
        value => std::slice::from_ref(value),
    });
    are_elements.then_some(elements)
}

/// A string as number, boolean, string and null, as far as the types are allowed.
fn scalars(view: &SchemaView<'_>, text: &str) -> Vec<Value> {
    let may_be = |allows: fn(&Schema) -> bool| view.iter().all(|schema| allows(schema));
    let mut values = Vec::new();
    // JSON allows whitespace around numbers, parameters do not.
    if may_be(|schema| schema.number.is_some())
        && text.trim() == text
        && let Ok(number) = serde_json::from_str(text)
    {
        values.push(Num::new(&number).to_json());
    }
    if may_be(|schema| schema.boolean.is_any())
        && let Ok(boolean) = text.parse::<bool>()
    {
        values.push(boolean.into());
    }
    if may_be(|schema| schema.string.is_some()) {
        values.push(text.into());
    }
    if may_be(|schema| schema.null) && matches!(text, "" | "null") {
        values.push(Value::Null);
    }
    values
}

/// The value if none of the allowed types matches.
fn as_it_is(sent: &RawValue) -> Value {
    match sent {
        RawValue::Text(text) => text.text.as_str().into(),
        RawValue::Several(values) => values.iter().map(as_it_is).collect(),
        RawValue::Members(members) => {
            let members = members.iter();
            members
                .map(|(name, value)| (name.clone(), as_it_is(value)))
                .collect()
        }
        RawValue::Value(value) | RawValue::Part(value) => value.clone(),
    }
}
