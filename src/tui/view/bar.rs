//! The line at the top: tabs at the left, how the connectors fare at the right.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::{Status, Timestamp};
use crate::tui::mirror::Link;
use crate::tui::model::Model;
use crate::tui::tab::TABS;
use crate::tui::theme::Role;

/// Draws it.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let room = usize::from(area.width).saturating_sub(1);
    // Words go before signs do, and callboard's own name goes first.
    let ways = [
        (false, Length::Full),
        (true, Length::Full),
        (false, Length::Brief),
        (true, Length::Brief),
        (true, Length::Signs),
    ];
    let (left, mut right) = ways
        .iter()
        .map(|(short, brief)| (tabs(model, *short), counts(model, *brief)))
        .find(|(left, right)| left.width() + right.width() < room)
        .unwrap_or_else(|| (tabs(model, true), Line::default()));
    frame.render_widget(Paragraph::new(left), area);
    right.push_span(Span::raw(" "));
    let width = u16::try_from(right.width()).unwrap_or(0).min(area.width);
    let place = Rect::new(area.width.saturating_sub(width), area.y, width, 1);
    frame.render_widget(Paragraph::new(right), place);
}

/// Draws that the board is gone, and the key that starts it.
pub(super) fn lost(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let (sign, role) = theme.status(Status::Failed);
    let key = model.key_of("S", "Alt-s");
    let line = Line::from(vec![
        Span::styled(format!(" {sign} no board answers: "), theme.style(role)),
        Span::styled(key, theme.style(Role::Key)),
        Span::raw(" starts it; nothing you typed is lost"),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

fn tabs(model: &Model, short: bool) -> Line<'static> {
    let theme = model.theme;
    let mut spans = if short {
        vec![Span::raw(" ")]
    } else {
        vec![
            Span::styled(" callboard ", theme.style(Role::Strong)),
            Span::raw(" "),
        ]
    };
    for tab in TABS {
        let title = if short { tab.short } else { tab.title };
        let open = tab.tab == model.tab;
        let style = if open {
            theme.style(Role::Focus).add_modifier(Modifier::REVERSED)
        } else {
            theme.style(Role::Text)
        };
        spans.push(Span::styled(format!(" {} {title} ", tab.number), style));
        spans.push(Span::raw(if short { "" } else { " " }));
    }
    Line::from(spans)
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

/// How the connectors fare.
fn counts(model: &Model, length: Length) -> Line<'static> {
    let theme = model.theme;
    match &model.mirror.link {
        Link::Starting => {
            return Line::styled(
                format!("{} reaching the board", theme.spinner(model.tasks.spin)),
                theme.style(Role::Quiet),
            );
        }
        Link::Down { .. } => {
            let (sign, role) = theme.status(Status::Failed);
            return Line::styled(format!("{sign} no board"), theme.style(role));
        }
        Link::Up => {}
    }
    let counts = model.mirror.counts();
    let mut spans = Vec::new();
    let number = counts.attention + counts.failed;
    let need = (
        number,
        if number == 1 { "needs you" } else { "need you" },
        Status::Changed,
    );
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
    Line::from(spans)
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
