//! The laws of the engine, held by property tests over generated schemas.

mod canonical;
mod comparison;
mod emitted;
mod schemas;
mod spellings;
