//! A small editor of several lines, for raw JSON.

use unicode_segmentation::UnicodeSegmentation;

use crate::guard::sanitise;
use crate::tui::input::{Code, Key};
use crate::tui::widget::field::{Typed, visible};

/// Longest text, in bytes.
const EDITOR_LIMIT: usize = 1 << 20;

/// A text of lines with a cursor between characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Editor {
    /// Never none.
    lines: Vec<String>,
    /// Line of the cursor, from 0.
    line: usize,
    /// Characters before the cursor in its line.
    column: usize,
    /// First line on the screen.
    pub(in crate::tui) top: usize,
}

impl Default for Editor {
    fn default() -> Self {
        Self {
            lines: vec![String::new()],
            line: 0,
            column: 0,
            top: 0,
        }
    }
}

impl Editor {
    /// An editor with this text; the cursor stands at its start.
    pub(in crate::tui) fn with(text: &str) -> Self {
        Self {
            lines: text.split('\n').map(str::to_owned).collect(),
            ..Self::default()
        }
    }

    /// The same with the cursor behind its text.
    pub(in crate::tui) fn at_end(text: &str) -> Self {
        let mut editor = Self::with(text);
        editor.line = editor.lines.len().saturating_sub(1);
        editor.column = editor.length();
        editor
    }

    /// Whether there is nothing in it.
    pub(in crate::tui) fn is_empty(&self) -> bool {
        self.lines.iter().all(String::is_empty) && self.lines.len() <= 1
    }

    /// The line of the cursor, from 0.
    pub(in crate::tui) fn line(&self) -> usize {
        self.line
    }

    /// Its lines, each broken where it is longer than so many cells, and the row and
    /// cell of the cursor among them.
    pub(in crate::tui) fn wrapped(&self, cells: usize) -> (Vec<String>, (usize, usize)) {
        let cells = cells.max(2);
        let (line, cell) = self.cursor();
        let mut rows = Vec::new();
        let mut cursor = (0, 0);
        for (place, text) in self.lines.iter().enumerate() {
            let shown = visible(text);
            let mut row = String::new();
            let (mut begun, mut used) = (0_usize, 0_usize);
            for letter in shown.graphemes(true) {
                let width = sanitise::width(letter);
                if used.saturating_add(width) > cells {
                    rows.push(std::mem::take(&mut row));
                    begun = begun.saturating_add(used);
                    used = 0;
                }
                if place == line && cell >= begun.saturating_add(used) {
                    cursor = (rows.len(), used);
                }
                row.push_str(letter);
                used = used.saturating_add(width);
            }
            if place == line && cell >= begun.saturating_add(used) {
                cursor = (rows.len(), used);
            }
            rows.push(row);
        }
        (rows, cursor)
    }

    /// The whole text.
    pub(in crate::tui) fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// Its lines.
    pub(in crate::tui) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Line and cell of the cursor.
    pub(in crate::tui) fn cursor(&self) -> (usize, usize) {
        let before: String = self.current().chars().take(self.column).collect();
        (self.line, sanitise::width(&visible(&before)))
    }

    /// Puts the cursor at a place counted from 1.
    pub(in crate::tui) fn go_to(&mut self, line: usize, column: usize) {
        self.line = line
            .saturating_sub(1)
            .min(self.lines.len().saturating_sub(1));
        self.column = column.saturating_sub(1).min(self.length());
    }

    /// Keeps the cursor on the screen.
    pub(in crate::tui) fn settle(&mut self, height: usize) {
        let height = height.max(1);
        if self.line < self.top {
            self.top = self.line;
        } else if self.line >= self.top.saturating_add(height) {
            self.top = self.line.saturating_add(1).saturating_sub(height);
        }
    }

    /// Begins a new line.
    pub(in crate::tui) fn new_line(&mut self) {
        let (before, after) = self.split();
        let indent: String = before.chars().take_while(|letter| *letter == ' ').collect();
        self.column = indent.chars().count();
        if let Some(line) = self.lines.get_mut(self.line) {
            *line = before;
        }
        self.line = self.line.saturating_add(1);
        self.lines
            .insert(self.line.min(self.lines.len()), format!("{indent}{after}"));
    }

    /// Takes a paste, line ends included.
    pub(in crate::tui) fn paste(&mut self, text: &str) {
        let room = EDITOR_LIMIT.saturating_sub(self.lines.iter().map(String::len).sum());
        if text.len() > room {
            return;
        }
        let (before, after) = self.split();
        let clean: String = text
            .chars()
            .map(|letter| if letter == '\t' { ' ' } else { letter })
            .filter(|letter| *letter == '\n' || !letter.is_control())
            .collect();
        let whole = format!("{before}{clean}");
        let mut lines: Vec<String> = whole.split('\n').map(str::to_owned).collect();
        let column = lines.last().map_or(0, |last| last.chars().count());
        if let Some(last) = lines.last_mut() {
            last.push_str(&after);
        }
        let count = lines.len();
        let end = self.line.saturating_add(1).min(self.lines.len());
        self.lines.splice(self.line.min(end)..end, lines);
        self.line = self.line.saturating_add(count).saturating_sub(1);
        self.column = column;
    }

