//! The findings in the tested reports: two versions of a contract, an invalid document, findings of a
//! generator, and contracts with text that could inject markup.

use openapi_contract::accepted::AcceptedChanges;
use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::{Document, Source};
use openapi_contract::model::Contract;
use openapi_contract::report::{Focus, Format, Report, TextStyle, render};
use openapi_contract::rules::Rule;
use openapi_contract::{Fidelity, Finding, Location};

/// Findings with the documents of their locations.
pub(crate) struct Example {
    pub(crate) title: &'static str,
    pub(crate) findings: Vec<Finding>,
    pub(crate) documents: Vec<Document>,
}

impl Example {
    pub(crate) fn render(&self, format: Format) -> String {
        self.render_in(format, TextStyle::default())
    }

    pub(crate) fn render_in(&self, format: Format, style: TextStyle) -> String {
        let sources: Vec<&Source> = self.documents.iter().map(Document::source).collect();
        let report = Report {
            title: self.title,
            findings: &self.findings,
            sources: &sources,
            focus: Focus::New,
        };
        render(format, &report, style)
    }
}

/// The old version of a contract.
pub(crate) const OLD: &str = "\
openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    get:
      operationId: list_orders
      summary: Lists the orders.
      parameters:
        - name: limit
          in: query
          schema:
            type: integer
            maximum: 100
            default: 20
        - name: code
          in: query
          schema: {type: string, pattern: '^[a-z]+$'}
      responses:
        '200':
          description: The orders.
          content:
            application/json:
              schema:
                type: array
                items: {$ref: '#/components/schemas/Order'}
  /orders/{id}:
    get:
      operationId: get_order
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The order.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Order'}
    delete:
      operationId: delete_order
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '204': {description: The order was deleted.}
components:
  schemas:
    Order:
      type: object
      required: [id, status]
      properties:
        id: {type: string}
        status:
          type: string
          enum: [open, paid]
        note: {type: string}
";

/// The edits to [`OLD`] for the new version.
const EDITS: &[(&str, &str)] = &[
    ("maximum: 100", "maximum: 50"),
    ("default: 20", "default: 10"),
    ("'^[a-z]+$'", "'^(?=[a-z])[a-z]+$'"),
    ("operationId: get_order", "operationId: read_order"),
    ("enum: [open, paid]", "enum: [open, paid, refunded]"),
    ("Lists the orders.", "Lists all orders."),
    (
        "    delete:\n      operationId: delete",
        "    put:\n      operationId: put",
    ),
];

/// The new version of [`OLD`].
pub(crate) fn edited() -> String {
    EDITS.iter().fold(OLD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in the contract");
        text.replace(from, to)
    })
}

/// Two versions of a contract, with findings of every level.
pub(crate) fn orders() -> Example {
    compared("Orders 1.0.0 → 2.0.0", OLD, &edited())
}

/// The versions of [`orders`], with some accepted changes.
pub(crate) fn accepted() -> Example {
    let mut example = orders();
    let entries =
        AcceptedChanges::parse("accepted-changes.toml", ACCEPTED).expect("the file is valid");
    assert_eq!(entries.mark(&mut example.findings, "2.0.0"), []);
    example
        .findings
        .sort_by_key(|finding| finding.accepted.is_some());
    example
}

const ACCEPTED: &str = "\
[[accepted]]
id = 'maximum-lowered #/paths/~1orders/get/parameters/query:limit/schema/maximum'
reason = 'Pages of more than 50 overload the <database>.'
until = '2.1.0'

[[accepted]]
id = 'default-changed #/paths/~1orders/get/parameters/query:limit/schema/default'
reason = 'The default follows the maximum.'
until = '2.1.0'
";

/// No findings.
pub(crate) fn no_difference() -> Example {
    compared("Orders 1.0.0 → 1.0.0", OLD, OLD)
}

/// A contract with an invalid part.
pub(crate) fn invalid_contract() -> Example {
    let text = OLD.replace(
        "#/components/schemas/Order'}\n  /",
        "#/components/schemas/Ordr'}\n  /",
    );
    let document = Document::parse("orders.yaml", text).expect("the YAML is valid");
    let contract = Contract::read(document).expect("the document is OpenAPI");
    Example {
        title: "orders.yaml",
        findings: contract.invalid_part_findings(),
        documents: vec![contract.document],
    }
}

// Rules that the engine does not know.
const SIMPLIFIED: Rule = Rule {
    id: "simplify-all-of",
    about: "Removes `allOf` members that are empty or repeated, and unwraps combinators of one schema.",
    page: "# simplify-all-of\n\nUnwraps combinators of one schema.\n\n## What to do\n\nNothing.\n",
};
const DEFAULTS: Rule = Rule {
    id: "defaults",
    about: "Drops a `default` that is not a valid value of its schema.",
    page: "# defaults\n\nDrops a `default` that is not a valid value of its schema.\n\n## What to do\n\nCorrect it.\n",
};
const UNSUPPORTED: Rule = Rule {
    id: "unsupported",
    about: "Removes what progenitor rejects after all other passes.",
    page: "# unsupported\n\nRemoves what progenitor rejects after all other passes.\n\n## What to do\n\nRewrite it.\n",
};

