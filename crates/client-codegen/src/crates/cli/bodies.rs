//! Flags for request bodies: files, JSON with a flag for each property, multipart forms, and content of any media
//! type.
//!
//! If the caller chooses between several contents, the preferred one has its usual flags. Each other one has a flag
//! for a file, or a flag for each of its parts. Flags of different contents exclude each other.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Item, Type, parse_quote};

use super::arguments::Argument;
use super::flags::{self, Flags};
use super::names::kebab;
use super::{body_properties, unexpected};
use crate::client_ir::{Content, Operation, TypedBody, form_name, type_of};
use crate::client_plan::{BodyKind, PartKind, PartPlan};
use crate::error::GenerateError;
use crate::extensions::part_doc;
use crate::types::TypeSet;

/// The flags of one content of a body.
#[derive(Debug, Default)]
struct ContentFlags {
    arguments: Vec<(Argument, Need)>,
    statements: Vec<TokenStream>,
}

/// When a flag must be given, if the body is required and no flag of another content is given.
#[derive(Debug)]
enum Need {
    Never,
    /// If none of these flags is given.
    Without(Vec<String>),
}

impl Need {
    /// Always, if the condition holds.
    fn always_if(condition: bool) -> Self {
        match condition {
            true => Self::Without(Vec::new()),
            false => Self::Never,
        }
    }
}

impl ContentFlags {
    fn ids(&self) -> Vec<String> {
        let ids = self.arguments.iter();
        ids.map(|(argument, _)| argument.id.clone()).collect()
    }

    /// Makes one of the flags necessary, so that they say that this content is sent.
    fn need_one(&mut self) {
        let is_needed = |(_, need): &(Argument, Need)| matches!(need, Need::Without(_));
        if self.arguments.iter().any(is_needed) {
            return;
        }
        let mut others = self.ids();
        others.pop();
        if let Some((_, need)) = self.arguments.last_mut() {
            *need = Need::Without(others);
        }
    }
}

/// What the flags of a content are generated from.
struct BodyFlags<'a> {
    types: &'a TypeSet,
    operation: &'a Operation,
    flags: &'a mut Flags,
}

