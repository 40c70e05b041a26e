//! Conversions in the setters of builders.

use std::fmt::Display;

/// Converts the value of a parameter. The builder reports the error when the request is sent.
///
/// # Errors
///
/// Returns a message that names the type and the parameter.
pub fn convert<T, V: TryInto<T>>(name: &str, value: V) -> Result<T, String> {
    value.try_into().map_err(|_| {
        let ty = std::any::type_name::<T>();
        format!("conversion to `{ty}` for {name} failed")
    })
}

/// Converts the value of a struct field. The message includes the error of the conversion.
///
/// # Errors
///
/// Returns a message that names the field.
pub fn convert_field<T, V>(name: &str, value: V) -> Result<T, String>
where
    V: TryInto<T, Error: Display>,
{
    value
        .try_into()
        .map_err(|error| format!("error converting supplied value for {name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{convert, convert_field};

    #[test]
    fn messages_name_type_and_parameter() {
        assert_eq!(convert::<u8, _>("limit", 7_u64), Ok(7));
        assert_eq!(
            convert::<u8, _>("limit", 300_u64),
            Err("conversion to `u8` for limit failed".to_owned())
        );
        assert_eq!(
            convert_field::<u8, _>("limit", 300_u64),
            Err("error converting supplied value for limit: out of range integral type conversion attempted".to_owned())
        );
    }
}
