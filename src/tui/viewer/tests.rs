use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::json;

use super::*;
use crate::tui::action::{ACTIONS, Action};
use crate::tui::tests::theme;
use crate::tui::viewer::pane::Did;

const AREA: Rect = Rect::new(0, 0, 60, 12);

fn look() -> Look {
    Viewer::look(theme(), AREA, None)
}

fn act(viewer: &mut Viewer, action: Action) {
    let did = viewer.front_mut().act(action, look());
    if let Did::Inner(pane, trail) = did {
        viewer.stack.push(Inner { pane: *pane, trail });
    }
    viewer.keep(look());
}

fn screen(viewer: &Viewer, area: Rect) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(area.width, area.height)).unwrap();
    terminal
        .draw(|frame| viewer.view(theme(), frame, (area, None), true))
        .unwrap();
    let buffer = terminal.backend().buffer();
    (0..area.height)
        .map(|y| {
            let cells = (0..area.width).map(|x| buffer[(x, y)].symbol());
            cells.collect::<String>().trim_end().to_owned()
        })
        .collect()
}

fn shown(mut viewer: Viewer) -> String {
    viewer.keep(look());
    screen(&viewer, AREA).join("\n")
}

fn text(text: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": text }] })
}

fn views(viewer: &Viewer) -> Vec<View> {
    viewer.front().views.clone()
}

fn file(viewer: &Viewer) -> (&'static str, String) {
    let file = viewer.front().file().unwrap();
    (file.ending, String::from_utf8(file.bytes).unwrap())
}

fn copied(viewer: &Viewer) -> String {
    viewer.front().copied().unwrap().1
}

#[test]
fn the_fitting_view_comes_first() {
    let view = |value| Viewer::of_result(value).view_now();
    let picture = || json!({ "type": "image", "data": "aGk=", "mimeType": "image/png" });
    for (value, expected) in [
        (text("plain words"), View::Text),
        (text("# Title\n\nwords"), View::Markdown),
        (text("{\"a\": 1}"), View::Json),
        (text("[{\"a\": 1}, {\"a\": 2}]"), View::Table),
        (text("{\"a\": 1, \"a\": 2}"), View::Text),
        (
            json!({ "content": [{ "type": "text", "text": "{}" }],
            "structuredContent": { "result": [{ "a": 1 }] } }),
            View::Table,
        ),
        (json!({ "content": [picture()] }), View::Picture),
        (
            json!({ "content": [{ "type": "text", "text": "a cat" }, picture()] }),
            View::Text,
        ),
        (
            json!({ "content": [{ "type": "resource_link", "uri": "a:b", "name": "x" }] }),
            View::Parts,
        ),
        (json!({ "content": [] }), View::Text),
        (
            json!({ "content": [{ "type": "text", "text": "# no" }], "isError": true }),
            View::Text,
        ),
        (json!({ "other": 1 }), View::Text),
    ] {
        assert_eq!(view(value.clone()), expected, "{value}");
    }
    assert_eq!(Viewer::of_value(json!(7)).view_now(), View::Json);
    assert_eq!(Viewer::of_value(json!("# A\n")).view_now(), View::Markdown);
    let markdown =
        json!({ "contents": [{ "uri": "a:b", "mimeType": "text/markdown", "text": "x" }] });
    assert_eq!(Viewer::of_contents(markdown).view_now(), View::Markdown);
}

#[test]
fn only_the_views_that_there_are_can_be_chosen() {
    let viewer = Viewer::of_result(text("hello"));
    assert_eq!(views(&viewer), [View::Text, View::Tree, View::Raw]);
    let viewer = Viewer::of_result(text("hello **you**"));
    assert_eq!(
        views(&viewer),
        [View::Text, View::Markdown, View::Tree, View::Raw]
    );
    assert_eq!(viewer.view_now(), View::Text);
    let mut viewer = Viewer::of_value(json!([1]));
    assert_eq!(views(&viewer), [View::Json, View::Raw]);
    act(&mut viewer, Action::ViewPicture);
    assert_eq!(viewer.view_now(), View::Json);
}

