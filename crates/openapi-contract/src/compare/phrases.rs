//! The sentences of a finding: its fact, and what it means for whom.

use super::Relation;
use super::change::{Change, Literal, code_list, shortened};
use crate::finding::{Direction, Level};
use crate::rules::{self, Rule};
use crate::witness::Side;

impl Change {
    /// What differs: "`maximum` was 100 and is now 50" between two versions, "`maximum` is 50 in the
    /// contract and 100 in the server" between a contract and a view of it.
    pub(super) fn fact(&self, relation: Relation) -> String {
        match relation {
            Relation::Evolution => self.before_and_after(),
            Relation::Drift | Relation::Client => self.side_by_side(relation.names()),
        }
    }

    fn before_and_after(&self) -> String {
        match self {
            Self::Keyword { keyword, old, new } => {
                let new = match new {
                    Some(new) => format!("is now {new}"),
                    None => "is no longer set".to_owned(),
                };
                format!("`{keyword}` was {} and {new}", or_not_set(old.as_ref()))
            }
            Self::Quality { noun, old, new } => format!("{noun} was {old} and is now {new}"),
            Self::Named { noun, old, new } => format!("{noun} was {old} and is now {new}"),
            Self::Text { noun, old, new } => match (old, new) {
                (Some(old), Some(new)) => {
                    let [old, new] = from_the_first_difference(old, new);
                    format!("{noun} was \"{old}\" and is now \"{new}\"")
                }
                (Some(old), None) => format!("{noun} \"{}\" was removed", shortened(old)),
                (None, new) => {
                    let new = new.as_deref().map(shortened).unwrap_or_default();
                    format!("{noun} \"{new}\" was added")
                }
            },
            Self::Required { what, side } => match side {
                Side::Old => format!("{what} was required and is now optional"),
                Side::New => format!("{what} was optional and is now required"),
            },
            Self::Credentials { credentials, side } => match side {
                Side::Old => format!("{credentials} was required; now no credentials are"),
                Side::New => format!("no credentials were required; now {credentials} is"),
            },
            Self::Moved { id, old, new } => format!("`{id}` was {old} and is now {new}"),
            Self::Several { of, changes } => {
                several(of.as_deref(), changes.iter().map(Self::before_and_after))
            }
            Self::Only {
                what,
                side: Side::Old,
            } if what.sunset.is_some() => {
                let sunset = what.sunset.as_deref().unwrap_or_default();
                format!("{}; its sunset date was {sunset}", self.now())
            }
            _ => self.now(),
        }
    }

    /// The fact as a statement about the new version: "`maximum` is now 50".
    pub(super) fn now(&self) -> String {
        match self {
            Self::Keyword { keyword, new, .. } => match new {
                Some(new) => format!("`{keyword}` is now {new}"),
                None => format!("`{keyword}` is no longer set"),
            },
            Self::Referenced { keyword, value } => {
                format!(
                    "the schema that `{keyword}: {}` refers to changed",
                    value.yaml()
                )
            }
            Self::Quality { noun, new, .. } => format!("{noun} is now {new}"),
            Self::Named { noun, new, .. } => format!("{noun} is now {new}"),
            Self::Text { noun, old, new } => match (old, new) {
                (Some(_), Some(_)) => format!("{noun} changed"),
                (Some(_), None) => format!("{noun} was removed"),
                (None, _) => format!("{noun} was added"),
            },
            Self::Only { what, side } => {
                let was = if what.is_plural { "were" } else { "was" };
                match side {
                    Side::Old => format!("{} {was} removed", what.noun),
                    Side::New => format!("{} {was} added", what.noun),
                }
            }
            Self::Required { what, side } => match side {
                Side::Old => format!("{what} is now optional"),
                Side::New => format!("{what} is now required"),
            },
            Self::Deprecated { what, side } => match side {
                Side::Old => format!("{what} is no longer deprecated"),
                Side::New => format!("{what} is now deprecated"),
            },
            Self::Null { side } => match side {
                Side::Old => "null is no longer allowed".to_owned(),
                Side::New => "null is now allowed".to_owned(),
            },
            Self::Enum { values, side } => {
                let values = code_list(values, "and");
                match side {
                    Side::Old => format!("the values are no longer limited to {values}"),
                    Side::New => format!("the values are now limited to {values}"),
                }
            }
            Self::Credentials { credentials, side } => match side {
                Side::Old => "no credentials are required any more".to_owned(),
                Side::New => format!("{credentials} is now required"),
            },
            Self::Alternative { credentials, side } => match side {
                Side::Old => format!("{credentials} is no longer accepted as authentication"),
                Side::New => format!("{credentials} is now accepted as authentication"),
            },
            Self::Moved { id, new, .. } => format!("`{id}` is now {new}"),
            Self::Several { of, changes } => several(of.as_deref(), changes.iter().map(Self::now)),
        }
    }

