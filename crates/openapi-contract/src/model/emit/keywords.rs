//! The keywords of a schema.

use serde_json::{Map, Value};

use super::sorted;
use crate::model::number::Bound;
use crate::model::schema::{Annotations, Booleans, NumberConstraints, Schema, StringConstraints};

/// Collects the keywords of a schema.
#[derive(Default)]
pub(super) struct KeywordWriter {
    pub(super) first: Map<String, Value>,
    /// Values of keywords that are needed more than once.
    more: Vec<Map<String, Value>>,
    /// The `anyOf` and `oneOf` keywords.
    pub(super) alternatives: Vec<Map<String, Value>>,
}

impl KeywordWriter {
    pub(super) fn set(&mut self, keyword: &str, value: Value) {
        self.first.insert(keyword.to_owned(), value);
    }

    pub(super) fn some(&mut self, keyword: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(keyword, value.into());
        }
    }

    pub(super) fn count(&mut self, keyword: &str, count: u64) {
        self.some(keyword, (count > 0).then_some(count));
    }

    /// Adds a value of a keyword that can occur several times.
    pub(super) fn add(&mut self, index: usize, keyword: &str, value: Value) {
        let Some(after_first) = index.checked_sub(1) else {
            self.set(keyword, value);
            return;
        };
        while self.more.len() <= after_first {
            self.more.push(Map::new());
        }
        self.more[after_first].insert(keyword.to_owned(), value);
    }

    pub(super) fn finish(mut self) -> Value {
        let mut all = self.more;
        match self.alternatives.pop() {
            Some(only) if self.alternatives.is_empty() => self.first.extend(only),
            Some(last) => {
                self.alternatives.push(last);
                self.alternatives
                    .sort_by_cached_key(|union| Value::from(union.clone()).to_string());
                all.append(&mut self.alternatives);
            }
            None => {}
        }
        if !all.is_empty() {
            self.first.insert("allOf".to_owned(), all.into());
        }
        self.first.into()
    }
}

/// One schema for all types, or several if their keywords conflict: `enum` and `format` apply to
/// every type.
pub(super) fn branches(schema: &Schema) -> Vec<Schema> {
    let nothing = || Schema::default();
    let (mut listed, mut ruled) = (nothing(), nothing());
    let is_both = schema.boolean == Booleans::ANY;
    match &schema.number {
        Some(rules) if rules.constants.is_some() => listed.number = schema.number.clone(),
        rules => ruled.number.clone_from(rules),
    }
    match &schema.string {
        Some(rules) if rules.constants.is_some() => listed.string = schema.string.clone(),
        rules => ruled.string.clone_from(rules),
    }
    match &schema.array {
        Some(rules) if rules.constants.is_some() => listed.array = schema.array.clone(),
        rules => ruled.array.clone_from(rules),
    }
    match &schema.object {
        Some(rules) if rules.constants.is_some() => listed.object = schema.object.clone(),
        rules => ruled.object.clone_from(rules),
    }
    if schema.boolean.is_any() && !is_both || is_both && !ruled.allows_some_value() {
        listed.boolean = schema.boolean;
    } else {
        ruled.boolean = schema.boolean;
    }
    let mut branches = Vec::new();
    for mut branch in [ruled, listed] {
        if let (Some(numbers), Some(strings)) = (&branch.number, &branch.string)
            && numbers.format.as_ref() != strings.formats.last()
        {
            let number = branch.number.take();
            branches.push(Schema {
                number,
                ..nothing()
            });
        }
        if branch.allows_some_value() {
            branches.push(branch);
        }
    }
    branches
}

/// The enumerated values, sorted.
pub(super) fn constants(schema: &Schema) -> Vec<Value> {
    let mut values = Vec::new();
    if let Some(constants) = schema
        .number
        .as_ref()
        .and_then(|rules| rules.constants.as_ref())
    {
        values.extend(constants.iter().map(|number| number.to_json()));
    }
    if let Some(constants) = schema
        .string
        .as_ref()
        .and_then(|rules| rules.constants.as_ref())
    {
        values.extend(constants.iter().map(|text| Value::from(text.as_str())));
    }
    let arrays = schema
        .array
        .as_ref()
        .and_then(|rules| rules.constants.as_ref());
    let objects = schema
        .object
        .as_ref()
        .and_then(|rules| rules.constants.as_ref());
    for constants in [arrays, objects].into_iter().flatten() {
        values.extend(constants.iter().map(sorted));
    }
    let is_one_boolean = schema.boolean.is_any() && schema.boolean != Booleans::ANY;
    if values.is_empty() && !is_one_boolean {
        return values;
    }
    let mut first = Vec::new();
    if schema.null {
        first.push(Value::Null);
    }
    first.extend(schema.boolean.r#false.then_some(Value::Bool(false)));
    first.extend(schema.boolean.r#true.then_some(Value::Bool(true)));
    first.append(&mut values);
    first
}

pub(super) fn numbers(rules: &NumberConstraints, keywords: &mut KeywordWriter) {
    let with = |bound: Option<Bound>, exclusive: bool| {
        let bound = bound.filter(|bound| bound.exclusive == exclusive);
        bound.map(|bound| bound.value.to_json())
    };
    keywords.some("format", rules.format.clone());
    keywords.some("minimum", with(rules.minimum, false));
    keywords.some("exclusiveMinimum", with(rules.minimum, true));
    keywords.some("maximum", with(rules.maximum, false));
    keywords.some("exclusiveMaximum", with(rules.maximum, true));
    for (index, divisor) in rules.multiple_of.iter().enumerate() {
        keywords.add(index, "multipleOf", divisor.to_json());
    }
}

pub(super) fn strings(rules: &StringConstraints, keywords: &mut KeywordWriter) {
    keywords.count("minLength", rules.min_length);
    keywords.some("maxLength", rules.max_length);
    for (keyword, texts) in [("pattern", &rules.patterns), ("format", &rules.formats)] {
        for (index, text) in texts.iter().enumerate() {
            keywords.add(index, keyword, text.clone().into());
        }
    }
    for (keyword, content) in &rules.content {
        keywords.set(keyword, content.clone().into());
    }
}

pub(super) fn write_annotations(annotations: &Annotations, keywords: &mut Map<String, Value>) {
    if let Some(default) = &annotations.default {
        keywords.insert("default".to_owned(), sorted(default));
    }
    for (keyword, flag) in [
        ("deprecated", annotations.deprecated),
        ("readOnly", annotations.read_only),
        ("writeOnly", annotations.write_only),
    ] {
        if flag {
            keywords.insert(keyword.to_owned(), true.into());
        }
    }
}
