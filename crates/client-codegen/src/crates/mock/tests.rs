use openapi_contract::document::Document;
use openapi_contract::model::{ParameterIn, StatusPattern};
use quote::ToTokens;
use syn::{Item, parse_quote};

use crate::client_ir::{Content, Operation, Parameter, TypedBody};
use crate::client_plan::{
    BodyKind, ContentPlan, FieldPlan, OperationPlan, Reading, ResponseBody, ResponsePlan,
    ResultType, Statuses, Style,
};
use crate::error::MockError;
use crate::layout::ItemGroup;
use crate::types::{TypeRef, TypeSet};

/// `GET /a/{id}`, with the path parameter, and no response that the client reads.
fn operation() -> Operation {
    let document = Document::parse("a.json", "{}").expect("it is JSON");
    Operation {
        plan: OperationPlan {
            id: "getA".to_owned(),
            node: document.root(),
            tag: None,
            http_method: "get",
            path: "/a/{id}".to_owned(),
            summary: None,
            description: None,
            deprecated: false,
            parameters: Vec::new(),
            body: None,
            accept: None,
            statuses: Vec::new(),
            stream: None,
            responses: vec![response(Statuses::Rest, Reading::Unexpected)],
            success: ResultType::Empty,
            error: ResultType::Empty,
            response_headers: Vec::new(),
            security: Vec::new(),
            pagination: None,
            dropshot_items: None,
            is_websocket: false,
        },
        method: "get_a".to_owned(),
        builder: parse_quote!(GetA),
        client_field: parse_quote!(client),
        responses: Vec::new(),
        parameters: vec![parameter("id", ParameterIn::Path)],
        contents: Vec::new(),
        success: parse_quote!(types::A),
        error: parse_quote!(types::Problem),
    }
}

fn parameter(name: &str, location: ParameterIn) -> Parameter {
    Parameter {
        name: name.to_owned(),
        ident: quote::format_ident!("{name}"),
        location,
        style: Style::Simple,
        required: true,
        ty: parse_quote!(String),
    }
}

fn response(statuses: Statuses, reading: Reading) -> ResponsePlan {
    ResponsePlan { statuses, reading }
}

fn json() -> ResponseBody {
    ResponseBody::Json {
        ty: TypeRef::Any,
        media_type: "application/json".to_owned(),
        also: Vec::new(),
    }
}

/// A body, with a type if it has one.
fn content(kind: BodyKind, is_typed: bool, fields: Vec<FieldPlan>) -> Content {
    let media_type = "application/x-www-form-urlencoded".to_owned();
    Content {
        plan: ContentPlan {
            media_type: media_type.clone(),
            also: Vec::new(),
            kind,
            ty: None,
            schema: None,
            fields,
            parts: Vec::new(),
            setter: "body".to_owned(),
        },
        ident: parse_quote!(body),
        typed: is_typed.then(|| TypedBody {
            media_type,
            ty: parse_quote!(types::A),
            has_builder: false,
        }),
        held: parse_quote!(types::A),
        is_optional: false,
    }
}

fn part(operation: &Operation) -> Result<[ItemGroup; 2], MockError> {
    super::part(operation, &TypeSet::default())
}

/// The signatures of the methods of a type, without constructor and conversion.
fn signatures(part: &ItemGroup) -> Vec<syn::Signature> {
    let Some(Item::Impl(block)) = part.items.last() else {
        panic!("the type has no methods");
    };
    let methods = block.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(method) => Some(method.sig.clone()),
        _ => None,
    });
    let all: Vec<syn::Signature> = methods.collect();
    assert_eq!(all[0].ident, "new");
    assert_eq!(all[all.len() - 1].ident, "into_inner");
    all[1..all.len() - 1].to_vec()
}

fn names(part: &ItemGroup) -> Vec<String> {
    let signatures = signatures(part).into_iter();
    signatures
        .map(|signature| signature.ident.to_string())
        .collect()
}

