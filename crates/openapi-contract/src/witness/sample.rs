//! Small, simple and deterministic values of schemas.

use serde_json::{Map, Value};

use super::pattern;
use crate::finding::Direction;
use crate::model::{
    Contract, Num, NumberConstraints, ObjectConstraints, Schema, SchemaId, Schemas,
    StringConstraints,
};
use crate::pattern::{Language, LanguageSearch};

/// A small value that the schema should allow. `None` if none was found, for example because the
/// schema allows nothing or only values of infinite depth.
pub fn sample(contract: &Contract, id: SchemaId) -> Option<Value> {
    Sampler {
        contract,
        direction: None,
        around: Vec::new(),
    }
    .value(id)
}

/// Builds values.
pub(super) struct Sampler<'a> {
    pub(super) contract: &'a Contract,
    /// Where the values are sent; they have no properties that are not sent there.
    pub(super) direction: Option<Direction>,
    /// The schemas around the value that is being built.
    pub(super) around: Vec<SchemaId>,
}

impl Sampler<'_> {
    pub(super) fn value(&mut self, id: SchemaId) -> Option<Value> {
        if id == Schemas::ANY {
            return Some("any".into());
        }
        let schema = self.contract.schemas.get(id);
        if self.around.contains(&id) {
            // A schema without a type allows null, but is not meant for it.
            let is_meant = schema.null && !schema.has_type_keywords();
            return is_meant.then_some(Value::Null);
        }
        self.around.push(id);
        let value = self.inner(schema);
        self.around.pop();
        value.or_else(|| schema.null.then_some(Value::Null))
    }

    fn inner(&mut self, schema: &Schema) -> Option<Value> {
        if let Some(union) = schema.unions.first() {
            let own = schema
                .object
                .as_ref()
                .filter(|rules| !rules.properties.is_empty());
            return union.members.iter().find_map(|&member| {
                let mut value = self.value(member)?;
                if let (Value::Object(members), Some(_)) = (&mut value, own) {
                    for (name, value) in self.object(schema, false)? {
                        members.entry(name).or_insert(value);
                    }
                }
                Some(value)
            });
        }
        // A schema without a type that has array keywords is meant for arrays.
        let is_list = schema
            .array
            .as_ref()
            .is_some_and(|rules| rules.items != Schemas::ANY)
            && schema.object.as_deref() == Some(&ObjectConstraints::default());
        if schema.object.is_some() && !is_list {
            return self.object(schema, false).map(Value::Object);
        }
        if let Some(rules) = &schema.array {
            if let Some(constants) = &rules.constants {
                return constants.first().cloned();
            }
            // One element shows more than an empty array.
            let wanted = rules
                .min_items
                .max(1)
                .min(rules.max_items.unwrap_or(u64::MAX));
            let prefix = rules.prefix.iter().take(wanted as usize);
            let mut elements: Vec<Value> =
                prefix.map(|&id| self.value(id)).collect::<Option<_>>()?;
            while (elements.len() as u64) < wanted.min(100) {
                match self.value(rules.items) {
                    Some(element) => elements.push(element),
                    None if elements.len() as u64 >= rules.min_items => break,
                    None => return None,
                }
            }
            return Some(elements.into());
        }
        if let Some(rules) = &schema.string {
            return Some(string(rules).into());
        }
        if let Some(rules) = &schema.number {
            return Some(number(rules).to_json());
        }
        if schema.boolean.is_any() {
            return Some(schema.boolean.r#true.into());
        }
        None
    }

    /// An object with its required properties and as many others as it needs, or with all of them.
    pub(super) fn object(&mut self, schema: &Schema, all: bool) -> Option<Map<String, Value>> {
        let rules = schema.object.as_ref()?;
        if let Some(Value::Object(constant)) = rules.constants.as_ref().and_then(|all| all.first())
        {
            return Some(constant.clone());
        }
        let least = rules.min_properties.min(100);
        let mut members = Map::new();
        let optional = rules.properties.keys();
        let optional = optional.filter(|name| !rules.required.contains(*name));
        for name in rules.required.iter().chain(optional) {
            let is_required = rules.required.contains(name);
            if !is_required && !all && members.len() as u64 >= least {
                break;
            }
            let id = self
                .contract
                .schemas
                .property(rules, name)
                .unwrap_or(Schemas::ANY);
            if is_unsent(self.contract, self.direction, id) {
                continue;
            }
            match self.value(id) {
                Some(value) => {
                    members.insert(name.clone(), value);
                }
                None if is_required => return None,
                None => {}
            }
        }
        let mut extra = 0;
        while (members.len() as u64) < least {
            extra += 1;
            members.insert(format!("extra{extra}"), self.value(rules.additional)?);
        }
        Some(members)
    }
}

