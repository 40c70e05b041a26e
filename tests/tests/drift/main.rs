//! Drift: every single edit of the contract or of the server's document is found and named, and
//! what means the same is not.

mod cases;
mod edits;
mod own_views;
mod rewrites;
