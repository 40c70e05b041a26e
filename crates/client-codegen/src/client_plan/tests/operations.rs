//! The rules of operations as a whole.

use openapi_contract::Fidelity;

use super::super::{ClientPlan, PageStep, PaginationStyle, PathPart, SchemeKind};
use super::{contract, facts, losses, only, plan, read, source};
use crate::error::GenerateError;

#[test]
fn operations_have_unique_ids_in_the_order_of_the_contract() {
    let plan = plan(
        "  /z/{a}:
    post: { responses: {} }
    get: { operationId: list, responses: {} }
  /b:
    get: { operationId: List, responses: {} }
  /:
    get: { operationId: new, responses: {} }
    put: { operationId: '--', responses: {} }
  /z/a:
    post: { responses: {} }",
    );
    let ids: Vec<&str> = plan.operations.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "post_z_a",
            "list",
            "List_get",
            "new_get",
            "put_root",
            "post_z_a_2"
        ]
    );
    let facts = facts(&plan, Fidelity::Exact);
    for fact in [
        "the operation has no `operationId`; the client uses `post_z_a`",
        "the Rust name of `List` is taken; the client uses `List_get`",
        "the Rust name of `new` is taken; the client uses `new_get`",
    ] {
        assert!(facts.contains(&fact), "{facts:?}");
    }
    let methods: Vec<String> = plan
        .operations
        .iter()
        .map(|one| one.client_method())
        .collect();
    assert_eq!(methods[2], "list_get");
    assert_eq!(plan.operations[2].builder(), "ListGet");
}

#[test]
fn operations_are_described() {
    let plan = plan(
        "  /:
    get:
      operationId: get
      summary: Gets.
      description: More.
      deprecated: true
      tags: [z, a]
      responses: {}",
    );
    let operation = only(&plan);
    assert_eq!(operation.summary.as_deref(), Some("Gets."));
    assert_eq!(operation.description.as_deref(), Some("More."));
    assert_eq!(operation.tag.as_deref(), Some("z"));
    assert!(operation.deprecated);
    assert_eq!(operation.http_method, "get");
}

#[test]
fn unusual_paths_are_kept() {
    let plan = plan(
        "  /a//b/{c}{d}?e={f}:
    get:
      operationId: one
      parameters:
        - { name: c, in: path, required: true, schema: { type: string } }
        - { name: d, in: path, required: true, schema: { type: string } }
        - { name: f, in: path, required: true, schema: { type: string } }
      responses: {}
  x:
    get: { operationId: two, responses: {} }",
    );
    use PathPart::{Literal, Parameter};
    assert_eq!(
        plan.operations[0].path_parts(),
        [
            Literal("/a//b/"),
            Parameter("c"),
            Parameter("d"),
            Literal("?e="),
            Parameter("f")
        ]
    );
    assert_eq!(plan.operations[1].path, "/x");
    assert_eq!(losses(&plan), ["the path `x` does not start with a slash"]);
}

#[test]
fn path_items_can_be_shared() {
    let yaml = "openapi: 3.1.0
info: { title: T, version: 1.0.0 }
servers: [{ url: 'https://a.example/base' }]
paths:
  /a: { $ref: '#/components/pathItems/Shared' }
  /b: { $ref: '#/components/pathItems/Shared' }
components:
  pathItems:
    Shared: { get: { operationId: get, responses: {} } }";
    let plan = ClientPlan::read(&read(yaml)).unwrap();
    let found: Vec<(&str, &str)> = plan
        .operations
        .iter()
        .map(|one| (one.path.as_str(), one.id.as_str()))
        .collect();
    assert_eq!(found, [("/a", "get"), ("/b", "get_get")]);
}

#[test]
fn requests_of_the_server_are_not_in_the_client() {
    let yaml = "openapi: 3.1.0
info: { title: T, version: 1.0.0 }
paths:
  /:
    post:
      operationId: call
      callbacks: { done: { '{$request.body#/url}': { post: { operationId: done, responses: {} } } } }
      responses: {}
webhooks:
  hook: { post: { operationId: hook, responses: {} } }";
    let plan = ClientPlan::read(&read(yaml)).unwrap();
    assert_eq!(only(&plan).id, "call");
    assert_eq!(
        facts(&plan, Fidelity::Exact),
        [
            "callbacks are requests of the server; the client does not contain them",
            "webhooks are requests of the server; the client does not contain them"
        ]
    );
}

