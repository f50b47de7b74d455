//! When a server wants to be asked again.

use http::HeaderMap;
use http::header::RETRY_AFTER;
use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// Longest wait that is believed, in milliseconds: a day.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;

/// Reads `Retry-After` (RFC 9110 section 10.2.3), seconds or a date, as
/// milliseconds from `now`; at most a day.
pub(in crate::mcp) fn retry_after_ms(headers: &HeaderMap, now: Timestamp) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let milliseconds = if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        text.parse::<u64>()
            .map_or(LONGEST_MS, |seconds| seconds.saturating_mul(1000))
    } else {
        // A date says UTC as GMT, which RFC 2822 knows as an old zone name.
        let at = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        u64::try_from(at.as_millisecond().saturating_sub(now.as_millisecond())).unwrap_or(0)
    };
    Some(milliseconds.min(LONGEST_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_nothing_else() {
        let now: Timestamp = "1994-11-06T08:49:07Z".parse().expect("a time");
        for (value, expected) in [
            ("0", Some(0)),
            ("30", Some(30_000)),
            ("99999999999999999999999", Some(LONGEST_MS)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30_000)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().expect("a value"));
            assert_eq!(retry_after_ms(&headers, now), expected, "{value}");
        }
        assert_eq!(retry_after_ms(&HeaderMap::new(), now), None);
    }
}
