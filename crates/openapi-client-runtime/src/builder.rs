//! Builders of structs.

/// Declares the builder of a struct of another module, and its function `builder`.
///
/// The builder has the name of the struct, and a setter for each field. A setter converts its argument; the conversion
/// to the struct reports errors. A field starts with the default of its type. With `= required`, it must be set. With
/// `= function`, it starts with the result of this associated function of the struct.
///
/// ```
/// #[derive(Debug, PartialEq)]
/// pub struct Label {
///     pub picture: String,
///     pub copies: i64,
///     pub r#type: Option<String>,
/// }
///
/// impl Label {
///     fn default_copies() -> i64 {
///         1
///     }
/// }
///
/// pub mod builder {
///     openapi_client_runtime::builder! {
///         Label for super::Label {
///             picture: String = required,
///             copies: i64 = default_copies,
///             r#type: Option<String>,
///         }
///     }
/// }
///
/// # fn main() {
/// let label: Label = Label::builder().picture("cat.png").try_into().unwrap();
/// assert_eq!((label.copies, label.r#type), (1, None));
///
/// let error = Label::try_from(Label::builder()).unwrap_err();
/// assert_eq!(error.to_string(), "no value supplied for picture");
/// # }
/// ```
#[macro_export]
macro_rules! builder {
    ($name:ident for $built:path { $($field:ident: $ty:ty $(= $start:ident)?,)* }) => {
        #[doc = concat!("Builds a [`", stringify!($name), "`](", stringify!($built), ").")]
        #[derive(Clone, Debug)]
        pub struct $name {
            $($field: ::std::result::Result<$ty, ::std::string::String>,)*
        }

        impl $built {
            /// Returns a builder.
            pub fn builder() -> $name {
                <$name as ::std::default::Default>::default()
            }
        }

        impl ::std::default::Default for $name {
            fn default() -> Self {
                Self {
                    $($field: $crate::builder!(@start $built, $field $($start)?),)*
                }
            }
        }

        impl $name {
            $(
                #[doc = concat!("Sets `", stringify!($field), "`.")]
                pub fn $field(
                    mut self,
                    value: impl ::std::convert::TryInto<$ty, Error: ::std::fmt::Display>,
                ) -> Self {
                    let name = $crate::__private::field_name(stringify!($field));
                    self.$field = $crate::convert_field(name, value);
                    self
                }
            )*
        }

        impl ::std::convert::TryFrom<$name> for $built {
            type Error = $crate::ConversionError;

            fn try_from(builder: $name) -> ::std::result::Result<Self, $crate::ConversionError> {
                let $name { $($field),* } = builder;
                ::std::result::Result::Ok(Self { $($field: $field?),* })
            }
        }

        impl ::std::convert::From<$built> for $name {
            fn from(built: $built) -> Self {
                Self { $($field: ::std::result::Result::Ok(built.$field)),* }
            }
        }
    };

    (@start $built:path, $field:ident) => {
        ::std::result::Result::Ok(::std::default::Default::default())
    };
    (@start $built:path, $field:ident required) => {
        $crate::__private::missing_field(stringify!($field))
    };
    (@start $built:path, $field:ident $function:ident) => {
        ::std::result::Result::Ok(<$built>::$function())
    };
}

/// The name of a field in messages: a raw identifier without its prefix.
pub fn field_name(identifier: &'static str) -> &'static str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

/// The state of a required field that was not set.
///
/// # Errors
///
/// Always a message that names the field.
pub fn missing_field<T>(identifier: &'static str) -> Result<T, String> {
    Err(format!("no value supplied for {}", field_name(identifier)))
}
