//! The streams that progenitor makes of dropshot's pages. It has an `Option` for the token of the next
//! page, and a list for the items, whatever else the members of the page may be.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, ItemImpl, Member, ReturnType, Type, parse_quote};

use crate::client_ir::arguments;
use crate::types::Types;

/// Lets the stream of an operation take the members of its pages for what they are.
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

/// The name of the type in `Result<ResponseValue<types::X>, E>`.
fn page(output: &Type) -> Option<String> {
    let answer = *arguments(output, "Result")?.first()?;
    match *arguments(answer, "ResponseValue")?.first()? {
        Type::Path(page) => Some(page.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// The members that are something else, with the methods that make of them what progenitor has.
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
