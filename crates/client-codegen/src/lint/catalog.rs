//! The rules: the level, consequence and remedy of each.

use openapi_contract::Level;
use openapi_contract::lint::{LintRule, RuleSet};

use crate::rules;

macro_rules! lint_rules {
    ($($level:ident $rule:ident: $consequence:expr, $remedy:expr;)*) => {
        /// The rules about generated Rust code.
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
    Editorial METHOD_NAME_CLASH:
        "The generator appends the HTTP method to the second name, and the order of the operations decides which one is second.",
        "Rename one of them, so that they differ in more than case and punctuation.";
    Risky CALLBACK_IGNORED:
        "It describes requests that the client receives, and generated clients contain no code for them.",
        "Describe them in a separate contract in which the receiver is the server.";
    Editorial PARAMETER_NAME_CLASH:
        "The generator appends the location to the name of the second setter.",
        "Rename one of them, so that they differ in more than case and punctuation.";
    Risky PARAMETER_CONTENT_UNSUPPORTED:
        "The client has no type for it: the caller passes a string, and the client does not validate it.",
        "Declare the parameter with `schema` or as `application/json`, or move it to the request body.";
    Risky REQUEST_MEDIA_TYPE_UNSUPPORTED:
        "The client has no type for it: the caller passes bytes, and the client does not validate them.",
        "Use `application/json` or `application/octet-stream`; to upload a file with metadata, use `multipart/form-data`.";
    Risky REQUEST_MEDIA_TYPES_SEVERAL:
        "The client sends one of them only: JSON, if it is declared.",
        "Keep one media type, or split the operation.";
    Risky RAW_BODY_SCHEMA:
        "The client passes bytes and text through without validation.",
        "Write `{type: string, format: binary}` for bytes and `{type: string}` for text, without further keywords.";
    Editorial SUCCESS_TYPES_SEVERAL:
        "The client's method returns an enum of the bodies, which the caller has to match; a status without a body is returned as `None`.",
        "Use the same body for all 2xx statuses, or split the operation.";
    Editorial ERROR_TYPES_SEVERAL:
        "The error type of the client's method is an enum of the bodies, which the caller has to match.",
        "Use the same body for all 4xx and 5xx statuses, such as one `ErrorResponse`.";
    Editorial DEFAULT_RESPONSE_TYPE:
        "Every status that is not declared is read as `default`, successes and errors alike.",
        "Replace `default` with `4XX` and `5XX`.";
    Editorial TYPE_NAME_CLASH:
        "The generator gives one of them another name, and the order of the schemas decides which one.",
        "Rename one, or make an inline schema a component with its own name.";
    Editorial TITLE_CLASH:
        "The generator names the second type after its location instead of its title.",
        "Delete the titles of inline schemas, or make them distinct.";
    Editorial RESPONSE_NAME_CLASH:
        "Types of inline bodies are named after their operation, so the generator renames the second type.",
        "Make the bodies components.";
    Editorial PROPERTY_NAME_CLASH:
        "The generator appends a number to the name of the second field.",
        "Rename one, so that they differ in more than case and punctuation.";
    Editorial ENUM_VARIANT_CLASH:
        "The generator gives the variants distinct names, such as `AscUpper` next to `Asc`.",
        "Use values that differ in more than case and punctuation, or a string with a `pattern`.";
    Editorial DEFAULT_BESIDE_ANY_OF:
        "The client applies the default only if exactly one `anyOf` member can hold it.",
        "Merge the members into one schema, or describe the default in the `description`.";
    Editorial NULLABLE_COMPONENT:
        "The client's type does not include null: every reference to the component becomes nullable instead.",
        "Declare `nullable` where the component is used, in an `allOf` with the reference.";
    Risky VERSION_NOT_GENERATED:
        "Clients are generated from OpenAPI 3.0: the contract is converted, and the client's types do not enforce keywords that 3.0 does not have.",
        "Write the contract in OpenAPI 3.0.3, or see the client's `LOWERING.md` for what its types do not enforce.";
}
