use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::executor::block_on;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Event, EventStream, JsonLines, StreamError};
use crate::ByteStream;

/// A stream of these chunks.
fn bytes(chunks: &[&[u8]]) -> ByteStream {
    let chunks: Vec<_> = chunks
        .iter()
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect();
    ByteStream::new(Box::pin(futures::stream::iter(chunks)))
}

/// The items of a stream, in `Debug` form: errors have no `PartialEq`.
fn shown<T: std::fmt::Debug>(
    stream: impl futures::Stream<Item = Result<T, StreamError>>,
) -> Vec<String> {
    block_on(stream.map(|item| format!("{item:?}")).collect())
}

fn events(chunks: &[&[u8]]) -> Vec<Event<Value>> {
    let stream = EventStream::new(bytes(chunks));
    block_on(stream.map(|event| event.unwrap()).collect())
}

fn event(data: Value) -> Event<Value> {
    Event {
        id: None,
        event: None,
        retry: None,
        data,
    }
}

#[test]
fn lines_of_events_end_with_lf_cr_and_crlf() {
    let expected = vec![event(json!(1)), event(json!([2, 3]))];
    for end in ["\n", "\r", "\r\n"] {
        let body = ["data: 1", "", "data: [2,", "data: 3]", "", ""].join(end);
        assert_eq!(events(&[body.as_bytes()]), expected, "{end:?}");
    }
}

#[test]
fn event_is_complete_at_a_carriage_return() {
    let mut stream = EventStream::<u8>::new(ByteStream::new(Box::pin(
        futures::stream::iter([Ok(Bytes::from_static(b"data: 1\r\r"))])
            .chain(futures::stream::pending()),
    )));
    let event = block_on(stream.next()).unwrap().unwrap();
    assert_eq!(event.data, 1);
}

#[test]
fn line_feed_of_a_crlf_may_be_in_the_next_chunk() {
    let chunks: [&[u8]; 4] = [b"data: 1\r", b"\n\r", b"\ndata: 2\r", b"\n\r\n"];
    assert_eq!(events(&chunks), [event(json!(1)), event(json!(2))]);
}

#[test]
fn byte_order_mark_comments_and_unknown_fields_are_ignored() {
    let body = b"\xef\xbb\xbfdata:1\n: comment\nother: 2\ndata2\n\n:\n\n";
    assert_eq!(events(&[body]), [event(json!(1))]);
}

#[test]
fn only_one_leading_space_belongs_to_the_field() {
    let body = b"event:  a \ndata: 1\n\n";
    assert_eq!(events(&[body])[0].event.as_deref(), Some(" a "));
}

#[test]
fn id_persists_until_it_changes_and_event_and_retry_do_not() {
    let body = b"id: 1\nevent: a\nretry: 10\ndata: 1\n\ndata: 2\n\nid: x\0\ndata: 3\n\nid\nretry: 1x\ndata: 4\n\n";
    let found = events(&[body]);
    let ids: Vec<_> = found.iter().map(|event| event.id.as_deref()).collect();
    assert_eq!(ids, [Some("1"), Some("1"), Some("1"), None]);
    let names: Vec<_> = found.iter().map(|event| event.event.as_deref()).collect();
    assert_eq!(names, [Some("a"), None, None, None]);
    let delays: Vec<_> = found.iter().map(|event| event.retry).collect();
    assert_eq!(delays, [Some(Duration::from_millis(10)), None, None, None]);
}

#[test]
fn events_without_data_change_only_the_id_and_the_delay() {
    let body = b"id: 7\nevent: a\nretry: 5\n\ndata: 1\n\n";
    assert_eq!(
        events(&[body]),
        [Event {
            id: Some("7".to_owned()),
            event: None,
            retry: Some(Duration::from_millis(5)),
            data: json!(1),
        }]
    );
}

