//! 429, and the headers of the rate limit.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use media_client::{Error, MediaQuery};
use media_server::App;
use media_server::test_support::TempLibrary;

use crate::test_server::{self, client, limit};

/// A server with this limit that uses the clock of the files.
fn app(files: &TempLibrary, requests: u32) -> App {
    App::new(files.library.clone())
        .rate_limit(limit(requests))
        .clock(files.clock.clone())
}

#[test]
fn headers_count_down_to_the_rejection() {
    let files = TempLibrary::new();
    let key = files.key("default");
    let recorder = test_server::run(async |server| {
        let url = server.start_app(app(&files, 2)).await;
        let client = client(&url, &key);
        client.list_media(&MediaQuery::new()).await.unwrap();
        files.clock.advance(Duration::from_millis(42_500));
        client.list_media(&MediaQuery::new()).await.unwrap();
        let error = client.list_media(&MediaQuery::new()).await.unwrap_err();
        let Error::RateLimited {
            retry_after,
            rate_limit,
            failure,
            ..
        } = &error
        else {
            panic!("{error:?}")
        };
        assert_eq!(*retry_after, Duration::from_secs(18));
        assert_eq!(
            rate_limit.map(|limit| (limit.limit, limit.remaining)),
            Some((2, 0))
        );
        assert_eq!(failure.code, "rate_limited");
        assert!(error.is_retryable());
    });
    let headers: Vec<_> = recorder
        .exchanges()
        .iter()
        .map(|exchange| {
            let header = |name| exchange.header(name).map(str::to_owned);
            (
                exchange.status,
                header("x-ratelimit-limit"),
                header("x-ratelimit-remaining"),
                header("x-ratelimit-reset"),
                header("retry-after"),
            )
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    // The window started at noon, 1775822400, and lasts a minute.
    let reset = text("1775822460");
    assert_eq!(
        headers,
        [
            (200, text("2"), text("1"), reset.clone(), None),
            (200, text("2"), text("0"), reset.clone(), None),
            (429, text("2"), text("0"), reset, text("18")),
        ]
    );
}

#[test]
fn request_succeeds_after_retry_after() {
    let files = TempLibrary::new();
    let key = files.key("default");
    test_server::run(async |server| {
        let url = server.start_app(app(&files, 1)).await;
        let client = client(&url, &key);
        client.list_media(&MediaQuery::new()).await.unwrap();
        files.clock.advance(Duration::from_millis(300));
        let error = client.list_media(&MediaQuery::new()).await.unwrap_err();
        let Error::RateLimited { retry_after, .. } = error else {
            panic!("{error:?}")
        };
        files.clock.advance(retry_after);
        client.list_media(&MediaQuery::new()).await.unwrap();
    });
}

#[test]
fn every_counted_response_has_the_limit() {
    let files = TempLibrary::new();
    let key = files.key("default");
    let recorder = test_server::run(async |server| {
        let url = server.start_app(app(&files, 3)).await;
        let request = client(&url, &key);
        request.list_media(&MediaQuery::new()).await.unwrap();
        let generated = request.generated().list_media();
        let rejected = generated.limit(500_u64).send().await;
        assert!(rejected.is_err());
    });
    let remaining: Vec<_> = recorder
        .exchanges()
        .iter()
        .map(|sent| {
            (
                sent.status,
                sent.header("x-ratelimit-remaining").map(str::to_owned),
            )
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(remaining, [(200, text("2")), (400, text("1"))]);
}

#[test]
fn keys_are_counted_separately() {
    let files = TempLibrary::new();
    let keys = [files.key("default"), files.key("default")];
    test_server::run(async |server| {
        let url = server.start_app(app(&files, 1)).await;
        for key in &keys {
            let page = client(&url, key)
                .list_media(&MediaQuery::new())
                .await
                .unwrap();
            assert_eq!(page.rate_limit.unwrap().remaining, 0);
        }
    });
}

#[test]
fn fifty_concurrent_requests_are_counted() {
    let files = TempLibrary::new();
    let key = files.key("default");
    test_server::run(async |server| {
        let url = server.start_app(app(&files, 60)).await;
        let client = client(&url, &key);
        let query = MediaQuery::new();
        let pages = join_all((0..50).map(|_| client.list_media(&query))).await;
        let remaining: BTreeSet<u64> = pages
            .into_iter()
            .map(|page| page.unwrap().rate_limit.unwrap().remaining)
            .collect();
        assert_eq!(remaining, (10..60).collect());
    });
}

#[test]
fn as_many_concurrent_requests_as_the_limit_succeed() {
    let files = TempLibrary::new();
    let key = files.key("default");
    let recorder = test_server::run(async |server| {
        let url = server.start_app(app(&files, 20)).await;
        let client = client(&url, &key);
        let query = MediaQuery::new();
        join_all((0..50).map(|_| client.list_media(&query))).await;
    });
    let exchanges = recorder.exchanges();
    let count = |status| {
        exchanges
            .iter()
            .filter(|sent| sent.status == status)
            .count()
    };
    assert_eq!((count(200), count(429)), (20, 30));
}
