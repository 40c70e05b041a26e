//! Parameters that progenitor would confuse or not send.
//!
//! progenitor identifies the parameters of an operation by name, and derives their setters from it, so
//! parameters with the same Rust name are renamed. The path parameters are made to match the path
//! template, cookies become a header, and null is not a value of a parameter.

use std::collections::{HashMap, HashSet};

use openapi_contract::model::{is_framing_header, is_header_name, is_ignored_header};
use openapi_contract::rust_names;
use serde_json::Value;

use super::draft_markers::empty_with_origin;
use super::overrides::OperationOverrides;
use super::rewrite_log::RewriteLog;
use super::unused_names::first_unused;
use super::walk::{self, Object};
use super::{Change, Draft, NameMangler, PassKind, nullable};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::PARAMETERS);
const WEAKENED: PassKind = PassKind::weakened(rules::PARAMETERS);
const OMITTED: PassKind = PassKind::omitted(rules::PARAMETERS);

/// Names of a builder besides its setters, and of local variables in `send`.
const RESERVED_NAMES: [&str; 3] = ["new", "send", "send_streaming"];

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft {
        value,
        log,
        mangler,
        overrides,
    } = draft;
    let nullable: HashMap<String, Value> = walk::components(value)
        .filter(|(_, schema)| {
            schema
                .as_object()
                .is_some_and(|one| walk::is_true(one, "nullable"))
        })
        .map(|(name, schema)| (name.to_owned(), schema.clone()))
        .collect();
    let mut omitted = Vec::new();
    let has_schemes = value
        .pointer("/components/securitySchemes")
        .is_some_and(|schemes| walk::entries(Some(schemes)).next().is_some());
    walk::operations(value, &mut |route, operation| {
        let id = walk::operation_id(operation);
        let has_body = operation.contains_key("requestBody");
        let Some(mut parameters) = take(operation) else {
            return;
        };
        ignored(&id, &mut parameters, has_schemes, log);
        in_path(&route.path, &id, operation, &mut parameters, log);
        for parameter in &mut parameters {
            plain(parameter, &nullable, &id, log);
        }
        let cookies = cookies(&id, &mut parameters, log);
        if !cookies.is_empty() {
            let operation_overrides: &mut OperationOverrides =
                overrides.entry(id.clone()).or_default();
            operation_overrides.cookies = cookies;
        }
        if !rename_collisions(&id, has_body, &mut parameters, mangler, log) {
            let message = Change::new(
                "a path parameter has the same Rust name as another parameter or a reserved name; the operation is omitted",
                "The client lacks the operation.",
                format!(
                    "Rename the path parameter; {} are reserved.",
                    RESERVED_NAMES.map(|name| format!("`{name}`")).join(", ")
                ),
            );
            log.record_object(OMITTED, operation, None, Some(&id), message);
            omitted.push(route.clone());
        }
        if !parameters.is_empty() {
            let parameters = parameters.into_iter().map(Value::Object).collect();
            operation.insert("parameters".to_owned(), Value::Array(parameters));
        }
    });
    for route in omitted {
        walk::remove(value, &route);
    }
}

fn take(operation: &mut Object) -> Option<Vec<Object>> {
    let parameters = operation
        .shift_remove("parameters")
        .unwrap_or(Value::Array(Vec::new()));
    let Value::Array(parameters) = parameters else {
        return None;
    };
    let objects = parameters
        .into_iter()
        .filter_map(|parameter| match parameter {
            Value::Object(parameter) => Some(parameter),
            _ => None,
        });
    Some(objects.collect())
}