fn error(operation: &Operation) -> MockError {
    match part(operation) {
        Ok(_) => panic!("a mock was generated"),
        Err(error) => error,
    }
}

#[test]
fn two_methods_of_the_same_name_are_an_error() {
    let mut operation = operation();
    operation
        .parameters
        .push(parameter("into_inner", ParameterIn::Query));
    let name = "into_inner".to_owned();
    assert_eq!(error(&operation), MockError::DuplicateMethod(name));
}

#[test]
fn path_and_its_parameters_must_agree() {
    let mut unknown = operation();
    unknown.parameters.clear();
    let name = "id".to_owned();
    assert_eq!(
        error(&unknown),
        MockError::UnknownPathParameter(name.clone())
    );
    // A query parameter of that name does not count.
    unknown.parameters.push(parameter("id", ParameterIn::Query));
    assert_eq!(
        error(&unknown),
        MockError::UnknownPathParameter(name.clone())
    );
    let mut unused = operation();
    unused.plan.path = "/a".to_owned();
    assert_eq!(error(&unused), MockError::NotInPath(name));
}

#[test]
fn statuses_that_nothing_reads_are_an_error() {
    let mut operation = operation();
    operation.plan.statuses = vec![StatusPattern::Code(404)];
    operation.plan.responses.clear();
    assert_eq!(error(&operation), MockError::UnreadStatus("404".to_owned()));
    // No method has a name for them.
    operation.plan.statuses = vec![StatusPattern::Range(7)];
    assert_eq!(error(&operation), MockError::UnreadStatus("7XX".to_owned()));
}

