//! A minimal HTTP client, which can send invalid requests.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A response of the server.
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(header, _)| header == name);
        let (_, value) = values.next()?;
        assert!(values.next().is_none(), "{name} was sent twice");
        Some(value)
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.header(name)
            .map(|value| value.parse().expect("a number"))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .expect("an error code")
            .to_owned()
    }

    pub(crate) fn message(&self) -> String {
        self.json()["error"]["message"]
            .as_str()
            .expect("an error message")
            .to_owned()
    }

    pub(crate) fn has_rate_headers(&self) -> bool {
        ["limit", "remaining", "reset"]
            .iter()
            .all(|name| self.header(&format!("x-ratelimit-{name}")).is_some())
    }

    pub(crate) fn has_no_rate_headers(&self) -> bool {
        !self
            .headers
            .iter()
            .any(|(name, _)| name.starts_with("x-ratelimit"))
    }
}

pub(crate) fn get(address: SocketAddr, path: &str, key: &str) -> Response {
    send(
        address,
        "GET",
        path,
        &[&format!("Authorization: Bearer {key}")],
    )
}

pub(crate) fn send(address: SocketAddr, method: &str, path: &str, headers: &[&str]) -> Response {
    let headers: Vec<&[u8]> = headers.iter().map(|header| header.as_bytes()).collect();
    send_bytes(address, method, path, &headers)
}

pub(crate) fn send_bytes(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[&[u8]],
) -> Response {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a valid timeout");
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n").into_bytes();
    for header in headers {
        request.extend_from_slice(header);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).expect("the server reads");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("a response");
    parse(&response)
}

fn parse(response: &str) -> Response {
    let (head, body) = response.split_once("\r\n\r\n").expect("a complete head");
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|status| status.parse().ok())
        .expect("a status line");
    let headers = lines
        .map(|line| line.split_once(": ").expect("a header"))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Response {
        status,
        headers,
        body: body.to_owned(),
    }
}
