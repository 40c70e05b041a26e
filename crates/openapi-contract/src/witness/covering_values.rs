//! Values that together cover a schema: each property present and absent, each alternative, each
//! enum value, each bound.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::pattern;
use super::sample::{Sampler, fits, is_unsent, number, of_format, string};
use crate::finding::Direction;
use crate::model::{
    ArrayConstraints, Contract, Num, NumberConstraints, ObjectConstraints, Schema, SchemaId,
    Schemas, StringConstraints, is_constrained,
};

/// The most values for a schema by its depth; the last entry applies to everything deeper.
const MOST: [usize; 4] = [48, 24, 8, 3];

/// The longest string that is built to reach a bound.
const LONGEST: u64 = 300;

/// The most elements that are built to reach a bound.
const MOST_ELEMENTS: u64 = 50;

/// Values that the schema should allow, the simplest first. A schema with few constraints has few.
///
/// Keywords that the canonical form keeps unread are ignored, so a validator has to confirm the
/// values.
pub fn values(contract: &Contract, id: SchemaId) -> Vec<Value> {
    ValueCover::new(contract).of(id).to_vec()
}

/// Builds values, and caches those of schemas that occur again.
pub(super) struct ValueCover<'a> {
    contract: &'a Contract,
    /// Where the values are sent; they have no properties that are not sent there.
    direction: Option<Direction>,
    /// The schemas around the value that is being built.
    around: Vec<SchemaId>,
    /// The index of the outermost enclosing schema at which recursion was cut off.
    cut: usize,
    known: HashMap<(SchemaId, usize), Rc<[Value]>>,
}

impl<'a> ValueCover<'a> {
    pub(super) fn new(contract: &'a Contract) -> Self {
        Self::in_direction(contract, None)
    }

    pub(super) fn in_direction(contract: &'a Contract, direction: Option<Direction>) -> Self {
        Self {
            contract,
            direction,
            around: Vec::new(),
            cut: usize::MAX,
            known: HashMap::new(),
        }
    }

    /// Values of a schema.
    pub(super) fn of(&mut self, id: SchemaId) -> Rc<[Value]> {
        if id == Schemas::ANY {
            return Rc::new(["any".into(), json!({"a": [1, null]})]);
        }
        let depth = self.around.len().min(MOST.len() - 1);
        if let Some(known) = self.known.get(&(id, depth)) {
            return Rc::clone(known);
        }
        let schema = self.contract.schemas.get(id);
        // An alternative without a type allows null, but is not meant for it.
        let schemas = &self.contract.schemas;
        let mut members = schema.unions.iter().flat_map(|union| &union.members);
        let is_meant = !schema.has_type_keywords()
            && !members.any(|&member| schemas.get(member).has_type_keywords());
        let null = (schema.null && is_meant).then_some(Value::Null);
        if let Some(at) = self.around.iter().position(|&around| around == id) {
            self.cut = self.cut.min(at);
            return null.into_iter().collect();
        }
        let own = self.around.len();
        let cut = std::mem::replace(&mut self.cut, usize::MAX);
        self.around.push(id);
        let mut values = self.made(schema);
        self.around.pop();
        values.truncate(MOST[depth]);
        values.extend(null);
        let values: Rc<[Value]> = values.into();
        // In another context the value may not be cut off here.
        if self.cut >= own {
            self.known.insert((id, depth), Rc::clone(&values));
            self.cut = cut;
        } else {
            self.cut = self.cut.min(cut);
        }
        values
    }

