//! The types of contracts, checked against the contracts.

use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use openapi_contract::witness;
use serde_json::Value;

use super::reading::{holds, rewritten};
use super::{Presence, TypeKind, TypePlanner, TypeRef, TypeSet};

/// A schema at the top of a message, with its type.
struct Root {
    place: String,
    values: Vec<Value>,
    is_sent: bool,
    ty: TypeRef,
}

/// The types of all messages of a contract.
fn planned(contract: &Contract) -> (TypeSet, Vec<Root>, usize) {
    let mut planner = TypePlanner::new(contract);
    let mut roots = Vec::new();
    for (key, operation) in &contract.operations {
        if operation.is_callback_or_webhook {
            continue;
        }
        let mut add = |place: String, schema, is_sent, values| {
            let ty = match is_sent {
                true => planner.in_request(schema),
                false => planner.in_response(schema),
            };
            roots.push(Root {
                place: format!("{key} {place}"),
                values,
                is_sent,
                ty,
            });
        };
        for (name, parameter) in &operation.parameters {
            add(
                format!("parameter {}", name.name),
                parameter.schema,
                true,
                witness::values(contract, parameter.schema),
            );
        }
        if let Some(body) = &operation.request_body {
            for (media_type, body) in &body.content {
                let values = witness::schema_values(contract, body);
                add(format!("body {media_type}"), body.schema, true, values);
            }
        }
        for (status, response) in &operation.responses {
            for (media_type, body) in &response.content {
                let values = witness::schema_values(contract, body);
                add(format!("{status} {media_type}"), body.schema, false, values);
            }
        }
    }
    let (set, findings) = planner.finish();
    (set, roots, findings.len())
}

