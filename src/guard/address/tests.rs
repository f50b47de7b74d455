use super::*;

use crate::domain::FaultKind;

#[test]
fn an_address_is_read_as_it_was_meant() {
    for (typed, meant) in [
        ("https://example.com/mcp", "https://example.com/mcp"),
        ("  https://example.com/mcp\n", "https://example.com/mcp"),
        ("HTTPS://Example.COM/Mcp", "https://example.com/Mcp"),
        ("example.com", "https://example.com/"),
        ("example.com/mcp?key=1", "https://example.com/mcp?key=1"),
        ("example.com:8443/mcp", "https://example.com:8443/mcp"),
        ("wiki:8080", "https://wiki:8080/"),
        ("localhost", "http://localhost/"),
        ("localhost:8000/mcp", "http://localhost:8000/mcp"),
        ("LOCALHOST:8000/mcp", "http://localhost:8000/mcp"),
        ("app.localhost/sse", "http://app.localhost/sse"),
        ("127.0.0.1:3000/mcp", "http://127.0.0.1:3000/mcp"),
        ("127.8.9.1/mcp", "http://127.8.9.1/mcp"),
        ("[::1]:3000/mcp", "http://[::1]:3000/mcp"),
        ("10.0.0.8/mcp", "https://10.0.0.8/mcp"),
        ("http://localhost:1/mcp", "http://localhost:1/mcp"),
        ("http://[::1]/mcp", "http://[::1]/mcp"),
        (
            "https://bücher.example/mcp",
            "https://xn--bcher-kva.example/mcp",
        ),
        ("https://example.com/a@b", "https://example.com/a@b"),
        (
            "https://example.com/a?to=http://x",
            "https://example.com/a?to=http://x",
        ),
        (
            "example.com/a?to=http://x",
            "https://example.com/a?to=http://x",
        ),
    ] {
        let url = read_address(typed, false).unwrap_or_else(|fault| panic!("{typed}: {fault}"));
        assert_eq!(url.as_str(), meant, "{typed}");
    }
}

#[test]
fn what_would_not_work_is_refused_with_its_place() {
    for (typed, says) in [
        ("", "the address is empty"),
        ("   ", "the address is empty"),
        ("my wiki.example.com", "a space at character 3"),
        ("https://exa\tmple.com", "control character at character 12"),
        ("https:\\\\example.com", "a backslash at character 7"),
        (
            "https://exam\u{200b}ple.com",
            "cannot be seen at character 13",
        ),
        (
            "https://exam\u{202e}ple.com",
            "cannot be seen at character 13",
        ),
        ("ftp://example.com", "ftp:// is not something"),
        ("ws://example.com", "ws:// is not something"),
        ("javascript:alert(1)", "javascript: is not something"),
        ("mailto:me", "mailto: is not something"),
        (
            "https:/example.com",
            "two slashes are missing after https: at character 7",
        ),
        (
            "http:example.com",
            "two slashes are missing after http: at character 6",
        ),
        (
            "localhost:abc/mcp",
            "the port after localhost: is not a number",
        ),
        ("/usr/bin/server", "begins like a path"),
        ("./server", "begins like a path"),
        ("//example.com", "begins like a path"),
        ("wiki", "neither a scheme nor a whole host name"),
        ("https://", "no host at character 9"),
        ("https:///mcp", "no host at character 9"),
        ("https://:8080/mcp", "no host at character 9"),
        (
            "https://user:pw@example.com/mcp",
            "holds a user or a password",
        ),
        ("user:pw@example.com/mcp", "user: is not something"),
        ("me@example.com/mcp", "holds a user or a password"),
        (
            "https://example.com/mcp#parts",
            "a fragment (#…) at character 24",
        ),
        ("https://example.com:99999/mcp", "the port at character 21"),
        ("https://example.com:8a/mcp", "the port at character 21"),
        ("example.com:70000", "the port at character 13"),
        ("https://example.com:0/mcp", "the port at character 21"),
        ("https://[::g]/mcp", "no valid IPv6 address"),
        ("https://300.1.1.1/mcp", "no valid IPv4 address"),
        (
            "https://exa%20mple.com/",
            "a character that no host name has",
        ),
        ("http://example.com/mcp", "plain http to example.com"),
        ("http://10.0.0.8/mcp", "plain http to 10.0.0.8"),
        (
            "http://localhost.example.com/",
            "plain http to localhost.example.com",
        ),
        (
            "http://127.0.0.1.example.com/",
            "plain http to 127.0.0.1.example.com",
        ),
    ] {
        let fault = read_address(typed, false).expect_err(typed);
        assert_eq!(fault.kind, FaultKind::User, "{typed}");
        assert!(fault.message.contains(says), "{typed}: {fault}");
        assert!(!fault.message.contains("pw"), "{typed}: {fault}");
    }
}

#[test]
fn plain_http_to_another_machine_needs_leave() {
    let fault = read_address("http://example.com/mcp", false).expect_err("refused");
    assert!(fault.hints.iter().any(|hint| hint.contains("--plain-http")));
    assert!(read_address("http://example.com/mcp", true).is_ok());
}

#[test]
fn a_password_in_the_address_points_at_the_flags_for_it() {
    let fault = read_address("https://me:pw@example.com", false).expect_err("refused");
    assert!(fault.hints.iter().any(|hint| hint.contains("--auth basic")));
}

#[test]
fn an_address_too_long_is_refused() {
    let long = format!("https://example.com/{}", "a".repeat(ADDRESS_LIMIT));
    assert!(read_address(&long, false).is_err());
}

#[test]
fn a_query_is_never_shown() {
    let url = Url::parse("https://u:p@example.com/mcp?key=hunter2#x").expect("a URL");
    assert_eq!(shown(&url), "https://example.com/mcp?…");
}

#[test]
fn an_address_is_classed_by_its_letters() {
    use AddressClass::*;
    for (url, class) in [
        ("http://127.0.0.1", Loopback),
        ("http://127.255.0.1", Loopback),
        ("http://2130706433", Loopback),
        ("http://0x7f.1", Loopback),
        ("http://[::1]", Loopback),
        ("http://[::ffff:127.0.0.1]", Loopback),
        ("http://localhost.", Loopback),
        ("http://10.1.2.3", Private),
        ("http://172.16.0.1", Private),
        ("http://192.168.1.1", Private),
        ("http://100.64.0.1", Private),
        ("http://[fd00::1]", Private),
        ("http://[64:ff9b::10.0.0.1]", Private),
        ("http://[2002:a00:1::]", Private),
        ("http://169.254.169.254", LinkLocal),
        ("http://[fe80::1]", LinkLocal),
        ("http://[::ffff:169.254.169.254]", LinkLocal),
        ("http://0.0.0.0", Reserved),
        ("http://[::]", Reserved),
        ("http://224.0.0.1", Reserved),
        ("http://255.255.255.255", Reserved),
        ("http://8.8.8.8", Public),
        ("http://100.128.0.1", Public),
        ("http://[2606:4700::1]", Public),
        ("http://example.com", Public),
        ("http://localhost.example.com", Public),
    ] {
        assert_eq!(class_of(&Url::parse(url).expect("a URL")), class, "{url}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,60}") {
        let _ = read_address(&text, false);
    }

    #[test]
    fn what_is_read_is_read_the_same_again(text in "(https?://)?[a-z.:0-9@/?#\\[\\]]{0,30}") {
        if let Ok(url) = read_address(&text, true) {
            assert_eq!(read_address(url.as_str(), true).ok(), Some(url));
        }
    }
}
