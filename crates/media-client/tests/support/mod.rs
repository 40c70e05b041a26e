//! A server on the loopback interface that gives prepared answers and remembers the requests.

// Each test file uses what it needs, and a test that cannot be prepared fails.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use media_client::{ApiKey, MediaClient};
use serde_json::{Value, json};

/// The key of all tests. No output may contain it.
pub(crate) const KEY: &str = "mapi_5ec2e7";

/// The headers of a counted answer.
pub(crate) const COUNTED: [(&str, &str); 4] = [
    ("X-Request-Id", "a1b2c3d4"),
    ("X-RateLimit-Limit", "60"),
    ("X-RateLimit-Remaining", "41"),
    ("X-RateLimit-Reset", "1775822460"),
];

/// A prepared answer.
pub(crate) struct Answer {
    head: String,
    body: String,
    missing: usize,
    delay: Duration,
}

impl Answer {
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

    /// An error as the server reports it.
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

    pub(crate) fn counted(self) -> Self {
        COUNTED
            .iter()
            .fold(self, |answer, (name, value)| answer.header(name, value))
    }

    /// Promises more bytes than it sends.
    pub(crate) fn cut(mut self) -> Self {
        self.missing = 10;
        self
    }

    pub(crate) fn late(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn send(&self, mut stream: TcpStream) {
        thread::sleep(self.delay);
        let length = self.body.len() + self.missing;
        let text = format!("{}Content-Length: {length}\r\n\r\n{}", self.head, self.body);
        // A client that gave up waiting is part of some tests.
        let _ = stream.write_all(text.as_bytes());
    }
}

/// A server that gives each of its answers once, in order.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for answer in answers {
                let (stream, _) = listener.accept().unwrap();
                let head: Vec<String> = BufReader::new(&stream)
                    .lines()
                    .map(|line| line.unwrap_or_default())
                    .take_while(|line| !line.is_empty())
                    .collect();
                seen.lock().unwrap().push(head.join("\n"));
                answer.send(stream);
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

    /// The request lines and headers so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The targets of the requests so far.
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
