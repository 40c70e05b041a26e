//! Drift: every edit of the contract or of the server's document is found, and equivalent documents
//! have no findings.

mod cases;
mod edits;
mod equivalents;
mod own_views;
