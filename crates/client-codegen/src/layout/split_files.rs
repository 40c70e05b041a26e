//! Splits large modules into files of readable size.
//!
//! A small module is a single file. A large one is a directory with at least one file per group. All items keep
//! their paths.

use super::groups::{TagGroup, TagGroups};
use crate::files::{GENERATED_DIR, GeneratedFile, Ownership};
use crate::header::FileHeader;

/// The maximum number of lines of a file, not counting its header. A single item may be longer.
const LINES: usize = 1950;

/// A module with its own file or directory.
pub(super) struct ModulePath {
    /// The path below the generated module.
    pub(super) path: &'static str,
    /// The start of an `impl` block, if the parts are methods.
    pub(super) wrap: Option<&'static str>,
}

/// A printed part of a module.
#[derive(Debug)]
pub(super) struct PrintedPart {
    pub(super) name: String,
    pub(super) group: usize,
    pub(super) text: String,
}

/// A file and its parts.
struct SourceFile<'a> {
    module: String,
    group: &'a TagGroup,
    parts: Vec<&'a PrintedPart>,
}

/// Returns the files of a module. `head` is the text before its parts.
pub(super) fn files(
    module: &ModulePath,
    head: &str,
    parts: &[PrintedPart],
    groups: &TagGroups,
    stamp: &FileHeader,
) -> Vec<GeneratedFile> {
    let file = |path: String, text: &str| GeneratedFile {
        path: std::iter::once(GENERATED_DIR)
            .chain(path.split('/'))
            .collect(),
        contents: stamp.header() + text,
        ownership: Ownership::Generated,
    };
    let path = module.path;
    let lines: usize = parts.iter().map(|part| lines(&part.text)).sum();
    let is_gated = parts
        .iter()
        .any(|part| groups.all()[part.group].feature.is_some());
    if !is_gated && lines + head.lines().count() <= LINES {
        let parts: Vec<&PrintedPart> = parts.iter().collect();
        return vec![file(
            format!("{path}.rs"),
            &joined(head, &parts, module.wrap),
        )];
    }

    let spread = spread(parts, groups);
    let mut root = head.to_owned();
    for part in &spread {
        let gate = match &part.group.feature {
            Some(feature) => format!("#[cfg(feature = \"{feature}\")]\n"),
            None => String::new(),
        };
        let name = &part.module;
        separate(&mut root);
        root.push_str(&format!("{gate}mod {name};\n"));
        if module.wrap.is_none() {
            // A tag may have the name of a module in a glob import.
            root.push_str(&format!("{gate}pub use self::{name}::*;\n"));
        }
    }
    let mut files = vec![file(format!("{path}/mod.rs"), &root)];
    for part in &spread {
        let head = format!("{}use super::*;\n", about(part));
        let text = joined(&head, &part.parts, module.wrap);
        files.push(file(
            format!("{path}/{}.rs", part.module),
            &shared(&deeper(&text)),
        ));
    }
    files
}

/// Assigns the parts to files.
fn spread<'a>(parts: &'a [PrintedPart], groups: &'a TagGroups) -> Vec<SourceFile<'a>> {
    let mut files = Vec::new();
    for (at, group) in groups.all().iter().enumerate() {
        let mut chunks: Vec<Vec<&PrintedPart>> = Vec::new();
        let mut room = 0;
        for part in parts.iter().filter(|part| part.group == at) {
            let needed = lines(&part.text);
            match chunks.last_mut() {
                Some(chunk) if needed <= room => {
                    chunk.push(part);
                    room -= needed;
                }
                _ => {
                    chunks.push(vec![part]);
                    room = LINES.saturating_sub(needed);
                }
            }
        }
        let is_alone = chunks.len() == 1;
        files.extend(
            chunks
                .into_iter()
                .enumerate()
                .map(|(number, parts)| SourceFile {
                    module: match is_alone {
                        true => group.module.clone(),
                        false => format!("{}_{}", group.module, number + 1),
                    },
                    group,
                    parts,
                }),
        );
    }
    files
}

/// Counts the lines of a part, including the empty line after it.
fn lines(text: &str) -> usize {
    text.lines().count() + 1
}

