//! Takes a text apart into what stands as it is and what is written out.

use std::borrow::Cow;

use super::judge::{Judge, is_blank, is_mark, is_tag};

/// Unseen characters alike that are still written one by one.
const REPEATS: usize = 3;

/// What the terminal can take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// UTF-8; what is written out stands in `⟨ ⟩`.
    #[default]
    Unicode,
    /// ASCII alone: everything else is written out in `< >`. A terminal that does not
    /// know UTF-8 may take some of its bytes for control sequences.
    Ascii,
}

impl Form {
    /// What a text that was cut ends with.
    pub(super) fn ellipsis(self) -> &'static str {
        match self {
            Self::Unicode => "…",
            Self::Ascii => "...",
        }
    }

    fn brackets(self) -> (char, char, char) {
        match self {
            Self::Unicode => ('⟨', '⟩', '×'),
            Self::Ascii => ('<', '>', 'x'),
        }
    }
}

/// How a text is to be shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Whether a newline breaks the line, and a tab is room.
    breaks: bool,
    /// Blanks in a row that are still shown as they are.
    blanks: usize,
    form: Form,
}

impl Shape {
    pub(super) fn line(blanks: usize, form: Form) -> Self {
        Self {
            breaks: false,
            blanks,
            form,
        }
    }

    pub(super) fn lines(blanks: usize, form: Form) -> Self {
        Self {
            breaks: true,
            blanks,
            form,
        }
    }
}

/// A part of a text, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// As it stands in the text.
    Plain(&'a str),
    /// Written out.
    Marked(Cow<'a, str>),
    /// The line ends.
    Break,
}

impl Piece<'_> {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Marked(text) => text,
            Self::Break => "\n",
        }
    }

    /// Whether it stands on the letter before it.
    pub(super) fn is_mark(&self) -> bool {
        matches!(self, Self::Plain(text) if text.chars().next().is_some_and(is_mark))
    }
}

/// The pieces of a text, found as they are asked for.
#[derive(Clone, Debug)]
pub(super) struct Pieces<'a> {
    rest: &'a str,
    judge: Judge,
    shape: Shape,
    /// Blanks that belong to a run already found to be short or long.
    short_blanks: usize,
    long_blanks: usize,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str, shape: Shape) -> Self {
        Self {
            rest: text,
            judge: Judge::default(),
            shape,
            short_blanks: 0,
            long_blanks: 0,
        }
    }

    /// Goes past one character.
    fn take(&mut self, c: char) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at_checked(c.len_utf8())
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Goes past the run of `c` that starts here, as far as it stays unseen, and says
    /// how long it was. One character is always gone past.
    fn take_unseen(&mut self, c: char) -> usize {
        let mut count = 0;
        while count == 0 || self.rest.starts_with(c) && !self.judge.clone().is_seen(c) {
            self.judge.is_seen(c);
            self.take(c);
            count += 1;
        }
        count
    }

    fn run(&self, belongs: impl Fn(char) -> bool) -> usize {
        self.rest.chars().take_while(|c| belongs(*c)).count()
    }

    fn escape(&self, c: char, count: usize) -> Piece<'a> {
        let (open, close, times) = self.shape.form.brackets();
        let code = u32::from(c);
        Piece::Marked(Cow::Owned(match count {
            0..=REPEATS => format!("{open}U+{code:04X}{close}").repeat(count),
            _ => format!("{open}U+{code:04X} {times}{count}{close}"),
        }))
    }

    fn blank(&mut self, c: char) -> Piece<'a> {
        if self.short_blanks == 0 && self.long_blanks == 0 {
            let run = self.run(|c| is_blank(c) || c == '\t');
            if run > self.shape.blanks {
                self.long_blanks = run;
            } else {
                self.short_blanks = run;
            }
        }
        if self.long_blanks > 0 {
            let alike = self.run(|other| other == c).max(1);
            self.long_blanks = self.long_blanks.saturating_sub(alike);
            for _ in 0..alike {
                self.judge.is_seen(c);
                self.take(c);
            }
            return self.long_blank(c, alike);
        }
        self.short_blanks -= 1;
        self.judge.is_seen(c);
        match c {
            '\t' => {
                self.take(c);
                self.tab()
            }
            _ => self.plain(c),
        }
    }

    fn long_blank(&self, c: char, count: usize) -> Piece<'a> {
        let (open, close, times) = self.shape.form.brackets();
        match (c, count) {
            (' ', 2..) => Piece::Marked(Cow::Owned(format!("{open}{times}{count} spaces{close}"))),
            _ => self.escape(c, count),
        }
    }

    fn tab(&self) -> Piece<'a> {
        match (self.shape.breaks, self.shape.form) {
            (true, _) => Piece::Plain("    "),
            (false, Form::Unicode) => Piece::Marked(Cow::Borrowed("⇥")),
            (false, Form::Ascii) => self.escape('\t', 1),
        }
    }

    fn newline(&mut self) -> Piece<'a> {
        self.judge.is_seen('\n');
        if self.shape.breaks {
            self.take('\n');
            return Piece::Break;
        }
        let count = self.run(|c| c == '\n');
        if count > self.shape.blanks || self.shape.form == Form::Ascii {
            let count = self.take_unseen('\n');
            return self.escape('\n', count);
        }
        self.take('\n');
        Piece::Marked(Cow::Borrowed("⏎"))
    }

    fn tags(&mut self) -> Piece<'a> {
        let (open, close, _) = self.shape.form.brackets();
        let mut said = format!("{open}tag \"");
        while let Some(c) = self.rest.chars().next().filter(|c| is_tag(*c)) {
            self.judge.is_seen(c);
            self.take(c);
            let letter = char::from_u32(u32::from(c) - 0xE0000).unwrap_or(' ');
            if matches!(letter, '"' | '\\') {
                said.push('\\');
            }
            said.push(letter);
        }
        said.push('"');
        said.push(close);
        Piece::Marked(Cow::Owned(said))
    }

    fn plain(&mut self, c: char) -> Piece<'a> {
        if self.shape.form == Form::Ascii && !c.is_ascii() || self.could_mislead(c) {
            self.take(c);
            return self.escape(c, 1);
        }
        Piece::Plain(self.take(c))
    }

    /// Whether a character of the text could be taken for something written out.
    fn could_mislead(&self, c: char) -> bool {
        match (self.shape.form, c) {
            (Form::Unicode, '␍') => true,
            (Form::Unicode, '⏎' | '⇥') => !self.shape.breaks,
            (Form::Unicode, '⟨') => ["⟨U+", "⟨tag \"", "⟨×"]
                .iter()
                .any(|start| self.rest.starts_with(start)),
            (Form::Ascii, '<') => {
                ["<U+", "<tag \""]
                    .iter()
                    .any(|start| self.rest.starts_with(start))
                    || self
                        .rest
                        .strip_prefix("<x")
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            }
            _ => false,
        }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let c = self.rest.chars().next()?;
        Some(match c {
            '\n' => self.newline(),
            '\r' if self.shape.form == Form::Unicode && self.rest.starts_with("\r\n") => {
                self.judge.is_seen(c);
                self.take(c);
                Piece::Marked(Cow::Borrowed("␍"))
            }
            _ if c == '\t' || is_blank(c) => self.blank(c),
            _ if is_tag(c) => self.tags(),
            _ => {
                if self.judge.clone().is_seen(c) {
                    self.judge.is_seen(c);
                    self.plain(c)
                } else {
                    let count = self.take_unseen(c);
                    self.escape(c, count)
                }
            }
        })
    }
}
