//! The line at the top: tabs at the left, how the connectors fare at the right.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::{Status, Timestamp};
use crate::tui::action::Action;
use crate::tui::mirror::Link;
use crate::tui::model::Model;
use crate::tui::tab::{TABS, Tab};
use crate::tui::theme::Role;

/// callboard's own name.
const NAME: &str = " callboard ";

/// Cells that are kept for how the connectors fare, in words.
const COUNTS: usize = 22;
/// The same in signs.
const SIGNS: usize = 12;

/// How the tabs are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tabs {
    /// With callboard's own name, and blanks between them.
    Full,
    /// Without that name, and with shorter ones.
    Short,
    /// With one blank between them.
    Tight,
    /// The same with names cut short.
    Tiny,
}

/// How the tabs are written in so many cells: the same whatever the counts are, so
/// that no tab moves while somebody looks for it.
fn fitting(width: usize) -> Tabs {
    let ways = [
        (Tabs::Full, COUNTS),
        (Tabs::Short, COUNTS),
        (Tabs::Tight, SIGNS),
    ];
    let fits = |(way, counts): &(Tabs, usize)| cells_of(*way) + counts <= width;
    let found = ways.into_iter().find(fits);
    found.map_or(Tabs::Tiny, |(way, _)| way)
}

fn cells_of(way: Tabs) -> usize {
    places(way).last().map_or(0, |(_, _, (_, end))| *end)
}

/// Each tab, its words, and its cells: the first, and the first behind it.
fn places(way: Tabs) -> Vec<(Tab, String, (usize, usize))> {
    let (before, between) = match way {
        Tabs::Full => (NAME.len() + 1, 1),
        Tabs::Short => (1, 0),
        Tabs::Tight | Tabs::Tiny => (0, 0),
    };
    let mut next = before;
    TABS.iter()
        .map(|tab| {
            let title = match way {
                Tabs::Full => tab.title,
                Tabs::Short | Tabs::Tight => tab.short,
                Tabs::Tiny => tab.tiny,
            };
            // Two that stand tight share the blank between them.
            let words = format!(" {} {title} ", tab.number);
            let start = next;
            let end = start + words.len();
            next = if between == 0 && before == 0 {
                end - 1
            } else {
                end + between
            };
            (tab.tab, words, (start, end))
        })
        .collect()
}

/// The tab that is written at a column.
pub(in crate::tui) fn tab_at(model: &Model, column: u16) -> Option<Tab> {
    let column = usize::from(column);
    let places = places(fitting(usize::from(model.size.width)));
    let mut places = places.into_iter();
    let place = places.find(|(_, _, (start, end))| (*start..*end).contains(&column))?;
    Some(place.0)
}

/// Draws it.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let way = fitting(width);
    tabs(model, way, frame, area);
    let room = width.saturating_sub(1).saturating_sub(cells_of(way));
    // Words go before signs do.
    let ways = [Length::Full, Length::Brief, Length::Signs];
    let mut right = ways
        .iter()
        .map(|length| counts(model, *length))
        .find(|(right, spare)| right.width().saturating_add(*spare) <= room)
        .map(|(right, _)| right)
        .unwrap_or_default();
    right.push_span(Span::raw(" "));
    let width = u16::try_from(right.width()).unwrap_or(0).min(area.width);
    let place = Rect::new(area.width.saturating_sub(width), area.y, width, 1);
    frame.render_widget(Paragraph::new(right), place);
}

