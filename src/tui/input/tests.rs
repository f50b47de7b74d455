use proptest::prelude::*;

use super::*;

/// What these bytes are, read whole, with the last time-out passed.
fn inputs(bytes: &[u8]) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    decoder.feed(bytes, &mut out);
    decoder.expire(&mut out);
    out
}

fn keys(bytes: &[u8]) -> String {
    let shown: Vec<String> = inputs(bytes)
        .iter()
        .filter_map(|input| match input {
            Input::Key(key) => Some(key.to_string()),
            Input::Paste(text) => Some(format!("paste({text:?})")),
            Input::Mouse(_) | Input::Reply(_) => None,
        })
        .collect();
    shown.join(" ")
}

#[test]
fn letters_controls_and_characters_of_more_bytes_are_keys() {
    assert_eq!(keys("aÄ€𝄞?".as_bytes()), "a Ä € 𝄞 ?");
    assert_eq!(
        keys(b"\r\t\x7f\x03\x1a "),
        "Enter Tab Backspace Ctrl-c Ctrl-z Space"
    );
    assert_eq!(keys(b"\xff\xc3(a"), "( a");
}

#[test]
fn arrows_come_in_every_form() {
    assert_eq!(
        keys(b"\x1b[A\x1bOB\x1b[1;5C\x1b[1;2D"),
        "Up Down Ctrl-Right Shift-Left"
    );
    assert_eq!(
        keys(b"\x1b[a\x1bOb\x1b\x1b[C"),
        "Shift-Up Ctrl-Down Alt-Right"
    );
    assert_eq!(
        keys(b"\x1b[H\x1b[F\x1b[1~\x1b[8~\x1bOH"),
        "Home End Home End Home"
    );
}

#[test]
fn editing_and_function_keys_come_in_every_form() {
    assert_eq!(
        keys(b"\x1b[5~\x1b[6;5~\x1b[2~\x1b[3~"),
        "PgUp Ctrl-PgDn Ins Del"
    );
    assert_eq!(
        keys(b"\x1b[3$\x1b[3^\x1b[3@"),
        "Shift-Del Ctrl-Del Ctrl-Shift-Del"
    );
    assert_eq!(
        keys(b"\x1bOP\x1b[15~\x1b[24;2~\x1b[[C\x1b[1;3Q"),
        "F1 F5 Shift-F12 F3 Alt-F2"
    );
    assert_eq!(keys(b"\x1b[Z"), "Shift-Tab");
}

#[test]
fn alt_is_an_escape_before() {
    assert_eq!(keys(b"\x1bx\x1b\r\x1b3"), "Alt-x Alt-Enter Alt-3");
    assert_eq!(keys("\x1bé".as_bytes()), "Alt-é");
    assert_eq!(keys(b"\x1b\x1b"), "Esc Esc");
}

#[test]
fn a_lone_escape_is_a_key_only_after_its_time() {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    decoder.feed(b"\x1b", &mut out);
    assert!(out.is_empty());
    assert_eq!(decoder.pending(), Pending::Escape);
    decoder.expire(&mut out);
    assert_eq!(out, [Input::Key(Key::plain(Code::Esc))]);
    assert_eq!(decoder.pending(), Pending::Nothing);
}

#[test]
fn kitty_and_modify_other_keys_are_understood() {
    assert_eq!(
        keys(b"\x1b[99;5u\x1b[13;3u\x1b[27u\x1b[97:65;2u"),
        "Ctrl-c Alt-Enter Esc A"
    );
    assert_eq!(keys(b"\x1b[97;1:3u"), "", "a key let go is no key");
    assert_eq!(keys(b"\x1b[27;5;105~"), "Ctrl-i");
    assert_eq!(keys(b"\x1b[57358u"), "", "caps lock is no key");
}

#[test]
fn a_paste_is_one_input_and_nothing_in_it_is_a_key() {
    assert_eq!(
        keys(b"\x1b[200~y\r\n\x1b[A\x03\rn\x1b[201~q"),
        r#"paste("y\n\u{1b}[A\u{3}\nn") q"#
    );
    assert_eq!(keys(b"\x1b[200~\x1b[20\x1b[201~"), r#"paste("\u{1b}[20")"#);
}

#[test]
fn a_huge_paste_is_cut() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.extend(std::iter::repeat_n(b'y', 3 << 20));
    bytes.extend(b"\x1b[201~z");
    let found = inputs(&bytes);
    assert!(matches!(found.first(), Some(Input::Paste(text)) if text.len() == 1 << 20));
    assert_eq!(found.len(), 2);
}

