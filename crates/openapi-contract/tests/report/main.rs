//! Tests of the report formats: what they look like, and that text from contracts cannot inject markup.

mod browser;
mod chromium;
mod examples;
mod fingerprints;
mod formats;
mod injection;
mod json_schema;
mod sarif_schema;
