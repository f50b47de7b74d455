//! The device authorization grant (RFC 8628): a code that is typed anywhere.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::sleep;
use url::Url;

use super::address::{Rules, openable};
use super::ask::Asker;
use super::client::Client;
use super::request::Field;
use super::said::{Refusal, strange};
use super::token::{self, TokenFault, Tokens};
use super::trail::Trail;
use crate::domain::{DeviceCode, Fault, FaultKind, Secret, Timestamp, Untrusted};

/// What the grant is called.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The usual pause between two questions (RFC 8628 section 3.2), and the step by which
/// a server may make it longer (section 3.5).
const STEP: Duration = Duration::from_secs(5);
/// Longest pause.
const LONGEST: Duration = Duration::from_secs(120);
/// Longest time a code is believed to last, in seconds.
const LONGEST_LIFE: u64 = 3600;

/// A code that waits to be typed.
#[derive(Clone, Debug)]
pub(super) struct Device {
    code: Secret,
    pub(super) shown: DeviceCode,
    interval: Duration,
}

/// Asks for a code (RFC 8628 section 3.1).
///
/// # Errors
/// As [`TokenFault`].
pub(super) async fn begin(
    asker: &Asker<'_>,
    client: &Client,
    endpoint: &Url,
    scopes: &[String],
    resource: &str,
    trail: &mut Trail<'_>,
) -> Result<Device, TokenFault> {
    let mut fields = vec![("resource", Field::from(resource))];
    if !scopes.is_empty() {
        fields.push(("scope", Field::Plain(scopes.join(" "))));
    }
    let request = client.request(endpoint, fields);
    let reply = asker
        .ask(&request, trail, |reply| {
            if reply.is_success() {
                "a code to type on another device".to_owned()
            } else {
                "no code".to_owned()
            }
        })
        .await
        .map_err(TokenFault::Wrong)?;
    let host = endpoint.host_str().unwrap_or_default();
    let object = reply.object();
    if let Ok(object) = &object
        && let Some(refusal) = Refusal::read(object)
    {
        let fault = refusal.fault(&format!("{host} gives no device code"));
        let fault = request.hidden().fault(fault);
        return Err(TokenFault::Refused(refusal.code, fault));
    }
    if !reply.is_success() {
        let fault = strange(&reply, endpoint, "the request for a device code");
        return Err(TokenFault::Wrong(fault));
    }
    object
        .and_then(|object| read(&object, &asker.rules, Timestamp::now()))
        .map_err(|why| {
            Fault::new(
                FaultKind::SignIn,
                format!("the answer of {host} to the request for a device code {why}"),
            )
            .hint("sign in with a browser")
        })
        .map_err(TokenFault::Wrong)
}

/// RFC 8628 section 3.2.
fn read(object: &Map<String, Value>, rules: &Rules, now: Timestamp) -> Result<Device, String> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let code = text("device_code")
        .filter(|code| !code.is_empty())
        .ok_or("holds no device_code")?;
    let typed = text("user_code")
        .filter(|code| !code.is_empty())
        .ok_or("holds no user_code")?;
    // Google wrote `url` before the RFC did.
    let place = text("verification_uri")
        .or_else(|| text("verification_url"))
        .ok_or("holds no verification_uri")?;
    let url = rules
        .read(place)
        .map_err(|why| format!("names a wrong verification_uri: it {why}"))?;
    let url_with_code = text("verification_uri_complete").and_then(|text| rules.read(text).ok());
    let number = |key: &str| object.get(key).and_then(Value::as_u64);
    let life = number("expires_in")
        .unwrap_or(LONGEST_LIFE / 4)
        .min(LONGEST_LIFE);
    let interval = number("interval").map_or(STEP, Duration::from_secs);
    Ok(Device {
        code: Secret::new(code),
        shown: DeviceCode {
            code: Untrusted::new(typed),
            url: openable(&url),
            url_with_code: url_with_code.as_ref().map(openable),
            expires_at: now.after(Duration::from_secs(life)),
        },
        interval: interval.clamp(Duration::from_secs(1), LONGEST),
    })
}

/// Asks until somebody has typed the code (RFC 8628 sections 3.4 and 3.5). `asking` is
/// set while a question is under way: its answer may be the tokens.
///
/// # Errors
/// Where the server refuses, or the code has expired; never [`TokenFault::Passing`].
pub(super) async fn wait(
    asker: &Asker<'_>,
    client: &Client,
    token: &Url,
    device: &Device,
    resource: &str,
    asking: &AtomicBool,
) -> Result<Tokens, TokenFault> {
    let fields = vec![
        ("grant_type", GRANT.into()),
        (
            "device_code",
            Field::Hidden("DEVICE_CODE", device.code.clone()),
        ),
        ("resource", Field::from(resource)),
    ];
    let request = client.request(token, fields);
    let mut interval = device.interval;
    // Asked every few seconds: too much for a report.
    let mut silent = |_| {};
    loop {
        sleep(interval).await;
        if Timestamp::now() >= device.shown.expires_at {
            let fault = Fault::new(FaultKind::SignIn, "the device code has expired")
                .hint("start the sign-in again");
            return Err(TokenFault::Wrong(fault));
        }
        let mut trail = Trail::new(&mut silent);
        asking.store(true, Ordering::Relaxed);
        let answer = token::ask(asker, &request, "the device code", &mut trail).await;
        asking.store(false, Ordering::Relaxed);
        match answer {
            Ok(tokens) => return Ok(tokens),
            Err(TokenFault::Refused(code, _)) if code == "authorization_pending" => {}
            Err(TokenFault::Refused(code, _)) if code == "slow_down" => {
                interval = (interval + STEP).min(LONGEST);
            }
            // RFC 8628 section 3.5: back off where the network fails.
            Err(TokenFault::Passing(_)) => interval = (interval * 2).min(LONGEST),
            Err(fault) => return Err(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(value: &Value) -> Result<Device, String> {
        let rules = Rules {
            server: Url::parse("https://mcp.example").unwrap(),
            private_network: false,
        };
        read(
            value.as_object().unwrap(),
            &rules,
            Timestamp::from_millis(0),
        )
    }

    #[test]
    fn a_device_code_is_read_with_care() {
        let mut answer = json!({ "device_code": "d", "user_code": "AB-CD",
            "verification_uri": "https://as.example/device", "expires_in": 60, "interval": 0,
            "verification_uri_complete": "javascript:alert(1)" });
        let device = at(&answer).unwrap();
        assert_eq!(device.interval, Duration::from_secs(1));
        assert_eq!(device.shown.expires_at.as_millis(), 60_000);
        assert_eq!(device.shown.url_with_code, None);
        answer["verification_uri"] = json!("file:///etc/passwd");
        assert!(
            at(&answer)
                .unwrap_err()
                .starts_with("names a wrong verification_uri")
        );
        for key in ["device_code", "user_code"] {
            let mut without = answer.clone();
            without[key] = json!("");
            assert_eq!(at(&without).unwrap_err(), format!("holds no {key}"));
        }
    }
}
