//! Contracts in several files: what stands in another file is linted like the rest.

use std::io;

use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::Contract;

use crate::line;

const OTHER: &str = "Thing:
  type: object
  description: A thing.
  properties:
    state: {type: string, enum: [on, ON], description: S.}
    code: {$ref: 'api.yaml#/components/schemas/Code'}
";

fn check(root: &str, expected: &[&str]) {
    let api = format!(
        "openapi: 3.0.3
info: {{title: Example, version: 1.0.0, description: D.}}
{root}paths:
  /a:
    get:
      operationId: a
      summary: A.
      responses:
        '200':
          description: D.
          content:
            application/json: {{schema: {{$ref: 'things.yaml#/Thing'}}}}
components:
  schemas:
    Code: {{type: string, description: Used in the other file.}}
"
    );
    let mut read = |name: &str| match name {
        "api.yaml" => Ok(api.clone().into_bytes()),
        "things.yaml" => Ok(OTHER.into()),
        _ => Err(io::ErrorKind::NotFound.into()),
    };
    let document = Document::load_with("api.yaml", &mut read).expect("both files are there");
    let contract = Contract::read(document).expect("it is a contract");
    let found: Vec<String> = lint(&contract)
        .iter()
        .map(|finding| {
            let place = finding.old.as_ref().expect("it has a place");
            format!("{} {}", place.file, line(finding))
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn findings_have_their_place_in_their_file() {
    check(
        "",
        &["things.yaml 5:27 editorial [enum-variant-clash] `on` and `ON` are both `On` in Rust"],
    );
}

#[test]
fn a_setting_at_the_root_holds_in_all_files() {
    check("x-lint: {enum-variant-clash: We map them by hand.}\n", &[]);
}