#[test]
fn each_kind_of_body_has_its_argument() {
    let mut operation = operation();
    let cases: [(BodyKind, syn::FnArg); 6] = [
        (BodyKind::Json, parse_quote!(value: &types::A)),
        (BodyKind::Form, parse_quote!(value: &types::A)),
        (BodyKind::Text, parse_quote!(value: impl Into<String>)),
        (BodyKind::Bytes, parse_quote!(value: impl Into<Vec<u8>>)),
        (BodyKind::Content, parse_quote!(media_type: &str)),
        (
            BodyKind::Multipart,
            parse_quote!(is_expected: impl Fn(&[u8]) -> bool + Send + Sync + 'static),
        ),
    ];
    for (kind, argument) in cases {
        let is_typed = matches!(kind, BodyKind::Json | BodyKind::Form);
        if is_typed {
            operation.contents = vec![content(kind, false, Vec::new())];
            assert_eq!(error(&operation), MockError::UntypedBody);
        }
        operation.contents = vec![content(kind, is_typed, Vec::new())];
        let [when, _] = part(&operation).expect("a mock");
        let body = signatures(&when).pop().expect("a method");
        assert_eq!(body.ident, "body");
        assert_eq!(body.inputs[1], argument);
    }
}

#[test]
fn fields_of_forms_have_their_encoding() {
    let mut operation = operation();
    let field = FieldPlan {
        name: "at".to_owned(),
        style: Style::PipeDelimited,
        content_type: Some("application/json".to_owned()),
    };
    operation.contents = vec![content(BodyKind::Form, true, vec![field])];
    let [when, _] = part(&operation).expect("a mock");
    let Some(Item::Impl(block)) = when.items.last() else {
        panic!("the type has no methods");
    };
    let expected: syn::ImplItem = parse_quote! {
        pub fn body(self, value: &types::A) -> Self {
            Self(self.0.body(form(
                "application/x-www-form-urlencoded",
                &[FieldEncoding {
                    name: "at",
                    style: Style::PipeDelimited,
                    content_type: Some("application/json"),
                }],
                json(value)
            )))
        }
    };
    assert!(
        block.items.contains(&expected),
        "{}",
        block.to_token_stream()
    );
}

#[test]
fn each_status_has_the_method_that_its_reading_allows() {
    let mut operation = operation();
    operation.plan.statuses = vec![
        StatusPattern::Code(200),
        StatusPattern::Code(204),
        StatusPattern::Code(302),
        StatusPattern::Range(5),
        StatusPattern::Default,
    ];
    operation.plan.responses = vec![
        response(Statuses::Range(200, 200), Reading::Success(json())),
        response(
            Statuses::Range(204, 204),
            Reading::Success(ResponseBody::Absent),
        ),
        response(
            Statuses::Range(200, 299),
            Reading::Success(ResponseBody::Stream),
        ),
        response(
            Statuses::Range(500, 599),
            Reading::Error(ResponseBody::Text),
        ),
        response(Statuses::Range(300, 399), Reading::Unexpected),
        response(Statuses::Rest, Reading::Error(json())),
    ];
    let [_, then] = part(&operation).expect("a mock");
    let expected: [syn::Signature; 8] = [
        parse_quote!(fn ok(self, value: &types::A) -> Self),
        parse_quote!(fn no_content(self,) -> Self),
        parse_quote!(fn found(self,) -> Self),
        parse_quote!(fn server_error(self, status: u16, value: impl Into<String>) -> Self),
        parse_quote!(fn default_response(self, status: u16, value: &types::Problem) -> Self),
        // What `default` stands for, and the client reads in another way.
        parse_quote!(fn success(self, status: u16, value: impl AsRef<[u8]>) -> Self),
        parse_quote!(fn redirect(self, status: u16,) -> Self),
        parse_quote!(
            fn raw_response(self, status: u16, media_type: &str, value: impl AsRef<[u8]>) -> Self
        ),
    ];
    for (made, expected) in signatures(&then).iter().zip(&expected) {
        assert_eq!(made.ident, expected.ident);
        assert!(made.inputs == expected.inputs, "{}", made.to_token_stream());
    }
    assert_eq!(names(&then).len(), expected.len());
}

#[test]
fn status_without_a_name_stands_for_its_class_unless_another_does() {
    let mut operation = operation();
    let error = || Reading::Error(json());
    operation.plan.responses = vec![response(Statuses::Rest, error())];
    operation.plan.statuses = [449, 480, 599, 700].map(StatusPattern::Code).to_vec();
    let [_, then] = part(&operation).expect("a mock");
    let expected = [
        "client_error",
        "status_480",
        "server_error",
        "status_700",
        "raw_response",
    ];
    assert_eq!(names(&then), expected);
    operation.plan.statuses.push(StatusPattern::Range(4));
    let [_, then] = part(&operation).expect("a mock");
    let expected = [
        "status_449",
        "status_480",
        "server_error",
        "status_700",
        "client_error",
        "raw_response",
    ];
    assert_eq!(names(&then), expected);
}

#[test]
fn responses_have_their_media_type_which_may_decide_what_the_client_reads() {
    let mut operation = operation();
    operation.plan.statuses = vec![StatusPattern::Code(404), StatusPattern::Code(409)];
    let problem = ResponseBody::Json {
        ty: TypeRef::Any,
        media_type: "application/problem+json".to_owned(),
        also: Vec::new(),
    };
    operation.plan.responses = vec![
        response(Statuses::Range(404, 404), Reading::Error(problem)),
        response(
            Statuses::Range(409, 409),
            Reading::Error(ResponseBody::ByMediaType(Vec::new())),
        ),
    ];
    let [_, then] = part(&operation).expect("a mock");
    let Some(Item::Impl(block)) = then.items.last() else {
        panic!("the type has no methods");
    };
    let expected: [syn::ImplItem; 2] = [
        parse_quote! {
            pub fn not_found(self, value: &types::Problem) -> Self {
                Self(respond(self.0, 404, "application/problem+json", json(value).to_string()))
            }
        },
        parse_quote! {
            pub fn conflict(self, media_type: &str, value: &types::Problem) -> Self {
                Self(respond(self.0, 409, media_type, json(value).to_string()))
            }
        },
    ];
    for method in &expected {
        assert!(block.items.contains(method), "{}", block.to_token_stream());
    }
}
