//! Members that may be left out, be null, or be empty.

#![allow(clippy::unwrap_used)]

mod support;

use axum::body::Body;
use axum::http::Response;
use depot_client::Nullable;
use depot_client::types::{ParcelChange, Size};
use serde_json::{Value, json};
use support::Server;

/// What arrives of a change, and what the client makes of it when it comes back.
async fn sent(change: ParcelChange) -> (Value, ParcelChange) {
    let server = Server::answering(|got, _| {
        let answer = Response::builder().header("content-type", "application/json");
        answer.body(Body::from(got.body.clone())).unwrap()
    })
    .await;
    let client = server.client();
    let answer = client.change_parcel().id("7").body(change).send().await;
    let answer = answer.unwrap().into_inner();
    (serde_json::from_str(&server.only().text()).unwrap(), answer)
}

#[tokio::test]
async fn what_is_not_said_is_not_sent() {
    let (sent, answer) = sent(ParcelChange::builder().try_into().unwrap()).await;
    assert_eq!(sent, json!({}));
    assert!(answer.memo.is_absent());
    assert_eq!((answer.tags, answer.notes), (None, None));
}

#[tokio::test]
async fn null_is_sent_on_purpose() {
    let change = ParcelChange::builder()
        .memo(Nullable::Null)
        .size(Nullable::Null)
        .notes(Value::Null);
    let (sent, answer) = sent(change.try_into().unwrap()).await;
    assert_eq!(sent, json!({"memo": null, "size": null, "notes": null}));
    assert!(answer.memo.is_null() && answer.size.is_null());
    assert_eq!(answer.notes, Some(Value::Null));
}

#[tokio::test]
async fn a_list_can_be_emptied() {
    let change = ParcelChange::builder()
        .tags(Vec::new())
        .weights(std::collections::BTreeMap::new());
    let (sent, answer) = sent(change.try_into().unwrap()).await;
    assert_eq!(sent, json!({"tags": [], "weights": {}}));
    assert_eq!(answer.tags, Some(Vec::new()));
}

#[tokio::test]
async fn setters_take_a_value_or_an_option_of_one() {
    let change = ParcelChange::builder()
        .memo("*fragile*".to_owned())
        .size(Some(Size::VeryLarge));
    let (sent, answer) = sent(change.try_into().unwrap()).await;
    assert_eq!(sent, json!({"memo": "*fragile*", "size": "very-large"}));
    assert_eq!(
        answer.memo.as_option().map(String::as_str),
        Some("*fragile*")
    );

    let change = ParcelChange::builder().memo(None::<String>).size(None);
    let change = ParcelChange::try_from(change).unwrap();
    assert_eq!(serde_json::to_value(change).unwrap(), json!({}));
}
