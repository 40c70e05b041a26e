//! The laws of the engine, held by property tests over generated schemas.

mod canonical_form;
mod comparison;
mod contracts;
mod emitted_schemas;
mod equivalent_forms;
mod removals;
mod schemas;
