//! The rules: every kind of finding, with its stable id and its page.

mod page;

pub use page::{CodeBlock, InvalidPage, Page};

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// The stable id, in kebab case.
    pub id: &'static str,
    /// What a finding means, in one sentence.
    pub about: &'static str,
    /// The page that explains the rule, in Markdown; [`Page::parse`] splits it into sections.
    pub page: &'static str,
}

/// The ids among `rules` that are most similar to `id`, best first.
pub fn nearest(id: &str, rules: impl IntoIterator<Item = Rule>) -> Vec<&'static str> {
    const MIN_SIMILARITY: f64 = 0.8;
    const MAX_RESULTS: usize = 3;
    let id = id.to_ascii_lowercase().replace(['_', ' '], "-");
    let similarity = |rule: Rule| {
        // A part of an id is a better match than a similar id.
        let contains = id.len() > 2 && rule.id.contains(&id);
        let similarity = strsim::jaro_winkler(&id, rule.id) + f64::from(u8::from(contains));
        (similarity, rule.id)
    };
    let mut found: Vec<(f64, &str)> = rules.into_iter().map(similarity).collect();
    found.retain(|(similarity, _)| *similarity >= MIN_SIMILARITY);
    found.sort_by(|left, right| right.0.total_cmp(&left.0));
    let best = found.into_iter().take(MAX_RESULTS);
    best.map(|(_, id)| id).collect()
}

macro_rules! rules {
    ($([$group:literal] $($name:ident = $id:literal, $about:literal;)*)*) => {
        $($(
            #[doc = $about]
            pub const $name: Rule = Rule {
                id: $id,
                about: $about,
                page: include_str!(concat!("../../rules/", $id, ".md")),
            };
        )*)*
        /// All rules, in the order of this file.
        pub const ALL: &[Rule] = &[$($($name),*),*];
        /// All rules by topic.
        pub const GROUPS: &[(&str, &[Rule])] = &[$(($group, &[$($name),*])),*];
    };
}

