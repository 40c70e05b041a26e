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

/// The type that a builder accepts as the body.
pub(crate) enum BodyArgument {
    /// A multipart form.
    Form(Ident),
    /// A stream with the declared media type.
    Stream,
    /// A stream together with its media type.
    Content,
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
        let taken = body_argument(known, body)?;
        match &taken {
            BodyArgument::Form(name) => {
                forms.push(OperationPart {
                    builder: known.builder.clone(),
                    code: Snippet::Items(multipart_form::items(
                        input.document,
                        input.types,
                        known,
                        body,
                        name,
                    )),
                });
            }
            BodyArgument::Content => has_content = true,
            BodyArgument::Stream => {}
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

/// Returns the type that the builder of an operation accepts as the body.
pub(crate) fn body_argument(
    known: &Operation,
    body: &UploadBody,
) -> Result<BodyArgument, GenerateError> {
    let media_type = body.media_type.as_str();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("multipart/form-data") {
        return Ok(BodyArgument::Form(form_name(known)));
    }
    // The caller chooses the media type of a range, and the boundary of other multipart types.
    if essence.contains('*') || essence.to_ascii_lowercase().starts_with("multipart/") {
        return Ok(BodyArgument::Content);
    }
    if !media_type.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        let message = format!("`{media_type}` is not a valid media type");
        return Err(GenerateError::malformed(
            pointer(known, &["requestBody"]),
            message,
        ));
    }
    Ok(BodyArgument::Stream)
}
