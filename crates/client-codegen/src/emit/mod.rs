//! Code that is generated from the plans: how requests are sent and responses are read.
//!
//! progenitor generates `Client` and the structs of builders. All code that makes requests is generated here: nothing of
//! a method is kept but its documentation. The code of the types is printed here, too.

mod builders;
mod client;
mod dropshot_stream;
mod send;
mod servers;
pub(crate) mod types;

use std::collections::HashMap;

use proc_macro2::Ident;

use crate::ast;
use crate::client_ir::Operation;
use crate::error::GenerateError;
use crate::types::TypeSet;

pub(crate) use client::{ClientState, client};
pub(crate) use send::style;
pub(crate) use servers::constant as servers;

/// Completes the builders: optional bodies, types of parameters, and `send`. `links` has the field with the URL of
/// the next page, for each operation that follows links.
pub(crate) fn operations(
    file: &mut syn::File,
    operations: &[Operation],
    types: &TypeSet,
    links: &HashMap<String, Ident>,
) -> Result<(), GenerateError> {
    let items = ast::builders(file)
        .ok_or_else(|| GenerateError::UnexpectedCode("there is no `builder` module".to_owned()))?;
    let mut code = ast::by_builder(items);
    for operation in operations {
        let link = links.get(&operation.plan.id);
        let builder = code.remove(&operation.builder.to_string());
        builders::complete(builder.unwrap_or_default(), operation, types, link)?;
    }
    Ok(())
}
