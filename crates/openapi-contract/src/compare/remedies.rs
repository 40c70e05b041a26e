//! What to do about a difference: one sentence, made of the rule, the values, and how the two
//! documents relate.

use super::Relation;
use super::change::{Change, ChangedItem, Literal, short_code_list};
use super::phrases::Judged;
use crate::finding::Level;
use crate::rules;
use crate::witness::Side;

/// What to do about a change. `target` names what has it: "`limit`", "the request body".
pub(super) fn remedy(change: &Change, target: &str, judged: Judged<'_>) -> String {
    match judged.relation {
        Relation::Evolution => evolution(change, target, judged),
        Relation::Drift => format!("{}.", capitalized(&align(change, target))),
        Relation::Client => format!(
            "Regenerate the client. If {}, report it as a generator bug.",
            remains(change, target)
        ),
    }
}

fn evolution(change: &Change, target: &str, judged: Judged<'_>) -> String {
    let undo = || undo(change, target, judged);
    match judged.wire.max(judged.rust) {
        Level::Breaking => format!("{}, or release a major version.", capitalized(&undo())),
        Level::Undecided => {
            let check = if judged.server_sends() {
                "old clients can read everything that the server may send"
            } else {
                "everything that old clients may send is still accepted"
            };
            format!(
                "Check by hand that {check}; if you are unsure, {}, or release a major version.",
                undo()
            )
        }
        Level::Risky => match change {
            Change::Only { what, .. } if judged.rule == rules::SERVER_REMOVED => format!(
                "Keep {} running, or redirect it, until no client uses it; release a minor version.",
                what.short()
            ),
            _ => {
                let news = news(change, target);
                format!("Tell users that {news}, and release a minor version.")
            }
        },
        Level::Compatible => {
            let news = news(change, target);
            format!("Release a minor version, and announce that {news}.")
        }
        Level::Editorial => format!("Release a patch version: {}.", change.now()),
    }
}

/// What users need to know about the new version.
fn news(change: &Change, target: &str) -> String {
    match change {
        Change::Keyword { keyword, new, .. } => match new {
            Some(new) => format!("`{keyword}` of {target} is now {new}"),
            None => format!("`{keyword}` of {target} is no longer set"),
        },
        Change::Quality { noun, new, .. } => format!("{noun} of {target} is now {new}"),
        Change::Null { side } => match side {
            Side::Old => format!("{target} can no longer be null"),
            Side::New => format!("{target} can now be null"),
        },
        Change::Only { what, side } => {
            let what = ChangedItem {
                noun: what.short().to_owned(),
                ..what.clone()
            };
            Change::only(what, *side).now()
        }
        Change::Enum { values, side } => {
            let values = short_code_list(values, "and");
            match side {
                Side::Old => format!("the values are no longer limited to {values}"),
                Side::New => format!("the values are now limited to {values}"),
            }
        }
        _ => change.now(),
    }
}

