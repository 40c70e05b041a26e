::openapi_client_runtime::builder! {
    Label for super::Label {
        title: super::Title = required,
        size: Option<super::Size>,
        r#type: Option<super::Code>,
        next_cursor: super::super::Nullable<String>,
        notes: Option<::serde_json::Value>,
        parent: Option<Box<super::Label>> = required,
        tree: Option<super::Tree>,
        old: Option<bool>,
        additional_properties: ::serde_json::Map<String, ::serde_json::Value>,
    }
}

#[cfg(feature = "builders")]
::openapi_client_runtime::builder! {
    Page for super::Page {
        limit: i64 = default_limit,
        ratio: f64 = default_ratio,
        color: super::Color = default_color,
        tags: super::Names = default_tags,
        first: Option<String>,
        self_: Option<bool> = default_self_,
    }
}

::openapi_client_runtime::builder! {
    Cat for super::Cat {
        lives: i64 = required,
    }
}

::openapi_client_runtime::builder! {
    Dog for super::Dog {
        name: String = required,
    }
}

::openapi_client_runtime::builder! {
    Empty for super::Empty {}
}
