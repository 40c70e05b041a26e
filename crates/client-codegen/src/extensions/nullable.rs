//! The module `nullable`: the type of properties that are both optional and nullable.

use super::{ExtensionModule, template};
use crate::types::{Presence, TypeKind, TypeSet};

/// Generates the module if a property can be missing or null.
pub(super) fn module(types: &TypeSet) -> Option<ExtensionModule> {
    if !is_needed(types) {
        return None;
    }
    let doc = "Properties that are both optional and nullable.";
    let code = template("pub use openapi_client_runtime::nullable::{Nullable, present};\n");
    Some(ExtensionModule::new("nullable", doc, vec![code]))
}

fn is_needed(types: &TypeSet) -> bool {
    let fields = types.iter().flat_map(|(_, def)| match &def.kind {
        TypeKind::Struct(structure) => structure.fields.as_slice(),
        _ => &[],
    });
    let mut presences = fields.map(|field| &field.presence);
    presences.any(|presence| matches!(presence, Presence::OptionalNullable | Presence::OptionalAny))
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;

    use super::is_needed;
    use crate::client_plan::ClientPlan;

    #[test]
    fn a_property_that_may_be_missing_or_null_needs_the_module() {
        for (required, schema, needed) in [
            ("", "type: string", false),
            ("a", "type: [string, 'null']", false),
            ("", "type: [string, 'null']", true),
            ("", "", true),
        ] {
            let contract = format!(
                r#"
openapi: 3.1.0
info: {{ title: Nullable, version: "1" }}
paths:
  /a:
    get:
      operationId: getA
      responses:
        "200":
          description: ""
          content:
            application/json:
              schema: {{ type: object, required: [{required}], properties: {{ a: {{ {schema} }} }} }}
"#
            );
            let document = Document::parse("contract.yaml", contract).unwrap();
            let plan = ClientPlan::read(&Contract::read(document).unwrap()).unwrap();
            assert_eq!(is_needed(&plan.types), needed, "{required} {schema}");
        }
    }
}