#[test]
fn ctrl_c_counts_inside_a_sequence_that_never_ends() {
    assert_eq!(keys(b"\x1b[12;\x03"), "Ctrl-c");
    assert_eq!(keys(b"\x1bO\x03"), "Ctrl-c");
    assert_eq!(keys(b"\x1b]11;rgb:\x03y"), "Ctrl-c y");
    assert_eq!(keys(b"\x1b[M\x03y"), "Ctrl-c y");
}

#[test]
fn the_mouse_is_read_in_the_form_that_is_switched_on_and_in_no_other() {
    let mouse = |kind, column, row| Input::Mouse(Mouse { kind, column, row });
    assert_eq!(
        inputs(b"\x1b[<0;10;20M\x1b[<0;10;20m\x1b[<64;1;1M\x1b[<69;223;300M"),
        [
            mouse(MouseKind::Press, 9, 19),
            mouse(MouseKind::WheelUp, 0, 0),
            mouse(MouseKind::WheelDown, 222, 299),
        ]
    );
    for dropped in [
        "\x1b[<2;10;20M",
        "\x1b[<4;10;20M",
        "\x1b[<32;10;20M",
        "\x1b[<66;10;20M",
        "\x1b[<0;0;0M",
        "\x1b[<0;10M",
        "\x1b[<0;99999;1M",
        "\x1b[M !!",
        "\x1b[32;10;20M",
    ] {
        assert_eq!(inputs(dropped.as_bytes()), [], "{dropped:?}");
    }
}

#[test]
fn the_replies_that_are_asked_for_are_read() {
    let colour = |red, green, blue| Input::Reply(Reply::Background { red, green, blue });
    assert_eq!(
        inputs(b"\x1b]11;rgb:1e1e/ffff/0000\x1b\\\x1b]11;rgba:f/80/123/0\x07"),
        [colour(0x1e1e, 0xffff, 0), colour(0xffff, 0x8080, 0x1231)]
    );
    assert_eq!(inputs(b"\x9d11;rgb:0/0/0\x9c"), [colour(0, 0, 0)]);
    assert_eq!(
        inputs(b"\x1b[?62;4;22c\x1b[?6c"),
        [
            Input::Reply(Reply::Device(vec![62, 4, 22])),
            Input::Reply(Reply::Device(vec![6]))
        ]
    );
    let picture = |image, ok| Input::Reply(Reply::Graphics { image, ok });
    assert_eq!(
        inputs(b"\x1b_Gi=31;OK\x1b\\\x1b_Gi=7,p=1;EINVAL:no\x1b\\"),
        [picture(31, true), picture(7, false)]
    );
    for dropped in [
        "\x1b]11;rgb:1e1e/1e1e\x07",
        "\x1b]11;rgb:12345/0/0\x07",
        "\x1b]11;rgb:+1/0/0\x07",
        "\x1b]10;rgb:0/0/0\x07",
        "\x1b_Ga=1;OK\x1b\\",
        "\x1b]11;?\x07",
    ] {
        assert_eq!(inputs(dropped.as_bytes()), [], "{dropped:?}");
    }
}

#[test]
fn the_rest_of_a_reply_is_none_of_the_keys_however_late_it_comes() {
    for (first, rest) in [
        ("\x1b]11;rgb:1e", "1e/1e1e/1e1e\x07y"),
        ("\x1b]11;rgb:1e1e/1e1e/1e1e\x1b", "\\y"),
        ("\x1b[?62;4", ";22cy"),
        ("\x1b[", "24;80Ry"),
        ("\x1b[", "Ay"),
        ("\x1b_Gi=31;O", "K\x1b\\y"),
        ("\x1bP>|XTerm(", "390)\x1b\\y"),
        ("\x1b[M", " !!y"),
        ("\x1b[<0;1", "0;20My"),
    ] {
        let mut decoder = Decoder::default();
        let mut out = Vec::new();
        decoder.feed(first.as_bytes(), &mut out);
        for _ in 0..9 {
            decoder.expire(&mut out);
        }
        decoder.feed(rest.as_bytes(), &mut out);
        let keys: Vec<&Input> = out
            .iter()
            .filter(|input| matches!(input, Input::Key(_)))
            .collect();
        let (last, others) = keys.split_last().unwrap();
        assert_eq!(**last, Input::Key(Key::plain(Code::Char('y'))), "{first:?}");
        let only_up = others
            .iter()
            .all(|key| **key == Input::Key(Key::plain(Code::Up)));
        assert!(only_up, "{first:?}: {others:?}");
    }
}