#[test]
fn last_event_id_is_known_after_a_wrong_event() {
    let mut stream = EventStream::<u8>::new(bytes(&[b"id: 7\ndata: x\n\n"]));
    assert!(block_on(stream.next()).unwrap().is_err());
    assert_eq!(stream.last_event_id(), Some("7"));
}

#[test]
fn wrong_events_have_their_text_and_do_not_end_the_stream() {
    let stream = EventStream::<u8>::new(bytes(&[b"data: [DONE]\n\ndata: 1\n\n"]));
    let items: Vec<_> = block_on(stream.collect());
    assert!(
        matches!(&items[..], [Err(StreamError::InvalidItem { text, .. }), Ok(event)]
            if text == "[DONE]" && event.data == 1),
        "{items:?}"
    );
}

#[test]
fn events_that_the_end_cuts_off_are_errors() {
    for body in ["data: 1\n\ndata: 2", "data: 1\n\ndata: 2\n"] {
        let stream = EventStream::<u8>::new(bytes(&[body.as_bytes()]));
        let items: Vec<_> = block_on(stream.collect());
        assert!(
            matches!(&items[..], [Ok(_), Err(StreamError::Truncated { text })] if text == "2"),
            "{items:?}"
        );
    }
    let without_data = EventStream::<u8>::new(bytes(&[b"data: 1\n\nid: 2\n: bye"]));
    assert_eq!(block_on(without_data.collect::<Vec<_>>()).len(), 1);
}

#[test]
fn events_over_the_limit_are_dropped() {
    // One long line, and several short ones.
    for long in ["data: 123456789\n", "data: 1234\ndata: 5678\n"] {
        let body = format!("data: 1\n\n{long}id: a\ndata: 2\n\ndata: 3\n\n");
        let stream = EventStream::<u8>::new(bytes(&[body.as_bytes()])).limit(13);
        let items: Vec<_> = block_on(stream.collect());
        assert!(
            matches!(&items[..], [Ok(first), Err(StreamError::TooLarge { limit: 13 }), Ok(last)]
                if first.data == 1 && last.data == 3 && last.id.as_deref() == Some("a")),
            "{long:?}: {items:?}"
        );
    }
}

#[test]
fn an_event_of_exactly_the_limit_is_accepted() {
    let stream = EventStream::<u64>::new(bytes(&[b"data: 1234\n\n"])).limit(10);
    assert_eq!(block_on(stream.collect::<Vec<_>>()).len(), 1);
    let stream = EventStream::<u64>::new(bytes(&[b"data: 12345\n\n"])).limit(10);
    assert!(block_on(stream.collect::<Vec<_>>())[0].is_err());
}

#[test]
fn data_that_is_not_json_is_read_as_text() {
    let mut stream = EventStream::<u8>::new(bytes(&[b"data: 1\n\ndata: [DONE]\n\n"]));
    assert_eq!(block_on(stream.next()).unwrap().unwrap().data, 1);
    let mut rest = stream.into_text();
    assert_eq!(block_on(rest.next()).unwrap().unwrap().data, "[DONE]");
    assert!(block_on(rest.next()).is_none());
}

#[test]
fn raw_bytes_are_the_body_before_reading_and_the_rest_after() {
    let chunks: [&[u8]; 2] = [b"data: 1\n\ndata: 2\n\n", b"data: 3\n\n"];
    let rest = |stream: EventStream<u8>| {
        let chunks = block_on(
            stream
                .into_raw()
                .map(|chunk| chunk.unwrap())
                .collect::<Vec<_>>(),
        );
        chunks.concat()
    };
    assert_eq!(rest(EventStream::new(bytes(&chunks))), chunks.concat());
    let mut stream = EventStream::new(bytes(&chunks));
    block_on(stream.next()).unwrap().unwrap();
    assert_eq!(rest(stream), b"data: 2\n\ndata: 3\n\n");
}

