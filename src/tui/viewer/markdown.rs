//! Text read as Markdown (CommonMark, with GitHub's tables, struck text and tasks).
//!
//! It is drawn in callboard's roles behind the gutter. A link is shown with its whole
//! target behind its text, so that the text cannot hide where it goes; nothing is
//! fetched, pictures neither. What makes a heading a heading stays on the screen (`#`),
//! since looks alone carry no meaning.

mod grid;
mod parse;

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::needle::Needle;
use super::pages::{Pages, Paper};
use super::parts::{Part, Parts};
use crate::domain::Untrusted;
use crate::guard::sanitise::{self, SpanKind};
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::flow::{self, Flow};

/// How much is read as Markdown, in bytes of text; the rest is shown as text.
const LIMIT: usize = 256 * 1024;

/// How a run of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    bold: bool,
    italic: bool,
    struck: bool,
    code: bool,
    link: bool,
    /// Where a link goes.
    target: bool,
    /// It goes elsewhere than its text says.
    elsewhere: bool,
}

/// A run of text of one look. The text is as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    text: String,
    look: Look,
}

/// A block, small enough to be laid out at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Room between two blocks.
    Blank,
    /// A line of callboard's own: which part this is.
    Heading(Part),
    /// Words, behind what marks a list or a quote.
    Words {
        /// Before the first line.
        first: String,
        /// Before the others.
        rest: String,
        runs: Vec<Run>,
        /// Level of a heading; 0: none.
        level: usize,
    },
    /// A line of code; blanks count.
    Code { before: String, line: String },
    /// A rule.
    Rule { before: String },
    /// A row of a table.
    Row {
        before: String,
        /// Which table, for the width of its columns.
        table: usize,
        cells: Vec<Vec<Run>>,
        head: bool,
    },
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Markdown {
    blocks: Vec<Block>,
    /// The natural width of the columns of each table.
    tables: Vec<Vec<usize>>,
    /// Bytes of text that were not read.
    pub(super) left_out: usize,
    pub(super) pages: Pages,
    hit: Option<(usize, Pages)>,
}

impl Markdown {
    /// Reads all texts among the parts, or the one text there is.
    pub(super) fn of(parts: &Parts, alone: Option<&str>) -> Self {
        let mut read = parse::Reading::default();
        let mut left = LIMIT;
        let mut left_out = 0_usize;
        let mut take = |read: &mut parse::Reading, text: &str| {
            let end = whole_lines(text, left);
            left = left.saturating_sub(end);
            left_out = left_out.saturating_add(text.len().saturating_sub(end));
            read.text(text.get(..end).unwrap_or_default());
        };
        if let Some(text) = alone {
            take(&mut read, text);
        }
        for part in parts.texts() {
            if parts.needs_heading(part) {
                read.part(part);
            }
            parts.with_text(part, |text| take(&mut read, text));
        }
        let (blocks, tables) = read.done();
        Self {
            blocks,
            tables,
            left_out,
            ..Self::default()
        }
    }

    /// The same, ready to be laid out.
    pub(super) fn paper<'a>(
        &'a self,
        parts: &'a Parts,
        (theme, width): (Theme, usize),
    ) -> MarkdownPaper<'a> {
        MarkdownPaper {
            markdown: self,
            parts,
            theme,
            width,
        }
    }

    /// Goes to the next block with a match, or the one before. `None` where there is
    /// none; whether it went round the end otherwise.
    pub(super) fn seek(
        &mut self,
        parts: &Parts,
        look: (Theme, usize),
        height: usize,
        needle: &Needle,
        forward: bool,
    ) -> Option<bool> {
        let here = match self.hit {
            Some((block, pages)) if pages == self.pages => Some(block),
            _ => None,
        };
        let at = here.unwrap_or(self.pages.piece);
        let count = self.blocks.len();
        let test = |place: &usize| {
            self.blocks
                .get(*place)
                .is_some_and(|block| block.has(needle))
        };
        let after = at.saturating_add(usize::from(here.is_some()));
        let (direct, round) = if forward {
            ((after..count).find(test), (0..count).find(test))
        } else {
            ((0..at).rev().find(test), (0..count).rev().find(test))
        };
        let place = direct.or(round)?;
        let mut pages = self.pages;
        let paper = self.paper(parts, look);
        pages.show(place, 0, &paper, height);
        pages.settle(&paper, height);
        self.pages = pages;
        self.hit = Some((place, pages));
        Some(direct.is_none())
    }
}

