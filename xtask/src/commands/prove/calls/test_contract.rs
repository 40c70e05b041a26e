//! A contract with operations that are hard to call.

use client_codegen::ClientOperation;
use openapi_contract::document::Document;
use openapi_contract::model::Contract;

const CONTRACT: &str = "
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      parameters:
        - {name: never, in: query, schema: false}
        - {name: unknown, in: query, required: true, schema: {type: string, pattern: '^(?=b)a$'}}
        - {name: plain, in: query, schema: {type: string}}
      requestBody: {required: true, content: {application/json: {schema: false}}}
      responses:
        '200': {description: One., content: {application/json: {schema: {type: string}}}}
        '201': {description: Another.}
";

pub(super) fn contract() -> Contract {
    let document = Document::parse("things.yaml", CONTRACT).expect("it is YAML");
    Contract::read(document).expect("it is a contract")
}

/// An operation of a client that takes nothing.
pub(super) fn client() -> ClientOperation {
    ClientOperation {
        id: "a".to_owned(),
        http_method: "GET".to_owned(),
        path: "/things".to_owned(),
        strings: Vec::new(),
        bodies: Vec::new(),
        has_stream_method: false,
    }
}