#[test]
fn json_lines_skip_empty_lines_and_need_no_last_line_feed() {
    let body = "\u{feff}{\"a\":1}\r\n\n  \n\"x\"\n3";
    let stream = JsonLines::<Value>::new(bytes(&[body.as_bytes()]));
    let items: Vec<_> = block_on(stream.map(|item| item.unwrap()).collect());
    assert_eq!(items, [json!({"a": 1}), json!("x"), json!(3)]);
}

#[test]
fn wrong_lines_have_their_text_and_do_not_end_the_stream() {
    let stream = JsonLines::<u8>::new(bytes(&[b"[1\n-1\n2\n[3"]));
    let items: Vec<_> = block_on(stream.collect());
    assert!(
        matches!(&items[..], [
            Err(StreamError::InvalidItem { text: first, .. }),
            Err(StreamError::InvalidItem { text: second, .. }),
            Ok(2),
            Err(StreamError::InvalidItem { text: last, .. }),
        ] if first == "[1" && second == "-1" && last == "[3"),
        "{items:?}"
    );
}

#[test]
fn last_line_may_be_truncated() {
    let stream = JsonLines::<Value>::new(bytes(&[b"1\n{\"a\":"]));
    let items: Vec<_> = block_on(stream.collect());
    assert!(
        matches!(&items[..], [Ok(_), Err(StreamError::Truncated { text })] if text == "{\"a\":"),
        "{items:?}"
    );
}

#[test]
fn lines_over_the_limit_are_dropped() {
    let stream = JsonLines::<u64>::new(bytes(&[b"1\n12", b"34", b"5\n2\n12345"])).limit(4);
    assert_eq!(
        shown(stream),
        [
            "Ok(1)",
            "Err(TooLarge { limit: 4 })",
            "Ok(2)",
            "Err(TooLarge { limit: 4 })"
        ]
    );
}

#[test]
fn sequences_have_separators_and_texts_may_have_several_lines() {
    let body = b"\x1e{\n\"a\\\"\":\n\"}\x1f\"}\n\x1e\x1e2\n\x1e[\"\\\\\"]\x1e\"x\"";
    let body: Vec<u8> = body.iter().copied().filter(|byte| *byte != 0x1f).collect();
    let stream = JsonLines::<Value>::sequence(bytes(&[&body]));
    let items: Vec<_> = block_on(stream.map(|item| item.unwrap()).collect());
    assert_eq!(
        items,
        [json!({"a\"": "}"}), json!(2), json!(["\\"]), json!("x")]
    );
}

#[test]
fn texts_of_a_sequence_end_at_a_line_feed_outside_of_strings() {
    let stream = JsonLines::<Value>::sequence(bytes(&[b"\x1e[\"\\\"\"]\n[\"\\\\\"]\n1\n"]));
    let items: Vec<_> = block_on(stream.map(|item| item.unwrap()).collect());
    assert_eq!(items, [json!(["\""]), json!(["\\"]), json!(1)]);
}

#[test]
fn text_of_a_sequence_is_complete_before_the_next_separator() {
    let mut stream = JsonLines::<Value>::sequence(ByteStream::new(Box::pin(
        futures::stream::iter([Ok(Bytes::from_static(b"\x1e{}\n"))])
            .chain(futures::stream::pending()),
    )));
    assert_eq!(block_on(stream.next()).unwrap().unwrap(), json!({}));
}

#[test]
fn truncated_texts_of_a_sequence_do_not_end_it() {
    // `12` may be the start of a longer number (RFC 7464, section 2.4).
    let stream = JsonLines::<Value>::sequence(bytes(&[b"\x1e12\x1e{\"a\":\x1e\"b\x1e3\n\x1etru"]));
    let items: Vec<_> = block_on(stream.collect());
    assert!(
        matches!(&items[..], [
            Err(StreamError::Truncated { text: first }),
            Err(StreamError::Truncated { text: second }),
            Err(StreamError::Truncated { text: third }),
            Ok(Value::Number(_)),
            Err(StreamError::Truncated { text: last }),
        ] if first == "12" && second == "{\"a\":" && third == "\"b" && last == "tru"),
        "{items:?}"
    );
}

