//! One question, asked line by line.

use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::typed::{Line, Typed};
use super::{Look, behind_gutter, quoted};
use crate::cli::terminal::Terminal;
use crate::domain::{Asked, Question, QuestionAnswer};
use crate::guard::question::{self, Field, FieldKind};
use crate::guard::sanitise;

/// Nobody reads a question and answers it faster than this.
const READING: Duration = Duration::from_millis(400);

/// What somebody says to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// This.
    Answer(QuestionAnswer),
    /// Nothing: it stays open, for somebody else.
    Later,
    /// Nothing any more: the input has ended.
    End,
}

/// Somebody at a terminal.
pub(super) struct Person<'a> {
    pub(super) terminal: &'a Terminal,
    pub(super) typed: &'a mut Typed,
}

/// What a prompt of a few letters was answered with.
enum Word {
    Yes,
    No,
    Cancel,
    Later,
    Again,
    End,
}

impl Person<'_> {
    /// Asks one question that was shown just now.
    pub(super) async fn ask(&mut self, question: &Question) -> Said {
        // What was typed before the question could be read is no answer to it.
        self.typed.forget(self.terminal);
        let shown = Instant::now();
        match &question.asked {
            Asked::Url { .. } => {
                let words =
                    "y: I agree and have opened it, n: decline, c: put away, l: leave open >";
                match self.word(words, Some(shown), false).await {
                    Word::Yes => accept(Map::new()),
                    word => without(&word),
                }
            }
            Asked::Form { schema, .. } => {
                let fields = question::fields(schema);
                let yes = if fields.is_empty() {
                    "yes"
                } else {
                    "fill it in"
                };
                let words = format!("y: {yes}, n: decline, c: put away, l: leave open >");
                match self.word(&words, Some(shown), false).await {
                    Word::Yes if fields.is_empty() => accept(Map::new()),
                    Word::Yes => self.fill_in(question, &fields).await,
                    word => without(&word),
                }
            }
        }
    }

    /// A letter; an empty line and any other text ask again, and never mean yes. Nor
    /// does what comes sooner after `shown` than anybody reads.
    async fn word(&mut self, prompt: &str, shown: Option<Instant>, again: bool) -> Word {
        loop {
            self.terminal.prompt(prompt);
            let line = self.line().await;
            let too_soon = shown.is_some_and(|shown| shown.elapsed() < READING);
            if line.is_some() && too_soon {
                self.terminal
                    .say("that was typed before the question could be read; once more");
                continue;
            }
            match line.as_deref() {
                None => return Word::End,
                Some("y") => return Word::Yes,
                Some("n") => return Word::No,
                Some("c") => return Word::Cancel,
                Some("l") if !again => return Word::Later,
                Some("e") if again => return Word::Again,
                Some(_) => self.terminal.say("one of these letters, then Enter"),
            }
        }
    }

    /// A line without blanks around it; `None` where there are no more.
    async fn line(&mut self) -> Option<String> {
        match self.typed.next().await {
            Line::Text(bytes) => Some(String::from_utf8_lossy(&bytes).trim().to_owned()),
            Line::TooLong => Some(String::new()),
            Line::End => {
                // The prompt's line has not ended.
                self.terminal.say("");
                None
            }
        }
    }

    async fn fill_in(&mut self, question: &Question, fields: &[Field]) -> Said {
        loop {
            let mut content = Map::new();
            for (place, field) in fields.iter().enumerate() {
                self.describe(field, place + 1, fields.len());
                match self.field(field).await {
                    Some(Some(value)) => {
                        content.insert(field.name.raw().to_owned(), value);
                    }
                    Some(None) => {}
                    None => return Said::End,
                }
            }
            let answer = QuestionAnswer::Accept { content };
            if let Err(fault) = question::check(&question.asked, &answer) {
                self.terminal
                    .say(&format!("{}; from the beginning", fault.message));
                continue;
            }
            self.show(&answer);
            let words = "y: send this, e: begin again, n: decline, c: put away >";
            match self.word(words, None, true).await {
                Word::Yes => return Said::Answer(answer),
                Word::Again => {}
                word => return without(&word),
            }
        }
    }

    fn describe(&self, field: &Field, place: usize, of: usize) {
        let form = self.terminal.form();
        let must = if field.required {
            "required"
        } else {
            "optional"
        };
        let name = quoted(&field.name, form);
        let words = field.words();
        self.terminal
            .say(&format!("field {place} of {of}: {name}, {must}: {words}"));
        for said in [&field.title, &field.description].into_iter().flatten() {
            self.say_theirs(&sanitise::block_as(said, form));
        }
        if let FieldKind::One(choices) | FieldKind::Several(choices) = &field.kind {
            for (number, choice) in (1..).zip(choices) {
                let label = sanitise::line_as(&choice.label, 200, form);
                self.say_theirs(&format!("{number}: {label}"));
            }
        }
        if field.smells_of_a_secret() {
            self.terminal.say(
                "careful: this seems to ask for a secret, which a server must not do in a form",
            );
        }
        match (&field.default, field.required) {
            (Some(default), _) => {
                self.terminal.say("an empty line gives its default:");
                self.say_theirs(&sanitise::json_ascii_safe(default));
            }
            (None, false) => self.terminal.say("an empty line leaves it out"),
            (None, true) => {}
        }
    }

    /// Says what came from the server, fit to be shown.
    fn say_theirs(&self, shown: &str) {
        let lines = behind_gutter(shown, Look::of(self.terminal));
        self.terminal.say(lines.trim_end());
    }

    /// The value of one field; asked again until it fits.
    async fn field(&mut self, field: &Field) -> Option<Option<Value>> {
        let name = quoted(&field.name, self.terminal.form());
        loop {
            self.terminal.prompt(&format!("{name} >"));
            let typed = self.line().await?;
            match field.read(&typed) {
                Ok(value) => return Some(value),
                Err(wrong) => self.terminal.say(&format!("{name} {wrong}")),
            }
        }
    }

    fn show(&self, answer: &QuestionAnswer) {
        let QuestionAnswer::Accept { content } = answer else {
            return;
        };
        self.terminal.say("this would be sent:");
        for (name, value) in content {
            let name = sanitise::json_ascii_safe(&Value::from(name.as_str()));
            let value = sanitise::json_ascii_safe(value);
            self.say_theirs(&format!("{name}: {value}"));
        }
        if content.is_empty() {
            self.terminal.say("  a yes, and every field left out");
        }
    }
}

