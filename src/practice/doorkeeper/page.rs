//! Its pages: plain HTML without a script, for every browser there is.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Allowed;

/// What the one button says.
pub(super) const ALLOW: &str = "Allow";
/// What the other button says.
const DENY: &str = "Deny";

const STYLE: &str = "body{font:1.1em/1.5 sans-serif;max-width:34em;margin:3em auto;padding:0 1em}\
    input{font:inherit;padding:.4em 1.4em;margin:.2em .4em .2em 0}";

/// Asks whether a client may. `name` and `value` are the field that says which question
/// is answered at `action`.
pub(super) fn consent(
    client: &str,
    redirect: Option<&str>,
    scopes: &[Allowed],
    action: &str,
    name: &str,
    value: &str,
) -> Response {
    let rows: String = scopes
        .iter()
        .map(|(scope, words)| {
            format!(
                "<li>{} <small>({})</small></li>\n",
                safe(words),
                safe(scope)
            )
        })
        .collect();
    let leads = redirect.map_or_else(String::new, |redirect| {
        format!("<p>Your answer is sent to {}.</p>\n", safe(redirect))
    });
    let body = format!(
        "<p>“{}” asks the stage door to let it:</p>\n<ul>\n{rows}</ul>\n{leads}\
         <form method=\"post\" action=\"{action}\">\n\
         <input type=\"hidden\" name=\"{name}\" value=\"{}\">\n\
         <input type=\"submit\" name=\"answer\" value=\"{ALLOW}\">\n\
         <input type=\"submit\" name=\"answer\" value=\"{DENY}\">\n</form>\n\
         <p><small>This is the practice server of callboard demo. Nothing real is behind \
         it.</small></p>\n",
        safe(client),
        safe(value)
    );
    whole(StatusCode::OK, "Let it in?", &body)
}

/// Asks for the code that a device shows.
pub(super) fn code_wanted(wrong: bool) -> Response {
    let trouble = if wrong {
        "<p><strong>That is no code that waits. Look at it again; it may be too old.</strong></p>\n"
    } else {
        ""
    };
    let body = format!(
        "{trouble}<form method=\"get\" action=\"/device\">\n\
         <p><label>The code that callboard shows: \
         <input type=\"text\" name=\"user_code\" size=\"12\" autocomplete=\"off\"></label></p>\n\
         <input type=\"submit\" value=\"Continue\">\n</form>\n"
    );
    whole(StatusCode::OK, "Type the code", &body)
}

/// Says something.
pub(super) fn told(status: StatusCode, title: &str, text: &str) -> Response {
    whole(status, title, &format!("<p>{}</p>\n", safe(text)))
}

fn whole(status: StatusCode, title: &str, body: &str) -> Response {
    let title = safe(title);
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>{title}</h1>\n{body}</body>\n</html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            // The answer leads on to a callback address, so forms are not held back.
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
        ),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, text).into_response()
}

/// Text that stays text in HTML.
fn safe(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .fold(String::new(), |mut safe, c| {
            match c {
                '&' => safe.push_str("&amp;"),
                '<' => safe.push_str("&lt;"),
                '>' => safe.push_str("&gt;"),
                '"' => safe.push_str("&quot;"),
                '\'' => safe.push_str("&#39;"),
                _ => safe.push(c),
            }
            safe
        })
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_a_client_calls_itself_stays_text() {
        assert_eq!(
            super::safe("<b onclick='x'>\u{1b}&\""),
            "&lt;b onclick=&#39;x&#39;&gt;&amp;&quot;"
        );
    }
}
