//! Subschemas: of items, of properties, and of opaque keywords.

use std::collections::BTreeMap;

use super::keyword_table::{Keyword, SchemaObject};
use super::schemas::{SchemaReader, SchemaSource};
use crate::document::Entries;
use crate::model::schema::{
    ArrayConstraints, ObjectConstraints, Opaque, Schema, SchemaId, Schemas,
};

impl<'a> SchemaReader<'a> {
    /// Keeps the subschemas of opaque keywords that apply to the allowed types.
    pub(super) fn read_opaque(&mut self, leaves: &[SchemaObject<'_>], schema: &mut Schema) {
        const SCHEMA: [(Keyword, &str); 6] = [
            (Keyword::Not, "not"),
            (Keyword::ContentSchema, "contentSchema"),
            (Keyword::Contains, "contains"),
            (Keyword::PropertyNames, "propertyNames"),
            (Keyword::UnevaluatedProperties, "unevaluatedProperties"),
            (Keyword::UnevaluatedItems, "unevaluatedItems"),
        ];
        for leaf in leaves {
            for (keyword, name) in SCHEMA {
                if let Some(node) = leaf.get(keyword) {
                    let id = self.schema(node);
                    let values = schema.opaque.entry(name.to_owned()).or_default();
                    values.push(Opaque::Schema(id));
                }
            }
            self.read_condition(leaf, schema);
            if let Some(node) = leaf.get(Keyword::DependentSchemas) {
                let entries = self.document.entries(node);
                let schemas = entries.iter();
                let schemas = schemas
                    .map(|entry| (entry.key.to_string(), self.schema(entry.value)))
                    .collect();
                let values = schema
                    .opaque
                    .entry("dependentSchemas".to_owned())
                    .or_default();
                values.push(Opaque::Schemas(schemas));
            }
        }
        let (has_array, has_object) = (schema.array.is_some(), schema.object.is_some());
        let has_string = schema.string.is_some();
        schema.opaque.retain(|keyword, _| match keyword.as_str() {
            "contains" | "minContains" | "maxContains" | "unevaluatedItems" => has_array,
            "dependentRequired"
            | "dependentSchemas"
            | "propertyNames"
            | "unevaluatedProperties" => has_object,
            "contentSchema" => has_string,
            _ => true,
        });
    }

    /// Keeps `if` with the `then` and `else` of the same schema object, which have no meaning
    /// without it.
    fn read_condition(&mut self, leaf: &SchemaObject<'_>, schema: &mut Schema) {
        let Some(condition) = leaf.get(Keyword::If) else {
            return;
        };
        let mut keep = |keyword: &str, id| {
            let values = schema.opaque.entry(keyword.to_owned()).or_default();
            values.push(Opaque::Schema(id));
        };
        keep("if", self.schema(condition));
        for (keyword, name) in [(Keyword::Then, "then"), (Keyword::Else, "else")] {
            let outcome = leaf.get(keyword);
            keep(name, outcome.map_or(Schemas::ANY, |node| self.schema(node)));
        }
    }

    pub(super) fn read_items(&mut self, leaves: &[SchemaObject<'_>], rules: &mut ArrayConstraints) {
        let prefixes = leaves
            .iter()
            .map(|leaf| leaf.elements(Keyword::PrefixItems).len());
        let longest = prefixes.max().unwrap_or(0);
        let element = |leaf: &SchemaObject<'_>, index: usize| {
            let own = leaf.elements(Keyword::PrefixItems).get(index).copied();
            own.or_else(|| leaf.get(Keyword::Items))
                .map(SchemaSource::Node)
        };
        // The last index represents all items after the prefix.
        let elements: Vec<Vec<SchemaSource>> = (0..=longest)
            .map(|index| {
                leaves
                    .iter()
                    .filter_map(|leaf| element(leaf, index))
                    .collect()
            })
            .collect();
        let mut ids: Vec<SchemaId> = elements
            .into_iter()
            .map(|parts| self.all_of(parts))
            .collect();
        rules.items = ids.pop().unwrap_or(Schemas::ANY);
        rules.prefix = ids;
    }

    pub(super) fn read_properties(
        &mut self,
        leaves: &[SchemaObject<'a>],
        rules: &mut ObjectConstraints,
    ) {
        let document = self.document;
        let members = |leaf: &SchemaObject<'a>, keyword| {
            leaf.get(keyword)
                .map_or_else(Entries::default, |node| document.entries(node))
        };
        let additional = |leaf: &SchemaObject<'_>| leaf.get(Keyword::AdditionalProperties);
        let mut properties: BTreeMap<&str, Vec<SchemaSource>> = BTreeMap::new();
        let mut patterns: BTreeMap<&str, Vec<SchemaSource>> = BTreeMap::new();
        for leaf in leaves {
            for entry in members(leaf, Keyword::Properties) {
                properties
                    .entry(entry.key)
                    .or_default()
                    .push(SchemaSource::Node(entry.value));
            }
            for entry in members(leaf, Keyword::PatternProperties) {
                patterns
                    .entry(entry.key)
                    .or_default()
                    .push(SchemaSource::Node(entry.value));
            }
        }
        // `additionalProperties` of one object also applies to properties that only another object
        // declares. With patterns this can't be determined, and is skipped.
        for (name, parts) in &mut properties {
            for leaf in leaves {
                let declares = || {
                    let properties = leaf.get(Keyword::Properties);
                    properties.is_some_and(|node| document.get(node, name).is_some())
                };
                let has_patterns = !members(leaf, Keyword::PatternProperties).is_empty();
                if let Some(node) = additional(leaf)
                    && !has_patterns
                    && !declares()
                {
                    parts.push(SchemaSource::Node(node));
                }
            }
        }
        let others: Vec<SchemaSource> = leaves
            .iter()
            .filter_map(additional)
            .map(SchemaSource::Node)
            .collect();
        rules.additional_is_declared = !others.is_empty();
        rules.additional = self.all_of(others);
        for (name, parts) in properties {
            let id = self.all_of(parts);
            rules.properties.insert(name.to_owned(), id);
        }
        for (pattern, parts) in patterns {
            let id = self.all_of(parts);
            rules.pattern_properties.insert(pattern.to_owned(), id);
        }
    }
}
