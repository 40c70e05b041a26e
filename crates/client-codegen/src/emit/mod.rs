//! Code that is generated from the plans: how requests are sent and responses are read.
//!
//! progenitor generates types, `Client`, and builders with their setters. Each `send` method is replaced as a
//! whole; nothing of progenitor's own is kept but its signature, which is checked.

mod builders;
mod client;
mod dropshot_stream;
mod send;

use std::collections::HashMap;

use proc_macro2::Ident;

use crate::ast;
use crate::client_ir::Operation;
use crate::error::GenerateError;
use crate::types::Types;

pub(crate) use builders::restore_parameter_type;
pub(crate) use client::{ClientState, client};
pub(crate) use send::style;

/// Completes the builders: optional bodies, types of parameters, and `send`. `links` has the field with the URL of
/// the next page, for each operation that follows links.
pub(crate) fn operations(
    file: &mut syn::File,
    operations: &[Operation],
    types: &Types,
    links: &HashMap<String, Ident>,
) -> Result<(), GenerateError> {
    for operation in operations {
        builders::complete(file, operation)?;
        let builders = ast::builders(file).unwrap_or_default();
        for block in ast::blocks(builders, &operation.builder) {
            dropshot_stream::adapt(block, types);
        }
        let link = links.get(&operation.plan.id);
        send::install(file, operation, types, link)?;
    }
    Ok(())
}