/// Draws that the board is gone, and the key that starts it.
pub(super) fn lost(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let (sign, role) = theme.status(Status::Failed);
    let key = model.key(Action::StartBoard);
    let line = Line::from(vec![
        Span::styled(format!(" {sign} no board answers: "), theme.style(role)),
        Span::styled(key, theme.style(Role::Key)),
        Span::raw(" starts it; nothing you typed is lost"),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

fn tabs(model: &Model, way: Tabs, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    if way == Tabs::Full {
        frame.render_widget(Span::styled(NAME, theme.style(Role::Strong)), area);
    }
    for (tab, words, (start, end)) in places(way) {
        let open = tab == model.tab;
        let mut letters = words.chars();
        let number: String = letters.by_ref().take(2).collect();
        let line = Line::from(vec![
            Span::styled(number, theme.style(Role::Key)),
            Span::raw(letters.collect::<String>()),
        ]);
        let line = if open {
            let style = theme.style(Role::Focus).add_modifier(Modifier::REVERSED);
            Line::styled(words, style)
        } else {
            line
        };
        // The blanks at both ends belong to the open one, where two share them.
        let skip = u16::from(!open);
        let start = u16::try_from(start).unwrap_or(0);
        let end = u16::try_from(end).unwrap_or(0).saturating_sub(skip);
        let place = Rect::new(
            area.x.saturating_add(start),
            area.y,
            end.saturating_sub(start),
            1,
        );
        frame.render_widget(line, place.intersection(area));
    }
}

/// How much is said of how the connectors fare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Full,
    /// Without what moves by itself.
    Brief,
    /// And without words.
    Signs,
}

/// How the connectors fare, and the cells that are kept free, so that one more or less
/// that needs somebody changes no other word.
fn counts(model: &Model, length: Length) -> (Line<'static>, usize) {
    let theme = model.theme;
    match &model.mirror.link {
        Link::Starting => {
            let text = format!("{} reaching the board", theme.spinner(model.tasks.spin));
            return (Line::styled(text, theme.style(Role::Quiet)), 0);
        }
        Link::Down { .. } => {
            let (sign, role) = theme.status(Status::Failed);
            let text = format!("{sign} no board");
            return (Line::styled(text, theme.style(role)), 0);
        }
        Link::Up => {}
    }
    let counts = model.mirror.counts();
    let mut spans = Vec::new();
    // What a server asks waits for somebody too.
    let number = counts.attention + counts.failed + model.mirror.questions.len();
    let words = if number == 1 { "needs you" } else { "need you" };
    let spare = usize::from(number > 1 && length != Length::Signs);
    let need = (number, words, Status::Changed);
    let all = [
        (counts.up, "up", Status::Connected),
        (counts.moving, "connecting", Status::Connecting),
        need,
    ];
    // In brief, what moves by itself is left out.
    let some = [(counts.up, "up", Status::Connected), need];
    let shown = if length == Length::Full {
        all.as_slice()
    } else {
        some.as_slice()
    };
    for (number, word, status) in shown.iter().copied() {
        if number == 0 && status != Status::Connected {
            continue;
        }
        if !spans.is_empty() {
            spans.push(Span::raw("  "));
        }
        let (sign, role) = theme.status(status);
        let sign = if status == Status::Connecting {
            theme.spinner(model.tasks.spin)
        } else {
            sign
        };
        spans.push(Span::styled(sign, theme.style(role)));
        spans.push(Span::raw(match length {
            Length::Signs => format!(" {number}"),
            Length::Full | Length::Brief => format!(" {number} {word}"),
        }));
    }
    (Line::from(spans), spare)
}

/// A moment in short, by the operator's clock: the time, and the day where it is not
/// today's. Which zone that is stands once on a screen, not here.
pub(in crate::tui) fn since(model: &Model, moment: Timestamp) -> String {
    let then = model.zone.local(moment);
    if model.zone.local(model.clock.wall).date == then.date {
        then.minute().to_owned()
    } else {
        format!("{} {}", then.date, then.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Zone;
    use crate::tui::model::{Clock, Size};
    use crate::tui::theme::{Palette, Signs, Theme};

    #[test]
    fn the_day_stands_there_only_when_it_is_another() {
        let wall = Timestamp::parse("2026-11-22T14:00:00Z").unwrap();
        let clock = Clock { now: 0, wall };
        let size = Size {
            width: 80,
            height: 24,
        };
        let theme = Theme {
            palette: Palette::Plain,
            contrast: crate::tui::theme::Contrast::Usual,
            pictures: crate::tui::theme::Pictures::None,
            signs: Signs::Unicode,
            calm: true,
        };
        let mut model = Model::new(size, theme, clock);
        let then = |model: &Model, text| since(model, Timestamp::parse(text).unwrap());
        assert_eq!(then(&model, "2026-11-22T10:02:59Z"), "10:02");
        assert_eq!(then(&model, "2026-11-02T10:02:59Z"), "2026-11-02 10:02");
        model.zone = Zone::posix("XYZ-12").unwrap();
        assert_eq!(then(&model, "2026-11-22T10:02:59Z"), "2026-11-22 22:02");
        assert_eq!(then(&model, "2026-11-22T12:00:00Z"), "00:00");
    }
}
