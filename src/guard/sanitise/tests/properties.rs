use std::num::NonZero;

use proptest::prelude::*;
use serde_json::{Value, json};
use unicode_general_category::{GeneralCategory, get_general_category};

use super::{decode, decode_block, text};
use crate::guard::sanitise::*;

/// Text of all that matters here: letters of many scripts, everything unseen, and
/// pieces of what the sanitiser itself writes.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -~]{0,6}",
        2 => any::<char>().prop_map(String::from),
        2 => prop::sample::select(vec![
            '\u{1b}', '\u{9b}', '\u{7f}', '\0', '\r', '\n', '\u{202e}', '\u{2066}', '\u{200b}', '\u{200d}',
            '\u{fe0f}', '\u{e0100}', '\u{e0001}', '\u{e0041}', '\u{e0022}', '\u{e007f}', '\u{2028}', '\u{2800}',
            '\u{3164}', '\u{1160}', '\u{1161}', '\u{11a8}', '\u{1100}', '\u{ad}', '\u{fff9}', '\u{e000}', '\u{301}',
            '\u{300}', '\u{93e}', '\u{94d}', '\u{915}', '\u{1f44d}', '\u{1f3fb}', '\u{1f1eb}', '\u{1f1f7}', '你',
            '\u{a0}', '\u{3000}', ' ', '⟨', '⟩', '×', '⏎', '⇥', '␍', '\u{5d0}', '\u{644}', '\u{e33}', '\u{ff9e}',
        ]).prop_map(String::from),
        1 => prop::sample::select(vec!["⟨U+", "⟨tag \"", "⟨×4", "<U+", "<x3", "⟨U+202E⟩", "\u{200b}\u{200b}\u{200b}\u{200b}", "          "])
            .prop_map(String::from),
        1 => (Just(" "), 0..80_usize).prop_map(|(c, n)| c.repeat(n)),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Whether its script has ligatures whose width terminals do not agree on; the
/// replacement character is one that the emulator does not draw.
fn has_ligatures(c: char) -> bool {
    matches!(c, '\u{fffd}' | '\u{17d2}' | '\u{a4f8}'..='\u{a4fd}' | '\u{2d7f}' | '\u{16d40}'..='\u{16d7f}')
}

fn is_fit(c: char) -> bool {
    !matches!(
        get_general_category(c),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
    )
}

#[test]
fn each_character_alone_is_fit_and_as_wide_as_said() {
    // Every script and sign; of the wide plains of ideographs, syllables, private use
    // and unassigned code points a sample.
    let codes = (0..0x3400)
        .chain(0xA000..0xAC00)
        .chain(0xD7A0..0xD800)
        .chain(0xF900..0x1_2000)
        .chain(0x1_6000..0x1_7000)
        .chain(0x1_D000..0x2_0000)
        .chain(0xE_0000..0xE_0200)
        .chain((0..0x11_0000).step_by(151));
    for c in codes.filter_map(char::from_u32) {
        let input = c.to_string();
        let one = line(&text(&input), 40);
        assert!(one.chars().all(is_fit), "{one:?}");
        assert_eq!(decode(&one), input);
        if one == input {
            assert!(
                (1..=2).contains(&width(&one)),
                "{one:?} takes {}",
                width(&one)
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_shown_can_be_told_back(input in any_text()) {
        prop_assert_eq!(&decode(&line(&text(&input), usize::MAX)), &input);
        let untabbed = input.replace('\t', "");
        prop_assert_eq!(decode_block(&block(&text(&untabbed))), untabbed);
    }

    #[test]
    fn nothing_unfit_is_shown_and_widths_are_right(input in any_text()) {
        let one = line(&text(&input), usize::MAX);
        prop_assert!(one.chars().all(is_fit), "{:?}", one);
        prop_assert!(block(&text(&input)).chars().all(|c| c == '\n' || is_fit(c)));
        prop_assert!(line_as(&text(&input), usize::MAX, Form::Ascii).is_ascii());
        if !one.chars().any(has_ligatures) {
            prop_assert_eq!(cursor_after(&one), width(&one), "{:?}", one);
        }
    }

    #[test]
    fn a_terminal_is_told_nothing_but_text(input in any_text()) {
        let mut obeyed = Obeyed::default();
        vte::Parser::new().advance(&mut obeyed, block(&text(&input)).as_bytes());
        prop_assert_eq!(obeyed.0, Vec::<String>::new());
    }

    #[test]
    fn spans_and_block_show_the_same(input in any_text()) {
        let lines: Vec<String> = spans(&text(&input))
            .into_iter()
            .map(|spans| spans.into_iter().map(|span| span.text).collect())
            .collect();
        prop_assert_eq!(lines.join("\n"), block(&text(&input)));
    }

    #[test]
    fn a_line_is_never_longer_than_asked(input in any_text(), most in 0..40_usize) {
        let one = line(&text(&input), most);
        prop_assert!(one.chars().count() <= most);
    }

    #[test]
    fn cutting_and_wrapping_keep_within_the_cells(input in any_text(), cells in 0..30_usize) {
        let shown = block(&text(&input));
        prop_assert!(width(&cut(&shown.replace('\n', ""), cells)) <= cells);
        let wrapped = wrap(&shown, cells);
        prop_assert!(wrapped.iter().all(|line| width(line) <= cells.max(2)));
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert_eq!(letters(&wrapped.concat()), letters(&shown));
    }

    #[test]
    fn safe_json_has_the_very_same_value(key in any_text(), input in any_text()) {
        let value = json!({ key: [input, {"n": -1.5, "i": u64::MAX}] });
        for safe in [json_ascii_safe(&value), json_ascii_safe_pretty(&value)] {
            prop_assert!(safe.chars().all(|c| c == '\n' || is_fit(c)));
            prop_assert_eq!(serde_json::from_str::<Value>(&safe).unwrap(), value.clone());
        }
    }
}

/// Whatever a terminal would do beside drawing characters and starting lines.
#[derive(Default)]
struct Obeyed(Vec<String>);

impl vte::Perform for Obeyed {
    fn execute(&mut self, byte: u8) {
        if byte != b'\n' {
            self.0.push(format!("control {byte:#x}"));
        }
    }

    fn hook(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
        self.0.push(format!("DCS {action}"));
    }

    fn osc_dispatch(&mut self, _: &[&[u8]], _: bool) {
        self.0.push("OSC".into());
    }

    fn csi_dispatch(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
        self.0.push(format!("CSI {action}"));
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
        self.0.push(format!("ESC {byte:#x}"));
    }
}

/// How far a terminal's cursor comes, grapheme by grapheme so that no line is too long.
fn cursor_after(shown: &str) -> usize {
    use unicode_segmentation::UnicodeSegmentation as _;

    let (rows, columns) = (NonZero::new(3).unwrap(), NonZero::new(40).unwrap());
    shown
        .graphemes(true)
        .map(|grapheme| {
            let mut terminal = vt100::Parser::new(rows, columns, 0);
            terminal.process(grapheme.as_bytes());
            assert_eq!(terminal.screen().cursor_position().0, 0);
            usize::from(terminal.screen().cursor_position().1)
        })
        .sum()
}