#[test]
fn servers_are_read() {
    let yaml = "openapi: 3.0.3
info: { title: T, version: 1.0.0 }
servers:
  - { url: 'https://{region}.example', description: Main., variables: { region: { default: eu, enum: [eu, us] } } }
paths:
  /a:
    servers: [{ url: 'https://files.example/v1' }]
    get: { operationId: a, responses: {} }
  /b:
    servers: [{ url: 'https://{region}.example' }]
    get: { operationId: b, responses: {} }";
    let plan = ClientPlan::read(&read(yaml)).unwrap();
    let [server] = plan.servers.as_slice() else {
        panic!("{:?}", plan.servers);
    };
    assert_eq!(
        (server.url.as_str(), server.description.as_str()),
        ("https://{region}.example", "Main.")
    );
    let variable = &server.variables[0];
    assert_eq!(
        (variable.name.as_str(), variable.default.as_str()),
        ("region", "eu")
    );
    assert_eq!(variable.values, ["eu", "us"]);
    assert_eq!(plan.operations[0].path, "/a");
    assert_eq!(
        losses(&plan),
        ["the server of the operation is `https://files.example/v1`; the client ignores it"]
    );
}

#[test]
fn security_alternatives_keep_the_order_of_the_contract() {
    let yaml = |security: &str| {
        format!(
            "openapi: 3.0.3
info: {{ title: T, version: 1.0.0 }}
{security}
paths:
  /a:
    get: {{ operationId: a, security: [{{ user: [], key: [] }}, {{ lost: [] }}, {{}}], responses: {{}} }}
  /b:
    get: {{ operationId: b, responses: {{}} }}
components:
  securitySchemes:
    user: {{ type: http, scheme: Basic, description: ' A user. ' }}
    key: {{ type: apiKey, in: query, name: k }}
    token: {{ type: oauth2, flows: {{ clientCredentials: {{ tokenUrl: /token, scopes: {{}} }} }} }}
"
        )
    };
    let plan = ClientPlan::read(&read(&yaml("security: [{ token: [] }]"))).unwrap();
    assert_eq!(
        plan.operations[0].security,
        [vec!["user", "key"], vec!["lost"], vec![]]
    );
    assert_eq!(plan.operations[1].security, [["token"]]);
    let schemes: Vec<(&str, &SchemeKind, bool)> = plan
        .security_schemes
        .iter()
        .map(|one| (one.name.as_str(), &one.kind, one.is_declared))
        .collect();
    assert_eq!(
        schemes,
        [
            ("user", &SchemeKind::Basic, true),
            ("key", &SchemeKind::Query("k".to_owned()), true),
            ("token", &SchemeKind::Token("Bearer".to_owned()), true),
            ("lost", &SchemeKind::Outside, false),
        ]
    );
    assert_eq!(plan.security_schemes[0].doc, "A user.");
    let url = &plan.security_schemes[2].client_credentials_url;
    assert_eq!(url.as_deref(), Some("/token"));
    let plan = ClientPlan::read(&read(&yaml(""))).unwrap();
    assert_eq!(plan.operations[1].security.len(), 0);
}

#[test]
fn schemes_without_requirements_are_offered() {
    let yaml = "openapi: 3.0.3
info: { title: T, version: 1.0.0 }
paths: { /: { get: { operationId: get, responses: {} } } }
components:
  securitySchemes: { b: { type: http, scheme: bearer }, a: { type: http, scheme: basic } }";
    let plan = ClientPlan::read(&read(yaml)).unwrap();
    assert_eq!(only(&plan).security, [vec!["b"], vec!["a"], vec![]]);
}

fn paged(pagination: &str, response: &str) -> String {
    format!(
        "  /:
    get:
      operationId: get
      x-pagination: {pagination}
      parameters:
        - {{ name: size, in: query, schema: {{ type: integer, default: 20 }} }}
        - {{ name: at, in: query, schema: {{ type: integer, default: 5 }} }}
        - {{ name: cursor, in: query, schema: {{ type: string }} }}
      responses: {{ '200': {{ description: ''{response} }} }}"
    )
}

const JSON: &str =
    ", content: { application/json: { schema: { $ref: '#/components/schemas/A' } } }";