    fn side_by_side(&self, names: [&str; 2]) -> String {
        let [old_name, new_name] = names;
        let of = |side: &Side| match side {
            Side::Old => [old_name, new_name],
            Side::New => [new_name, old_name],
        };
        match self {
            Self::Keyword { keyword, old, new } => format!(
                "`{keyword}` is {} in {old_name} and {} in {new_name}",
                or_not_set(old.as_ref()),
                or_not_set(new.as_ref())
            ),
            Self::Referenced { keyword, value } => format!(
                "`{keyword}: {}` refers to one schema in {old_name} and to another in {new_name}",
                value.yaml()
            ),
            Self::Quality { noun, old, new } => {
                format!("{noun} is {old} in {old_name} and {new} in {new_name}")
            }
            Self::Named { noun, old, new } => {
                format!("{noun} is {old} in {old_name} and {new} in {new_name}")
            }
            Self::Text { noun, old, new } => match (old, new) {
                (Some(old), Some(new)) => {
                    let [old, new] = from_the_first_difference(old, new);
                    format!("{noun} is \"{old}\" in {old_name} and \"{new}\" in {new_name}")
                }
                (Some(old), None) => format!(
                    "{noun} \"{}\" is in {old_name} but not in {new_name}",
                    shortened(old)
                ),
                (None, new) => {
                    let new = new.as_deref().map(shortened).unwrap_or_default();
                    format!("{noun} \"{new}\" is in {new_name} but not in {old_name}")
                }
            },
            Self::Only { what, side } => {
                let is = if what.is_plural { "are" } else { "is" };
                let [with, without] = of(side);
                format!("{} {is} in {with} but not in {without}", what.noun)
            }
            Self::Required { what, side } => {
                let [with, without] = of(side);
                format!("{what} is required in {with} and optional in {without}")
            }
            Self::Deprecated { what, side } => {
                let [with, without] = of(side);
                format!("{what} is deprecated in {with} but not in {without}")
            }
            Self::Null { side } => {
                let [with, without] = of(side);
                format!("null is allowed in {with} but not in {without}")
            }
            Self::Enum { values, side } => {
                let [with, without] = of(side);
                let values = code_list(values, "and");
                format!("the values are limited to {values} in {with} but not in {without}")
            }
            Self::Credentials { credentials, side } => {
                let [with, without] = of(side);
                format!("{with} requires {credentials}; {without} requires no credentials")
            }
            Self::Alternative { credentials, side } => {
                let [with, without] = of(side);
                format!("{with} accepts {credentials} as authentication; {without} does not")
            }
            Self::Moved { id, old, new } => {
                format!("`{id}` is {old} in {old_name} and {new} in {new_name}")
            }
            Self::Several { of, changes } => {
                let changes = changes.iter().map(|change| change.side_by_side(names));
                several(of.as_deref(), changes)
            }
        }
    }
}

fn or_not_set(value: Option<&Literal>) -> String {
    value.map_or_else(|| "not set".to_owned(), ToString::to_string)
}

fn several(of: Option<&str>, changes: impl Iterator<Item = String>) -> String {
    let changes = changes.collect::<Vec<_>>().join("; ");
    match of {
        Some(of) => format!("{of}: {changes}"),
        None => changes,
    }
}

