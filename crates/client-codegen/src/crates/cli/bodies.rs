//! Arguments for request bodies that progenitor's command line does not support: files, multipart forms and
//! content of any media type.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::{self, Visit};
use syn::{Expr, ImplItemFn, Item, Lit, Stmt, parse_quote};

use super::names::{kebab, unused};
use crate::client_ir::Operation;
use crate::extensions::{self, FormPart, PartKind, UploadBody, form_name};
use crate::plan::BodyKind;

/// The arguments of a command for the body, and the statement that builds the body.
pub(super) struct Arguments {
    arguments: Vec<TokenStream>,
    statement: TokenStream,
    /// Whether parts of the body are files.
    pub(super) has_files: bool,
}

impl Arguments {
    /// Generates the arguments for the body of an operation.
    pub(super) fn read(
        input: &extensions::ExtensionInput<'_>,
        known: &Operation,
        command: &ImplItemFn,
    ) -> Option<Self> {
        let mut bodies = input.bodies.iter();
        let Some(body) = bodies.find(|body| body.operation_id == known.plan.id) else {
            return known.raw_body().map(raw);
        };
        Some(match known.plan.body.as_ref()?.kind {
            BodyKind::Multipart => of_form(input, body, &form_name(known), command),
            BodyKind::Content => file(body, Some(content_type(body.required))),
            _ => file(body, None),
        })
    }