/// Adds the flags for the body of an operation.
pub(super) fn add(
    types: &TypeSet,
    operation: &Operation,
    flags: &mut Flags,
) -> Result<(), GenerateError> {
    let mut contents = Vec::new();
    for (at, content) in operation.contents.iter().enumerate() {
        let mut body = BodyFlags {
            types,
            operation,
            flags: &mut *flags,
        };
        contents.push(body.content(content, at == 0)?);
    }
    if let [preferred, _, ..] = contents.as_mut_slice() {
        preferred.need_one();
    }
    let ids: Vec<Vec<String>> = contents.iter().map(ContentFlags::ids).collect();
    for (at, content) in contents.into_iter().enumerate() {
        let (before, behind) = (&ids[..at], &ids[at + 1..]);
        for (argument, need) in content.arguments {
            let others = before.iter().chain(behind).flatten();
            let required = match need {
                Need::Without(own) if operation.requires_body() && at == 0 => {
                    let given: Vec<&String> = own.iter().chain(others).collect();
                    match given.as_slice() {
                        [] => quote!(.required(true)),
                        [one] => quote!(.required_unless_present(#one)),
                        all => quote!(.required_unless_present_any([#(#all),*])),
                    }
                }
                _ => quote!(.required(false)),
            };
            let excluded = before.iter().flatten();
            let excluded = (at > 0).then(|| quote!(.conflicts_with_all([#(#excluded),*])));
            let argument = argument.tokens(&quote!(#required #excluded));
            flags.arguments.push(argument);
        }
        flags.statements.extend(content.statements);
    }
    Ok(())
}

impl BodyFlags<'_> {
    fn content(
        &mut self,
        content: &Content,
        is_preferred: bool,
    ) -> Result<ContentFlags, GenerateError> {
        let typed = || {
            let typed = content.typed.as_ref();
            typed.ok_or_else(|| unexpected(self.operation, "has a body without a type"))
        };
        match content.plan.kind {
            BodyKind::Json | BodyKind::Form => {
                let typed = typed()?;
                match is_preferred {
                    true => self.properties(content, typed),
                    false => {
                        let name = kebab(&content.plan.setter);
                        let help = format!(
                            "JSON file to send as the request body ({})",
                            content.plan.media_type
                        );
                        Ok(self.json(content, typed, &name, help))
                    }
                }
            }
            BodyKind::Text => Ok(self.file(
                content,
                is_preferred,
                &quote! {
                    std::fs::read_to_string(path)
                        .with_context(|| format!("cannot read {}", path.display()))?
                },
            )),
            BodyKind::Bytes => {
                Ok(self.file(content, is_preferred, &quote!(self.config.upload(path)?)))
            }
            BodyKind::Content => Ok(self.any(content, is_preferred)),
            BodyKind::Multipart => self.form(content),
        }
    }

    /// A body with a generated type: a file, and a flag for each property with values that are words.
    fn properties(
        &mut self,
        content: &Content,
        typed: &TypedBody,
    ) -> Result<ContentFlags, GenerateError> {
        let help = "JSON file to send as the request body".to_owned();
        let ContentFlags {
            arguments: file,
            mut statements,
        } = self.json(content, typed, "json-body", help);
        let files: Vec<String> = file.iter().map(|(file, _)| file.id.clone()).collect();
        let structure = content.plan.ty.as_ref();
        let structure = structure.and_then(|ty| self.types.structure(ty));
        let properties = match structure {
            Some((_, structure)) => Some(body_properties::properties(self.types, structure)?),
            None => None,
        };
        let mut needs_file = properties.is_none();
        let mut arguments = Vec::new();
        // Flags of properties change what the file has.
        for property in properties.into_iter().flatten() {
            let Some(ty) = property.ty else {
                needs_file |= property.required;
                continue;
            };
            let setter = &property.setter;
            let id = flags::flag(setter);
            let id = self.flags.unused_or_prefixed(id, "body");
            let map = format_ident!("{}_map", content.ident);
            let held = type_of(self.types, ty)?;
            statements.push(quote! {
                if let Some(value) = matches.get_one::<#held>(#id) {
                    request = request.#map(|body| body.#setter(value.clone()));
                }
            });
            let argument = Argument::value(self.types, id, ty, property.doc)?;
            let need = match property.required {
                true => Need::Without(files.clone()),
                false => Need::Never,
            };
            arguments.push((argument, need));
        }
        let file = file.into_iter();
        arguments.extend(file.map(|(file, _)| (file, Need::always_if(needs_file))));
        Ok(ContentFlags {
            arguments,
            statements,
        })
    }

    /// A body with a generated type that is read from a file with JSON.
    fn json(
        &mut self,
        content: &Content,
        typed: &TypedBody,
        name: &str,
        help: String,
    ) -> ContentFlags {
        let file = self.flags.unused(name);
        let (ty, setter) = (&typed.ty, &content.ident);
        let statement = quote! {
            if let Some(path) = matches.get_one::<std::path::PathBuf>(#file) {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                let body = ::serde_json::from_str::<#ty>(&text)
                    .with_context(|| format!("cannot parse {}", path.display()))?;
                request = request.#setter(body);
            }
        };
        ContentFlags {
            arguments: vec![(Argument::file(file, help), Need::always_if(true))],
            statements: vec![statement],
        }
    }

    /// A body that is read from a file. `value` is the body from `path`.
    fn file(&mut self, content: &Content, is_preferred: bool, value: &TokenStream) -> ContentFlags {
        let argument = self.body_file(content, is_preferred);
        let (id, setter) = (&argument.id, &content.ident);
        let statement = quote! {
            if let Some(path) = matches.get_one::<std::path::PathBuf>(#id) {
                request = request.#setter(#value);
            }
        };
        ContentFlags {
            arguments: vec![(argument, Need::always_if(true))],
            statements: vec![statement],
        }
    }

    /// A body that is read from a file, and whose media type is another flag.
    fn any(&mut self, content: &Content, is_preferred: bool) -> ContentFlags {
        let file = self.body_file(content, is_preferred);
        let media_type = self.flags.unused("content-type");
        let (id, setter) = (&file.id, &content.ident);
        let statement = quote! {
            if let (Some(path), Some(content_type)) = (
                matches.get_one::<std::path::PathBuf>(#id),
                matches.get_one::<String>(#media_type),
            ) {
                let content = self.config.upload(path)?;
                request = request.#setter(bodies::Content::new(content_type, content));
            }
        };
        let help = "Media type of the file".to_owned();
        let media_type = Argument::text(media_type, "TYPE", help).needing(&file.id);
        let file = file.needing(&media_type.id);
        ContentFlags {
            arguments: vec![
                (file, Need::always_if(true)),
                (media_type, Need::always_if(true)),
            ],
            statements: vec![statement],
        }
    }

    /// The argument for the file of a body.
    fn body_file(&mut self, content: &Content, is_preferred: bool) -> Argument {
        let id = match is_preferred {
            true => self.flags.unused("body-file"),
            false => self.flags.unused(&kebab(&content.plan.setter)),
        };
        let media_type = &content.plan.media_type;
        Argument::file(
            id,
            format!("File to send as the request body ({media_type})"),
        )
    }

    /// A multipart form, with a flag for each part.
    fn form(&mut self, content: &Content) -> Result<ContentFlags, GenerateError> {
        let form = form_name(&self.operation.plan.builder());
        let mut arguments = Vec::new();
        let mut consumed = Vec::new();
        for part in &content.plan.parts {
            let id = self.flags.unused_or_prefixed(kebab(&part.name), "part");
            self.flags.has_files |= is_file(part);
            let ty = part_type(self.types, part)?;
            consumed.push(self::consumed(part, &id, &ty));
            arguments.push((argument(part, id, &ty), Need::always_if(part.required)));
        }
        let ids = arguments.iter().map(|(argument, _)| &argument.id);
        let is_given = content
            .is_optional
            .then(|| quote!(if <[&str]>::iter(&[#(#ids),*]).any(|id| matches.contains_id(id))));
        let setter = &content.ident;
        let statement = quote! {
            #is_given {
                let mut form = bodies::#form::new();
                #(#consumed)*
                request = request.#setter(form);
            }
        };
        Ok(ContentFlags {
            arguments,
            statements: vec![statement],
        })
    }
}

/// Whether a part is read from a file.
fn is_file(part: &PartPlan) -> bool {
    matches!(part.kind, PartKind::File | PartKind::Content)
}

/// The type of the value of a part's flag.
fn part_type(types: &TypeSet, part: &PartPlan) -> Result<Type, GenerateError> {
    match &part.kind {
        PartKind::File | PartKind::Content => Ok(parse_quote!(std::path::PathBuf)),
        PartKind::Word => Ok(parse_quote!(String)),
        PartKind::Text(ty) | PartKind::Json(ty) => type_of(types, ty),
    }
}

fn argument(part: &PartPlan, id: String, ty: &Type) -> Argument {
    let more = if part.is_list {
        ". Can be repeated"
    } else {
        ""
    };
    let help = format!("{}{more}", part_doc(part).trim().trim_end_matches('.'));
    let argument = match &part.kind {
        PartKind::File | PartKind::Content => Argument::file(id, help),
        PartKind::Word => Argument::text(id, "TEXT", help),
        PartKind::Text(_) => Argument::parsed(id, "VALUE", ty, help),
        PartKind::Json(_) => Argument::parsed(id, "JSON", ty, help),
    };
    argument.repeated(part.is_list)
}

/// Generates the statement that adds a part to `form`.
fn consumed(part: &PartPlan, id: &str, ty: &Type) -> TokenStream {
    let setter = Ident::new(&part.setter, Span::call_site());
    match (part.is_list, &part.kind) {
        (true, _) if is_file(part) => quote! {
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
        (false, _) if is_file(part) => quote! {
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
