//! Formats timestamps in paths and headers according to RFC 3339.
//!
//! progenitor uses `Display` there, which gives `2026-04-10 12:00:00 UTC`. Query parameters are serialized as
//! in JSON, which is correct.

use std::collections::{HashMap, HashSet};

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItem, Item, Pat, Token, parse_quote};

/// Changes how the builders of all operations format timestamps.
pub(crate) fn write(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "builder"
            && let Some((_, items)) = &mut module.content
        {
            builders(items);
        }
    }
}

fn builders(items: &mut [Item]) {
    let times = times(items);
    for item in items {
        let Item::Impl(block) = item else { continue };
        let syn::Type::Path(own) = &*block.self_ty else {
            continue;
        };
        let builder = own.path.segments.last().map(|name| name.ident.to_string());
        let Some(names) = builder.and_then(|builder| times.get(&builder)) else {
            continue;
        };
        for item in &mut block.items {
            if let ImplItem::Fn(method) = item
                && method.sig.ident == "send"
            {
                let names = names.clone();
                TimePatch { names }.visit_block_mut(&mut method.block);
            }
        }
    }
}

/// Returns the timestamp fields of each builder.
fn times(items: &[Item]) -> HashMap<String, HashSet<String>> {
    let mut times: HashMap<String, HashSet<String>> = HashMap::new();
    for item in items {
        let Item::Struct(builder) = item else {
            continue;
        };
        for field in &builder.fields {
            let ty = field.ty.to_token_stream().to_string();
            let is_time = ty.contains("chrono :: DateTime") && !ty.contains("Vec");
            if let (true, Some(name)) = (is_time, &field.ident) {
                let names = times.entry(builder.ident.to_string()).or_default();
                names.insert(name.to_string());
            }
        }
    }
    times
}

struct TimePatch {
    /// The timestamp variables.
    names: HashSet<String>,
}

impl TimePatch {
    fn is_time(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Path(path) => path
                .path
                .get_ident()
                .is_some_and(|name| self.names.contains(&name.to_string())),
            Expr::Reference(reference) => self.is_time(&reference.expr),
            _ => false,
        }
    }
}

impl VisitMut for TimePatch {
    fn visit_expr_if_mut(&mut self, branch: &mut syn::ExprIf) {
        // `if let Some(value) = date`
        let inner = match &*branch.cond {
            Expr::Let(found) if self.is_time(&found.expr) => match &*found.pat {
                Pat::TupleStruct(some) => some.elems.first(),
                _ => None,
            },
            _ => None,
        };
        let inner = match inner {
            Some(Pat::Ident(inner)) => Some(inner.ident.to_string()),
            _ => None,
        };
        let added = inner.filter(|inner| self.names.insert(inner.clone()));
        visit_mut::visit_expr_if_mut(self, branch);
        if let Some(added) = added {
            self.names.remove(&added);
        }
    }

    fn visit_macro_mut(&mut self, called: &mut syn::Macro) {
        // `format!("{}/{}", client.baseurl, encode_path(&date.to_string()))`
        let parsed = called.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        if let Ok(mut arguments) = parsed {
            let arguments_mut = arguments.iter_mut();
            arguments_mut.for_each(|argument| self.visit_expr_mut(argument));
            called.tokens = arguments.to_token_stream();
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr
            && call.method == "to_string"
            && self.is_time(&call.receiver)
        {
            let time = &call.receiver;
            *expr = parse_quote!(#time.to_rfc3339_opts(::chrono::SecondsFormat::AutoSi, true));
        }
    }
}
