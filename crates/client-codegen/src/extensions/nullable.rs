//! The module `nullable`: the type of properties that are both optional and nullable.

use super::{ExtensionModule, template};

/// Generates the module.
pub(super) fn module() -> ExtensionModule {
    let doc = "Properties that are both optional and nullable.";
    let code = template("pub use openapi_client_runtime::nullable::{Nullable, present};\n");
    ExtensionModule::new("nullable", doc, vec![code])
}