/// What takes a change back, or makes it harmless: in lower case, without a full stop.
fn undo(change: &Change, target: &str, judged: Judged<'_>) -> String {
    let server_sends = judged.server_sends();
    match change {
        Change::Keyword { keyword, old, .. } => match old {
            Some(old) => format!("restore `{keyword}: {}` for {target}", old.yaml()),
            None => format!("remove `{keyword}` from {target}"),
        },
        Change::Referenced { keyword, .. } => {
            format!("restore the schema that `{keyword}` of {target} refers to")
        }
        Change::Quality { old, new, .. } if judged.rule == rules::UNION_CHANGED => {
            format!("change {new} of {target} back to {old}")
        }
        Change::Quality { noun, old, .. } => {
            format!("change {noun} of {target} back to {old}")
        }
        Change::Named { noun, old, .. } => format!("change {noun} back to {old}"),
        Change::Text {
            noun, old: None, ..
        } => format!("remove {noun}"),
        Change::Text { noun, .. } => format!("restore {noun}"),
        Change::Only { what, side } => {
            let noun = what.short();
            match (judged.rule, side) {
                (rules::OPERATION_REMOVED, _) => {
                    format!("restore {noun}, mark it `deprecated` and set its `x-sunset`")
                }
                (rules::PARAMETER_REMOVED, _) => format!("restore {noun} and mark it `deprecated`"),
                (rules::PROPERTY_REMOVED, _) if server_sends => {
                    format!("keep sending {noun} and mark it `deprecated`")
                }
                (rules::PROPERTY_REMOVED, _) => format!("keep accepting {noun}"),
                (rules::HEADER_REMOVED, _) => format!("keep sending {noun}"),
                (rules::MEDIA_TYPE_REMOVED, _) if server_sends => format!("keep sending {noun}"),
                (rules::MEDIA_TYPE_REMOVED | rules::UNION_MEMBER_REMOVED, _) if !server_sends => {
                    format!("keep accepting {noun}")
                }
                (rules::ENUM_VALUE_REMOVED, _) if !server_sends => format!("keep accepting {noun}"),
                (rules::ENUM_VALUE_ADDED | rules::UNION_MEMBER_ADDED, _) if server_sends => {
                    format!("send {noun} only to clients that opt in")
                }
                (rules::MEDIA_TYPE_ADDED, _) if server_sends => {
                    format!("send {noun} only to clients that request it")
                }
                (rules::STATUS_ADDED, _) => {
                    format!("respond with a status that was already declared instead of {noun}")
                }
                (rules::PROPERTY_ADDED, _) if server_sends => {
                    format!("send {noun} only to clients that opt in")
                }
                (rules::PARAMETER_ADDED | rules::PROPERTY_ADDED | rules::REQUEST_BODY_ADDED, _) => {
                    match &what.optional_noun {
                        Some(noun) => format!("make {noun} optional"),
                        None => format!("remove {noun}"),
                    }
                }
                (_, Side::Old) => format!("restore {noun}"),
                (_, Side::New) => format!("remove {noun}"),
            }
        }
        Change::Required { what, side } => match side {
            Side::Old if server_sends => format!("always send {what}"),
            Side::Old => format!("make {what} required again"),
            Side::New => format!("make {what} optional again"),
        },
        Change::Deprecated { what, side } => match side {
            Side::Old => format!("mark {what} as deprecated again"),
            Side::New => format!("remove the deprecation of {what}"),
        },
        Change::Null { side } => match side {
            Side::Old => format!("allow null for {target} again"),
            Side::New if server_sends => {
                format!("omit {target} or send another value instead of null")
            }
            Side::New => format!("forbid null for {target} again"),
        },
        Change::Enum { values, side } => {
            let values = short_code_list(values, "or");
            match side {
                Side::Old => format!("limit {target} to {values} again"),
                Side::New => format!("allow other values of {target} than {values} again"),
            }
        }
        Change::Credentials { credentials, side } => match side {
            Side::Old => format!("require {credentials} again"),
            Side::New => "accept requests without credentials again".to_owned(),
        },
        Change::Alternative { credentials, side } => match side {
            Side::Old => format!("accept {credentials} as authentication again"),
            Side::New => format!("stop accepting {credentials} as authentication"),
        },
        Change::Moved { old, new, .. } => format!("serve {old} as well as {new}"),
        Change::Several { changes, .. } => {
            let undone: Vec<String> = changes
                .iter()
                .map(|change| undo(change, target, judged))
                .collect();
            undone.join(" and ")
        }
    }
}

