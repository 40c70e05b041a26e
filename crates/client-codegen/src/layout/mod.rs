//! Arranges the generated code in files: modules by tag, cargo features and formatting.

pub(crate) mod dependencies;
mod escape_bidi;
mod examples;
mod groups;
mod modules;
mod parameter_bounds;
mod schemas;
mod split_files;
mod type_text;
mod type_usage;

use std::collections::BTreeMap;

use openapi_contract::model::Contract;
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{Item, parse_quote};

use crate::client_ir::Operation;
use crate::client_plan::ClientPlan;
use crate::doc_comments::DocComments;
use crate::emit;
use crate::error::GenerateError;
use crate::extensions;
use crate::files::{GENERATED_DIR, GeneratedFile, Ownership};
use crate::header::FileHeader;
use crate::pretty_print::{file_of, print};
use crate::types::{TypeKind, TypeSet};

pub use dependencies::package_name_conflict;
pub(crate) use dependencies::{Dependency, RUNTIME};
pub(crate) use escape_bidi::escape_bidi;
pub(crate) use modules::ItemGroup;

use dependencies::UsedCrates;
use groups::TagGroups;
use split_files::{ModulePath, PrintedPart};

/// The generated files and their dependencies.
pub(crate) struct ClientSources {
    pub(crate) files: Vec<GeneratedFile>,
    pub(crate) crates: Vec<Dependency>,
    /// The cargo features that enable operations.
    pub(crate) features: Vec<String>,
}

/// Generates the files in `src/generated`.
pub(crate) fn files(
    mut root: syn::File,
    plan: &ClientPlan,
    operations: &[Operation],
    contract: &Contract,
    extensions: &extensions::Extensions,
    stamp: &FileHeader,
) -> Result<ClientSources, GenerateError> {
    examples::add(&mut root, operations, &contract.document);
    DocComments.visit_file_mut(&mut root);
    modules::drop_inner_fences(&mut root);
    modules::take_types(&mut root)?;

    let groups = TagGroups::new(operations, true);
    let mut out = SourceWriter {
        files: Vec::new(),
        groups: &groups,
        stamp,
    };
    let operation = modules::take_operations(&mut root, &groups);
    out.module(
        "operations",
        Some("impl Client"),
        vec![parse_quote!(
            use super::{builder, Client};
        )],
        operation,
    );
    let (head, builders) = modules::take_module(&mut root, "builder").unwrap_or_default();
    out.module("builder", None, head, builders);
    for (path, text) in schemas::modules(operations, &groups) {
        out.text(&path, &text);
    }
    let bounds = parameter_bounds::modules(operations, contract);
    if !bounds.is_empty() {
        out.module("parameters", None, Vec::new(), bounds);
        root.items.push(parse_quote! {
            /// Bounds and defaults of integer parameters, by operation.
            pub mod parameters;
        });
    }
    if extensions.module("nullable").is_some() {
        root.items.push(parse_quote!(
            pub use nullable::Nullable;
        ));
    }
    let mut runtime = Vec::new();
    let mut forwarded = vec!["retry", "schemars"];
    for module in &extensions.modules {
        root.items.push(declaration(module));
        runtime.extend(module.runtime);
        forwarded.extend(module.forwarded);
        out.extension(module);
    }
    finish_root(&mut root, stamp);
    out.file("mod", root);
    out.types(plan)?;
    if has_patterns(&plan.types) {
        runtime.push("patterns");
    }
    let mut named = UsedCrates::default();
    out.files.iter().for_each(|file| named.add(&file.contents));
    Ok(ClientSources {
        files: out.files,
        crates: dependencies::used(named, &runtime, &forwarded),
        features: groups.features().map(str::to_owned).collect(),
    })
}

/// Whether a type checks regular expressions.
fn has_patterns(types: &TypeSet) -> bool {
    types.iter().any(|(_, def)| match &def.kind {
        TypeKind::ConstrainedString(constraints) => !constraints.patterns.is_empty(),
        _ => false,
    })
}

/// A module of a companion crate: its path, the `impl` block of its parts, its head and its parts.
pub(crate) type CompanionModule = (
    &'static str,
    Option<&'static str>,
    Vec<Item>,
    Vec<ItemGroup>,
);

/// Generates the files in `src/generated` of a companion crate.
pub(crate) fn companion_files(
    mut root: syn::File,
    modules: Vec<CompanionModule>,
    operations: &[Operation],
    stamp: &FileHeader,
) -> Vec<GeneratedFile> {
    let groups = TagGroups::new(operations, false);
    let mut out = SourceWriter {
        files: Vec::new(),
        groups: &groups,
        stamp,
    };
    for (path, wrap, head, mut parts) in modules {
        let parts_items = parts.iter_mut().flat_map(|part| &mut part.items);
        parts_items.for_each(|item| DocComments.visit_item_mut(item));
        out.module(path, wrap, head, parts);
    }
    DocComments.visit_file_mut(&mut root);
    root.attrs = modules::allowances();
    out.file("mod", root);
    out.files
}

/// Prints modules to files.
struct SourceWriter<'a> {
    files: Vec<GeneratedFile>,
    groups: &'a TagGroups,
    stamp: &'a FileHeader,
}

