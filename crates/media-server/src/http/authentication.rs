//! Reads the API key of a request.

use axum::http::{HeaderMap, header};

use crate::domain::api_key::ApiKey;

/// The API key in the `Authorization` header. `None` if it is missing or malformed: the response is the same in all
/// cases.
pub(crate) fn bearer_key(headers: &HeaderMap) -> Option<ApiKey> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?;
    // Two credentials are ambiguous.
    if values.next().is_some() {
        return None;
    }
    let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    ApiKey::parse(credentials.trim_start_matches(' '))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepted(values: &[&[u8]]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_bytes(value).expect("a valid header value");
            headers.append(header::AUTHORIZATION, value);
        }
        bearer_key(&headers).is_some()
    }

    fn credentials(scheme: &str) -> Vec<u8> {
        format!("{scheme}mapi_{}", "0a".repeat(32)).into_bytes()
    }

    #[test]
    fn scheme_is_case_insensitive() {
        for scheme in ["Bearer ", "bearer ", "BEARER ", "Bearer   "] {
            assert!(accepted(&[&credentials(scheme)]), "{scheme}");
        }
    }

    #[test]
    fn malformed_headers_have_no_key() {
        assert!(!accepted(&[]));
        assert!(!accepted(&[b""]));
        assert!(!accepted(&[b"Bearer"]));
        assert!(!accepted(&[b"Bearer "]));
        assert!(!accepted(&[b"Bearer \xff\xfe"]));
        assert!(!accepted(&[&credentials("")]));
        assert!(!accepted(&[&credentials("Basic ")]));
        assert!(!accepted(&[&credentials("Bearer\t")]));
        assert!(!accepted(&[
            &[credentials("Bearer "), b" x".to_vec()].concat()
        ]));
    }

    #[test]
    fn two_headers_have_no_key() {
        assert!(!accepted(&[
            &credentials("Bearer "),
            &credentials("Bearer ")
        ]));
    }
}
