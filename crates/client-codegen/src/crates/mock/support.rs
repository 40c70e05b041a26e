//! The functions that generated mocks share.

use syn::{Item, parse_quote};

/// The items of the root module that the methods of operations use.
pub(super) fn items() -> Vec<Item> {
    let file: syn::File = parse_quote! {
        use ::openapi_client_runtime::style;
        use ::openapi_client_runtime::{FieldEncoding, Request, Style, reqwest};
        use ::serde::Serialize;
        use ::serde_json::Value;

        /// What an optional parameter is expected to be: a value, a reference to one, or `None` if the parameter must
        /// be absent.
        pub trait Expected<T> {
            /// Serializes the value.
            fn into_json(self) -> Option<Value>;
        }

        impl<T: Serialize> Expected<T> for T {
            fn into_json(self) -> Option<Value> {
                Some(json(&self))
            }
        }

        impl<T: Serialize> Expected<T> for &T {
            fn into_json(self) -> Option<Value> {
                Some(json(self))
            }
        }

        impl<T: Serialize> Expected<T> for Option<T> {
            fn into_json(self) -> Option<Value> {
                self.as_ref().map(json)
            }
        }

        impl<T: Serialize> Expected<T> for &Option<T> {
            fn into_json(self) -> Option<Value> {
                self.as_ref().map(json)
            }
        }

        /// Expects a path with the value of one parameter, or with any values. Some paths have a query.
        pub(crate) fn path(
            when: ::httpmock::When,
            template: &str,
            given: Option<(&str, Style, Value)>,
        ) -> ::httpmock::When {
            let mut pattern = "^".to_owned();
            let mut rest = template;
            let mut is_query = false;
            while let Some((literal, (name, behind))) = next_parameter(rest) {
                is_query |= literal.contains('?');
                pattern.push_str(&regex::escape(literal));
                match &given {
                    Some((given, style, value)) if *given == name => {
                        let value = match is_query {
                            true => style.text(name, value, style::encoded),
                            false => style.in_path(name, value),
                        };
                        pattern.push_str(&regex::escape(&value));
                    }
                    _ if is_query => pattern.push_str("[^&]*"),
                    _ => pattern.push_str("[^/]*"),
                }
                rest = behind;
            }
            pattern.push_str(&regex::escape(rest));
            if !template.contains('?') {
                return when.path_matches(matcher(&format!("{pattern}$")));
            }
            // The client appends other query parameters.
            let pattern = matcher(&format!("{pattern}(&.*)?$"));
            when.is_true(move |request| {
                let uri = request.uri();
                uri.path_and_query().is_some_and(|sent| pattern.is_match(sent.as_str()))
            })
        }

        /// Returns what is before the first parameter of a path template, its name, and what is behind it.
        fn next_parameter(template: &str) -> Option<(&str, (&str, &str))> {
            let (literal, behind) = template.split_once('{')?;
            Some((literal, behind.split_once('}')?))
        }

        fn matcher(pattern: &str) -> regex::Regex {
            match regex::Regex::new(pattern) {
                Ok(pattern) => pattern,
                Err(error) => panic!("the path cannot be matched: {error}"),
            }
        }

        /// Expects a query parameter, or that there is none.
        pub(crate) fn query(
            when: ::httpmock::When,
            name: &str,
            style: Style,
            value: Option<Value>,
        ) -> ::httpmock::When {
            match value {
                Some(value) => {
                    let pairs = style.pairs(name, &value, str::to_owned).into_iter();
                    pairs.fold(when, |when, (name, value)| when.query_param(name, value))
                }
                None if style == Style::DeepObject => {
                    let start = format!("{name}[");
                    when.is_false(move |request| {
                        let sent = request.query_params();
                        sent.iter().any(|(name, _)| name.starts_with(&start))
                    })
                }
                None => when.query_param_missing(name),
            }
        }

        /// Expects a cookie, or that there is none.
        pub(crate) fn cookie(
            when: ::httpmock::When,
            name: &str,
            style: Style,
            value: Option<Value>,
        ) -> ::httpmock::When {
            match value {
                Some(value) => {
                    let pairs = style.in_cookie(name, &value).into_iter();
                    pairs.fold(when, |when, (name, value)| when.cookie(name, value))
                }
                None => when.cookie_missing(name),
            }
        }

        /// Expects a header, or that there is none.
        pub(crate) fn header(
            when: ::httpmock::When,
            name: &str,
            style: Style,
            value: Option<Value>,
        ) -> ::httpmock::When {
            match value {
                Some(value) => when.header(name, style.text(name, &value, str::to_owned)),
                None => when.header_missing(name),
            }
        }

        /// Expects these bytes.
        pub(crate) fn bytes(when: ::httpmock::When, expected: Vec<u8>) -> ::httpmock::When {
            match String::from_utf8(expected) {
                Ok(text) => when.body(text),
                Err(error) => {
                    let expected = error.into_bytes();
                    when.is_true(move |request| request.body_ref() == expected.as_slice())
                }
            }
        }

        /// Encodes a form as the client does.
        pub(crate) fn form(media_type: &'static str, fields: &[FieldEncoding], value: Value) -> String {
            let request = Request::new(reqwest::Method::POST, "http://localhost");
            let request = request.form(media_type, fields, Ok(Some(value)));
            match request.build::<()>(&reqwest::Client::new()) {
                Ok(request) => {
                    let sent = request.body().and_then(|body| body.as_bytes());
                    String::from_utf8_lossy(sent.unwrap_or_default()).into_owned()
                }
                Err(error) => panic!("cannot serialize the form: {error}"),
            }
        }

        /// Responds with a status, a media type and a body.
        pub(crate) fn respond(
            then: ::httpmock::Then,
            status: u16,
            media_type: &str,
            body: impl AsRef<[u8]>,
        ) -> ::httpmock::Then {
            then.status(status).header("content-type", media_type).body(body)
        }

        /// Writes the items of a stream.
        pub(crate) fn items<T: Serialize>(
            items: impl IntoIterator<Item = impl ::std::borrow::Borrow<T>>,
            before: &str,
            after: &str,
        ) -> String {
            let items = items.into_iter();
            let items = items.map(|item| format!("{before}{}{after}", json::<T>(item.borrow())));
            items.collect()
        }

        /// Serializes a value as the client does.
        pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Value {
            match style::json(value) {
                Ok(value) => value,
                Err(error) => panic!("cannot serialize the value to JSON: {error}"),
            }
        }
    };
    file.items
}
