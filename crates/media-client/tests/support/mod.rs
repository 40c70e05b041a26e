//! A server on the loopback interface that sends canned responses and records the requests.

// No test file uses everything, and a test whose set-up fails may panic.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use media_client::{ApiKey, MediaClient};
use serde_json::{Value, json};

/// The API key of all tests. No output may contain it.
pub(crate) const KEY: &str = "mapi_5ec2e7";

/// The headers of a response to a counted request.
const RATE_LIMIT_HEADERS: [(&str, &str); 4] = [
    ("X-Request-Id", "a1b2c3d4"),
    ("X-RateLimit-Limit", "60"),
    ("X-RateLimit-Remaining", "41"),
    ("X-RateLimit-Reset", "1775822460"),
];

/// A canned response.
pub(crate) struct Canned {
    head: String,
    body: String,
    missing: usize,
    delay: Duration,
}

impl Canned {
    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self {
            head: format!("HTTP/1.1 {status} Prepared\r\nConnection: close\r\n"),
            body: body.to_owned(),
            missing: 0,
            delay: Duration::ZERO,
        }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, &body.to_string()).header("Content-Type", "application/json")
    }

    /// An error in the envelope of the API.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        let body = json!({
            "data": null,
            "error": { "code": code, "message": format!("about {code}") },
            "meta": meta(),
        });
        Self::json(status, &body).header("X-Request-Id", "a1b2c3d4")
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub(crate) fn with_rate_limit(self) -> Self {
        RATE_LIMIT_HEADERS
            .iter()
            .fold(self, |response, (name, value)| response.header(name, value))
    }

    /// Sends fewer bytes than `Content-Length` announces.
    pub(crate) fn truncated(mut self) -> Self {
        self.missing = 10;
        self
    }

    pub(crate) fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn send(&self, mut stream: TcpStream) {
        thread::sleep(self.delay);
        let length = self.body.len() + self.missing;
        let text = format!("{}Content-Length: {length}\r\n\r\n{}", self.head, self.body);
        // In some tests the client has closed the connection.
        let _ = stream.write_all(text.as_bytes());
    }
}

/// A server that sends each of its responses once, in order.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start(responses: Vec<Canned>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        thread::spawn(move || {
            for response in responses {
                let (stream, _) = listener.accept().unwrap();
                let head: Vec<String> = BufReader::new(&stream)
                    .lines()
                    .map(|line| line.unwrap_or_default())
                    .take_while(|line| !line.is_empty())
                    .collect();
                recorded.lock().unwrap().push(head.join("\n"));
                response.send(stream);
            }
        });
        Self { address, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn client(&self) -> MediaClient {
        MediaClient::new(self.url(), key()).unwrap()
    }

    /// The request lines and headers received so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The paths and queries of the requests received so far.
    pub(crate) fn targets(&self) -> Vec<String> {
        let target = |request: &String| request.split(' ').nth(1).unwrap_or_default().to_owned();
        self.requests().iter().map(target).collect()
    }
}

pub(crate) fn key() -> ApiKey {
    ApiKey::new(KEY).unwrap()
}

pub(crate) fn meta() -> Value {
    json!({ "request_id": "a1b2c3d4", "timestamp": "2026-04-10T12:00:00.000Z" })
}

/// The file with this number.
pub(crate) fn item(number: usize) -> Value {
    json!({
        "media_id": id(number),
        "status": "ready",
        "type": "image",
        "filename": format!("{number}.jpg"),
        "content_type": "image/jpeg",
        "size": 2_048_576,
        "width": 1920,
        "height": 1080,
        "duration": null,
        "created_at": "2026-04-10T12:00:00.000Z",
    })
}

pub(crate) fn id(number: usize) -> String {
    format!("a1b2c3d4-e5f6-7890-abcd-{number:012}")
}

/// A page with these files.
pub(crate) fn page(numbers: std::ops::Range<usize>, limit: usize) -> Value {
    json!({
        "data": {
            "items": numbers.clone().map(item).collect::<Vec<_>>(),
            "media_ids": numbers.clone().map(id).collect::<Vec<_>>(),
            "pagination": { "limit": limit, "offset": numbers.start },
        },
        "error": null,
        "meta": meta(),
    })
}
