//! The time that the engine takes in an edit-check loop, for contracts of growing size.
//!
//! Run with `cargo bench -p openapi-contract`. Time and memory (`max alloc`) per operation should
//! be the same for 10 and for 10,000 operations. The largest of these contracts has 10 MB.

use divan::{AllocProfiler, Bencher};
use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::Contract;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const OPERATIONS: [usize; 4] = [10, 100, 1_000, 10_000];

fn main() {
    divan::main();
}

/// A contract whose operations each have their own schema and share one for errors.
fn text(operations: usize, maximum: u32) -> String {
    let mut text = String::from("openapi: 3.0.3\ninfo: {title: Large, version: 1.0.0}\npaths:\n");
    for index in 0..operations {
        text += &format!(
            "  /things{index}/{{id}}:
    get:
      operationId: get_thing{index}
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string, format: uuid}}}}
        - {{name: limit, in: query, schema: {{type: integer, minimum: 1, maximum: {maximum}, default: 20}}}}
      responses:
        '200':
          description: The thing.
          content:
            application/json: {{schema: {{$ref: '#/components/schemas/Thing{index}'}}}}
        '404':
          description: There is none.
          content:
            application/json: {{schema: {{$ref: '#/components/schemas/Error'}}}}
"
        );
    }
    text += "components:\n  schemas:\n    Error:\n      type: object\n      required: [message]\n      properties:\n        message: {type: string}\n";
    for index in 0..operations {
        text += &format!(
            "    Thing{index}:
      type: object
      required: [id, name, parts]
      properties:
        id: {{type: string, format: uuid}}
        name: {{type: string, minLength: 1, maxLength: 80}}
        state: {{type: string, nullable: true, enum: [new, used, null]}}
        parts: {{type: array, items: {{$ref: '#/components/schemas/Thing{index}'}}}}
"
        );
    }
    text
}

fn contract(operations: usize, maximum: u32) -> Contract {
    let document = Document::parse("large.yaml", text(operations, maximum)).expect("it parses");
    Contract::read(document).expect("it is a contract")
}

#[divan::bench(args = OPERATIONS)]
fn load(bencher: Bencher<'_, '_>, operations: usize) {
    let text = text(operations, 100);
    bencher.bench(|| Document::parse("large.yaml", text.as_str()));
}

#[divan::bench(args = OPERATIONS)]
fn canonical_form(bencher: Bencher<'_, '_>, operations: usize) {
    let text = text(operations, 100);
    bencher
        .with_inputs(|| Document::parse("large.yaml", text.as_str()).expect("it parses"))
        .bench_values(Contract::read);
}

#[divan::bench(args = OPERATIONS)]
fn lint_contract(bencher: Bencher<'_, '_>, operations: usize) {
    let contract = contract(operations, 100);
    bencher.bench(|| lint(&contract, &[]));
}

/// Two versions, from text to findings, as in `xtask diff`. They differ once.
#[divan::bench(args = OPERATIONS)]
fn diff(bencher: Bencher<'_, '_>, operations: usize) {
    let old = text(operations, 100);
    let new = old.replacen("maxLength: 80", "maxLength: 79", 1);
    let read = |text: &str| {
        let document = Document::parse("large.yaml", text).expect("it parses");
        Contract::read(document).expect("it is a contract")
    };
    bencher.bench(|| {
        let (old, new) = std::thread::scope(|scope| {
            let old = scope.spawn(|| read(&old));
            let new = read(&new);
            (old.join().expect("it is read"), new)
        });
        assert_eq!(compare(&old, &new, Relation::Evolution).len(), 1);
    });
}

#[divan::bench(args = OPERATIONS)]
fn compare_equal(bencher: Bencher<'_, '_>, operations: usize) {
    let (old, new) = (contract(operations, 100), contract(operations, 100));
    bencher.bench(|| compare(&old, &new, Relation::Evolution));
}

/// Every operation breaks, so every operation needs a witness.
#[divan::bench(args = OPERATIONS, sample_count = 10)]
fn compare_broken(bencher: Bencher<'_, '_>, operations: usize) {
    let (old, new) = (contract(operations, 100), contract(operations, 50));
    bencher.bench(|| compare(&old, &new, Relation::Evolution));
}
