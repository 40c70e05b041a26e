//! The rules of parameters.

use openapi_contract::Fidelity;

use super::super::Style;
use super::{facts, losses, only, plan, source};

/// An operation with a parameter.
fn with_parameter(path: &str, parameter: &str) -> String {
    format!(
        "  {path}:
    get:
      operationId: get
      parameters:
        - {parameter}
      responses: {{ '204': {{ description: '' }} }}"
    )
}

#[test]
fn parameters_are_sent_in_their_styles() {
    let list = "schema: { type: array, items: { type: integer } }";
    let deep = "schema: { type: array, items: { type: array, items: { type: string } } }";
    let object = "schema: { $ref: '#/components/schemas/A' }";
    let any_string = "it is any string";
    for (place, rest, style, ty, lost) in [
        (
            "query",
            "schema: { type: integer }",
            Style::FormExploded,
            "i64",
            "",
        ),
        // A scalar is the same in most styles.
        (
            "query",
            "explode: false, schema: { type: integer }",
            Style::FormExploded,
            "i64",
            "",
        ),
        (
            "query",
            "style: deepObject, schema: { type: integer }",
            Style::FormExploded,
            "i64",
            "",
        ),
        (
            "path",
            "style: label, schema: { type: integer }",
            Style::Label,
            "i64",
            "",
        ),
        (
            "path",
            "style: matrix, explode: true, schema: { type: integer }",
            Style::MatrixExploded,
            "i64",
            "",
        ),
        ("query", list, Style::FormExploded, "Vec<i64>", ""),
        (
            "query",
            &format!("explode: false, {list}"),
            Style::Form,
            "Vec<i64>",
            "",
        ),
        (
            "query",
            &format!("style: pipeDelimited, {list}"),
            Style::PipeDelimited,
            "Vec<i64>",
            "",
        ),
        (
            "query",
            &format!("style: spaceDelimited, {list}"),
            Style::SpaceDelimited,
            "Vec<i64>",
            "",
        ),
        (
            "query",
            &format!("style: pipeDelimited, explode: true, {list}"),
            Style::FormExploded,
            "Vec<i64>",
            "",
        ),
        ("header", list, Style::Simple, "Vec<i64>", ""),
        (
            "header",
            &format!("explode: true, {list}"),
            Style::SimpleExploded,
            "Vec<i64>",
            "",
        ),
        ("cookie", list, Style::FormExploded, "Vec<i64>", ""),
        ("query", object, Style::FormExploded, "A", ""),
        (
            "query",
            &format!("style: deepObject, {object}"),
            Style::DeepObject,
            "A",
            "",
        ),
        (
            "query",
            &format!("style: deepObject, {deep}"),
            Style::DeepObject,
            "Vec<Vec<String>>",
            "",
        ),
        (
            "query",
            "content: { application/json: { schema: { type: integer } } }",
            Style::Json,
            "i64",
            "",
        ),
        (
            "query",
            &format!("content: {{ application/json: {{ {deep} }} }}"),
            Style::Json,
            "Vec<Vec<String>>",
            "",
        ),
        (
            "query",
            "schema: {}",
            Style::FormExploded,
            "::serde_json::Value",
            "",
        ),
        // What no style serializes is a string.
        (
            "query",
            deep,
            Style::FormExploded,
            "String",
            "is an array of arrays or objects; it is any string",
        ),
        (
            "path",
            deep,
            Style::Simple,
            "String",
            "is an array of arrays or objects; it is any string",
        ),
        ("header", "schema: {}", Style::Simple, "String", any_string),
        (
            "query",
            "content: { application/xml: {} }",
            Style::FormExploded,
            "String",
            "has the media type `application/xml`",
        ),
        (
            "query",
            "description: Without a schema.",
            Style::FormExploded,
            "String",
            "has no schema",
        ),
        (
            "header",
            "style: form, schema: { $ref: '#/components/schemas/A' }",
            Style::Simple,
            "String",
            "which does not apply to it",
        ),
        // Styles that do not apply, or do not exist.
        (
            "query",
            &format!("style: simple, {list}"),
            Style::FormExploded,
            "Vec<i64>",
            "it is sent once per element",
        ),
        (
            "query",
            &format!("style: commas, {list}"),
            Style::FormExploded,
            "Vec<i64>",
            "`commas` is not a style",
        ),
        (
            "path",
            &format!("style: commas, {object}"),
            Style::Simple,
            "A",
            "`commas` is not a style",
        ),
        (
            "query",
            "style: commas, schema: { type: string }",
            Style::FormExploded,
            "String",
            "`commas` is not a style",
        ),
    ] {
        let required = place == "path";
        let parameter = format!("{{ name: p, in: {place}, required: {required}, {rest} }}");
        let path = if required { "/{p}" } else { "/" };
        let plan = plan(&with_parameter(path, &parameter));
        let [found] = only(&plan).parameters.as_slice() else {
            panic!("{parameter}");
        };
        assert_eq!(
            (found.style, source(&plan, &found.ty).as_str()),
            (style, ty),
            "{parameter}"
        );
        let losses = losses(&plan);
        match lost {
            "" => assert_eq!(losses, [""; 0], "{parameter}"),
            lost => assert!(
                losses.len() == 1 && losses[0].contains(lost),
                "{parameter}: {losses:?}"
            ),
        }
    }
}

