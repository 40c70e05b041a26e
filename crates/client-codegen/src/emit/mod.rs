//! Code that is generated from the plans: how requests are sent and responses are read.
//!
//! progenitor generates types, `Client`, and builders. The fields of a builder and the signature of `send` say which
//! types an operation has. All code that makes requests is generated here: nothing of a method is kept but its
//! documentation.

mod builders;
mod client;
mod dropshot_stream;
mod send;
mod servers;

use std::collections::HashMap;

use proc_macro2::Ident;

use crate::client_ir::Operation;
use crate::error::GenerateError;
use crate::types::Types;

pub(crate) use builders::restore_parameter_type;
pub(crate) use client::{ClientState, client};
pub(crate) use send::style;
pub(crate) use servers::constant as servers;

/// Completes the builders: optional bodies, types of parameters, and `send`. `links` has the field with the URL of
/// the next page, for each operation that follows links.
pub(crate) fn operations(
    file: &mut syn::File,
    operations: &[Operation],
    types: &Types,
    links: &HashMap<String, Ident>,
) -> Result<(), GenerateError> {
    for operation in operations {
        let link = links.get(&operation.plan.id);
        builders::complete(file, operation, types, link)?;
    }
    Ok(())
}
