//! How far something is: a bar where the whole is known, and how long it takes.

use ratatui::text::{Line, Span};

use crate::domain::Progress;
use crate::guard::sanitise;
use crate::tui::theme::{Role, Theme};

/// Cells of a bar, at least and at most.
const BAR: (usize, usize) = (8, 40);
/// Cells for the words behind it.
const WORDS: usize = 24;

/// How far something is, by the numbers of whoever does it. Where nothing is to move,
/// in words alone.
pub(in crate::tui) fn bar(theme: Theme, progress: &Progress, width: usize) -> Line<'static> {
    let done = number(progress.progress);
    let Some(total) = progress.total.filter(|total| *total > 0.0) else {
        return Line::raw(format!("{done} so far, of an unknown whole"));
    };
    let words = format!("{done} of {}", number(total));
    if theme.calm {
        return Line::raw(words);
    }
    let share = (progress.progress / total).clamp(0.0, 1.0);
    let cells = width.saturating_sub(WORDS).clamp(BAR.0, BAR.1);
    let full = part(share, cells);
    let percent = format!(" {:>3} %  ", part(share, 100));
    let room = width.saturating_sub(cells).saturating_sub(percent.len());
    Line::from(vec![
        Span::styled(theme.pick("█", "#").repeat(full), theme.style(Role::Good)),
        Span::styled(
            theme.pick("░", ".").repeat(cells.saturating_sub(full)),
            theme.style(Role::Quiet),
        ),
        Span::raw(percent),
        Span::raw(sanitise::cut(&words, room)),
    ])
}

/// So many of a whole, rounded down; nothing where the share is no number.
fn part(share: f64, whole: usize) -> usize {
    // The share is between 0 and 1, and the whole is a few cells.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of at most a hundred"
    )]
    let part = (share * whole as f64) as usize;
    part.min(whole)
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// How long something takes so far, in whole seconds, so that it reads the same for
/// one of them: `4 s`, `2:05`, `1:02:03`.
pub(in crate::tui) fn elapsed(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes}:{:02}", seconds % 60),
        _ => format!("{hours}:{:02}:{:02}", minutes % 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::{Palette, Signs};

    fn shown(progress: f64, total: Option<f64>, calm: bool) -> String {
        let theme = Theme {
            palette: Palette::Plain,
            contrast: crate::tui::theme::Contrast::Usual,
            pictures: crate::tui::theme::Pictures::None,
            signs: Signs::Ascii,
            calm,
        };
        let progress = Progress {
            progress,
            total,
            message: None,
        };
        bar(theme, &progress, 44).to_string()
    }

    #[test]
    fn a_bar_shows_the_share_of_a_known_whole() {
        assert_eq!(
            shown(30.0, Some(80.0), false),
            "#######.............  37 %  30 of 80"
        );
        assert_eq!(shown(3.5, None, false), "3.5 so far, of an unknown whole");
        assert_eq!(shown(30.0, Some(80.0), true), "30 of 80");
    }

    #[test]
    fn numbers_that_make_no_sense_break_nothing() {
        for (progress, total) in [
            (f64::NAN, Some(1.0)),
            (1e308, Some(1e-308)),
            (-5.0, Some(10.0)),
            (1.0, Some(f64::INFINITY)),
            (1.0, Some(f64::NAN)),
            (1.0, Some(-1.0)),
        ] {
            assert!(shown(progress, total, false).len() < 400);
        }
    }

    #[test]
    fn time_reads_as_a_clock_from_a_minute_on() {
        assert_eq!(elapsed(4_999), "4 s");
        assert_eq!(elapsed(125_000), "2:05");
        assert_eq!(elapsed(3_723_000), "1:02:03");
    }
}
