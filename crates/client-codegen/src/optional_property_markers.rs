//! Markers in descriptions of optional properties, which carry a fact about the schema through typify.
//!
//! The code of typify does not show which optional properties are nullable, or default to an empty value.
//! Of a property's schema, only the description reaches the generated code. `progenitor` puts a marker in
//! front of it, and `types` reads and removes the marker. They are private-use characters.

/// Starts the description of a property that is optional and nullable.
pub(crate) const NULL_MARK: char = '\u{FE01E}';

/// Starts the description of an array or map that defaults to an empty one.
pub(crate) const EMPTY_MARK: char = '\u{FE01D}';

/// Follows [`NULL_MARK`] where the property's schema was wrapped in an `allOf` to hold the description.
pub(crate) const WRAP_MARK: char = '\u{FE01C}';
