//! Values at the boundaries of a schema. A slightly different schema may reject them.

use serde_json::{Map, Value, json};

use super::pattern;
use super::sample::{Sampler, number, of_format, of_format_as_long_as, string};
use crate::model::{
    ArrayConstraints, Contract, NumberConstraints, Opaque, Schema, SchemaId, StringConstraints,
};

/// The longest string or array that is built to exceed a length limit.
const LONGEST: u64 = 10_000;

/// Candidates around what `id` allows, the most likely to be rejected first.
pub(super) fn boundary_values(contract: &Contract, id: SchemaId) -> Vec<Value> {
    let schema = contract.schemas.get(id);
    let mut sampler = Sampler {
        contract,
        direction: None,
        around: Vec::new(),
    };
    let mut boundary_values = Vec::new();
    if let Some(rules) = &schema.number {
        numbers(rules, &mut boundary_values);
    }
    if let Some(rules) = &schema.string {
        strings(rules, &mut boundary_values);
    }
    if let Some(rules) = &schema.array {
        arrays(&mut sampler, rules, &mut boundary_values);
    }
    if schema.object.is_some() {
        objects(&mut sampler, schema, &mut boundary_values);
    }
    for union in &schema.unions {
        for &member in &union.members {
            boundary_values.extend(sampler.value(member));
            let member = contract.schemas.get(member);
            if let Some(rules) = &member.number {
                numbers(rules, &mut boundary_values);
            }
            if let Some(rules) = &member.string {
                strings(rules, &mut boundary_values);
            }
            if member.object.is_some() {
                objects(&mut sampler, member, &mut boundary_values);
            }
        }
    }
    for union in &schema.unions {
        overlaps(&mut sampler, &union.members, &mut boundary_values);
    }
    for (keyword, opaque) in &schema.opaque {
        for opaque in opaque {
            keyword_probes(&mut sampler, schema, keyword, opaque, &mut boundary_values);
        }
    }
    boundary_values.extend([
        json!(null),
        json!(true),
        json!(false),
        json!(1),
        json!(0.5),
        json!("text"),
        json!([]),
        json!({}),
    ]);
    boundary_values
}

/// Objects that match two alternatives at once, where the alternatives allow it.
fn overlaps(sampler: &mut Sampler<'_>, members: &[SchemaId], boundary_values: &mut Vec<Value>) {
    // The number of pairs is quadratic, and the first few members are enough.
    const FIRST: usize = 5;
    let samples: Vec<Map<String, Value>> = members
        .iter()
        .take(FIRST)
        .filter_map(|&id| sampler.object(sampler.contract.schemas.get(id), true))
        .collect();
    for (index, first) in samples.iter().enumerate() {
        for second in &samples[index + 1..] {
            let mut both = first.clone();
            both.extend(second.clone());
            boundary_values.push(both.into());
        }
    }
}

/// Candidates for keywords that only the validator understands: values that satisfy them, and
/// values that violate them.
fn keyword_probes(
    sampler: &mut Sampler<'_>,
    schema: &Schema,
    keyword: &str,
    opaque: &Opaque,
    boundary_values: &mut Vec<Value>,
) {
    let base = sampler.object(schema, true).unwrap_or_default();
    let mut object = |extra: Map<String, Value>| {
        let mut with = base.clone();
        with.extend(extra);
        boundary_values.push(with.into());
    };
    match opaque {
        Opaque::Schema(id) => {
            let names = sampler.contract.schemas.get(*id).string.as_ref();
            let value = match (keyword, names) {
                ("propertyNames", Some(rules)) => Some(string(rules).into()),
                _ => sampler.value(*id),
            };
            let Some(value) = value else {
                return;
            };
            match (keyword, &value) {
                ("contains", _) => {
                    for count in 1..=4 {
                        boundary_values.push(vec![value.clone(); count].into());
                    }
                    boundary_values.push(json!([{"other": null}]));
                }
                ("propertyNames", Value::String(name)) => {
                    object(Map::from_iter([(name.clone(), json!("any"))]));
                    object(Map::from_iter([("Not a name!".to_owned(), json!("any"))]));
                    object(Map::from_iter([("x".repeat(100), json!("any"))]));
                }
                (_, Value::Object(members)) => {
                    object(members.clone());
                    boundary_values.push(value);
                }
                _ => boundary_values.push(value),
            }
        }
        Opaque::Schemas(schemas) => {
            for (name, id) in schemas {
                object(Map::from_iter([(name.clone(), json!("any"))]));
                if let Some(Value::Object(mut members)) = sampler.value(*id) {
                    members.entry(name.clone()).or_insert(json!("any"));
                    object(members);
                }
            }
        }
        Opaque::Json(Value::Object(dependents)) => {
            for (name, needed) in dependents {
                let trigger = Map::from_iter([(name.clone(), json!("any"))]);
                let mut whole = trigger.clone();
                for needed in needed.as_array().into_iter().flatten() {
                    if let Some(needed) = needed.as_str() {
                        whole.insert(needed.to_owned(), json!("any"));
                    }
                }
                object(trigger);
                object(whole);
            }
        }
        Opaque::Json(_) | Opaque::Unreadable(_) => {}
    }
}