#[test]
fn while_replies_are_expected_an_escape_waits_longer() {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    decoder.expect_replies(true);
    decoder.feed(b"\x1b", &mut out);
    assert_eq!(decoder.pending(), Pending::Doubt);
    assert!(Pending::Doubt.wait() > Pending::Escape.wait());
    decoder.feed(b"]", &mut out);
    assert_eq!(decoder.pending(), Pending::Nothing);
    decoder.expire(&mut out);
    decoder.feed(b"11;rgb:0/0/0\x07\x1b[?6c\x1b", &mut out);
    assert_eq!(decoder.pending(), Pending::Escape, "all were answered");
    assert_eq!(out.len(), 2);
    assert!(out.iter().all(|input| matches!(input, Input::Reply(_))));
}

#[test]
fn alt_and_a_bracket_keep_the_keys_for_a_moment_only() {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    for typed in [
        b"\x1b]".as_slice(),
        b"\x1b]ab",
        b"\x1bPy",
        b"\x1b_",
        b"\x1bXy",
    ] {
        decoder.feed(typed, &mut out);
        assert_eq!(decoder.pending(), Pending::Sequence);
        decoder.expire(&mut out);
        assert!(out.is_empty());
        assert_eq!(decoder.pending(), Pending::Nothing);
    }
    decoder.feed(b"j", &mut out);
    assert_eq!(out, [Input::Key(Key::plain(Code::Char('j')))]);
}

#[test]
fn keys_are_written_and_read_back() {
    for text in [
        "j",
        "A",
        "ctrl-c",
        "alt-enter",
        "shift-tab",
        "pgup",
        "f12",
        "space",
        "-",
        "alt-1",
    ] {
        let key = Key::parse(text).unwrap();
        assert_eq!(
            Key::parse(&key.to_string().to_lowercase())
                .map(|again| again.code == key.code || text == "A"),
            Some(true),
            "{text}"
        );
    }
    assert_eq!(Key::parse("ctrl-C"), Key::parse("ctrl-c"));
    assert_eq!(Key::parse("Ctrl-PgUp"), Key::parse("ctrl-pgup"));
    assert_eq!(Key::parse("F5"), Key::parse("f5"));
    assert_ne!(Key::parse("F"), Key::parse("f"));
    for dash in ["-", "ctrl--", "alt--"] {
        let key = Key::parse(dash).unwrap();
        assert_eq!(key.code, Code::Char('-'), "{dash}");
    }
    for nothing in ["jj", "", "hyper-a", "ctrl-", "f0", "f25", "ctrl+a", "paste"] {
        assert_eq!(Key::parse(nothing), None, "{nothing}");
    }
}

#[test]
fn keys_that_never_arrive_are_known() {
    for lost in ["ctrl-m", "ctrl-i", "ctrl-[", "ctrl-1", "alt-[", "alt-O"] {
        assert!(Key::parse(lost).unwrap().is_lost_on_the_way(), "{lost}");
    }
    for key in [
        "ctrl-r",
        "ctrl-space",
        "alt-x",
        "alt-1",
        "alt-enter",
        "[",
        "ctrl-f5",
    ] {
        assert!(!Key::parse(key).unwrap().is_lost_on_the_way(), "{key}");
    }
}

/// Replies of terminals, none of which is a key.
const REPLIES: &[&[u8]] = &[
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    b"\x1b]10;rgb:ffff/ffff/ffff\x07",
    b"\x1b]52;c;eXl5\x07",
    b"\x1bP>|XTerm(390)\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^private yes\x1b\\",
    b"\x1bXstart of string y\x1b\\",
    b"\x1b[?62;4;22c",
    b"\x1b_Gi=31;EINVAL:bad y\x1b\\",
    b"\x1b]11;rgba:1e1e/1e1e/1e1e/ffff\x9c",
    b"\x1b[>41;390;0c",
    b"\x1b[0n",
    b"\x1b[24;80R",
    b"\x1b[1;5R",
    b"\x1b[?2026;2$y",
    b"\x1b[4;1$y",
    b"\x1b[?1u",
    b"\x1b[8;24;80t",
    b"\x1b[<0;10;20M",
    b"\x1b[<0;10;20m",
    b"\x1b[M !!",
    b"\x1b[32;10;20M",
    b"\x1b[I",
    b"\x1b[O",
    b"\x9b?62;4c",
    b"\xc2\x9b?62;4c",
    b"\x9d11;rgb:0/0/0\x07",
    b"\x1b[?997;1n",
    b"\x1b[48;24;80;0;0t",
];

