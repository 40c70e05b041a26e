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
        "The HTTP method is appended to the second name, and the order of the operations decides which one is second.",
        "Rename one of them, so that they differ in more than case and punctuation.";
    Risky CALLBACK_IGNORED:
        "It describes requests that the client receives, and generated clients contain no code for them.",
        "Describe them in a separate contract in which the receiver is the server.";
    Editorial PARAMETER_NAME_CLASH:
        "The location is appended to the name of the second setter.",
        "Rename one of them, so that they differ in more than case and punctuation.";
    Risky PARAMETER_CONTENT_UNSUPPORTED:
        "The client has no type for it: the caller passes a string, and the client does not validate it.",
        "Declare the parameter with `schema` or as `application/json`, or move it to the request body.";
    Risky RAW_BODY_SCHEMA:
        "The caller passes a string or bytes, and the client does not check them.",
        "Use JSON or a form, or write `{type: string, format: binary}` for bytes and `{type: string}` for text.";
    Editorial SUCCESS_TYPES_SEVERAL:
        "The client's method returns an enum of the bodies, which the caller has to match. If a status has no body, it returns an `Option`.",
        "Use the same body for all 2xx statuses, or split the operation.";
    Editorial ERROR_TYPES_SEVERAL:
        "The error type of the client's method is an enum of the bodies, which the caller has to match.",
        "Use the same body for all 4xx and 5xx statuses, such as one `ErrorResponse`.";
    Editorial DEFAULT_RESPONSE_TYPE:
        "Every status that is not declared is returned as an error, even a success.",
        "Replace `default` with `4XX` and `5XX`.";
    Editorial TYPE_NAME_CLASH:
        "The order of the schemas decides which type has a number in its name.",
        "Rename one, or make an inline schema a component with its own name.";
    Editorial PROPERTY_NAME_CLASH:
        "A number is appended to the name of the second field.",
        "Rename one, so that they differ in more than case and punctuation.";
    Editorial ENUM_VARIANT_CLASH:
        "A number is appended to the name of the second variant, such as `Asc2`.",
        "Use values that differ in more than case and punctuation, or a string with a `pattern`.";
}
