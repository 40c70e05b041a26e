//! The code of a client, before it is spread over files.

use proc_macro2::TokenStream;
use serde_json::Value;

use crate::client_ir::{self, Operation};
use crate::error::GenerateError;
use crate::extensions;
use crate::layout::GeneratedCode;
use crate::lower::Lowered;
use crate::patch_operations::{self, cookies, styled_parameters, times};
use crate::progenitor;

/// The code of a client.
pub(crate) struct GeneratedClient<'d> {
    /// What the client does, in OpenAPI 3.0.
    pub(crate) document: Value,
    pub(crate) lowered: Lowered<'d>,
    /// Progenitor's code, finished.
    pub(crate) code: GeneratedCode,
    pub(crate) operations: Vec<Operation>,
    /// The modules extensions progenitor's code.
    pub(crate) extensions: Vec<extensions::ExtensionModule>,
    /// The request bodies that are made there.
    pub(crate) uploads: Vec<extensions::UploadBody>,
}

/// Makes the code of a client, which carries a state of its own if one is named.
pub(crate) fn run<'d>(
    mut lowered: Lowered<'d>,
    state: Option<TokenStream>,
) -> Result<GeneratedClient<'d>, GenerateError> {
    let own_state = state.is_some();
    let tokens = progenitor::generate(&mut lowered, state)?;
    let uploads = extensions::bodies(&lowered);
    let mut code = GeneratedCode::new(tokens, &lowered.mangler)?;
    patch_operations::finish(&mut code.file, &lowered.overrides, &code.types);
    times::write(&mut code.file);
    let document = lowered.take_document();
    let mut operations = client_ir::read(&document, &code.file)?;
    styled_parameters::write(&mut code.file, &operations, &lowered.overrides);
    styled_parameters::retype(&mut operations, &lowered.overrides);
    let input = extensions::ExtensionInput {
        document: &document,
        operations: &operations,
        own_state,
        types: &code.types,
        bodies: &uploads,
        reads_by_status: patch_operations::reads_by_status(&lowered.overrides),
        has_styles: styled_parameters::are_used(&lowered.overrides),
        has_cookies: cookies::join(&mut code.file),
    };
    let extensions = extensions::write(&input, &mut code.file)?;
    Ok(GeneratedClient {
        document,
        lowered,
        code,
        operations,
        extensions,
        uploads,
    })
}
