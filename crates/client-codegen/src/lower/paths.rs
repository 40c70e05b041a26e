//! Paths that progenitor would shorten: of `//` it keeps one slash, which is another resource.

use serde_json::Value;

use super::Draft;

/// Puts a spelling of nothing between slashes that follow each other.
pub(super) fn lower(draft: &mut Draft<'_>) {
    let Some(Value::Object(paths)) = draft.value.get_mut("paths") else {
        return;
    };
    if !paths.keys().any(|path| path.contains("//")) {
        return;
    }
    let nothing = draft.mangler.mangle("", "");
    let spelled = |path: String| {
        let mut spelled = String::with_capacity(path.len());
        for c in path.chars() {
            if c == '/' && spelled.ends_with('/') {
                spelled.push_str(&nothing);
            }
            spelled.push(c);
        }
        spelled
    };
    let items = std::mem::take(paths).into_iter();
    *paths = items.map(|(path, item)| (spelled(path), item)).collect();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::lower::test_support::{body, contract, lowered};

    #[test]
    fn every_slash_of_a_path_is_sent() {
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
        for address in ["\"{}/a//b/{}\"", "\"{}/c///{}//\""] {
            assert!(outcome.code.contains(address), "{}", outcome.code);
        }
    }
}