    /// Adds the arguments to the command.
    pub(super) fn declare(&self, command: &mut ImplItemFn) {
        if let Some(Stmt::Expr(command, None)) = command.block.stmts.last_mut() {
            for argument in &self.arguments {
                *command = parse_quote!(#command.arg(#argument));
            }
        }
    }

    /// Adds the statement to the function that sends the request.
    pub(super) fn consume(&self, call: &mut ImplItemFn) {
        let statement = &self.statement;
        call.block.stmts.insert(1, parse_quote!(#statement));
    }
}

/// A body that is read from a file.
fn raw(kind: BodyKind) -> Arguments {
    let content: Expr = match kind {
        BodyKind::Text => parse_quote!(
            std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?
        ),
        _ => parse_quote!(self.config.upload(path)?),
    };
    Arguments {
        arguments: vec![body_file(true, "File to send as the request body")],
        statement: quote! {
            if let Some(path) = matches.get_one::<std::path::PathBuf>("body-file") {
                request = request.body(#content);
            }
        },
        has_files: false,
    }
}

/// A streaming body, whose media type may be another argument.
fn file(body: &UploadBody, content_type: Option<TokenStream>) -> Arguments {
    let help = format!("File to send as the request body ({})", body.media_type);
    let mut arguments = vec![body_file(body.required, &help)];
    let statement = if content_type.is_some() {
        quote! {
            if let (Some(path), Some(content_type)) = (
                matches.get_one::<std::path::PathBuf>("body-file"),
                matches.get_one::<String>("content-type"),
            ) {
                let content = self.config.upload(path)?;
                request = request.body(bodies::Content::new(content_type, content));
            }
        }
    } else {
        quote! {
            if let Some(path) = matches.get_one::<std::path::PathBuf>("body-file") {
                request = request.body(self.config.upload(path)?);
            }
        }
    };
    arguments.extend(content_type);
    Arguments {
        arguments,
        statement,
        has_files: false,
    }
}

fn body_file(required: bool, help: &str) -> TokenStream {
    quote! {
        ::clap::Arg::new("body-file")
            .long("body-file")
            .value_name("FILE")
            .required(#required)
            .value_parser(::clap::value_parser!(std::path::PathBuf))
            .help(#help)
    }
}

fn content_type(required: bool) -> TokenStream {
    quote! {
        ::clap::Arg::new("content-type")
            .long("content-type")
            .value_name("TYPE")
            .required(#required)
            .requires("body-file")
            .help("Media type of the file")
    }
}

/// A multipart form, with an argument for each part.
fn of_form(
    input: &extensions::ExtensionInput<'_>,
    body: &UploadBody,
    form: &syn::Ident,
    command: &ImplItemFn,
) -> Arguments {
    let mut taken = ids(command);
    let mut arguments = Vec::new();
    let mut statements = Vec::new();
    let mut ids = Vec::new();
    let mut has_files = false;
    for part in extensions::parts(input, body) {
        let mut id = kebab(&part.name);
        if taken.contains(&id) {
            id = format!("part-{id}");
        }
        let id = unused(id, &mut taken);
        has_files |= matches!(part.kind, PartKind::File | PartKind::Content);
        arguments.push(argument(&part, &id, body.required));
        statements.push(consumed(&part, &id));
        ids.push(id);
    }
    let mut statement = quote! {
        {
            let mut form = bodies::#form::new();
            #(#statements)*
            request = request.body(form);
        }
    };
    if !body.required {
        statement = quote! {
            if <[&str]>::iter(&[#(#ids),*]).any(|id| matches.contains_id(id)) #statement
        };
    }
    Arguments {
        arguments,
        statement,
        has_files,
    }
}

fn argument(part: &FormPart, id: &str, body_required: bool) -> TokenStream {
    let (value_name, parser) = match &part.kind {
        PartKind::File | PartKind::Content => {
            ("FILE", quote!(::clap::value_parser!(std::path::PathBuf)))
        }
        PartKind::Word => ("TEXT", quote!(::clap::value_parser!(String))),
        PartKind::Text(ty, _) => ("VALUE", quote!(super::value::<#ty>)),
        PartKind::Json(ty) => ("JSON", quote!(super::value::<#ty>)),
    };
    let action = part
        .is_list
        .then(|| quote!(.action(::clap::ArgAction::Append)));
    let more = if part.is_list {
        ". Can be repeated"
    } else {
        ""
    };
    let help = format!("{}{more}", part.doc.trim().trim_end_matches('.'));
    let required = body_required && part.required;
    quote! {
        ::clap::Arg::new(#id)
            .long(#id)
            .value_name(#value_name)
            .required(#required)
            .value_parser(#parser)
            #action
            .help(#help)
    }
}

/// Generates the statement that adds a part to `form`.
fn consumed(part: &FormPart, id: &str) -> TokenStream {
    let setter = &part.setter;
    let is_file = matches!(part.kind, PartKind::File | PartKind::Content);
    let ty = match &part.kind {
        PartKind::File | PartKind::Content => quote!(std::path::PathBuf),
        PartKind::Word => quote!(String),
        PartKind::Text(ty, _) | PartKind::Json(ty) => ty.clone(),
    };
    match (part.is_list, &part.kind) {
        (true, _) if is_file => quote! {
            if let Some(paths) = matches.get_many::<#ty>(#id) {
                let files = paths.map(|path| super::part(&self.config, path));
                form = form.#setter(files.collect::<anyhow::Result<Vec<_>>>()?);
            }
        },
        (true, PartKind::Json(_)) => quote! {
            if let Some(values) = matches.get_many::<#ty>(#id) {
                form = form.#setter(values);
            }
        },
        (true, _) => quote! {
            if let Some(values) = matches.get_many::<#ty>(#id) {
                form = form.#setter(values.cloned());
            }
        },
        (false, _) if is_file => quote! {
            if let Some(path) = matches.get_one::<#ty>(#id) {
                form = form.#setter(super::part(&self.config, path)?);
            }
        },
        (false, PartKind::Json(_)) => quote! {
            if let Some(value) = matches.get_one::<#ty>(#id) {
                form = form.#setter(value);
            }
        },
        (false, _) => quote! {
            if let Some(value) = matches.get_one::<#ty>(#id) {
                form = form.#setter(value.clone());
            }
        },
    }
}

/// Generates the function that opens a file as a part.
pub(super) fn part() -> Item {
    parse_quote! {
        /// Opens a file as a part of a form, with its name and length.
        pub(crate) fn part<T: CliConfig>(
            config: &T,
            path: &std::path::Path,
        ) -> anyhow::Result<bodies::File> {
            let mut file = bodies::File::new(config.upload(path)?);
            let metadata = std::fs::metadata(path).ok();
            if let Some(metadata) = metadata.filter(std::fs::Metadata::is_file) {
                file = file.length(metadata.len());
            }
            if let Some(name) = path.file_name().and_then(std::ffi::OsStr::to_str) {
                file = file.name(name);
            }
            Ok(file)
        }
    }
}

/// Returns the ids of the arguments of a command.
pub(super) fn ids(command: &ImplItemFn) -> BTreeSet<String> {
    struct Ids(BTreeSet<String>);

    impl<'ast> Visit<'ast> for Ids {
        fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
            let makes = matches!(&*call.func, Expr::Path(function)
                if function.path.segments.iter().any(|segment| segment.ident == "Arg"));
            if let Some(Expr::Lit(literal)) = call.args.first().filter(|_| makes)
                && let Lit::Str(id) = &literal.lit
            {
                self.0.insert(id.value());
            }
            visit::visit_expr_call(self, call);
        }
    }

    let mut ids = Ids(BTreeSet::new());
    ids.visit_impl_item_fn(command);
    ids.0
}