fn contract(name: &str, text: &str) -> Contract {
    let document = Document::parse(name, text).expect("the text is YAML");
    Contract::read(document).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// The types in a compact form.
fn listed(set: &TypeSet) -> String {
    let mut text = String::new();
    for (_, def) in set.iter() {
        let usage = match (def.usage.in_requests, def.usage.in_responses) {
            (true, true) => "",
            (true, false) => " (sent)",
            (false, true) => " (received)",
            (false, false) => " (unused)",
        };
        text.push_str(&format!("{}{usage}", def.name));
        match &def.kind {
            TypeKind::Struct(found) => {
                text.push_str(" {\n");
                for field in &found.fields {
                    let ty = field.source(set, "", "Nullable");
                    let default = match &field.presence {
                        Presence::Default(value) => format!(" = {value}"),
                        _ => String::new(),
                    };
                    text.push_str(&format!(
                        "    {} {}: {ty}{default}\n",
                        field.name, field.field
                    ));
                }
                if let Some(other) = &found.additional {
                    text.push_str(&format!(
                        "    .. {}: {}\n",
                        other.field,
                        set.source(&other.ty, "")
                    ));
                }
                text.push_str("}\n");
            }
            TypeKind::StringEnum(found) => {
                let variants = found.variants.iter();
                let variants: Vec<String> = variants
                    .map(|variant| format!("{} {:?}", variant.variant, variant.value))
                    .collect();
                text.push_str(&format!(" = {}\n", variants.join(" | ")));
            }
            TypeKind::IntegerEnum(found) => {
                let variants = found.variants.iter();
                let variants: Vec<String> = variants
                    .map(|variant| format!("{} {}", variant.variant, variant.value))
                    .collect();
                text.push_str(&format!(
                    " = {}: {}\n",
                    variants.join(" | "),
                    found.integer.name()
                ));
            }
            TypeKind::Union(found) => {
                text.push_str(&format!(
                    " by {:?} {{\n",
                    found.tag.as_deref().unwrap_or("content")
                ));
                for variant in &found.variants {
                    let ty = set.source(&variant.ty, "");
                    text.push_str(&format!(
                        "    {}({ty}) {}\n",
                        variant.name,
                        variant.tags.join(" | ")
                    ));
                }
                if found.has_other {
                    text.push_str("    Other\n");
                }
                text.push_str("}\n");
            }
            TypeKind::ConstrainedString(found) => text.push_str(&format!(" = {found:?}\n")),
            TypeKind::Alias(ty) => text.push_str(&format!(" = {}\n", set.source(ty, ""))),
            TypeKind::Wrapper(ty) => text.push_str(&format!("({})\n", set.source(ty, ""))),
        }
    }
    text
}

/// What the types lose of the values that the contract allows.
fn losses(contract: &Contract) -> Vec<String> {
    let (set, roots, _) = planned(contract);
    let mut losses = Vec::new();
    for root in roots {
        for value in root.values {
            let lost = match rewritten(&set, &root.ty, &value) {
                Ok(written) if holds(&written, &value) => continue,
                // Properties that only responses have.
                Ok(written) if root.is_sent && holds(&value, &written) => continue,
                Ok(written) => format!("becomes {written}"),
                Err(unread) => unread.to_string(),
            };
            losses.push(format!("{}: {value} {lost}", root.place));
            break;
        }
    }
    losses
}

#[test]
#[ignore = "prints the types of contracts"]
fn print_types() {
    let paths = std::env::var("CONTRACTS").expect("CONTRACTS has paths");
    for path in paths.split(' ') {
        let text = std::fs::read_to_string(path).expect("the contract is readable");
        let start = std::time::Instant::now();
        let contract = contract(path, &text);
        let read = start.elapsed();
        let (set, roots, untyped) = planned(&contract);
        let all = start.elapsed();
        if std::env::var("LIST").is_ok() {
            println!("{}", listed(&set));
        }
        let differing = set
            .iter()
            .filter(|(_, def)| def.name.ends_with("Request"))
            .count();
        println!(
            "{path}: {} types, {} roots, {untyped} untyped, {differing} Request, read {read:?}, planned {:?}",
            set.iter().count(),
            roots.len(),
            all - read
        );
        let losses = losses(&contract);
        for loss in losses.iter().take(20) {
            println!("  {}", loss.chars().take(400).collect::<String>());
        }
        println!("  {} losses", losses.len());
    }
}

#[test]
fn types_hold_every_value_of_the_contracts() {
    let contracts = [
        ("media", include_str!("../../../../openapi/media.yaml")),
        (
            "depot",
            include_str!("../../../../tests/depot-client/openapi.yaml"),
        ),
        (
            "modern",
            include_str!("../../../../tests/contracts/modern.yaml"),
        ),
        (
            "names",
            include_str!("../../../../tests/contracts/names.yaml"),
        ),
        (
            "nulls",
            include_str!("../../../../tests/contracts/nulls.yaml"),
        ),
        (
            "requests",
            include_str!("../../../../tests/contracts/requests.yaml"),
        ),
        (
            "responses",
            include_str!("../../../../tests/contracts/responses.yaml"),
        ),
        (
            "streams",
            include_str!("../../../../tests/contracts/streams.yaml"),
        ),
    ];
    for (name, text) in contracts {
        let losses = losses(&contract(name, text));
        assert!(losses.is_empty(), "{name}: {}", losses.join("\n"));
    }
}

/// The listed types of the response `schema` with these components.
fn listed_response(version: &str, schema: &str, components: &str) -> String {
    let text = format!(
        "openapi: {version}\n\
         info: {{title: T, version: '1'}}\n\
         paths:\n  /a:\n    get:\n      operationId: getA\n      responses:\n        '200':\n          \
         description: ok\n          content: {{application/json: {{schema: {schema}}}}}\n\
         components: {{schemas: {{{components}}}}}\n"
    );
    let contract = contract("contract.yaml", &text);
    let (set, ..) = planned(&contract);
    listed(&set)
}

#[test]
fn null_beside_an_alternative_is_an_option() {
    let schema = "{type: object, properties: {a: {anyOf: [{$ref: '#/components/schemas/A'}, {nullable: true}]}}}";
    let types = listed_response(
        "3.0.3",
        schema,
        "A: {type: object, required: [b], properties: {b: {type: integer}}}",
    );
    assert_eq!(
        types,
        "A (received) {\n    b b: i64\n}\nGetAResponse (received) {\n    a a: Nullable<A>\n}\n"
    );
}

#[test]
fn constants_with_titles_are_an_enum() {
    let schema = "{type: integer, oneOf: [{title: TEXT, const: 0}, {title: NEWS, const: 5}]}";
    assert_eq!(
        listed_response("3.1.0", schema, ""),
        "GetAResponse (received) = Text 0 | News 5: i64\n"
    );
}

#[test]
fn inline_alternatives_are_named_after_their_tag() {
    let schema = "{oneOf: [\
        {type: object, required: [type], properties: {type: {const: s3}}}, \
        {type: object, required: [type, at], properties: {type: {const: gcs}, at: {type: string}}}]}";
    let types = listed_response("3.1.0", schema, "");
    assert!(
        types.contains("S3(GetAResponseS3) s3\n    Gcs(GetAResponseGcs) gcs\n"),
        "{types}"
    );
    assert!(types.contains("GetAResponseGcsType"), "{types}");
}

#[test]
fn a_type_that_contains_itself_is_boxed_or_wrapped() {
    let components = "N: {type: object, properties: {next: {$ref: '#/components/schemas/N'}, all: {$ref: '#/components/schemas/L'}}}, \
        L: {type: array, items: {$ref: '#/components/schemas/L'}}";
    let types = listed_response("3.0.3", "{$ref: '#/components/schemas/N'}", components);
    assert_eq!(
        types,
        "N (received) {\n    next next: Option<Box<N>>\n    all all: Option<L>\n}\nL (received)(Vec<L>)\n"
    );
}

#[test]
fn alternatives_that_only_require_properties_are_no_types() {
    let schema = "{type: object, properties: {a: {type: string}, b: {type: string}}, \
        anyOf: [{required: [a]}, {required: [b]}]}";
    assert_eq!(
        listed_response("3.0.3", schema, ""),
        "GetAResponse (received) {\n    a a: Option<String>\n    b b: Option<String>\n}\n"
    );
}
