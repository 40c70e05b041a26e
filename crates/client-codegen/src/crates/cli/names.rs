//! The names, groups and one-line descriptions of commands.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Item, parse_quote};

use crate::client_ir::Operation;
use crate::client_plan::TagPlan;
use crate::identifiers::first_unused;

/// The maximum number of commands in one list. If there are more, they are grouped by tag.
const MOST_IN_A_LIST: usize = 20;

/// The commands of the command line itself.
const OWN_COMMANDS: [&str; 2] = ["completions", "help"];

/// Generates the order, the names and the groups of all commands.
pub(super) fn items(operations: &[Operation], declared: &[TagPlan]) -> Vec<Item> {
    let variants = operations.iter().map(|operation| &operation.builder);
    let tags = tags(operations);
    let group_of = |operation: &Operation| {
        let tag = operation.plan.tag.as_deref()?;
        tags.iter().position(|known| *known == tag)
    };
    let mut at_the_top: BTreeSet<String> = OWN_COMMANDS.map(str::to_owned).into();
    let mut in_groups = vec![BTreeSet::from(["help".to_owned()]); tags.len()];
    let mut names = Vec::new();
    let mut members: Vec<Vec<&Ident>> = vec![Vec::new(); tags.len()];
    for operation in operations {
        let group = group_of(operation);
        let taken = match group {
            Some(at) => &mut in_groups[at],
            None => &mut at_the_top,
        };
        let variant = &operation.builder;
        let name = unused(kebab(&operation.method), taken);
        names.push(quote!(CliCommand::#variant => #name));
        if let Some(at) = group {
            members[at].push(variant);
        }
    }
    let groups = tags.iter().zip(&members).map(|(tag, members)| {
        let name = unused(kebab(tag), &mut at_the_top);
        let about =
            described(declared, tag).unwrap_or_else(|| format!("{} commands", members.len()));
        quote!(Group { name: #name, about: #about })
    });
    let groups: Vec<TokenStream> = groups.collect();
    let arms = members
        .iter()
        .enumerate()
        .map(|(at, members)| quote!(#(CliCommand::#members)|* => GROUPS.get(#at)));
    let group: TokenStream = match tags.is_empty() {
        true => quote!(None),
        false => quote! {
            match self {
                #(#arms,)*
                #[allow(unreachable_patterns)]
                _ => None,
            }
        },
    };
    let file: syn::File = parse_quote! {
        /// A group of commands: the operations of a tag.
        #[derive(Debug, Clone, Copy)]
        pub struct Group {
            /// The name of the group.
            pub name: &'static str,
            /// The help text of the group.
            pub about: &'static str,
        }

        /// All groups. Empty if there are only a few commands.
        pub const GROUPS: &[Group] = &[#(#groups),*];

        impl CliCommand {
            /// All commands, in the order of the contract.
            pub fn iter() -> impl Iterator<Item = CliCommand> {
                vec![#(CliCommand::#variants),*].into_iter()
            }

            /// The name of the command.
            pub fn name(&self) -> &'static str {
                match *self { #(#names),* }
            }

            /// The group of the command.
            pub fn group(&self) -> Option<&'static Group> {
                #group
            }
        }
    };
    file.items
}

/// Returns the tags that become groups, in the order of the operations.
fn tags(operations: &[Operation]) -> Vec<&str> {
    let mut tags: Vec<&str> = Vec::new();
    for tag in operations
        .iter()
        .filter_map(|operation| operation.plan.tag.as_deref())
    {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if operations.len() <= MOST_IN_A_LIST || tags.len() < 2 {
        tags.clear();
    }
    tags
}

/// Returns the one-line description of a tag in the contract.
fn described(declared: &[TagPlan], tag: &str) -> Option<String> {
    let declared = declared.iter().find(|declared| declared.name == tag)?;
    let line = line(&declared.doc);
    (!line.is_empty()).then_some(line)
}

/// Returns the first sentence of a Markdown text, without link targets.
fn line(text: &str) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let words = words.join(" ");
    let sentence = words.split(". ").next().unwrap_or_default();
    let sentence = sentence.strip_suffix('.').unwrap_or(sentence);
    let mut plain = String::new();
    let mut rest = sentence;
    while let Some((before, behind)) = rest.split_once('[') {
        let link = behind.split_once("](").and_then(|(shown, behind)| {
            let (_, behind) = behind.split_once(')')?;
            Some((shown, behind))
        });
        let Some((shown, behind)) = link else { break };
        plain.push_str(before);
        plain.push_str(shown);
        rest = behind;
    }
    plain + rest
}

/// Generates the help of a command: lists show the first sentence, `--help` shows everything.
pub(super) fn about(operation: &Operation) -> TokenStream {
    let texts = [&operation.plan.summary, &operation.plan.description];
    let paragraphs = texts
        .into_iter()
        .flatten()
        .flat_map(|text| text.split("\n\n"));
    let paragraphs: Vec<&str> = paragraphs
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect();
    let whole = paragraphs.join("\n\n");
    let first = line(&whole);
    if first.is_empty() {
        let method = operation.plan.http_method.to_uppercase();
        let about = format!("Send {method} {}", operation.plan.path);
        return quote!(.about(#about));
    }
    match whole.trim_end_matches('.') == first {
        true => quote!(.about(#first)),
        false => quote!(.about(#first).long_about(#whole)),
    }
}

/// Converts a name to kebab case.
pub(super) fn kebab(text: &str) -> String {
    let mut kebab = String::new();
    let mut before = '-';
    for c in text.chars() {
        if !c.is_alphanumeric() {
            if !kebab.is_empty() && !kebab.ends_with('-') {
                kebab.push('-');
            }
        } else {
            if c.is_uppercase() && before.is_lowercase() {
                kebab.push('-');
            }
            kebab.extend(c.to_lowercase());
        }
        before = c;
    }
    let kebab = kebab.trim_end_matches('-');
    if kebab.is_empty() {
        "other".to_owned()
    } else {
        kebab.to_owned()
    }
}

/// Returns the name, with a number appended if it is taken.
pub(super) fn unused(name: String, taken: &mut BTreeSet<String>) -> String {
    let variant = |count| format!("{name}-{}", count + 1);
    first_unused(&name, variant, |name| !taken.insert(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{kebab, line};

    #[test]
    fn one_line_descriptions_are_the_first_sentence() {
        let text = "Manages [keys](https://a.example/b.html) of\n  an [index]. More.\n\nEven more.";
        assert_eq!(line(text), "Manages keys of an [index]");
        assert_eq!(line(" "), "");
    }

    #[test]
    fn names_become_kebab_case() {
        for (text, name) in [
            ("list_media", "list-media"),
            ("otherKey", "other-key"),
            ("Pet Store (v2)", "pet-store-v2"),
            ("oauth_2_0", "oauth-2-0"),
            ("API", "api"),
            ("type_", "type"),
            ("***", "other"),
        ] {
            assert_eq!(kebab(text), name);
        }
    }
}
