//! The module `bodies`: request bodies that progenitor rejects, which are multipart forms and streams of
//! any media type.
//!
//! Lowering declares such a body as a byte stream. Its builder gets the type that is generated here.

mod multipart_form;

use proc_macro2::Ident;
use serde_json::Value;

pub(crate) use self::multipart_form::{FormPart, PartKind};
use super::lookup::pointer;
use super::{ExtensionInput, ExtensionModule, OperationPart, Snippet, template};
use crate::client_ir::Operation;
use crate::error::GenerateError;
use crate::plan::BodyKind;

/// A request body that lowering declares as a byte stream.
#[derive(Debug, Clone)]
pub(crate) struct UploadBody {
    /// The id of the operation.
    pub(crate) operation_id: String,
    /// The media type in the contract.
    pub(crate) media_type: String,
    /// The media type object in the contract, with `schema` and `encoding`.
    pub(crate) content: Value,
    /// Whether the body is required.
    pub(crate) required: bool,
}

/// The imports of the module.
const IMPORT_CONTENT: &str = "pub use openapi_client_runtime::Content;\n";

const IMPORT_FORMS: &str = "pub use openapi_client_runtime::multipart::{File, Part, Parts};
";

/// Generates the module if there are such bodies.
pub(super) fn module(input: &ExtensionInput<'_>) -> Result<Option<ExtensionModule>, GenerateError> {
    let mut forms = Vec::new();
    let mut has_content = false;
    for body in input.bodies {
        let known = input
            .operations
            .iter()
            .find(|known| known.plan.id == body.operation_id);
        // The operation was omitted, which is a finding.
        let Some(known) = known else { continue };
        match known.plan.body.as_ref().map(|body| body.kind) {
            Some(BodyKind::Multipart) => {
                forms.push(OperationPart {
                    builder: known.builder.clone(),
                    code: Snippet::Items(multipart_form::items(
                        input.document,
                        input.types,
                        known,
                        body,
                        &form_name(known),
                    )),
                });
            }
            Some(BodyKind::Content) => has_content = true,
            _ => check_media_type(known, &body.media_type)?,
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

/// Returns the parts of a multipart form.
pub(crate) fn parts(input: &ExtensionInput<'_>, body: &UploadBody) -> Vec<FormPart> {
    multipart_form::parts(input.document, input.types, body)
}

/// Returns the name of the form of an operation.
pub(crate) fn form_name(operation: &Operation) -> Ident {
    quote::format_ident!("{}Form", operation.builder)
}

/// Checks that the media type of a body can be sent.
fn check_media_type(known: &Operation, media_type: &str) -> Result<(), GenerateError> {
    if media_type.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        return Ok(());
    }
    let message = format!("`{media_type}` is not a valid media type");
    let at = pointer(known, &["requestBody"]);
    Err(GenerateError::malformed(at, message))
}