fn accept(content: Map<String, Value>) -> Said {
    Said::Answer(QuestionAnswer::Accept { content })
}

fn without(word: &Word) -> Said {
    match word {
        Word::No => Said::Answer(QuestionAnswer::Decline),
        Word::Cancel => Said::Answer(QuestionAnswer::Cancel),
        Word::Later => Said::Later,
        Word::Yes | Word::Again | Word::End => Said::End,
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;
    use tokio::time::advance;

    use super::*;
    use crate::config::Environment;

    #[tokio::test(start_paused = true)]
    async fn what_comes_sooner_than_anybody_reads_is_asked_for_again() {
        let (types, lines) = unbounded_channel();
        let line = |text: &str| types.send(Line::Text(text.as_bytes().to_vec())).unwrap();
        let mut person = Person {
            terminal: &Terminal::of_this_process(&Environment::default()),
            typed: &mut Typed::from_channel(lines),
        };
        let word = person.word("y, n >", Some(Instant::now()), false);
        tokio::pin!(word);
        line("y");
        let too_soon = tokio::time::timeout(READING - Duration::from_millis(1), &mut word);
        assert!(too_soon.await.is_err(), "it was taken");
        advance(Duration::from_millis(1)).await;
        line("n");
        assert!(matches!(word.await, Word::No));
    }
}
