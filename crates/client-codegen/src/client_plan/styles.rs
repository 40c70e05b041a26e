//! The styles of parameters and form fields.
//!
//! A style serializes scalars, and arrays and objects of them. A parameter with other values is a string that the
//! caller formats.

use openapi_contract::model::{
    ArrayConstraints, Contract, NumberConstraints, ObjectConstraints, Parameter, ParameterEncoding,
    ParameterIn, ParameterStyle, SchemaId, StringConstraints, StyledEncoding,
};

use super::data::Style;
use super::findings::{Findings, Loss};
use crate::rules;

/// How deep schemas inside of schemas are followed.
const MAX_DEPTH: usize = 16;

/// How a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) style: Style,
    /// Whether the parameter has the type of its schema. Otherwise, it is any string.
    pub(super) is_typed: bool,
}

/// How a parameter is sent.
pub(super) fn of_parameter(
    contract: &Contract,
    location: ParameterIn,
    parameter: &Parameter,
    findings: &mut Findings<'_>,
) -> Sent {
    let (node, name) = (parameter.node, &parameter.name);
    let string = Sent {
        style: default_style(location),
        is_typed: false,
    };
    let mut weakened = |fact: String, consequence: &str, remedy: &str| {
        let loss = Loss::new(fact, consequence, remedy);
        findings.weakened(rules::PARAMETER_STYLES, node, loss);
    };
    let styled = match &parameter.encoding {
        ParameterEncoding::Content(media_type) if media_type.is_json() => {
            return Sent {
                style: Style::Json,
                is_typed: true,
            };
        }
        ParameterEncoding::Content(media_type) => {
            weakened(
                format!("`{name}` has the media type `{media_type}`; it is any string"),
                "The caller must serialize the value.",
                "Use `application/json`, or a `schema` with a style.",
            );
            return string;
        }
        ParameterEncoding::Styled(_) if parameter.schema_node.is_none() => {
            weakened(
                format!("`{name}` has no schema; it is any string"),
                "The client does not check the value.",
                "Add a `schema`.",
            );
            return string;
        }
        ParameterEncoding::Styled(styled) => styled,
    };
    let typed = |style| Sent {
        style,
        is_typed: true,
    };
    if let ParameterStyle::Unknown(style) = &styled.style {
        weakened(
            format!(
                "`{style}` is not a style of OpenAPI; `{name}` is sent in the default style of its location"
            ),
            "The server may not understand the value.",
            "Use one of the styles of OpenAPI, such as `form` or `simple`.",
        );
    }
    let schemas = Schemas { contract };
    let shape = schemas.shape(parameter.schema, 0);
    let rules = style_of(location, styled);
    if shape.is_scalar() {
        // A scalar is the same in all other styles.
        return typed(match rules {
            Some((style, _)) if is_prefixed(style) => style,
            _ => default_style(location),
        });
    }
    let repeats = styled.explode
        && matches!(
            styled.style,
            ParameterStyle::Form | ParameterStyle::SpaceDelimited | ParameterStyle::PipeDelimited
        );
    let is_flat = shape.is_list() && schemas.is_flat(parameter.schema);
    let (style, nesting) = match rules {
        Some(found) => found,
        // With `explode`, items are separate parameters, whatever would separate them otherwise.
        None if location == ParameterIn::Query && is_flat && repeats => {
            return typed(Style::FormExploded);
        }
        None if location == ParameterIn::Query && is_flat => {
            weakened(
                format!(
                    "the style `{}` does not apply to the array `{name}`; it is sent once per element",
                    styled.style
                ),
                "The client sends the array in the style `form`.",
                "Use `style: form`.",
            );
            return typed(Style::FormExploded);
        }
        None => {
            weakened(
                format!(
                    "`{name}` has the style `{}`, which does not apply to it; it is any string",
                    styled.style
                ),
                "The caller must serialize the value as the contract says.",
                "Use a scalar, an array or object of scalars, or `content` with `application/json`.",
            );
            return string;
        }
    };
    // A value without a schema in a path or header is a string, not JSON.
    let is_anything = shape.is_anything && location != ParameterIn::Query;
    let fits = nesting.is_none_or(|nesting| schemas.fits(parameter.schema, nesting, 0));
    if !is_anything && fits {
        return typed(style);
    }
    let what = match () {
        () if shape.is_list() => "is an array of arrays or objects",
        () if shape.is_object() => "is an object of arrays or objects",
        () => "is a union of different types",
    };
    weakened(
        format!("`{name}` {what}; it is any string"),
        "The caller must serialize the value as the contract says.",
        "Use a scalar, an array or object of scalars, or `content` with `application/json`.",
    );
    string
}