#[test]
fn a_failure_stands_out_and_emptiness_is_said() {
    let failed = json!({ "content": [{ "type": "text", "text": "no" }], "isError": true });
    let screen = shown(Viewer::of_result(failed));
    assert!(
        screen.contains("✕ the function says that it failed"),
        "{screen}"
    );
    let screen = shown(Viewer::of_result(json!({ "content": [] })));
    assert!(screen.contains("It answered with nothing."), "{screen}");
    let screen = shown(Viewer::of_messages(json!({ "messages": [] })));
    assert!(screen.contains("The prompt has no messages."), "{screen}");
}

#[test]
fn a_row_a_text_and_a_part_are_opened_and_left_again() {
    let mut viewer = Viewer::of_value(json!([{ "id": 1 }, { "id": 2, "text": "# Long\n\nwords" }]));
    act(&mut viewer, Action::Down);
    act(&mut viewer, Action::ViewOpen);
    assert_eq!(viewer.view_now(), View::Json);
    assert_eq!(
        copied(&viewer),
        "{\n  \"id\": 2,\n  \"text\": \"# Long\\n\\nwords\"\n}"
    );
    act(&mut viewer, Action::Last);
    act(&mut viewer, Action::ViewOpen);
    assert_eq!(viewer.view_now(), View::Markdown);
    assert_eq!(file(&viewer), ("md", "# Long\n\nwords".to_owned()));
    assert!(screen(&viewer, AREA)[0].contains("\".text\""));
    viewer.stack.pop();
    viewer.stack.pop();
    assert_eq!(viewer.view_now(), View::Table);
}

#[test]
fn what_is_copied_and_saved_is_what_is_chosen() {
    let mut viewer = Viewer::of_value(json!({ "a": { "b": "raw \u{1b}text" } }));
    act(&mut viewer, Action::Last);
    assert_eq!(copied(&viewer), "raw \u{1b}text");
    assert_eq!(file(&viewer).0, "json");
    let mut viewer = Viewer::of_result(json!({ "content": [
        { "type": "text", "text": "one" },
        { "type": "resource_link", "uri": "a:b", "name": "x" },
        { "type": "audio", "data": "aGk=", "mimeType": "audio/wav" },
        { "type": "audio", "data": "§", "mimeType": "audio/wav" },
    ] }));
    assert_eq!(copied(&viewer), "one");
    act(&mut viewer, Action::ViewParts);
    act(&mut viewer, Action::Down);
    assert_eq!(copied(&viewer), "a:b");
    assert_eq!(file(&viewer), ("txt", "a:b".to_owned()));
    act(&mut viewer, Action::Down);
    assert!(viewer.front().copied().is_err());
    assert_eq!(file(&viewer), ("wav", "hi".to_owned()));
    act(&mut viewer, Action::Down);
    assert!(viewer.front().file().unwrap_err().contains("not base64"));
}

#[test]
fn a_file_gets_all_of_what_is_shown_in_part() {
    let long = "- line\n".repeat(100_000);
    let mut viewer = Viewer::of_result(text(&long));
    act(&mut viewer, Action::ViewMarkdown);
    assert_eq!(file(&viewer), ("md", long));
    assert!(shown(viewer).contains("more are shown as text"));
}

