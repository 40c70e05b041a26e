/// Types for composing complex structures.
pub mod builder;

/// Error types.
pub mod error {
    pub use ::openapi_client_runtime::ConversionError;
}

::openapi_client_runtime::string_enum! {
    /// How large it is.
    ///
    /// See <https://example.com>.
    pub enum Size {
        /// Up to a metre.
        Small = "small",
        Large = "very \"large\"",
    }
}

::openapi_client_runtime::string_enum! {
    pub enum Color {
        Red = "red",
        _ => Unknown,
    }
}

::openapi_client_runtime::integer_enum! {
    pub enum Code: i32 {
        Ok = 0,
        Failed = -1,
    }
}

::openapi_client_runtime::constrained_string! {
    pub struct Title {
        min_length: 1,
        max_length: 8,
        pattern: r"^\p{Lu}" unicode,
        pattern: "[^\"]$",
    }
}

::openapi_client_runtime::constrained_string! {
    pub struct Id {
        min_length: 1,
        read: unchecked,
    }
}

::openapi_client_runtime::wrapper! {
    pub struct Tree(pub Vec<Tree>);
}

/// What is glued on.
#[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema), schemars(extend("required" = ["title", "parent"])))]
pub struct Label {
    pub title: Title,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<Code>,
    #[serde(rename = "nextCursor", default, skip_serializing_if = "super::Nullable::is_absent")]
    pub next_cursor: super::Nullable<String>,
    #[serde(default, deserialize_with = "super::nullable::present", skip_serializing_if = "Option::is_none")]
    pub notes: Option<::serde_json::Value>,
    #[serde(deserialize_with = "::serde::Deserialize::deserialize")]
    pub parent: Option<Box<Label>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<Tree>,
    /// Not used.
    ///
    /// Deprecated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<bool>,
    #[serde(flatten)]
    pub additional_properties: ::serde_json::Map<String, ::serde_json::Value>,
}

#[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
pub struct Page {
    #[serde(default = "Page::default_limit")]
    pub limit: i64,
    #[serde(default = "Page::default_ratio")]
    pub ratio: f64,
    #[serde(default = "Page::default_color")]
    pub color: Color,
    #[serde(default = "Page::default_tags")]
    pub tags: Names,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    #[serde(rename = "self", default = "Page::default_self_")]
    pub self_: Option<bool>,
}

impl Page {
    pub(crate) fn default_limit() -> i64 {
        20
    }

    pub(crate) fn default_ratio() -> f64 {
        1.0
    }

    pub(crate) fn default_color() -> Color {
        Color::Unknown("blue".to_owned())
    }

    pub(crate) fn default_tags() -> Names {
        Vec::new()
    }

    pub(crate) fn default_self_() -> Option<bool> {
        None
    }
}

impl Default for Page {
    fn default() -> Self {
        Self {
            limit: Self::default_limit(),
            ratio: Self::default_ratio(),
            color: Self::default_color(),
            tags: Self::default_tags(),
            first: Default::default(),
            self_: Self::default_self_(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
pub struct Cat {
    pub lives: i64,
}

#[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
pub struct Dog {
    pub name: String,
}

::openapi_client_runtime::union! {
    pub enum Pet tagged by "kind" {
        /// A cat.
        Cat(Cat) from = "cat" | "kitten",
        Dog(Box<Dog>) from = "dog",
        _ => Other,
    }
}

pub type Names = Vec<String>;

#[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
pub struct Empty {}

::openapi_client_runtime::union! {
    pub enum Either {
        Names(Names),
        Strings(Vec<String>),
        Tree(Tree) from,
        Either(Box<Either>),
        Cats(Vec<Vec<Cat>>) from,
    }
}