/// So much of a text as is allowed, in whole lines where that leaves any.
fn whole_lines(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    let end = text.floor_char_boundary(limit);
    let head = text.get(..end).unwrap_or_default();
    head.rfind('\n').map_or(end, |at| at.saturating_add(1))
}

impl Block {
    fn has(&self, needle: &Needle) -> bool {
        let in_runs = |runs: &[Run]| {
            let all: String = runs.iter().map(|run| run.text.as_str()).collect();
            needle.is_in(&all)
        };
        match self {
            Self::Words { runs, .. } => in_runs(runs),
            Self::Code { line, .. } => needle.is_in(line),
            Self::Row { cells, .. } => cells.iter().any(|runs| in_runs(runs)),
            Self::Blank | Self::Heading(_) | Self::Rule { .. } => false,
        }
    }
}

/// Markdown with all that it takes to lay it out.
pub(super) struct MarkdownPaper<'a> {
    markdown: &'a Markdown,
    parts: &'a Parts,
    theme: Theme,
    width: usize,
}

impl Paper for MarkdownPaper<'_> {
    fn pieces(&self) -> usize {
        self.markdown.blocks.len()
    }

    fn lay(&self, piece: usize) -> Vec<Line<'static>> {
        let Some(block) = self.markdown.blocks.get(piece) else {
            return vec![];
        };
        let lines = match block {
            Block::Heading(part) => {
                return flow::wrapped(self.parts.words(self.theme, *part), self.width);
            }
            Block::Blank => vec![vec![]],
            Block::Words {
                first,
                rest,
                runs,
                level,
            } => self.words(first, rest, runs, *level),
            Block::Code { before, line } => self.code(before, line),
            Block::Rule { before } => {
                let before = self.before(before);
                let cells = self.room(&before).min(40);
                let rule = self.theme.pick("─", "-").repeat(cells);
                vec![vec![
                    before,
                    Span::styled(rule, self.theme.style(Role::Quiet)),
                ]]
            }
            Block::Row {
                before,
                table,
                cells,
                head,
            } => {
                let natural = self.markdown.tables.get(*table);
                let before = self.before(before);
                let room = self.room(&before);
                let natural = natural.map_or(&[][..], Vec::as_slice);
                grid::row(self.theme, natural, cells, *head, room)
                    .into_iter()
                    .map(|row| std::iter::once(before.clone()).chain(row).collect())
                    .collect()
            }
        };
        lines.into_iter().map(|spans| self.gutter(spans)).collect()
    }
}

