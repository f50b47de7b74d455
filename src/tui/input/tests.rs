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
        .map(|input| match input {
            Input::Key(key) => key.to_string(),
            Input::Paste(text) => format!("paste({text:?})"),
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
    assert_eq!(Key::parse("jj"), None);
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
    fn replies_between_keys_leave_the_keys_alone(
        typed in "[a-z]{1,8}",
        replies in proptest::collection::vec(proptest::sample::select(REPLIES), 1..6),
    ) {
        let mut bytes = Vec::new();
        for (place, letter) in typed.bytes().enumerate() {
            bytes.push(letter);
            bytes.extend(replies[place % replies.len()]);
        }
        let expected: Vec<Input> = typed.chars().map(|c| Input::Key(Key::plain(Code::Char(c)))).collect();
        prop_assert_eq!(inputs(&bytes), expected);
    }
}
