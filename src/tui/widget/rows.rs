//! Rows of a list and lines of a pane, put on the screen.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::symbols::merge::MergeStrategy;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};

use crate::guard::sanitise;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::field::Field;

/// A frame with a title; its inside is returned. Frames side by side share the line
/// between them.
pub(in crate::tui) fn pane(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    title: Vec<Span<'static>>,
    focused: bool,
) -> Rect {
    let role = if focused { Role::Focus } else { Role::Quiet };
    let block = Block::new()
        .borders(Borders::ALL)
        .border_set(theme.border(false))
        .border_style(theme.style(role))
        .merge_borders(MergeStrategy::Exact)
        .title(Line::from(title));
    let inside = block.inner(area);
    frame.render_widget(block, area);
    inside
}

/// Draws the right edge of a frame as one that has the keys.
pub(in crate::tui) fn light_edge(frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let edge = Rect::new(area.right().saturating_sub(1), area.y, 1, area.height);
    frame.buffer_mut().set_style(edge, theme.style(Role::Focus));
}

/// Lines from `top` on, and a mark at the right where there is more.
pub(in crate::tui) fn text(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    lines: Vec<Line<'static>>,
    top: usize,
) {
    let total = lines.len();
    let height = usize::from(area.height);
    let top = top.min(total.saturating_sub(height));
    let shown: Vec<Line<'static>> = lines.into_iter().skip(top).take(height).collect();
    frame.render_widget(Paragraph::new(shown), area);
    more(frame, area, theme, top, total);
}

/// The same for lines that are kept: only those in sight are touched.
pub(in crate::tui) fn lines(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    lines: &[Line<'static>],
    top: usize,
) {
    let height = usize::from(area.height);
    let top = top.min(lines.len().saturating_sub(height));
    let shown: Vec<Line<'static>> = lines.iter().skip(top).take(height).cloned().collect();
    frame.render_widget(Paragraph::new(shown), area);
    more(frame, area, theme, top, lines.len());
}

/// Marks at the right edge that there is more above or below.
pub(in crate::tui) fn more(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    top: usize,
    total: usize,
) {
    let height = usize::from(area.height);
    if area.width == 0 || area.height == 0 || total <= height {
        return;
    }
    let edge = area.right().saturating_sub(1);
    let style = theme.style(Role::Key);
    let mut mark = |y: u16, sign: &'static str| {
        frame.render_widget(Span::styled(sign, style), Rect::new(edge, y, 1, 1));
    };
    if top > 0 {
        mark(area.y, theme.pick("↑", "^"));
    }
    if top.saturating_add(height) < total {
        mark(area.bottom().saturating_sub(1), theme.pick("↓", "v"));
    }
}

/// A label of fixed width and what stands behind it.
pub(in crate::tui) fn labelled(
    theme: Theme,
    label: &str,
    width: usize,
    value: Vec<Span<'static>>,
) -> Line<'static> {
    let mut spans = vec![Span::styled(
        format!("{label:<width$} "),
        theme.style(Role::Quiet),
    )];
    spans.extend(value);
    Line::from(spans)
}

/// A text of callboard's, wrapped at words, in lines of one style; lines after
/// the first are indented as said.
pub(in crate::tui) fn wrapped(
    theme: Theme,
    role: Role,
    text: &str,
    width: usize,
    indent: &str,
) -> Vec<Line<'static>> {
    let room = width.saturating_sub(sanitise::width(indent)).max(8);
    sanitise::wrap(text, room)
        .into_iter()
        .enumerate()
        .map(|(place, line)| {
            let line = if place == 0 {
                line
            } else {
                format!("{indent}{line}")
            };
            Line::styled(line, theme.style(role))
        })
        .collect()
}

/// A line cut to so many cells.
pub(in crate::tui) fn cut_line(line: Line<'static>, cells: usize) -> Line<'static> {
    if line.width() <= cells {
        return line;
    }
    let mut room = cells;
    let mut spans = Vec::with_capacity(line.spans.len());
    for span in line.spans {
        let wide = sanitise::width(&span.content);
        if wide > room {
            spans.push(Span::styled(sanitise::cut(&span.content, room), span.style));
            break;
        }
        room = room.saturating_sub(wide);
        spans.push(span);
    }
    Line::from(spans).style(line.style)
}

/// A line in one style from edge to edge.
pub(in crate::tui) fn across(line: Line<'static>, width: usize, style: Style) -> Line<'static> {
    let missing = width.saturating_sub(line.width());
    let mut spans = line.spans;
    spans.push(Span::raw(" ".repeat(missing)));
    Line::from(spans).style(style)
}

/// A text cut or filled to exactly so many cells.
pub(in crate::tui) fn cell(text: &str, cells: usize) -> String {
    let cut = sanitise::cut(text, cells);
    let missing = cells.saturating_sub(sanitise::width(&cut));
    format!("{cut}{}", " ".repeat(missing))
}

/// Draws the filter over a list in the first line of an area.
pub(in crate::tui) fn filter(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    field: &Field,
    here: bool,
) {
    let room = usize::from(area.width).saturating_sub(4);
    let (text, cell) = field.window(room);
    let role = if here { Role::Focus } else { Role::Quiet };
    let line = Line::from(vec![
        Span::styled(" / ", theme.style(role)),
        Span::raw(text),
    ]);
    frame.render_widget(line, Rect { height: 1, ..area });
    if here {
        let x = u16::try_from(cell.saturating_add(3)).unwrap_or(0);
        frame.set_cursor_position(Position::new(area.x.saturating_add(x), area.y));
    }
}

/// A text that fits into so many cells: what is too long ends between two words,
/// where one is near.
pub(in crate::tui) fn cut_at_word(text: &str, cells: usize) -> String {
    let cut = sanitise::cut(text, cells);
    let Some(kept) = cut.strip_suffix('…') else {
        return cut;
    };
    // Ends it in a word? Then the word goes, unless little else is left.
    let whole = text
        .strip_prefix(kept)
        .is_some_and(|rest| rest.starts_with(' '));
    match kept.rsplit_once(' ') {
        Some((words, _)) if !whole && sanitise::width(words) * 2 > cells => {
            format!("{} …", words.trim_end())
        }
        _ => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_words_where_one_is_near() {
        assert_eq!(
            cut_at_word("refused the connection", 22),
            "refused the connection"
        );
        assert_eq!(cut_at_word("refused the connection", 18), "refused the …");
        assert_eq!(
            cut_at_word("a-very-long-name-of-a-thing", 12),
            "a-very-long…"
        );
        assert_eq!(
            cut_at_word("a b-very-long-name-of-a-thing", 12),
            "a b-very-lo…"
        );
    }
}
