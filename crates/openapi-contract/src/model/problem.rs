//! Errors in OpenAPI documents.

use std::fmt;

use crate::document::{Document, NodeId, RefError, Value};
use crate::finding::{Finding, Level, Location, closest, one_of};
use crate::rules::{self, Rule};

/// A document that is not a valid contract.
#[derive(Debug)]
pub struct InvalidContract {
    /// The document, for showing excerpts.
    pub document: Box<Document>,
    /// What is wrong with it, in the order of the document.
    pub findings: Vec<Finding>,
}

impl fmt::Display for InvalidContract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.findings.as_slice() {
            [] => f.write_str(self.document.source().name())?,
            [first, ..] => match &first.old {
                Some(location) => write!(f, "{location}: {}", first.fact)?,
                None => f.write_str(&first.fact)?,
            },
        }
        match self.findings.len() {
            0 | 1 => Ok(()),
            count => write!(f, " (and {} more)", count - 1),
        }
    }
}

impl std::error::Error for InvalidContract {}

/// A value of a document that violates the OpenAPI specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The kind of problem.
    pub kind: ProblemKind,
    /// The invalid value.
    pub node: NodeId,
    /// What is wrong, and what is expected.
    pub message: String,
    /// How to fix it; `None` for the [remedy of its kind](ProblemKind::remedy).
    pub remedy: Option<String>,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, node: NodeId, message: impl Into<String>) -> Self {
        Self {
            kind,
            node,
            message: message.into(),
            remedy: None,
        }
    }

    /// Replaces the remedy of the kind of problem with a specific one.
    pub(super) fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self {
            remedy: Some(remedy.into()),
            ..self
        }
    }

    pub(super) fn invalid(node: NodeId, message: impl Into<String>) -> Self {
        Self::new(ProblemKind::Invalid, node, message)
    }

    /// `name` is null where the specification doesn't allow null.
    pub(super) fn null(node: NodeId, name: &str) -> Self {
        let message = format!("{name} is null, which is treated as missing");
        Self::new(ProblemKind::IrregularForm, node, message)
            .with_remedy("Delete the null value, or replace it.")
    }

    pub(crate) fn unresolved(error: &RefError) -> Self {
        Self {
            remedy: error.remedy().map(str::to_owned),
            ..Self::new(
                ProblemKind::UnresolvedReference,
                error.at(),
                error.to_string(),
            )
        }
    }

    /// A security requirement names a scheme that is not declared.
    pub(crate) fn unknown_security_scheme(
        document: &Document,
        name: &str,
        requirement: NodeId,
    ) -> Self {
        let message = format!("the security scheme `{name}` is not declared");
        let components = document.get(document.root(), "components");
        let schemes = components.map(|node| document.members(node, "securitySchemes"));
        let names = schemes.iter().flat_map(|schemes| schemes.iter());
        let remedy = match one_of(names.map(|entry| entry.key)) {
            Some(names) => {
                format!("Use {names}, or declare `{name}` in `components.securitySchemes`.")
            }
            None => format!("Declare `{name}` in `components.securitySchemes`."),
        };
        Self::new(ProblemKind::UnknownSecurityScheme, requirement, message).with_remedy(remedy)
    }

    /// The problem as a finding.
    pub(crate) fn to_finding(&self, document: &Document) -> Finding {
        let member = (self.kind == ProblemKind::UnresolvedReference).then_some("$ref");
        let remedy = self.remedy.clone().or_else(|| self.suggestion(document));
        let is_null = matches!(document.node(self.node).value, Value::Null);
        let consequence = match self.kind {
            ProblemKind::IrregularForm if is_null => "Other OpenAPI tools reject the document.",
            kind => kind.consequence(),
        };
        Finding {
            consequence: consequence.to_owned(),
            remedy: remedy.unwrap_or_else(|| self.kind.remedy().to_owned()),
            old: Some(Location::new(document, self.node, member)),
            ..Finding::new(self.kind.rule(), self.kind.level(), &self.message)
        }
    }

    /// A remedy with the component that an unresolved reference may mean.
    fn suggestion(&self, document: &Document) -> Option<String> {
        if self.kind != ProblemKind::UnresolvedReference {
            return None;
        }
        let target = document.get_text(self.node, "$ref")?;
        let (group, name) = target.strip_prefix("#/components/")?.split_once('/')?;
        let components = document.get(document.root(), "components")?;
        let names = document.members(components, group);
        let names = names.iter().map(|entry| entry.key);
        let closest = closest(name, names)?;
        Some(format!(
            "Use `#/components/{group}/{closest}`, or add `{name}` to `components.{group}`."
        ))
    }
}

