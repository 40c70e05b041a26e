//! Converts descriptions of the contract to doc comments without rustdoc warnings.
//!
//! A description is Markdown. rustdoc would compile its code blocks as tests, so they are marked as text. URLs
//! become links, and brackets and unclosed HTML tags are escaped.

mod prose;

use proc_macro2::{Ident, Span};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use syn::visit_mut::VisitMut;
use syn::{AttrStyle, Attribute, Expr, ExprLit, Lit, LitStr, Meta, MetaNameValue};

/// Splits doc comments into one attribute per line, so that they are printed as `/// line`.
pub(crate) struct DocComments;

impl VisitMut for DocComments {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        if !attributes.iter().any(is_doc) {
            return;
        }
        for attribute in std::mem::take(attributes) {
            match doc(&attribute) {
                Some(text) if !is_line(&text) => {
                    attributes.extend(lines(&text).iter().map(|text| line(text)))
                }
                _ => attributes.push(attribute),
            }
        }
    }

    // Function bodies and types contain most of the code, but no documentation.
    fn visit_block_mut(&mut self, _: &mut syn::Block) {}

    fn visit_type_mut(&mut self, _: &mut syn::Type) {}

    fn visit_generics_mut(&mut self, _: &mut syn::Generics) {}
}

/// Creates the attribute `#[doc = "text"]`.
pub(crate) fn line(text: &str) -> Attribute {
    outer(Meta::NameValue(MetaNameValue {
        path: Ident::new("doc", Span::call_site()).into(),
        eq_token: Default::default(),
        value: Expr::Lit(ExprLit {
            attrs: Vec::new(),
            lit: Lit::Str(LitStr::new(text, Span::call_site())),
        }),
    }))
}

/// Creates the attribute `#[meta]`. Parsing it would be much slower, and there are tens of thousands.
pub(crate) fn outer(meta: Meta) -> Attribute {
    Attribute {
        pound_token: Default::default(),
        style: AttrStyle::Outer,
        bracket_token: Default::default(),
        meta,
    }
}

fn is_doc(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::NameValue(pair) if pair.path.is_ident("doc"))
}

/// Returns the text of `#[doc = "text"]`.
fn doc(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns whether a line was written by progenitor as `///`.
fn is_line(text: &str) -> bool {
    !text.contains('\n') && (text.is_empty() || text.starts_with(' '))
}

/// Returns a description as a doc comment with this indentation.
pub(crate) fn comment(text: &str, indentation: &str) -> String {
    let lines = lines(text).into_iter();
    lines
        .map(|line| format!("{indentation}///{line}\n"))
        .collect()
}

/// Returns the lines of a doc comment without `///`.
fn lines(text: &str) -> Vec<String> {
    let text = prose::prose(&without_code(
        &text.replace("\r\n", "\n").replace('\r', "\n"),
    ));
    let mut lines: Vec<String> = Vec::new();
    let mut fenced = false;
    let mut was_empty = true;
    for line in text.lines().map(str::trim_end) {
        fenced ^= line.trim_start().starts_with("```");
        let repeated = was_empty && line.is_empty() && !fenced;
        was_empty = line.is_empty();
        if repeated {
            continue;
        }
        lines.push(if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        });
    }
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Marks code blocks that rustdoc would compile as text.
fn without_code(text: &str) -> String {
    let may_be_code = ["```", "~~~", "    ", "\t"];
    if !may_be_code.iter().any(|mark| text.contains(mark)) {
        return text.to_owned();
    }
    let mut marked = String::new();
    let mut done = 0;
    for (event, range) in Parser::new(text).into_offset_iter() {
        let Event::Start(Tag::CodeBlock(kind)) = event else {
            continue;
        };
        match kind {
            CodeBlockKind::Fenced(info) if is_rust(&info) => {
                let fence = text[range.start..]
                    .find(['`', '~'])
                    .map_or(0, |at| range.start + at);
                let width = text[fence..]
                    .find(|c| c != '`' && c != '~')
                    .unwrap_or(text.len() - fence);
                let end = fence + width;
                let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
                marked.push_str(&text[done..end]);
                marked.push_str("text");
                done = line_end;
            }
            CodeBlockKind::Fenced(_) => {}
            CodeBlockKind::Indented => {
                // The range does not include the indentation of the first line.
                let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
                let indentation = &text[start..range.start];
                let outer = &indentation[..indentation.len().saturating_sub(4)];
                marked.push_str(&text[done..start]);
                marked.push_str(&format!("{outer}```text\n"));
                for line in text[start..range.end].lines() {
                    marked.push_str(line.strip_prefix(indentation).map_or("", |_| outer));
                    marked.push_str(line.strip_prefix(indentation).unwrap_or(line));
                    marked.push('\n');
                }
                marked.push_str(&format!("{outer}```\n"));
                done = range.end;
            }
        }
    }
    marked.push_str(&text[done.min(text.len())..]);
    marked
}

/// Returns whether rustdoc treats a code block with this info string as Rust. progenitor's examples are
/// marked `ignore`.
fn is_rust(info: &str) -> bool {
    const RUST: [&str; 5] = [
        "rust",
        "should_panic",
        "no_run",
        "compile_fail",
        "test_harness",
    ];
    let mut words = info
        .split([',', ' ', '\t'])
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_none() || words.any(|word| RUST.contains(&word) || word.starts_with("edition"))
}

#[cfg(test)]
mod tests {
    use super::{lines, without_code};

    #[test]
    fn descriptions_are_split_into_lines() {
        assert_eq!(lines("One\n\n\n*/ two \n\n"), [" One", "", " */ two"]);
        assert_eq!(lines("Only one"), [" Only one"]);
    }

    #[test]
    fn code_blocks_are_not_doctests() {
        assert_eq!(
            without_code("a\n\n    let x;\n\nb"),
            "a\n\n```text\nlet x;\n```\n\nb"
        );
        assert_eq!(without_code("```\nx\n```\n"), "```text\nx\n```\n");
        assert_eq!(without_code("~~~rust\nx\n~~~\n"), "~~~text\nx\n~~~\n");
        assert_eq!(without_code("```json\n{}\n```\n"), "```json\n{}\n```\n");
        assert_eq!(without_code("```ignore\nx\n```"), "```ignore\nx\n```");
    }

    #[test]
    fn nested_lists_are_not_code() {
        let list = "- one\n    - two\n    - three\n";
        assert_eq!(without_code(list), list);
    }
}
