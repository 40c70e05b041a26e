//! The HTTP methods of a path item.

/// The keys of a path item that are methods, in the order in which progenitor reads them.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];
