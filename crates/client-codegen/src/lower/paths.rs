//! Paths with empty segments: progenitor collapses `//` to one slash, which is another resource.

use serde_json::Value;

use super::Draft;

/// Inserts a mangled empty name between consecutive slashes.
pub(super) fn lower(draft: &mut Draft<'_>) {
    let Some(Value::Object(paths)) = draft.value.get_mut("paths") else {
        return;
    };
    if !paths.keys().any(|path| path.contains("//")) {
        return;
    }
    let empty = draft.mangler.mangle("", "");
    let mangled = |path: String| {
        let mut mangled = String::with_capacity(path.len());
        for c in path.chars() {
            if c == '/' && mangled.ends_with('/') {
                mangled.push_str(&empty);
            }
            mangled.push(c);
        }
        mangled
    };
    let items = std::mem::take(paths).into_iter();
    *paths = items.map(|(path, item)| (mangled(path), item)).collect();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{body, contract, lowered};

    #[test]
    fn empty_path_segments_are_kept() {
        let operation = |id: &str| {
            json!({ "get": {
                "operationId": id,
                "parameters": [{ "name": "id", "in": "path", "required": true,
                    "schema": { "type": "string" } }],
                "responses": { "200": body(json!({ "type": "string" })) },
            } })
        };
        let paths = json!({ "/a//b/{id}": operation("two"), "/c///{id}//": operation("more") });
        let outcome = lowered(&contract(paths, json!({})));
        assert!(outcome.is_exact());
        for url in [".path(\"/a//b/\")", ".path(\"/c///\")", ".path(\"//\")"] {
            assert!(outcome.code.contains(url), "{}", outcome.code);
        }
    }
}
