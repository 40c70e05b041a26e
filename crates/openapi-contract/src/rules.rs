//! The rules: every kind of finding, with its stable id.

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// The stable id, in kebab case.
    pub id: &'static str,
    /// What it means, in a sentence.
    pub about: &'static str,
}

const fn rule(id: &'static str, about: &'static str) -> Rule {
    Rule { id, about }
}

macro_rules! rules {
    ($([$group:literal] $($name:ident = $id:literal, $about:literal;)*)*) => {
        $($(#[doc = $about] pub const $name: Rule = rule($id, $about);)*)*
        /// All rules, in the order of this file.
        pub const ALL: &[Rule] = &[$($($name),*),*];
        /// The same by what they are about.
        pub const GROUPS: &[(&str, &[Rule])] = &[$(($group, &[$($name),*])),*];
        /// The pages of all rules, in the same order: a rule without a page does not compile.
        pub(crate) const PAGES: &[&str] =
            &[$($(include_str!(concat!("../rules/", $id, ".md"))),*),*];
    };
}

// A constant for each rule and the list of all come from one table, so that no rule is left out.
rules! {
    ["Lint: the document"]
    INVALID_CONTRACT = "invalid-contract", "A part of the document does not have the form OpenAPI gives it.";
    UNSUPPORTED_VERSION = "unsupported-version", "The document is written in a version of OpenAPI that is not read.";
    UNRESOLVED_REFERENCE = "unresolved-reference", "A `$ref` or the name of a security scheme leads to nothing.";
    MEMBER_MISSING = "member-missing", "An object lacks a member that OpenAPI requires.";
    IRREGULAR_FORM = "irregular-form", "A part of the document does not have the form OpenAPI gives it, and still says what is meant.";
    REFERENCE_NOT_COMPONENT = "reference-not-component", "A `$ref` leads to something else than a component of the kind that belongs there.";
    REFERENCE_SIBLING = "reference-sibling", "Something stands beside a `$ref` that is ignored there.";
    ["Lint: operations and paths"]
    OPERATION_ID_MISSING = "operation-id-missing", "An operation has no `operationId`, so generated code makes up a name for it.";
    OPERATION_ID_CLASH = "operation-id-clash", "Two operations have one `operationId`, so generated code renames one.";
    METHOD_NAME_CLASH = "method-name-clash", "Two operation ids become one method name in Rust.";
    METHOD_UNSUPPORTED = "method-unsupported", "An operation has a method that few clients and servers know.";
    CALLBACK_IGNORED = "callback-ignored", "A webhook or callback is described, which nothing is generated for.";
    SUCCESS_UNDOCUMENTED = "success-undocumented", "An operation declares no status for success.";
    CLIENT_ERROR_UNDOCUMENTED = "client-error-undocumented", "An operation takes input or credentials and declares no 4xx status.";
    AUTH_ERROR_UNDOCUMENTED = "auth-error-undocumented", "An operation takes credentials and declares neither 401 nor 403.";
    PATH_PARAMETER_UNDECLARED = "path-parameter-undeclared", "A path has a name in braces that no parameter declares.";
    PATH_PARAMETER_UNKNOWN = "path-parameter-unknown", "A path parameter is declared that the path does not have.";
    PATH_PARAMETER_OPTIONAL = "path-parameter-optional", "A path parameter is not required.";
    ["Lint: parameters"]
    PARAMETER_NAME_CLASH = "parameter-name-clash", "Two parameters of an operation have one name in Rust.";
    PARAMETER_STYLE_UNSUPPORTED = "parameter-style-unsupported", "A parameter has a style that OpenAPI does not have where it stands.";
    PARAMETER_CONTENT_UNSUPPORTED = "parameter-content-unsupported", "A parameter has a media type that is not JSON.";
    COOKIE_PARAMETER = "cookie-parameter", "A parameter is sent in a cookie.";
    PARAMETER_NOT_SCALAR = "parameter-not-scalar", "A parameter can be null, or has objects or lists in what it holds.";
    PARAMETER_EXPLODE_IGNORED = "parameter-explode-ignored", "A list in the query is one text, with commas.";
    ["Lint: bodies"]
    REQUEST_MEDIA_TYPE_UNSUPPORTED = "request-media-type-unsupported", "A request body has a media type that generated clients have no type for.";
    REQUEST_MEDIA_TYPES_SEVERAL = "request-media-types-several", "A request body has several media types to choose from.";
    REQUEST_ENCODING_UNSUPPORTED = "request-encoding-unsupported", "A body says how its parts are encoded.";
    RAW_BODY_SCHEMA = "raw-body-schema", "A body of bytes or text has a schema that says more than that.";
    BODY_SCHEMA_MISSING = "body-schema-missing", "A body has no schema.";
    SUCCESS_TYPES_SEVERAL = "success-types-several", "The statuses for success have different bodies.";
    ERROR_TYPES_SEVERAL = "error-types-several", "The statuses for errors have different bodies.";
    DEFAULT_RESPONSE_TYPE = "default-response-type", "The response `default` has another body than the statuses beside it.";
    RESPONSE_UNTYPED = "response-untyped", "A response is JSON by another name than `application/json`.";
    ["Lint: types"]
    TYPE_NAME_CLASH = "type-name-clash", "Two schemas become one type name in Rust.";
    TITLE_CLASH = "title-clash", "Different inline schemas have one title.";
    RESPONSE_NAME_CLASH = "response-name-clash", "Different inline bodies of one operation become one type in Rust.";
    PROPERTY_NAME_CLASH = "property-name-clash", "Two properties of an object become one field in Rust.";
    ENUM_VARIANT_CLASH = "enum-variant-clash", "Two values of an enum become one variant in Rust.";
    ENUM_VALUE_TYPE = "enum-value-type", "A value of an enum is not of the enum's type.";
    DEFAULT_BESIDE_ANY_OF = "default-beside-any-of", "A default stands beside an `anyOf` whose alternatives have one type.";
    FORMAT_UNSUPPORTED = "format-unsupported", "A schema has a format that its type cannot have.";
    NULLABLE_COMPONENT = "nullable-component", "A component that is an enum or a union can be null.";
    VERSION_NOT_GENERATED = "version-not-generated", "The document is written in a version of OpenAPI that is rewritten for the client.";
    ["Lint: what could be better"]
    LIST_UNBOUNDED = "list-unbounded", "A list has no `maxItems`, where a bound exists elsewhere.";
    STRING_UNBOUNDED = "string-unbounded", "A string has no `maxLength`, where a bound exists elsewhere.";
    SECURITY_SCHEME_UNUSED = "security-scheme-unused", "A security scheme is not used by any operation.";
    COMPONENT_UNUSED = "component-unused", "A component is not used by any operation.";
    EXAMPLE_INVALID = "example-invalid", "An example is not allowed by its own schema.";
    DEFAULT_INVALID = "default-invalid", "A default is not allowed by its own schema.";
    DESCRIPTION_MISSING = "description-missing", "Something that people look up has no description.";
    ["Lint: settings in the contract"]
    LINT_SETTING_INVALID = "lint-setting-invalid", "A setting of `x-lint` does not have the form of one.";
    LINT_REASON_MISSING = "lint-reason-missing", "A setting of `x-lint` gives no reason.";
    LINT_RULE_UNKNOWN = "lint-rule-unknown", "A setting of `x-lint` is for a rule that does not exist, or that cannot be set.";
    LINT_SETTING_UNUSED = "lint-setting-unused", "A setting of `x-lint` changes no finding.";
    ["Files"]
    INVALID_DOCUMENT = "invalid-document", "A file cannot be parsed as YAML or JSON.";
    ["Accepted changes"]
    ACCEPTED_CHANGES_INVALID = "accepted-changes-invalid", "The file of accepted changes does not have its form.";
    ACCEPTED_CHANGE_EXPIRED = "accepted-change-expired", "A change was accepted up to a release that has come.";
    ACCEPTED_CHANGE_UNUSED = "accepted-change-unused", "An accepted change is not among the changes.";
    ["The version"]
    VERSION_BUMP_TOO_SMALL = "version-bump-too-small", "The version does not say how much changed since the last release.";
    ["Operations"]
    OPERATION_ADDED = "operation-added", "There is an operation that was not there before.";
    OPERATION_REMOVED = "operation-removed", "An operation is gone.";
    OPERATION_ID_CHANGED = "operation-id-changed", "An operation has another `operationId`: its method in generated clients is renamed.";
    OPERATION_DEPRECATED = "operation-deprecated", "An operation is deprecated now.";
    OPERATION_UNDEPRECATED = "operation-undeprecated", "An operation is no longer deprecated.";
    OPERATION_MOVED = "operation-moved", "An operation is at another path or method: the same id, another request.";
    OPERATION_REMOVED_AFTER_SUNSET = "operation-removed-after-sunset", "An operation is gone that was deprecated with a day of its end.";
    SUNSET_CHANGED = "sunset-changed", "The day from which a deprecated operation or parameter may be gone is another.";
    TAGS_CHANGED = "tags-changed", "An operation is listed under other tags.";
    SERVER_ADDED = "server-added", "There is a server that was not there before.";
    SERVER_REMOVED = "server-removed", "A server is gone.";
    SECURITY_ADDED = "security-added", "A way to be allowed in is new.";
    SECURITY_REMOVED = "security-removed", "A way to be allowed in is gone, or credentials are asked for that were not.";
    SECURITY_FLOW_CHANGED = "security-flow-changed", "Clients get their credentials at other URLs, or for other scopes.";
    ["Parameters and bodies"]
    PARAMETER_ADDED = "parameter-added", "There is a parameter that was not there before.";
    PARAMETER_REMOVED = "parameter-removed", "A parameter is gone.";
    PARAMETER_REMOVED_AFTER_SUNSET = "parameter-removed-after-sunset", "A parameter is gone that was deprecated with a day of its end.";
    PARAMETER_BECAME_REQUIRED = "parameter-became-required", "A parameter that could be left out must be sent.";
    PARAMETER_BECAME_OPTIONAL = "parameter-became-optional", "A parameter that had to be sent can be left out.";
    PARAMETER_STYLE_CHANGED = "parameter-style-changed", "The value of a parameter is written in another way.";
    PARAMETER_RENAMED = "parameter-renamed", "A path parameter has another name: generated clients change, the wire does not.";
    REQUEST_BODY_ADDED = "request-body-added", "An operation takes a body that took none.";
    REQUEST_BODY_REMOVED = "request-body-removed", "An operation takes no body that took one.";
    REQUEST_BODY_BECAME_REQUIRED = "request-body-became-required", "A body that could be left out must be sent.";
    REQUEST_BODY_BECAME_OPTIONAL = "request-body-became-optional", "A body that had to be sent can be left out.";
    MEDIA_TYPE_ADDED = "media-type-added", "A body comes in a media type that was not there before.";
    MEDIA_TYPE_REMOVED = "media-type-removed", "A media type of a body is gone.";
    ENCODING_CHANGED = "encoding-changed", "The parts of a form are written in another way.";
    ["Responses"]
    STATUS_ADDED = "status-added", "An operation answers with a status that was not there before.";
    STATUS_REMOVED = "status-removed", "A status of an operation is gone.";
    HEADER_ADDED = "header-added", "A response header is new.";
    HEADER_REMOVED = "header-removed", "A response header is gone.";
    HEADER_BECAME_REQUIRED = "header-became-required", "A response header that could be missing is always sent.";
    HEADER_BECAME_OPTIONAL = "header-became-optional", "A response header that was always sent can be missing.";
    LINKS_CHANGED = "links-changed", "The links of a response lead elsewhere.";
    ["Types and values"]
    TYPE_WIDENED = "type-widened", "A value may have a JSON type that it could not have before.";
    TYPE_NARROWED = "type-narrowed", "A value may no longer have a JSON type that it could have before.";
    TYPE_CHANGED = "type-changed", "A value has another JSON type.";
    NULL_ALLOWED = "null-allowed", "A value may be null that could not be null before.";
    NULL_FORBIDDEN = "null-forbidden", "A value may no longer be null.";
    ENUM_ADDED = "enum-added", "Only listed values are allowed where more were.";
    ENUM_REMOVED = "enum-removed", "More than listed values are allowed.";
    ENUM_VALUE_ADDED = "enum-value-added", "A list of allowed values has a new one.";
    ENUM_VALUE_REMOVED = "enum-value-removed", "A list of allowed values has one less.";
    DEFAULT_CHANGED = "default-changed", "A default is another, so what is left out means something else.";
    ["Numbers"]
    MINIMUM_RAISED = "minimum-raised", "The smallest allowed number is larger.";
    MINIMUM_LOWERED = "minimum-lowered", "The smallest allowed number is smaller, or there is none.";
    MAXIMUM_LOWERED = "maximum-lowered", "The largest allowed number is smaller.";
    MAXIMUM_RAISED = "maximum-raised", "The largest allowed number is larger, or there is none.";
    MULTIPLE_OF_CHANGED = "multiple-of-changed", "Numbers must be multiples of another number.";
    ["Strings"]
    MIN_LENGTH_RAISED = "min-length-raised", "The shortest allowed string is longer.";
    MIN_LENGTH_LOWERED = "min-length-lowered", "The shortest allowed string is shorter.";
    MAX_LENGTH_LOWERED = "max-length-lowered", "The longest allowed string is shorter.";
    MAX_LENGTH_RAISED = "max-length-raised", "The longest allowed string is longer, or there is none.";
    PATTERN_ADDED = "pattern-added", "A string must match a pattern.";
    PATTERN_REMOVED = "pattern-removed", "A string need no longer match a pattern.";
    PATTERN_CHANGED = "pattern-changed", "A string must match another pattern.";
    FORMAT_ADDED = "format-added", "A value must have a format.";
    FORMAT_REMOVED = "format-removed", "A value need no longer have a format.";
    FORMAT_CHANGED = "format-changed", "A value has another format.";
    CONTENT_CHANGED = "content-changed", "A string holds content of another type or encoding.";
    ["Arrays"]
    MIN_ITEMS_RAISED = "min-items-raised", "The shortest allowed array is longer.";
    MIN_ITEMS_LOWERED = "min-items-lowered", "The shortest allowed array is shorter.";
    MAX_ITEMS_LOWERED = "max-items-lowered", "The longest allowed array is shorter.";
    MAX_ITEMS_RAISED = "max-items-raised", "The longest allowed array is longer, or there is none.";
    UNIQUE_ITEMS_ADDED = "unique-items-added", "The elements of an array must differ.";
    UNIQUE_ITEMS_REMOVED = "unique-items-removed", "The elements of an array need no longer differ.";
    ["Objects"]
    PROPERTY_ADDED = "property-added", "An object has a property that was not there before.";
    PROPERTY_REMOVED = "property-removed", "A property of an object is gone.";
    PROPERTY_BECAME_REQUIRED = "property-became-required", "A property that could be missing must be there.";
    PROPERTY_BECAME_OPTIONAL = "property-became-optional", "A property that had to be there can be missing.";
    ADDITIONAL_PROPERTIES_NARROWED = "additional-properties-narrowed", "Undeclared properties are forbidden, or held to a schema.";
    ADDITIONAL_PROPERTIES_WIDENED = "additional-properties-widened", "Undeclared properties are allowed that were not before.";
    PATTERN_PROPERTIES_CHANGED = "pattern-properties-changed", "Properties are held to a schema by other name patterns.";
    MIN_PROPERTIES_RAISED = "min-properties-raised", "The smallest allowed object has more properties.";
    MIN_PROPERTIES_LOWERED = "min-properties-lowered", "The smallest allowed object has fewer properties.";
    MAX_PROPERTIES_LOWERED = "max-properties-lowered", "The largest allowed object has fewer properties.";
    MAX_PROPERTIES_RAISED = "max-properties-raised", "The largest allowed object has more properties, or there is no largest.";
    ["Combinations"]
    UNION_MEMBER_ADDED = "union-member-added", "A value may have a form that it could not have before.";
    UNION_MEMBER_REMOVED = "union-member-removed", "A value may no longer have a form that it could have before.";
    UNION_CHANGED = "union-changed", "The forms of a value are combined in another way.";
    DISCRIMINATOR_CHANGED = "discriminator-changed", "The property that tells alternatives apart, or what its values stand for, is another.";
    KEYWORD_CHANGED = "keyword-changed", "A keyword changed that comparison cannot decide.";
    ["Prose and flags"]
    DESCRIPTION_CHANGED = "description-changed", "A description, summary or title reads differently.";
    TITLE_CHANGED = "title-changed", "An inline schema has another title: the type in generated clients is renamed.";
    COMPONENT_RENAMED = "component-renamed", "A schema is reached through another component: the type in generated clients is renamed.";
    VALUE_DEPRECATED = "value-deprecated", "A parameter, a header or a property is deprecated now.";
    VALUE_UNDEPRECATED = "value-undeprecated", "A parameter, a header or a property is no longer deprecated.";
    READ_ONLY_CHANGED = "read-only-changed", "A property is sent in other messages: `readOnly` or `writeOnly` changed.";
}
