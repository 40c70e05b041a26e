//! The names of the methods for statuses.

/// The name of a status, or `None` if it has no standard one.
pub(super) fn of_code(code: u16) -> Option<&'static str> {
    let at = NAMES.binary_search_by_key(&code, |(code, _)| *code).ok()?;
    Some(NAMES[at].1)
}

/// The name of the statuses with this first digit.
pub(super) fn of_class(class: u16) -> Option<&'static str> {
    match class {
        1 => Some("informational"),
        2 => Some("success"),
        3 => Some("redirect"),
        4 => Some("client_error"),
        5 => Some("server_error"),
        _ => None,
    }
}

/// The statuses with a name (IANA, "HTTP Status Code Registry"), in order. Names are those of the crate `http`.
const NAMES: [(u16, &str); 62] = [
    (100, "continue_"),
    (101, "switching_protocols"),
    (102, "processing"),
    (103, "early_hints"),
    (200, "ok"),
    (201, "created"),
    (202, "accepted"),
    (203, "non_authoritative_information"),
    (204, "no_content"),
    (205, "reset_content"),
    (206, "partial_content"),
    (207, "multi_status"),
    (208, "already_reported"),
    (226, "im_used"),
    (300, "multiple_choices"),
    (301, "moved_permanently"),
    (302, "found"),
    (303, "see_other"),
    (304, "not_modified"),
    (305, "use_proxy"),
    (307, "temporary_redirect"),
    (308, "permanent_redirect"),
    (400, "bad_request"),
    (401, "unauthorized"),
    (402, "payment_required"),
    (403, "forbidden"),
    (404, "not_found"),
    (405, "method_not_allowed"),
    (406, "not_acceptable"),
    (407, "proxy_authentication_required"),
    (408, "request_timeout"),
    (409, "conflict"),
    (410, "gone"),
    (411, "length_required"),
    (412, "precondition_failed"),
    (413, "payload_too_large"),
    (414, "uri_too_long"),
    (415, "unsupported_media_type"),
    (416, "range_not_satisfiable"),
    (417, "expectation_failed"),
    (418, "im_a_teapot"),
    (421, "misdirected_request"),
    (422, "unprocessable_entity"),
    (423, "locked"),
    (424, "failed_dependency"),
    (425, "too_early"),
    (426, "upgrade_required"),
    (428, "precondition_required"),
    (429, "too_many_requests"),
    (431, "request_header_fields_too_large"),
    (451, "unavailable_for_legal_reasons"),
    (500, "internal_server_error"),
    (501, "not_implemented"),
    (502, "bad_gateway"),
    (503, "service_unavailable"),
    (504, "gateway_timeout"),
    (505, "http_version_not_supported"),
    (506, "variant_also_negotiates"),
    (507, "insufficient_storage"),
    (508, "loop_detected"),
    (510, "not_extended"),
    (511, "network_authentication_required"),
];

#[cfg(test)]
mod tests {
    use super::{NAMES, of_class, of_code};

    #[test]
    fn names_are_found_by_binary_search() {
        assert!(NAMES.is_sorted_by(|one, other| one.0 < other.0));
        assert_eq!(of_code(404), Some("not_found"));
        assert_eq!(of_code(511), Some("network_authentication_required"));
        assert_eq!(of_code(449), None);
        assert_eq!(of_class(4), Some("client_error"));
        assert_eq!(of_class(6), None);
    }
}
