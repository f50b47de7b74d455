//! Markdown read into blocks that can be laid out one by one.

mod blocks;

use super::{Block, Look, Run};
use crate::tui::viewer::parts::Part;
use blocks::natural;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Levels of lists and quotes that are still shown as such.
const DEEPEST: usize = 12;
/// Columns of a table that are looked at.
const COLUMNS: usize = 40;

/// Characters of a link's text that are compared with where it goes.
const ADDRESS: usize = 2048;

/// Bytes of text in one block: a longer paragraph is several, so that laying out a
/// block takes no longer than laying out a screen.
const BLOCK: usize = 4096;

/// What stands before the lines of a block.
#[derive(Clone, Debug)]
struct Mark {
    first: String,
    rest: String,
    /// Whether the first was used up already.
    used: bool,
}

/// A table being read.
#[derive(Clone, Debug, Default)]
struct TableReading {
    cells: Vec<Vec<Run>>,
    head: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Reading {
    blocks: Vec<Block>,
    tables: Vec<Vec<usize>>,
    marks: Vec<Mark>,
    /// Numbers of the lists that are open; `None`: bullets.
    lists: Vec<Option<u64>>,
    runs: Vec<Run>,
    look: Look,
    /// How often each look is open: emphasis may stand in emphasis.
    open: [usize; 4],
    level: usize,
    code: bool,
    html: bool,
    /// Links that are open: where they go, their title, and where their text begins.
    links: Vec<(String, String, usize)>,
    table: Option<TableReading>,
    /// Whether the next block has room before it.
    apart: bool,
}

impl Reading {
    /// Says which part comes.
    pub(super) fn part(&mut self, part: Part) {
        if !self.blocks.is_empty() {
            self.blocks.push(Block::Blank);
        }
        self.blocks.push(Block::Heading(part));
        self.apart = false;
    }

    /// Reads a text.
    pub(super) fn text(&mut self, text: &str) {
        let options =
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        let before = self.blocks.len();
        for event in Parser::new_ext(text, options) {
            self.event(event);
        }
        self.end_words();
        if self.blocks.len() == before {
            // Marks and nothing behind them.
            self.html = true;
            text.lines().for_each(|line| self.code_lines(line));
            self.html = false;
        }
        self.marks.clear();
        self.lists.clear();
        self.links.clear();
    }

    /// All blocks, and the widths of the columns of each table.
    pub(super) fn done(self) -> (Vec<Block>, Vec<Vec<usize>>) {
        (self.blocks, self.tables)
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code => self.code_lines(&text),
            Event::Text(text) => self.run(text.as_ref(), self.look),
            Event::Code(text) => {
                let look = Look {
                    code: true,
                    ..self.look
                };
                self.run(&format!("`{text}`"), look);
            }
            Event::Html(text) => self.code_lines(&text),
            Event::InlineHtml(text) => {
                let look = Look {
                    code: true,
                    ..self.look
                };
                self.run(&text, look);
            }
            Event::SoftBreak => self.run(" ", self.look),
            Event::HardBreak => self.run("\n", self.look),
            Event::Rule => {
                self.room();
                let (before, _) = self.before();
                self.blocks.push(Block::Rule { before });
                self.apart = true;
            }
            Event::TaskListMarker(done) => {
                self.run(if done { "[x] " } else { "[ ] " }, self.look);
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.run(&text, self.look),
            Event::FootnoteReference(text) => self.run(&format!("[^{text}]"), self.look),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_words();
                self.level = number(level);
            }
            Tag::BlockQuote(_) => {
                self.end_words();
                self.room();
                self.mark("> ".to_owned(), "> ".to_owned());
            }
            Tag::CodeBlock(kind) => {
                self.end_words();
                self.room();
                self.code = true;
                if let CodeBlockKind::Fenced(language) = kind
                    && !language.is_empty()
                {
                    let (before, _) = self.before();
                    let line = format!("```{language}");
                    self.blocks.push(Block::Code { before, line });
                }
            }
            Tag::HtmlBlock => {
                self.end_words();
                self.room();
                self.html = true;
            }
            Tag::List(first) => {
                self.end_words();
                if self.lists.is_empty() {
                    self.room();
                }
                self.lists.push(first);
            }
            Tag::Item => {
                self.end_words();
                let bullet = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let bullet = format!("{number}. ");
                        *number = number.saturating_add(1);
                        bullet
                    }
                    _ => "• ".to_owned(),
                };
                let rest = " ".repeat(bullet.chars().count());
                self.mark(bullet, rest);
                self.apart = false;
            }
            Tag::Table(columns) => {
                self.end_words();
                self.room();
                self.tables.push(vec![0; columns.len().min(COLUMNS)]);
                self.table = Some(TableReading::default());
            }
            Tag::TableHead => {
                if let Some(table) = &mut self.table {
                    table.head = true;
                }
            }
            Tag::Emphasis => self.looks(0, true),
            Tag::Strong => self.looks(1, true),
            Tag::Strikethrough => self.looks(2, true),
            Tag::Link {
                dest_url, title, ..
            } => {
                self.links
                    .push((dest_url.into_string(), title.into_string(), self.runs.len()));
                self.looks(3, true);
            }
            Tag::Image {
                dest_url, title, ..
            } => {
                self.run("[picture, not fetched: ", self.look);
                self.links
                    .push((dest_url.into_string(), title.into_string(), self.runs.len()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                self.end_words();
                self.apart = true;
            }
            TagEnd::Heading(_) => {
                self.end_words();
                self.level = 0;
                self.apart = true;
            }
            TagEnd::BlockQuote(_) => {
                self.end_words();
                self.marks.pop();
                self.apart = true;
            }
            TagEnd::CodeBlock | TagEnd::HtmlBlock => {
                self.code = false;
                self.html = false;
                self.apart = true;
            }
            TagEnd::List(_) => {
                self.end_words();
                self.lists.pop();
                self.apart = self.lists.is_empty();
            }
            TagEnd::Item => {
                self.end_words();
                self.bare_mark();
                self.marks.pop();
                self.apart = false;
            }
            TagEnd::TableCell => {
                let runs = std::mem::take(&mut self.runs);
                if let Some(table) = &mut self.table {
                    self.tables
                        .last_mut()
                        .and_then(|widths| widths.get_mut(table.cells.len()))
                        .into_iter()
                        .for_each(|width| *width = (*width).max(natural(&runs)));
                    table.cells.push(runs);
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => self.end_row(),
            TagEnd::Table => {
                self.table = None;
                self.apart = true;
            }
            TagEnd::Emphasis => self.looks(0, false),
            TagEnd::Strong => self.looks(1, false),
            TagEnd::Strikethrough => self.looks(2, false),
            TagEnd::Link => {
                self.looks(3, false);
                self.end_link();
            }
            TagEnd::Image => {
                self.end_link();
                self.run("]", self.look);
            }
            _ => {}
        }
    }
}

fn number(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
