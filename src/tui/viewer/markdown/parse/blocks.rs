//! What was read, put together: runs into blocks, links with their targets.

use url::Url;

use super::{ADDRESS, BLOCK, COLUMNS, DEEPEST, Mark, Reading};
use crate::guard::sanitise;
use crate::tui::viewer::markdown::{Block, Look, Run};

impl Reading {
    /// Emphasis of a kind begins or ends.
    pub(super) fn looks(&mut self, kind: usize, on: bool) {
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

    pub(super) fn run(&mut self, text: &str, look: Look) {
        match self.runs.last_mut() {
            Some(last) if last.look == look => last.text.push_str(text),
            _ => self.runs.push(Run {
                text: text.to_owned(),
                look,
            }),
        }
    }

    /// A link's text is over: its target follows, whole.
    pub(super) fn end_link(&mut self) {
        let Some((target, title, from)) = self.links.pop() else {
            return;
        };
        // As much as an address may be long; and not of pictures in pictures in
        // pictures, which nobody writes but to keep a reader busy.
        let length = if self.links.len() > 2 { 0 } else { ADDRESS };
        let text: String = self
            .runs
            .iter()
            .skip(from)
            .flat_map(|run| run.text.chars())
            .take(length)
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

    pub(super) fn mark(&mut self, first: String, rest: String) {
        let shown = self.marks.len() < DEEPEST;
        self.marks.push(Mark {
            first: if shown { first } else { String::new() },
            rest: if shown { rest } else { String::new() },
            used: false,
        });
    }

    /// What stands before the first line of a block, and before the others.
    pub(super) fn before(&mut self) -> (String, String) {
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
    pub(super) fn room(&mut self) {
        if std::mem::take(&mut self.apart) && !self.blocks.is_empty() {
            self.blocks.push(Block::Blank);
        }
    }

    pub(super) fn end_words(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        if runs.is_empty() || self.table.is_some() {
            return;
        }
        self.room();
        self.words(runs);
    }

    /// Words in as many blocks as they need.
    pub(super) fn words(&mut self, runs: Vec<Run>) {
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
    pub(super) fn bare_mark(&mut self) {
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

    pub(super) fn code_lines(&mut self, text: &str) {
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

    pub(super) fn end_row(&mut self) {
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

/// The cells that a table's cell would take on one line, at most two hundred.
pub(super) fn natural(runs: &[Run]) -> usize {
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
