//! The rules of the linter: level, consequence and remedy of each.

use super::Place;
use crate::document::Document;
use crate::finding::{Finding, Level, Location, Site};
use crate::rules::{self, Rule};

/// A rule about one document alone.
#[derive(Clone, Copy, Debug)]
pub struct LintRule {
    /// Its id, and what it means.
    pub rule: Rule,
    /// How much a violation matters, unless the contract sets it.
    pub level: Level,
    /// What a violation means, and for whom.
    pub consequence: &'static str,
    /// What to write.
    pub remedy: &'static str,
}

impl LintRule {
    /// Whether a contract may give the rule another level, or silence it.
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

/// The entry of a rule. All rules that are found here have one.
pub(super) fn entry(id: &str) -> Option<&'static LintRule> {
    RULES.iter().find(|entry| entry.rule.id == id)
}

/// A violation of a rule.
pub(super) fn finding(document: &Document, rule: Rule, place: Place<'_>, fact: String) -> Finding {
    let entry = entry(rule.id);
    let (level, consequence, remedy) = entry.map_or((Level::Breaking, "", ""), |entry| {
        (entry.level, entry.consequence, entry.remedy)
    });
    let site = place.operation.map(|operation| Site {
        operation: operation.to_owned(),
        part: String::new(),
        path: String::new(),
    });
    Finding {
        rule,
        level,
        wire: level,
        rust: Level::Docs,
        rust_item: None,
        direction: None,
        sites: site.into_iter().collect(),
        subject: Vec::new(),
        fact,
        consequence: consequence.to_owned(),
        remedy: remedy.to_owned(),
        old: Some(Location::new(document, place.node, place.member)),
        new: None,
        witness: None,
        accepted: None,
    }
}

macro_rules! lint_rules {
    ($($level:ident $rule:ident: $consequence:literal, $remedy:literal;)*) => {
        /// Every rule of the linter.
        pub const RULES: &[LintRule] = &[$(LintRule {
            rule: rules::$rule,
            level: Level::$level,
            consequence: $consequence,
            remedy: $remedy,
        }),*];
    };
}

