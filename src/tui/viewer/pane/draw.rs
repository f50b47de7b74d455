//! How a pane looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::{Look, Pane, View};
use crate::guard::sanitise;
use crate::tui::theme::Role;
use crate::tui::viewer::needle::Needle;
use crate::tui::viewer::node;
use crate::tui::viewer::pages::Window;
use crate::tui::viewer::tree::Tree;
use crate::tui::widget::{amount, rows, server};

impl Pane {
    /// What of a text is on the screen.
    fn window(&self) -> Option<&Window> {
        let (laid, window) = self.shown.as_ref()?;
        (laid.view == self.view).then_some(window)
    }

    fn shown_tree(&self) -> Option<&Tree> {
        match self.view {
            View::Json => self.json.as_ref(),
            View::Tree => self.all.as_ref(),
            _ => None,
        }
    }

    /// Draws the body.
    pub(in crate::tui::viewer) fn view(
        &self,
        frame: &mut Frame<'_>,
        look: Look,
        needle: Option<&Needle>,
        focused: bool,
    ) {
        let Look { theme, body, .. } = look;
        let chosen = if focused {
            Role::Chosen
        } else {
            Role::ChosenElsewhere
        };
        if let Some(window) = self.window() {
            let lines = window.lines.iter().take(look.height()).cloned();
            let lines: Vec<Line<'static>> = match needle {
                Some(needle) => lines.map(|line| needle.light(line)).collect(),
                None => lines.collect(),
            };
            frame.render_widget(Paragraph::new(lines), body);
            // Nobody knows how many rows there are: only whether there are more.
            let above = usize::from(window.above);
            let total = look
                .height()
                .saturating_add(above)
                .saturating_add(usize::from(window.below));
            rows::more(frame, body, theme, above, total);
            return;
        }
        if let Some(tree) = self.shown_tree() {
            let lines = tree.lines(look.paper(), look.height(), chosen, needle);
            frame.render_widget(Paragraph::new(lines), body);
            rows::more(frame, body, theme, tree.cursor.top, tree.rows());
            return;
        }
        match (self.view, &self.table) {
            (View::Table, Some(table)) => {
                let lines = table.lines(look.paper(), look.height(), chosen, needle);
                frame.render_widget(Paragraph::new(lines), body);
                let below = Rect {
                    y: body.y.saturating_add(1),
                    height: body.height.saturating_sub(1),
                    ..body
                };
                rows::more(frame, below, theme, table.cursor.top, table.rows());
            }
            (View::Parts, _) => {
                frame.render_widget(Paragraph::new(self.part_lines(look, chosen)), body);
                let all = self.parts.list.len();
                rows::more(frame, body, theme, self.items.top, all);
            }
            (View::Picture, _) => {
                let at = (body, look.pixels);
                self.gallery
                    .view(&self.parts, theme, at, frame.buffer_mut());
            }
            _ => {}
        }
    }

    /// A row for each part on the screen.
    fn part_lines(&self, look: Look, chosen: Role) -> Vec<Line<'static>> {
        let theme = look.theme;
        let shown = self.parts.list.iter().enumerate().skip(self.items.top);
        shown
            .take(look.height())
            .map(|(place, part)| {
                let line = self.parts.words(theme, *part);
                let line = rows::cut_line(line, look.width());
                if place == self.items.row {
                    rows::across(line, look.width(), theme.style(chosen))
                } else {
                    line
                }
            })
            .collect()
    }

    /// Where in it the screen is.
    pub(in crate::tui::viewer) fn status(&self, look: Look) -> Line<'static> {
        let theme = look.theme;
        let quiet = |text: String| Line::styled(text, theme.style(Role::Quiet));
        if let Some(tree) = self.shown_tree() {
            let chosen = tree.chosen();
            let kind = format!("{} ", node::kind(chosen.value()));
            let room = look.width().saturating_sub(sanitise::width(&kind) + 2);
            let path = server::name(theme, &tree.path(), room);
            return Line::from(vec![
                Span::styled(kind, theme.style(Role::Quiet)),
                Span::styled(theme.gutter(), theme.style(Role::Focus)),
                Span::styled(path, theme.style(Role::Key)),
            ]);
        }
        match self.view {
            View::Text | View::Markdown | View::Raw => {
                let Some(window) = self.window() else {
                    return Line::default();
                };
                let mut said = Vec::new();
                if window.above || window.below {
                    said.push(format!("{} %", window.percent));
                }
                if let Some(text) = self.words()
                    && (window.above || window.below)
                {
                    said.push(format!("of {}", amount::of(text.lines, "line", "lines")));
                }
                if let (View::Markdown, Some(markdown)) = (self.view, &self.markdown)
                    && markdown.left_out > 0
                {
                    said.push(format!(
                        "of the beginning; {} more are shown as text",
                        amount::bytes(markdown.left_out)
                    ));
                }
                quiet(said.join(" "))
            }
            View::Table => quiet(
                self.table
                    .as_ref()
                    .map_or_else(String::new, |table| table.place(look.width())),
            ),
            View::Picture => quiet(self.gallery.place()),
            View::Parts => quiet(format!(
                "part {} of {}",
                self.items.row.saturating_add(1),
                self.parts.list.len()
            )),
            View::Json | View::Tree => Line::default(),
        }
    }
}