/// Whether a property with this schema is not sent in a direction.
pub(super) fn is_unsent(contract: &Contract, direction: Option<Direction>, id: SchemaId) -> bool {
    let annotations = contract.schemas.get(id).annotations();
    match direction {
        Some(Direction::Request) => annotations.read_only,
        Some(Direction::Response) => annotations.write_only,
        None => false,
    }
}

/// A string that the rules allow, if one is easily found.
pub(super) fn string(rules: &StringConstraints) -> String {
    if let Some(constant) = rules.constants.as_ref().and_then(|all| all.first()) {
        return constant.clone();
    }
    let formatted = rules.formats.iter().find_map(|format| of_format(format));
    if let Some(text) = formatted {
        return text.to_owned();
    }
    let matching = rules
        .patterns
        .iter()
        .find_map(|pattern| pattern::matching(pattern));
    if let Some(text) = matching {
        let length = text.chars().count() as u64;
        let fits = length >= rules.min_length && rules.max_length.is_none_or(|most| length <= most);
        if fits && rules.patterns.len() == 1 {
            return text;
        }
        let lengths = (rules.min_length, rules.max_length);
        let shortest = Language::new(&rules.patterns, lengths).map(|language| language.shortest());
        return match shortest {
            Some(LanguageSearch::Found(shortest)) => shortest,
            _ => text,
        };
    }
    let length = rules
        .min_length
        .max(4)
        .min(rules.max_length.unwrap_or(u64::MAX));
    "text".chars().cycle().take(length as usize).collect()
}

/// An example of a format.
pub(super) fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2026-04-10T12:00:00.000Z",
        "date" => "2026-04-10",
        "time" => "12:00:00Z",
        "duration" => "P1D",
        "email" | "idn-email" => "someone@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ip" | "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "iri" | "uri-reference" | "iri-reference" => "https://example.com/a",
        "uri-template" => "https://example.com/{id}",
        "uuid" => "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        "json-pointer" => "/a",
        "relative-json-pointer" => "0/a",
        "byte" => "dGV4dA==",
        _ => return None,
    })
}

/// A string of a format with this many characters, for formats of variable length.
pub(super) fn of_format_as_long_as(format: &str, length: usize) -> Option<String> {
    // The format's middle part that can be repeated.
    let (before, repeated, after) = match format {
        "date-time" => ("2026-04-10T12:00:00.0", "0", "Z"),
        "email" | "idn-email" => ("a", "a", "@example.com"),
        "uri" | "iri" | "uri-reference" | "iri-reference" => ("https://example.com/", "a", ""),
        "uri-template" => ("https://example.com/", "a", "{id}"),
        "hostname" | "idn-hostname" => ("", "a.", "example.com"),
        "json-pointer" => ("/", "a", ""),
        "relative-json-pointer" => ("0/", "a", ""),
        "duration" => ("P1", "0", "D"),
        "byte" => ("", "dGV4", ""),
        _ => return None,
    };
    let times = length.checked_sub(before.len() + after.len())? / repeated.len();
    let text = [before, &repeated.repeat(times), after].concat();
    (text.len() == length).then_some(text)
}

/// A number that the rules allow, if they allow any.
pub(super) fn number(rules: &NumberConstraints) -> Num {
    if let Some(constant) = rules.constants.as_ref().and_then(|all| all.first()) {
        return *constant;
    }
    let low = rules.minimum.map(|bound| bound.value);
    let high = rules.maximum.map(|bound| bound.value);
    let middle = low
        .zip(high)
        .map(|(low, high)| Num::from_f64((low.as_f64() + high.as_f64()) / 2.0));
    let step = rules.multiple_of.iter().next().copied();
    let multiple = step.map(|step| {
        let times = (low.map_or(0.0, Num::as_f64) / step.as_f64()).ceil();
        Num::from_f64(times * step.as_f64())
    });
    let candidates = [
        Some(Num::Int(1)),
        Some(Num::Int(0)),
        low,
        low.map(|value| value.plus(1)),
        high,
        high.map(|value| value.plus(-1)),
        middle,
        multiple,
        multiple
            .zip(step)
            .map(|(multiple, step)| Num::from_f64(multiple.as_f64() + step.as_f64())),
    ];
    candidates
        .into_iter()
        .flatten()
        .find(|&value| fits(rules, value))
        .unwrap_or(Num::Int(0))
}

/// Whether the rules allow a number, apart from their enum.
pub(super) fn fits(rules: &NumberConstraints, value: Num) -> bool {
    let is_above = rules
        .minimum
        .is_none_or(|bound| value > bound.value || (!bound.exclusive && value == bound.value));
    let is_below = rules
        .maximum
        .is_none_or(|bound| value < bound.value || (!bound.exclusive && value == bound.value));
    let divides = rules
        .multiple_of
        .iter()
        .all(|&divisor| value.is_multiple_of(divisor));
    is_above && is_below && divides && (!rules.integer || value.is_integer())
}
