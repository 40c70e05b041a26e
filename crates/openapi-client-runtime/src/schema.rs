//! The JSON Schemas of the types that macros declare.

/// Implements `JsonSchema`, if the crate that uses the macro enables its feature `schemars`.
#[doc(hidden)]
#[macro_export]
macro_rules! __schema {
    ($name:ident, $generator:ident => $schema:expr) => {
        #[cfg(feature = "schemars")]
        impl $crate::__private::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(stringify!($name))
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(concat!(module_path!(), "::", stringify!($name)))
            }

            fn json_schema(
                $generator: &mut $crate::__private::schemars::SchemaGenerator,
            ) -> $crate::__private::schemars::Schema {
                $schema
            }
        }
    };
}

#[cfg(feature = "schemars")]
mod schemas {
    use schemars::{Schema, json_schema};
    use serde::Serialize;
    use serde_json::{Value, json};

    /// The values of a type.
    pub fn type_schema(ty: &str) -> Schema {
        json_schema!({ "type": ty })
    }

    /// Some values of a type.
    pub fn enum_schema<T: Serialize>(ty: &str, values: &[T]) -> Schema {
        json_schema!({ "type": ty, "enum": values })
    }

    /// A value of one of several schemas.
    pub fn any_of(schemas: &[Schema]) -> Schema {
        json_schema!({ "anyOf": schemas })
    }

    /// A value of exactly one of several schemas.
    pub fn one_of(schemas: &[Schema]) -> Schema {
        json_schema!({ "oneOf": schemas })
    }

    /// An object with one of these values of a property.
    pub fn tagged_schema(schema: &Schema, property: &str, tags: &[&str]) -> Schema {
        json_schema!({
            "allOf": [
                schema,
                { "required": [property], "properties": { property: { "enum": tags } } },
            ]
        })
    }

    /// The keywords of a string.
    #[derive(Debug, Default)]
    pub struct StringConstraints {
        /// `minLength`.
        pub min_length: Option<u64>,
        /// `maxLength`.
        pub max_length: Option<u64>,
        /// `pattern`.
        pub patterns: Vec<&'static str>,
    }

    impl StringConstraints {
        /// The schema. Each pattern after the first is a member of `allOf`.
        pub fn schema(&self) -> Schema {
            let mut schema = type_schema("string");
            if let Some(length) = self.min_length {
                schema.insert("minLength".to_owned(), length.into());
            }
            if let Some(length) = self.max_length {
                schema.insert("maxLength".to_owned(), length.into());
            }
            if let Some((first, more)) = self.patterns.split_first() {
                schema.insert("pattern".to_owned(), Value::from(*first));
                if !more.is_empty() {
                    let more = more.iter().map(|pattern| json!({ "pattern": pattern }));
                    schema.insert("allOf".to_owned(), more.collect());
                }
            }
            schema
        }
    }
}

#[cfg(feature = "schemars")]
pub use schemas::{StringConstraints, any_of, enum_schema, one_of, tagged_schema, type_schema};