#[test]
fn raw_is_the_json_as_text_with_all_that_hides_in_it() {
    let value =
        json!({ "zulu": "a\nb\u{1b}[2J", "alpha\u{202e}": "\u{200b}\u{9b}x", "content": [] });
    let mut viewer = Viewer::of_result(value);
    act(&mut viewer, Action::ViewRaw);
    assert_eq!(viewer.view_now(), View::Raw);
    let lines = screen(&viewer, AREA);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(
        lines[1..6],
        [
            "│ {",
            "│   \"zulu\": \"a\\nb\\u001b[2J\",",
            "│   \"alpha⟨U+202E⟩\": \"⟨U+200B⟩⟨U+009B⟩x\",",
            "│   \"content\": []",
            "│ }",
        ]
    );
    let (ending, written) = file(&viewer);
    assert_eq!((ending, &written), ("json", &copied(&viewer)));
    assert!(
        written.contains("alpha\u{202e}"),
        "it is written as it came"
    );
    // A text by itself stands as JSON writes it.
    let mut viewer = Viewer::of_value(json!("say \"hi\"\n"));
    act(&mut viewer, Action::ViewRaw);
    assert!(screen(&viewer, AREA)[1].contains(r#""say \"hi\"\n""#));
}

#[test]
fn raw_of_much_is_gone_through_by_the_page_and_searched() {
    let elements: Vec<Value> = (0..50_000).map(|id| json!({ "id": id })).collect();
    let mut viewer = Viewer::of_value(Value::Array(elements));
    act(&mut viewer, Action::ViewRaw);
    act(&mut viewer, Action::PageDown);
    act(&mut viewer, Action::Last);
    let lines = screen(&viewer, AREA);
    assert!(lines.iter().any(|line| line.ends_with("\"id\": 49999")));
    assert!(
        lines.last().unwrap().contains("100 % of 150,002 lines"),
        "{lines:?}"
    );
    let needle = Needle::new("\"id\": 25000").unwrap();
    assert_eq!(viewer.front_mut().seek(&needle, false, look()), Some(false));
    viewer.keep(look());
    let lines = screen(&viewer, AREA);
    assert!(
        lines.iter().any(|line| line.ends_with("\"id\": 25000")),
        "{lines:?}"
    );
}

#[test]
fn a_file_name_has_nothing_of_a_path() {
    let named = |name: &str| Viewer::of_value(json!(1)).named(&Untrusted::new(name));
    let name = named("../../etc/pass\u{1b}wd").file_name(12_345);
    assert_eq!(name, "etcpasswd-12.json");
    assert_eq!(named("…").file_name(0), "result-0.json");
}

#[test]
fn a_link_is_wished_for_and_never_fetched() {
    let mut viewer = Viewer::of_result(json!({ "content": [
        { "type": "resource_link", "uri": "https://x.example/\u{202e}a", "name": "x" }] }));
    viewer.keep(look());
    let screen = screen(&viewer, AREA).join("\n");
    assert!(screen.contains("Link, not fetched"), "{screen}");
    assert!(screen.contains("⟨U+202E⟩"), "{screen}");
    let did = viewer.front_mut().act(Action::ViewOpen, look());
    assert!(matches!(did, Did::Open(uri) if uri.raw() == "https://x.example/\u{202e}a"));
}

/// Texts that try to be more than text.
const HOSTILE: &[&str] = &[
    "\u{1b}[2J\u{1b}]52;c;eXl5\u{7}",
    "\u{9b}31mred\u{202e}x",
    "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}",
    "\r\n\u{b}\u{c}\u{8}\u{7f}\u{200b}",
    "│ ● answered\n┃ y once",
    "漢字👩‍👩‍👧",
    "# h\n[a](\u{1b}]8;;x\u{7})\n|a|\n|-|\n|\u{1b}|",
    "",
];

fn any_json() -> impl Strategy<Value = Value> {
    let text = proptest::sample::select(HOSTILE).prop_map(|text| json!(text));
    let leaf = prop_oneof![
        3 => text,
        1 => Just(Value::Null),
        1 => any::<i64>().prop_map(|number| json!(number)),
        1 => any::<bool>().prop_map(|it| json!(it)),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let key = prop_oneof![
            proptest::sample::select(HOSTILE).prop_map(str::to_owned),
            proptest::sample::select(&[
                "content",
                "type",
                "text",
                "data",
                "uri",
                "resource",
                "blob",
                "mimeType",
                "messages",
                "contents",
                "role",
                "structuredContent",
                "annotations",
                "audience",
                "isError",
            ])
            .prop_map(str::to_owned),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::vec((key, inner), 0..6)
                .prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

/// Something like a result, more often than chance would have it.
fn any_result() -> impl Strategy<Value = Value> {
    let part = (
        proptest::sample::select(&["text", "image", "audio", "resource_link", "resource", "x"]),
        proptest::sample::select(HOSTILE),
        any_json(),
    )
        .prop_map(|(kind, text, other)| {
            json!({ "type": kind, "text": text, "data": text, "uri": text, "name": text,
                "mimeType": text, "annotations": other, "resource": { "uri": text, "text": text } })
        });
    let parts = proptest::collection::vec(part, 0..5).boxed();
    prop_oneof![
        any_json(),
        (parts.clone(), any_json())
            .prop_map(|(parts, data)| json!({ "content": parts, "structuredContent": data })),
        parts.clone().prop_map(|parts| json!({ "contents": parts })),
        parts.prop_map(|parts| json!({ "messages": parts.into_iter().map(|part| {
            json!({ "role": "user", "content": part })
        }).collect::<Vec<_>>() })),
    ]
}

fn actions() -> Vec<Action> {
    let of_it = |spec: &&crate::tui::action::ActionSpec| {
        use crate::tui::action::Context;
        [Context::Viewer, Context::Scroll]
            .iter()
            .any(|context| spec.contexts.contains(context))
    };
    ACTIONS
        .iter()
        .filter(of_it)
        .map(|spec| spec.action)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn nothing_that_came_panics_or_leaves_its_place(
        value in any_result(),
        origin in 0usize..5,
        moves in proptest::collection::vec((0usize..64, 1u16..100, 3u16..40), 0..12),
        typed in proptest::sample::select(&["a", "\u{1b}", "漢", "1"]),
    ) {
        let mut viewer = match origin {
            0 => Viewer::of_result(value),
            1 => Viewer::of_contents(value),
            2 => Viewer::of_messages(value),
            3 => Viewer::of_call(Some(value.clone()), Some(value)),
            _ => Viewer::of_value(value),
        };
        let actions = actions();
        for (action, width, height) in moves {
            let area = Rect::new(0, 0, width, height);
            let look = Viewer::look(theme(), area, None);
            let action = actions[action % actions.len()];
            if let Did::Inner(pane, trail) = viewer.front_mut().act(action, look) {
                viewer.stack.push(Inner { pane: *pane, trail });
            }
            if action == Action::SearchNext {
                viewer.needle = Needle::new(typed);
                viewer.front_mut().seek(&Needle::new(typed).unwrap(), true, look);
                viewer.front_mut().seek(&Needle::new(typed).unwrap(), false, look);
            }
            viewer.keep(look);
            let _ = (viewer.front().copied(), viewer.front().file(), viewer.file_name(1));
            for line in screen(&viewer, area) {
                let bad = line.chars().find(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}'));
                prop_assert!(bad.is_none(), "{bad:?} in {line}");
            }
        }
    }
}

/// How long the slowest of some keys takes, in microseconds. Printed, not judged: it
/// depends on the machine. `cargo test --release -- --ignored --nocapture how_long`
#[test]
#[ignore = "measures"]
fn how_long_keys_take() {
    let mut lines = String::new();
    while lines.len() < 16_000_000 {
        lines.push_str("A line of the usual length, as logs have them by the thousand.\n");
    }
    let elements = json!(vec![
        json!({ "id": 1, "name": "x", "tags": ["a", "b"] });
        100_000
    ]);
    let keyed: serde_json::Map<String, Value> = (0..100_000)
        .map(|place| (format!("key{place}"), json!({ "a": place })))
        .collect();
    let area = Rect::new(0, 0, 120, 40);
    let look = Viewer::look(theme(), area, None);
    for (name, value, view) in [
        ("16 MB of lines", text(&lines), Action::ViewText),
        (
            "a line of 1 MB",
            text(&"0123456789".repeat(100_000)),
            Action::ViewText,
        ),
        (
            "Markdown",
            text(&"# A\n\n- **b** [c](d)\n".repeat(12_000)),
            Action::ViewMarkdown,
        ),
        ("100,000 elements", elements.clone(), Action::ViewJson),
        ("100,000 rows", elements, Action::ViewTable),
        ("100,000 keys", Value::Object(keyed), Action::ViewJson),
    ] {
        let started = std::time::Instant::now();
        let mut viewer = if value.get("content").is_some() {
            Viewer::of_result(value)
        } else {
            Viewer::of_value(value)
        };
        viewer.front_mut().act(view, look);
        viewer.keep(look);
        let opened = started.elapsed();
        let mut terminal = Terminal::new(TestBackend::new(area.width, area.height)).unwrap();
        let mut slowest = (std::time::Duration::ZERO, Action::Up);
        use Action as A;
        for action in [
            A::Down,
            A::PageDown,
            A::Last,
            A::Up,
            A::PageUp,
            A::UnfoldAll,
            A::Last,
            A::PageUp,
            A::Up,
            A::Down,
        ] {
            let started = std::time::Instant::now();
            viewer.front_mut().act(action, look);
            viewer.keep(look);
            let drawn = started.elapsed();
            terminal
                .draw(|frame| viewer.view(theme(), frame, (area, None), true))
                .unwrap();
            let taken = started.elapsed();
            println!("   {action:?}: {drawn:?}, drawn {taken:?}");
            if taken > slowest.0 && action != A::UnfoldAll {
                slowest = (taken, action);
            }
        }
        println!("{name}: opened in {opened:?}, slowest {slowest:?}");
    }
}
