//! The rules of the findings that the generator reports.

use openapi_contract::rules::Rule;

macro_rules! rules {
    ($([$group:literal, $directory:literal] $($name:ident = $id:literal, $about:literal;)*)*) => {
        $(rules! { @group $directory $($name = $id, $about;)* })*
        /// All rules, in the order of [`GROUPS`].
        pub const ALL: &[Rule] = &[$($($name),*),*];
        /// The rules by topic.
        pub const GROUPS: &[(&str, &[Rule])] = &[$(($group, &[$($name),*])),*];
    };
    (@group $directory:literal $($name:ident = $id:literal, $about:literal;)*) => {
        $(
            #[doc = $about]
            pub const $name: Rule = Rule {
                id: $id,
                about: $about,
                page: include_str!(concat!("../", $directory, "/", $id, ".md")),
            };
        )*
    };
}

rules! {
    ["Lint: operations and parameters in Rust", "rules"]
    METHOD_NAME_CLASH = "method-name-clash", "Two operation ids map to one Rust method name.";
    CALLBACK_IGNORED = "callback-ignored", "A webhook or callback is declared, for which no code is generated.";
    PARAMETER_NAME_CLASH = "parameter-name-clash", "Two parameters of an operation map to one Rust name.";
    PARAMETER_CONTENT_UNSUPPORTED = "parameter-content-unsupported", "The `content` of a parameter has a media type other than JSON.";
    ["Lint: bodies in Rust", "rules"]
    RAW_BODY_SCHEMA = "raw-body-schema", "A request body of bytes or text has a schema that clients do not enforce.";
    SUCCESS_TYPES_SEVERAL = "success-types-several", "The success statuses have different bodies.";
    ERROR_TYPES_SEVERAL = "error-types-several", "The error statuses have different bodies.";
    DEFAULT_RESPONSE_TYPE = "default-response-type", "The `default` response has another body than the declared successes.";
    ["Lint: types in Rust", "rules"]
    TYPE_NAME_CLASH = "type-name-clash", "Two schemas map to one Rust type name.";
    PROPERTY_NAME_CLASH = "property-name-clash", "Two properties of an object map to one Rust field name.";
    ENUM_VARIANT_CLASH = "enum-variant-clash", "Two values of an enum map to one Rust variant name.";
    ["Fidelity: differences between contract and client", "fidelity"]
    MALFORMED = "malformed", "Ignores values that OpenAPI does not allow at their location.";
    REFERENCES = "references", "Ignores a `$ref` without a target.";
    UNSUPPORTED_FEATURE = "unsupported-feature", "Ignores features of OpenAPI 3.2 that are not supported.";
    SERVER_SIDE = "server-side", "Omits callbacks and webhooks from the client.";
    SERVERS = "servers", "Ignores `servers` of a path or an operation.";
    FOREIGN_EXTENSION = "foreign-extension", "Ignores an `x-pagination` that has another form than the one of this generator.";
    OPERATION_IDS = "operation-ids", "Names operations without an id, and those whose Rust name is taken.";
    PARAMETERS = "parameters", "Changes or omits parameters that cannot be sent as declared.";
    PARAMETER_STYLES = "parameter-styles", "Uses strings for parameters that their style cannot represent.";
    REQUEST_BODIES = "request-bodies", "Sends a request body in another way than declared, or without checking it.";
    RESPONSES = "responses", "Gives each operation one success type and one error type.";
    UNTYPED = "untyped", "Uses any JSON value for a schema that no Rust type represents.";
}