impl MarkdownPaper<'_> {
    fn gutter(&self, spans: Vec<Span<'static>>) -> Line<'static> {
        let gutter = Span::styled(self.theme.gutter(), self.theme.style(Role::Focus));
        Line::from_iter(std::iter::once(gutter).chain(spans))
    }

    /// What stands before a block; deep nesting never takes more than half the line.
    fn before(&self, text: &str) -> Span<'static> {
        let half = self.width / 2;
        let cut: String = text.chars().take(half).collect();
        let shown = match self.theme.form() {
            sanitise::Form::Unicode => cut,
            sanitise::Form::Ascii => cut.replace('•', "*"),
        };
        Span::styled(shown, self.theme.style(Role::Quiet))
    }

    fn room(&self, before: &Span<'static>) -> usize {
        self.width
            .saturating_sub(sanitise::width(self.theme.gutter()))
            .saturating_sub(sanitise::width(&before.content))
            .max(2)
    }

    fn words(
        &self,
        first: &str,
        rest: &str,
        runs: &[Run],
        level: usize,
    ) -> Vec<Vec<Span<'static>>> {
        let first = self.before(first);
        let rest = self.before(rest);
        let mut flow = Flow::new(self.room(&first).min(self.room(&rest)));
        if level > 0 {
            let hashes = format!("{} ", "#".repeat(level));
            flow.push(&hashes, self.theme.style(Role::Quiet));
        }
        for run in runs {
            flow_run(self.theme, &mut flow, run, level > 0);
        }
        flow.lines()
            .into_iter()
            .enumerate()
            .map(|(place, line)| {
                let before = if place == 0 { &first } else { &rest };
                std::iter::once(before.clone()).chain(line).collect()
            })
            .collect()
    }

    fn code(&self, before: &str, line: &str) -> Vec<Vec<Span<'static>>> {
        let before = self.before(before);
        let mut flow = Flow::new(self.room(&before));
        let look = Look {
            code: true,
            ..Look::default()
        };
        let run = Run {
            text: line.to_owned(),
            look,
        };
        flow_run(self.theme, &mut flow, &run, false);
        flow.lines()
            .into_iter()
            .map(|line| std::iter::once(before.clone()).chain(line).collect())
            .collect()
    }
}

/// Puts a run into lines, made fit to be shown.
fn flow_run(theme: Theme, flow: &mut Flow, run: &Run, heading: bool) {
    let style = style(theme, run.look, heading);
    let lines = sanitise::spans_as(&Untrusted::new(run.text.as_str()), theme.form());
    for (place, spans) in lines.into_iter().enumerate() {
        if place > 0 {
            flow.end_line();
        }
        for span in spans {
            let style = match span.kind {
                SpanKind::Plain => style,
                SpanKind::Hidden => theme.style(Role::Hidden),
            };
            flow.push(&span.text, style);
        }
    }
}

fn style(theme: Theme, look: Look, heading: bool) -> Style {
    let role = match look {
        Look {
            elsewhere: true, ..
        } => Role::Warn,
        Look { target: true, .. } | Look { code: true, .. } => Role::Key,
        _ => Role::Server,
    };
    let mut modifier = Modifier::empty();
    modifier.set(Modifier::BOLD, look.bold || heading);
    modifier.set(Modifier::ITALIC, look.italic);
    modifier.set(Modifier::CROSSED_OUT, look.struck);
    modifier.set(Modifier::UNDERLINED, look.link || look.target);
    theme.style(role).add_modifier(modifier)
}

/// Whether a text looks as if it was written as Markdown.
pub(super) fn is_likely(text: &str) -> bool {
    signs(text) >= 2
}

/// Whether a text has anything in it that Markdown draws otherwise.
pub(super) fn is_there(text: &str) -> bool {
    signs(text) > 0
}

/// How many signs of Markdown a text has; those that leave no doubt count as two.
fn signs(text: &str) -> usize {
    let head = text.get(..text.floor_char_boundary(8192)).unwrap_or(text);
    let mut weak = 0_usize;
    for line in head.lines() {
        let line = line.trim_start();
        let hashes = line.chars().take_while(|letter| *letter == '#').count();
        let heading = (1..=6).contains(&hashes)
            && line.get(hashes..).is_some_and(|rest| rest.starts_with(' '));
        let table = line.starts_with('|') && line.contains("---");
        if heading || table || line.starts_with("```") || line.contains("](http") {
            return 2;
        }
        let bullet = ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark));
        let strong = line.matches("**").nth(1).is_some();
        let code = line.matches('`').nth(1).is_some();
        weak = weak.saturating_add([bullet, strong, code].iter().filter(|is| **is).count());
    }
    weak
}

#[cfg(test)]
mod tests;
