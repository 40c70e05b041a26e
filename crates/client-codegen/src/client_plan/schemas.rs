//! Questions about canonical schemas and the content of messages.

use std::collections::BTreeMap;

use openapi_contract::document::{Document, NodeId};
use openapi_contract::model::{Body, Contract, MediaType, Schema, SchemaId, canonical_schema_json};

use super::data::StreamKind;
use crate::types::TypeRef;

/// The body of a media type.
#[derive(Debug, Clone)]
pub(super) struct Content<'c> {
    /// The media type as written.
    pub(super) written: &'c str,
    pub(super) media_type: MediaType,
    pub(super) body: &'c Body,
}

impl Content<'_> {
    /// Whether it is a stream of items with a schema.
    pub(super) fn items(&self, contract: &Contract) -> Option<(StreamKind, SchemaId)> {
        let kind = StreamKind::of(self.media_type.essence())?;
        if let Some(item) = self.body.item_schema {
            return Some((kind, item));
        }
        self.body.schema_node?;
        let schema = contract.schemas.get(self.body.schema);
        let is_text = is_string(schema) && schema.component.is_none();
        (!is_text && !schema.allows_everything()).then_some((kind, self.body.schema))
    }
}

/// The media types of a request body or response, in the order of the contract.
pub(super) fn contents<'c>(
    document: &'c Document,
    holder: NodeId,
    content: &'c BTreeMap<MediaType, Body>,
) -> Vec<Content<'c>> {
    let entries = document.members(holder, "content").iter();
    let known = entries.filter_map(|entry| {
        let media_type = MediaType::parse(entry.key);
        let body = content.get(&media_type)?;
        // Of two spellings of one media type, the model has the last.
        (body.node == entry.value).then_some(Content {
            written: entry.key,
            media_type,
            body,
        })
    });
    known.collect()
}

/// Whether two schemas are the same component, or are both inline and allow the same values.
pub(crate) fn are_same(contract: &Contract, one: SchemaId, other: SchemaId) -> bool {
    one == other
        || contract.schemas.get(one).component == contract.schemas.get(other).component
            && canonical_schema_json(contract, one) == canonical_schema_json(contract, other)
}

/// Whether only strings are allowed, and perhaps null.
pub(super) fn is_string(schema: &Schema) -> bool {
    schema.string.is_some()
        && schema.number.is_none()
        && schema.array.is_none()
        && schema.object.is_none()
        && !schema.boolean.is_any()
}

/// A type without null.
pub(super) fn not_null(ty: TypeRef) -> TypeRef {
    match ty {
        TypeRef::Nullable(inner) => *inner,
        other => other,
    }
}

/// Whether a string can be sent in a header.
pub(super) fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// The first of `base`, `base_2`, `base_3` ... that can be reserved.
pub(super) fn first_unused(base: &str, mut reserve: impl FnMut(&str) -> bool) -> String {
    let numbered = |number| format!("{base}_{}", number + 1);
    crate::identifiers::first_unused(base, numbered, |name| !reserve(name))
}
