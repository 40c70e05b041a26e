//! The rules of lint: the level, consequence and remedy of each.

use super::{LintLocation, RuleSet};
use crate::document::Document;
use crate::finding::{Finding, Level, Location, MessagePart, Site};
use crate::model::ProblemKind;
use crate::rules::{self, Rule};

/// A rule about one document.
#[derive(Clone, Copy, Debug)]
pub struct LintRule {
    /// The rule.
    pub rule: Rule,
    /// The level of its findings, unless the contract changes it.
    pub level: Level,
    /// What a finding means, and for whom.
    pub consequence: &'static str,
    /// What to do, unless a finding has a more specific remedy.
    pub remedy: &'static str,
}

impl LintRule {
    /// Whether a contract may change the level of the rule, or silence it.
    pub fn can_be_set(&self) -> bool {
        const FIXED: [Rule; 7] = [
            rules::INVALID_CONTRACT,
            rules::UNSUPPORTED_VERSION,
            rules::UNRESOLVED_REFERENCE,
            rules::LINT_SETTING_INVALID,
            rules::LINT_REASON_MISSING,
            rules::LINT_RULE_UNKNOWN,
            rules::LINT_SETTING_UNUSED,
        ];
        !FIXED.contains(&self.rule)
    }
}

/// The entry of a rule in one of the sets.
pub(super) fn entry(sets: &[&RuleSet], id: &str) -> Option<&'static LintRule> {
    let mut rules = sets.iter().flat_map(|set| set.rules);
    rules.find(|entry| entry.rule.id == id)
}

/// A violation of a rule.
pub(super) fn finding(
    document: &Document,
    sets: &[&RuleSet],
    rule: Rule,
    location: LintLocation<'_>,
    fact: String,
) -> Finding {
    let (level, consequence, remedy) = match entry(sets, rule.id) {
        Some(entry) => (entry.level, entry.consequence, entry.remedy),
        None => (Level::Breaking, "", ""),
    };
    let site = location.operation.map(|operation| Site {
        operation: operation.to_owned(),
        part: MessagePart::Operation,
        path: String::new(),
    });
    Finding {
        sites: site.into_iter().collect(),
        consequence: consequence.to_owned(),
        remedy: remedy.to_owned(),
        old: Some(Location::new(document, location.node, location.property)),
        ..Finding::new(rule, level, fact)
    }
}

macro_rules! lint_rules {
    ($($level:ident $rule:ident: $consequence:expr, $remedy:expr;)*) => {
        /// The rules about the contract itself. They always run.
        pub const RULES: RuleSet = RuleSet {
            rules: &[$(LintRule {
                rule: rules::$rule,
                level: Level::$level,
                consequence: $consequence,
                remedy: $remedy,
            }),*],
            check: super::check,
        };
    };
}