rules! {
    ["Lint: the document"]
    INVALID_CONTRACT = "invalid-contract", "A part of the document is not valid OpenAPI.";
    UNSUPPORTED_VERSION = "unsupported-version", "The document uses an unsupported version of OpenAPI, or declares none.";
    UNRESOLVED_REFERENCE = "unresolved-reference", "A `$ref` or the name of a security scheme cannot be resolved.";
    MEMBER_MISSING = "member-missing", "A required property of an OpenAPI object is missing.";
    IRREGULAR_FORM = "irregular-form", "A part of the document is not valid OpenAPI, but its meaning is clear.";
    REFERENCE_NOT_COMPONENT = "reference-not-component", "A `$ref` does not refer to a component of the expected kind.";
    REFERENCE_SIBLING = "reference-sibling", "A keyword next to a `$ref` is ignored.";
    ["Lint: operations and paths"]
    OPERATION_ID_MISSING = "operation-id-missing", "An operation has no `operationId`.";
    OPERATION_ID_CLASH = "operation-id-clash", "Two operations have the same `operationId`.";
    METHOD_UNSUPPORTED = "method-unsupported", "An operation uses the method OPTIONS or TRACE.";
    SUCCESS_UNDOCUMENTED = "success-undocumented", "An operation declares no success status.";
    CLIENT_ERROR_UNDOCUMENTED = "client-error-undocumented", "An operation has parameters, a body or credentials, and declares no 4xx status.";
    AUTH_ERROR_UNDOCUMENTED = "auth-error-undocumented", "An operation requires credentials and declares neither 401 nor 403.";
    PATH_PARAMETER_UNDECLARED = "path-parameter-undeclared", "A path template has a name that no parameter declares.";
    PATH_PARAMETER_UNKNOWN = "path-parameter-unknown", "A path parameter does not occur in the path template.";
    PATH_PARAMETER_OPTIONAL = "path-parameter-optional", "A path parameter is not required.";
    ["Lint: parameters"]
    PARAMETER_STYLE_UNSUPPORTED = "parameter-style-unsupported", "A parameter has a style that OpenAPI does not define for its location.";
    COOKIE_PARAMETER = "cookie-parameter", "A parameter is sent in a cookie.";
    PARAMETER_NOT_SCALAR = "parameter-not-scalar", "A parameter is nullable, or has nested objects or arrays.";
    PARAMETER_EXPLODE_IGNORED = "parameter-explode-ignored", "An array in the query is serialized as one comma-separated value.";
    ["Lint: bodies"]
    BODY_SCHEMA_MISSING = "body-schema-missing", "A body has a media type but no schema.";
    RESPONSE_UNTYPED = "response-untyped", "A response has a JSON media type other than `application/json`.";
    ["Lint: types"]
    ENUM_VALUE_TYPE = "enum-value-type", "A value of an enum does not have the enum's type.";
    FORMAT_UNSUPPORTED = "format-unsupported", "A schema has a format that does not apply to its type.";
    ["Lint: quality"]
    LIST_UNBOUNDED = "list-unbounded", "An array has no `maxItems`, although similar arrays are bounded.";
    STRING_UNBOUNDED = "string-unbounded", "A string has no `maxLength`, although strings with the same name are bounded.";
    SECURITY_SCHEME_UNUSED = "security-scheme-unused", "A security scheme is not used by any operation.";
    COMPONENT_UNUSED = "component-unused", "A component is not used by any operation.";
    EXAMPLE_INVALID = "example-invalid", "An example is not allowed by its own schema.";
    DEFAULT_INVALID = "default-invalid", "A default is not allowed by its own schema.";
    DESCRIPTION_MISSING = "description-missing", "The contract, an operation, a parameter or a schema has no description.";
    ["Lint: `x-lint` settings"]
    LINT_SETTING_INVALID = "lint-setting-invalid", "An `x-lint` setting is invalid.";
    LINT_REASON_MISSING = "lint-reason-missing", "An `x-lint` setting has no reason.";
    LINT_RULE_UNKNOWN = "lint-rule-unknown", "An `x-lint` setting names a rule that does not exist, or that cannot be configured.";
    LINT_SETTING_UNUSED = "lint-setting-unused", "An `x-lint` setting does not match any finding.";
    ["Files"]
    INVALID_DOCUMENT = "invalid-document", "A file is not valid YAML or JSON.";
    ["Accepted changes"]
    ACCEPTED_CHANGES_INVALID = "accepted-changes-invalid", "The file of accepted changes is invalid.";
    ACCEPTED_CHANGE_EXPIRED = "accepted-change-expired", "An accepted change has reached the release up to which it was accepted.";
    ACCEPTED_CHANGE_UNUSED = "accepted-change-unused", "An accepted change does not match any finding.";
    ["Version"]
    VERSION_BUMP_TOO_SMALL = "version-bump-too-small", "The version does not reflect the changes since the last release.";
    ["Operations"]
    OPERATION_ADDED = "operation-added", "An operation was added.";
    OPERATION_REMOVED = "operation-removed", "An operation was removed.";
    OPERATION_ID_CHANGED = "operation-id-changed", "An operation has another `operationId`, so its client method is renamed.";
    OPERATION_DEPRECATED = "operation-deprecated", "An operation was deprecated.";
    OPERATION_UNDEPRECATED = "operation-undeprecated", "An operation is no longer deprecated.";
    OPERATION_MOVED = "operation-moved", "An operation with the same `operationId` has another path or method.";
    OPERATION_REMOVED_AFTER_SUNSET = "operation-removed-after-sunset", "A deprecated operation was removed after its sunset date.";
    SUNSET_CHANGED = "sunset-changed", "The sunset date of an operation or parameter changed.";
    TAGS_CHANGED = "tags-changed", "The tags of an operation changed.";
    SERVER_ADDED = "server-added", "A server was added.";
    SERVER_REMOVED = "server-removed", "A server was removed.";
    SECURITY_ADDED = "security-added", "An operation accepts further credentials, or no longer requires any.";
    SECURITY_REMOVED = "security-removed", "An operation no longer accepts some credentials, or requires more.";
    SECURITY_FLOW_CHANGED = "security-flow-changed", "The flows, URLs or scopes of an OAuth scheme changed.";
    ["Parameters and bodies"]
    PARAMETER_ADDED = "parameter-added", "A parameter was added.";
    PARAMETER_REMOVED = "parameter-removed", "A parameter was removed.";
    PARAMETER_REMOVED_AFTER_SUNSET = "parameter-removed-after-sunset", "A deprecated parameter was removed after its sunset date.";
    PARAMETER_BECAME_REQUIRED = "parameter-became-required", "An optional parameter became required.";
    PARAMETER_BECAME_OPTIONAL = "parameter-became-optional", "A required parameter became optional.";
    PARAMETER_STYLE_CHANGED = "parameter-style-changed", "The serialization of a parameter changed.";
    PARAMETER_RENAMED = "parameter-renamed", "A path parameter was renamed.";
    REQUEST_BODY_ADDED = "request-body-added", "A request body was added.";
    REQUEST_BODY_REMOVED = "request-body-removed", "A request body was removed.";
    REQUEST_BODY_BECAME_REQUIRED = "request-body-became-required", "An optional request body became required.";
    REQUEST_BODY_BECAME_OPTIONAL = "request-body-became-optional", "A required request body became optional.";
    MEDIA_TYPE_ADDED = "media-type-added", "A media type of a body was added.";
    MEDIA_TYPE_REMOVED = "media-type-removed", "A media type of a body was removed.";
    ENCODING_CHANGED = "encoding-changed", "The `encoding` of a form property changed.";
    ["Responses"]
    STATUS_ADDED = "status-added", "A response status was added.";
    STATUS_REMOVED = "status-removed", "A response status was removed.";
    HEADER_ADDED = "header-added", "A response header was added.";
    HEADER_REMOVED = "header-removed", "A response header was removed.";
    HEADER_BECAME_REQUIRED = "header-became-required", "An optional response header became required.";
    HEADER_BECAME_OPTIONAL = "header-became-optional", "A required response header became optional.";
    LINKS_CHANGED = "links-changed", "The links of a response changed.";
    ["Types and values"]
    TYPE_WIDENED = "type-widened", "A value may have more JSON types.";
    TYPE_NARROWED = "type-narrowed", "A value may have fewer JSON types.";
    TYPE_CHANGED = "type-changed", "The JSON type of a value changed.";
    NULL_ALLOWED = "null-allowed", "A value may be null that could not be null before.";
    NULL_FORBIDDEN = "null-forbidden", "A value may no longer be null.";
    ENUM_ADDED = "enum-added", "An `enum` or `const` was added, so fewer values are allowed.";
    ENUM_REMOVED = "enum-removed", "An `enum` or `const` was removed, so more values are allowed.";
    ENUM_VALUE_ADDED = "enum-value-added", "A value was added to an `enum`.";
    ENUM_VALUE_REMOVED = "enum-value-removed", "A value was removed from an `enum`.";
    DEFAULT_CHANGED = "default-changed", "A default was changed, added or removed.";
    ["Numbers"]
    MINIMUM_RAISED = "minimum-raised", "The minimum of a number was raised or added.";
    MINIMUM_LOWERED = "minimum-lowered", "The minimum of a number was lowered or removed.";
    MAXIMUM_LOWERED = "maximum-lowered", "The maximum of a number was lowered or added.";
    MAXIMUM_RAISED = "maximum-raised", "The maximum of a number was raised or removed.";
    MULTIPLE_OF_CHANGED = "multiple-of-changed", "The `multipleOf` of a number was changed, added or removed.";
    ["Strings"]
    MIN_LENGTH_RAISED = "min-length-raised", "The minimum length of a string was raised or added.";
    MIN_LENGTH_LOWERED = "min-length-lowered", "The minimum length of a string was lowered or removed.";
    MAX_LENGTH_LOWERED = "max-length-lowered", "The maximum length of a string was lowered or added.";
    MAX_LENGTH_RAISED = "max-length-raised", "The maximum length of a string was raised or removed.";
    PATTERN_ADDED = "pattern-added", "A pattern was added to a string.";
    PATTERN_REMOVED = "pattern-removed", "A pattern was removed from a string.";
    PATTERN_CHANGED = "pattern-changed", "The pattern of a string changed.";
    FORMAT_ADDED = "format-added", "A value must have a format.";
    FORMAT_REMOVED = "format-removed", "A value no longer needs a format.";
    FORMAT_CHANGED = "format-changed", "A value has another format.";
    CONTENT_CHANGED = "content-changed", "The media type, encoding or schema of a string's content changed.";
    ["Arrays"]
    MIN_ITEMS_RAISED = "min-items-raised", "The minimum length of an array was raised or added.";
    MIN_ITEMS_LOWERED = "min-items-lowered", "The minimum length of an array was lowered or removed.";
    MAX_ITEMS_LOWERED = "max-items-lowered", "The maximum length of an array was lowered or added.";
    MAX_ITEMS_RAISED = "max-items-raised", "The maximum length of an array was raised or removed.";
    UNIQUE_ITEMS_ADDED = "unique-items-added", "The elements of an array must be unique.";
    UNIQUE_ITEMS_REMOVED = "unique-items-removed", "The elements of an array may repeat.";
    ["Objects"]
    PROPERTY_ADDED = "property-added", "A property was added to an object.";
    PROPERTY_REMOVED = "property-removed", "A property was removed from an object.";
    PROPERTY_BECAME_REQUIRED = "property-became-required", "An optional property became required.";
    PROPERTY_BECAME_OPTIONAL = "property-became-optional", "A required property became optional.";
    ADDITIONAL_PROPERTIES_NARROWED = "additional-properties-narrowed", "Undeclared properties are now forbidden, or restricted by a schema.";
    ADDITIONAL_PROPERTIES_WIDENED = "additional-properties-widened", "Undeclared properties are now allowed, or less restricted.";
    PATTERN_PROPERTIES_CHANGED = "pattern-properties-changed", "The `patternProperties` of an object changed.";
    MIN_PROPERTIES_RAISED = "min-properties-raised", "The minimum number of properties was raised or added.";
    MIN_PROPERTIES_LOWERED = "min-properties-lowered", "The minimum number of properties was lowered or removed.";
    MAX_PROPERTIES_LOWERED = "max-properties-lowered", "The maximum number of properties was lowered or added.";
    MAX_PROPERTIES_RAISED = "max-properties-raised", "The maximum number of properties was raised or removed.";
    ["Combinations"]
    UNION_MEMBER_ADDED = "union-member-added", "A member was added to `oneOf` or `anyOf`.";
    UNION_MEMBER_REMOVED = "union-member-removed", "A member was removed from `oneOf` or `anyOf`.";
    UNION_CHANGED = "union-changed", "`oneOf` or `anyOf` were exchanged, or combined differently.";
    DISCRIMINATOR_CHANGED = "discriminator-changed", "A discriminator has another property or mapping.";
    KEYWORD_CHANGED = "keyword-changed", "A keyword changed that is compared only by testing values.";
    ["Prose and flags"]
    DESCRIPTION_CHANGED = "description-changed", "A description, summary or title changed.";
    TITLE_CHANGED = "title-changed", "The title of an inline schema changed, so its Rust type is renamed.";
    COMPONENT_RENAMED = "component-renamed", "A schema is a component with another name, or was inlined or extracted.";
    VALUE_DEPRECATED = "value-deprecated", "A parameter, header, property or other value was deprecated.";
    VALUE_UNDEPRECATED = "value-undeprecated", "A parameter, header, property or other value is no longer deprecated.";
    READ_ONLY_CHANGED = "read-only-changed", "`readOnly` or `writeOnly` of a property changed.";
}