/// Removes headers that OpenAPI or HTTP determine, and those with an invalid name.
fn ignored(id: &str, parameters: &mut Vec<Object>, has_schemes: bool, log: &mut RewriteLog<'_>) {
    parameters.retain(|parameter| {
        let name = walk::string(parameter, "name").unwrap_or_default();
        let is_header = walk::string(parameter, "in") == Some("header");
        if is_header && !has_schemes && name.eq_ignore_ascii_case("Authorization") {
            let message = format!(
                "the contract has no security scheme; the parameter `{name}` is sent as declared"
            );
            log.record_object(EXACT, parameter, None, Some(id), message);
            return true;
        }
        let message = match walk::string(parameter, "in") {
            Some("header") if is_ignored_header(name) => Change::new(
                format!("OpenAPI does not allow the header `{name}` as a parameter; it is ignored"),
                "The client derives it from the media types and credentials.",
                format!(
                    "Remove the parameter `{name}`, and declare media types or a security scheme."
                ),
            ),
            Some("header") if is_framing_header(name) => Change::new(
                format!("HTTP determines the header `{name}`; the parameter is ignored"),
                "The caller cannot set the header.",
                format!("Remove the parameter `{name}`."),
            ),
            Some("header") if !is_header_name(name) => Change::new(
                format!("`{name}` is not a valid header name; the parameter is ignored"),
                "The client does not send the header.",
                "Use a header name of letters, digits and `-`.",
            ),
            _ => return true,
        };
        log.record_object(WEAKENED, parameter, None, Some(id), message);
        false
    });
}

/// Makes the path parameters match the path template.
fn in_path(
    path: &str,
    id: &str,
    operation: &Object,
    parameters: &mut Vec<Object>,
    log: &mut RewriteLog<'_>,
) {
    let names: Vec<&str> = path
        .split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect();
    parameters.retain(|parameter| {
        let name = walk::string(parameter, "name").unwrap_or_default();
        let is_sent = walk::string(parameter, "in") != Some("path") || names.contains(&name);
        if !is_sent {
            let message =
                format!("the path does not contain `{{{name}}}`; the parameter is removed");
            log.record_object(EXACT, parameter, None, Some(id), message);
        }
        is_sent
    });
    for parameter in parameters.iter_mut() {
        if walk::string(parameter, "in") == Some("path") && !walk::is_true(parameter, "required") {
            let message = "a path parameter is always required";
            log.record_object(EXACT, parameter, Some("required"), Some(id), message);
            parameter.insert("required".to_owned(), Value::Bool(true));
        }
    }
    for name in names {
        let is_it = |parameter: &Object| {
            walk::string(parameter, "in") == Some("path")
                && walk::string(parameter, "name") == Some(name)
        };
        if parameters.iter().any(is_it) {
            continue;
        }
        let message = Change::new(
            format!("the path contains `{{{name}}}`, which is not declared; it is any string"),
            "The client does not check the value.",
            format!("Declare a parameter `{name}` with `in: path`."),
        );
        log.record_object(WEAKENED, operation, None, Some(id), message);
        let mut schema = empty_with_origin(operation);
        schema.insert("type".to_owned(), Value::from("string"));
        let mut parameter = empty_with_origin(operation);
        parameter.insert("name".to_owned(), Value::from(name));
        parameter.insert("in".to_owned(), Value::from("path"));
        parameter.insert("required".to_owned(), Value::Bool(true));
        parameter.insert("schema".to_owned(), Value::Object(schema));
        parameters.push(parameter);
    }
}

/// Removes null from a parameter: a parameter that is sent has a value.
fn plain(
    parameter: &mut Object,
    nullable: &HashMap<String, Value>,
    id: &str,
    log: &mut RewriteLog<'_>,
) {
    // In the query, progenitor omits null.
    if walk::string(parameter, "in") == Some("query") {
        return;
    }
    let Some(schema) = walk::object_mut(parameter.get_mut("schema")) else {
        return;
    };
    let component = walk::referenced_component(schema).and_then(|name| nullable.get(name));
    if let Some(Value::Object(component)) = component {
        // Enums and unions keep their component: another pass removes null from it.
        if nullable::is_choice(component) {
            return;
        }
        *schema = component.clone();
    }
    if schema
        .shift_remove("nullable")
        .is_some_and(|value| value == Value::Bool(true))
    {
        if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
            values.retain(|value| !value.is_null());
        }
        let message = "the parameter is nullable; null cannot be sent, and is removed";
        log.record_object(EXACT, parameter, Some("schema"), Some(id), message);
    }
}

