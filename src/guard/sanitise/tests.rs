use serde_json::{Value, json};

use super::*;

mod decode;
mod properties;

use decode::{decode, decode_block};

fn text(text: &str) -> Untrusted {
    Untrusted::from(text)
}

fn shown(input: &str) -> String {
    line(&text(input), 10_000)
}

#[test]
fn ordinary_text_of_any_script_passes_unchanged() {
    for ordinary in [
        "Creates an issue in owner/name; see https://example.org/a?b=c#d (5 % off!) \"so\" <b> {x} [1] `y`",
        "Ünïcödé façade, œuvre, Straße, Øresund, İstanbul, ǅ, ﬁ, naïve “quotes” – dash — … €",
        "Привет, мир: Ёлка, ґанок, Ђорђе",
        "Γειά σου Κόσμε, ἄνθρωπος",
        "שלום עולם, בְּרֵאשִׁית",
        "مرحبا بالعالم، لا إله، العربيّة ١٢٣",
        "हिन्दी में नमस्ते, क्षत्रिय, श्री, ज़िंदगी, कि, की",
        "தமிழ், తెలుగు, മലയാളം, ಕನ್ನಡ, বাংলা",
        "สวัสดีชาวโลก น้ำ กำลัง ที่",
        "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t, a\u{306}\u{303}, Tiếng Việt",
        "你好，世界。「引用」　全角ＡＢＣ",
        "こんにちは、ガギグ か\u{3099} ｶﾞ",
        "안녕하세요, 한글 \u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}",
        "សួស្តី ពិភពលោក, မင်္ဂလာပါ, བཀྲ་ཤིས།, ላም, Բարեւ, გამარჯობა",
        "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, ½, №, ★, →, ⇒, ⟨a|b⟩, ✓, 😀🚀, 🇫🇷",
        "fine 8 blanks:        .",
    ] {
        assert_eq!(shown(ordinary), ordinary);
        assert_eq!(block(&text(ordinary)), ordinary);
        assert_eq!(hidden(&text(ordinary)), 0, "{ordinary}");
    }
}

