//! Loading of contracts: several files, references to other files, and OpenAPI versions.

mod files;
mod versions;
