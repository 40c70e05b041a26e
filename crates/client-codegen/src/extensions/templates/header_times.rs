/// Parses an RFC 3339 timestamp.
fn date_time(text: &str) -> Option<::chrono::DateTime<::chrono::Utc>> {
    let time = ::chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(time.with_timezone(&::chrono::Utc))
}
