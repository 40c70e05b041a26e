//! The laws of the engine, held by property tests over generated schemas.

mod canonical;
mod comparison;
mod contracts;
mod emitted;
mod removals;
mod schemas;
mod spellings;
