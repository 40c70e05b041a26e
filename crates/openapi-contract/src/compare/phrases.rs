//! What a finding means for whom, and what to do about it.

use super::Relation;
use crate::finding::{Direction, Level};
use crate::rules::{self, Rule};

impl Relation {
    pub(super) fn consequence(
        self,
        rule: Rule,
        wire: Level,
        direction: Option<Direction>,
        rust_item: Option<&str>,
        rust: Level,
    ) -> String {
        let mut text = self.wire_consequence(rule, wire, direction);
        if let Some(item) = rust_item {
            text += &match rust {
                Level::Breaking => format!(" Rust code that uses `{item}` no longer compiles."),
                Level::Risky => format!(" Rust code that uses `{item}` may have to change."),
                _ => String::new(),
            };
        }
        text
    }

    pub(super) fn wire_consequence(
        self,
        rule: Rule,
        level: Level,
        direction: Option<Direction>,
    ) -> String {
        let [old, new] = self.names();
        match (self, level, direction) {
            (Self::Client, Level::Breaking, Some(Direction::Request)) => {
                "The client's types cannot express a request that the contract allows.".to_owned()
            }
            (Self::Client, Level::Breaking, _) => {
                "The client fails to read an answer that the contract allows.".to_owned()
            }
            (_, Level::Breaking, Some(Direction::Request)) => {
                format!("A client that follows {old} can send a request that {new} refuses.")
            }
            (Self::Drift, Level::Breaking, _) => {
                format!("The server can answer what a client that follows {old} refuses.")
            }
            (_, Level::Breaking, _) => {
                format!("By {new}, the server can answer what a client of {old} refuses.")
            }
            (_, Level::Undecided, _) => {
                "No message was found that proves a break, and none can be excluded.".to_owned()
            }
            (Self::Drift, Level::Compatible, Some(Direction::Request)) => {
                "No request of the contract is refused, but the server accepts others as well."
                    .to_owned()
            }
            (Self::Drift, Level::Compatible, Some(Direction::Response)) => {
                "No answer breaks a client, but the contract does not describe what the server \
                 really sends."
                    .to_owned()
            }
            (_, Level::Editorial, _) => "Only readers see it.".to_owned(),
            (_, Level::Risky, _) if rule == rules::OPERATION_ID_CHANGED => {
                "No message changes, but the method of generated clients is renamed.".to_owned()
            }
            (_, Level::Risky, _) => "No value is refused, but meaning may be lost.".to_owned(),
            (_, Level::Compatible, _) => "Nothing that worked is refused.".to_owned(),
        }
    }

    pub(super) fn remedy(self, level: Level) -> String {
        let text = match (self, level) {
            (Self::Drift, _) => {
                "Decide which is right: change the server's annotations and code, or the contract."
            }
            (Self::Client, _) => {
                "Generate the client again; if it stays, report the construct to the generator."
            }
            (Self::Evolution, Level::Breaking) => {
                "Keep the old form beside the new one, or release a new major version."
            }
            (Self::Evolution, Level::Undecided) => {
                "Compare the two by hand, and release a new major version in doubt."
            }
            (Self::Evolution, Level::Risky) => {
                "Tell those who use it, and release a new minor version."
            }
            (Self::Evolution, Level::Compatible) => "Release a new minor version.",
            (Self::Evolution, Level::Editorial) => "Release a patch.",
        };
        text.to_owned()
    }
}
