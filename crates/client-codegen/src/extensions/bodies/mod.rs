//! The module `bodies`: request bodies that are no values of generated types, which are multipart forms and content
//! of any media type.

mod multipart_form;

use super::{ExtensionInput, ExtensionModule, OperationPart, Snippet, template};
use crate::client_plan::BodyKind;
use crate::error::GenerateError;

pub(crate) use self::multipart_form::part_doc;

/// The imports of the module.
const IMPORT_CONTENT: &str = "pub use openapi_client_runtime::Content;\n";

const IMPORT_FORMS: &str = "pub use openapi_client_runtime::multipart::{File, Part, Parts};
";

/// Generates the module if there are such bodies.
pub(super) fn module(input: &ExtensionInput<'_>) -> Result<Option<ExtensionModule>, GenerateError> {
    let mut forms = Vec::new();
    let mut has_content = false;
    for known in input.operations {
        for content in &known.contents {
            match content.plan.kind {
                BodyKind::Multipart => {
                    let items =
                        multipart_form::items(&input.plan.types, &known.plan, &content.plan)?;
                    forms.push(OperationPart {
                        builder: known.builder.clone(),
                        code: Snippet::Items(items),
                    });
                }
                BodyKind::Content => has_content = true,
                BodyKind::Json | BodyKind::Form | BodyKind::Text | BodyKind::Bytes => {}
            }
        }
    }
    if forms.is_empty() && !has_content {
        return Ok(None);
    }
    let has_forms = !forms.is_empty();
    let mut head = Vec::new();
    if has_content {
        head.push(template(IMPORT_CONTENT));
    }
    if has_forms {
        head.push(template(IMPORT_FORMS));
    }
    let doc = "Multipart and streaming request bodies.";
    Ok(Some(ExtensionModule {
        runtime: if has_forms { &["multipart"] } else { &[] },
        parts: forms,
        ..ExtensionModule::new("bodies", doc, head)
    }))
}
