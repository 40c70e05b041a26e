//! Pagination: streams of pages and of items.

#![allow(clippy::unwrap_used)]

mod support;

use depot_client::auth::Credentials;
use depot_client::types::Parcel;
use futures::{Stream, StreamExt, TryStreamExt};
use support::{Received, Server, json, with};

/// A page with these parcels and this metadata.
fn page(ids: impl IntoIterator<Item = u64>, meta: &str) -> axum::http::Response<axum::body::Body> {
    json(
        200,
        &format!(r#"{{"data":{{"items":{}}},"meta":{meta}}}"#, list(ids)),
    )
}

fn list(ids: impl IntoIterator<Item = u64>) -> String {
    let items: Vec<String> = ids
        .into_iter()
        .map(|id| format!(r#"{{"id":{id}}}"#))
        .collect();
    format!("[{}]", items.join(","))
}

fn number(request: &Received, name: &str, default: u64) -> u64 {
    request
        .query(name)
        .map_or(default, |text| text.parse().unwrap())
}

async fn ids<E>(items: impl Stream<Item = Result<Parcel, E>>) -> Vec<i64>
where
    E: std::fmt::Debug,
{
    let items: Vec<Parcel> = items.try_collect().await.unwrap();
    items.into_iter().map(|item| item.id).collect()
}

fn targets(server: &Server) -> Vec<String> {
    server
        .requests()
        .into_iter()
        .map(|request| request.target)
        .collect()
}

/// A server with this many parcels, in pages of the requested limit.
async fn with_offsets(all: u64) -> Server {
    Server::responding(move |request, _| {
        let from = number(request, "offset", 0);
        let to = all.min(from + number(request, "limit", 3));
        page(from..to.max(from), "{}")
    })
    .await
}

#[tokio::test]
async fn page_that_is_not_full_is_the_last() {
    let server = with_offsets(7).await;
    assert_eq!(
        ids(server.client().list_by_offset().items()).await,
        [0, 1, 2, 3, 4, 5, 6]
    );
    let expected = [
        "/lists/offset",
        "/lists/offset?offset=3",
        "/lists/offset?offset=6",
    ];
    assert_eq!(targets(&server), expected);
}

#[tokio::test]
async fn empty_page_is_the_last() {
    let server = with_offsets(4).await;
    let pages: Vec<_> = server
        .client()
        .list_by_offset()
        .limit(2u64)
        .pages()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(pages.len(), 2);
    assert_eq!(server.requests().len(), 3);
    let nothing = with_offsets(0).await;
    let client = nothing.client();
    let pages: Vec<_> = client.list_by_offset().pages().try_collect().await.unwrap();
    assert_eq!((pages.len(), nothing.requests().len()), (1, 1));
}

#[tokio::test]
async fn stream_starts_at_the_given_offset() {
    let server = with_offsets(7).await;
    let client = server.client();
    assert_eq!(
        ids(client.list_by_offset().offset(4u64).limit(2u64).items()).await,
        [4, 5, 6]
    );
    let second = "/lists/offset?offset=6&limit=2";
    assert_eq!(targets(&server), ["/lists/offset?offset=4&limit=2", second]);
}

#[tokio::test]
async fn pages_are_requested_when_they_are_read() {
    let server = with_offsets(100).await;
    let client = server.client();
    let first: Vec<Parcel> = client
        .list_by_offset()
        .items()
        .take(3)
        .try_collect()
        .await
        .unwrap();
    assert_eq!((first.len(), server.requests().len()), (3, 1));
}

#[tokio::test]
async fn stream_ends_after_the_total_number_of_items() {
    let server = Server::responding(|request, _| {
        let from = number(request, "skip", 0);
        page(from..from + 2, r#"{"total":4}"#)
    })
    .await;
    assert_eq!(
        ids(server.client().list_by_total().items()).await,
        [0, 1, 2, 3]
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn stream_ends_after_the_number_of_pages() {
    let server = Server::responding(|request, _| {
        let at = number(request, "page", 1);
        page([at], r#"{"pages":3}"#)
    })
    .await;
    assert_eq!(ids(server.client().list_by_page().items()).await, [1, 2, 3]);
    assert_eq!(
        targets(&server),
        ["/lists/page", "/lists/page?page=2", "/lists/page?page=3"]
    );
}

#[tokio::test]
async fn stream_ends_when_more_is_false() {
    let server = Server::responding(|request, _| {
        let at = number(request, "page", 0);
        page(
            [at],
            if at < 2 {
                r#"{"more":true}"#
            } else {
                r#"{"more":false}"#
            },
        )
    })
    .await;
    assert_eq!(ids(server.client().list_by_more().items()).await, [0, 1, 2]);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn stream_ends_without_a_next_cursor() {
    for last in [r#"{"nextCursor":null}"#, r#"{"nextCursor":""}"#, "{}"] {
        let server =
            Server::responding(move |request, _| match request.query("cursor").as_deref() {
                None => page([1, 2], r#"{"nextCursor":"b/c"}"#),
                // An empty page is not necessarily the last.
                Some("b/c") => page([], r#"{"nextCursor":"d"}"#),
                _ => page([3], last),
            })
            .await;
        // The parameter `items` takes the name of the method.
        let request = server.client();
        let request = request.list_by_cursor().items("all");
        assert_eq!(ids(request.items_()).await, [1, 2, 3]);
        let expected = [
            "/lists/cursor?items=all",
            "/lists/cursor?cursor=b%2Fc&items=all",
            "/lists/cursor?cursor=d&items=all",
        ];
        assert_eq!(targets(&server), expected);
    }
}

#[tokio::test]
async fn repeated_cursor_is_an_error() {
    let server = Server::responding(|request, _| match request.query("cursor").as_deref() {
        Some("b") => page([2], r#"{"nextCursor":"a"}"#),
        _ => page([1], r#"{"nextCursor":"b"}"#),
    })
    .await;
    let client = server.client();
    let pages: Vec<_> = client.list_by_cursor().cursor("a").pages().collect().await;
    assert_eq!((pages.len(), server.requests().len()), (3, 2));
    let error = pages[2].as_ref().unwrap_err().to_string();
    assert_eq!(error, "the cursor `a` of the next page was already used");
}

#[tokio::test]
async fn stream_ends_after_an_error() {
    let server = Server::responding(|_, number| match number {
        1 => page([1, 2, 3], "{}"),
        _ => json(500, "{}"),
    })
    .await;
    let client = server.client();
    let items: Vec<_> = client.list_by_offset().items().collect().await;
    let is_ok: Vec<bool> = items.iter().map(Result::is_ok).collect();
    assert_eq!(is_ok, [true, true, true, false]);
    assert_eq!(server.requests().len(), 2);
}

/// A server whose first page has a `Link` header with this target.
async fn with_link(target: &'static str) -> Server {
    Server::responding(move |request, _| match request.query("after") {
        None => {
            let link =
                format!(r#"</first>; rel=first, <{target}>; title="a, \"b\""; rel="up NEXT""#);
            with(200, &[("Link", &link)], &list([1, 2]))
        }
        Some(_) => with(200, &[("Link", "</first>; rel=\"prev first\"")], &list([3])),
    })
    .await
}

#[tokio::test]
async fn next_link_is_followed() {
    for target in ["/lists/link?after=2&q=x", "?after=2&q=x"] {
        let server = with_link(target).await;
        let client = server
            .client()
            .with_credentials(Credentials::new().bearer_auth("t"));
        assert_eq!(ids(client.list_by_link().q("x").items()).await, [1, 2, 3]);
        assert_eq!(
            targets(&server),
            ["/lists/link?q=x", "/lists/link?after=2&q=x"]
        );
        assert!(
            server
                .requests()
                .iter()
                .all(|request| request.header("authorization") == "Bearer t")
        );
    }
}

#[tokio::test]
async fn invalid_next_links_are_not_followed() {
    let other = Server::ok().await;
    let address: &'static str = Box::leak(format!("{}/x?after=1", other.address).into());
    for (target, expected) in [
        (address, "it points to another server"),
        ("/lists/link", "it points to the current page"),
        ("http://[", "it is not a valid URL: "),
    ] {
        let server = with_link(target).await;
        let client = server
            .client()
            .with_credentials(Credentials::new().bearer_auth("t"));
        let pages: Vec<_> = client.list_by_link().pages().collect().await;
        assert_eq!(pages.len(), 2);
        let error = pages[1].as_ref().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
    assert!(other.requests().is_empty());
}
