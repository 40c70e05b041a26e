//! Lint rules about the Rust code that is generated from a contract.
//!
//! They find names that are equal in Rust, and constructs that the client supports only in part. The rules
//! about the contract itself are in [`openapi_contract::lint`], which runs these as well.

mod catalog;
mod enums;
mod operations;
mod parameters;
mod properties;
mod repetitions;
mod requests;
mod responses;
mod type_names;

pub use catalog::RULES;
pub use repetitions::remove_repetitions;

use openapi_contract::lint::Lint;

/// Reports all findings of [`RULES`].
fn check(lint: &mut Lint<'_>) {
    operations::check(lint);
    parameters::check(lint);
    requests::check(lint);
    responses::check(lint);
    type_names::check(lint);
    enums::check(lint);
    properties::check(lint);
}
