//! Parameter styles: how a string encodes an array or an object (OpenAPI 3.0.3, "Style Values").

use super::decode_error::ValueError;
use super::percent::PercentCoding;
use super::raw_value::{RawText, RawValue};
use crate::model::{MediaType, ParameterEncoding, ParameterStyle};

/// Decodes the string that is sent for a parameter, header or form field.
///
/// # Errors
/// If the string does not have the syntax of its encoding.
pub(super) fn decode_string(
    encoding: &ParameterEncoding,
    name: &str,
    raw: &str,
    coding: PercentCoding,
) -> Result<RawValue, ValueError> {
    let styled = match encoding {
        ParameterEncoding::Content(media_type) => {
            return document(media_type, &coding.decode(raw));
        }
        ParameterEncoding::Styled(styled) => styled,
    };
    let explodes = styled.explode;
    let text = match (&styled.style, explodes) {
        (ParameterStyle::DeepObject, _)
        | (
            ParameterStyle::Form | ParameterStyle::SpaceDelimited | ParameterStyle::PipeDelimited,
            true,
        ) => {
            return Ok(RawValue::one_of_list(coding.decode(raw), false));
        }
        (ParameterStyle::SpaceDelimited, false) => split_decoded(&coding.decode(raw), ' '),
        (ParameterStyle::PipeDelimited, false) => split_decoded(&coding.decode(raw), '|'),
        (ParameterStyle::Label, _) => {
            let raw = raw.strip_prefix('.');
            let raw = raw.ok_or(ValueError::LabelPrefix)?;
            // The separator of items that are not exploded differs between OpenAPI versions.
            let mut text = split(raw, if explodes { '.' } else { ',' }, explodes, coding);
            if !explodes {
                let other = split(raw, '.', false, coding);
                text.lists.extend(other.lists);
                text.tables.extend(other.tables);
            }
            text
        }
        (ParameterStyle::Matrix, _) => matrix(name, raw, explodes, coding)?,
        _ => split(raw, ',', explodes, coding),
    };
    Ok(RawValue::Text(text))
}

/// Decodes a parameter with `content`.
fn document(media_type: &MediaType, text: &str) -> Result<RawValue, ValueError> {
    if !media_type.is_json() {
        return Ok(RawValue::text(text));
    }
    let value = serde_json::from_str(text).map_err(ValueError::Json)?;
    Ok(RawValue::Value(value))
}

/// Splits a string at a delimiter and decodes the items. Many clients also encode the delimiter, so
/// the decoded string is split as well, in case the delimiter does not occur or the items do not
/// match the schema.
fn split(raw: &str, between: char, explodes: bool, coding: PercentCoding) -> RawText {
    let decoded = coding.decode(raw);
    let mut text = RawText::default();
    if raw.contains(between) {
        text.add(raw.split(between), explodes, |part| coding.decode(part));
    }
    if decoded != raw || !raw.contains(between) {
        text.add(decoded.split(between), explodes, str::to_owned);
    }
    if !raw.contains(between) {
        text.add(raw.split(between), explodes, |part| coding.decode(part));
    }
    text.text = decoded;
    text
}

/// Splits a string at a delimiter that is itself percent-encoded.
fn split_decoded(decoded: &str, between: char) -> RawText {
    let mut text = RawText::default();
    text.add(decoded.split(between), false, str::to_owned);
    text.text = decoded.to_owned();
    text
}

impl RawText {
    /// Adds a reading of the string as an array, and as an object if possible.
    fn add<'p>(
        &mut self,
        parts: impl Iterator<Item = &'p str>,
        explodes: bool,
        decode: impl Fn(&str) -> String,
    ) {
        let parts: Vec<&str> = parts.collect();
        if parts == [""] {
            self.lists.push(Vec::new());
            self.tables.push(Vec::new());
        }
        self.lists
            .push(parts.iter().map(|part| decode(part)).collect());
        let table: Option<Vec<(String, String)>> = if explodes {
            let pairs = parts.iter().map(|part| part.split_once('='));
            pairs
                .map(|pair| pair.map(|(name, value)| (decode(name), decode(value))))
                .collect()
        } else {
            let pairs = parts.chunks(2).map(|pair| match pair {
                [name, value] => Some((decode(name), decode(value))),
                _ => None,
            });
            pairs.collect()
        };
        self.tables.extend(table);
    }
}

/// `;name=a,b`, or exploded `;name=a;name=b` and `;x=1;y=2`.
fn matrix(
    name: &str,
    raw: &str,
    explodes: bool,
    coding: PercentCoding,
) -> Result<RawText, ValueError> {
    let raw = raw.strip_prefix(';');
    let raw = raw.ok_or(ValueError::MatrixPrefix)?;
    let pairs: Vec<(String, &str)> = raw
        .split(';')
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (coding.decode(name), value))
        .collect();
    let is_named = pairs.iter().all(|(key, _)| key == name);
    let mut text = match &pairs[..] {
        [(_, value)] if is_named && !explodes => return Ok(split(value, ',', false, coding)),
        [(_, value)] if is_named => RawText {
            text: coding.decode(value),
            ..RawText::default()
        },
        _ if !explodes => {
            return Err(ValueError::MatrixName {
                name: name.to_owned(),
            });
        }
        _ => RawText {
            text: coding.decode(raw),
            ..RawText::default()
        },
    };
    let pairs = pairs.into_iter();
    let pairs: Vec<_> = pairs
        .map(|(key, value)| (key, coding.decode(value)))
        .collect();
    if is_named {
        let values = pairs.iter().map(|(_, value)| value.clone());
        text.lists.push(values.collect());
    }
    text.tables.push(pairs);
    Ok(text)
}