#[test]
fn pagination_is_typed() {
    for (pagination, style, items) in [
        (
            "{ style: offset, items: /a, parameter: at, limit: size, total: /t }",
            PaginationStyle::Counted {
                step: PageStep::Items,
                parameter: 1,
                first: 5,
                limit: Some((0, Some(20))),
                size: None,
                total: Some("/t".to_owned()),
                more: None,
            },
            "/a",
        ),
        (
            "{ style: page, items: '', parameter: cursor, first: 3, pages: /p, more: /m }",
            PaginationStyle::Counted {
                step: PageStep::Page,
                parameter: 2,
                first: 3,
                limit: None,
                size: None,
                total: Some("/p".to_owned()),
                more: Some("/m".to_owned()),
            },
            "",
        ),
        (
            "{ style: cursor, items: /a, parameter: cursor, next: /n }",
            PaginationStyle::Cursor {
                parameter: 2,
                next: "/n".to_owned(),
                more: None,
            },
            "/a",
        ),
        ("{ style: link, items: '' }", PaginationStyle::Link, ""),
    ] {
        let plan = plan(&paged(pagination, JSON));
        let found = only(&plan).pagination.as_ref().unwrap();
        assert_eq!((&found.style, found.items.as_str()), (&style, items));
    }
}

#[test]
fn invalid_pagination_is_an_error_at_its_location() {
    for (pagination, response, pointer, expected) in [
        (
            "{ style: pages, items: '' }",
            JSON,
            "/x-pagination/style",
            "expected one of",
        ),
        (
            "{ style: link, items: a }",
            JSON,
            "/x-pagination/items",
            "expected a JSON pointer",
        ),
        (
            "{ style: link }",
            JSON,
            "/x-pagination/items",
            "requires the key",
        ),
        (
            "{ style: link, items: '', next: /n }",
            JSON,
            "/x-pagination/next",
            "unknown key",
        ),
        (
            "{ style: cursor, items: '', next: /n, parameter: no }",
            JSON,
            "/x-pagination/parameter",
            "its query parameters: `size`, `at`, `cursor`",
        ),
        (
            "{ style: link, items: '' }",
            "",
            "/x-pagination",
            "no success response with a JSON body",
        ),
    ] {
        let error = ClientPlan::read(&contract(&paged(pagination, response))).unwrap_err();
        let GenerateError::Malformed {
            pointer: found,
            location,
            message,
        } = error
        else {
            panic!("{error}");
        };
        assert_eq!(found.as_str(), format!("/paths/~1/get{pointer}"));
        assert!(location.is_some());
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn pagination_of_others_is_ignored() {
    let plan = plan(&paged("{ limitParam: size }", JSON));
    assert_eq!(only(&plan).pagination, None);
    assert_eq!(
        facts(&plan, Fidelity::Exact),
        ["`x-pagination` does not have the form of this generator; it is ignored"]
    );
}

#[test]
fn pages_of_dropshot_are_streamed() {
    let yaml = |token: &str, page: &str| {
        format!(
            "  /:
    get:
      operationId: get
      x-dropshot-pagination: {{ required: [] }}
      parameters:
        - {{ name: limit, in: query, schema: {{ type: integer }} }}
        - {{ name: {token}, in: query, schema: {{ type: string }} }}
        - {{ name: stream, in: header, schema: {{ type: string }} }}
      responses:
        '200': {{ description: '', content: {{ application/json: {{ schema: {{ title: Page, type: object, required: [items], properties: {page} }} }} }} }}"
        )
    };
    let page = "{ items: { type: array, items: { $ref: '#/components/schemas/A' } }, next_page: { type: [string, 'null'] } }";
    let first = plan(&yaml("page_token", page));
    let item = only(&first).dropshot_items.as_ref();
    assert_eq!(item.map(|ty| source(&first, ty)).as_deref(), Some("A"));
    assert_eq!(only(&first).parameters[2].setter, "stream_header");
    for (token, page) in [
        ("token", page),
        ("page_token", "{ items: { type: array, items: {} } }"),
    ] {
        assert_eq!(only(&plan(&yaml(token, page))).dropshot_items, None);
    }
}

#[test]
fn invalid_parts_are_reported() {
    let plan = plan(
        "  /:
    get:
      operationId: get
      parameters: [{ name: p, in: body }, { $ref: '#/components/parameters/Lost' }]
      responses: { 'ok': { description: '' } }",
    );
    let found: Vec<(&str, &str)> = plan
        .findings
        .iter()
        .map(|finding| (finding.rule.id, finding.fact.as_str()))
        .collect();
    assert_eq!(found.len(), 3, "{found:?}");
    let rules: Vec<&str> = found.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules, ["malformed", "references", "malformed"]);
    assert_eq!(losses(&plan).len(), 3);
    assert_eq!(only(&plan).parameters.len(), 0);
}
