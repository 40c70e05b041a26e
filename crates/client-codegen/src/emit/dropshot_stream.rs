//! Fixes the streams that progenitor generates for dropshot's pagination. They assume that the token of the
//! next page is an `Option` and the items are a `Vec`, whatever the types of these fields.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, ItemImpl, Member, ReturnType, Type, parse_quote};

use crate::client_ir::arguments;
use crate::types::Types;

/// Adapts the stream of an operation to the types of the page's fields.
pub(super) fn adapt(builder: &mut ItemImpl, types: &Types) {
    let methods = builder.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(method) => Some(&method.sig),
        _ => None,
    });
    let methods: Vec<&syn::Signature> = methods.collect();
    let is_called = |name: &str| methods.iter().find(|method| method.ident == name);
    let (Some(send), Some(_)) = (is_called("send"), is_called("stream")) else {
        return;
    };
    let page = match &send.output {
        ReturnType::Type(_, output) => page(output).and_then(|page| types.structure(&page)),
        ReturnType::Default => None,
    };
    let fields = page.into_iter().flat_map(|page| page.fields);
    let members = fields.filter_map(|field| {
        let name = field.ident?;
        let is_of = |generic: &str| arguments(&field.ty, generic).is_some();
        match name.to_string().as_str() {
            "next_page" if is_of("Nullable") => Some((name, parse_quote!(into_option))),
            "items" if is_of("Option") => Some((name, parse_quote!(unwrap_or_default))),
            _ => None,
        }
    });
    let mut members = PageFields(members.collect());
    for item in &mut builder.items {
        if let syn::ImplItem::Fn(method) = item
            && method.sig.ident == "stream"
        {
            members.visit_block_mut(&mut method.block);
        }
    }
}

/// Returns `X` in `Result<ResponseValue<types::X>, E>`.
fn page(output: &Type) -> Option<String> {
    let response = *arguments(output, "Result")?.first()?;
    match *arguments(response, "ResponseValue")?.first()? {
        Type::Path(page) => Some(page.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// Returns the fields with other types, and the methods that convert them to the types that progenitor assumes.
struct PageFields(Vec<(Ident, Ident)>);

impl VisitMut for PageFields {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::Field(field) = expr else { return };
        let Member::Named(name) = &field.member else {
            return;
        };
        if let Some((_, method)) = self.0.iter().find(|(member, _)| member == name) {
            *expr = parse_quote!(#field.#method());
        }
    }
}