fn numbers(rules: &NumberConstraints, boundary_values: &mut Vec<Value>) {
    for bound in [rules.minimum, rules.maximum].into_iter().flatten() {
        boundary_values.extend([0, -1, 1].map(|by| bound.value.plus(by).to_json()));
        if !rules.integer {
            boundary_values.extend([-0.5, 0.5].map(|by| json!(bound.value.as_f64() + by)));
        }
    }
    for constant in rules.constants.iter().flatten() {
        boundary_values.push(constant.to_json());
    }
    boundary_values.push(number(rules).to_json());
    for divisor in &rules.multiple_of {
        boundary_values.extend([
            json!(divisor.as_f64() / 2.0),
            divisor.to_json(),
            divisor.plus(1).to_json(),
        ]);
    }
    boundary_values.extend([
        json!(0),
        json!(-1),
        json!(7),
        json!(1.5),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(1e30),
    ]);
}

fn strings(rules: &StringConstraints, boundary_values: &mut Vec<Value>) {
    for constant in rules.constants.iter().flatten() {
        boundary_values.push(constant.as_str().into());
    }
    boundary_values.push(string(rules).into());
    let matching = rules
        .patterns
        .iter()
        .find_map(|pattern| pattern::matching(pattern));
    for length in [Some(rules.min_length), rules.max_length]
        .into_iter()
        .flatten()
    {
        for length in [length.saturating_sub(1), length, length.saturating_add(1)] {
            if length <= LONGEST {
                boundary_values.push("x".repeat(length as usize).into());
                let formatted = rules.formats.iter();
                let formatted =
                    formatted.filter_map(|format| of_format_as_long_as(format, length as usize));
                boundary_values.extend(formatted.map(Value::from));
                // Most patterns still match if their last character is repeated.
                if let Some(text) = &matching
                    && let Some(last) = text.chars().next_back()
                {
                    let more = (length as usize).saturating_sub(text.chars().count());
                    let longer = std::iter::repeat_n(last, more);
                    boundary_values.push(text.chars().chain(longer).collect::<String>().into());
                }
            }
        }
    }
    boundary_values.extend(matching.map(Value::from));
    for format in &rules.formats {
        boundary_values.extend(of_format(format).map(Value::from));
    }
    // A date-time can be written in several ways, and patterns often allow only one.
    if rules.formats.contains("date-time") {
        boundary_values.push("2026-04-10T12:00:00Z".into());
        boundary_values.push("2026-04-10T14:00:00.000+02:00".into());
    }
    boundary_values.extend(["new-value", "", "Not one of these!"].map(Value::from));
}

fn arrays(sampler: &mut Sampler<'_>, rules: &ArrayConstraints, boundary_values: &mut Vec<Value>) {
    boundary_values.extend(rules.constants.iter().flatten().cloned());
    if !rules.prefix.is_empty() {
        let tuple: Option<Vec<Value>> = rules.prefix.iter().map(|&id| sampler.value(id)).collect();
        boundary_values.extend(tuple.map(Value::from));
    }
    let Some(element) = sampler.value(rules.items) else {
        return;
    };
    for length in [Some(rules.min_items), rules.max_items, Some(2)]
        .into_iter()
        .flatten()
    {
        for length in [length.saturating_sub(1), length, length.saturating_add(1)] {
            if length <= LONGEST {
                boundary_values.push(vec![element.clone(); length as usize].into());
                boundary_values.extend(distinct(&element, length as usize));
            }
        }
    }
}

/// An array of distinct elements, for element types that have enough values.
fn distinct(element: &Value, length: usize) -> Option<Value> {
    match element {
        Value::String(_) => Some(
            (0..length)
                .map(|index| Value::from(format!("x{index}")))
                .collect(),
        ),
        Value::Number(_) => Some((0..length).map(Value::from).collect()),
        _ => None,
    }
}

fn objects(sampler: &mut Sampler<'_>, schema: &Schema, boundary_values: &mut Vec<Value>) {
    let Some(rules) = &schema.object else {
        return;
    };
    boundary_values.extend(rules.constants.iter().flatten().cloned());
    let (Some(least), Some(most)) = (sampler.object(schema, false), sampler.object(schema, true))
    else {
        return;
    };
    boundary_values.push(least.clone().into());
    boundary_values.push(most.clone().into());
    for name in most.keys() {
        let mut without = most.clone();
        without.remove(name);
        boundary_values.push(without.into());
    }
    for (pattern, &id) in &rules.pattern_properties {
        let Some(name) = pattern::matching(pattern) else {
            continue;
        };
        let mut values: Vec<Value> = sampler.value(id).into_iter().collect();
        values.extend([json!("any"), json!(1)]);
        // The other side may apply its schema for undeclared properties to this one.
        let others = sampler.contract.schemas.get(rules.additional);
        if let (Some(rules), true) = (&others.string, rules.additional_is_declared) {
            strings(rules, &mut values);
        }
        if let (Some(rules), true) = (&others.number, rules.additional_is_declared) {
            numbers(rules, &mut values);
        }
        for value in values {
            let mut with = least.clone();
            with.insert(name.clone(), value);
            boundary_values.push(with.into());
        }
    }
    for extra in [json!("any"), json!(1)] {
        let mut with = least.clone();
        with.insert("undeclared".to_owned(), extra);
        boundary_values.push(with.into());
    }
    let limits = [Some(rules.min_properties), rules.max_properties];
    for count in limits
        .into_iter()
        .flatten()
        .flat_map(|count| [count, count.saturating_add(1)])
    {
        if count <= LONGEST
            && let Some(value) = sampler.value(rules.additional)
        {
            let mut with = least.clone();
            let mut index = 0;
            while (with.len() as u64) < count {
                with.insert(format!("extra{index}"), value.clone());
                index += 1;
            }
            boundary_values.push(with.into());
        }
    }
}