    fn made(&mut self, schema: &Schema) -> Vec<Value> {
        if !schema.unions.is_empty() {
            return self.alternatives(schema);
        }
        let mut lists: Vec<Vec<Value>> = Vec::new();
        let all = !schema.has_type_keywords();
        if let Some(rules) = schema
            .object
            .as_ref()
            .filter(|rules| all || is_constrained(&***rules))
        {
            lists.push(self.objects(schema, rules));
        }
        if let Some(rules) = schema
            .array
            .as_ref()
            .filter(|rules| all || is_constrained(&***rules))
        {
            lists.push(self.arrays(rules));
        }
        let rules = schema.string.as_deref();
        let rules = rules.filter(|rules| all || is_constrained(*rules));
        lists.push(rules.map(strings).unwrap_or_default());
        let rules = schema.number.as_deref();
        let rules = rules.filter(|rules| all || is_constrained(*rules));
        lists.push(rules.map(numbers).unwrap_or_default());
        if !all {
            return in_turn(&lists);
        }
        let booleans = [
            (schema.boolean.r#true, true),
            (schema.boolean.r#false, false),
        ];
        let booleans = booleans.into_iter().filter(|(is_allowed, _)| *is_allowed);
        lists.push(booleans.map(|(_, value)| value.into()).collect());
        in_turn(&lists)
    }

    /// Values of each member of each union that also satisfy the schema's own keywords.
    fn alternatives(&mut self, schema: &Schema) -> Vec<Value> {
        let own: Vec<Map<String, Value>> = match &schema.object {
            Some(rules) => {
                let own = self.objects(schema, rules).into_iter();
                own.filter_map(|value| match value {
                    Value::Object(members) => Some(members),
                    _ => None,
                })
                .collect()
            }
            None => Vec::new(),
        };
        let mut all: Option<Vec<Value>> = None;
        for union in &schema.unions {
            let lists: Vec<Vec<Value>> = union
                .members
                .iter()
                .map(|&member| {
                    let mut values = self.of(member).to_vec();
                    if let Some((property, names)) = &union.discriminator {
                        let component = self.contract.schemas.get(member).component.as_ref();
                        // Without a mapping, the value is the component name.
                        let discriminator = component.map(|component| {
                            let mut names = names.iter();
                            let mapped = names.find(|(_, name)| *name == component);
                            mapped.map_or(component, |(value, _)| value)
                        });
                        for value in &mut values {
                            if let (Value::Object(members), Some(discriminator)) =
                                (value, discriminator)
                            {
                                members.insert(property.clone(), discriminator.as_str().into());
                            }
                        }
                    }
                    values
                })
                .collect();
            let values = in_turn(&lists);
            all = Some(match all {
                None => values,
                Some(before) => both(&before, &values),
            });
        }
        let is_declared = |name: &str| {
            let mut members = schema.unions.iter().flat_map(|union| &union.members);
            members.any(|&member| {
                let object = self.contract.schemas.get(member).object.as_ref();
                object.is_some_and(|rules| rules.properties.contains_key(name))
            })
        };
        let mut values = all.unwrap_or_default();
        for (at, value) in values.iter_mut().enumerate() {
            if let (Value::Object(members), false) = (value, own.is_empty()) {
                for (name, own) in &own[at % own.len()] {
                    let is_other = members.get(name).is_some_and(|_| !is_declared(name));
                    // A member that only requires a property has any value for it.
                    if is_other {
                        members.insert(name.clone(), own.clone());
                    } else {
                        members.entry(name.clone()).or_insert_with(|| own.clone());
                    }
                }
            }
        }
        values
    }

    fn objects(&mut self, schema: &Schema, rules: &ObjectConstraints) -> Vec<Value> {
        if let Some(constants) = &rules.constants {
            return constants.clone();
        }
        let mut members: Vec<(String, bool, Rc<[Value]>)> = Vec::new();
        for (name, &id) in &rules.properties {
            if is_unsent(self.contract, self.direction, id) {
                continue;
            }
            let values = self.of(id);
            let is_required = rules.required.contains(name);
            if values.is_empty() && is_required {
                return Vec::new();
            }
            if !values.is_empty() {
                members.push((name.clone(), is_required, values));
            }
        }
        let undeclared = rules.required.iter();
        for name in undeclared.filter(|name| !rules.properties.contains_key(*name)) {
            let id = self.contract.schemas.property(rules, name);
            let values = self.of(id.unwrap_or(Schemas::ANY));
            if values.is_empty() {
                return Vec::new();
            }
            members.push((name.clone(), true, values));
        }
        for (pattern, &id) in &rules.pattern_properties {
            if let Some(name) = pattern::matching(pattern) {
                let values = self.of(id);
                if !values.is_empty() {
                    members.push((name, false, values));
                }
            }
        }
        // An object that declares properties and allows any others is not a map.
        let is_map = rules.additional != Schemas::ANY || rules.properties.is_empty();
        if rules.additional_is_declared && is_map {
            let values = self.of(rules.additional);
            let spare = (rules.min_properties as usize).saturating_sub(members.len());
            for at in 0..spare.clamp(2, MOST_ELEMENTS as usize) {
                if !values.is_empty() {
                    let values = Rc::clone(&values);
                    members.push((format!("key{at}"), false, values));
                }
            }
        }
        let full = |turn: usize| -> Value {
            let members = members.iter();
            members
                .map(|(name, _, values)| (name.clone(), values[turn % values.len()].clone()))
                .collect::<Map<_, _>>()
                .into()
        };
        let turns = members.iter().map(|(_, _, values)| values.len()).max();
        let mut objects = vec![full(0)];
        let mut sampler = Sampler {
            contract: self.contract,
            direction: self.direction,
            around: self.around.clone(),
        };
        // Like a producer: declared properties only.
        let is_declared = |name: &String| members.iter().any(|(known, ..)| known == name);
        let least = sampler.object(schema, false);
        let least = least.filter(|least| least.keys().all(is_declared));
        objects.extend(least.map(Value::from));
        objects.extend((1..turns.unwrap_or(0)).map(full));
        // A property that one alternative excludes may be required by another.
        let optional = members.iter().filter(|(_, is_required, _)| !is_required);
        if !schema.opaque.is_empty() {
            objects.extend(optional.map(|(name, _, _)| {
                let mut without = full(0);
                if let Value::Object(members) = &mut without {
                    members.remove(name);
                }
                without
            }));
        }
        let fits = |value: &Value| {
            let count = value.as_object().map_or(0, Map::len) as u64;
            count >= rules.min_properties && rules.max_properties.is_none_or(|most| count <= most)
        };
        objects.retain(fits);
        distinct(objects)
    }

    fn arrays(&mut self, rules: &ArrayConstraints) -> Vec<Value> {
        if let Some(constants) = &rules.constants {
            return constants.clone();
        }
        let most = rules.max_items.unwrap_or(u64::MAX).min(MOST_ELEMENTS);
        let prefix: Vec<Rc<[Value]>> = rules.prefix.iter().map(|&id| self.of(id)).collect();
        let elements = distinct(self.of(rules.items).to_vec());
        if prefix.iter().any(|values| values.is_empty()) {
            return Vec::new();
        }
        let start = |turn: usize| {
            let prefix = prefix.iter();
            prefix.map(move |values| values[turn % values.len()].clone())
        };
        let least = rules.min_items.max(1).min(most) as usize;
        let mut arrays: Vec<Vec<Value>> = Vec::new();
        if !elements.is_empty() {
            let of = |count: usize| -> Vec<Value> {
                let more = elements.iter().cycle().take(count).cloned();
                let more = more.take(if rules.unique { elements.len() } else { count });
                start(0).chain(more).take(count).collect()
            };
            arrays.push(of(least.max(prefix.len())));
            // All elements, in arrays of the largest allowed length.
            let room = (most as usize).saturating_sub(prefix.len()).max(1);
            let rest = elements.chunks(room).enumerate();
            arrays.extend(rest.map(|(turn, rest)| start(turn).chain(rest.to_vec()).collect()));
        } else {
            arrays.push(start(0).collect());
        }
        arrays.push(Vec::new());
        let fits = |array: &Vec<Value>| {
            let count = array.len() as u64;
            count >= rules.min_items && rules.max_items.is_none_or(|most| count <= most)
        };
        arrays.retain(fits);
        distinct(arrays.into_iter().map(Value::from).collect())
    }
}

fn strings(rules: &StringConstraints) -> Vec<Value> {
    let mut texts: Vec<String> = Vec::new();
    if let Some(constants) = &rules.constants {
        texts.extend(constants.iter().cloned());
    } else {
        texts.push(string(rules));
        let is_free = rules.patterns.is_empty()
            && rules.content.is_empty()
            && !rules.formats.iter().any(|name| of_format(name).is_some());
        if is_free {
            texts.push("\u{dc}ber \"a/b\" & 100 %?".to_owned());
            let bounds = [Some(rules.min_length), rules.max_length];
            let bounds = bounds.into_iter().flatten();
            texts.extend(
                bounds
                    .filter(|&length| length <= LONGEST)
                    .map(|length| "x".repeat(length as usize)),
            );
        }
        if rules.formats.contains("date-time") && rules.patterns.is_empty() {
            texts.push("2026-04-10T14:00:00+02:00".to_owned());
        }
        texts.retain(|text| {
            let length = text.chars().count() as u64;
            length >= rules.min_length && rules.max_length.is_none_or(|most| length <= most)
        });
    }
    distinct(texts.into_iter().map(Value::from).collect())
}

fn numbers(rules: &NumberConstraints) -> Vec<Value> {
    let mut numbers = vec![number(rules)];
    match &rules.constants {
        Some(constants) => numbers.extend(constants),
        None => {
            let bounds = [rules.minimum, rules.maximum].into_iter().flatten();
            numbers.extend(bounds.map(|bound| bound.value));
            numbers.extend([Num::Int(0), Num::Int(-1), Num::from_f64(0.5)]);
        }
    }
    numbers.retain(|&value| fits(rules, value));
    distinct(numbers.into_iter().map(Num::to_json).collect())
}

/// The first value of each list, then the second of each, and so on.
fn in_turn(lists: &[Vec<Value>]) -> Vec<Value> {
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    let turns = (0..longest).flat_map(|turn| lists.iter().filter_map(move |list| list.get(turn)));
    distinct(turns.cloned().collect())
}

/// Merges pairs of objects from two lists.
fn both(left: &[Value], right: &[Value]) -> Vec<Value> {
    let count = left.len().max(right.len());
    if left.is_empty() || right.is_empty() {
        return Vec::new();
    }
    let pairs = (0..count).map(|at| (&left[at % left.len()], &right[at % right.len()]));
    pairs
        .map(|(left, right)| match (left, right) {
            (Value::Object(left), Value::Object(right)) => {
                let mut merged = right.clone();
                merged.extend(left.clone());
                merged.into()
            }
            (left, _) => left.clone(),
        })
        .collect()
}

/// Removes duplicates.
fn distinct(values: Vec<Value>) -> Vec<Value> {
    let mut seen = std::collections::HashSet::new();
    let mut values = values;
    values.retain(|value| seen.insert(value.to_string()));
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::model::Contract;

    /// The values of a schema in a contract with these component schemas.
    fn values_of(schema: &str, components: &str) -> Vec<Value> {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: 1.0.0}}\npaths: {{/a: {{get: {{responses: \
             {{'200': {{description: A, content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}\n\
             components: {{schemas: {components}}}\n"
        );
        let document = Document::parse("contract.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let operation = contract.operations.values().next().expect("it has one");
        let response = operation.responses.values().next().expect("it has one");
        values(&contract, response.content["application/json"].schema)
    }

    #[test]
    fn discriminators_have_the_values_of_their_alternatives() {
        let schema = "{oneOf: [{$ref: '#/components/schemas/Ring'}, {$ref: '#/components/schemas/Square'}], \
                      discriminator: {propertyName: form, mapping: {circle: '#/components/schemas/Ring'}}}";
        let form = "{type: object, required: [form], properties: {form: {type: string}}}";
        let values = values_of(schema, &format!("{{Ring: {form}, Square: {form}}}"));
        let forms: Vec<&Value> = values.iter().map(|value| &value["form"]).collect();
        assert!(
            forms.contains(&&Value::from("circle")) && forms.contains(&&Value::from("Square")),
            "{forms:?}"
        );
        assert!(!forms.contains(&&Value::from("Ring")), "{forms:?}");
    }

    #[test]
    fn untyped_schemas_mean_the_types_of_their_keywords() {
        let of = |schema: &str| values_of(schema, "{}");
        let all = |schema: &str, is_of: fn(&Value) -> bool| {
            let values = of(schema);
            assert!(!values.is_empty() && values.iter().all(is_of), "{values:?}");
        };
        all(
            "{properties: {a: {type: integer}}, required: [a]}",
            Value::is_object,
        );
        all("{minimum: 3}", Value::is_number);
        all("{items: {maxLength: 2}}", Value::is_array);
        all(
            "{anyOf: [{items: {maxLength: 2}}, {type: array, maxItems: 1}]}",
            Value::is_array,
        );
        let union = of("{anyOf: [{type: array, maxItems: 1}, {type: 'null'}]}");
        assert!(union.contains(&Value::Null), "{union:?}");
    }

    #[test]
    fn properties_that_an_alternative_only_requires_keep_their_values() {
        let schema = "{type: object, properties: {a: {type: array, items: {type: string}}, b: {type: integer}}, \
                      anyOf: [{required: [a]}, {required: [b]}]}";
        let values = values_of(schema, "{}");
        let has = |name: &str, is_of: fn(&Value) -> bool| {
            values
                .iter()
                .any(|value| value.get(name).is_some_and(is_of))
        };
        assert!(
            has("a", Value::is_array) && has("b", Value::is_i64),
            "{values:?}"
        );
    }
}
