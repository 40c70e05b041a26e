//! Boxes what would otherwise contain itself.

use super::super::{TypeId, TypeKind, TypeRef, TypeSet};

/// Boxes the fields and variants through which a type contains itself.
pub(super) fn insert(set: &mut TypeSet) {
    let components = Components::of(set);
    let of = |id: TypeId| components.of[id.0];
    for at in 0..set.types.len() {
        let own = of(TypeId(at));
        let mut kind = std::mem::replace(&mut set.types[at].kind, TypeKind::Alias(TypeRef::Any));
        let add = |ty: &mut TypeRef| {
            if by_value(ty).any(|id| of(id) == own && components.is_cyclic[own]) {
                box_inner(ty);
            }
        };
        match &mut kind {
            TypeKind::Struct(found) => found.fields.iter_mut().for_each(|field| add(&mut field.ty)),
            TypeKind::Union(found) => {
                found
                    .variants
                    .iter_mut()
                    .for_each(|variant| add(&mut variant.ty));
            }
            _ => {}
        }
        set.types[at].kind = kind;
    }
}

/// Boxes a type, inside of its `Option`.
fn box_inner(ty: &mut TypeRef) {
    match ty {
        TypeRef::Nullable(inner) => box_inner(inner),
        _ => {
            let inner = std::mem::replace(ty, TypeRef::Any);
            *ty = TypeRef::Boxed(Box::new(inner));
        }
    }
}

/// The types that a value of a type has inside of it, without a pointer between.
fn by_value(ty: &TypeRef) -> impl Iterator<Item = TypeId> {
    let mut found = Vec::new();
    let mut todo = vec![ty];
    while let Some(ty) = todo.pop() {
        match ty {
            TypeRef::Named(id) => found.push(*id),
            TypeRef::Nullable(inner) | TypeRef::Array(inner, _) => todo.push(inner),
            TypeRef::Tuple(items) => todo.extend(items),
            _ => {}
        }
    }
    found.into_iter()
}

/// The strongly connected components of the graph of types.
struct Components {
    /// The component of each type.
    of: Vec<usize>,
    /// Whether a component has a cycle.
    is_cyclic: Vec<bool>,
}

impl Components {
    /// Tarjan's algorithm, with an explicit stack.
    fn of(set: &TypeSet) -> Self {
        const NONE: usize = usize::MAX;
        let edges: Vec<Vec<usize>> = set.types.iter().map(|def| edges(&def.kind)).collect();
        let count = edges.len();
        let (mut index, mut low) = (vec![NONE; count], vec![NONE; count]);
        let mut of = vec![NONE; count];
        let mut is_cyclic = Vec::new();
        let (mut stack, mut next) = (Vec::new(), 0);
        for root in 0..count {
            if index[root] != NONE {
                continue;
            }
            let mut calls = vec![(root, 0)];
            while let Some((node, at)) = calls.pop() {
                if at == 0 {
                    index[node] = next;
                    low[node] = next;
                    next += 1;
                    stack.push(node);
                }
                if let Some(&to) = edges[node].get(at) {
                    calls.push((node, at + 1));
                    if index[to] == NONE {
                        calls.push((to, 0));
                    } else if of[to] == NONE {
                        low[node] = low[node].min(index[to]);
                    }
                    continue;
                }
                if low[node] == index[node] {
                    let mut size = 0;
                    while let Some(member) = stack.pop() {
                        of[member] = is_cyclic.len();
                        size += 1;
                        if member == node {
                            break;
                        }
                    }
                    is_cyclic.push(size > 1 || edges[node].contains(&node));
                }
                if let Some((parent, _)) = calls.last() {
                    low[*parent] = low[*parent].min(low[node]);
                }
            }
        }
        Self { of, is_cyclic }
    }
}

fn edges(kind: &TypeKind) -> Vec<usize> {
    let of = |ty: &TypeRef| by_value(ty).map(|id| id.0).collect::<Vec<_>>();
    match kind {
        TypeKind::Struct(found) => found
            .fields
            .iter()
            .flat_map(|field| of(&field.ty))
            .collect(),
        TypeKind::Union(found) => found
            .variants
            .iter()
            .flat_map(|variant| of(&variant.ty))
            .collect(),
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => of(ty),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::ConstrainedString(_) => {
            Vec::new()
        }
    }
}