#[test]
fn parameters_of_the_path_item_come_first() {
    let plan = plan(
        "  /{z}/{y}:
    parameters:
      - { name: y, in: path, required: true, schema: { type: string } }
      - { name: over, in: query, schema: { type: string } }
      - { name: c, in: query, schema: { type: string } }
    get:
      operationId: get
      parameters:
        - { name: z, in: path, required: true, schema: { type: string } }
        - { name: over, in: query, required: true, description: Mine., deprecated: true, schema: { type: integer } }
        - { name: a, in: header, schema: { type: string } }
      responses: {}",
    );
    let parameters = &only(&plan).parameters;
    let names: Vec<&str> = parameters.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["y", "c", "z", "over", "a"]);
    let over = &parameters[3];
    assert_eq!(
        (over.required, over.doc.as_str(), over.deprecated),
        (true, "Mine.", true)
    );
}

#[test]
fn each_parameter_has_a_setter_of_its_own() {
    let plan = plan(
        "  /{send}/{userId}:
    post:
      operationId: call
      parameters:
        - { name: user_id, in: query, schema: { type: string } }
        - { name: user-id, in: header, schema: { type: string } }
        - { name: User_Id, in: query, schema: { type: string } }
        - { name: send, in: path, required: true, schema: { type: string } }
        - { name: userId, in: path, required: true, schema: { type: string } }
        - { name: body_text, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json: { schema: { $ref: '#/components/schemas/A' } }
          text/plain: { schema: { type: string } }
      responses: {}",
    );
    let parameters = only(&plan).parameters.iter();
    let setters: Vec<(&str, &str)> = parameters
        .map(|one| (one.name.as_str(), one.setter.as_str()))
        .collect();
    assert_eq!(
        setters,
        [
            ("user_id", "user_id_query"),
            ("user-id", "user_id_header"),
            ("User_Id", "user_id_query_2"),
            ("send", "send_path"),
            ("userId", "user_id"),
            ("body_text", "body_text_query"),
            ("type", "type_"),
        ]
    );
    assert_eq!(facts(&plan, Fidelity::Exact).len(), 5);
    assert_eq!(losses(&plan), [""; 0]);
}

#[test]
fn path_parameters_match_the_path_template() {
    let plan = plan(
        "  /{a}/{b}/{a}:
    get:
      operationId: get
      parameters:
        - { name: a, in: path, schema: { type: integer } }
        - { name: c, in: path, required: true, schema: { type: integer } }
      responses: {}",
    );
    let parameters = only(&plan).parameters.iter();
    let found: Vec<(&str, bool, String)> = parameters
        .map(|one| (one.name.as_str(), one.required, source(&plan, &one.ty)))
        .collect();
    assert_eq!(
        found,
        [
            ("a", true, "i64".to_owned()),
            ("b", true, "String".to_owned())
        ]
    );
    assert_eq!(
        facts(&plan, Fidelity::Exact),
        [
            "a path parameter is always required",
            "the path does not contain `{c}`; the parameter is removed"
        ]
    );
    assert_eq!(
        losses(&plan),
        ["the path contains `{b}`, which is not declared; it is any string"]
    );
}

#[test]
fn headers_that_others_determine_are_no_parameters() {
    for (name, is_sent, lost) in [
        ("Accept", false, "OpenAPI does not allow the header"),
        ("content-type", false, "OpenAPI does not allow the header"),
        ("Host", false, "HTTP determines the header"),
        ("X Y", false, "is not a valid header name"),
        ("Authorization", true, ""),
        ("X-Y", true, ""),
    ] {
        let parameter = format!("{{ name: {name}, in: header, schema: {{ type: string }} }}");
        let plan = plan(&with_parameter("/", &parameter));
        assert_eq!(!only(&plan).parameters.is_empty(), is_sent, "{name}");
        let losses = losses(&plan);
        assert_eq!(losses.len(), usize::from(!is_sent), "{name}: {losses:?}");
        assert!(losses.iter().all(|fact| fact.contains(lost)), "{losses:?}");
    }
}

#[test]
fn authorization_is_a_credential_if_there_are_schemes() {
    let yaml = "openapi: 3.0.3
info: { title: T, version: 1.0.0 }
paths:
  /:
    get:
      parameters: [{ name: Authorization, in: header, schema: { type: string } }]
      responses: {}
components: { securitySchemes: { token: { type: http, scheme: bearer } } }";
    let plan = super::ClientPlan::read(&super::read(yaml)).unwrap();
    assert_eq!(only(&plan).parameters.len(), 0);
}

#[test]
fn null_is_not_a_value_of_a_parameter() {
    let parameter = "{ name: p, in: query, schema: { type: [array, 'null'], items: { type: [integer, 'null'] } } }";
    let plan = plan(&with_parameter("/", parameter));
    assert_eq!(source(&plan, &only(&plan).parameters[0].ty), "Vec<i64>");
    assert_eq!(
        facts(&plan, Fidelity::Exact),
        ["the parameter is nullable; null cannot be sent, and is removed"]
    );
}

#[test]
fn findings_of_shared_parameters_name_each_operation() {
    let plan = plan(
        "  /{p}:
    parameters: [{ name: p, in: path, required: true, content: { application/xml: {} } }]
    get: { operationId: get, responses: {} }
    put: { operationId: put, responses: {} }",
    );
    let [finding] = plan.findings.as_slice() else {
        panic!("{:?}", plan.findings);
    };
    let sites: Vec<&str> = finding
        .sites
        .iter()
        .map(|site| site.operation.as_str())
        .collect();
    assert_eq!(sites, ["GET /{p}", "PUT /{p}"]);
    let location = finding.old.as_ref().unwrap();
    assert_eq!(location.pointer, "/paths/~1{p}/parameters/0");
}