// In the order of `rules.rs`.
lint_rules! {
    Breaking INVALID_CONTRACT:
        "What stands here cannot be compared or generated from.",
        "Correct this place.";
    Breaking UNSUPPORTED_VERSION:
        "The document was not read any further.",
        "Correct this place.";
    Breaking UNRESOLVED_REFERENCE:
        "What is meant here is not known, so nothing can be compared or generated from it.",
        "Correct this place.";
    Breaking MEMBER_MISSING:
        "Readers of OpenAPI refuse the whole document, generators among them.",
        "Add it.";
    Breaking IRREGULAR_FORM:
        "What is meant is clear enough to compare it, but readers of OpenAPI refuse the whole document, generators among them.",
        "Write it as OpenAPI has it.";
    Breaking REFERENCE_NOT_COMPONENT:
        "Generators look a reference up among the components of its kind: plain generation fails here, or takes another object of that name.",
        "Move the target to `components`, and refer to it there.";
    Risky REFERENCE_SIBLING:
        "OpenAPI 3.0 ignores everything beside `$ref`, so what is written here holds nowhere.",
        "Wrap the reference in `allOf`, or move this to its target.";
    Breaking OPERATION_ID_MISSING:
        "Generated clients name their methods by it, so this operation cannot be generated.",
        "Give it a name in snake case, such as `list_media`.";
    Breaking OPERATION_ID_CLASH:
        "Generated clients would have one method name for two operations.",
        "Rename one of them.";
    Breaking METHOD_NAME_CLASH:
        "Two methods of the generated client have one name: it does not compile.",
        "Rename one of them, so that they differ in more than case and punctuation.";
    Breaking METHOD_UNSUPPORTED:
        "Plain generation calls a method that the HTTP client does not have: the client does not compile.",
        "Use another method, or leave the operation out of the contract: browsers and proxies send it on their own.";
    Risky CALLBACK_IGNORED:
        "It describes requests that the client receives. Generated clients have nothing for them.",
        "Describe them in a contract of their own, in which the receiver is the server.";
    Risky SUCCESS_UNDOCUMENTED:
        "Generated clients return an untyped stream of bytes for every success.",
        "Declare the 2xx status the operation answers with.";
    Risky CLIENT_ERROR_UNDOCUMENTED:
        "Callers cannot know what a refused request looks like, and tests cannot check it.",
        "Declare the 4xx statuses the operation answers with, or `4XX`.";
    Risky AUTH_ERROR_UNDOCUMENTED:
        "Callers cannot tell a wrong credential from other failures, and no test proves that one is needed.",
        "Declare 401, and 403 where credentials can be too weak.";
    Breaking PATH_PARAMETER_UNDECLARED:
        "Its value has no place in generated methods: plain generation fails.",
        "Declare a parameter of this name with `in: path` and `required: true`.";
    Breaking PATH_PARAMETER_UNKNOWN:
        "Its value has no place in the path: plain generation fails, or never sends it.",
        "Write it in braces in the path, or delete the parameter.";
    Breaking PATH_PARAMETER_OPTIONAL:
        "A path cannot leave out a segment: OpenAPI forbids it, and plain generation fails.",
        "Write `required: true`.";
    Breaking PARAMETER_NAME_CLASH:
        "Two arguments of the generated method have one name: plain generation loses one, or the client does not compile.",
        "Rename one of them, so that they differ in more than case and punctuation.";
    Breaking PARAMETER_STYLE_UNSUPPORTED:
        "Plain generation fails: it writes paths and headers in the style `simple` and queries in `form`, nothing else.",
        "Use that style; write members of an object as parameters of their own.";
    Breaking PARAMETER_CONTENT_UNSUPPORTED:
        "Plain generation fails: it takes parameters with a `schema` only.",
        "Declare it with `schema`, or move it to the request body.";
    Breaking COOKIE_PARAMETER:
        "Plain generation fails: it has no cookies.",
        "Send it in a header, or describe a session cookie as a security scheme of type `apiKey`.";
    Breaking PARAMETER_NOT_SCALAR:
        "Generated code writes one value as text, and has no text for this type: plain generation fails, or the client does not compile.",
        "Use a string, number or boolean that is not null, and a parameter for each member of an object.";
    Risky PARAMETER_EXPLODE_IGNORED:
        "Generated clients repeat the parameter for each element (`a=1&a=2`), where the contract asks for one list (`a=1,2`).",
        "Delete `explode: false`, and let the server read repeated parameters.";
    Breaking REQUEST_MEDIA_TYPE_UNSUPPORTED:
        "Plain generation fails: it sends JSON, forms, plain text and bytes only.",
        "Take the content as `application/octet-stream` or JSON; a file with facts about it takes two operations.";
    Breaking REQUEST_MEDIA_TYPES_SEVERAL:
        "Plain generation fails: a method sends one kind of body.",
        "Keep one media type, or split the operation.";
    Breaking REQUEST_ENCODING_UNSUPPORTED:
        "Plain generation fails: it knows one way to write a body.",
        "Delete `encoding`, and choose a schema that needs none.";
    Breaking RAW_BODY_SCHEMA:
        "Plain generation fails: it takes bytes and text as they are, and checks nothing about them.",
        "Write `{type: string, format: binary}` for bytes and `{type: string}` for text, nothing else.";
    Breaking BODY_SCHEMA_MISSING:
        "Plain generation fails: it has no type for the body.",
        "Add a `schema`; `{}` allows every value.";
    Breaking SUCCESS_TYPES_SEVERAL:
        "Plain generation fails: a method returns one type when it succeeds.",
        "Give all 2xx statuses one body, or split the operation.";
    Breaking ERROR_TYPES_SEVERAL:
        "Plain generation fails: a method returns one type when it is refused.",
        "Give all 4xx and 5xx statuses one body, such as one `ErrorResponse`.";
    Breaking DEFAULT_RESPONSE_TYPE:
        "`default` stands for successes as well as errors there, so one of them has two types: plain generation fails.",
        "Write `4XX` and `5XX` in place of `default`.";
    Risky RESPONSE_UNTYPED:
        "Generated clients return an untyped stream of bytes: they read `application/json` alone.",
        "Add `application/json`, or answer with it.";
    Breaking TYPE_NAME_CLASH:
        "Two types of the generated client have one name: it does not compile, or uses one in place of the other.",
        "Rename one, or make an inline schema a component with a name of its own.";
    Breaking TITLE_CLASH:
        "Generated types are named by `title`, and the first of a name is used for all: the client has the wrong type, without a word.",
        "Delete the titles of inline schemas, or make them differ.";
    Breaking RESPONSE_NAME_CLASH:
        "Generated types of inline bodies are named after the operation, and the first is used for all: the client has the wrong type, without a word.",
        "Make the bodies components.";
    Breaking PROPERTY_NAME_CLASH:
        "Two fields of the generated struct have one name: the client does not compile.",
        "Rename one, so that they differ in more than case and punctuation.";
    Breaking ENUM_VARIANT_CLASH:
        "Two variants of the generated enum have one name: plain generation fails.",
        "Use values that differ in more than case and punctuation, or a string with a `pattern`.";
    Breaking ENUM_VALUE_TYPE:
        "No value of the type is equal to it, so it cannot be sent: plain generation fails.",
        "Quote the value, or change the `type`.";
    Breaking DEFAULT_BESIDE_ANY_OF:
        "Plain generation fails: it makes an object of alternatives that it cannot tell apart, and the default is none.",
        "Write the schemas as one, or state the default in the `description`.";
    Breaking FORMAT_UNSUPPORTED:
        "Plain generation fails: formats belong to strings and numbers.",
        "Delete the `format`.";
    Breaking NULLABLE_COMPONENT:
        "Plain generation writes a type that does not compile, or that cannot be told from an absent value.",
        "Write `nullable` where the component is used, in an `allOf` with the reference.";
    Risky VERSION_NOT_GENERATED:
        "Plain generation reads OpenAPI 3.0 only: the contract is rewritten for it, and what 3.0 cannot say is not enforced by the client's types.",
        "Write the contract in OpenAPI 3.0.3, or see in the client's `LOWERING.md` what it does not carry over.";
    Risky LIST_UNBOUNDED:
        "A page may have any length, so readers cannot know how much memory to set aside, and a server that ignores the limit conforms.",
        "Add `maxItems`.";
    Risky STRING_UNBOUNDED:
        "Other places promise a bound that values from here may break.",
        "Add the same `maxLength`, or a reference to one schema for all of them.";
    Risky SECURITY_SCHEME_UNUSED:
        "Either it is left over, or an operation that needs it does not say so.",
        "Name it in `security`, or delete it.";
    Risky COMPONENT_UNUSED:
        "It says nothing about any message, yet generated clients carry its types.",
        "Refer to it, or delete it.";
    Risky EXAMPLE_INVALID:
        "Readers copy it, mocks answer with it, and both are refused.",
        "Correct the value, or the schema.";
    Breaking DEFAULT_INVALID:
        "Whoever leaves the value out sends one that is not allowed, and plain generation refuses most of them.",
        "Correct the value, or the schema.";
    Docs DESCRIPTION_MISSING:
        "Generated code has no documentation for it, and readers guess.",
        "Add a `description` that says what the name does not.";
    Risky LINT_SETTING_INVALID:
        "The setting has no effect.",
        "Write `rule-id: reason`, or `rule-id: {level: docs | risky | breaking, reason: ...}`.";
    Risky LINT_REASON_MISSING:
        "The setting has no effect: nobody could tell later whether it is still right.",
        "Say why the rule does not hold here.";
    Risky LINT_RULE_UNKNOWN:
        "The setting has no effect.",
        "Correct the id, or delete the setting.";
    Risky LINT_SETTING_UNUSED:
        "What it was for is gone. The next violation here would be silenced for a reason that is no longer true.",
        "Delete it.";
}
