//! Extracts the constraints that the constructors of generated types check.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::{Attribute, BinOp, Expr, ExprLit, Ident, Lit, UnOp, parse_quote};

/// The constraints of each type with a fallible constructor.
pub(super) fn checks(file: &syn::File) -> BTreeMap<Ident, ValueCheck> {
    let mut checks = CheckReader::default();
    checks.visit_file(file);
    checks.of
}

/// The constraints that the constructor of a type checks.
#[derive(Debug, Default)]
pub(super) struct ValueCheck {
    min_length: Option<u64>,
    max_length: Option<u64>,
    pattern: Option<String>,
    only: Option<Vec<TokenStream>>,
    never: Option<Vec<TokenStream>>,
}

impl ValueCheck {
    /// Returns the attribute that adds the constraint to a derived schema.
    pub(super) fn attribute(&self) -> Option<Attribute> {
        let mut entries = Vec::new();
        if let Some(min) = self.min_length {
            entries.push(quote!("minLength" = #min));
        }
        if let Some(max) = self.max_length {
            entries.push(quote!("maxLength" = #max));
        }
        if let Some(pattern) = &self.pattern {
            entries.push(quote!("pattern" = #pattern));
        }
        if let Some(values) = &self.only {
            entries.push(quote!("enum" = [#(#values),*]));
        }
        if let Some(values) = &self.never {
            entries.push(quote!("not" = { "enum": [#(#values),*] }));
        }
        (!entries.is_empty()).then(
            || parse_quote!(#[cfg_attr(feature = "schemars", schemars(extend(#(#entries),*)))]),
        )
    }
}

/// Collects the constraints in all `impl FromStr` and `impl TryFrom`.
#[derive(Default)]
struct CheckReader {
    of: BTreeMap<Ident, ValueCheck>,
}

impl<'ast> Visit<'ast> for CheckReader {
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let constructs = item.trait_.as_ref().is_some_and(|(_, path, _)| {
            let name = path.segments.last().map(|segment| &segment.ident);
            name.is_some_and(|name| name == "FromStr" || name == "TryFrom")
        });
        if let (true, syn::Type::Path(own)) = (constructs, &*item.self_ty)
            && let Some(ident) = own.path.get_ident()
        {
            let check = self.of.entry(ident.clone()).or_default();
            visit::visit_item_impl(check, item);
        }
    }
}

impl<'ast> Visit<'ast> for ValueCheck {
    fn visit_expr_binary(&mut self, expr: &'ast syn::ExprBinary) {
        let left = expr.left.to_token_stream().to_string();
        if let (
            true,
            Expr::Lit(ExprLit {
                lit: Lit::Int(bound),
                ..
            }),
        ) = (left.contains("chars () . count ()"), &*expr.right)
        {
            let bound = bound.base10_parse().ok();
            match expr.op {
                BinOp::Gt(_) => self.max_length = bound,
                BinOp::Lt(_) => self.min_length = bound,
                _ => {}
            }
        }
        visit::visit_expr_binary(self, expr);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let function = call.func.to_token_stream().to_string();
        if function.ends_with("Regex :: new")
            && let Some(Expr::Lit(ExprLit {
                lit: Lit::Str(pattern),
                ..
            })) = call.args.first()
        {
            self.pattern = Some(pattern.value());
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_if(&mut self, expr: &'ast syn::ExprIf) {
        match &*expr.cond {
            Expr::Unary(not) if matches!(not.op, UnOp::Not(_)) => self.only = listed(&not.expr),
            condition => self.never = self.never.take().or_else(|| listed(condition)),
        }
        visit::visit_expr_if(self, expr);
    }
}

/// Returns the values in `[a, b].contains(&value)` as JSON.
fn listed(expr: &Expr) -> Option<Vec<TokenStream>> {
    let Expr::MethodCall(call) = expr else {
        return None;
    };
    let Expr::Array(array) = &*call.receiver else {
        return None;
    };
    if call.method != "contains" {
        return None;
    }
    array.elems.iter().map(json).collect()
}

/// Returns a literal in JSON, without the suffix of its Rust type.
fn json(expr: &Expr) -> Option<TokenStream> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Int(int) => {
                let digits: Literal = int.base10_digits().parse().ok()?;
                Some(quote!(#digits))
            }
            Lit::Float(float) => {
                let digits: Literal = float.base10_digits().parse().ok()?;
                Some(quote!(#digits))
            }
            Lit::Str(_) | Lit::Bool(_) => Some(quote!(#lit)),
            _ => None,
        },
        Expr::Unary(minus) if matches!(minus.op, UnOp::Neg(_)) => {
            let value = json(&minus.expr)?;
            Some(quote!(-#value))
        }
        Expr::MethodCall(call) if call.method == "to_string" => json(&call.receiver),
        Expr::Paren(inner) => json(&inner.expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::parse_quote;

    use super::checks;

    #[test]
    fn values_of_enums_are_converted_to_json() {
        let file: syn::File = parse_quote! {
            impl TryFrom<i64> for Only {
                fn try_from(value: i64) -> R {
                    if ![512_i64, -1_i64].contains(&value) { Err("".into()) } else { Ok(Self(value)) }
                }
            }
            impl TryFrom<String> for Never {
                fn try_from(value: String) -> R {
                    if ["a".to_string()].contains(&value) { Err("".into()) } else { Ok(Self(value)) }
                }
            }
        };
        let shown: Vec<String> = checks(&file)
            .values()
            .filter_map(|check| Some(check.attribute()?.to_token_stream().to_string()))
            .collect();
        assert!(
            shown[0].contains(r#""not" = { "enum" : ["a"] }"#),
            "{shown:?}"
        );
        assert!(shown[1].contains(r#""enum" = [512 , - 1]"#), "{shown:?}");
    }
}
