//! Arrays and objects in URL-encoded forms, which progenitor's encoder does not support.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, parse_quote};

/// Converts the body to form fields before it is encoded.
pub(super) struct FormFields;

impl VisitMut for FormFields {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "form_urlencoded"
            && let Some(body) = call.args.first_mut()
        {
            let fields: Expr = parse_quote!(&super::sending::form_fields(#body)?);
            *body = fields;
        }
    }
}
