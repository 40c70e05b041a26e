//! The public API of a crate, one item per line, for reviews of changes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, Meta, UseTree, Visibility};

/// The public items of the crate whose root module is this file, sorted.
///
/// Omits modules named in `without`, and implementations of traits.
///
/// # Panics
/// If a file cannot be read or parsed.
pub fn of_crate(root: &Path, without: &[&str]) -> Vec<String> {
    let directory = root.parent().expect("a file has a directory");
    let mut surface = Surface {
        without,
        facts: BTreeSet::new(),
        types: BTreeSet::new(),
        methods: Vec::new(),
    };
    surface.file(root, directory, "");
    for method in std::mem::take(&mut surface.methods) {
        let name = surface.path_of(&method);
        surface.add(format!("method {name}: {}", method.signature));
    }
    surface.facts.into_iter().collect()
}

/// A method, with the module of its `impl`, which may not be the module of the type.
struct Method {
    module: String,
    type_name: String,
    signature: String,
}

struct Surface<'a> {
    without: &'a [&'a str],
    facts: BTreeSet<String>,
    /// The paths of all public types.
    types: BTreeSet<String>,
    methods: Vec<Method>,
}

/// A public type in the call of a macro: its variants with what they hold.
struct Declaration {
    keyword: &'static str,
    ident: syn::Ident,
    variants: Vec<String>,
}

impl syn::parse::Parse for Declaration {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        input.parse::<syn::Token![pub]>()?;
        let is_enum = input.peek(syn::Token![enum]);
        let keyword = match is_enum {
            true => input.parse::<syn::Token![enum]>().map(|_| "enum")?,
            false => input.parse::<syn::Token![struct]>().map(|_| "struct")?,
        };
        let ident: syn::Ident = input.parse()?;
        let mut variants = Vec::new();
        while !input.is_empty() {
            if is_enum && input.peek(syn::token::Brace) {
                let content;
                syn::braced!(content in input);
                variants = content.call(variants_of)?;
            } else {
                input.parse::<proc_macro2::TokenTree>()?;
            }
        }
        Ok(Self {
            keyword,
            ident,
            variants,
        })
    }
}

/// The variants of an enum, without the values that they stand for.
fn variants_of(input: syn::parse::ParseStream<'_>) -> syn::Result<Vec<String>> {
    let mut variants = Vec::new();
    while !input.is_empty() {
        input.call(Attribute::parse_outer)?;
        // The variant for all other values.
        if input.parse::<Option<syn::Token![_]>>()?.is_some() {
            input.parse::<syn::Token![=>]>()?;
        }
        let ident: syn::Ident = input.parse()?;
        let mut variant = ident.to_string();
        if input.peek(syn::token::Paren) {
            let held;
            syn::parenthesized!(held in input);
            variant.push_str(&format!("({})", shown(&held.parse::<syn::Type>()?)));
        }
        variants.push(variant);
        while !input.is_empty() && !input.peek(syn::Token![,]) {
            input.parse::<proc_macro2::TokenTree>()?;
        }
        input.parse::<Option<syn::Token![,]>>()?;
    }
    Ok(variants)
}

