//! Adds the absence markers to optional properties.
//!
//! typify treats a missing property as null or as an empty array, and its code does not show which properties
//! are nullable or empty by default. It copies only the description of a property to the code, so the markers
//! are added there. `types::optional_nullable` reads and removes them.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::lower::nullable::{components, may_be_null};
use crate::lower::walk::{self, Object};
use crate::optional_property_markers::{EMPTY_MARK, NULL_MARK, WRAP_MARK};

/// Keywords of a schema that do not affect its type.
const PLAIN: [&str; 11] = [
    "type",
    "format",
    "title",
    "description",
    "nullable",
    "default",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
];

/// Marks the optional properties.
pub(super) fn mark(draft: &mut Value) {
    let nullable: HashSet<String> = components(draft).into_iter().map(str::to_owned).collect();
    walk::schemas(draft, &mut |schema, _| {
        let required: HashSet<String> = walk::elements(schema.get("required"))
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        for (name, member) in walk::entries_mut(schema.get_mut("properties")) {
            if let Some(member) = member.as_object_mut()
                && !required.contains(name)
            {
                mark_member(member, &nullable);
            }
        }
    });
}

fn mark_member(member: &mut Object, nullable: &HashSet<String>) {
    match member.get("default") {
        None | Some(Value::Null) => {}
        // A missing property is the same as an empty one.
        Some(default) if *default == json!([]) || *default == json!({}) => {
            return describe(member, &EMPTY_MARK.to_string());
        }
        Some(_) => return,
    }
    if !may_be_null(member, &mut |name| nullable.contains(name)) {
        return;
    }
    let is_plain = || member.keys().all(|key| PLAIN.contains(&key.as_str()));
    let is_shared = member.contains_key("title") && !is_plain();
    // Merging `allOf` members drops the description of the schema.
    let has_parts = member.contains_key("$ref") || member.contains_key("allOf");
    if has_parts || is_shared {
        wrap(member);
    } else {
        describe(member, &NULL_MARK.to_string());
    }
}

/// Adds a marker to the description.
fn describe(member: &mut Object, mark: &str) {
    let description = walk::string(member, "description").unwrap_or_default();
    let description = format!("{mark}{description}");
    member.insert("description".to_owned(), Value::from(description));
}

/// Wraps a schema in an `allOf`, so that a reference can have a description and a shared type keeps its own.
fn wrap(member: &mut Object) {
    let mut inner = std::mem::take(member);
    if let Some(nullable) = inner.shift_remove("nullable") {
        member.insert("nullable".to_owned(), nullable);
    }
    if let Some(description) = inner.get("description") {
        member.insert("description".to_owned(), description.clone());
    }
    describe(member, &format!("{NULL_MARK}{WRAP_MARK}"));
    member.insert("allOf".to_owned(), json!([inner]));
}

/// Removes the markers from a draft.
pub(super) fn unmark(draft: &mut Value) {
    walk::schemas(draft, &mut |schema, _| {
        for (_, member) in walk::entries_mut(schema.get_mut("properties")) {
            if let Some(member) = member.as_object_mut() {
                unmark_member(member);
            }
        }
    });
}

fn unmark_member(member: &mut Object) {
    let Some(description) = walk::string(member, "description") else {
        return;
    };
    let Some(description) = description.strip_prefix([NULL_MARK, EMPTY_MARK]) else {
        return;
    };
    if !description.starts_with(WRAP_MARK) {
        if description.is_empty() {
            member.shift_remove("description");
        } else {
            let description = Value::from(description);
            member.insert("description".to_owned(), description);
        }
        return;
    }
    let parts = member.get_mut("allOf").and_then(Value::as_array_mut);
    if let Some(Value::Object(inner)) = parts.and_then(Vec::pop) {
        let nullable = member.shift_remove_entry("nullable");
        *member = inner;
        member.extend(nullable);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{EMPTY_MARK, NULL_MARK, mark, unmark, walk};

    fn draft() -> Value {
        json!({ "components": { "schemas": {
            "Whole": { "type": "object", "required": ["must"], "properties": {
                "must": { "type": "string", "nullable": true },
                "may": { "type": "string", "nullable": true, "description": "It may." },
                "not": { "type": "string" },
                "full": { "type": "string", "nullable": true, "default": "yes" },
                "list": { "type": "array", "items": { "type": "string" } },
                "none": { "type": "array", "items": { "type": "string" }, "default": [] },
                "other": { "$ref": "#/components/schemas/Other" },
                "whole": { "$ref": "#/components/schemas/Whole" },
                "kind": { "type": "string", "title": "Kind", "nullable": true, "enum": ["a"] },
            } },
            "Other": { "oneOf": [
                { "$ref": "#/components/schemas/Whole" },
                { "$ref": "#/components/schemas/Third" },
            ] },
            "Third": { "type": "integer", "nullable": true },
        } } })
    }

    #[test]
    fn optional_nullable_properties_are_marked() {
        let mut marked = draft();
        mark(&mut marked);
        let whole = walk::component(&marked, "Whole").unwrap();
        let members = walk::entries(whole.get("properties"));
        let described = members.map(|(name, member)| {
            let description = walk::string_of(member, "description");
            (name, description.and_then(|text| text.chars().next()))
        });
        let described: Vec<_> = described.collect();
        let null = Some(NULL_MARK);
        assert_eq!(
            described,
            [
                ("must", None),
                ("may", null),
                ("not", None),
                ("full", None),
                ("list", None),
                ("none", Some(EMPTY_MARK)),
                ("other", null),
                ("whole", None),
                ("kind", null),
            ]
        );
    }

    #[test]
    fn removing_markers_restores_the_draft() {
        let mut marked = draft();
        mark(&mut marked);
        assert_ne!(marked, draft());
        unmark(&mut marked);
        assert_eq!(marked, draft());
    }
}
