//! Bodies with media type `application/x-www-form-urlencoded`.

use openapi_client_runtime::{FieldEncoding, Request, Style};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::built;

fn form(encoding: &[FieldEncoding], body: Value) -> Result<String, String> {
    let request = Request::new(Method::POST, "http://host").path("/");
    let request = request.form(
        "application/x-www-form-urlencoded",
        encoding,
        Ok(Some(body)),
    );
    let request = built(request)?;
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    let body = request.body().and_then(|body| body.as_bytes()).unwrap();
    Ok(String::from_utf8(body.to_vec()).unwrap())
}

fn field(style: Style, content_type: Option<&'static str>) -> [FieldEncoding; 1] {
    [FieldEncoding {
        name: "f",
        style,
        content_type,
    }]
}

#[test]
fn fields_without_encoding_repeat_arrays_and_send_objects_as_json() {
    let body = json!({ "z": "a b&=*~é", "a": [1, "x", [2]], "o": { "p": null }, "n": null, "e": [], "t": true });
    assert_eq!(
        form(&[], body).unwrap(),
        "z=a+b%26%3D*%7E%C3%A9&a=1&a=x&a=%5B2%5D&o=%7B%22p%22%3Anull%7D&t=true"
    );
}

#[test]
fn fields_with_encoding_have_its_style() {
    let list = || json!({ "f": ["a b", "c,d"], "g": 1 });
    for (style, expected) in [
        (Style::Form, "f=a+b,c%2Cd&g=1"),
        (Style::FormExploded, "f=a+b&f=c%2Cd&g=1"),
        (Style::SpaceDelimited, "f=a+b+c%2Cd&g=1"),
        (Style::PipeDelimited, "f=a+b%7Cc%2Cd&g=1"),
        (Style::FormReserved, "f=a%20b,c,d&g=1"),
        (Style::Json, "f=%5B%22a+b%22%2C%22c%2Cd%22%5D&g=1"),
    ] {
        assert_eq!(
            form(&field(style, None), list()).unwrap(),
            expected,
            "{style:?}"
        );
    }
    let object = || json!({ "f": { "a": 1, "b": { "c": [2] } } });
    for (style, expected) in [
        (Style::DeepObject, "f%5Ba%5D=1&f%5Bb%5D%5Bc%5D=2"),
        (Style::FormExploded, "a=1&b=%7B%22c%22%3A%5B2%5D%7D"),
    ] {
        assert_eq!(
            form(&field(style, None), object()).unwrap(),
            expected,
            "{style:?}"
        );
    }
}

#[test]
fn json_media_types_win_over_the_style() {
    let body = || json!({ "f": ["a"] });
    for (media_type, expected) in [
        ("application/json", "f=%5B%22a%22%5D"),
        ("application/vnd.a+json; charset=utf-8", "f=%5B%22a%22%5D"),
        ("text/plain", "f=a"),
    ] {
        let encoding = field(Style::FormExploded, Some(media_type));
        assert_eq!(form(&encoding, body()).unwrap(), expected, "{media_type}");
    }
}

#[test]
fn forms_are_objects() {
    assert_eq!(form(&[], json!(null)).unwrap(), "");
    assert_eq!(form(&[], json!({})).unwrap(), "");
    assert_eq!(
        form(&[], json!([1])),
        Err("the body of a form is not an object".to_owned())
    );
}
