//! Optional, nullable and empty properties.

#![allow(clippy::unwrap_used)]

mod support;

use axum::body::Body;
use axum::http::Response;
use depot_client::Nullable;
use depot_client::types::{ParcelChange, Size};
use serde_json::{Value, json};
use support::Server;

/// The body that the server receives for a change, and the change as the client reads it from the echoed response.
async fn sent(change: ParcelChange) -> (Value, ParcelChange) {
    let server = Server::responding(|request, _| {
        let response = Response::builder().header("content-type", "application/json");
        response.body(Body::from(request.body.clone())).unwrap()
    })
    .await;
    let client = server.client();
    let response = client.change_parcel().id("7").body(change).send().await;
    let echoed = response.unwrap().into_inner();
    (serde_json::from_str(&server.only().text()).unwrap(), echoed)
}

#[tokio::test]
async fn absent_properties_are_not_sent() {
    let (sent, echoed) = sent(ParcelChange::builder().try_into().unwrap()).await;
    assert_eq!(sent, json!({}));
    assert!(echoed.memo.is_absent());
    assert_eq!((echoed.tags, echoed.notes), (None, None));
}

#[tokio::test]
async fn explicit_null_is_sent() {
    let change = ParcelChange::builder()
        .memo(Nullable::Null)
        .size(Nullable::Null)
        .notes(Value::Null);
    let (sent, echoed) = sent(change.try_into().unwrap()).await;
    assert_eq!(sent, json!({"memo": null, "size": null, "notes": null}));
    assert!(echoed.memo.is_null() && echoed.size.is_null());
    assert_eq!(echoed.notes, Some(Value::Null));
}

#[tokio::test]
async fn empty_arrays_and_maps_are_sent() {
    let change = ParcelChange::builder()
        .tags(Vec::new())
        .weights(std::collections::BTreeMap::new());
    let (sent, echoed) = sent(change.try_into().unwrap()).await;
    assert_eq!(sent, json!({"tags": [], "weights": {}}));
    assert_eq!(echoed.tags, Some(Vec::new()));
}

#[tokio::test]
async fn setters_accept_a_value_or_an_option() {
    let change = ParcelChange::builder()
        .memo("*fragile*".to_owned())
        .size(Some(Size::VeryLarge));
    let (sent, echoed) = sent(change.try_into().unwrap()).await;
    assert_eq!(sent, json!({"memo": "*fragile*", "size": "very-large"}));
    assert_eq!(
        echoed.memo.as_option().map(String::as_str),
        Some("*fragile*")
    );

    let change = ParcelChange::builder().memo(None::<String>).size(None);
    let change = ParcelChange::try_from(change).unwrap();
    assert_eq!(serde_json::to_value(change).unwrap(), json!({}));
}