/// Converts cookies to headers, and returns their names.
fn cookies(id: &str, parameters: &mut [Object], log: &mut RewriteLog<'_>) -> Vec<String> {
    let mut cookies = Vec::new();
    for parameter in parameters {
        if walk::string(parameter, "in") != Some("cookie") {
            continue;
        }
        let name = walk::string(parameter, "name")
            .unwrap_or_default()
            .to_owned();
        let message = format!("the cookie `{name}` is sent in the header `Cookie`");
        log.record_object(EXACT, parameter, None, Some(id), message);
        parameter.insert("in".to_owned(), Value::from("header"));
        cookies.push(name);
    }
    cookies
}

/// Renames parameters with the same Rust name. Returns whether that was possible.
fn rename_collisions(
    id: &str,
    has_body: bool,
    parameters: &mut [Object],
    mangler: &mut NameMangler,
    log: &mut RewriteLog<'_>,
) -> bool {
    // Path parameters keep their names, so they come first.
    let mut order: Vec<usize> = (0..parameters.len()).collect();
    let is_in_path = |parameter: &Object| walk::string(parameter, "in") == Some("path");
    order.sort_by_key(|&index| !is_in_path(&parameters[index]));
    let mut taken: HashSet<String> = RESERVED_NAMES.map(str::to_owned).into();
    if has_body {
        taken.extend(["body".to_owned(), "body_map".to_owned()]);
    }
    for index in order {
        let parameter = &mut parameters[index];
        let name = walk::string(parameter, "name")
            .unwrap_or_default()
            .to_owned();
        if taken.insert(rust_names::setter_name(&name)) {
            continue;
        }
        let location = walk::string(parameter, "in").unwrap_or_default();
        if location == "path" {
            return false;
        }
        let setter = rust_names::setter_name(&name);
        let base = format!("{}_{location}", setter.trim_matches('_'));
        let renamed = first_unused(&base, |name| taken.insert(name.to_owned()));
        let message = format!(
            "another parameter has the same Rust name as `{name}`; its setter is `{renamed}`"
        );
        log.record_object(EXACT, parameter, Some("name"), Some(id), message);
        let renamed = mangler.mangle(&name, &renamed);
        parameter.insert("name".to_owned(), Value::from(renamed));
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{Outcome, contract, lowered};
    use openapi_contract::Fidelity;

    fn sends(path: &str, parameters: Value) -> Outcome {
        lowered(&contract(
            json!({ path: { "post": {
                "operationId": "send_it",
                "parameters": parameters,
                "requestBody": { "required": true, "content": { "application/json": {
                    "schema": { "type": "string" } } } },
                "responses": { "204": { "description": "" } },
            } } }),
            json!({}),
        ))
    }

    #[test]
    fn colliding_names_are_renamed() {
        let text = json!({ "type": "string" });
        let outcome = sends(
            "/a/{id}",
            json!([
                { "name": "id", "in": "query", "schema": text },
                { "name": "id", "in": "path", "required": true, "schema": text },
                { "name": "body", "in": "header", "schema": text },
                { "name": "send", "in": "query", "schema": text },
            ]),
        );
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        for call in [
            ".query(\"id\",runtime::Style::FormExploded,self.id_query)",
            ".query(\"send\",runtime::Style::FormExploded,self.send_query)",
            ".header(\"body\",runtime::Style::Simple,self.body_header)",
            ".path_parameter(\"id\",runtime::Style::Simple,self.id)",
        ] {
            assert!(code.contains(call), "{call}: {code}");
        }
    }

    #[test]
    fn query_in_a_path_keeps_its_values() {
        let parameter =
            |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": {} });
        let outcome = sends("/a/{b}?c={c}", json!([parameter("b"), parameter("c")]));
        let expected = ".path_parameter(\"b\",runtime::Style::Simple,self.b)\
            .path(\"?c=\").path_parameter(\"c\",runtime::Style::Simple,self.c)";
        assert!(outcome.code.contains(expected), "{}", outcome.code);
    }

    #[test]
    fn path_parameters_match_the_template() {
        let text = json!({ "type": "string" });
        let outcome = sends(
            "/a/{id}",
            json!([{ "name": "gone", "in": "path", "required": true, "schema": text }]),
        );
        assert!(outcome.has_rewrite(Fidelity::Weakened, "`{id}`, which is not declared"));
        assert!(outcome.has_rewrite(Fidelity::Exact, "does not contain `{gone}`"));
    }

    #[test]
    fn times_in_paths_and_headers_have_the_format_of_rfc_3339() {
        let time = json!({ "type": "string", "format": "date-time" });
        let outcome = sends(
            "/a/{at}",
            json!([
                { "name": "at", "in": "path", "required": true, "schema": time },
                { "name": "Since", "in": "header", "required": true, "schema": time },
                { "name": "Until", "in": "header", "schema": time },
                { "name": "Name", "in": "header", "schema": { "type": "string" } },
            ]),
        );
        let code = outcome.code;
        for part in [
            ".path_parameter(\"at\",runtime::Style::Simple,self.at)",
            ".header(\"Since\",runtime::Style::Simple,self.since)",
            ".header(\"Until\",runtime::Style::Simple,self.until)",
            ".header(\"Name\",runtime::Style::Simple,self.name)",
        ] {
            assert!(code.contains(part), "{part}: {code}");
        }
    }

    #[test]
    fn headers_of_the_protocol_are_not_parameters() {
        let text = json!({ "type": "string" });
        let outcome = sends(
            "/a",
            json!([
                { "name": "content-type", "in": "header", "required": true, "schema": text },
                { "name": "Authorization", "in": "header", "schema": text },
                { "name": "Accept-Language", "in": "header", "schema": text },
                { "name": "Content-Length", "in": "header", "schema": { "type": "integer" } },
            ]),
        );
        assert!(outcome.has_rewrite(
            Fidelity::Weakened,
            "HTTP determines the header `Content-Length`"
        ));
        assert!(outcome.has_rewrite(
            Fidelity::Weakened,
            "does not allow the header `content-type`"
        ));
        assert!(outcome.has_rewrite(
            Fidelity::Exact,
            "the parameter `Authorization` is sent as declared"
        ));
        let code = outcome.code;
        assert!(code.contains(".header(\"Accept-Language\""), "{code}");
        // Without a security scheme, the parameter is the only credential.
        assert!(code.contains(".header(\"Authorization\""), "{code}");
        assert_eq!(code.count(".header(\""), 2, "{code}");
    }

    #[test]
    fn header_with_an_invalid_name_is_not_sent() {
        let text = json!({ "type": "string" });
        let outcome = sends(
            "/a",
            json!([
                { "name": "", "in": "header", "schema": text },
                { "name": "X Tag", "in": "header", "schema": text },
                { "name": "X-Kind", "in": "header", "schema": text },
            ]),
        );
        assert!(outcome.has_rewrite(Fidelity::Weakened, "`` is not a valid header name"));
        assert!(outcome.has_rewrite(Fidelity::Weakened, "`X Tag` is not a valid header name"));
        let code = outcome.code;
        assert!(code.contains(".header(\"X-Kind\""), "{code}");
        assert_eq!(code.count(".header(\""), 1, "{code}");
    }

    #[test]
    fn cookie_becomes_a_header() {
        let outcome = sends(
            "/a",
            json!([{ "name": "session", "in": "cookie", "schema": { "type": "string" } }]),
        );
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(
            outcome
                .code
                .contains(".cookie(\"session\",runtime::Style::FormExploded,self.session)"),
            "{}",
            outcome.code
        );
    }

    #[test]
    fn methods_without_a_reqwest_function_are_sent() {
        let outcome = lowered(&contract(
            json!({ "/a": { "options": { "operationId": "ask", "responses": { "204": { "description": "" } } } } }),
            json!({}),
        ));
        assert!(
            outcome.code_has("Request::new(reqwest::Method::OPTIONS,&self.client.baseurl)"),
            "{}",
            outcome.code
        );
    }
}
