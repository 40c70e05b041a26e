//! One difference at several locations, deprecations, and defaults.

use crate::{findings, found, taking};

#[test]
fn a_later_location_can_prove_the_break() {
    let of = |limit: u32| {
        format!(
            "  /a:\n    post:\n      operationId: a\n      requestBody: {{required: true, content: \
             {{application/json: {{schema: {{type: object, required: [never, count], properties: \
             {{never: false, count: {{$ref: '#/components/schemas/Count'}}}}}}}}}}}}\n      \
             responses: {{'200': {{description: Fine.}}}}\n  /b:\n    post:\n      operationId: \
             b\n      requestBody: {{required: true, content: {{application/json: {{schema: \
             {{$ref: '#/components/schemas/Count'}}}}}}}}\n      responses: {{'200': {{description: \
             Fine.}}}}\ncomponents: {{schemas: {{Count: {{type: integer, maximum: {limit}}}}}}}\n"
        )
    };
    let findings = findings(&of(10), &of(5));
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].sites.len(), 2);
    let witness = findings[0]
        .witness
        .as_ref()
        .expect("the second location proves it");
    assert_eq!(witness.operation, "POST /b");
}

#[test]
fn deprecations_are_reported() {
    let old = taking("{type: integer}");
    let parameter = old.replace("in: query", "in: query, deprecated: true");
    let value = taking("{type: integer, deprecated: true}");
    assert_eq!(found(&old, &parameter), ["compatible value-deprecated"]);
    assert_eq!(found(&parameter, &old), ["compatible value-undeprecated"]);
    assert_eq!(found(&old, &value), ["compatible value-deprecated"]);
}

#[test]
fn a_parameter_can_be_removed_after_its_sunset() {
    let none = "  /a:\n    get:\n      operationId: a\n      responses: {'200': {description: \
                Fine.}}\n";
    let until = |day: &str| {
        taking("{type: integer}").replace(
            "in: query",
            &format!("in: query, deprecated: true, x-sunset: '{day}'"),
        )
    };
    assert_eq!(
        found(&until("2026-12-31"), none),
        ["risky parameter-removed-after-sunset"]
    );
    assert_eq!(
        found(&until("2027-12-31"), none),
        ["risky parameter-removed"]
    );
    assert_eq!(
        found(&until("2027-12-31"), &until("2027-06-30")),
        ["risky sunset-changed"]
    );
}

#[test]
fn a_default_next_to_a_reference_counts() {
    let of = |default: u32| {
        let schema = format!("{{$ref: '#/components/schemas/Count', default: {default}}}");
        taking(&schema) + "components: {schemas: {Count: {type: integer}}}\n"
    };
    assert_eq!(found(&of(1), &of(2)), ["risky default-changed"]);
}
