//! Contracts with several files: all files are linted.

use std::io;

use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::Contract;

use crate::line;

const OTHER: &str = "Thing:
  type: object
  description: A thing.
  properties:
    state: {type: boolean, format: uuid, description: S.}
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
    let document = Document::load_with("api.yaml", &mut read).expect("both files exist");
    let contract = Contract::read(document).expect("the contract is valid");
    let found: Vec<String> = lint(&contract, &[])
        .iter()
        .map(|finding| {
            let location = finding
                .old
                .as_ref()
                .expect("every lint finding has a location");
            format!("{} {}", location.file, line(finding))
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn findings_are_located_in_their_file() {
    check(
        "",
        &[
            "things.yaml 5:28 editorial [format-unsupported] the format `uuid` does not apply to the type `boolean`",
        ],
    );
}

#[test]
fn setting_at_the_root_applies_to_all_files() {
    check("x-lint: {format-unsupported: Our tools use it.}\n", &[]);
}
