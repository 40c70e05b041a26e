//! The rate limit.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

use media_server::test_support::{ManualClock, TempLibrary};
use media_server::{App, RateLimit};

use crate::support::client::{get, send};
use crate::support::server::TestServer;

fn serve(library: &TempLibrary, requests: u32, clock: &ManualClock) -> TestServer {
    let rate_limit = RateLimit {
        requests: NonZeroU32::new(requests).expect("not zero"),
        window: Duration::from_secs(60),
    };
    let app = App::new(library.library.clone())
        .rate_limit(rate_limit)
        .clock(clock.clone());
    TestServer::start(app)
}

#[test]
fn response_over_the_limit_has_retry_after() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let clock = ManualClock::at_noon();
    let server = serve(&library, 1, &clock);
    assert_eq!(get(server.address, "/v1/media", &key).status, 200);
    clock.advance(Duration::from_millis(43_001));
    let response = get(server.address, "/v1/media", &key);
    assert_eq!(response.status, 429);
    assert_eq!(response.code(), "rate_limited");
    assert_eq!(
        response.message(),
        "the limit of 1 request a minute is reached, retry in 17 seconds"
    );
    assert_eq!(response.number("retry-after"), Some(17));
    assert_eq!(response.number("x-ratelimit-limit"), Some(1));
    assert_eq!(response.number("x-ratelimit-remaining"), Some(0));
    assert_eq!(response.number("x-ratelimit-reset"), Some(1_775_822_460));
}

#[test]
fn waiting_for_retry_after_is_enough() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let clock = ManualClock::at_noon();
    let server = serve(&library, 1, &clock);
    get(server.address, "/v1/media", &key);
    clock.advance(Duration::from_millis(59_999));
    let wait = get(server.address, "/v1/media", &key).number("retry-after");
    assert_eq!(wait, Some(1));
    clock.advance(Duration::from_secs(1));
    assert_eq!(get(server.address, "/v1/media", &key).status, 200);
}

#[test]
fn parallel_requests_are_counted_exactly() {
    const LIMIT: u32 = 40;
    const REQUESTS: u32 = 60;
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = serve(&library, LIMIT, &ManualClock::at_noon());
    let responses: Vec<_> = std::thread::scope(|scope| {
        let requests: Vec<_> = (0..REQUESTS)
            .map(|_| scope.spawn(|| get(server.address, "/v1/media", &key)))
            .collect();
        requests
            .into_iter()
            .map(|request| request.join().expect("a response"))
            .collect()
    });
    let remaining: BTreeSet<i64> = responses
        .iter()
        .filter(|response| response.status == 200)
        .filter_map(|response| response.number("x-ratelimit-remaining"))
        .collect();
    assert_eq!(remaining, (0..i64::from(LIMIT)).collect());
    let rejected = responses
        .iter()
        .filter(|response| response.status == 429)
        .count();
    assert_eq!(rejected, (REQUESTS - LIMIT) as usize);
}

#[test]
fn keys_of_a_library_are_counted_separately() {
    let library = TempLibrary::new();
    let (first, second) = (library.key("default"), library.key("default"));
    let server = serve(&library, 1, &ManualClock::at_noon());
    assert_eq!(get(server.address, "/v1/media", &first).status, 200);
    assert_eq!(get(server.address, "/v1/media", &second).status, 200);
    assert_eq!(get(server.address, "/v1/media", &first).status, 429);
}

#[test]
fn every_authenticated_request_is_counted() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let credentials = format!("Authorization: Bearer {key}");
    let server = serve(&library, 3, &ManualClock::at_noon());
    assert_eq!(get(server.address, "/nothing", &key).status, 404);
    assert_eq!(get(server.address, "/v1/media?limit=0", &key).status, 400);
    let response = send(server.address, "PUT", "/v1/media", &[&credentials]);
    assert_eq!(response.status, 405);
    assert_eq!(response.number("x-ratelimit-remaining"), Some(0));
}

#[test]
fn limit_is_checked_before_path_and_parameters() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = serve(&library, 1, &ManualClock::at_noon());
    get(server.address, "/v1/media", &key);
    assert_eq!(get(server.address, "/nothing", &key).status, 429);
    assert_eq!(get(server.address, "/v1/media?limit=0", &key).status, 429);
}
