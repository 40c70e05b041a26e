//! The types of YAML scalars: the core schema of YAML 1.2 (section 10.3.2), without floating-point
//! values that JSON does not have.

use saphyr_parser::Tag;
use serde_json::Number;

use super::node::Scalar;

/// The value of a plain (unquoted) scalar, or why it has no equivalent in JSON.
pub(super) fn plain(text: &str) -> Result<Scalar<'_>, &'static str> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF"
        | ".nan" | ".NaN" | ".NAN" => {
            return Err("JSON does not support this number");
        }
        _ => match number(text)? {
            Some(number) => Scalar::Number(number),
            None => Scalar::String(text.into()),
        },
    })
}

/// The value of a tagged scalar.
pub(super) fn tagged<'t>(text: &'t str, tag: &Tag) -> Result<Scalar<'t>, &'static str> {
    // Dates and Base64 are strings in JSON.
    let is_string = ["str", "timestamp", "binary"]
        .iter()
        .any(|kind| is_core(tag, kind));
    if is_string || is_non_specific(tag) {
        return Ok(Scalar::String(text.into()));
    }
    let value = plain(text)?;
    let is_right = match &value {
        Scalar::Null => is_core(tag, "null"),
        Scalar::Bool(_) => is_core(tag, "bool"),
        Scalar::Number(number) => is_core(tag, "float") || is_core(tag, "int") && !number.is_f64(),
        _ => false,
    };
    if is_right {
        Ok(value)
    } else {
        Err("the tag does not match the value or has no equivalent in JSON; remove it")
    }
}

/// Whether a tag is the given tag of the core schema.
pub(super) fn is_core(tag: &Tag, kind: &str) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == kind
}

/// Whether a tag is `!`, the non-specific tag.
pub(super) fn is_non_specific(tag: &Tag) -> bool {
    matches!(
        (tag.handle.as_str(), tag.suffix.as_str()),
        ("", "!") | ("!", "") | ("", "")
    )
}

/// Parses a number; `None` if the text is not a number, and an error if the number is too large.
fn number(text: &str) -> Result<Option<Number>, &'static str> {
    let Some(first) = text.bytes().next() else {
        return Ok(None);
    };
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return Ok(None);
    }
    let prefixed = text.strip_prefix("0x").map(|digits| (digits, 16));
    if let Some((digits, base)) = prefixed.or(text.strip_prefix("0o").map(|digits| (digits, 8))) {
        return Ok(radix(digits, base));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        let text = text.strip_prefix('+').unwrap_or(text);
        if let Ok(value) = text.parse::<i64>() {
            return Ok(Some(value.into()));
        }
        if let Ok(value) = text.parse::<u64>() {
            return Ok(Some(value.into()));
        }
    } else if !is_decimal(unsigned) {
        return Ok(None);
    }
    let value = text.parse().ok().and_then(Number::from_f64);
    value.map(Some).ok_or("the number is out of range")
}

fn radix(digits: &str, radix: u32) -> Option<Number> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok().map(Number::from)
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(unsigned: &str) -> bool {
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_is_fine = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    !(whole.is_empty() && fraction.is_empty())
        && all_digits(whole)
        && all_digits(fraction)
        && exponent_is_fine
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> serde_json::Value {
        match plain(text).expect("it is a JSON value") {
            Scalar::Null => serde_json::Value::Null,
            Scalar::Bool(value) => value.into(),
            Scalar::Number(value) => value.into(),
            Scalar::String(value) => (*value).into(),
        }
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        for (text, expected) in [
            ("~", serde_json::json!(null)),
            ("True", serde_json::json!(true)),
            ("yes", serde_json::json!("yes")),
            ("-12", serde_json::json!(-12)),
            ("+12", serde_json::json!(12)),
            ("0x1F", serde_json::json!(31)),
            ("0o17", serde_json::json!(15)),
            ("012", serde_json::json!(12)),
            ("1e3", serde_json::json!(1000.0)),
            (".5", serde_json::json!(0.5)),
            ("1.", serde_json::json!(1.0)),
            ("1.2.3", serde_json::json!("1.2.3")),
            ("3.0.3", serde_json::json!("3.0.3")),
            ("-", serde_json::json!("-")),
            (".", serde_json::json!(".")),
            ("1e", serde_json::json!("1e")),
            ("2026-04-10", serde_json::json!("2026-04-10")),
            ("18446744073709551615", serde_json::json!(u64::MAX)),
            (
                "18446744073709552000",
                serde_json::json!(18446744073709552000.0),
            ),
        ] {
            assert_eq!(json(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_without_json_equivalent_are_rejected() {
        for text in [".inf", "-.INF", ".nan", "1e999", &"9".repeat(400)] {
            assert!(plain(text).is_err(), "{text}");
        }
    }
}