/// What makes a contract and a server agree: a change of the server, or one of the contract.
fn align(change: &Change, target: &str) -> String {
    match change {
        Change::Keyword { keyword, old, new } => align_keyword(keyword, [old, new], target),
        Change::Referenced { keyword, .. } => {
            format!("use the same schema for `{keyword}` of {target} in both documents")
        }
        Change::Quality { noun, old, new } => {
            format!("change {noun} of {target} to {old} in the server, or to {new} in the contract")
        }
        Change::Named { noun, old, new } => {
            format!("change {noun} to {old} in the server, or to {new} in the contract")
        }
        Change::Text { noun, old, new } => match (old, new) {
            (Some(_), Some(_)) => format!("use the same text as {noun} in both documents"),
            (Some(_), None) => format!("copy {noun} to the server, or remove it from the contract"),
            (None, _) => format!("copy {noun} to the contract, or remove it from the server"),
        },
        Change::Only { what, side } => {
            let it = if what.is_plural { "them" } else { "it" };
            let noun = what.short();
            match side {
                Side::Old => format!("add {noun} to the server, or remove {it} from the contract"),
                Side::New => format!("remove {noun} from the server, or add {it} to the contract"),
            }
        }
        Change::Required { what, side } => match side {
            Side::Old => {
                format!("make {what} required in the server, or optional in the contract")
            }
            Side::New => {
                format!("make {what} optional in the server, or required in the contract")
            }
        },
        Change::Deprecated { what, side } => match side {
            Side::Old => format!(
                "mark {what} as deprecated in the server, or remove `deprecated` from the contract"
            ),
            Side::New => format!(
                "remove the deprecation of {what} from the server, or add `deprecated: true` to \
                 the contract"
            ),
        },
        Change::Null { side } => match side {
            Side::Old => {
                format!("allow null for {target} in the server, or forbid it in the contract")
            }
            Side::New => {
                format!("forbid null for {target} in the server, or allow it in the contract")
            }
        },
        Change::Enum { values, side } => {
            let values = short_code_list(values, "or");
            match side {
                Side::Old => format!(
                    "limit {target} to {values} in the server, or remove the `enum` from the \
                     contract"
                ),
                Side::New => format!(
                    "accept any value of {target} in the server, or limit it to {values} in the \
                     contract"
                ),
            }
        }
        Change::Credentials { credentials, side } => match side {
            Side::Old => {
                format!("require {credentials} in the server, or no credentials in the contract")
            }
            Side::New => {
                format!("require no credentials in the server, or {credentials} in the contract")
            }
        },
        Change::Alternative { credentials, side } => match side {
            Side::Old => format!(
                "accept {credentials} in the server, or remove it from `security` in the contract"
            ),
            Side::New => format!(
                "reject {credentials} in the server, or add it to `security` in the contract"
            ),
        },
        Change::Moved { old, new, .. } => {
            format!("serve {old} instead of {new}, or move the operation in the contract")
        }
        Change::Several { changes, .. } => {
            let aligned: Vec<String> = changes.iter().map(|change| align(change, target)).collect();
            aligned.join("; ")
        }
    }
}

fn align_keyword(keyword: &str, [old, new]: [&Option<Literal>; 2], target: &str) -> String {
    let attribute = |value: &Option<Literal>| {
        let value = value.as_ref().and_then(Literal::attribute)?;
        Some(format!("`{} = {value}`", snake_case(keyword)))
    };
    let yaml = |value: &Literal| format!("`{keyword}: {}`", value.yaml());
    match (old, new) {
        (Some(contract), Some(server)) => match attribute(old) {
            Some(attribute) => format!(
                "set {attribute} in the server's annotation of {target}, or {} in the contract",
                yaml(server)
            ),
            None => format!(
                "set {} for {target} in the server, or {} in the contract",
                yaml(contract),
                yaml(server)
            ),
        },
        (Some(contract), None) => match attribute(old) {
            Some(attribute) => format!(
                "add {attribute} to the server's annotation of {target}, or remove {} from the \
                 contract",
                yaml(contract)
            ),
            None => format!(
                "set {} for {target} in the server, or remove it from the contract",
                yaml(contract)
            ),
        },
        (None, Some(server)) => format!(
            "remove `{keyword}` of {target} from the server, or add {} to the contract",
            yaml(server)
        ),
        (None, None) => format!("set the same `{keyword}` for {target} in both documents"),
    }
}

/// What is still the case where regenerating a client does not help.
fn remains(change: &Change, target: &str) -> String {
    match change {
        Change::Keyword { keyword, new, .. } => match new {
            Some(new) => format!("`{keyword}` of {target} is still {new} in the client"),
            None => format!("`{keyword}` of {target} is still not set in the client"),
        },
        Change::Quality { noun, new, .. } => {
            format!("{noun} of {target} is still {new} in the client")
        }
        Change::Named { noun, new, .. } => format!("{noun} is still {new} in the client"),
        Change::Only { what, side } => match side {
            Side::Old => format!("the client still lacks {}", what.short()),
            Side::New => format!("the client still has {}", what.short()),
        },
        Change::Required { what, side } => match side {
            Side::Old => format!("{what} is still optional in the client"),
            Side::New => format!("{what} is still required in the client"),
        },
        Change::Null { side } => match side {
            Side::Old => format!("the client still rejects null for {target}"),
            Side::New => format!("the client still sends null for {target}"),
        },
        Change::Enum { values, side } => {
            let values = short_code_list(values, "and");
            match side {
                Side::Old => format!("the client still allows other values than {values}"),
                Side::New => format!("the client still allows {values} only"),
            }
        }
        _ => "the finding persists".to_owned(),
    }
}

fn snake_case(keyword: &str) -> String {
    let mut name = String::with_capacity(keyword.len() + 4);
    for character in keyword.chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

fn capitalized(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
