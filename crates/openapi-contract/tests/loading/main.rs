//! How contracts are loaded: several files, what is outside of them, and versions.

mod files;
mod versions;
