//! The rules of the linter: level, consequence and remedy of each.

use super::LintLocation;
use crate::document::Document;
use crate::finding::{Finding, Level, Location, MessagePart, Site};
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
pub(super) fn finding(
    document: &Document,
    rule: Rule,
    place: LintLocation<'_>,
    fact: String,
) -> Finding {
    let entry = entry(rule.id);
    let (level, consequence, remedy) = entry.map_or((Level::Breaking, "", ""), |entry| {
        (entry.level, entry.consequence, entry.remedy)
    });
    let site = place.operation.map(|operation| Site {
        operation: operation.to_owned(),
        part: MessagePart::Operation,
        path: String::new(),
    });
    Finding {
        rule,
        level,
        wire: level,
        rust: Level::Editorial,
        rust_item: None,
        fidelity: None,
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
    Risky MEMBER_MISSING:
        "Other readers of OpenAPI refuse the whole document. Ours reads on: what is missing is made up, or taken to be nothing.",
        "Add it.";
    Risky IRREGULAR_FORM:
        "What is meant is clear enough to compare it, but other readers of OpenAPI refuse the whole document, and the client's types do not enforce it.",
        "Write it as OpenAPI has it.";
    Editorial REFERENCE_NOT_COMPONENT:
        "The client's type is a component of its own, under a name made up from the place. Other generators look a reference up among the components of its kind.",
        "Move the target to `components`, and refer to it there.";
    Risky REFERENCE_SIBLING:
        "OpenAPI 3.0 ignores everything beside `$ref`, so what is written here holds nowhere.",
        "Wrap the reference in `allOf`, or move this to its target.";
    Risky OPERATION_ID_MISSING:
        "The client's method is called after method and path, and is renamed when they change.",
        "Give it a name in snake case, such as `list_media`.";
    Risky OPERATION_ID_CLASH:
        "OpenAPI forbids it. The client's second method gets another name, which depends on the order of the operations.",
        "Rename one of them.";
    Editorial METHOD_NAME_CLASH:
        "The client's second method gets another name, which depends on the order of the operations.",
        "Rename one of them, so that they differ in more than case and punctuation.";
    Editorial METHOD_UNSUPPORTED:
        "The client sends it, but browsers and proxies do so on their own, and many servers do not answer it.",
        "Use another method, or leave the operation out of the contract.";
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
    Risky PATH_PARAMETER_UNDECLARED:
        "Nobody knows which values it takes: the client sends any text.",
        "Declare a parameter of this name with `in: path` and `required: true`.";
    Risky PATH_PARAMETER_UNKNOWN:
        "Its value has no place in the path: the client does not send it.",
        "Write it in braces in the path, or delete the parameter.";
    Risky PATH_PARAMETER_OPTIONAL:
        "A path cannot leave out a segment, and OpenAPI forbids it: the client always asks for it.",
        "Write `required: true`.";
    Editorial PARAMETER_NAME_CLASH:
        "The client's second setter is called after the place it is sent in, too.",
        "Rename one of them, so that they differ in more than case and punctuation.";
    Risky PARAMETER_STYLE_UNSUPPORTED:
        "The client does not know how to write it: a list in the query is sent once for each value, and of anything else the caller writes the text.",
        "Use a style that OpenAPI has there.";
    Risky PARAMETER_CONTENT_UNSUPPORTED:
        "The client has no type for it: the caller writes its text.",
        "Declare it with `schema` or as JSON, or move it to the request body.";
    Editorial COOKIE_PARAMETER:
        "The client sends it in the header `Cookie`; browsers do not let a program do so.",
        "Send it in a header, or describe a session cookie as a security scheme of type `apiKey`.";
    Risky PARAMETER_NOT_SCALAR:
        "No style but `deepObject` says how it is written: the caller writes the text.",
        "Use a value that is not null, a list of such, or an object of them; in the query `deepObject` for more.";
    Editorial PARAMETER_EXPLODE_IGNORED:
        "The client encodes a comma in a value, but a server that decodes before it splits takes it for two values.",
        "Delete `explode: false`, and let the server read repeated parameters.";
    Risky REQUEST_MEDIA_TYPE_UNSUPPORTED:
        "The client has no type for it: the body is sent as bytes, under its own name.",
        "Take the content as `application/octet-stream` or JSON; a file with facts about it takes two operations.";
    Risky REQUEST_MEDIA_TYPES_SEVERAL:
        "The client sends one of them only: JSON, where that is among them.",
        "Keep one media type, or split the operation.";
    Risky REQUEST_ENCODING_UNSUPPORTED:
        "The client does not apply it: each member of the form is sent as plain text.",
        "Delete `encoding`, and choose a schema that needs none.";
    Risky RAW_BODY_SCHEMA:
        "The client sends bytes and text as they are, and checks nothing about them.",
        "Write `{type: string, format: binary}` for bytes and `{type: string}` for text, nothing else.";
    Editorial BODY_SCHEMA_MISSING:
        "The client sends any JSON: nothing is known of the body.",
        "Add a `schema`; `{}` allows every value.";
    Editorial SUCCESS_TYPES_SEVERAL:
        "The client's method returns one type: a union of the bodies, which its caller has to take apart, and `None` for no body.",
        "Give all 2xx statuses one body, or split the operation.";
    Editorial ERROR_TYPES_SEVERAL:
        "The client's method fails with one type: a union of the bodies, which its caller has to take apart.",
        "Give all 4xx and 5xx statuses one body, such as one `ErrorResponse`.";
    Editorial DEFAULT_RESPONSE_TYPE:
        "The client reads every status that is not declared as `default`; a reader of the contract must know that this is an error.",
        "Write `4XX` and `5XX` in place of `default`.";
    Editorial RESPONSE_UNTYPED:
        "The client reads it as JSON and asks for it by that name; other clients may know `application/json` alone.",
        "Add `application/json`, or answer with it.";
    Editorial TYPE_NAME_CLASH:
        "One of the client's types gets another name, which depends on the order of the schemas.",
        "Rename one, or make an inline schema a component with a name of its own.";
    Editorial TITLE_CLASH:
        "The client's second type is named by its place in place of its title.",
        "Delete the titles of inline schemas, or make them differ.";
    Editorial RESPONSE_NAME_CLASH:
        "Types of inline bodies are named after the operation: the client's second type gets another name.",
        "Make the bodies components.";
    Editorial PROPERTY_NAME_CLASH:
        "The client's second field gets a number in its name.",
        "Rename one, so that they differ in more than case and punctuation.";
    Editorial ENUM_VARIANT_CLASH:
        "The client's variants get names in words, such as `AscUpper` beside `Asc`.",
        "Use values that differ in more than case and punctuation, or a string with a `pattern`.";
    Risky ENUM_VALUE_TYPE:
        "No value of the type is equal to it: the client takes it as its text, or leaves it out.",
        "Quote the value, or change the `type`.";
    Editorial DEFAULT_BESIDE_ANY_OF:
        "The client does not fill it in where no one of the alternatives is sure to have it.",
        "Write the schemas as one, or state the default in the `description`.";
    Editorial FORMAT_UNSUPPORTED:
        "Formats belong to strings and numbers: it means nothing to the client.",
        "Delete the `format`.";
    Editorial NULLABLE_COMPONENT:
        "The client's type has no null: null is allowed where the component is referred to.",
        "Write `nullable` where the component is used, in an `allOf` with the reference.";
    Risky VERSION_NOT_GENERATED:
        "The client is generated from OpenAPI 3.0: the contract is rewritten for it, and what 3.0 cannot say is not enforced by the client's types.",
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
    Risky DEFAULT_INVALID:
        "Whoever leaves the value out sends one that is not allowed; the client does not fill it in.",
        "Correct the value, or the schema.";
    Editorial DESCRIPTION_MISSING:
        "Generated code has no documentation for it, and readers guess.",
        "Add a `description` that says what the name does not.";
    Risky LINT_SETTING_INVALID:
        "The setting has no effect.",
        "Write `rule-id: reason`, or `rule-id: {level: editorial | risky | breaking, reason: ...}`.";
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
