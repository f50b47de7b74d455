//! Misbehaviour below the messages: in HTTP and in the bytes.

use std::io;
use std::time::Duration;

use serde_json::json;

use super::Misbehaviour;
use super::conversation::{self, Answer, progress};
use super::record::Request;
use super::shared::Shared;
use super::wire::{After, Connection, Reply};

/// Between two bytes or lines of a slow server.
const CRAWL: Duration = Duration::from_millis(50);

/// Whether it is done here.
pub fn is_rude(misbehaviour: Misbehaviour) -> bool {
    canned(misbehaviour).is_some()
        || matches!(
            misbehaviour,
            Misbehaviour::WrongContentType
                | Misbehaviour::CutInTheMiddle
                | Misbehaviour::TruncatedChunked
                | Misbehaviour::EndlessEvents
                | Misbehaviour::EndlessComments
                | Misbehaviour::EndlessJson
                | Misbehaviour::SlowHeaders
                | Misbehaviour::Dribble
                | Misbehaviour::NeverAnswers
                | Misbehaviour::RedirectLoop
                | Misbehaviour::RedirectElsewhere
                | Misbehaviour::RedirectToPlain
                | Misbehaviour::RedirectSameOrigin
                | Misbehaviour::ClosesAfterRequest
                | Misbehaviour::DiesMidCall
        )
}

/// Answers rudely. What an honest server would send is there to be spoilt.
pub async fn deliver(
    connection: &mut Connection,
    shared: &Shared,
    misbehaviour: Misbehaviour,
    request: &Request,
    honest: Answer,
) -> io::Result<After> {
    if let Some(reply) = canned(misbehaviour) {
        return connection.answer(&reply).await;
    }
    match misbehaviour {
        Misbehaviour::WrongContentType => {
            let text = text_of(honest).await;
            connection
                .answer(&Reply::text(200, "text/plain", text))
                .await
        }
        Misbehaviour::CutInTheMiddle => {
            let text = text_of(honest).await;
            let head = Reply::text(200, "application/json", "").head(text.len());
            connection.write(&head).await?;
            connection.write(&text.as_bytes()[..text.len() / 2]).await?;
            Ok(After::Close)
        }
        Misbehaviour::TruncatedChunked => {
            let text = text_of(honest).await;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                        transfer-encoding: chunked\r\n\r\n";
            let half = &text[..text.len() / 2];
            let chunk = format!("{head}{:x}\r\n{half}", text.len());
            connection.write(chunk.as_bytes()).await?;
            Ok(After::Close)
        }
        Misbehaviour::Dribble => {
            let reply = Reply::text(200, "application/json", text_of(honest).await);
            for byte in reply.bytes() {
                connection.write(&[byte]).await?;
                tokio::time::sleep(CRAWL).await;
            }
            Ok(After::KeepAlive)
        }
        Misbehaviour::RedirectLoop
        | Misbehaviour::RedirectElsewhere
        | Misbehaviour::RedirectToPlain
        | Misbehaviour::RedirectSameOrigin => {
            redirect(connection, shared, misbehaviour, request, honest).await
        }
        Misbehaviour::NeverAnswers => {
            connection.closed().await;
            Ok(After::Close)
        }
        Misbehaviour::DiesMidCall => {
            let token = &request.body["params"]["_meta"]["progressToken"];
            connection.open_events(&[]).await?;
            connection.event(&progress(token, 1)).await?;
            Ok(After::Close)
        }
        Misbehaviour::ClosesAfterRequest => Ok(After::Close),
        endless => go_on_for_ever(connection, endless).await,
    }
}

/// Ends with an error when the client has gone.
async fn go_on_for_ever(connection: &mut Connection, how: Misbehaviour) -> io::Result<After> {
    match how {
        Misbehaviour::EndlessJson => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                        transfer-encoding: chunked\r\n\r\n";
            connection.write(head.as_bytes()).await?;
            connection
                .chunk(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"filler\":\"")
                .await?;
            let filler = [b'x'; 16 * 1024];
            loop {
                connection.chunk(&filler).await?;
            }
        }
        Misbehaviour::SlowHeaders => {
            connection.write(b"HTTP/1.1 200 OK\r\n").await?;
            for line in 0_u64.. {
                let line = format!("x-line-{line}: more\r\n");
                connection.write(line.as_bytes()).await?;
                tokio::time::sleep(CRAWL).await;
            }
            Ok(After::Close)
        }
        Misbehaviour::EndlessComments => {
            connection.open_events(&[]).await?;
            loop {
                connection.chunk(b": still here\n\n").await?;
                tokio::time::sleep(CRAWL / 10).await;
            }
        }
        _ => {
            let event = json!({
                "jsonrpc": "2.0",
                "method": "notifications/message",
                "params": { "level": "info", "data": "still here" }
            })
            .to_string();
            connection.open_events(&[]).await?;
            loop {
                connection.event(&event).await?;
                tokio::time::sleep(CRAWL / 10).await;
            }
        }
    }
}