    /// Takes a key that types, moves or deletes.
    pub(in crate::tui) fn key(&mut self, key: Key) -> Typed {
        if let Some(letter) = key.typed() {
            self.paste(letter.encode_utf8(&mut [0; 4]));
            return Typed::Changed;
        }
        match key.code {
            Code::Tab if !key.mods.shift => {
                self.paste("  ");
                return Typed::Changed;
            }
            Code::Backspace => return self.backspace(),
            Code::Delete => return self.delete(),
            Code::Left if self.column > 0 => self.column -= 1,
            Code::Left => {
                if self.line > 0 {
                    self.line -= 1;
                    self.column = self.length();
                }
            }
            Code::Right if self.column < self.length() => self.column += 1,
            Code::Right => {
                if self.line.saturating_add(1) < self.lines.len() {
                    self.line += 1;
                    self.column = 0;
                }
            }
            Code::Up => self.line = self.line.saturating_sub(1),
            Code::Down => {
                self.line = self
                    .line
                    .saturating_add(1)
                    .min(self.lines.len().saturating_sub(1));
            }
            Code::Home => self.column = 0,
            Code::End => self.column = self.length(),
            Code::Char('a') if key.mods.ctrl => self.column = 0,
            Code::Char('e') if key.mods.ctrl => self.column = self.length(),
            Code::Char('u') if key.mods.ctrl => {
                let (_, after) = self.split();
                self.put(after);
                self.column = 0;
                return Typed::Changed;
            }
            Code::Char('k') if key.mods.ctrl => {
                let (before, _) = self.split();
                self.put(before);
                return Typed::Changed;
            }
            _ => return Typed::NotMine,
        }
        self.column = self.column.min(self.length());
        Typed::Taken
    }

    fn backspace(&mut self) -> Typed {
        if self.column > 0 {
            let (mut before, after) = self.split();
            before.pop();
            self.put(format!("{before}{after}"));
            self.column -= 1;
        } else if self.line > 0 {
            let rest = self.lines.remove(self.line);
            self.line -= 1;
            self.column = self.length();
            let joined = format!("{}{rest}", self.current());
            self.put(joined);
        }
        Typed::Changed
    }

    fn delete(&mut self) -> Typed {
        let (before, after) = self.split();
        let mut rest = after.chars();
        if rest.next().is_some() {
            self.put(format!("{before}{}", rest.as_str()));
        } else if self.line.saturating_add(1) < self.lines.len() {
            let next = self.lines.remove(self.line.saturating_add(1));
            self.put(format!("{before}{next}"));
        }
        Typed::Changed
    }

    fn current(&self) -> &str {
        self.lines.get(self.line).map_or("", String::as_str)
    }

    fn length(&self) -> usize {
        self.current().chars().count()
    }

    fn put(&mut self, text: String) {
        if let Some(line) = self.lines.get_mut(self.line) {
            *line = text;
        }
    }

    /// What stands before and behind the cursor in its line.
    fn split(&self) -> (String, String) {
        let line = self.current();
        (
            line.chars().take(self.column).collect(),
            line.chars().skip(self.column).collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(editor: &mut Editor, keys: &str) {
        for key in keys.split(' ') {
            editor.key(Key::parse(key).unwrap());
        }
    }

    #[test]
    fn lines_are_split_and_joined_at_the_cursor() {
        let mut editor = Editor::with("  ab");
        editor.go_to(1, 4);
        editor.new_line();
        assert_eq!(editor.text(), "  a\n  b");
        assert_eq!(editor.cursor(), (1, 2));
        press(&mut editor, "backspace backspace backspace");
        assert_eq!(editor.text(), "  ab");
        press(&mut editor, "del end x");
        assert_eq!(editor.text(), "  ax");
    }

    #[test]
    fn a_paste_keeps_its_lines_and_drops_controls() {
        let mut editor = Editor::with("{}");
        editor.go_to(1, 2);
        editor.paste("\n\"a\":\t1\u{1b}\n");
        assert_eq!(editor.text(), "{\n\"a\": 1\n}");
        assert_eq!(editor.cursor(), (2, 0));
    }

    #[test]
    fn long_lines_are_broken_and_the_cursor_goes_with_them() {
        let mut editor = Editor::at_end("abcdefgh\nxy");
        assert_eq!(editor.wrapped(3).0, ["abc", "def", "gh", "xy"]);
        assert_eq!(editor.wrapped(3).1, (3, 2));
        editor.go_to(1, 4);
        assert_eq!(editor.wrapped(3).1, (1, 0));
        editor.go_to(1, 9);
        assert_eq!(
            editor.wrapped(4),
            (vec!["abcd".into(), "efgh".into(), "xy".into()], (1, 4))
        );
        assert_eq!(Editor::default().wrapped(4), (vec![String::new()], (0, 0)));
        assert_eq!(Editor::with("日本語").wrapped(5).0, ["日本", "語"]);
    }

    #[test]
    fn the_cursor_never_leaves_the_text() {
        let mut editor = Editor::with("long line\nx");
        press(&mut editor, "end down right right up left left");
        assert_eq!(editor.cursor().0, 0);
        editor.go_to(99, 99);
        assert_eq!(editor.cursor(), (1, 1));
    }
}
