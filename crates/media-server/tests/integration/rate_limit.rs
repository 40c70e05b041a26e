//! How much a key may ask.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

use media_server::{App, RateLimit};

use crate::support::client::{get, send};
use crate::support::library::{StandingClock, TempLibrary};
use crate::support::server::TestServer;

fn serve(library: &TempLibrary, requests: u32, clock: &StandingClock) -> TestServer {
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
fn the_request_over_the_limit_is_told_how_long_to_wait() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let clock = StandingClock::at_noon();
    let server = serve(&library, 1, &clock);
    assert_eq!(get(server.address, "/v1/media", &key).status, 200);
    clock.advance(Duration::from_millis(43_001));
    let answer = get(server.address, "/v1/media", &key);
    assert_eq!(answer.status, 429);
    assert_eq!(answer.code(), "rate_limited");
    assert_eq!(
        answer.message(),
        "the limit of 1 request a minute is reached, retry in 17 seconds"
    );
    assert_eq!(answer.number("retry-after"), Some(17));
    assert_eq!(answer.number("x-ratelimit-limit"), Some(1));
    assert_eq!(answer.number("x-ratelimit-remaining"), Some(0));
    assert_eq!(answer.number("x-ratelimit-reset"), Some(1_775_822_460));
}

#[test]
fn waiting_as_long_as_told_suffices() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let clock = StandingClock::at_noon();
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
    let server = serve(&library, LIMIT, &StandingClock::at_noon());
    let answers: Vec<_> = std::thread::scope(|scope| {
        let requests: Vec<_> = (0..REQUESTS)
            .map(|_| scope.spawn(|| get(server.address, "/v1/media", &key)))
            .collect();
        requests
            .into_iter()
            .map(|request| request.join().expect("an answer"))
            .collect()
    });
    let remaining: BTreeSet<i64> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .filter_map(|answer| answer.number("x-ratelimit-remaining"))
        .collect();
    assert_eq!(remaining, (0..i64::from(LIMIT)).collect());
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!(refused, (REQUESTS - LIMIT) as usize);
}

#[test]
fn keys_are_counted_apart_even_of_one_library() {
    let library = TempLibrary::new();
    let (first, second) = (library.key("default"), library.key("default"));
    let server = serve(&library, 1, &StandingClock::at_noon());
    assert_eq!(get(server.address, "/v1/media", &first).status, 200);
    assert_eq!(get(server.address, "/v1/media", &second).status, 200);
    assert_eq!(get(server.address, "/v1/media", &first).status, 429);
}

#[test]
fn every_answer_to_a_key_counts() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let credentials = format!("Authorization: Bearer {key}");
    let server = serve(&library, 3, &StandingClock::at_noon());
    assert_eq!(get(server.address, "/nothing", &key).status, 404);
    assert_eq!(get(server.address, "/v1/media?limit=0", &key).status, 400);
    let answer = send(server.address, "PUT", "/v1/media", &[&credentials]);
    assert_eq!(answer.status, 405);
    assert_eq!(answer.number("x-ratelimit-remaining"), Some(0));
}

#[test]
fn the_limit_comes_before_the_path_and_the_parameters() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = serve(&library, 1, &StandingClock::at_noon());
    get(server.address, "/v1/media", &key);
    assert_eq!(get(server.address, "/nothing", &key).status, 429);
    assert_eq!(get(server.address, "/v1/media?limit=0", &key).status, 429);
}