async fn redirect(
    connection: &mut Connection,
    shared: &Shared,
    misbehaviour: Misbehaviour,
    request: &Request,
    honest: Answer,
) -> io::Result<After> {
    let to = match misbehaviour {
        Misbehaviour::RedirectLoop => format!("{}/mcp?hop={}", shared.origin, shared.serial()),
        Misbehaviour::RedirectSameOrigin if request.path == "/mcp" => "/moved".to_owned(),
        Misbehaviour::RedirectSameOrigin => {
            return conversation::deliver(connection, shared, request, honest).await;
        }
        _ => shared.elsewhere.clone().unwrap_or_default(),
    };
    let reply = Reply::empty(307).with("location", to);
    connection.answer(&reply).await
}

/// Answers that do not depend on the request.
fn canned(misbehaviour: Misbehaviour) -> Option<Reply> {
    Some(match misbehaviour {
        Misbehaviour::EmptyBody => Reply::text(200, "application/json", ""),
        Misbehaviour::HtmlPage => Reply::text(
            200,
            "text/html; charset=utf-8",
            "<!doctype html><html><head><title>Welcome</title></head><body>Hello</body></html>",
        ),
        Misbehaviour::RedirectSignIn => {
            Reply::text(302, "text/html", "<a href=/login>sign in</a>").with("location", "/login")
        }
        Misbehaviour::NotFound => Reply::text(404, "text/plain", "404 page not found"),
        Misbehaviour::MethodNotAllowed => Reply::empty(405).with("allow", "OPTIONS"),
        Misbehaviour::TooManyRequests => {
            Reply::text(429, "text/plain", "slow down").with("retry-after", "30")
        }
        Misbehaviour::Unavailable => Reply::text(503, "text/html", "<h1>maintenance</h1>"),
        Misbehaviour::ServerError => Reply::text(
            500,
            "text/plain",
            "Traceback (most recent call last):\n  File \"app.py\", line 1\nKeyError: 'x'\n",
        ),
        Misbehaviour::UnauthorizedSilently => Reply::empty(401),
        Misbehaviour::GzipBomb => Reply::text(200, "application/json", gzip_of_zeros(1 << 30))
            .with("content-encoding", "gzip"),
        _ => return None,
    })
}

async fn text_of(honest: Answer) -> String {
    match honest {
        Answer::Whole(reply) => String::from_utf8_lossy(&reply.body).into_owned(),
        Answer::Message { message, .. } => message.to_string(),
        Answer::Running { mut messages, .. } | Answer::Listening { mut messages, .. } => {
            messages.recv().await.unwrap_or_default()
        }
    }
}

/// A gzip file (RFC 1952) of about `length` zeros: one block of fixed codes (RFC
/// 1951 section 3.2.6) that says "258 more of the same" again and again. Its
/// checksum is wrong, which nobody learns before the end.
pub fn gzip_of_zeros(length: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(1, 1); // the last block
    bits.push(0b01, 2); // of fixed codes
    bits.push_code(0b0011_0000, 8); // literal 0
    // Byte-aligned again after eight repeats of 13 bits, so 13 bytes repeat.
    for _ in 0..8 {
        bits.push_code(0b1100_0101, 8); // length 258
        bits.push_code(0, 5); // distance 1
    }
    let head = bits.bytes.len() - 13;
    let pattern = bits.bytes[head..].to_vec();
    for _ in 0..length / (258 * 8) {
        bits.bytes.extend_from_slice(&pattern);
    }
    bits.push_code(0, 7); // end of block
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    file.append(&mut bits.finish());
    file.extend_from_slice(&[0; 8]);
    file
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u8,
    filled: u8,
}

impl Bits {
    /// Lowest bit first.
    fn push(&mut self, value: u16, width: u8) {
        for bit in 0..width {
            self.pending |= u8::from(value >> bit & 1 == 1) << self.filled;
            self.filled += 1;
            if self.filled == 8 {
                self.bytes.push(self.pending);
                self.pending = 0;
                self.filled = 0;
            }
        }
    }

    /// Huffman codes go highest bit first.
    fn push_code(&mut self, code: u16, width: u8) {
        for bit in (0..width).rev() {
            self.push(code >> bit & 1, 1);
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.bytes.push(self.pending);
        self.bytes
    }
}
