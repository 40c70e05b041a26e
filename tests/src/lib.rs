//! Test support: captured commands, the documents of the workspace, edits of documents, and the
//! public API of a crate.

pub mod captured;
pub mod documents;
pub mod edit;
pub mod surface;
