//! The Rust items named by findings exist in the generated client.

use openapi_contract::compare::{Relation, compare};
use workspace_tests::documents;
use workspace_tests::edit::Edit::{self, Remove, Rename, Set};
use workspace_tests::surface;

/// Edits that break Rust code, and the item that the finding names.
const EDITS: &[(Edit, &str)] = &[
    (
        Set("/paths/~1media/get/operationId", "list_files"),
        "Client::list_media",
    ),
    (
        Remove("/components/schemas/MediaItem/properties/type"),
        "types::MediaItem::type_",
    ),
    (
        Rename(
            "/components/schemas/MediaItem/properties/created_at",
            "created",
        ),
        "types::MediaItem::created_at",
    ),
    (
        Set(
            "/components/schemas/MediaStatus/enum",
            "[ready, processing]",
        ),
        "types::MediaStatus",
    ),
    (
        Set("/components/parameters/limit/schema/type", "string"),
        "builder::ListMedia::limit",
    ),
    (
        Set("/components/parameters/type/name", "kind"),
        "builder::ListMedia::type_",
    ),
];

#[test]
fn named_items_exist_in_the_client() {
    let root = documents::workspace().join("crates/media-client/src/lib.rs");
    let facts = surface::of_crate(&root, &[]);
    for (edit, item) in EDITS {
        let old = documents::contract("old.yaml", documents::CONTRACT);
        let new = documents::contract("new.yaml", edit.in_yaml(documents::CONTRACT));
        let findings = compare(&old, &new, Relation::Evolution);
        let items: Vec<&str> = findings
            .iter()
            .filter_map(|finding| finding.rust_item.as_deref())
            .collect();
        assert!(items.contains(item), "{item}: {items:?}");
        let (around, name) = item.rsplit_once("::").expect("it has a path");
        let is_there = facts.iter().any(|fact| {
            let is_method = fact.starts_with(&format!("method generated::{around}"))
                && [format!(" fn {name}("), format!(" fn {name}<")]
                    .iter()
                    .any(|signature| fact.contains(signature));
            is_method
                || fact.starts_with(&format!("enum generated::{item} [string_enum!]"))
                || fact.starts_with(&format!("field generated::{around}.{name}:"))
        });
        assert!(is_there, "{item} is in the client");
    }
}
