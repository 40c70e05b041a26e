//! The stream of all files.

mod support;

use futures::{StreamExt, TryStreamExt};
use media_client::{Error, MediaQuery, MediaType};
use support::{Canned, Server, page};

/// A server that returns these ranges of files as pages of two.
fn pages(pages: &[(usize, usize)]) -> Server {
    Server::start(
        pages
            .iter()
            .map(|numbers| Canned::json(200, &page(numbers.0..numbers.1, 2)))
            .collect(),
    )
}

async fn names(server: &Server, query: MediaQuery) -> Vec<String> {
    let items: Vec<_> = server
        .client()
        .media(query)
        .try_collect()
        .await
        .expect("no response is an error");
    items.into_iter().map(|item| item.filename).collect()
}

#[tokio::test]
async fn stream_ends_after_a_page_that_is_not_full() {
    let server = pages(&[(0, 2), (2, 4), (4, 5)]);
    let query = MediaQuery::new().media_type(MediaType::Image).limit(2);
    assert_eq!(
        names(&server, query).await,
        ["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"]
    );
    assert_eq!(
        server.targets(),
        [
            "/v1/media?type=image&limit=2",
            "/v1/media?type=image&limit=2&offset=2",
            "/v1/media?type=image&limit=2&offset=4",
        ]
    );
}

#[tokio::test]
async fn stream_ends_after_an_empty_page() {
    let server = pages(&[(6, 8), (8, 8)]);
    assert_eq!(
        names(&server, MediaQuery::new().offset(6)).await,
        ["6.jpg", "7.jpg"]
    );
    assert_eq!(
        server.targets(),
        ["/v1/media?offset=6", "/v1/media?offset=8"]
    );
    assert!(names(&pages(&[(0, 0)]), MediaQuery::new()).await.is_empty());
}

#[tokio::test]
async fn pages_are_requested_when_they_are_read() {
    let server = pages(&[(0, 2), (2, 4)]);
    let client = server.client();
    let mut items = std::pin::pin!(client.media(MediaQuery::new()));
    assert!(server.targets().is_empty());
    items.next().await.unwrap().unwrap();
    items.next().await.unwrap().unwrap();
    assert_eq!(server.targets().len(), 1);
}

#[tokio::test]
async fn stream_ends_after_an_error() {
    let server = Server::start(vec![
        Canned::json(200, &page(0..2, 2)),
        Canned::error(429, "rate_limited").header("Retry-After", "1"),
    ]);
    let all: Vec<_> = server.client().media(MediaQuery::new()).collect().await;
    assert_eq!(all.len(), 3);
    assert!(matches!(all[2], Err(Error::RateLimited { .. })));

    let invalid: Vec<_> = server
        .client()
        .media(MediaQuery::new().limit(0))
        .collect()
        .await;
    assert!(matches!(invalid[..], [Err(Error::InvalidArgument { .. })]));
}

#[tokio::test]
async fn generated_client_streams_items() {
    // The size of a page is that in the response, not the default of the contract.
    let server = pages(&[(0, 2), (2, 3)]);
    let client = server.client();
    let items = client.generated().list_media().items();
    let items: Vec<_> = items.try_collect().await.expect("no response is an error");
    assert_eq!(items.len(), 3);
    assert_eq!(server.targets(), ["/v1/media", "/v1/media?offset=2"]);
}
