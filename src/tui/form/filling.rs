//! A form and its raw JSON: the same arguments, filled in one way or the other.

use serde_json::{Map, Value};

use super::draft::Held;
use super::node::{Content, Node};
use super::sheet::{Brush, Keys, Sheet};
use super::value::{JSON_LIMIT, has_placeholder, placeholder, secrets};
use super::words::Unshown;
use super::{Done, Draft, Form, Prefill};
use crate::domain::Secret;
use crate::guard::arguments;
use crate::guard::json::{JsonFault, Limits, read_strict};
use crate::guard::sanitise::json_ascii_safe_pretty;
use crate::tui::action::Action;
use crate::tui::input::Key;
use crate::tui::widget::editor::Editor;
use crate::tui::widget::field::{SecretField, Typed};

/// Which of the two is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Shown {
    /// The fields.
    Form,
    /// The JSON.
    Raw,
}

/// See the module.
#[derive(Debug)]
pub(in crate::tui) struct Filling {
    form: Form,
    raw: Option<Raw>,
}

/// The JSON while it is on the screen.
#[derive(Debug)]
struct Raw {
    editor: Editor,
    /// What the form was written as; while that stands, the form is as it was.
    written: String,
    wrong: Option<String>,
}

impl Filling {
    /// Nothing filled in yet but defaults.
    pub(in crate::tui) fn new(schema: &Value, prefill: Prefill) -> Self {
        Self {
            form: Form::new(schema, prefill),
            raw: None,
        }
    }

    /// One around a form.
    #[cfg(test)]
    pub(super) fn of(form: Form) -> Self {
        Self { form, raw: None }
    }

    /// As it was left.
    pub(in crate::tui) fn of_draft(schema: &Value, prefill: Prefill, draft: &Draft) -> Self {
        let mut filling = Self {
            form: Form::of_draft(schema, prefill, draft),
            raw: None,
        };
        if let Some(text) = draft.raw.as_ref().or(draft.held.raw.as_ref()) {
            filling.show_raw(text);
        }
        filling
    }

    /// What is remembered of it.
    pub(in crate::tui) fn draft(&self) -> Draft {
        let Some(raw) = self.raw.as_ref().filter(|raw| raw.is_changed()) else {
            return self.form.draft();
        };
        let text = raw.editor.text();
        match read(&text) {
            Ok(value) => self.refilled(value).draft(),
            Err(_) => {
                let holds = self.form.has_secrets() || super::secret::may_hold(&text);
                let (raw, held) = if holds {
                    (None, Some(text))
                } else {
                    (Some(text), None)
                };
                let draft = self.form.draft();
                Draft {
                    raw,
                    held: Held {
                        raw: held,
                        ..draft.held
                    },
                    ..draft
                }
            }
        }
    }

    /// Which of the two is on the screen.
    pub(in crate::tui) fn shown(&self) -> Shown {
        match self.raw {
            Some(_) => Shown::Raw,
            None => Shown::Form,
        }
    }

    /// The fields, drawn or not.
    pub(in crate::tui) fn form(&self) -> &Form {
        &self.form
    }

    /// The JSON and what is wrong with it, while it is on the screen.
    pub(in crate::tui) fn raw(&self) -> Option<(&Editor, Option<&str>)> {
        let raw = self.raw.as_ref()?;
        Some((&raw.editor, raw.wrong.as_deref()))
    }

    /// Keeps the cursor of the JSON on the screen.
    pub(in crate::tui) fn settle(&mut self, height: usize) {
        if let Some(raw) = &mut self.raw {
            raw.editor.settle(height);
        }
    }

    /// The fields as lines, with the keys in force.
    pub(in crate::tui) fn painted(&self, brush: Brush<'_>, width: usize, keys: Keys) -> Sheet {
        self.form.painted(brush, width, keys)
    }

    /// Whether letters are typed where the keys are.
    pub(in crate::tui) fn is_typing(&self) -> bool {
        self.raw.is_some() || self.form.is_typing()
    }

    /// Whether an action has something to act on.
    pub(in crate::tui) fn offers(&self, action: Action) -> bool {
        self.raw.is_some() || self.form.offers(action)
    }

    /// Takes a key; what is left goes to the table of actions.
    pub(in crate::tui) fn key(&mut self, key: Key) -> Typed {
        let Some(raw) = &mut self.raw else {
            return self.form.key(key);
        };
        let typed = raw.editor.key(key);
        if typed == Typed::Changed {
            raw.wrong = None;
        }
        typed
    }

