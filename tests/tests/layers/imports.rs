//! Reads which module of a crate imports from which.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// The path of a module within its crate; empty for the crate's root.
pub(super) type Module = Vec<String>;

/// A use of one module's item in another.
#[derive(Clone, Debug)]
pub(super) struct Import {
    /// The module that uses the item.
    pub(super) from: Module,
    /// The module that has the item.
    pub(super) to: Module,
    /// The path that is used, from the root of the crate.
    pub(super) path: Vec<String>,
    /// The file, relative to the crate's directory.
    pub(super) file: String,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} uses `crate::{}`", self.file, self.path.join("::"))
    }
}

/// All imports between the modules of the crate in this directory.
pub(super) fn imports(crate_root: &Path) -> Vec<Import> {
    let mut files = Vec::new();
    rust_files(&crate_root.join("src"), &mut files);
    files.sort();
    let files: Vec<Paths> = files
        .iter()
        .map(|file| Paths::read(crate_root, file))
        .collect();

    let mut modules: BTreeMap<Module, &[Reexport]> = BTreeMap::new();
    for file in &files {
        modules.insert(file.module.clone(), &file.reexports);
    }
    let mut imports = Vec::new();
    for file in &files {
        for path in &file.paths {
            let to = module_of(path, &modules);
            if to != file.module {
                imports.push(Import {
                    from: file.module.clone(),
                    to,
                    path: path.clone(),
                    file: file.name.clone(),
                });
            }
        }
    }
    imports
}

/// The module that has the item at a path, seen through re-exports.
fn module_of(path: &[String], modules: &BTreeMap<Module, &[Reexport]>) -> Module {
    let mut path = path.to_vec();
    // A re-export of a re-export is followed, one of itself not for ever.
    for _ in 0..8 {
        let length = (0..=path.len())
            .rev()
            .find(|length| modules.contains_key(&path[..*length]))
            .unwrap_or_default();
        let module = path[..length].to_vec();
        let reexport = path.get(length).and_then(|item| {
            let reexports = modules.get(&module)?;
            reexports.iter().find(|reexport| reexport.name == *item)
        });
        match reexport {
            Some(reexport) if reexport.path != path => path = reexport.path.clone(),
            _ => return module,
        }
    }
    path
}

fn rust_files(directory: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(directory).expect("the directory can be read");
    for entry in entries {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            // Programs of their own, and templates of generated code.
            if name != "bin" && name != "templates" {
                rust_files(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "tests.rs"
        {
            files.push(path);
        }
    }
}

/// An item that a module has under another path.
struct Reexport {
    name: String,
    path: Vec<String>,
}

/// The paths within the crate that a file names.
struct Paths {
    name: String,
    module: Module,
    /// The modules around the code that is visited: inline modules come after the file's own.
    inside: Module,
    paths: Vec<Vec<String>>,
    reexports: Vec<Reexport>,
}

impl Paths {
    fn read(crate_root: &Path, file: &Path) -> Self {
        let text = fs::read_to_string(file).expect("the file can be read");
        let parsed = syn::parse_file(&text).expect("the file is Rust");
        let relative = file.strip_prefix(crate_root).expect("it is in the crate");
        let name = relative.to_string_lossy().replace('\\', "/");
        let mut module: Module = name
            .trim_start_matches("src/")
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect();
        if module
            .last()
            .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
        {
            module.pop();
        }
        let mut paths = Self {
            name,
            inside: module.clone(),
            module,
            paths: Vec::new(),
            reexports: Vec::new(),
        };
        paths.visit_file(&parsed);
        paths
    }

    /// A path from the root of the crate; nothing for one that leads to another crate, or that may.
    fn absolute(&self, segments: &[String]) -> Option<Vec<String>> {
        let mut base = self.inside.clone();
        let mut rest = segments;
        match rest.first()?.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                while rest.first().is_some_and(|first| first == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
                base.extend_from_slice(rest);
                return Some(base);
            }
            _ => return None,
        }
        base.extend_from_slice(&rest[1..]);
        Some(base)
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
    })
}

/// All paths of a `use`, with the names that their items get.
fn leaves(tree: &syn::UseTree, prefix: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
    match tree {
        syn::UseTree::Path(path) => leaves(&path.tree, &with(&path.ident), found),
        syn::UseTree::Name(name) if name.ident == "self" => {
            found.push((prefix.to_vec(), prefix.last().cloned().unwrap_or_default()))
        }
        syn::UseTree::Name(name) => found.push((with(&name.ident), name.ident.to_string())),
        syn::UseTree::Rename(rename) => {
            found.push((with(&rename.ident), rename.rename.to_string()))
        }
        syn::UseTree::Glob(_) => found.push((prefix.to_vec(), "*".to_owned())),
        syn::UseTree::Group(group) => {
            for tree in &group.items {
                leaves(tree, prefix, found);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test(&item.attrs) || item.content.is_none() {
            return;
        }
        self.inside.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.inside.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if is_test(&item.attrs) {
            return;
        }
        let mut found = Vec::new();
        leaves(&item.tree, &[], &mut found);
        for (segments, name) in found {
            let absolute = self.absolute(&segments);
            if !matches!(item.vis, syn::Visibility::Inherited) && self.inside == self.module {
                // Without `crate` or `self` it is a module inside this one, or another crate.
                let path = absolute
                    .clone()
                    .unwrap_or_else(|| [&self.module[..], &segments].concat());
                self.reexports.push(Reexport { name, path });
            }
            if let Some(path) = absolute {
                self.paths.push(path);
            }
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if let Some(absolute) = self.absolute(&segments)
            && segments.len() > 1
        {
            self.paths.push(absolute);
        }
        visit::visit_path(self, path);
    }
}
