//! Lookup of the keywords of a schema object in one pass over its properties.

use crate::document::{Document, NodeId, Value};

/// A keyword that the model reads.
#[derive(Clone, Copy)]
pub(super) enum Keyword {
    Ref,
    Type,
    Nullable,
    Enum,
    Const,
    Format,
    Minimum,
    ExclusiveMinimum,
    Maximum,
    ExclusiveMaximum,
    MultipleOf,
    MinLength,
    MaxLength,
    Pattern,
    ContentEncoding,
    ContentMediaType,
    ContentSchema,
    MinItems,
    MaxItems,
    UniqueItems,
    Items,
    PrefixItems,
    MinProperties,
    MaxProperties,
    Required,
    Properties,
    PatternProperties,
    AdditionalProperties,
    AllOf,
    AnyOf,
    OneOf,
    Discriminator,
    Title,
    Description,
    Default,
    Deprecated,
    ReadOnly,
    WriteOnly,
    Not,
    If,
    Then,
    Else,
    Contains,
    PropertyNames,
    UnevaluatedProperties,
    UnevaluatedItems,
    DependentSchemas,
    MinContains,
    MaxContains,
    DependentRequired,
    Dependencies,
    DynamicRef,
}

impl Keyword {
    const COUNT: usize = Self::DynamicRef as usize + 1;

    fn of(key: &str) -> Option<Self> {
        Some(match key {
            "$ref" => Self::Ref,
            "type" => Self::Type,
            "nullable" => Self::Nullable,
            "enum" => Self::Enum,
            "const" => Self::Const,
            "format" => Self::Format,
            "minimum" => Self::Minimum,
            "exclusiveMinimum" => Self::ExclusiveMinimum,
            "maximum" => Self::Maximum,
            "exclusiveMaximum" => Self::ExclusiveMaximum,
            "multipleOf" => Self::MultipleOf,
            "minLength" => Self::MinLength,
            "maxLength" => Self::MaxLength,
            "pattern" => Self::Pattern,
            "contentEncoding" => Self::ContentEncoding,
            "contentMediaType" => Self::ContentMediaType,
            "contentSchema" => Self::ContentSchema,
            "minItems" => Self::MinItems,
            "maxItems" => Self::MaxItems,
            "uniqueItems" => Self::UniqueItems,
            "items" => Self::Items,
            "prefixItems" => Self::PrefixItems,
            "minProperties" => Self::MinProperties,
            "maxProperties" => Self::MaxProperties,
            "required" => Self::Required,
            "properties" => Self::Properties,
            "patternProperties" => Self::PatternProperties,
            "additionalProperties" => Self::AdditionalProperties,
            "allOf" => Self::AllOf,
            "anyOf" => Self::AnyOf,
            "oneOf" => Self::OneOf,
            "discriminator" => Self::Discriminator,
            "title" => Self::Title,
            "description" => Self::Description,
            "default" => Self::Default,
            "deprecated" => Self::Deprecated,
            "readOnly" => Self::ReadOnly,
            "writeOnly" => Self::WriteOnly,
            "not" => Self::Not,
            "if" => Self::If,
            "then" => Self::Then,
            "else" => Self::Else,
            "contains" => Self::Contains,
            "propertyNames" => Self::PropertyNames,
            "unevaluatedProperties" => Self::UnevaluatedProperties,
            "unevaluatedItems" => Self::UnevaluatedItems,
            "dependentSchemas" => Self::DependentSchemas,
            "minContains" => Self::MinContains,
            "maxContains" => Self::MaxContains,
            "dependentRequired" => Self::DependentRequired,
            "dependencies" => Self::Dependencies,
            "$dynamicRef" => Self::DynamicRef,
            _ => return None,
        })
    }
}

/// A schema object with the values of its keywords.
pub(super) struct SchemaObject<'a> {
    pub(super) node: NodeId,
    /// The keywords whose value is null although null is not allowed. They are treated as missing.
    pub(super) nulls: Vec<(NodeId, &'a str)>,
    document: &'a Document,
    values: [Option<NodeId>; Keyword::COUNT],
}

impl<'a> SchemaObject<'a> {
    pub(super) fn new(document: &'a Document, node: NodeId) -> Self {
        let mut values = [None; Keyword::COUNT];
        let mut nulls = Vec::new();
        for entry in document.entries(node) {
            let Some(keyword) = Keyword::of(entry.key) else {
                continue;
            };
            let can_be_null = matches!(keyword, Keyword::Const | Keyword::Default);
            if !can_be_null && matches!(document.node(entry.value).value, Value::Null) {
                nulls.push((entry.value, entry.key));
            } else {
                values[keyword as usize] = Some(entry.value);
            }
        }
        Self {
            node,
            nulls,
            document,
            values,
        }
    }

    /// The value of a keyword.
    pub(super) fn get(&self, keyword: Keyword) -> Option<NodeId> {
        self.values[keyword as usize]
    }

    /// The value of a string keyword.
    pub(super) fn text(&self, keyword: Keyword) -> Option<&'a str> {
        self.document.text(self.get(keyword)?)
    }

    /// Whether a keyword is `true`.
    pub(super) fn is_set(&self, keyword: Keyword) -> bool {
        self.flag(keyword) == Some(true)
    }

    /// The value of a boolean keyword.
    pub(super) fn flag(&self, keyword: Keyword) -> Option<bool> {
        self.document.bool(self.get(keyword)?)
    }

    /// The elements of an array keyword; empty if it is not an array.
    pub(super) fn elements(&self, keyword: Keyword) -> &'a [NodeId] {
        match self.get(keyword) {
            Some(list) => self.document.elements(list),
            None => &[],
        }
    }
}
