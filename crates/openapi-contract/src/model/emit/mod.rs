//! Canonical schemas as JSON Schema 2020-12.
//!
//! Equal schemas are written as equal bytes, and reading the output returns the same canonical
//! schema. Titles and descriptions are omitted.

mod keywords;
mod names;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use self::keywords::{KeywordWriter, branches, constants, numbers, strings, write_annotations};
use self::names::{SchemaUses, is_trivial, reference};
use super::contract::Contract;
use super::schema::{
    ArrayConstraints, ObjectConstraints, Opaque, Schema, SchemaId, Schemas, Union,
};

/// A schema of a contract as a JSON Schema 2020-12 document. Components, recursive schemas and
/// schemas that are used in several places are defined in `$defs`.
pub fn canonical_schema_json(contract: &Contract, id: SchemaId) -> Value {
    let mut emitter = Emitter::new(contract, &[id]);
    let schema = emitter.schema(id);
    let definitions = emitter.definitions();
    let mut document = Map::new();
    document.insert(
        "$schema".to_owned(),
        "https://json-schema.org/draft/2020-12/schema".into(),
    );
    match schema {
        Value::Object(schema) => document.extend(schema),
        Value::Bool(true) => {}
        other => drop(document.insert("allOf".to_owned(), json!([other]))),
    }
    if !definitions.is_empty() {
        document.insert("$defs".to_owned(), definitions.into());
    }
    document.into()
}

/// Writes schemas that refer to each other in one document.
pub(super) struct Emitter<'a> {
    schemas: &'a Schemas,
    /// The schemas that are defined in `$defs`.
    names: HashMap<SchemaId, String>,
    /// The schema that gets the name of a component, if several have it.
    owners: HashMap<&'a str, SchemaId>,
    /// The definitions in use, and those that are not written yet.
    referred: HashSet<SchemaId>,
    unwritten: Vec<(String, SchemaId)>,
}

impl<'a> Emitter<'a> {
    /// An emitter for these schemas and their subschemas.
    pub(super) fn new(contract: &'a Contract, roots: &[SchemaId]) -> Self {
        let schemas = &contract.schemas;
        let uses = SchemaUses::of(schemas, roots);
        let mut emitter = Self {
            schemas,
            names: HashMap::new(),
            owners: HashMap::new(),
            referred: HashSet::new(),
            unwritten: Vec::new(),
        };
        emitter.assign_names(&uses);
        emitter
    }

    /// The definitions of everything that is referenced.
    pub(super) fn definitions(mut self) -> Map<String, Value> {
        let mut written = BTreeMap::new();
        while let Some((name, id)) = self.unwritten.pop() {
            let schema = self.body(id);
            written.insert(name, schema);
        }
        written.into_iter().collect()
    }

    /// A reference to a definition, which will be written too.
    fn refer(&mut self, name: &str, id: SchemaId) -> Value {
        if self.referred.insert(id) {
            self.unwritten.push((name.to_owned(), id));
        }
        reference(name)
    }

    /// A schema where it is used: a reference if it has a definition.
    pub(super) fn schema(&mut self, id: SchemaId) -> Value {
        if let Some(name) = self.names.get(&id).cloned() {
            return self.refer(&name, id);
        }
        match self.around_component(id) {
            Some(schema) => schema,
            None => self.body(id),
        }
    }

    /// The keywords of a schema.
    fn body(&mut self, id: SchemaId) -> Value {
        let schema = self.schemas.get(id);
        if let Some(value) = is_trivial(schema) {
            return value.into();
        }
        let mut keywords = KeywordWriter::default();
        let rejects_null = !schema.null && self.rejects_null(schema);
        let mut branches = branches(schema);
        if branches.len() > 1 {
            branches[0].null = schema.null;
            let members: Vec<Value> = branches
                .iter()
                .map(|branch| {
                    let mut member = KeywordWriter::default();
                    self.parts(branch, false, &mut member);
                    member.finish()
                })
                .collect();
            keywords
                .alternatives
                .push(Map::from_iter([("anyOf".to_owned(), members.into())]));
        } else {
            self.parts(schema, rejects_null, &mut keywords);
        }
        for union in &schema.unions {
            let union = self.union(union, schema.null);
            keywords.alternatives.push(union);
        }
        for (keyword, opaque) in &schema.opaque {
            // JSON Schema validators reject invalid keywords.
            let readable = opaque
                .iter()
                .filter(|opaque| !matches!(opaque, Opaque::Unreadable(_)));
            for (index, opaque) in readable.enumerate() {
                let value = self.opaque(opaque);
                keywords.add(index, keyword, value);
            }
        }
        write_annotations(schema.annotations(), &mut keywords.first);
        keywords.finish()
    }

