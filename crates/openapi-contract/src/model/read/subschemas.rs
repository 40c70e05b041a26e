//! The schemas inside a schema: of elements, of properties, and of keywords that are only kept.

use std::collections::BTreeMap;

use super::schemas::{Part, SchemaReader};
use crate::document::NodeId;
use crate::model::schema::{ArrayRules, ObjectRules, Opaque, Schema, SchemaId, Schemas};

impl SchemaReader<'_> {
    /// Keeps the schemas of keywords that the form cannot hold, where they matter.
    pub(super) fn read_opaque(&mut self, leaves: &[NodeId], schema: &mut Schema) {
        const SCHEMA: [&str; 5] = [
            "not",
            "contains",
            "propertyNames",
            "unevaluatedProperties",
            "unevaluatedItems",
        ];
        for &leaf in leaves {
            for keyword in SCHEMA {
                if let Some(node) = self.document.get(leaf, keyword) {
                    let id = self.schema(node);
                    let said = schema.opaque.entry(keyword.to_owned()).or_default();
                    said.push(Opaque::Schema(id));
                }
            }
            self.read_condition(leaf, schema);
            if let Some(node) = self.document.get(leaf, "dependentSchemas") {
                let entries = self.document.entries(node);
                let schemas = entries.iter();
                let schemas = schemas
                    .map(|entry| (entry.key.to_string(), self.schema(entry.value)))
                    .collect();
                let said = schema
                    .opaque
                    .entry("dependentSchemas".to_owned())
                    .or_default();
                said.push(Opaque::Schemas(schemas));
            }
        }
        let (has_array, has_object) = (schema.array.is_some(), schema.object.is_some());
        schema.opaque.retain(|keyword, _| match keyword.as_str() {
            "contains" | "minContains" | "maxContains" | "unevaluatedItems" => has_array,
            "dependentRequired"
            | "dependentSchemas"
            | "propertyNames"
            | "unevaluatedProperties" => has_object,
            _ => true,
        });
    }

    /// Keeps `if` with its `then` and `else`, which mean nothing without it: of several, those at one
    /// place belong together.
    fn read_condition(&mut self, leaf: NodeId, schema: &mut Schema) {
        let document = self.document;
        let Some(condition) = document.get(leaf, "if") else {
            return;
        };
        let mut keep = |keyword: &str, id| {
            let said = schema.opaque.entry(keyword.to_owned()).or_default();
            said.push(Opaque::Schema(id));
        };
        keep("if", self.schema(condition));
        for keyword in ["then", "else"] {
            let outcome = document.get(leaf, keyword);
            keep(
                keyword,
                outcome.map_or(Schemas::ANY, |node| self.schema(node)),
            );
        }
    }

    pub(super) fn read_items(&mut self, leaves: &[NodeId], rules: &mut ArrayRules) {
        let prefix = |leaf: NodeId| {
            let list = self.document.get(leaf, "prefixItems");
            list.map_or(&[][..], |id| self.document.elements(id))
        };
        let longest = leaves
            .iter()
            .map(|&leaf| prefix(leaf).len())
            .max()
            .unwrap_or(0);
        let element = |leaf: NodeId, index: usize| {
            let own = prefix(leaf).get(index).copied();
            own.or_else(|| self.document.get(leaf, "items"))
                .map(Part::Node)
        };
        // The last index stands for all elements behind the prefixes.
        let elements: Vec<Vec<Part>> = (0..=longest)
            .map(|index| {
                leaves
                    .iter()
                    .filter_map(|&leaf| element(leaf, index))
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

    pub(super) fn read_properties(&mut self, leaves: &[NodeId], rules: &mut ObjectRules) {
        let document = self.document;
        let members = |leaf: NodeId, keyword: &str| {
            document
                .get(leaf, keyword)
                .map_or(&[][..], |id| document.entries(id))
        };
        let additional = |leaf: NodeId| document.get(leaf, "additionalProperties");
        let mut properties: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
        let mut patterns: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
        for &leaf in leaves {
            for entry in members(leaf, "properties") {
                properties
                    .entry(&entry.key)
                    .or_default()
                    .push(Part::Node(entry.value));
            }
            for entry in members(leaf, "patternProperties") {
                patterns
                    .entry(&entry.key)
                    .or_default()
                    .push(Part::Node(entry.value));
            }
        }
        // What one object says about undeclared properties also counts for those that only another
        // object declares. With name patterns that cannot be told, and is left out.
        for (name, parts) in &mut properties {
            for &leaf in leaves {
                let declares = members(leaf, "properties")
                    .iter()
                    .any(|entry| *entry.key == **name);
                let has_patterns = !members(leaf, "patternProperties").is_empty();
                if !declares && !has_patterns {
                    parts.extend(additional(leaf).map(Part::Node));
                }
            }
        }
        let others: Vec<Part> = leaves
            .iter()
            .filter_map(|&leaf| additional(leaf))
            .map(Part::Node)
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
