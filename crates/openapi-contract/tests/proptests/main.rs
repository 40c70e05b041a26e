//! Property tests of the engine over generated schemas and contracts.

mod canonical_form;
mod comparison;
mod contracts;
mod emitted_schemas;
mod equivalent_forms;
mod removals;
mod schemas;