/// Returns the module documentation of a file.
fn about(file: &SourceFile<'_>) -> String {
    let names = match file.parts.as_slice() {
        [] => String::new(),
        [only] => format!("`{}`", only.name),
        [first, .., last] => format!("`{}` to `{}`", first.name, last.name),
    };
    let of = match &file.group.tag {
        Some(tag) => {
            let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("which have the tag `{}`", tag.replace('`', "'"))
        }
        None => "which have no tag or several".to_owned(),
    };
    format!("//! {names}, {of}.\n\n")
}

fn joined(head: &str, parts: &[&PrintedPart], wrap: Option<&str>) -> String {
    let mut text = head.to_owned();
    if let (Some(opening), false) = (wrap, parts.is_empty()) {
        separate(&mut text);
        text.push_str(&format!("{opening} {{\n"));
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            text.push_str(unwrapped(&part.text));
        }
        text.push_str("}\n");
        return text;
    }
    for part in parts {
        separate(&mut text);
        text.push_str(&part.text);
    }
    text
}

/// Returns the methods in `impl X { .. }`.
fn unwrapped(text: &str) -> &str {
    let inner = text.split_once('\n').map_or(text, |(_, inner)| inner);
    inner.strip_suffix("}\n").unwrap_or(inner)
}

fn separate(text: &mut String) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
}

/// Adapts code that moves one module deeper: `super::` becomes `super::super::`, also in documentation.
///
/// `use super::*` in the head of the file is already correct.
fn deeper(text: &str) -> String {
    let mut moved = String::with_capacity(text.len() + text.len() / 64);
    let mut rest = text;
    while let Some(at) = rest.find("super") {
        let (before, path) = rest.split_at(at);
        moved.push_str(before);
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let is_head = path.starts_with("super::*;\n") && before.ends_with("use ");
        if path.starts_with("super::") && !is_head {
            if !moved.ends_with("::") && !moved.ends_with(is_name) {
                moved.push_str("super::");
            }
        } else if path.starts_with("super)") && moved.ends_with("pub(") {
            moved.push_str("in super::");
        }
        moved.push_str("super");
        rest = &path["super".len()..];
    }
    moved.push_str(rest);
    moved
}

/// Makes the fields of tuple structs visible in the parent module and its other children.
///
/// Default values construct constrained types directly from their content.
fn shared(text: &str) -> String {
    let mut open = String::with_capacity(text.len());
    let mut is_before_field = false;
    for line in text.split_inclusive('\n') {
        let opening = || line.starts_with("pub struct ").then(|| line.find('('))?;
        let field = if is_before_field {
            line.len() - line.trim_start().len()
        } else if let Some(before) = opening() {
            before + 1
        } else {
            open.push_str(line);
            continue;
        };
        let (before, field) = line.split_at(field);
        is_before_field = field.trim().is_empty();
        open.push_str(before);
        if !is_before_field && !field.starts_with("pub") && !field.starts_with(')') {
            open.push_str("pub(super) ");
        }
        open.push_str(field);
    }
    open
}

#[cfg(test)]
mod tests {
    use super::{deeper, shared, unwrapped};

    #[test]
    fn fields_of_tuple_structs_are_visible_in_the_parent() {
        let text = "pub struct A(i64);\npub struct B(pub i64);\npub struct C(\n    Vec<A>,\n);\n\
                    pub struct D {\n    a: A,\n}\nfn e(a: A) {}\n";
        let seen = "pub struct A(pub(super) i64);\npub struct B(pub i64);\n\
                    pub struct C(\n    pub(super) Vec<A>,\n);\n\
                    pub struct D {\n    a: A,\n}\nfn e(a: A) {}\n";
        assert_eq!(shared(text), seen);
    }

    #[test]
    fn paths_refer_to_the_same_items_one_module_deeper() {
        let text = "use super::*;\n/// [`A`]: super::A\nfn f(a: &super::super::A, b: xsuper::B) {}\npub(super) fn g() {}\n";
        let moved = "use super::*;\n/// [`A`]: super::super::A\n\
                     fn f(a: &super::super::super::A, b: xsuper::B) {}\n\
                     pub(in super::super) fn g() {}\n";
        assert_eq!(deeper(text), moved);
    }

    #[test]
    fn methods_are_extracted_from_their_block() {
        assert_eq!(
            unwrapped("impl Client {\n    fn f() {\n    }\n}\n"),
            "    fn f() {\n    }\n"
        );
    }
}
