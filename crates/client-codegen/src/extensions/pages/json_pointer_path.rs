//! Converts a JSON pointer to a Rust expression that follows it through the generated types.

use openapi_contract::document::unescape_token;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use crate::client_ir;
use crate::error::GenerateError;
use crate::types::{Field, Presence, TypeKind, TypeRef, TypeSet};

/// The generated types that a JSON pointer is followed through.
#[derive(Clone, Copy)]
pub(super) struct TypePaths<'a>(pub(super) &'a TypeSet);

/// The target of a JSON pointer.
#[derive(Debug)]
pub(super) struct PathTarget {
    /// The expression, of the type or of an `Option` of it.
    pub(super) expr: TokenStream,
    pub(super) optional: bool,
    /// Whether the expression, or the content of its `Option`, is a reference.
    pub(super) borrowed: bool,
    pub(super) ty: TypeRef,
}

/// Whether an expression moves the value or borrows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Value,
    Reference,
}

/// Why a JSON pointer has no target in the generated types.
#[derive(Debug, thiserror::Error)]
pub(super) enum PathError {
    #[error("`{ty}` has no properties, so there is no `{name}`")]
    NoProperties { ty: String, name: String },
    #[error("`{ty}` has no property `{name}`; its properties: {}", list(.known))]
    UnknownProperty {
        ty: String,
        name: String,
        known: Vec<String>,
    },
}

/// Formats names for a message.
fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl<'a> TypePaths<'a> {
    /// Follows a pointer from a value of this type. A pointer without a target is the inner error.
    ///
    /// # Errors
    /// If the name of a type or field is not Rust.
    pub(super) fn follow(
        &self,
        root: &str,
        ty: &TypeRef,
        pointer: &str,
        by: Access,
    ) -> Result<Result<PathTarget, PathError>, GenerateError> {
        let root = Ident::new(root, Span::call_site());
        let mut at = PathStep {
            end: PathTarget {
                expr: quote!(#root),
                optional: false,
                borrowed: by == Access::Reference,
                ty: ty.clone(),
            },
            by,
        };
        for name in pointer.split('/').skip(1).map(unescape_token) {
            self.unwrap(&mut at)?;
            match self.property(&at.end.ty, &name) {
                Ok(field) => at.enter(field)?,
                Err(lost) => return Ok(Err(lost)),
            }
        }
        self.unwrap(&mut at)?;
        Ok(Ok(at.end))
    }

    /// Unwraps options, boxes, aliases and newtypes around a JSON value.
    fn unwrap(&self, at: &mut PathStep) -> Result<(), GenerateError> {
        loop {
            let inner = match &at.end.ty {
                TypeRef::Nullable(inner) => {
                    let inner = (**inner).clone();
                    at.option("as_ref", None);
                    inner
                }
                TypeRef::Boxed(inner) => {
                    let inner = (**inner).clone();
                    at.deref(None);
                    inner
                }
                TypeRef::Named(id) => match &self.0.get(*id).kind {
                    TypeKind::Alias(inner) => inner.clone(),
                    TypeKind::Wrapper(inner) => {
                        at.deref(Some(&client_ir::type_of(self.0, inner)?));
                        inner.clone()
                    }
                    _ => return Ok(()),
                },
                _ => return Ok(()),
            };
            at.end.ty = inner;
        }
    }

    /// Finds a property of an unwrapped type.
    fn property(&self, ty: &TypeRef, name: &str) -> Result<&'a Field, PathError> {
        let found = match ty {
            TypeRef::Named(id) => match &self.0.get(*id).kind {
                TypeKind::Struct(found) => Some(found),
                _ => None,
            },
            _ => None,
        };
        let found = found.ok_or_else(|| PathError::NoProperties {
            ty: self.0.source(ty, ""),
            name: name.to_owned(),
        })?;
        let mut fields = found.fields.iter();
        fields
            .find(|field| field.name == name)
            .ok_or_else(|| PathError::UnknownProperty {
                ty: self.0.source(ty, ""),
                name: name.to_owned(),
                known: found
                    .fields
                    .iter()
                    .map(|field| field.name.clone())
                    .collect(),
            })
    }
}