    /// Whether a union or `not` rejects null already.
    fn rejects_null(&self, schema: &Schema) -> bool {
        let allows = |id: &&SchemaId| self.schemas.get(**id).null;
        let by_union = schema.unions.iter().any(|union| {
            let count = union.members.iter().filter(allows).count();
            count == 0 || (union.exactly_one && count > 1)
        });
        let mut not = schema.opaque.get("not").into_iter().flatten();
        by_union || not.any(|keywords| matches!(keywords, Opaque::Schema(id) if allows(&id)))
    }

    fn union(&mut self, union: &Union, null: bool) -> Map<String, Value> {
        let mut members: Vec<Value> = union.members.iter().map(|&id| self.schema(id)).collect();
        // In the model, unions don't affect null. In JSON Schema they do, so they must allow it.
        let with_null = union.members.iter();
        let with_null = with_null.filter(|&&id| self.schemas.get(id).null).count();
        if null && with_null == 0 {
            members.push(json!({"type": "null"}));
        }
        let keyword = if union.exactly_one { "oneOf" } else { "anyOf" };
        let mut written = Map::from_iter([(keyword.to_owned(), members.into())]);
        if let Some((property, mapping)) = &union.discriminator {
            let mapping: BTreeMap<&String, String> = mapping
                .iter()
                .map(|(value, name)| (value, format!("#/$defs/{name}")))
                .collect();
            let mut discriminator = Map::from_iter([("propertyName".to_owned(), json!(property))]);
            if !mapping.is_empty() {
                discriminator.insert("mapping".to_owned(), json!(mapping));
            }
            written.insert("discriminator".to_owned(), discriminator.into());
        }
        if null && union.exactly_one && with_null > 1 {
            let members = json!([written, {"type": "null"}]);
            return Map::from_iter([("anyOf".to_owned(), members)]);
        }
        written
    }

    fn opaque(&mut self, opaque: &Opaque) -> Value {
        match opaque {
            Opaque::Json(json) | Opaque::Unreadable(json) => sorted(json),
            Opaque::Schema(id) => self.schema(*id),
            Opaque::Schemas(schemas) => self.members(schemas),
        }
    }

    fn members(&mut self, schemas: &BTreeMap<String, SchemaId>) -> Value {
        let members = schemas.iter();
        members
            .map(|(name, &id)| (name.clone(), self.schema(id)))
            .collect::<Map<_, _>>()
            .into()
    }

    /// The constraints of the JSON types. `type` is omitted if it would reject only null, and other
    /// keywords reject null already.
    fn parts(&mut self, schema: &Schema, rejects_null: bool, keywords: &mut KeywordWriter) {
        const COUNT_OF_ALL_TYPES: usize = 6;
        let types = schema.types();
        let count = types.len() + usize::from(rejects_null && !schema.null);
        match types[..] {
            [only] => keywords.set("type", only.into()),
            _ if count == COUNT_OF_ALL_TYPES && !types.contains(&"integer") => {}
            _ => keywords.set("type", types.into()),
        }
        let constants = constants(schema);
        if !constants.is_empty() {
            keywords.set("enum", constants.into());
        }
        if let Some(rules) = &schema.number {
            numbers(rules, keywords);
        }
        if let Some(rules) = &schema.string {
            strings(rules, keywords);
        }
        if let Some(rules) = &schema.array {
            self.arrays(rules, keywords);
        }
        if let Some(rules) = &schema.object {
            self.objects(rules, keywords);
        }
    }

    fn arrays(&mut self, rules: &ArrayConstraints, keywords: &mut KeywordWriter) {
        if !rules.prefix.is_empty() {
            let prefix: Vec<Value> = rules.prefix.iter().map(|&id| self.schema(id)).collect();
            keywords.set("prefixItems", prefix.into());
        }
        if rules.items != Schemas::ANY {
            let items = self.schema(rules.items);
            keywords.set("items", items);
        }
        keywords.count("minItems", rules.min_items);
        keywords.some("maxItems", rules.max_items);
        keywords.some("uniqueItems", rules.unique.then_some(true));
    }

    fn objects(&mut self, rules: &ObjectConstraints, keywords: &mut KeywordWriter) {
        for (keyword, properties) in [
            ("properties", &rules.properties),
            ("patternProperties", &rules.pattern_properties),
        ] {
            if !properties.is_empty() {
                let members = self.members(properties);
                keywords.set(keyword, members);
            }
        }
        if rules.additional_is_declared {
            let additional = self.schema(rules.additional);
            keywords.set("additionalProperties", additional);
        }
        if !rules.required.is_empty() {
            keywords.set("required", json!(rules.required));
        }
        keywords.count("minProperties", rules.min_properties);
        keywords.some("maxProperties", rules.max_properties);
    }
}

/// JSON with sorted properties.
fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    value.sort_all_objects();
    value
}