/// The style for a `style` and `explode` in a query; `None` if OpenAPI does not define the style there.
pub(super) fn of_field(style: Option<&str>, explode: Option<bool>) -> Option<Style> {
    let style = style.map_or(ParameterStyle::Form, ParameterStyle::parse);
    let explode = explode.unwrap_or(style == ParameterStyle::Form);
    match style {
        ParameterStyle::DeepObject => Some(Style::DeepObject),
        ParameterStyle::Form | ParameterStyle::SpaceDelimited | ParameterStyle::PipeDelimited
            if explode =>
        {
            Some(Style::FormExploded)
        }
        ParameterStyle::Form => Some(Style::Form),
        ParameterStyle::SpaceDelimited => Some(Style::SpaceDelimited),
        ParameterStyle::PipeDelimited => Some(Style::PipeDelimited),
        _ => None,
    }
}

/// The style of parameters without `style`.
pub(super) fn default_style(location: ParameterIn) -> Style {
    match location {
        ParameterIn::Path | ParameterIn::Header => Style::Simple,
        ParameterIn::Query | ParameterIn::Cookie => Style::FormExploded,
    }
}

/// Whether a style adds something to scalars.
fn is_prefixed(style: Style) -> bool {
    matches!(
        style,
        Style::Label | Style::LabelExploded | Style::Matrix | Style::MatrixExploded
    )
}

/// How values may be nested in a style.
struct Nesting {
    /// In the elements, if arrays are allowed.
    list: Option<&'static Nesting>,
    /// In the properties, if objects are allowed.
    object: Option<&'static Nesting>,
}

impl Nesting {
    /// A single value.
    const NONE: Self = Self {
        list: None,
        object: None,
    };
    /// Values that are joined to one string.
    const JOINED: Self = Self {
        list: Some(&Self::NONE),
        object: Some(&Self::NONE),
    };
    /// Values that are repeated for each element and property.
    const EXPLODED: Self = Self {
        list: Some(&Self::NONE),
        object: Some(&Self {
            list: Some(&Self::NONE),
            object: None,
        }),
    };
}

/// The style of a parameter, and how its values may be nested, if that is limited. Nothing if the style does not
/// apply at this location.
fn style_of(
    location: ParameterIn,
    styled: &StyledEncoding,
) -> Option<(Style, Option<&'static Nesting>)> {
    use ParameterIn::{Cookie, Header, Path, Query};
    let joined = |style| Some((style, Some(&Nesting::JOINED)));
    match (location, &styled.style, styled.explode) {
        (Query, ParameterStyle::DeepObject, _) => Some((Style::DeepObject, None)),
        (Query | Cookie, ParameterStyle::Form, true) => {
            Some((Style::FormExploded, Some(&Nesting::EXPLODED)))
        }
        (Query | Cookie, ParameterStyle::Form, false) => joined(Style::Form),
        (Query, ParameterStyle::SpaceDelimited, false) => joined(Style::SpaceDelimited),
        (Query, ParameterStyle::PipeDelimited, false) => joined(Style::PipeDelimited),
        (Path | Header, ParameterStyle::Simple, true) => joined(Style::SimpleExploded),
        (Path | Header, ParameterStyle::Simple, false) => joined(Style::Simple),
        (Path, ParameterStyle::Label, true) => joined(Style::LabelExploded),
        (Path, ParameterStyle::Label, false) => joined(Style::Label),
        (Path, ParameterStyle::Matrix, true) => joined(Style::MatrixExploded),
        (Path, ParameterStyle::Matrix, false) => joined(Style::Matrix),
        (_, ParameterStyle::Unknown(_), _) => {
            let encoding = match location {
                Query | Cookie => (ParameterStyle::Form, true),
                Path | Header => (ParameterStyle::Simple, false),
            };
            let (style, explode) = encoding;
            let styled = StyledEncoding {
                style,
                explode,
                ..styled.clone()
            };
            style_of(location, &styled)
        }
        _ => None,
    }
}