/// The expression for the tokens that were followed so far.
struct PathStep {
    end: PathTarget,
    by: Access,
}

impl PathStep {
    /// Goes to a field of a struct.
    fn enter(&mut self, field: &Field) -> Result<(), GenerateError> {
        let ident: Ident = syn::parse_str(&field.field).map_err(GenerateError::unparsable)?;
        self.field(&ident);
        self.end.ty = field.ty.clone();
        match field.presence {
            Presence::Required | Presence::Default(_) => {}
            Presence::Optional | Presence::OptionalAny => self.option("as_ref", None),
            Presence::OptionalNullable => self.option("as_option", Some("into_option")),
        }
        Ok(())
    }

    fn field(&mut self, ident: &Ident) {
        let expr = &self.end.expr;
        self.end.expr = match (self.end.optional, self.by) {
            (false, _) => quote!(#expr.#ident),
            (true, Access::Value) => quote!(#expr.map(|value| value.#ident)),
            (true, Access::Reference) => quote!(#expr.map(|value| &value.#ident)),
        };
        self.end.borrowed = self.end.optional && self.by == Access::Reference;
    }

    /// Unwraps a type with an optional value. The methods convert it to an `Option`.
    fn option(&mut self, borrow: &str, take: Option<&str>) {
        let expr = &self.end.expr;
        let borrow = format_ident!("{borrow}");
        let take = take.map(|take| format_ident!("{take}"));
        self.end.expr = match (self.end.optional, self.by, take) {
            (false, Access::Value, None) => quote!(#expr),
            (false, Access::Value, Some(take)) => quote!(#expr.#take()),
            (false, Access::Reference, _) => quote!(#expr.#borrow()),
            (true, Access::Value, None) => quote!(#expr.flatten()),
            (true, Access::Value, Some(take)) => quote!(#expr.and_then(|value| value.#take())),
            (true, Access::Reference, _) => quote!(#expr.and_then(|value| value.#borrow())),
        };
        self.end.optional = true;
        self.end.borrowed = self.by == Access::Reference;
    }

    /// Unwraps a box, or a newtype around this type.
    fn deref(&mut self, newtype: Option<&Type>) {
        let expr = &self.end.expr;
        self.end.expr = match (self.end.optional, self.by, newtype) {
            (false, Access::Value, None) => quote!((*#expr)),
            (false, Access::Value, Some(inner)) => quote!(<#inner>::from(#expr)),
            (false, Access::Reference, _) if self.end.borrowed => quote!((**#expr)),
            (false, Access::Reference, _) => quote!((*#expr)),
            (true, Access::Value, None) => quote!(#expr.map(|value| *value)),
            (true, Access::Value, Some(inner)) => quote!(#expr.map(<#inner>::from)),
            (true, Access::Reference, _) => quote!(#expr.map(|value| &**value)),
        };
        self.end.borrowed = self.end.optional && self.by == Access::Reference;
    }
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;

    use super::{Access, TypePaths};
    use crate::client_plan::{ClientPlan, ResultType};
    use crate::types::TypeRef;

    const CONTRACT: &str = r##"
openapi: 3.1.0
info: { title: Pages, version: "1" }
paths:
  /pages:
    get:
      operationId: list
      responses:
        "200":
          description: ""
          content: { application/json: { schema: { $ref: "#/components/schemas/Page" } } }
components:
  schemas:
    Page:
      type: object
      required: [meta]
      properties:
        nextPage: { type: string }
        type: { type: string }
        parent: { $ref: "#/components/schemas/Page" }
        meta: { $ref: "#/components/schemas/Data" }
        gone:
          oneOf: [{ $ref: "#/components/schemas/Data" }, { type: "null" }]
    Data:
      type: object
      required: [items, tree, next]
      properties:
        items: { $ref: "#/components/schemas/List" }
        tree: { $ref: "#/components/schemas/Tree" }
        next: { type: [string, "null"] }
    List: { type: array, items: { $ref: "#/components/schemas/Item" } }
    Item: { type: object, properties: { a: { type: string } } }
    Tree: { type: array, items: { $ref: "#/components/schemas/Tree" } }
"##;

    fn plan() -> ClientPlan {
        let document = Document::parse("contract.yaml", CONTRACT).unwrap();
        ClientPlan::read(&Contract::read(document).unwrap()).unwrap()
    }

    fn page(plan: &ClientPlan) -> TypeRef {
        match &plan.operations[0].success {
            ResultType::Json(ty) => ty.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pointers_become_expressions_by_value_and_by_reference() {
        let plan = plan();
        let page = page(&plan);
        for (pointer, by, expr, ty) in [
            ("/meta/items", Access::Value, "page.meta.items", "Vec<Item>"),
            (
                "/meta/next",
                Access::Reference,
                "page.meta.next.as_ref()",
                "String",
            ),
            (
                "/nextPage",
                Access::Reference,
                "page.next_page.as_ref()",
                "String",
            ),
            (
                "/parent/meta/items",
                Access::Value,
                "page.parent.map(|value|*value).map(|value|value.meta).map(|value|value.items)",
                "Vec<Item>",
            ),
            (
                "/parent/meta/next",
                Access::Reference,
                "page.parent.as_ref().map(|value|&**value).map(|value|&value.meta)\
                 .map(|value|&value.next).and_then(|value|value.as_ref())",
                "String",
            ),
            (
                "/gone/items",
                Access::Value,
                "page.gone.into_option().map(|value|value.items)",
                "Vec<Item>",
            ),
            (
                "/gone/items",
                Access::Reference,
                "page.gone.as_option().map(|value|&value.items)",
                "Vec<Item>",
            ),
            (
                "/meta/tree",
                Access::Value,
                "<Vec<types::Tree>>::from(page.meta.tree)",
                "Vec<Tree>",
            ),
            (
                "/meta/tree",
                Access::Reference,
                "(*page.meta.tree)",
                "Vec<Tree>",
            ),
        ] {
            let end = TypePaths(&plan.types).follow("page", &page, pointer, by);
            let end = end.unwrap().unwrap();
            assert_eq!(end.expr.to_string().replace(' ', ""), expr);
            assert_eq!(plan.types.source(&end.ty, ""), ty, "{pointer}");
        }
    }

    #[test]
    fn a_page_may_be_missing() {
        let plan = plan();
        let page = TypeRef::Nullable(Box::new(page(&plan)));
        let follow = |by| TypePaths(&plan.types).follow("page", &page, "/meta/items", by);
        for (by, expr) in [
            (
                Access::Value,
                "page.map(|value|value.meta).map(|value|value.items)",
            ),
            (
                Access::Reference,
                "page.as_ref().map(|value|&value.meta).map(|value|&value.items)",
            ),
        ] {
            let end = follow(by).unwrap().unwrap();
            assert_eq!(end.expr.to_string().replace(' ', ""), expr);
            assert!(end.optional);
        }
    }

    #[test]
    fn a_field_may_be_a_raw_identifier() {
        let plan = plan();
        let types = TypePaths(&plan.types);
        let end = types.follow("page", &page(&plan), "/type", Access::Reference);
        let field = plan.types.structure(&page(&plan)).unwrap().1.fields[1]
            .field
            .clone();
        let expr = end.unwrap().unwrap().expr.to_string().replace(' ', "");
        assert_eq!(expr, format!("page.{field}.as_ref()"));
    }

    #[test]
    fn a_pointer_without_a_target_says_where_it_ends() {
        let plan = plan();
        for (pointer, message) in [
            (
                "/meta/nothing",
                "`Data` has no property `nothing`; its properties: `items`, `tree`, `next`",
            ),
            (
                "/nextPage/deeper",
                "`String` has no properties, so there is no `deeper`",
            ),
            (
                "/meta/items/0",
                "`Vec<Item>` has no properties, so there is no `0`",
            ),
        ] {
            let lost = TypePaths(&plan.types).follow("page", &page(&plan), pointer, Access::Value);
            assert_eq!(lost.unwrap().unwrap_err().to_string(), message);
        }
    }
}