/// The edits to [`OLD`] that make a generator rewrite it.
const REWRITTEN: &[(&str, &str)] = &[
    ("default: 20\n", "default: 200\n"),
    (
        "items: {$ref: '#/components/schemas/Order'}",
        "items: {allOf: [{$ref: '#/components/schemas/Order'}]}",
    ),
];

/// Findings of a generator, with every fidelity: the texts are those of `client-codegen`.
pub(crate) fn rewrites() -> Example {
    let text = REWRITTEN.iter().fold(OLD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in the contract");
        text.replace(from, to)
    });
    let document = Document::parse("openapi/orders.yaml", text).expect("the YAML is valid");
    let finding = |rule, fidelity, pointer: &str, [fact, consequence, remedy]: [&str; 3]| {
        let node = document.at_pointer(pointer).expect("the value exists");
        Finding {
            consequence: consequence.to_owned(),
            remedy: remedy.to_owned(),
            new: Some(Location::new(&document, node, None)),
            ..Finding::rewrite(rule, fidelity, fact)
        }
    };
    let findings = vec![
        finding(
            SIMPLIFIED,
            Fidelity::Exact,
            "/paths/~1orders/get/responses/200/content/application~1json/schema/items/allOf",
            [
                "`allOf` of one schema is replaced by that schema",
                "The client behaves as the contract says.",
                "",
            ],
        ),
        finding(
            DEFAULTS,
            Fidelity::Weakened,
            "/paths/~1orders/get/parameters/0/schema/default",
            [
                "the default `200` is not a valid value of the schema; it is dropped",
                "The client does not fill in the default.",
                "Use a default that the schema allows, or remove it.",
            ],
        ),
        finding(
            UNSUPPORTED,
            Fidelity::Omitted,
            "/paths/~1orders~1{id}/delete",
            [
                "progenitor cannot generate the operation: not yet implemented",
                "The client lacks the operation.",
                "Rewrite the operation with other constructs, and report the case as a bug of the generator.",
            ],
        ),
    ];
    Example {
        title: "Rewrites",
        findings,
        documents: vec![document],
    }
}

/// Texts that are markup in one of the formats.
pub(crate) const MARKUP: &[&str] = &[
    "<script>alert(1)</script>",
    "</code></pre></details><img src=x onerror=alert(1)>",
    "\"' onmouseover='alert(1)'",
    "|a|b|",
    "`````",
    "](https://example.org/a) ![b](https://example.org/b.png)",
    "]]><failure>",
    "\n::error file=a.rs::taken over\n",
    "\r\n# heading\n\n- item",
    "\u{1b}[31mred\u{1b}[0m\u{9b}31m\u{7}",
    "\u{202e}abc\u{202c}\u{200f}\u{2066}\u{feff}",
    "@everyone #1 www.example.org",
    "&lt;b&gt; &#60;i&#62; %0A%25 {0}",
    "--> <!-- x",
    "\u{0}\u{fffe}\u{2028}\u{85}",
];

/// Two contracts with such texts in names, values and descriptions, and with a very long name.
pub(crate) fn markup() -> Example {
    let long = "long ".repeat(300);
    let texts: Vec<&str> = MARKUP.iter().copied().chain([&*long]).collect();
    let properties: Vec<String> = texts
        .iter()
        .map(|text| format!("{}: {{\"type\": \"string\"}}", json(text)))
        .collect();
    let values: Vec<String> = texts.iter().map(|text| json(text)).collect();
    let document = |required: &str, values: &str, path: &str| {
        format!(
            "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"x\", \"version\": \"1\"}},\n\
             \"paths\": {{{path}: {{\"post\": {{\"operationId\": \"post\",\n\
             \"requestBody\": {{\"required\": true, \"content\": {{\"application/json\": {{\"schema\":\n\
             {{\"type\": \"object\", \"required\": [{required}], \"properties\": {{\n\
             \"kind\": {{\"type\": \"string\", \"enum\": [\"a\", {values}]}},\n{}}}}}}}}}}},\n\
             \"responses\": {{\"204\": {{\"description\": {}}}}}}}}}}}}}\n",
            properties.join(",\n"),
            json(MARKUP[0]),
        )
    };
    let path = json(&format!("/{}", MARKUP[1]));
    let old = document("", &values.join(", "), &path);
    let new = document(&values.join(", "), "\"b\"", &path);
    compared_as(
        MARKUP[0],
        ["<b>old|`.json", "new::\u{202e}.json"],
        &old,
        &new,
    )
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(crate) fn compared(title: &'static str, old: &str, new: &str) -> Example {
    compared_as(
        title,
        ["released/orders.yaml", "openapi/orders.yaml"],
        old,
        new,
    )
}

fn compared_as(title: &'static str, names: [&str; 2], old: &str, new: &str) -> Example {
    let old = contract(names[0], old);
    let new = contract(names[1], new);
    Example {
        title,
        findings: compare(&old, &new, Relation::Evolution),
        documents: vec![old.document, new.document],
    }
}

fn contract(name: &str, text: &str) -> Contract {
    let document = Document::parse(name, text).expect("the YAML is valid");
    Contract::read(document).expect("the contract is valid")
}