    /// Takes a paste. Returns what is to be said of it, where it is not as it was.
    pub(in crate::tui) fn paste(&mut self, text: &str) -> Option<&'static str> {
        let Some(raw) = &mut self.raw else {
            return self.form.paste(text);
        };
        raw.editor.paste(text);
        raw.wrong = None;
        None
    }

    /// Does what a key stands for.
    pub(in crate::tui) fn act(&mut self, action: Action) -> Done {
        match (&mut self.raw, action) {
            (Some(raw), Action::NewLine) => {
                raw.editor.new_line();
                raw.wrong = None;
                Done::Changed
            }
            (_, Action::ClearForm) => {
                self.raw = None;
                self.form.clear();
                Done::Changed
            }
            (Some(_), _) => Done::NotMine,
            (None, action) => self.form.act(action),
        }
    }

    /// Shows the other of the two, with the same arguments.
    ///
    /// # Errors
    /// What stands in the way; nothing is lost, and the keys are where it is.
    pub(in crate::tui) fn toggle(&mut self) -> Result<(), Unshown> {
        match &mut self.raw {
            None => {
                let text = self.text()?;
                self.raw = Some(Raw {
                    editor: Editor::with(&text),
                    written: text,
                    wrong: None,
                });
                Ok(())
            }
            Some(raw) if !raw.is_changed() => {
                self.raw = None;
                Ok(())
            }
            Some(raw) => {
                let value = raw.read()?;
                self.form = self.refilled(value);
                self.raw = None;
                Ok(())
            }
        }
    }

    /// The arguments as JSON, for an editor; secrets have placeholders.
    ///
    /// # Errors
    /// The field that is no value yet; it has the keys.
    pub(in crate::tui) fn text(&mut self) -> Result<String, Unshown> {
        if let Some(raw) = &self.raw {
            return Ok(raw.editor.text());
        }
        self.form.leave();
        self.form.settle();
        let value = self.form.write()?;
        Ok(json_ascii_safe_pretty(&Value::Object(value)))
    }

    /// Takes the arguments as an editor left them. Where they are no JSON, the text is
    /// on the screen with what is wrong; that is returned too.
    pub(in crate::tui) fn take(&mut self, text: &str) -> Option<String> {
        // Editors end the last line.
        let text = text.trim_end_matches(['\n', '\r']);
        match (read(text), self.shown()) {
            (Ok(value), Shown::Form) => {
                self.form = self.refilled(value);
                None
            }
            _ => {
                self.show_raw(text);
                self.raw.as_ref().and_then(|raw| raw.wrong.clone())
            }
        }
    }

    fn show_raw(&mut self, text: &str) {
        let written = match self.raw.take() {
            Some(raw) => raw.written,
            // It is not the form's any more.
            None => String::new(),
        };
        let mut raw = Raw {
            editor: Editor::with(text),
            written,
            wrong: None,
        };
        // The fault is kept in it.
        raw.read().ok();
        self.raw = Some(raw);
    }

    /// The arguments, if they are as the schema wants them. Otherwise what is wrong
    /// is on the screen, and the keys are there.
    pub(in crate::tui) fn submit(&mut self) -> Option<Map<String, Value>> {
        let Some(raw) = &mut self.raw else {
            return self.form.submit();
        };
        let value = raw.read().ok()?;
        let mut value = value;
        let whole = Value::Object(value.clone());
        if has_placeholder(&whole) {
            let form = self.refilled(value);
            let mut writer = super::value::Writer::new(super::value::Mode::Send);
            let sent = writer.node(&form.top).filter(|sent| !has_placeholder(sent));
            let Some(Value::Object(sent)) = sent else {
                self.complain(
                    "a secret stands where none is expected: type it there, or move it back",
                );
                return None;
            };
            value = sent;
        }
        let faults = arguments::check(&self.form.schema, &value).err();
        if let Some(faults) = faults {
            let told: Vec<String> = faults
                .iter()
                .map(|fault| match fault.is_of_schema() {
                    true => fault.message.clone(),
                    false => format!("{} {}", fault.place, fault.message),
                })
                .collect();
            self.complain(&told.join("; also: "));
            return None;
        }
        Some(value)
    }

    fn complain(&mut self, text: &str) {
        if let Some(raw) = &mut self.raw {
            raw.wrong = Some(text.to_owned());
        }
    }

    /// A form with these arguments; where a placeholder stands for a secret, with
    /// the secret.
    fn refilled(&self, value: Map<String, Value>) -> Form {
        let kept: Vec<Secret> = secrets(&self.form.top)
            .into_iter()
            .map(SecretField::secret)
            .collect();
        let mut form = Form::filled(&self.form.schema, self.form.prefill, value);
        form.top.each(&mut |node| put_back(node, &kept));
        form
    }
}

impl Raw {
    fn is_changed(&self) -> bool {
        self.editor.text() != self.written
    }

    /// The arguments that the text is. Where it is none, that is kept, and the cursor
    /// stands at the place.
    fn read(&mut self) -> Result<Map<String, Value>, String> {
        let text = self.editor.text();
        match read(&text) {
            Ok(value) => {
                self.wrong = None;
                Ok(value)
            }
            Err(fault) => {
                if fault.line > 0 {
                    let line = text.lines().nth(fault.line.saturating_sub(1));
                    let before = line.unwrap_or_default().bytes();
                    // Bytes are counted there, characters here.
                    let column = before
                        .take(fault.column.saturating_sub(1))
                        .filter(|byte| byte & 0xC0 != 0x80)
                        .count();
                    self.editor.go_to(fault.line, column.saturating_add(1));
                }
                self.wrong = Some(fault.to_string());
                Err(fault.to_string())
            }
        }
    }
}

/// The arguments that a text is. No text at all is no arguments.
fn read(text: &str) -> Result<Map<String, Value>, JsonFault> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    match read_strict(text.as_bytes(), Limits::bytes(JSON_LIMIT))? {
        Value::Object(arguments) => Ok(arguments),
        _ => Err(JsonFault {
            reason: "the arguments are an object, in braces: { }".to_owned(),
            line: 0,
            column: 0,
        }),
    }
}

/// Puts the secret where its placeholder stands.
fn put_back(node: &mut Node, kept: &[Secret]) {
    let Content::Secret(field) = &mut node.content else {
        return;
    };
    let text = field.secret();
    let number = (1..=kept.len()).find(|number| placeholder(*number) == text.expose());
    if let Some(secret) = number.and_then(|number| kept.get(number.saturating_sub(1))) {
        if let Some(filled) = SecretField::with(secret.expose()) {
            *field = filled;
        }
        node.stance = node.resting();
    }
}
