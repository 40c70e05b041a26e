//! Graceful shutdown.

use std::time::{Duration, Instant};

use media_server::App;

use crate::support::client::get;
use crate::support::library::{Behaviour, FakeLibrary, any_key};
use crate::support::program::Program;
use crate::support::server::TestServer;

#[test]
fn pending_request_is_completed() {
    let slow = FakeLibrary::listing(Behaviour::Wait(Duration::from_millis(1500)));
    let server = TestServer::start(App::new(slow));
    let address = server.address;
    let request = std::thread::spawn(move || get(address, "/v1/media", &any_key()));
    // Long enough for the request to arrive, and much shorter than the response takes.
    std::thread::sleep(Duration::from_millis(500));
    server.stop();
    assert_eq!(request.join().expect("a response").status, 200);
}

#[test]
fn request_that_exceeds_the_grace_period_is_aborted() {
    let stuck = FakeLibrary::listing(Behaviour::Wait(Duration::from_secs(60)));
    let grace = Duration::from_millis(300);
    let server = TestServer::start_with_grace(App::new(stuck), grace);
    let address = server.address;
    // There is no response, so the thread panics. It is not joined.
    std::thread::spawn(move || get(address, "/v1/media", &any_key()));
    std::thread::sleep(Duration::from_millis(500));
    let started = Instant::now();
    server.stop();
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[cfg(unix)]
#[test]
fn program_stops_on_sigterm_and_on_ctrl_c() {
    let program = Program::new();
    for signal in ["TERM", "INT"] {
        let mut server = program.serve(&[]);
        assert_eq!(server.signal(signal), Some(0), "{signal}");
    }
}
