//! What reports look like, and that no text of a contract breaks out of them.

mod browser;
mod chromium;
mod examples;
mod fingerprints;
mod foreign_text;
mod formats;
mod json_schema;
mod sarif_schema;