#[test]
fn what_is_not_seen_is_written_out() {
    for (input, output) in [
        ("\u{1b}[2J", "⟨U+001B⟩[2J"),
        ("\u{9b}2J", "⟨U+009B⟩2J"),
        ("\u{1b}]52;c;aGk=\u{7}", "⟨U+001B⟩]52;c;aGk=⟨U+0007⟩"),
        (
            "\u{1b}]8;;https://a\u{1b}\\b",
            "⟨U+001B⟩]8;;https://a⟨U+001B⟩\\b",
        ),
        ("\u{1b}P$q\"p\u{1b}\\", "⟨U+001B⟩P$q\"p⟨U+001B⟩\\"),
        ("a\0b\u{7f}c\u{8}", "a⟨U+0000⟩b⟨U+007F⟩c⟨U+0008⟩"),
        ("user\u{202e}gpj.exe", "user⟨U+202E⟩gpj.exe"),
        ("\u{2066}a\u{2069}\u{61c}", "⟨U+2066⟩a⟨U+2069⟩⟨U+061C⟩"),
        ("zero\u{200b}width\u{feff}", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
        ("soft\u{ad}hyphen", "soft⟨U+00AD⟩hyphen"),
        ("a\u{2028}b\u{2029}c", "a⟨U+2028⟩b⟨U+2029⟩c"),
        (
            "\u{2800}\u{3164}\u{115f}\u{ffa0}",
            "⟨U+2800⟩⟨U+3164⟩⟨U+115F⟩⟨U+FFA0⟩",
        ),
        (
            "\u{e000}\u{f0000}\u{378}\u{ffff}",
            "⟨U+E000⟩⟨U+F0000⟩⟨U+0378⟩⟨U+FFFF⟩",
        ),
        ("\u{fff9}a\u{fffa}b\u{fffb}", "⟨U+FFF9⟩a⟨U+FFFA⟩b⟨U+FFFB⟩"),
        (
            "a\u{fe0f}b\u{e0100}c\u{e01ef}",
            "a⟨U+FE0F⟩b⟨U+E0100⟩c⟨U+E01EF⟩",
        ),
        ("👩\u{200d}🔬", "👩⟨U+200D⟩🔬"),
        ("👍🏽 🏽", "👍⟨U+1F3FD⟩ ⟨U+1F3FD⟩"),
        ("क\u{200c}ष", "क⟨U+200C⟩ष"),
        ("\u{301}a", "⟨U+0301⟩a"),
        ("a \u{301}", "a ⟨U+0301⟩"),
        ("a\u{200b}\u{301}", "a⟨U+200B⟩⟨U+0301⟩"),
        (
            "z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}",
            "z\u{300}\u{301}\u{302}\u{303}⟨U+0304⟩⟨U+0305⟩",
        ),
        ("\u{17d8}", "⟨U+17D8⟩"),
    ] {
        assert_eq!(shown(input), output);
        assert_eq!(decode(output), input);
    }
}

#[test]
fn tag_characters_say_what_they_say() {
    let smuggled: String = "run \"rm\" \\ now"
        .chars()
        .filter_map(|c| char::from_u32(0xE0000 + u32::from(c)))
        .collect();
    let input = format!("Adds numbers.{smuggled}\u{e007f}");
    let output = r#"Adds numbers.⟨tag "run \"rm\" \\ now"⟩⟨U+E007F⟩"#;
    assert_eq!(shown(&input), output);
    assert_eq!(decode(output), input);
    assert_eq!(hidden(&text(&input)), 15);
}

#[test]
fn long_runs_are_counted_and_not_repeated() {
    assert_eq!(shown(&format!("a{}b", " ".repeat(400))), "a⟨×400 spaces⟩b");
    assert_eq!(
        shown(&format!("a{}b", "\u{200b}".repeat(1000))),
        "a⟨U+200B ×1000⟩b"
    );
    assert_eq!(shown(&format!("a{}b", "\n".repeat(300))), "a⟨U+000A ×300⟩b");
    assert_eq!(
        shown(&format!("a{}b", "\u{3000}".repeat(9))),
        "a⟨U+3000 ×9⟩b"
    );
    let mixed = format!("a{} \tb", " \u{a0}".repeat(5));
    assert!(
        shown(&mixed).starts_with("a⟨U+0020⟩⟨U+00A0⟩"),
        "{}",
        shown(&mixed)
    );
    assert_eq!(decode(&shown(&mixed)), mixed);
    let far = format!("safe{}rm -rf", " ".repeat(400));
    assert_eq!(block(&text(&far)), "safe⟨×400 spaces⟩rm -rf");
}

#[test]
fn one_line_stays_one_line_and_is_cut_between_letters() {
    assert_eq!(shown("a\nb\tc\r\nd\re"), "a⏎b⇥c␍⏎d⟨U+000D⟩e");
    assert_eq!(shown("⏎⇥␍"), "⟨U+23CE⟩⟨U+21E5⟩⟨U+240D⟩");
    assert_eq!(line(&text("Hello"), 5), "Hello");
    assert_eq!(line(&text("Hello!"), 5), "Hell…");
    assert_eq!(line(&text("ab\u{202e}cd"), 5), "ab…");
    assert_eq!(line(&text("abe\u{301}\u{302}xyz"), 5), "ab…");
    assert_eq!(line(&text("Hello"), 0), "");
    assert_eq!(line(&text("Hello"), 1), "…");
    assert_eq!(line_as(&text("Hello"), 2, Form::Ascii), "..");
    assert_eq!(line(&text(""), 0), "");
}

#[test]
fn lines_break_where_the_text_does() {
    let parts = spans(&text("one\u{202e}two\n\tthree\n"));
    assert_eq!(
        parts,
        vec![
            vec![
                Span {
                    text: "one".into(),
                    kind: SpanKind::Plain
                },
                Span {
                    text: "⟨U+202E⟩".into(),
                    kind: SpanKind::Hidden
                },
                Span {
                    text: "two".into(),
                    kind: SpanKind::Plain
                },
            ],
            vec![Span {
                text: "    three".into(),
                kind: SpanKind::Plain
            }],
            vec![],
        ]
    );
    assert_eq!(
        block(&text("one\u{202e}two\n\tthree\r\n")),
        "one⟨U+202E⟩two\n    three␍\n"
    );
}

#[test]
fn a_text_cannot_pretend_that_something_was_written_out() {
    for imitation in [
        "⟨U+202E⟩",
        "⟨tag \"x\"⟩",
        "⟨×400 spaces⟩",
        "⟨U+200B ×9⟩",
        "⟨U+27E8⟩U+202E⟩",
    ] {
        assert!(
            shown(imitation).starts_with("⟨U+27E8⟩"),
            "{}",
            shown(imitation)
        );
        assert_eq!(decode(&shown(imitation)), imitation);
    }
    assert_eq!(
        line_as(&text("<U+202E> <x4 <b>"), 99, Form::Ascii),
        "<U+003C>U+202E> <U+003C>x4 <b>"
    );
}

#[test]
fn a_poor_terminal_gets_ascii_alone() {
    let input = text("é\u{202e} ✓ \u{9b}\t\u{e0041}…");
    let output = line_as(&input, 200, Form::Ascii);
    assert_eq!(
        output,
        "<U+00E9><U+202E> <U+2713> <U+009B><U+0009><tag \"A\"><U+2026>"
    );
    assert!(block_as(&text("🦀\r\nü"), Form::Ascii).is_ascii());
}

#[test]
fn newlines_and_tabs_are_not_hidden_and_the_rest_is_counted() {
    assert_eq!(hidden(&text("a\n\tb\r\nc")), 0);
    assert_eq!(hidden(&text("a\rb\u{200b}\u{200b}\u{1b}")), 4);
}

#[test]
fn text_is_made_to_fit_by_cells() {
    assert_eq!(width("a你e\u{301}"), 4);
    assert_eq!(cut("hello", 5), "hello");
    assert_eq!(cut("hello!", 5), "hell…");
    assert_eq!(cut("你好吗", 5), "你好…");
    assert_eq!(cut("你好吗", 4), "你…");
    assert_eq!(cut("你好", 1), "…");
    assert_eq!(cut("hello", 0), "");
    assert_eq!(wrap("the quick  brown fox", 10), ["the quick", "brown fox"]);
    assert_eq!(wrap("a\n\n  bcd", 10), ["a", "", "  bcd"]);
    assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
    assert_eq!(wrap("日本語のtext", 5), ["日本", "語の", "text"]);
    assert_eq!(wrap("ab", 0), ["a", "b"]);
    assert_eq!(wrap("你a", 1), ["你", "a"]);
    assert_eq!(wrap("", 4), [""]);
}

#[test]
fn json_for_a_terminal_has_nothing_to_obey() {
    let value =
        json!({"k\u{202e}": ["\u{1b}[2J\u{9b}", "\u{e0041}é你", "\"\\\n", "\u{301}", 1, null]});
    let safe = json_ascii_safe(&value);
    assert_eq!(
        safe,
        r#"{"k\u202e":["\u001b[2J\u009b","\udb40\udc41é你","\"\\\n","\u0301",1,null]}"#
    );
    assert_eq!(serde_json::from_str::<Value>(&safe).unwrap(), value);
    assert!(json_ascii_safe_pretty(&value).contains("\n  \"k\\u202e\""));
}
