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
    REQUEST_MEDIA_TYPE_UNSUPPORTED = "request-media-type-unsupported", "A request body has a media type for which generated clients have no type.";
    REQUEST_MEDIA_TYPES_SEVERAL = "request-media-types-several", "A request body has several media types with different schemas.";
    RAW_BODY_SCHEMA = "raw-body-schema", "A body of bytes or text has a schema with further keywords.";
    SUCCESS_TYPES_SEVERAL = "success-types-several", "The success statuses have different bodies.";
    ERROR_TYPES_SEVERAL = "error-types-several", "The error statuses have different bodies.";
    DEFAULT_RESPONSE_TYPE = "default-response-type", "The `default` response and the declared statuses have different bodies.";
    ["Lint: types in Rust", "rules"]
    TYPE_NAME_CLASH = "type-name-clash", "Two schemas map to one Rust type name.";
    TITLE_CLASH = "title-clash", "Several inline schemas have the same title.";
    RESPONSE_NAME_CLASH = "response-name-clash", "Several inline bodies of an operation map to one Rust type name.";
    PROPERTY_NAME_CLASH = "property-name-clash", "Two properties of an object map to one Rust field name.";
    ENUM_VARIANT_CLASH = "enum-variant-clash", "Two values of an enum map to one Rust variant name.";
    DEFAULT_BESIDE_ANY_OF = "default-beside-any-of", "A schema has a default, and an `anyOf` with several members of one type.";
    NULLABLE_COMPONENT = "nullable-component", "A component that is an enum or a union is nullable.";
    VERSION_NOT_GENERATED = "version-not-generated", "The document uses an OpenAPI version that is converted for the client.";
    // In the order in which the passes run.
    ["Passes of the generator", "passes"]
    MALFORMED = "malformed", "Ignores values that OpenAPI does not allow at their location.";
    SERVER_SIDE = "server-side", "Omits callbacks and webhooks from the client.";
    SERVERS = "servers", "Ignores `servers` of a path or an operation.";
    FOREIGN_EXTENSION = "foreign-extension", "Ignores an `x-pagination` that has another form than the one of this generator.";
    REFERENCES = "references", "Turns a referenced schema that is not a component of the contract into a component.";
    VERSION = "version", "Converts a contract written for OpenAPI 3.1 to OpenAPI 3.0.";
    NORMALIZE_KEYWORDS = "normalize-keywords", "Rewrites schemas that progenitor rejects or misreads to an equivalent or looser form.";
    ADDITIONAL_PROPERTIES = "additional-properties", "Replaces `additionalProperties: true` next to declared properties with an empty schema.";
    CYCLES = "cycles", "Breaks up schemas that contain themselves directly through `allOf`, `oneOf` or `anyOf`.";
    SIMPLIFY_ALL_OF = "simplify-all-of", "Removes `allOf` members that are empty or repeated, and unwraps combinators of one schema.";
    ALL_OF = "all-of", "Combines the members of an `allOf` into one object if typify cannot merge them.";
    ANY_OF = "any-of", "Merges the object members of an `anyOf` into one object if a value can match several of them.";
    OPERATION_IDS = "operation-ids", "Adds missing operation ids, and renames duplicate ones.";
    REQUEST_BODIES = "request-bodies", "Reduces a request body to one media type, and to a form that progenitor supports.";
    RESPONSES = "responses", "Gives each operation one success type and one error type.";
    ONE_OF_ORDER = "one-of-order", "Sorts the alternatives of a union so that the most specific ones are tried first.";
    PARAMETER_STYLES = "parameter-styles", "Adds support for array and object parameters and for all parameter styles.";
    PARAMETERS = "parameters", "Renames parameters with the same Rust name, and makes the path parameters match the path template.";
    DROP_RESPONSE_CONSTRAINTS = "drop-response-constraints", "Drops length limits and patterns of strings that only occur in responses.";
    TYPE_NAMES = "type-names", "Renames schemas that would get the same Rust type name.";
    NULLABLE = "nullable", "Moves `nullable` from components that are enums or unions to the schemas that refer to them.";
    ENUM_COLLISIONS = "enum-collisions", "Renames the variants of an enum whose values would get the same Rust name.";
    PROPERTY_COLLISIONS = "property-collisions", "Renames a struct field if two properties of an object would get the same Rust name.";
    DEFAULTS = "defaults", "Drops a `default` that is not a valid value of its schema.";
    UNSUPPORTED = "unsupported", "Removes what progenitor rejects after all other passes.";
}