#[test]
fn texts_of_a_sequence_over_the_limit_are_dropped() {
    let stream = JsonLines::<u64>::sequence(bytes(&[b"\x1e12345\n6\n\x1e123\n"])).limit(4);
    assert_eq!(shown(stream), ["Err(TooLarge { limit: 4 })", "Ok(123)"]);
}

/// Divides a body at these positions.
fn divided(body: &[u8], cuts: &[prop::sample::Index]) -> Vec<Vec<u8>> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
    at.sort_unstable();
    let mut chunks = Vec::new();
    let mut start = 0;
    for end in at.into_iter().chain([body.len()]) {
        chunks.push(body[start..end].to_vec());
        start = end;
    }
    chunks
}

fn stream_of(chunks: &[Vec<u8>]) -> ByteStream {
    let chunks: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
    bytes(&chunks)
}

/// Bytes that are likely to be framing.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        &b"data"[..],
        b"data: ",
        b"data:",
        b"id: ",
        b"event: ",
        b"retry: 5",
        b":",
        b" ",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\x1e",
        b"{",
        b"}",
        b"\"",
        b"\\",
        b"[1]",
        b"12",
        b"true",
        b"\xef\xbb\xbf",
        b"\xc3\xa9",
        b"\xff",
        b"\0",
    ]);
    vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunk_boundaries_do_not_change_events(
        body in body(), cuts in vec(any::<prop::sample::Index>(), 0..20), limit in 0_usize..40,
    ) {
        let whole = EventStream::<Value>::new(bytes(&[&body])).limit(limit);
        let parts = EventStream::<Value>::new(stream_of(&divided(&body, &cuts))).limit(limit);
        prop_assert_eq!(shown(parts), shown(whole));
    }

    #[test]
    fn chunk_boundaries_do_not_change_lines(
        body in body(), cuts in vec(any::<prop::sample::Index>(), 0..20), limit in 0_usize..40,
    ) {
        let whole = JsonLines::<Value>::new(bytes(&[&body])).limit(limit);
        let parts = JsonLines::<Value>::new(stream_of(&divided(&body, &cuts))).limit(limit);
        prop_assert_eq!(shown(parts), shown(whole));
    }

    #[test]
    fn chunk_boundaries_do_not_change_sequences(
        body in body(), cuts in vec(any::<prop::sample::Index>(), 0..20), limit in 0_usize..40,
    ) {
        let whole = JsonLines::<Value>::sequence(bytes(&[&body])).limit(limit);
        let parts = JsonLines::<Value>::sequence(stream_of(&divided(&body, &cuts))).limit(limit);
        prop_assert_eq!(shown(parts), shown(whole));
    }

    #[test]
    fn values_arrive_as_they_were_sent(
        texts in vec(".{0,20}", 0..10), cuts in vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let json: Vec<String> = texts.iter().map(|text| json!(text).to_string()).collect();
        let lines = json.iter().map(|json| format!("{json}\n")).collect::<String>();
        let sequence = json.iter().map(|json| format!("\u{1e}{json}\n")).collect::<String>();
        let sse = json.iter().map(|json| format!("data: {json}\n\n")).collect::<String>();

        let found = JsonLines::<String>::new(stream_of(&divided(lines.as_bytes(), &cuts)));
        prop_assert_eq!(&block_on(found.map(|item| item.unwrap()).collect::<Vec<_>>()), &texts);
        let found = JsonLines::<String>::sequence(stream_of(&divided(sequence.as_bytes(), &cuts)));
        prop_assert_eq!(&block_on(found.map(|item| item.unwrap()).collect::<Vec<_>>()), &texts);
        let found = EventStream::<String>::new(stream_of(&divided(sse.as_bytes(), &cuts)));
        prop_assert_eq!(&block_on(found.map(|item| item.unwrap().data).collect::<Vec<_>>()), &texts);
    }
}
