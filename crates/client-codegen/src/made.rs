//! The code of a client, before it is spread over files.

use proc_macro2::TokenStream;
use serde_json::Value;

use crate::beside;
use crate::cookies;
use crate::engine;
use crate::error::GenerateError;
use crate::finish;
use crate::lower::Lowered;
use crate::operations::{self, Operation};
use crate::source::Code;
use crate::styles;
use crate::times;

/// The code of a client.
pub(crate) struct Made<'d> {
    /// What the client does, in OpenAPI 3.0.
    pub(crate) document: Value,
    pub(crate) lowered: Lowered<'d>,
    /// Progenitor's code, finished.
    pub(crate) code: Code,
    pub(crate) operations: Vec<Operation>,
    /// The modules beside progenitor's code.
    pub(crate) beside: Vec<beside::Module>,
    /// The request bodies that are made there.
    pub(crate) uploads: Vec<beside::UploadBody>,
}

/// Makes the code of a client, which carries a state of its own if one is named.
pub(crate) fn make<'d>(
    mut lowered: Lowered<'d>,
    state: Option<TokenStream>,
) -> Result<Made<'d>, GenerateError> {
    let own_state = state.is_some();
    let tokens = engine::generate(&mut lowered, state)?;
    let uploads = beside::bodies(&lowered);
    let mut code = Code::new(tokens, &lowered.spelling)?;
    finish::finish(&mut code.file, &lowered.treatments, &code.types);
    times::write(&mut code.file);
    let document = lowered.take_document();
    let mut operations = operations::read(&document, &code.file)?;
    styles::write(&mut code.file, &operations, &lowered.treatments);
    styles::retype(&mut operations, &lowered.treatments);
    let input = beside::Input {
        document: &document,
        operations: &operations,
        own_state,
        types: &code.types,
        bodies: &uploads,
        reads_by_status: finish::reads_by_status(&lowered.treatments),
        has_styles: styles::are_used(&lowered.treatments),
        has_cookies: cookies::join(&mut code.file),
    };
    let beside = beside::write(&input, &mut code.file)?;
    Ok(Made {
        document,
        lowered,
        code,
        operations,
        beside,
        uploads,
    })
}
