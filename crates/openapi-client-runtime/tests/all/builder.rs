//! Builders of structs.

// The macro is for generated modules, which are public.
#![allow(unreachable_pub, clippy::module_inception)]

#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub picture: String,
    pub copies: u8,
    pub r#type: Option<String>,
    pub default: Option<bool>,
}

impl Label {
    fn default_copies() -> u8 {
        2
    }
}

#[derive(Debug, PartialEq)]
pub struct Empty {}

#[derive(Debug, PartialEq)]
pub struct Strange {
    pub r#match: u8,
}

pub mod builder {
    openapi_client_runtime::builder! {
        Label for super::Label {
            picture: String = required,
            copies: u8 = default_copies,
            r#type: Option<String>,
            default: Option<bool>,
        }
    }

    openapi_client_runtime::builder! {
        Empty for super::Empty {}
    }

    openapi_client_runtime::builder! {
        Strange for super::Strange {
            r#match: u8 = required,
        }
    }
}

fn message<T>(result: Result<T, openapi_client_runtime::ConversionError>) -> Option<String> {
    result.err().map(|error| error.to_string())
}

#[test]
fn fields_start_with_their_defaults() {
    let label: Label = Label::builder().picture("cat.png").try_into().unwrap();
    let expected = Label {
        picture: "cat.png".to_owned(),
        copies: 2,
        r#type: None,
        default: None,
    };
    assert_eq!(label, expected);
    assert_eq!(Empty::try_from(Empty::builder()).unwrap(), Empty {});
}

#[test]
fn required_fields_must_be_set() {
    assert_eq!(
        message(Label::try_from(Label::builder())).unwrap(),
        "no value supplied for picture"
    );
    assert_eq!(
        message(Strange::try_from(Strange::builder())).unwrap(),
        "no value supplied for match"
    );
}

#[test]
fn setters_convert() {
    let builder = Label::builder()
        .picture("a")
        .copies(7_u64)
        .r#type("b".to_owned())
        .default(true);
    let label = Label::try_from(builder).unwrap();
    assert_eq!((label.copies, label.default), (7, Some(true)));
    assert_eq!(label.r#type.as_deref(), Some("b"));
    let error = message(Label::try_from(Label::builder().picture("a").copies(256)));
    assert_eq!(
        error.unwrap(),
        "error converting supplied value for copies: out of range integral type conversion attempted"
    );
    let error = message(Strange::try_from(Strange::builder().r#match(256)));
    assert!(error.unwrap().contains("value for match: "));
}

#[test]
fn structs_become_builders_again() {
    let label: Label = Label::builder().picture("a").try_into().unwrap();
    let again = Label::try_from(builder::Label::from(label.clone())).unwrap();
    assert_eq!(again, label);
    let changed = Label::try_from(builder::Label::from(label).picture("b")).unwrap();
    assert_eq!(changed.picture, "b");
}