/// The JSON types that a schema allows, besides null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    scalar: bool,
    list: bool,
    object: bool,
    /// Whether the schema tells no types apart.
    is_anything: bool,
}

impl Shape {
    fn is_scalar(self) -> bool {
        !self.list && !self.object
    }

    fn is_list(self) -> bool {
        self.list && !self.scalar && !self.object
    }

    fn is_object(self) -> bool {
        self.object && !self.scalar && !self.list
    }
}

struct Schemas<'c> {
    contract: &'c Contract,
}

impl Schemas<'_> {
    fn shape(&self, id: SchemaId, depth: usize) -> Shape {
        let schema = self.contract.schemas.get(id);
        let mut shape = Shape {
            scalar: schema.boolean.is_any() || schema.number.is_some() || schema.string.is_some(),
            list: schema.array.is_some(),
            object: schema.object.is_some(),
            is_anything: false,
        };
        let has_all = schema.boolean.is_any()
            && schema.number.is_some()
            && schema.string.is_some()
            && shape.list
            && shape.object;
        if has_all && schema.unions.is_empty() {
            // A schema without a type is meant for the types of its keywords.
            let meant = Shape {
                scalar: schema
                    .string
                    .as_deref()
                    .is_some_and(|rules| *rules != StringConstraints::default())
                    || schema
                        .number
                        .as_deref()
                        .is_some_and(|rules| *rules != NumberConstraints::default()),
                list: schema
                    .array
                    .as_deref()
                    .is_some_and(|rules| *rules != ArrayConstraints::default()),
                object: schema
                    .object
                    .as_deref()
                    .is_some_and(|rules| *rules != ObjectConstraints::default()),
                is_anything: false,
            };
            if meant.scalar || meant.list || meant.object {
                return meant;
            }
            shape.is_anything = true;
        }
        if depth < MAX_DEPTH {
            for union in &schema.unions {
                let members = union.members.iter();
                let members: Vec<Shape> = members.map(|&id| self.shape(id, depth + 1)).collect();
                shape.scalar &= members.iter().any(|member| member.scalar);
                shape.list &= members.iter().any(|member| member.list);
                shape.object &= members.iter().any(|member| member.object);
            }
        }
        shape
    }

    /// Whether the items of an array are scalars, or can be.
    fn is_flat(&self, id: SchemaId) -> bool {
        let array = self.contract.schemas.get(id).array.as_deref();
        array.is_some_and(|array| {
            let mut items = array.prefix.iter().chain([&array.items]);
            items.all(|&item| {
                let shape = self.shape(item, 0);
                shape.is_scalar() || shape.is_anything
            })
        })
    }

    /// Whether a style can serialize all values that a schema allows.
    fn fits(&self, id: SchemaId, nesting: &'static Nesting, depth: usize) -> bool {
        if depth >= MAX_DEPTH {
            return false;
        }
        let schema = self.contract.schemas.get(id);
        let shape = self.shape(id, 0);
        if shape.is_anything {
            return true;
        }
        let all = |ids: Vec<SchemaId>, nesting: Option<&'static Nesting>| {
            nesting.is_some_and(|nesting| ids.iter().all(|&id| self.fits(id, nesting, depth + 1)))
        };
        let items = schema.array.as_deref().filter(|_| shape.list);
        let items = items.map(|array| {
            let items = array.prefix.iter().chain([&array.items]);
            items.copied().collect()
        });
        let members = schema.object.as_deref().filter(|_| shape.object);
        let members = members.map(|object| {
            let declared = object.properties.values();
            let patterns = object.pattern_properties.values();
            let additional = object.additional_is_declared.then_some(&object.additional);
            declared
                .chain(patterns)
                .chain(additional)
                .copied()
                .collect()
        });
        let mut alternatives = schema.unions.iter().flat_map(|union| &union.members);
        items.is_none_or(|items| all(items, nesting.list))
            && members.is_none_or(|members| all(members, nesting.object))
            && alternatives.all(|&member| self.fits(member, nesting, depth + 1))
    }
}
