//! What this process is attached to.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::config::Environment;
use crate::guard::sanitise::Form;

/// Columns where a terminal does not say how many it has.
const USUAL_COLUMNS: usize = 80;

/// What this process is attached to, looked up once.
#[derive(Clone, Debug)]
pub(super) struct Terminal {
    stdin: bool,
    stdout: bool,
    stderr: bool,
    columns: usize,
    /// It says of itself that it can do nothing but show text.
    dumb: bool,
    /// Whether something is drawn on the current line of stderr.
    drawn: Arc<AtomicBool>,
    /// Whether stdout is to be coloured.
    colour: bool,
    utf8: bool,
}

impl Terminal {
    pub(super) fn of_this_process(environment: &Environment) -> Self {
        let stdout = io::stdout().is_terminal();
        let dumb = environment.get("TERM") == Some("dumb");
        Self {
            stdin: io::stdin().is_terminal(),
            stdout,
            stderr: io::stderr().is_terminal(),
            columns: columns(),
            dumb,
            drawn: Arc::default(),
            colour: stdout && !dumb && environment.get("NO_COLOR").is_none(),
            utf8: environment.shows_unicode(),
        }
    }

    /// Whether somebody can be asked: what they type comes from a terminal, and the
    /// question reaches one.
    pub(super) fn can_ask(&self) -> bool {
        self.stdin && self.stderr
    }

    /// Whether results go to a terminal, which obeys what it is sent.
    pub(super) fn shows_results(&self) -> bool {
        self.stdout
    }

    /// The width that results are cut to; `None` where they go to a file or a pipe
    /// and are left whole.
    pub(super) fn width(&self) -> Option<usize> {
        self.stdout.then_some(self.columns)
    }

    /// How many columns a line of the terminal has.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// The form in which text from outside is printed.
    pub(super) fn form(&self) -> Form {
        if self.utf8 || !self.stdout {
            Form::Unicode
        } else {
            Form::Ascii
        }
    }

    /// How results are coloured.
    pub(super) fn paint(&self) -> Paint {
        Paint {
            colour: self.colour,
        }
    }

    /// Whether progress can be shown: stderr is a terminal.
    pub(super) fn shows_progress(&self) -> bool {
        self.stderr
    }

    /// Says one line beside the results. A stderr that is gone is no fault: nobody
    /// is there to read it.
    pub(super) fn say(&self, line: &str) {
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// Says a sentence beside the results, broken at blanks to fit the terminal.
    pub(super) fn tell(&self, sentence: &str) {
        for line in crate::guard::sanitise::wrap(sentence, self.columns) {
            self.say(&line);
        }
    }

    /// Writes over the current line of stderr; an empty text wipes it. Nothing on a
    /// terminal that cannot.
    pub(super) fn progress(&self, line: &str) {
        let drawn = self.drawn.swap(!line.is_empty(), Ordering::Relaxed);
        if self.stderr && !self.dumb && (drawn || !line.is_empty()) {
            let shown = crate::guard::sanitise::cut(line, self.columns.saturating_sub(1));
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "\r{shown}\x1b[K");
            let _ = stderr.flush();
        }
    }

    /// Asks for a line, on the line that it is typed on.
    pub(super) fn prompt(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{text} ");
        let _ = stderr.flush();
    }

    /// Throws away what was typed and not read yet.
    pub(super) fn forget_typed(&self) {
        if self.stdin {
            // A terminal that refuses has nothing to throw away.
            let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
        }
    }

    /// Signs of the terminal, for `doctor`: columns and rows if it has a size,
    /// UTF-8, colours.
    pub(super) fn facts(&self) -> (Option<(u16, u16)>, bool, bool) {
        (size(), self.utf8, self.colour)
    }
}

fn size() -> Option<(u16, u16)> {
    rustix::termios::tcgetwinsize(io::stdout())
        .or_else(|_| rustix::termios::tcgetwinsize(io::stderr()))
        .ok()
        .filter(|size| size.ws_col > 0)
        .map(|size| (size.ws_col, size.ws_row))
}

fn columns() -> usize {
    size().map_or(USUAL_COLUMNS, |(columns, _)| usize::from(columns))
}

/// Colours of results: from the sixteen that every terminal has, and never alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    colour: bool,
}

impl Paint {
    /// Without any.
    #[cfg(test)]
    pub(super) const PLAIN: Self = Self { colour: false };

    pub(super) fn good(self, text: &str) -> String {
        self.with("32", text)
    }

    pub(super) fn warn(self, text: &str) -> String {
        self.with("33", text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.with("31", text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.with("2", text)
    }

    pub(super) fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_nothing_is_added() {
        assert_eq!(Paint { colour: true }.bad("x"), "\x1b[31mx\x1b[0m");
        assert_eq!(Paint::PLAIN.bad("x"), "x");
    }
}