// In the order of `rules`.
lint_rules! {
    Breaking INVALID_CONTRACT:
        ProblemKind::Invalid.consequence(),
        ProblemKind::Invalid.remedy();
    Breaking UNSUPPORTED_VERSION:
        ProblemKind::UnsupportedVersion.consequence(),
        ProblemKind::UnsupportedVersion.remedy();
    Breaking UNRESOLVED_REFERENCE:
        ProblemKind::UnresolvedReference.consequence(),
        ProblemKind::UnresolvedReference.remedy();
    Risky MEMBER_MISSING:
        ProblemKind::MissingProperty.consequence(),
        ProblemKind::MissingProperty.remedy();
    Risky IRREGULAR_FORM:
        ProblemKind::IrregularForm.consequence(),
        ProblemKind::IrregularForm.remedy();
    Editorial REFERENCE_NOT_COMPONENT:
        "The schema has no component name. Some generators name its type after its location, others reject the reference.",
        "Move the target to `components`, and refer to it there.";
    Risky REFERENCE_SIBLING:
        "OpenAPI 3.0 ignores all siblings of `$ref`, so this keyword has no effect.",
        "Wrap the reference in `allOf`, or move the keyword to the target of the reference.";
    Risky OPERATION_ID_MISSING:
        "Generated methods are named after the HTTP method and path, so they are renamed when either changes.",
        "Add an `operationId` in snake case, such as `list_media`.";
    Risky OPERATION_ID_CLASH:
        "OpenAPI requires unique ids: links refer to operations by them, and generated code names methods after them.",
        "Rename the newer of the two operations.";
    Editorial METHOD_UNSUPPORTED:
        "Browsers send OPTIONS requests automatically, and many servers disable TRACE.",
        "Use another method, or remove the operation from the contract.";
    Risky SUCCESS_UNDOCUMENTED:
        "Callers cannot know what a successful call returns, and generated code has no type for it.",
        "Declare the 2xx status that the operation returns.";
    Risky CLIENT_ERROR_UNDOCUMENTED:
        "Callers cannot know what an error looks like, and tests cannot validate it.",
        "Declare the 4xx statuses that the operation returns, or `4XX`.";
    Risky AUTH_ERROR_UNDOCUMENTED:
        "Callers cannot distinguish invalid credentials from other failures, and no test verifies that credentials are required.",
        "Declare 401, and 403 if valid credentials can lack a permission.";
    Risky PATH_PARAMETER_UNDECLARED:
        "The contract does not define which values are allowed, so every string is.",
        "Declare a parameter with this name, `in: path` and `required: true`.";
    Risky PATH_PARAMETER_UNKNOWN:
        "The path template does not contain the parameter, so it is never sent.",
        "Add the name in braces to the path, or delete the parameter.";
    Risky PATH_PARAMETER_OPTIONAL:
        "A segment of a path cannot be omitted, so OpenAPI requires `required: true` for path parameters.",
        "Write `required: true`.";
    Risky PARAMETER_STYLE_UNSUPPORTED:
        "OpenAPI does not define how the value is serialized.",
        "Use a style that OpenAPI defines for the location of the parameter.";
    Editorial COOKIE_PARAMETER:
        "It is sent in the `Cookie` header, which programs in a browser cannot set.",
        "Send it in a header, or describe a session cookie as a security scheme of type `apiKey`.";
    Risky PARAMETER_NOT_SCALAR:
        "OpenAPI does not define how null and nested values are serialized, so clients and servers may differ.",
        "Use a value that is not nullable, an array or an object of such values, or JSON in `content`.";
    Editorial PARAMETER_EXPLODE_IGNORED:
        "Clients percent-encode a comma in an item. A server that decodes before splitting reads that item as two.",
        "Delete `explode: false`, and accept repeated parameters in the server.";
    Editorial BODY_SCHEMA_MISSING:
        "Every JSON value is allowed, so nothing in the body is compared or validated.",
        "Add a `schema`; `{}` allows every value.";
    Editorial RESPONSE_UNTYPED:
        "Clients that support only `application/json` do not parse the body.",
        "Respond with `application/json`, or declare it in addition.";
    Risky ENUM_VALUE_TYPE:
        "The value has another type than the schema, so no valid message contains it.",
        "Quote the value, or change the `type`.";
    Editorial FORMAT_UNSUPPORTED:
        "Formats apply to strings and numbers, so this one has no effect.",
        "Delete the `format`.";
    Risky LIST_UNBOUNDED:
        "The array may have any length, so readers cannot reserve memory for it, and a server that ignores the limit conforms to the contract.",
        "Add `maxItems`.";
    Risky STRING_UNBOUNDED:
        "A value that is valid here may be too long where the string is bounded.",
        "Add the same `maxLength`, or use a reference to one schema everywhere.";
    Risky SECURITY_SCHEME_UNUSED:
        "Either the scheme is obsolete, or an operation that needs it does not declare it.",
        "Name it in the `security` of the operations that need it, or delete it.";
    Risky COMPONENT_UNUSED:
        "It affects no message, but generated code contains its types.",
        "Refer to it, or delete it.";
    Risky EXAMPLE_INVALID:
        "Readers copy the example and mock servers return it, but the schema rejects it.",
        "Fix the example, or the schema if the example is right.";
    Risky DEFAULT_INVALID:
        "A message that contains the default explicitly is invalid.",
        "Fix the default, or the schema if the default is right.";
    Editorial DESCRIPTION_MISSING:
        "Generated code has no documentation here, and readers have to guess.",
        "Add a `description` that explains more than the name does.";
    Risky LINT_SETTING_INVALID:
        "The setting has no effect.",
        "Write `rule-id: reason`, or `rule-id: {level: editorial | risky | breaking, reason: ...}`.";
    Risky LINT_REASON_MISSING:
        "The setting has no effect: without a reason, no one can decide later whether it is still needed.",
        "Explain why the rule does not apply here.";
    Risky LINT_RULE_UNKNOWN:
        "The setting has no effect.",
        "Fix the id, or delete the setting.";
    Risky LINT_SETTING_UNUSED:
        "If the problem comes back, the setting silences it with an outdated reason.",
        "Delete the setting.";
}
