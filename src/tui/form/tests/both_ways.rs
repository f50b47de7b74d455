//! The form and its raw JSON: what goes from one to the other.

use serde_json::json;

use super::{Desk, object};
use crate::tui::action::by_the_table;
use crate::tui::form::{Draft, Filling, Prefill, Shown};

fn schema() -> serde_json::Value {
    object(
        json!({ "name": { "type": "string" }, "n": { "type": "integer" },
            "token": { "type": "string" } }),
        &["name"],
    )
}

fn raw(desk: &Desk) -> String {
    desk.filling.raw().expect("the form is shown").0.text()
}

#[test]
fn the_json_is_what_the_form_says_and_the_form_what_the_json_says() {
    let mut desk = Desk::new(&schema());
    desk.keys("ann<tab>3");
    desk.filling.toggle().unwrap();
    assert_eq!(raw(&desk), "{\n  \"name\": \"ann\",\n  \"n\": 3\n}");
    desk.keys("<down><down><end>4");
    desk.filling.toggle().unwrap();
    assert_eq!(desk.filling.shown(), Shown::Form);
    assert_eq!(desk.value(), json!({ "name": "ann", "n": 34 }));
}

#[test]
fn what_the_form_has_no_field_for_is_kept() {
    let mut desk = Desk::new(&schema());
    desk.filling.toggle().unwrap();
    desk.keys("<ctrl-k>");
    desk.paste("{\"name\": [1, {\"deep\": null}], \"other\": 5, \"n\": 1.5}");
    desk.filling.toggle().unwrap();
    desk.shows("\"deep\": null").shows("other").shows("[ 1.5");
    desk.filling.toggle().unwrap();
    let back: serde_json::Value = serde_json::from_str(&raw(&desk)).unwrap();
    assert_eq!(
        back,
        json!({ "name": [1, { "deep": null }], "other": 5, "n": 1.5 })
    );
}

#[test]
fn json_that_is_none_stays_on_the_screen_with_its_place() {
    let mut desk = Desk::new(&schema());
    desk.filling.toggle().unwrap();
    desk.keys("<ctrl-k>");
    desk.paste("{\n  \"é\": 1,,\n}");
    let why = desk.filling.toggle().unwrap_err().said(&by_the_table);
    assert!(why.contains("line 2"), "{why}");
    assert_eq!(desk.filling.shown(), Shown::Raw);
    assert!(desk.wrong().contains("line 2"));
    // The cursor stands at the fault, counted in characters.
    assert_eq!(desk.filling.raw().unwrap().0.cursor(), (1, 9));
    desk.keys("<backspace>");
    assert_eq!(desk.filling.raw().unwrap().1, None);
}

#[test]
fn an_unfinished_field_keeps_the_form_on_the_screen() {
    let mut desk = Desk::new(&schema());
    desk.keys("ann<tab>3x<shift-tab>");
    let why = desk.filling.toggle().unwrap_err().said(&by_the_table);
    assert!(why.starts_with("\"n\": must be a whole number"), "{why}");
    assert_eq!(desk.filling.shown(), Shown::Form);
    desk.shows("▸│ n").shows("[ 3x");
    assert!(desk.filling.text().is_err());
}

#[test]
fn a_secret_is_in_no_json_and_comes_back() {
    let mut desk = Desk::new(&schema());
    desk.keys("ann<tab><tab>hunter2");
    let text = desk.filling.text().unwrap();
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("(secret 1, kept and not shown)"), "{text}");
    assert_eq!(desk.filling.take(&text.replace("ann", "eve")), None);
    assert_eq!(desk.value(), json!({ "name": "eve", "token": "hunter2" }));
    // From the raw view too.
    desk.filling.toggle().unwrap();
    assert!(!raw(&desk).contains("hunter2"));
    assert_eq!(desk.value(), json!({ "name": "eve", "token": "hunter2" }));
    // A placeholder that stands where no secret is wanted sends none.
    let moved = "{\"name\": \"(secret 1, kept and not shown)\"}";
    desk.filling.take(moved);
    assert!(
        desk.wrong()
            .contains("a secret stands where none is expected")
    );
}

#[test]
fn an_editor_that_leaves_no_json_loses_nothing() {
    let mut desk = Desk::new(&schema());
    desk.keys("ann");
    let why = desk.filling.take("{ \"name\": \"eve\"\n").unwrap();
    assert!(why.contains("ends too early"), "{why}");
    assert_eq!(raw(&desk), "{ \"name\": \"eve\"");
    assert!(desk.filling.raw().unwrap().1.is_some());
    desk.keys("<end>}");
    desk.filling.toggle().unwrap();
    assert_eq!(desk.value(), json!({ "name": "eve" }));
    // What is no object is refused, too.
    assert!(desk.filling.take("[1]\n").unwrap().contains("an object"));
}

#[test]
fn left_out_texts_outlive_a_look_at_the_json() {
    let mut desk = Desk::new(&schema());
    desk.keys("ann<alt-l><tab>5<alt-n>");
    desk.filling.toggle().unwrap();
    desk.filling.toggle().unwrap();
    desk.shows("(left out) 5");
}

#[test]
fn the_raw_text_is_remembered_where_it_is_no_json() {
    let plain = object(json!({ "name": { "type": "string" } }), &[]);
    for (schema, in_file) in [(plain, true), (schema(), false)] {
        let mut desk = Desk::new(&schema);
        desk.filling.toggle().unwrap();
        desk.keys("<ctrl-k>{{\"name\": \"an");
        let draft = desk.filling.draft();
        let written = serde_json::to_string(&draft).unwrap();
        assert_eq!(written.contains("\\\"an"), in_file, "{written}");
        let desk = Desk::with(Filling::of_draft(&schema, Prefill::Required, &draft));
        assert_eq!(raw(&desk), "{{\"name\": \"an");
        let read: Draft = serde_json::from_str(&written).unwrap();
        assert_eq!(read.raw.is_some(), in_file);
    }
}

#[test]
fn hidden_characters_are_written_out_in_the_json() {
    let mut desk = Desk::new(&schema());
    desk.paste("a\u{202e}b");
    let text = desk.filling.text().unwrap();
    assert!(text.contains("a\\u202eb"), "{text}");
    desk.filling.take(&text);
    assert_eq!(desk.value(), json!({ "name": "a\u{202e}b" }));
}
