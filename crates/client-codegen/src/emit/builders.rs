//! What progenitor's builders lack: optional bodies, and the types of parameters that it rejects.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItem, Type, parse_quote};

use crate::ast;
use crate::client_ir::{Operation, element};
use crate::error::GenerateError;
use crate::plan::BodyKind;

/// Completes the builder of an operation.
pub(super) fn complete(file: &mut syn::File, operation: &Operation) -> Result<(), GenerateError> {
    let unexpected = |what: &str| {
        GenerateError::UnexpectedCode(format!("{what} of the operation `{}`", operation.plan.id))
    };
    let items = ast::builders(file).ok_or_else(|| unexpected("the module"))?;
    for parameter in &operation.parameters {
        if !parameter.is_wrapped_in_array {
            continue;
        }
        let name = parameter.ident.to_string();
        let field = ast::field(items, &operation.builder, &name);
        let field = field.ok_or_else(|| unexpected("a field"))?;
        let mut is_done = FirstElementType::default();
        is_done.visit_type_mut(&mut field.ty);
        let mut setters = ast::blocks(items, &operation.builder).flat_map(|block| &mut block.items);
        let setter = setters.find_map(|item| match item {
            ImplItem::Fn(method) if method.sig.ident == name => Some(method),
            _ => None,
        });
        let setter = setter.ok_or_else(|| unexpected("a setter"))?;
        if !is_done.is_done || !restore_parameter_type(setter) {
            return Err(unexpected("the array of a parameter"));
        }
    }
    let is_optional =
        operation.plan.body.as_ref().is_some_and(|body| {
            !body.required && matches!(body.kind, BodyKind::Json | BodyKind::Form)
        });
    if is_optional {
        make_body_optional(items, operation).ok_or_else(|| unexpected("the body"))?;
    }
    Ok(())
}

/// Replaces the array in the signature of a method by its element. Returns whether there was one.
pub(crate) fn restore_parameter_type(method: &mut syn::ImplItemFn) -> bool {
    let mut element = FirstElementType::default();
    element.visit_signature_mut(&mut method.sig);
    element.is_done
}

/// Replaces the first `Vec<T>` by `T`.
#[derive(Default)]
struct FirstElementType {
    is_done: bool,
}

impl VisitMut for FirstElementType {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Some(element) = element(ty).filter(|_| !self.is_done) {
            self.is_done = true;
            *ty = element;
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}

/// Makes the body of a builder optional: its field, its initial value and its setters.
fn make_body_optional(items: &mut [syn::Item], operation: &Operation) -> Option<()> {
    let field = ast::field(items, &operation.builder, "body")?;
    let ty = crate::client_ir::arguments(&field.ty, "Result")?
        .first()
        .map(|ty| (*ty).clone())?;
    field.ty = parse_quote!(Result<Option<#ty>, String>);
    let mut has_initial_value = false;
    let mut has_setter = false;
    for block in ast::blocks(items, &operation.builder) {
        for item in &mut block.items {
            let ImplItem::Fn(method) = item else { continue };
            match method.sig.ident.to_string().as_str() {
                "new" => {
                    let mut initial = InitialBody { is_done: false };
                    initial.visit_block_mut(&mut method.block);
                    has_initial_value = initial.is_done;
                }
                "body" => {
                    let mut assigned = AssignedBody { is_done: false };
                    assigned.visit_block_mut(&mut method.block);
                    has_setter = assigned.is_done;
                }
                "body_map" => {
                    method.block = parse_quote!({
                        self.body = self.body.map(|body| Some(f(body.unwrap_or_default())));
                        self
                    });
                }
                _ => {}
            }
        }
    }
    (has_initial_value && has_setter).then_some(())
}

/// The initial value of the body: none.
struct InitialBody {
    is_done: bool,
}

impl VisitMut for InitialBody {
    fn visit_field_value_mut(&mut self, value: &mut syn::FieldValue) {
        if matches!(&value.member, syn::Member::Named(name) if name == "body") {
            value.expr = parse_quote!(Ok(None));
            self.is_done = true;
        }
    }
}

/// The value that the setter assigns.
struct AssignedBody {
    is_done: bool,
}

impl VisitMut for AssignedBody {
    fn visit_expr_assign_mut(&mut self, assignment: &mut syn::ExprAssign) {
        let value: &Expr = &assignment.right;
        *assignment.right = parse_quote!(#value.map(Some));
        self.is_done = true;
    }
}
