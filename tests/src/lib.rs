//! What the tests of the workspace share: its documents, edits of documents, and the public
//! surface of a crate as facts.

pub mod documents;
pub mod edit;
pub mod surface;
