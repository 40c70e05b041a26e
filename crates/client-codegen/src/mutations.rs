//! Changes progenitor's code in every way that another version of it might: generation fails, or nothing changes.

use std::collections::BTreeSet;

use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, File, Ident, Item, ItemMod, Stmt, parse_quote};

use crate::client_plan::ClientPlan;
use crate::error::GenerateError;
use crate::pipeline::ClientIr;
use crate::pretty_print::{file_of, print};
use crate::{contract_info, progenitor};

const CONTRACT: &str = include_str!("../../../tests/depot-client/openapi.yaml");

/// How many places there are from one change to the next: neighbouring statements are of the same kind.
const SAMPLE: usize = 29;

#[test]
fn changed_code_of_progenitor_never_changes_a_request() {
    change_code(SAMPLE);
}

#[test]
#[ignore = "takes minutes; run with --ignored"]
fn every_change_of_progenitors_code_never_changes_a_request() {
    change_code(1);
}

fn change_code(step: usize) {
    let document = Document::parse("openapi.yaml", CONTRACT).unwrap();
    let contract = Contract::read(document).unwrap();
    let plan = ClientPlan::read(&contract).unwrap();
    let info = contract_info::read(&contract).unwrap();
    let tokens = progenitor::generate(&plan, &info, None).unwrap();
    let expected = requests(&contract, tokens.clone()).unwrap();
    let code: File = syn::parse2(tokens).unwrap();

    let mut outcomes = BTreeSet::new();
    for kind in [Kind::Drop, Kind::Wrap, Kind::Rename] {
        let mut count = Mutation::new(kind, usize::MAX);
        count.visit_file_mut(&mut code.clone());
        for target in (0..count.seen).step_by(step) {
            let mut changed = code.clone();
            let mut mutation = Mutation::new(kind, target);
            mutation.visit_file_mut(&mut changed);
            let place = mutation.changed.expect("the target is changed");
            match requests(&contract, changed.into_token_stream()) {
                Err(GenerateError::UnexpectedCode(_)) => outcomes.insert((kind, false)),
                Err(error) => panic!("{kind:?} of `{place}`: {error}"),
                Ok(actual) if actual == expected => outcomes.insert((kind, true)),
                Ok(actual) => panic!("{kind:?} of `{place}` changes the client:\n{actual}"),
            };
        }
    }
    // Statements have no effect, and names are checked.
    for outcome in [
        (Kind::Drop, true),
        (Kind::Wrap, true),
        (Kind::Rename, false),
    ] {
        assert!(outcomes.contains(&outcome), "{outcome:?}");
    }
}

/// The code of a client that makes requests.
fn requests(contract: &Contract, tokens: TokenStream) -> Result<String, GenerateError> {
    let plan = ClientPlan::read(contract)?;
    let info = contract_info::read(contract)?;
    let (_, file) = ClientIr::complete(plan, tokens, info, None)?;
    let makes_requests = |item: &Item| match item {
        Item::Impl(_) => true,
        Item::Struct(client) => client.ident == "Client",
        Item::Mod(module) => module.ident == "builder",
        _ => false,
    };
    let items = file.items.into_iter().filter(makes_requests);
    Ok(print(file_of(items.collect())))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A statement is removed.
    Drop,
    /// A statement is put into a block.
    Wrap,
    /// A struct, a field or a method gets another name.
    Rename,
}

/// Changes one place.
struct Mutation {
    kind: Kind,
    target: usize,
    seen: usize,
    changed: Option<String>,
}

impl Mutation {
    fn new(kind: Kind, target: usize) -> Self {
        Self {
            kind,
            target,
            seen: 0,
            changed: None,
        }
    }

    /// Whether the next place is the one to change.
    fn is_next(&mut self) -> bool {
        self.seen += 1;
        self.seen - 1 == self.target
    }

    fn rename(&mut self, name: &mut Ident) {
        if self.kind == Kind::Rename && self.is_next() {
            self.changed = Some(name.to_string());
            *name = Ident::new(&format!("{name}2"), Span::call_site());
        }
    }
}

impl VisitMut for Mutation {
    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        // The types are not those of progenitor, and the prelude has no requests.
        if module.ident != "types" && module.ident != "prelude" {
            visit_mut::visit_item_mod_mut(self, module);
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        if self.kind != Kind::Rename {
            for at in 0..block.stmts.len() {
                if !self.is_next() {
                    continue;
                }
                let statement = block.stmts.remove(at);
                self.changed = Some(statement.to_token_stream().to_string());
                if self.kind == Kind::Wrap {
                    let wrapped: Stmt = parse_quote!({ #statement });
                    block.stmts.insert(at, wrapped);
                }
                return;
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        self.rename(&mut item.ident);
        for field in &mut item.fields {
            // The field with the client is found by its type.
            if let Some(name) = &mut field.ident
                && !matches!(field.ty, syn::Type::Reference(_))
            {
                self.rename(name);
            }
        }
    }

    fn visit_impl_item_fn_mut(&mut self, method: &mut syn::ImplItemFn) {
        // Setters and the methods of traits are generated anew, whatever their names are.
        let names = ["send", "new_with_client"];
        if names.iter().any(|name| method.sig.ident == name) {
            self.rename(&mut method.sig.ident);
        }
        visit_mut::visit_impl_item_fn_mut(self, method);
    }
}
