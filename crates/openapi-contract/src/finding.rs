//! What a comparison or a lint has to say.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::accepted::{Acceptance, named_pointer};
use crate::document::{Document, NodeId, Position, Span, Value as NodeValue};
use crate::rules::Rule;

/// How much a finding matters, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No machine sees it.
    Docs,
    /// Additive.
    Compatible,
    /// No value breaks, but meaning may be lost.
    Risky,
    /// It could not be decided whether a value breaks.
    Undecided,
    /// A witness breaks it, or the document is not a contract.
    Breaking,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Docs => "docs",
            Self::Compatible => "compatible",
            Self::Risky => "risky",
            Self::Undecided => "undecided",
            Self::Breaking => "breaking",
        })
    }
}

/// Which message a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// What clients send and the server reads.
    Request,
    /// What the server sends and clients read.
    Response,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Location {
    /// The document's name, usually its path.
    pub file: String,
    /// Line and column.
    #[serde(flatten)]
    pub position: Position,
    /// The JSON pointer of the value.
    pub pointer: String,
    /// The same with the file, where it is not the contract's own, and with the elements of lists
    /// by their names: it does not change when others come before them.
    #[serde(skip)]
    pub named_pointer: String,
    /// The bytes to underline.
    #[serde(skip)]
    pub span: Span,
}

impl Location {
    /// The place of a value, or of one of its members where it has it.
    pub fn new(document: &Document, node: NodeId, member: Option<&str>) -> Self {
        let entry = member.and_then(|key| document.entry(node, key));
        let target = entry.map_or(node, |entry| entry.value);
        let key_span = match entry {
            Some(entry) => Some(entry.key_span),
            None => document.key_span(node),
        };
        let value = document.node(target);
        // An object or a list is underlined by its key alone.
        let is_container = matches!(value.value, NodeValue::Object(_) | NodeValue::Array(_));
        let span = match key_span {
            Some(key) if is_container || value.span.start < key.end => key,
            Some(key) => Span {
                start: key.start,
                end: first_line(document, target).end,
            },
            None => first_line(document, target),
        };
        Self {
            file: document.source_of(target).name().to_owned(),
            position: document.source_of(target).position(span.start),
            pointer: document.pointer(target),
            named_pointer: named_pointer(document, target),
            span,
        }
    }
}

/// The first line of a value: enough to see which one is meant.
fn first_line(document: &Document, node: NodeId) -> Span {
    let span = document.node(node).span;
    let line = document
        .source_of(node)
        .slice(span)
        .lines()
        .next()
        .unwrap_or_default();
    Span {
        start: span.start,
        end: span.start + line.trim_end().len() as u32,
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.position)
    }
}

/// A message that one side allows and the other refuses.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Witness {
    /// Which message it is.
    pub direction: Direction,
    /// The operation, as method and path.
    pub operation: String,
    /// The whole message: `query`, `headers`, `status`, `body` ...
    pub message: Value,
    /// The value in question and how it is reached, where the message is about one value.
    pub value: Option<(String, Value)>,
    /// Who allows it.
    pub allowed_by: String,
    /// Who refuses it.
    pub refused_by: String,
    /// Why, in the words of the validator.
    pub reason: String,
}

/// A part of an operation's messages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Site {
    /// The operation, as method and path.
    pub operation: String,
    /// The part: `query parameter limit`, `response 200 body` ... Empty for the operation itself.
    pub part: String,
    /// The way to the value inside the part: `$.data.items[].status`. Empty where there is none.
    pub path: String,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.operation)?;
        for word in [&self.part, &self.path] {
            if !word.is_empty() {
                write!(f, " {word}")?;
            }
        }
        Ok(())
    }
}

/// One difference or rule violation.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// The rule that found it.
    #[serde(serialize_with = "rule_id")]
    #[schemars(with = "String")]
    pub rule: Rule,
    /// How much it matters: the worse of `wire` and `rust`.
    pub level: Level,
    /// How much it matters to the messages. Where this is breaking, a witness proves it.
    pub wire: Level,
    /// How much it matters to Rust code written against the generated client.
    pub rust: Level,
    /// The item of the generated client that is gone or changed, where `rust` is above `docs`.
    pub rust_item: Option<String>,
    /// Which message it is about, if one.
    pub direction: Option<Direction>,
    /// Everything it reaches: a difference in a shared component is one finding.
    pub sites: Vec<Site>,
    /// The names it is about, where its places are lists of several. They tell findings of a rule
    /// apart that share a place.
    #[serde(skip)]
    pub subject: Vec<String>,
    /// What is the case.
    pub fact: String,
    /// What that means, and for whom.
    pub consequence: String,
    /// What to do.
    pub remedy: String,
    /// The place in the old document or the contract.
    pub old: Option<Location>,
    /// The place in the new document or the other view.
    pub new: Option<Location>,
    /// The proof; every difference that is breaking on the wire has one.
    pub witness: Option<Witness>,
    /// Why the change is made all the same, where the team decided so. It fails nothing then, and
    /// still asks for its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

fn rule_id<S: serde::Serializer>(rule: &Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.id)
}
