//! Marks the members of objects whose absence says something else than a value that is empty.
//!
//! To typify a member that is not there is the same as null, or as a list without elements, and its
//! code does not say which members may be null. All that it carries from the schema of a member into
//! the code is the description, so the marks stand there. [`Members`](crate::source::Members) reads
//! them, and takes them out.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::lower::nullable::{components, may_be_null};
use crate::lower::walk::{self, Object};
use crate::source::{LIST_MARK, NULL_MARK, WRAP_MARK};

/// Says how each member would be described that has no type of its own, and so no place for more.
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

/// Marks the members that may be left out.
pub(super) fn mark(draft: &mut Value) {
    let nullable: HashSet<String> = components(draft).into_iter().map(str::to_owned).collect();
    walk::schemas(draft, &mut |schema, _| {
        let required: HashSet<String> = walk::elements(schema.get("required"))
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        for (name, member) in walk::members_mut(schema.get_mut("properties")) {
            // One that has a default has that where it is left out.
            if let Some(member) = member.as_object_mut()
                && !required.contains(name)
                && member.get("default").is_none_or(Value::is_null)
            {
                mark_member(member, &nullable);
            }
        }
    });
}

fn mark_member(member: &mut Object, nullable: &HashSet<String>) {
    if may_be_null(member, &mut |name| nullable.contains(name)) {
        let is_plain = || member.keys().all(|key| PLAIN.contains(&key.as_str()));
        let is_shared = member.contains_key("title") && !is_plain();
        if member.contains_key("$ref") || is_shared {
            wrap(member);
        } else {
            describe(member, &NULL_MARK.to_string());
        }
    } else if is_container(member) {
        describe(member, &LIST_MARK.to_string());
    }
}

/// Whether typify makes a list or a map of a schema.
fn is_container(schema: &Object) -> bool {
    match walk::text(schema, "type") {
        Some("array") => true,
        Some("object") => !schema.contains_key("properties"),
        _ => false,
    }
}

/// Puts a mark before the description.
fn describe(member: &mut Object, mark: &str) {
    let description = walk::text(member, "description").unwrap_or_default();
    let description = format!("{mark}{description}");
    member.insert("description".to_owned(), Value::from(description));
}

/// Lets a reference have a description, or a type that other members share keep its own.
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

/// Makes a draft what it was without its marks.
pub(super) fn unmark(draft: &mut Value) {
    walk::schemas(draft, &mut |schema, _| {
        for (_, member) in walk::members_mut(schema.get_mut("properties")) {
            if let Some(member) = member.as_object_mut() {
                unmark_member(member);
            }
        }
    });
}

fn unmark_member(member: &mut Object) {
    let Some(description) = walk::text(member, "description") else {
        return;
    };
    let Some(description) = description.strip_prefix([NULL_MARK, LIST_MARK]) else {
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
    let nullable = member.shift_remove("nullable");
    let parts = member.get_mut("allOf").and_then(Value::as_array_mut);
    if let Some(Value::Object(inner)) = parts.and_then(Vec::pop) {
        *member = inner;
        member.extend(nullable.map(|nullable| ("nullable".to_owned(), nullable)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{LIST_MARK, NULL_MARK, mark, unmark, walk};

    fn draft() -> Value {
        json!({ "components": { "schemas": {
            "Whole": { "type": "object", "required": ["must"], "properties": {
                "must": { "type": "string", "nullable": true },
                "may": { "type": "string", "nullable": true, "description": "It may." },
                "not": { "type": "string" },
                "full": { "type": "string", "nullable": true, "default": "yes" },
                "list": { "type": "array", "items": { "$ref": "#/components/schemas/Other" } },
                "other": { "$ref": "#/components/schemas/Other" },
                "none": { "$ref": "#/components/schemas/Whole" },
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
    fn members_that_may_be_left_out_and_null_are_marked() {
        let mut marked = draft();
        mark(&mut marked);
        let whole = walk::component(&marked, "Whole").unwrap();
        let members = walk::members(whole.get("properties"));
        let described = members.map(|(name, member)| {
            let description = walk::text_of(member, "description");
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
                ("list", Some(LIST_MARK)),
                ("other", null),
                ("none", None),
                ("kind", null),
            ]
        );
    }

    #[test]
    fn without_its_marks_a_draft_is_what_it_was() {
        let mut marked = draft();
        mark(&mut marked);
        assert_ne!(marked, draft());
        unmark(&mut marked);
        assert_eq!(marked, draft());
    }
}