/// Keys, as a terminal writes them and as they are written here.
const TYPED: &[(&[u8], &str)] = &[
    (b"y", "y"),
    (b"n", "n"),
    (b"A", "A"),
    (b"\r", "enter"),
    (b"\x1b[A", "up"),
    (b"\x1bOB", "down"),
    (b"\x1b[5~", "pgup"),
    (b"\x1b[1;5C", "ctrl-right"),
    (b"\x1bx", "alt-x"),
    (b"\x03", "ctrl-c"),
    (b"\x7f", "backspace"),
    (b"\xc3\x9c", "\u{dc}"),
    (b"\x1b[99;5u", "ctrl-c"),
];

#[test]
fn no_reply_becomes_a_key() {
    for reply in REPLIES {
        assert_eq!(keys(reply), "", "{:?}", String::from_utf8_lossy(reply));
    }
}

#[test]
fn a_long_reply_takes_no_room_and_gives_no_key() {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    decoder.feed(b"\x1b]52;c;", &mut out);
    for _ in 0..10_000 {
        decoder.feed(b"eXl5eXl5eXl5", &mut out);
    }
    decoder.feed(b"\x07", &mut out);
    decoder.feed(b"\x1b[", &mut out);
    decoder.feed(&[b'1'; 5000], &mut out);
    decoder.feed(b"A", &mut out);
    assert!(out.is_empty());
    assert_eq!(decoder.pending(), Pending::Nothing);
}

/// Bytes that begin, end and cut sequences more often than chance would.
fn terminal_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\x1b".to_vec()),
        Just(b"\x1b[".to_vec()),
        Just(b"\x1b]".to_vec()),
        Just(b"\x1bP".to_vec()),
        Just(b"\x1bO".to_vec()),
        Just(b"\x1b\\".to_vec()),
        Just(b"\x1b[200~".to_vec()),
        Just(b"\x1b[201~".to_vec()),
        Just(b"\x07".to_vec()),
        proptest::sample::select(REPLIES).prop_map(<[u8]>::to_vec),
        proptest::collection::vec(any::<u8>(), 0..6),
        "[ -~]{0,6}".prop_map(String::into_bytes),
        "\\PC{0,3}".prop_map(String::into_bytes),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_pieces_in_which_bytes_are_read_change_nothing(
        bytes in terminal_bytes(),
        cuts in proptest::collection::vec(0usize..200, 0..12),
    ) {
        let whole = inputs(&bytes);
        let mut decoder = Decoder::default();
        let mut out = Vec::new();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        for pair in cuts.windows(2) {
            decoder.feed(&bytes[pair[0]..pair[1]], &mut out);
        }
        decoder.expire(&mut out);
        prop_assert_eq!(whole, out);
    }

    #[test]
    fn replies_in_pieces_and_late_between_keys_leave_the_keys_alone(
        typed in proptest::collection::vec(
            (proptest::sample::select(TYPED), proptest::collection::vec(proptest::sample::select(REPLIES), 0..3)),
            1..8,
        ),
        cuts in proptest::collection::vec((0usize..300, any::<bool>()), 0..16),
    ) {
        let mut bytes = Vec::new();
        let mut expected = Vec::new();
        for ((written, key), replies) in typed {
            bytes.extend(written);
            expected.push(Input::Key(Key::parse(key).unwrap()));
            replies.iter().for_each(|reply| bytes.extend(*reply));
        }
        let mut cuts: Vec<(usize, bool)> = cuts
            .into_iter()
            .map(|(cut, late)| (cut.min(bytes.len()), late))
            .collect();
        cuts.push((bytes.len(), true));
        cuts.sort_unstable();
        let mut decoder = Decoder::default();
        let mut out = Vec::new();
        let mut from = 0;
        for (cut, late) in cuts {
            decoder.feed(&bytes[from..cut], &mut out);
            from = cut;
            // Whether a reply asked for came by now is not known to whoever asked.
            decoder.expect_replies(true);
            // A pause right behind an Escape makes a key of it, and of nothing else.
            if late && !matches!(decoder.pending(), Pending::Escape | Pending::Doubt) {
                decoder.expire(&mut out);
            }
        }
        out.retain(|input| !matches!(input, Input::Reply(_) | Input::Mouse(_)));
        prop_assert_eq!(out, expected);
    }
}
