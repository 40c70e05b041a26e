//! How parameters are serialized.

use std::fmt;

use super::media_type::MediaType;

/// How a parameter's value is serialized, with the defaults of the specification filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterEncoding {
    /// In a style (`schema`).
    Styled(StyledEncoding),
    /// As a document of a media type (`content`).
    Content(MediaType),
}

/// A style with its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StyledEncoding {
    /// `style`.
    pub style: ParameterStyle,
    /// `explode`: array items and object properties are separate values.
    pub explode: bool,
    /// `allowReserved`: reserved characters are not percent-encoded.
    pub allow_reserved: bool,
    /// `allowEmptyValue`: the value may be empty, regardless of the schema.
    pub allow_empty: bool,
}

/// The styles of OpenAPI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterStyle {
    /// `form`: `a,b`, or repeated.
    Form,
    /// `simple`: `a,b`.
    Simple,
    /// `label`: `.a.b`.
    Label,
    /// `matrix`: `;name=a,b`.
    Matrix,
    /// `spaceDelimited`: `a%20b`.
    SpaceDelimited,
    /// `pipeDelimited`: `a%7Cb`.
    PipeDelimited,
    /// `deepObject`: `name[property]=value`.
    DeepObject,
    /// A style that OpenAPI does not define.
    Unknown(String),
}

impl ParameterEncoding {
    /// The encoding of response headers.
    pub const HEADER: Self = Self::Styled(StyledEncoding {
        style: ParameterStyle::Simple,
        explode: false,
        allow_reserved: false,
        allow_empty: false,
    });

    /// The style, unless the value is a document of a media type.
    pub fn styled(&self) -> Option<&StyledEncoding> {
        match self {
            Self::Styled(styled) => Some(styled),
            Self::Content(_) => None,
        }
    }

    /// Whether the value may be empty, regardless of the schema.
    pub fn allows_empty(&self) -> bool {
        self.styled().is_some_and(|styled| styled.allow_empty)
    }

    /// Whether each array item is sent under the parameter's name (`?id=1&id=2`).
    pub fn repeats(&self) -> bool {
        self.styled().is_some_and(StyledEncoding::repeats)
    }
}

impl StyledEncoding {
    /// Whether each array item is sent under the parameter's name (`?id=1&id=2`).
    pub fn repeats(&self) -> bool {
        self.style == ParameterStyle::Form && self.explode
    }

    /// The character between array items that are sent as one string.
    pub fn separator(&self) -> Option<char> {
        match self.style {
            _ if self.explode => None,
            ParameterStyle::SpaceDelimited => Some(' '),
            ParameterStyle::PipeDelimited => Some('|'),
            _ => Some(','),
        }
    }
}

impl ParameterStyle {
    /// Parses the value of `style`.
    pub fn parse(text: &str) -> Self {
        match text {
            "form" => Self::Form,
            "simple" => Self::Simple,
            "label" => Self::Label,
            "matrix" => Self::Matrix,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl fmt::Display for ParameterStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "form",
            Self::Simple => "simple",
            Self::Label => "label",
            Self::Matrix => "matrix",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::DeepObject => "deepObject",
            Self::Unknown(text) => text,
        })
    }
}

impl fmt::Display for StyledEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.style)?;
        let options = [
            (self.explode, "exploded"),
            (self.allow_reserved, "allowReserved"),
            (self.allow_empty, "allowEmptyValue"),
        ];
        let mut set = options.into_iter().filter(|(is_set, _)| *is_set);
        set.try_for_each(|(_, name)| write!(f, ", {name}"))
    }
}

impl fmt::Display for ParameterEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Styled(styled) => styled.fmt(f),
            Self::Content(media_type) => media_type.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styled(style: &str, explode: bool) -> StyledEncoding {
        StyledEncoding {
            style: ParameterStyle::parse(style),
            explode,
            allow_reserved: false,
            allow_empty: false,
        }
    }

    #[test]
    fn styles_round_trip() {
        for text in [
            "form",
            "simple",
            "label",
            "matrix",
            "spaceDelimited",
            "pipeDelimited",
            "deepObject",
            "comma",
        ] {
            let style = ParameterStyle::parse(text);
            assert_eq!(style.to_string(), text);
            assert_eq!(
                matches!(style, ParameterStyle::Unknown(_)),
                text == "comma",
                "{text}"
            );
        }
    }

    #[test]
    fn encodings_are_shown_with_their_options() {
        let all = StyledEncoding {
            allow_reserved: true,
            allow_empty: true,
            ..styled("form", true)
        };
        assert_eq!(
            all.to_string(),
            "form, exploded, allowReserved, allowEmptyValue"
        );
        assert_eq!(ParameterEncoding::HEADER.to_string(), "simple");
        let content = ParameterEncoding::Content(MediaType::parse("Application/JSON"));
        assert_eq!(content.to_string(), "application/json");
    }

    #[test]
    fn items_are_repeated_or_separated() {
        for (style, explode, repeats, separator) in [
            ("form", true, true, None),
            ("form", false, false, Some(',')),
            ("simple", true, false, None),
            ("pipeDelimited", false, false, Some('|')),
            ("spaceDelimited", false, false, Some(' ')),
        ] {
            let styled = styled(style, explode);
            assert_eq!(styled.repeats(), repeats, "{styled}");
            assert_eq!(styled.separator(), separator, "{styled}");
        }
    }
}
