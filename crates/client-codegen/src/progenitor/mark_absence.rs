//! Marks the members of objects by what their absence says.
//!
//! To typify a member that is not there is the same as null, or as a list without elements, and its
//! code does not say which members may be null, or are empty by default. All that it carries from the
//! schema of a member into the code is the description, so the marks stand there. `source/members` reads
//! them, and takes them out.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::absence_markers::{EMPTY_MARK, NULL_MARK, WRAP_MARK};
use crate::lower::nullable::{components, may_be_null};
use crate::lower::walk::{self, Object};

/// What a schema may say without being a type of its own, which others may share.
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
        // To be empty and not to be there is the same.
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
    // Where parts are merged, the description of the whole is lost.
    let has_parts = member.contains_key("$ref") || member.contains_key("allOf");
    if has_parts || is_shared {
        wrap(member);
    } else {
        describe(member, &NULL_MARK.to_string());
    }
}

/// Puts a mark before the description.
fn describe(member: &mut Object, mark: &str) {
    let description = walk::string(member, "description").unwrap_or_default();
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
    fn members_that_may_be_left_out_and_null_are_marked() {
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
    fn without_its_marks_a_draft_is_what_it_was() {
        let mut marked = draft();
        mark(&mut marked);
        assert_ne!(marked, draft());
        unmark(&mut marked);
        assert_eq!(marked, draft());
    }
}
