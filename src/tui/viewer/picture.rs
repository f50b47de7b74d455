//! The pictures among what came: which is looked at, and how far its drawing is.
//!
//! A picture is taken apart by a job away from the interface, for one size and one way
//! of drawing; what comes back fits the screen and nothing else of it is kept.

mod cells;
mod kitty;
mod paint;
mod sixel;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::parts::{Part, Parts};
use crate::domain::{Fault, Untrusted};
use crate::tui::effect::Ticket;
use crate::tui::theme::{Pictures, Role, Theme};
use crate::tui::widget::{amount, flow, server};

pub(in crate::tui) use kitty::ERASE as KITTY_ERASE;
pub(in crate::tui) use paint::{Drawn, Job, Painted, paint};

/// The pixels of a cell, where the terminal says.
pub(in crate::tui) type CellPixels = Option<(u16, u16)>;

/// What a picture is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Wanted {
    /// Which picture.
    picture: usize,
    /// Columns and rows that it may take.
    cells: (u16, u16),
    how: Pictures,
    pixels: CellPixels,
}

/// What the terminal has to draw besides text.
#[derive(Clone, Debug)]
pub(in crate::tui) struct Placement {
    /// The cells that it takes.
    pub(in crate::tui) area: Rect,
    pub(in crate::tui) how: Pictures,
    /// The sequence that draws it where the cursor is.
    pub(in crate::tui) bytes: Arc<[u8]>,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Gallery {
    parts: Vec<Part>,
    at: usize,
    /// The job that is under way, and what for.
    job: Option<(Ticket, Wanted)>,
    /// What came of the last one, and what it was for.
    done: Option<(Wanted, Result<Arc<Painted>, Fault>)>,
}

impl Gallery {
    /// The pictures among the parts.
    pub(super) fn of(parts: &Parts) -> Self {
        Self {
            parts: parts.pictures(),
            at: 0,
            job: None,
            done: None,
        }
    }

    /// The picture that is looked at.
    pub(super) fn chosen(&self) -> Option<Part> {
        self.parts.get(self.at).copied()
    }

    /// Looks at another.
    pub(super) fn step(&mut self, forward: bool) {
        let last = self.parts.len().saturating_sub(1);
        self.at = if forward {
            self.at.saturating_add(1).min(last)
        } else {
            self.at.saturating_sub(1)
        };
    }

    /// Looks at this one.
    pub(super) fn choose(&mut self, part: Part) {
        if let Some(at) = self.parts.iter().position(|it| *it == part) {
            self.at = at;
        }
    }

    /// Which of them, where there are several.
    pub(super) fn place(&self) -> String {
        match self.parts.len() {
            0 | 1 => String::new(),
            all => format!("picture {} of {all}", self.at.saturating_add(1)),
        }
    }

    /// Where the picture is drawn: below its words, beside the gutter.
    fn area(body: Rect) -> Rect {
        Rect::new(
            body.x.saturating_add(2),
            body.y.saturating_add(2),
            body.width.saturating_sub(2),
            body.height.saturating_sub(2),
        )
    }

    fn wanted(&self, theme: Theme, body: Rect, pixels: CellPixels) -> Wanted {
        let area = Self::area(body);
        Wanted {
            picture: self.at,
            cells: (area.width, area.height),
            how: theme.pictures(),
            pixels,
        }
    }

    /// The job that has to be done so that it can be drawn, unless one is under way.
    pub(super) fn job(
        &mut self,
        parts: &Parts,
        theme: Theme,
        (body, pixels): (Rect, CellPixels),
        ticket: impl FnOnce() -> Ticket,
    ) -> Option<(Ticket, Job)> {
        let wanted = self.wanted(theme, body, pixels);
        let is_done = self.done.as_ref().is_some_and(|(it, _)| *it == wanted);
        if is_done || self.job.is_some() || wanted.cells.0 == 0 || wanted.cells.1 == 0 {
            return None;
        }
        let data = parts.data_node(self.chosen()?)?;
        let ticket = ticket();
        self.job = Some((ticket, wanted));
        Some((
            ticket,
            Job {
                data,
                cells: wanted.cells,
                how: wanted.how,
                pixels: wanted.pixels,
            },
        ))
    }

