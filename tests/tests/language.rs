//! The text that people read uses the terms of OpenAPI, JSON Schema, HTTP and Rust.
//!
//! Checked are string literals and doc comments of hand-written Rust code, the help of every command,
//! and all Markdown: pages of rules, READMEs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use proc_macro2::{TokenStream, TokenTree};
use workspace_tests::documents::workspace;

/// Words that have a standard term, with that term.
const REPLACED: [(&str, &[&str]); 16] = [
    (
        "reject",
        &[
            "refuse", "refuses", "refused", "refusing", "refusal", "refusals",
        ],
    ),
    (
        "response or respond",
        &["answer", "answers", "answered", "answering"],
    ),
    ("accept", &["lets in", "let in", "is let in"]),
    ("recursive or cyclic", &["leads back", "lead back"]),
    ("unresolved", &["leads nowhere", "leads to nothing"]),
    (
        "missing or absent",
        &["is not there", "not there", "be there"],
    ),
    ("missing or removed", &["is gone", "are gone"]),
    ("omitted", &["left out", "leaves out", "leave out"]),
    ("exact", &["lossless", "without loss"]),
    ("weakened", &["weaker"]),
    ("violation", &["nonconformance", "nonconformances"]),
    ("directory", &["folder", "folders"]),
    (
        "report",
        &["told of", "tells of", "speaks of", "says so", "say so"],
    ),
    ("name", &["what it is called", "is called by"]),
    ("generated", &["made up", "makes up"]),
    (
        "a sentence with a subject, a verb and one idea",
        &[
            "in other words",
            "in its words",
            "one and the same",
            "in doubt",
            "no machine",
            "nobody",
            "all the same",
            "correct this place",
            "is itself with nothing",
        ],
    ),
];

/// Quotations and proper uses: a file (the end of its path) and the phrase that it may contain.
const ALLOWED: [(&str, &str); 0] = [];

#[test]
fn code_and_its_messages_use_standard_terms() {
    let mut found = Vec::new();
    for path in files(&workspace(), "rs") {
        if path.ends_with("tests/tests/language.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("the file can be read");
        // A template of generated code may not be a file by itself; its lines count as they are.
        match text.parse::<TokenStream>() {
            Ok(tokens) => {
                let mut strings = Vec::new();
                collect_strings(tokens, &mut strings);
                for string in strings {
                    found.extend(replaced_words(&path, &string));
                }
            }
            Err(_) => found.extend(replaced_words(&path, &text)),
        }
    }
    assert!(
        found.is_empty(),
        "{} findings:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn pages_use_standard_terms() {
    let mut found = Vec::new();
    for path in files(&workspace(), "md") {
        let text = fs::read_to_string(&path).expect("the file can be read");
        found.extend(replaced_words(&path, &without_code(&text)));
    }
    assert!(
        found.is_empty(),
        "{} findings:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn help_uses_standard_terms() {
    let mut command = xtask::Args::command();
    let mut help = String::new();
    write_help(&mut command, &mut help);
    let found = replaced_words(Path::new("help"), &help);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_replaced_word_is_found_with_its_term() {
    let found = replaced_words(Path::new("page.md"), "The server\nREFUSES it, unrefused.");
    assert_eq!(
        found,
        ["page.md: \"refuses\", use reject: the server refuses it, unrefused."]
    );
    assert_eq!(
        without_code("a `refused_by` b\n```text\nrefused\n```\nc"),
        "a  b\nc\n"
    );
}

fn write_help(command: &mut clap::Command, help: &mut String) {
    let _ = writeln!(help, "{}", command.render_long_help());
    for subcommand in command.get_subcommands_mut() {
        write_help(subcommand, help);
    }
}

/// The hand-written files with this extension. The documents of the API and what is generated from
/// them use the words of their authors.
fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    const SKIPPED: [&str; 5] = ["target", ".git", "generated", "openapi", "data"];
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(directory)
        .expect("the directory can be read")
        .map(|entry| entry.expect("the entry can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_ref()) {
                found.extend(files(&path, extension));
            }
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found
}

/// The values of the string literals, and doc comments, which are string literals of attributes.
fn collect_strings(tokens: TokenStream, strings: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_strings(group.stream(), strings),
            TokenTree::Literal(literal) => {
                let literal = syn::Lit::new(literal);
                if let syn::Lit::Str(string) = literal {
                    strings.push(string.value());
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// The prose of a Markdown page: no code blocks, no code spans.
fn without_code(page: &str) -> String {
    let mut prose = String::new();
    let mut is_code = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            prose.extend(line.split('`').step_by(2));
            prose.push('\n');
        }
    }
    prose
}

/// The words in a text that have a standard term, a message each.
fn replaced_words(path: &Path, text: &str) -> Vec<String> {
    let words = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let shown = path
        .strip_prefix(workspace())
        .unwrap_or(path)
        .display()
        .to_string();
    let mut found = Vec::new();
    for (term, phrases) in REPLACED {
        for phrase in phrases {
            if ALLOWED
                .iter()
                .any(|(file, allowed)| shown.ends_with(file) && allowed == phrase)
            {
                continue;
            }
            for (start, _) in words.match_indices(phrase) {
                let (before, after) = (&words[..start], &words[start + phrase.len()..]);
                if before.ends_with(is_word) || after.starts_with(is_word) {
                    continue;
                }
                let from = before
                    .char_indices()
                    .rev()
                    .nth(40)
                    .map_or(0, |(index, _)| index);
                let to = after
                    .char_indices()
                    .nth(40)
                    .map_or(after.len(), |(index, _)| index);
                found.push(format!(
                    "{shown}: \"{phrase}\", use {term}: {}{phrase}{}",
                    &before[from..],
                    &after[..to]
                ));
            }
        }
    }
    found
}
