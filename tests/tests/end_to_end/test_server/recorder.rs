//! Records every exchange of a server.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use openapi_contract::conformance::{Conformance, Exchange};
use serde_json::{Map, Value};
use workspace_tests::documents;

/// One exchange.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// The exchanges of one test, in the order of the responses.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Recorded>>>);

impl Recorder {
    /// Wraps routes so that all exchanges are recorded.
    pub(super) fn layer(&self, router: Router) -> Router {
        // Around the router, not inside, so that responses to unknown paths are recorded as well.
        Router::new()
            .fallback_service(router)
            .layer(middleware::from_fn_with_state(self.clone(), record))
    }

    /// All exchanges so far.
    pub(crate) fn exchanges(&self) -> Vec<Recorded> {
        self.0.lock().expect("no panic while locked").clone()
    }

    /// All violations of the contract in the responses.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.check().0
    }

    /// The statuses in the contract that no response had.
    pub(crate) fn unseen(&self) -> Vec<String> {
        self.check().1
    }

    fn check(&self) -> (Vec<String>, Vec<String>) {
        let contract = documents::contract("openapi/media.yaml", documents::CONTRACT);
        let mut conformance = Conformance::new(&contract).expect("its schemas are valid");
        let mut violations = Vec::new();
        for recorded in self.exchanges() {
            if contract.route(&recorded.method, &recorded.path).is_none() {
                violations.extend(recorded.envelope_violation());
                continue;
            }
            let found = conformance.check(&Exchange {
                method: &recorded.method,
                path: &recorded.path,
                status: recorded.status,
                headers: &recorded.headers,
                body: &recorded.body,
            });
            violations.extend(found.iter().map(ToString::to_string));
        }
        (violations, conformance.unseen())
    }
}

impl Recorded {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(header, _)| header == name);
        values.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// The violation in a response to a request outside of the contract. It must have the envelope as
    /// well, except for `HEAD`, which has no body.
    fn envelope_violation(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let keys: Vec<&String> = body.as_object().into_iter().flat_map(Map::keys).collect();
        let is_success = (200..300).contains(&self.status);
        let id = self.header("x-request-id");
        let is_envelope = keys == ["data", "error", "meta"]
            && body["error"].is_null() == is_success
            && body["data"].is_null() != is_success
            && body["meta"]["request_id"].as_str() == id;
        let is_fine =
            id.is_some() && (is_envelope || (self.method == "HEAD" && self.body.is_empty()));
        let site = format!("{} {} {}", self.method, self.path, self.status);
        (!is_fine).then(|| format!("{site}: not the envelope: {body}"))
    }
}

async fn record(State(recorder): State<Recorder>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let (head, body) = next.run(request).await.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a complete body");
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = head.headers.iter();
    let recorded = Recorded {
        method,
        path,
        query,
        status: head.status.as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect(),
        body: body.to_vec(),
    };
    let mut exchanges = recorder.0.lock().expect("no panic while locked");
    exchanges.push(recorded);
    drop(exchanges);
    Response::from_parts(head, Body::from(body))
}