    /// Takes what came of a job. Whether it was one of these.
    pub(super) fn painted(&mut self, ticket: Ticket, result: &Result<Arc<Painted>, Fault>) -> bool {
        match self.job.take_if(|(job, _)| *job == ticket) {
            Some((_, wanted)) => {
                self.done = Some((wanted, result.clone()));
                true
            }
            None => false,
        }
    }

    fn result(&self, wanted: Wanted) -> Option<&Result<Arc<Painted>, Fault>> {
        self.done
            .as_ref()
            .filter(|(it, _)| *it == wanted)
            .map(|(_, result)| result)
    }

    /// What the terminal has to draw besides text.
    pub(super) fn placement(
        &self,
        theme: Theme,
        body: Rect,
        pixels: CellPixels,
    ) -> Option<Placement> {
        let result = self.result(self.wanted(theme, body, pixels))?;
        let Drawn::Sequence { bytes, cells } = &result.as_ref().ok()?.drawn else {
            return None;
        };
        let area = Self::area(body);
        Some(Placement {
            area: Rect::new(area.x, area.y, cells.0, cells.1).intersection(area),
            how: theme.pictures(),
            bytes: Arc::clone(bytes),
        })
    }

    /// Draws it, or says in words what it is and why it is not to be seen.
    pub(super) fn view(
        &self,
        parts: &Parts,
        theme: Theme,
        (body, pixels): (Rect, CellPixels),
        buffer: &mut Buffer,
    ) {
        let Some(part) = self.chosen() else {
            return;
        };
        let result = self.result(self.wanted(theme, body, pixels));
        let width = usize::from(body.width);
        let mut words = words(parts, theme, part, result);
        let mut below = Vec::new();
        match result {
            None => below.push(said(theme, Role::Quiet, "drawing…", width)),
            Some(Err(fault)) => {
                let text = format!("{} {}", theme.pick("✕", "x"), fault.message);
                below.push(said(theme, Role::Bad, &text, width));
                below.push(said(
                    theme,
                    Role::Quiet,
                    "o writes its bytes to a file as they came",
                    width,
                ));
            }
            Some(Ok(painted)) => match &painted.drawn {
                Drawn::Words => {
                    let text = "pictures are not drawn here; o writes it to a file";
                    below.push(said(theme, Role::Quiet, text, width));
                }
                Drawn::Cells(grid) => {
                    grid.view(theme, Self::area(body), buffer);
                    gutter(theme, body, grid.rows(), buffer);
                }
                Drawn::Sequence { cells, .. } => gutter(theme, body, cells.1, buffer),
            },
        }
        words.truncate(2);
        let below = below.into_iter().flatten();
        let top = Rect { height: 1, ..body };
        if let Some(line) = words.first() {
            buffer.set_line(top.x, top.y, line, top.width);
        }
        for (line, y) in below.zip(body.y.saturating_add(2)..body.bottom()) {
            buffer.set_line(body.x, y, &line, body.width);
        }
    }
}

fn said(theme: Theme, role: Role, text: &str, width: usize) -> Vec<Line<'static>> {
    flow::wrapped(Line::styled(text.to_owned(), theme.style(role)), width)
}

/// The line beside a picture: what it shows may look like anything.
fn gutter(theme: Theme, body: Rect, rows: u16, buffer: &mut Buffer) {
    let line = Span::styled(theme.gutter(), theme.style(Role::Focus));
    let first = body.y.saturating_add(2);
    for y in first..first.saturating_add(rows).min(body.bottom()) {
        buffer.set_span(body.x, y, &line, 2);
    }
}

/// Kind, size in pixels and in bytes.
fn words(
    parts: &Parts,
    theme: Theme,
    part: Part,
    result: Option<&Result<Arc<Painted>, Fault>>,
) -> Vec<Line<'static>> {
    let mut said = match result {
        Some(Ok(painted)) => vec![
            painted.format.to_owned(),
            format!("{} by {} pixels", painted.size.0, painted.size.1),
        ],
        _ => {
            let media = Untrusted::new(parts.media(part));
            vec![server::quoted(theme, &media, 48)]
        }
    };
    if let Some(size) = parts.size(part) {
        said.push(amount::bytes(size));
    }
    if let Some(uri) = parts.says(part, "uri") {
        said.push(server::quoted(theme, &uri, 200));
    }
    vec![Line::from(said.join(theme.dot()))]
}

#[cfg(test)]
mod tests;