/// Kinds of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A value has the wrong type or form.
    Invalid,
    /// Two paths differ only in the names of their parameters.
    EquivalentPaths,
    /// A `$ref` has no target.
    UnresolvedReference,
    /// The OpenAPI version is not supported, or the document is not OpenAPI.
    UnsupportedVersion,
    /// A feature of a newer OpenAPI version is used.
    UnsupportedFeature,
    /// A value has the wrong form, but its meaning is clear.
    IrregularForm,
    /// A required property is missing that no message depends on.
    MissingProperty,
    /// A security scheme is used but not declared.
    UnknownSecurityScheme,
}

impl ProblemKind {
    /// Whether the meaning of the document is clear in spite of the problem.
    pub(super) const fn is_tolerated(self) -> bool {
        match self {
            Self::Invalid
            | Self::EquivalentPaths
            | Self::UnresolvedReference
            | Self::UnsupportedVersion
            | Self::UnsupportedFeature => false,
            Self::IrregularForm | Self::MissingProperty | Self::UnknownSecurityScheme => true,
        }
    }

    /// Whether the document is not a contract at all.
    pub(super) fn is_fatal(self) -> bool {
        self == Self::UnsupportedVersion
    }

    /// The rule that reports problems of this kind.
    pub const fn rule(self) -> Rule {
        match self {
            Self::Invalid | Self::EquivalentPaths => rules::INVALID_CONTRACT,
            Self::UnresolvedReference | Self::UnknownSecurityScheme => rules::UNRESOLVED_REFERENCE,
            Self::UnsupportedVersion | Self::UnsupportedFeature => rules::UNSUPPORTED_VERSION,
            Self::IrregularForm => rules::IRREGULAR_FORM,
            Self::MissingProperty => rules::MEMBER_MISSING,
        }
    }

    /// The level of its findings.
    pub const fn level(self) -> Level {
        match self {
            Self::Invalid
            | Self::EquivalentPaths
            | Self::UnresolvedReference
            | Self::UnsupportedVersion
            | Self::UnsupportedFeature
            | Self::UnknownSecurityScheme => Level::Breaking,
            Self::IrregularForm | Self::MissingProperty => Level::Risky,
        }
    }

    /// What a problem of this kind means for users of the contract.
    pub const fn consequence(self) -> &'static str {
        match self {
            Self::Invalid => {
                "Comparison cannot decide about this part, and generated code weakens or omits it."
            }
            Self::EquivalentPaths => {
                "OpenAPI forbids such paths: no one can tell which of them a request is for."
            }
            Self::UnresolvedReference | Self::UnknownSecurityScheme => {
                "Comparison and code generation do not know what is meant here."
            }
            Self::UnsupportedFeature => "Comparison and generated code ignore this part.",
            Self::UnsupportedVersion => "The rest of the document was not read.",
            Self::IrregularForm => {
                "Other OpenAPI tools reject the document. Generated types do not enforce this keyword."
            }
            Self::MissingProperty => {
                "Other OpenAPI tools reject the document. This one assumes a default."
            }
        }
    }

    /// How to fix a problem of this kind, unless the message is more specific.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Invalid => "Fix the value.",
            Self::EquivalentPaths => "Delete one of the paths, or rename it.",
            Self::UnresolvedReference => {
                "Correct the reference, or add the component it refers to."
            }
            Self::UnknownSecurityScheme => {
                "Declare the scheme in `components.securitySchemes`, or correct its name."
            }
            Self::UnsupportedVersion => "Convert the document to OpenAPI 3.0 or 3.1.",
            Self::UnsupportedFeature => "Replace it with an OpenAPI 3.1 equivalent.",
            Self::IrregularForm => "Use the form that the OpenAPI specification requires.",
            Self::MissingProperty => "Add the property.",
        }
    }
}