impl Surface<'_> {
    /// Reads the file of a module. Its submodules are in `directory`; `path` ends with `::`.
    fn file(&mut self, file: &Path, directory: &Path, path: &str) {
        let text =
            fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed =
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.items(&parsed.items, directory, path);
    }

    fn items(&mut self, items: &[Item], directory: &Path, path: &str) {
        for item in items {
            self.item(item, directory, path);
        }
    }

    fn add(&mut self, fact: String) {
        self.facts.insert(fact);
    }

    /// The path of a method's type.
    fn path_of(&self, method: &Method) -> String {
        let here = format!("{}{}", method.module, method.type_name);
        if self.types.contains(&here) {
            return here;
        }
        let elsewhere = format!("::{}", method.type_name);
        let path = self.types.iter().find(|path| path.ends_with(&elsewhere));
        path.cloned().unwrap_or(here)
    }

    fn item(&mut self, item: &Item, directory: &Path, path: &str) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let name = format!("{path}{}{}", item.ident, shown(&item.generics));
                let marks = marks(&item.attrs);
                self.add(format!("struct {name}{marks}"));
                self.types.insert(name.clone());
                self.fields(&item.fields, &name, false);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let name = format!("{path}{}{}", item.ident, shown(&item.generics));
                let marks = marks(&item.attrs);
                self.add(format!("enum {name}{marks}"));
                self.types.insert(name.clone());
                for variant in &item.variants {
                    let variant_name = format!("{name}::{}", variant.ident);
                    let held = match &variant.fields {
                        Fields::Unnamed(fields) => {
                            let types = fields.unnamed.iter().map(|field| shown(&field.ty));
                            format!("({})", types.collect::<Vec<_>>().join(", "))
                        }
                        _ => String::new(),
                    };
                    let marks = self::marks(&variant.attrs);
                    self.add(format!("variant {variant_name}{held}{marks}"));
                    if matches!(variant.fields, Fields::Named(_)) {
                        self.fields(&variant.fields, &variant_name, true);
                    }
                }
            }
            Item::Impl(item) if item.trait_.is_none() => {
                for member in &item.items {
                    if let ImplItem::Fn(method) = member
                        && is_public(&method.vis)
                    {
                        self.methods.push(Method {
                            module: path.to_owned(),
                            type_name: shown(&item.self_ty),
                            signature: shown(&method.sig),
                        });
                    }
                }
            }
            Item::Trait(item) if is_public(&item.vis) => {
                self.add(format!("trait {path}{}", item.ident));
            }
            Item::Fn(item) if is_public(&item.vis) => {
                let module = path.trim_end_matches("::");
                self.add(format!("function {module}: {}", shown(&item.sig)));
            }
            Item::Const(item) if is_public(&item.vis) => {
                self.add(format!("const {path}{}: {}", item.ident, shown(&item.ty)));
            }
            Item::Type(item) if is_public(&item.vis) => {
                self.add(format!("type {path}{} = {}", item.ident, shown(&item.ty)));
            }
            Item::Macro(item) => self.declared_by(&item.mac, path),
            Item::Use(item) if is_public(&item.vis) => self.names(&item.tree, path, ""),
            Item::Mod(item) if !is_test(&item.attrs) => {
                self.module(item, directory, path);
            }
            _ => {}
        }
    }

    /// Adds the type that a macro of the runtime crate declares. Only its declaration is read, not what the macro
    /// implements for it.
    fn declared_by(&mut self, call: &syn::Macro, path: &str) {
        let Some(name) = call.path.segments.last() else {
            return;
        };
        let Ok(declaration) = call.parse_body::<Declaration>() else {
            return;
        };
        let Declaration {
            keyword,
            ident,
            variants,
        } = declaration;
        let own = format!("{path}{ident}");
        self.add(format!("{keyword} {own} [{}!]", name.ident));
        for variant in variants {
            self.add(format!("variant {own}::{variant}"));
        }
        self.types.insert(own);
    }

    /// Private modules are read as well: what they hold can be exported again.
    fn module(&mut self, item: &syn::ItemMod, directory: &Path, path: &str) {
        let name = item.ident.to_string();
        if self.without.contains(&name.as_str()) {
            return;
        }
        let path = format!("{path}{name}::");
        let directory = directory.join(&name);
        if let Some((_, items)) = &item.content {
            self.items(items, &directory, &path);
            return;
        }
        let file = directory.with_extension("rs");
        if file.is_file() {
            self.file(&file, &directory, &path);
        } else {
            self.file(&directory.join("mod.rs"), &directory, &path);
        }
    }

    fn fields(&mut self, fields: &Fields, of: &str, all: bool) {
        for (at, field) in fields.iter().enumerate() {
            if all || is_public(&field.vis) {
                let name = field
                    .ident
                    .as_ref()
                    .map_or(at.to_string(), ToString::to_string);
                self.add(format!("field {of}.{name}: {}", shown(&field.ty)));
            }
        }
    }

    fn names(&mut self, tree: &UseTree, path: &str, from: &str) {
        match tree {
            UseTree::Path(tree) => {
                self.names(&tree.tree, path, &format!("{from}{}::", tree.ident));
            }
            UseTree::Name(tree) => {
                self.add(format!("export {path}{} = {from}{0}", tree.ident));
            }
            UseTree::Rename(tree) => {
                self.add(format!(
                    "export {path}{} = {from}{}",
                    tree.rename, tree.ident
                ));
            }
            UseTree::Glob(_) => self.add(format!("export {path}* = {from}*")),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.names(tree, path, from);
                }
            }
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && shown(&attribute.meta).contains("(test)")
    })
}

/// What matters to users beyond the shape: derived traits, and that more may come.
fn marks(attributes: &[Attribute]) -> String {
    let mut derived = BTreeSet::new();
    let mut is_open = false;
    for attribute in attributes {
        is_open |= attribute.path().is_ident("non_exhaustive");
        if let Meta::List(list) = &attribute.meta
            && list.path.is_ident("derive")
        {
            let names = list.tokens.to_string();
            let names = names.split(',').map(|name| {
                let name = name.rsplit("::").next().unwrap_or(name);
                name.trim().to_owned()
            });
            derived.extend(names.filter(|name| !name.is_empty()));
        }
    }
    let derived: Vec<String> = derived.into_iter().collect();
    let derived = match derived.is_empty() {
        true => String::new(),
        false => format!(": {}", derived.join(" + ")),
    };
    let open = if is_open { ", non-exhaustive" } else { "" };
    format!("{derived}{open}")
}

/// Tokens as people write them, without the paths of the standard library.
fn shown(tokens: &impl ToTokens) -> String {
    const PREFIXES: [&str; 9] = [
        "std::string::",
        "std::option::",
        "std::vec::",
        "std::result::",
        "std::num::",
        "std::convert::",
        "chrono::offset::",
        "chrono::",
        "serde_json::",
    ];
    let mut text = tokens.to_token_stream().to_string();
    for (from, to) in [
        (",", ", "),
        (",  ", ", "),
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" <", "<"),
        (" >", ">"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" :", ":"),
        ("& ", "&"),
        (",)", ")"),
        (", >", ">"),
        (",>", ">"),
    ] {
        text = text.replace(from, to);
    }
    for name in PREFIXES {
        text = text.replace(&format!("::{name}"), "").replace(name, "");
    }
    for (from, to) in [
        ("->", " -> "),
        (">where", "> where"),
        ("  ", " "),
        ("<::", "<"),
        ("(::", "("),
        (" ::", " "),
    ] {
        text = text.replace(from, to);
    }
    text.trim_start_matches("::")
        .trim_end_matches(", ")
        .to_owned()
}
