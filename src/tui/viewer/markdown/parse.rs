//! Markdown read into blocks that can be laid out one by one.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use url::Url;

use super::{Block, Look, Run};
use crate::guard::sanitise;
use crate::tui::viewer::parts::Part;

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
        for event in Parser::new_ext(text, options) {
            self.event(event);
        }
        self.end_words();
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

    /// Emphasis of a kind begins or ends.
    fn looks(&mut self, kind: usize, on: bool) {
        if let Some(count) = self.open.get_mut(kind) {
            *count = if on {
                count.saturating_add(1)
            } else {
                count.saturating_sub(1)
            };
        }
        let [italic, bold, struck, link] = self.open.map(|count| count > 0);
        self.look = Look {
            bold,
            italic,
            struck,
            link,
            ..Look::default()
        };
    }

    fn run(&mut self, text: &str, look: Look) {
        match self.runs.last_mut() {
            Some(last) if last.look == look => last.text.push_str(text),
            _ => self.runs.push(Run {
                text: text.to_owned(),
                look,
            }),
        }
    }

    /// A link's text is over: its target follows, whole.
    fn end_link(&mut self) {
        let Some((target, title, from)) = self.links.pop() else {
            return;
        };
        // As much as an address may be long: links stand in links by the thousand.
        let text: String = self
            .runs
            .iter()
            .skip(from)
            .flat_map(|run| run.text.chars())
            .take(ADDRESS)
            .collect();
        let plain = Look {
            bold: self.look.bold,
            ..Look::default()
        };
        if target != text && target != format!("mailto:{text}") {
            let elsewhere = is_elsewhere(&text, &target);
            let sign = if elsewhere { " ! -> " } else { " -> " };
            self.run(sign, Look { elsewhere, ..plain });
            let look = Look {
                target: true,
                elsewhere,
                ..plain
            };
            self.run(&target, look);
        }
        if !title.is_empty() {
            self.run(&format!(" \"{title}\""), plain);
        }
    }

    fn mark(&mut self, first: String, rest: String) {
        let shown = self.marks.len() < DEEPEST;
        self.marks.push(Mark {
            first: if shown { first } else { String::new() },
            rest: if shown { rest } else { String::new() },
            used: false,
        });
    }

    /// What stands before the first line of a block, and before the others.
    fn before(&mut self) -> (String, String) {
        let mut first = String::new();
        let mut rest = String::new();
        for mark in &mut self.marks {
            first.push_str(if mark.used { &mark.rest } else { &mark.first });
            rest.push_str(&mark.rest);
            mark.used = true;
        }
        (first, rest)
    }

    /// Room before a block, where one stood before it.
    fn room(&mut self) {
        if std::mem::take(&mut self.apart) && !self.blocks.is_empty() {
            self.blocks.push(Block::Blank);
        }
    }

    fn end_words(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        if runs.is_empty() || self.table.is_some() {
            return;
        }
        self.room();
        self.words(runs);
    }

    /// Words in as many blocks as they need.
    fn words(&mut self, runs: Vec<Run>) {
        let mut level = self.level;
        for runs in portions(runs) {
            let (first, rest) = self.before();
            self.blocks.push(Block::Words {
                first,
                rest,
                runs,
                level: std::mem::take(&mut level),
            });
        }
    }

    /// An item with nothing in it still has its mark.
    fn bare_mark(&mut self) {
        if self.marks.last().is_some_and(|mark| !mark.used) {
            let (first, rest) = self.before();
            self.blocks.push(Block::Words {
                first,
                rest,
                runs: Vec::new(),
                level: 0,
            });
        }
    }

    fn code_lines(&mut self, text: &str) {
        if !self.code && !self.html {
            let look = Look {
                code: true,
                ..self.look
            };
            self.run(text, look);
            return;
        }
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            let (before, _) = self.before();
            let before = if self.code {
                format!("{before}    ")
            } else {
                before
            };
            let mut rest = line;
            loop {
                let end = rest.floor_char_boundary(BLOCK);
                let (piece, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                self.blocks.push(Block::Code {
                    before: before.clone(),
                    line: piece.to_owned(),
                });
                if after.is_empty() {
                    break;
                }
                rest = after;
            }
        }
    }

    fn end_row(&mut self) {
        let Some(table) = &mut self.table else {
            return;
        };
        let cells = std::mem::take(&mut table.cells);
        let head = std::mem::take(&mut table.head);
        let number = self.tables.len().saturating_sub(1);
        let bytes: usize = cells.iter().flatten().map(|run| run.text.len()).sum();
        if cells.len() > COLUMNS || bytes > BLOCK {
            // Too much for a grid: one cell behind the other.
            let mut runs = Vec::new();
            for cell in cells {
                if !runs.is_empty() {
                    runs.push(Run {
                        text: " | ".to_owned(),
                        look: Look::default(),
                    });
                }
                runs.extend(cell);
            }
            self.words(runs);
            return;
        }
        let (before, _) = self.before();
        self.blocks.push(Block::Row {
            before,
            table: number,
            cells,
            head,
        });
    }
}

/// Runs in portions that are not too long for one block, broken at a blank where one
/// is near.
fn portions(runs: Vec<Run>) -> Vec<Vec<Run>> {
    let mut portions = Vec::new();
    let mut portion = Vec::new();
    let mut left = BLOCK;
    for run in runs {
        let mut rest = run.text.as_str();
        while rest.len() > left {
            let limit = rest.floor_char_boundary(left);
            let head = rest.get(..limit).unwrap_or_default();
            let end = head.rfind(' ').map_or(limit, |at| at.saturating_add(1));
            let (piece, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if !piece.is_empty() {
                portion.push(Run {
                    text: piece.to_owned(),
                    look: run.look,
                });
            }
            portions.push(std::mem::take(&mut portion));
            left = BLOCK;
            rest = after;
        }
        left = left.saturating_sub(rest.len());
        portion.push(Run {
            text: rest.to_owned(),
            look: run.look,
        });
    }
    portions.push(portion);
    portions
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

/// The cells that a table's cell would take on one line, at most two hundred.
fn natural(runs: &[Run]) -> usize {
    let cells: usize = runs
        .iter()
        .map(|run| {
            let head: String = run.text.chars().take(200).collect();
            sanitise::width(&head)
        })
        .sum();
    cells.min(200)
}

/// Whether the text of a link names another host than the one that it goes to.
fn is_elsewhere(text: &str, target: &str) -> bool {
    let host = |text: &str| {
        let text = text.trim();
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let named = !text.contains(char::is_whitespace)
            && (text.contains("://") || text.split('/').next().is_some_and(|it| it.contains('.')));
        let url = Url::parse(&with_scheme).ok().filter(|_| named)?;
        url.host_str()
            .map(|host| host.trim_start_matches("www.").to_owned())
    };
    match host(text) {
        Some(said) => host(target).is_none_or(|real| real != said),
        None => false,
    }
}