impl SourceWriter<'_> {
    /// Adds a file.
    fn file(&mut self, path: &str, file: syn::File) {
        self.text(path, &print(file));
    }

    /// Adds a file with this text.
    fn text(&mut self, path: &str, text: &str) {
        self.files.push(GeneratedFile {
            path: [GENERATED_DIR, &format!("{path}.rs")].iter().collect(),
            contents: self.stamp.header() + text,
            ownership: Ownership::Generated,
        });
    }

    /// Adds a module whose parts have the names of operations or builders.
    fn module(
        &mut self,
        path: &'static str,
        wrap: Option<&'static str>,
        head: Vec<Item>,
        parts: Vec<ItemGroup>,
    ) {
        let printed = parts.into_iter().map(|part| {
            let group = self.group(&part.name);
            part.printed(group)
        });
        let printed = printed.collect();
        let head = print(file_of(head));
        self.printed(ModulePath { path, wrap }, &head, printed);
    }

    /// Returns the group of a part.
    fn group(&self, name: &str) -> usize {
        let groups = self.groups;
        // The names of methods may have a prefix, and those of structs a suffix.
        let stem = |suffix: &str| {
            name.strip_suffix(suffix)
                .map(|stem| groups.of_builder(stem))
        };
        let method = name
            .trim_start_matches("cli_")
            .trim_start_matches("execute_");
        match stem("When").or_else(|| stem("Then")) {
            Some(group) => group,
            None => groups
                .of_builder(name)
                .max(groups.of_method(name))
                .max(groups.of_method(method)),
        }
    }

    /// Adds a module that has to be printed.
    fn printed(&mut self, module: ModulePath, head: &str, parts: Vec<PrintedPart>) {
        let files = split_files::files(&module, head, &parts, self.groups, self.stamp);
        self.files.extend(files);
    }

    /// Adds an extension module.
    fn extension(&mut self, module: &extensions::ExtensionModule) {
        let text = |code: &extensions::Snippet| match code {
            extensions::Snippet::Text(text) => text.to_string(),
            extensions::Snippet::Items(items) => {
                let mut items = items.clone();
                for item in &mut items {
                    DocComments.visit_item_mut(item);
                }
                print(file_of(items))
            }
        };
        let head: Vec<_> = module.head.iter().map(text).collect();
        let parts = module.parts.iter().map(|part| {
            let name = part.builder.to_string();
            PrintedPart {
                group: self.group(&name),
                name,
                text: text(&part.code),
            }
        });
        let parts = parts.collect();
        let path = module.name;
        self.printed(ModulePath { path, wrap: None }, &head.join("\n"), parts);
    }

    /// Adds the module `types` and its submodules.
    fn types(&mut self, plan: &ClientPlan) -> Result<(), GenerateError> {
        let of = type_usage::groups(self.groups, plan);
        let mut of_path = BTreeMap::from([
            ("types", (emit::types::types_head(), Vec::new())),
            ("types/builder", (emit::types::builder_head(), Vec::new())),
        ]);
        for part in emit::types::parts(&plan.types)? {
            let group = of.get(&part.name).copied().unwrap_or(groups::SHARED);
            if let Some((_, parts)) = of_path.get_mut(part.path) {
                parts.push(PrintedPart {
                    group,
                    name: part.name,
                    text: part.text,
                });
            }
        }
        for (path, (head, parts)) in of_path {
            let module = ModulePath { path, wrap: None };
            let files = split_files::files(&module, head, &parts, self.groups, self.stamp);
            self.files.extend(files);
        }
        Ok(())
    }
}

/// Declares an extension module.
fn declaration(module: &extensions::ExtensionModule) -> Item {
    let doc = format!(" {}", module.doc);
    let name = Ident::new(module.name, Span::call_site());
    let visibility = (!module.is_private).then(|| quote!(pub));
    let feature = module
        .feature
        .map(|feature| quote!(#[cfg(feature = #feature)]));
    parse_quote! {
        #[doc = #doc]
        #feature
        #visibility mod #name;
    }
}

/// Adds the common items of the root module.
fn finish_root(root: &mut syn::File, stamp: &FileHeader) {
    root.items.push(parse_quote! {
        /// JSON Schemas of the parameters, request bodies and responses, as implemented by the client.
        #[cfg(feature = "schemars")]
        pub mod schemas;
    });
    root.items.push(parse_quote!(
        mod operations;
    ));
    constants(root, stamp);
    root.attrs = modules::allowances();
}

/// Adds the constants with the version and hash of the contract after the imports.
fn constants(file: &mut syn::File, stamp: &FileHeader) {
    let FileHeader {
        version, sha256, ..
    } = stamp;
    let at = file
        .items
        .iter()
        .take_while(|item| matches!(item, Item::Use(_)))
        .count();
    let constants: [Item; 2] = [
        parse_quote! {
            /// The version of the contract from which this client was generated.
            pub const CONTRACT_VERSION: &str = #version;
        },
        parse_quote! {
            /// The SHA-256 hash of the contract with `\n` line endings, in hexadecimal.
            pub const CONTRACT_SHA256: &str = #sha256;
        },
    ];
    file.items.splice(at..at, constants);
}
