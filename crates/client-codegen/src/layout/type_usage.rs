//! The groups of the types.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::TagGroups;
use crate::client_plan::{
    ClientPlan, ContentPlan, ItemsPlan, OperationPlan, PartKind, Reading, ResponseBody, ResultType,
};
use crate::types::{TypeId, TypeKind, TypeRef};

/// Returns the group of each type by name.
pub(super) fn groups(groups: &TagGroups, plan: &ClientPlan) -> BTreeMap<String, usize> {
    if groups.all().len() == 1 {
        return BTreeMap::new();
    }
    let types = &plan.types;
    let name = |id: TypeId| types.get(id).name.as_str();
    let uses: BTreeMap<&str, BTreeSet<&str>> = types
        .iter()
        .map(|(id, def)| {
            let used = of_kind(&def.kind).into_iter().map(name);
            (name(id), used.collect())
        })
        .collect();
    let mut used = vec![BTreeSet::new(); groups.all().len()];
    for operation in &plan.operations {
        let group = groups.of_method(&operation.client_method());
        used[group].extend(of_operation(operation).into_iter().map(name));
    }
    groups.of_types(&uses, &used)
}

/// The types that another refers to.
fn of_kind(kind: &TypeKind) -> Vec<TypeId> {
    let mut found = Vec::new();
    match kind {
        TypeKind::Struct(structure) => {
            for field in &structure.fields {
                field.ty.named(&mut found);
            }
            if let Some(additional) = &structure.additional {
                additional.ty.named(&mut found);
            }
        }
        TypeKind::Union(union) => {
            for variant in &union.variants {
                variant.ty.named(&mut found);
            }
        }
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => ty.named(&mut found),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::ConstrainedString(_) => {}
    }
    found
}

/// The types in the code of an operation.
fn of_operation(operation: &OperationPlan) -> Vec<TypeId> {
    let mut found = Vec::new();
    let mut add = |ty: &TypeRef| ty.named(&mut found);
    operation
        .parameters
        .iter()
        .for_each(|parameter| add(&parameter.ty));
    for content in operation.body.iter().flat_map(|body| &body.contents) {
        of_content(content, &mut add);
    }
    for result in [&operation.success, &operation.error] {
        match result {
            ResultType::Json(ty) | ResultType::OptionalJson(ty) => add(ty),
            ResultType::Items(ItemsPlan { ty, .. }) => add(ty),
            ResultType::Text | ResultType::Bytes | ResultType::Empty | ResultType::Upgraded => {}
        }
    }
    for response in &operation.responses {
        match &response.reading {
            Reading::Success(body) | Reading::Error(body) => match body {
                ResponseBody::Json { ty, .. } => add(ty),
                ResponseBody::Variant(variant) => add(&variant.ty),
                ResponseBody::ByMediaType(variants) => {
                    variants.iter().for_each(|variant| add(&variant.ty));
                }
                ResponseBody::Items(items) => add(&items.ty),
                ResponseBody::Text
                | ResponseBody::Stream
                | ResponseBody::Absent
                | ResponseBody::Empty
                | ResponseBody::Upgrade => {}
            },
            Reading::Unexpected => {}
        }
    }
    if let Some(stream) = &operation.stream {
        add(&stream.items.ty);
    }
    if let Some(items) = &operation.dropshot_items {
        add(items);
    }
    found
}

fn of_content(content: &ContentPlan, add: &mut impl FnMut(&TypeRef)) {
    content.ty.iter().for_each(&mut *add);
    for part in &content.parts {
        match &part.kind {
            PartKind::Text(ty) | PartKind::Json(ty) => add(ty),
            PartKind::File | PartKind::Word | PartKind::Content => {}
        }
    }
}
