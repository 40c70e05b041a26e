//! Structs around another type.

/// Declares a struct around another type, which is written and read as that type.
///
/// It is for types that contain themselves without a struct or an enum between, which no alias can name.
///
/// ```
/// openapi_client_runtime::wrapper! {
///     /// A tree without values.
///     pub struct Tree(pub Vec<Tree>);
/// }
///
/// let tree: Tree = serde_json::from_str("[[],[[]]]").unwrap();
/// assert_eq!(tree.len(), 2);
/// assert_eq!(tree[0], Tree::from(vec![]));
/// assert_eq!(serde_json::to_string(&tree).unwrap(), "[[],[[]]]");
/// ```
#[macro_export]
macro_rules! wrapper {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident($of_value:vis $ty:ty);
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        $visibility struct $name($of_value $ty);

        impl ::std::ops::Deref for $name {
            type Target = $ty;

            fn deref(&self) -> &$ty {
                &self.0
            }
        }

        impl ::std::convert::From<$ty> for $name {
            fn from(value: $ty) -> Self {
                Self(value)
            }
        }

        impl ::std::convert::From<$name> for $ty {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::__private::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__private::serde::Deserialize::deserialize(deserializer).map(Self)
            }
        }

        // A derived schema would not be a reference: it would never end.
        $crate::__schema! { $name, generator => {
            <$ty as $crate::__private::schemars::JsonSchema>::json_schema(generator)
        } }
    };
}