/// Two texts from the word where they first differ, shortened.
fn from_the_first_difference(left: &str, right: &str) -> [String; 2] {
    let [left, right] = [left, right].map(|text| text.split_whitespace().collect::<Vec<_>>());
    let mut pairs = left.iter().zip(&right);
    let same = pairs.position(|(left, right)| left != right);
    let same = same.unwrap_or_else(|| left.len().min(right.len()));
    // The last common word shows where in the text this is.
    let start = if same < 4 { 0 } else { same - 1 };
    [left, right].map(|words| {
        let rest = shortened(&words.get(start..).unwrap_or_default().join(" "));
        if start > 0 {
            format!("...{rest}")
        } else {
            rest
        }
    })
}

/// What is known about a difference when its sentences are written.
#[derive(Clone, Copy)]
pub(super) struct Judged<'a> {
    pub(super) relation: Relation,
    pub(super) rule: Rule,
    pub(super) direction: Option<Direction>,
    /// Whether it is about a callback or webhook, whose requests the server sends.
    pub(super) is_from_server: bool,
    pub(super) wire: Level,
    pub(super) rust: Level,
    pub(super) rust_item: Option<&'a str>,
}

impl Judged<'_> {
    /// Whether the server sends the message in question, and clients receive it.
    pub(super) fn server_sends(&self) -> bool {
        (self.direction == Some(Direction::Response)) != self.is_from_server
    }
}

/// What the difference means, and for whom.
pub(super) fn consequence(judged: Judged<'_>) -> String {
    let mut text = on_the_wire(judged);
    if let Some(item) = judged.rust_item {
        text += &match judged.rust {
            Level::Breaking => format!(" Rust code that uses `{item}` no longer compiles."),
            Level::Risky => format!(" Rust code that uses `{item}` may have to change."),
            _ => String::new(),
        };
    }
    text
}

fn on_the_wire(judged: Judged<'_>) -> String {
    let Judged {
        relation,
        rule,
        direction,
        wire,
        ..
    } = judged;
    let [old, new] = relation.names();
    let message = match direction {
        Some(Direction::Response) => "response",
        _ => "request",
    };
    let is_from_client = !judged.server_sends();
    match (relation, wire) {
        (Relation::Client, Level::Breaking) if is_from_client => {
            format!("The client's types cannot express a {message} that the contract allows.")
        }
        (Relation::Client, Level::Breaking) => {
            format!("The client cannot read a {message} that the contract allows.")
        }
        (Relation::Drift, Level::Breaking) if is_from_client => {
            format!("A client built from {old} may send a {message} that {new} rejects.")
        }
        (Relation::Drift, Level::Breaking) => {
            format!("The server may send a {message} that a client built from {old} rejects.")
        }
        (Relation::Evolution, Level::Breaking) if is_from_client => {
            format!("Clients of {old} may send a {message} that {new} rejects.")
        }
        (Relation::Evolution, Level::Breaking) => {
            format!("Under {new}, the server may send a {message} that clients of {old} reject.")
        }
        (_, Level::Undecided) => {
            "No breaking message was found, but a break cannot be ruled out.".to_owned()
        }
        (Relation::Drift, Level::Compatible) if direction.is_some() && is_from_client => {
            format!(
                "Every {message} that the contract allows is accepted; the server also accepts \
                 some that it does not allow."
            )
        }
        (Relation::Drift, Level::Compatible) if direction.is_some() => {
            format!(
                "Clients can read every {message}, but the contract does not describe exactly \
                 what the server sends."
            )
        }
        (_, Level::Risky) if rule == rules::OPERATION_ID_CHANGED => {
            "No message changes, but the method of generated clients is renamed.".to_owned()
        }
        (_, Level::Risky) => "No message is rejected, but meaning may be lost.".to_owned(),
        (_, Level::Compatible) => "Everything that worked still works.".to_owned(),
        (_, Level::Editorial) if judged.rust > Level::Editorial => {
            "Nothing changes on the wire.".to_owned()
        }
        (_, Level::Editorial) => {
            "Documentation only: nothing changes on the wire or in generated code.".to_owned()
        }
    }
}
