//! Which colour a role has, for each kind of terminal.
//!
//! With sixteen colours the terminal's owner has chosen what they look like, so only
//! those are used that are legible on both backgrounds of the usual palettes: no
//! yellow, no dark grey, no black or white. With exact colours the background has to
//! be known, and every role keeps a contrast of 4.5 to it, or 7 where high contrast
//! is asked for (WCAG 2.2, success criteria 1.4.3 and 1.4.6).

use ratatui::style::Color;

use super::{Contrast, Palette, Role};

/// A colour by its parts, each from 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Rgb(
    pub(in crate::tui) u8,
    pub(in crate::tui) u8,
    pub(in crate::tui) u8,
);

impl Rgb {
    /// Relative luminance (WCAG 2.2), from 0 to 1.
    fn luminance(self) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(self.0) + 0.7152 * part(self.1) + 0.0722 * part(self.2)
    }

    /// Contrast ratio of two colours (WCAG 2.2), from 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

/// What colours are for. Several roles share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hue {
    Quiet,
    Focus,
    Good,
    Warn,
    Bad,
}

const HUES: [Hue; 5] = [Hue::Quiet, Hue::Focus, Hue::Good, Hue::Warn, Hue::Bad];

fn hue(role: Role) -> Option<Hue> {
    match role {
        Role::Quiet => Some(Hue::Quiet),
        Role::Focus | Role::Key => Some(Hue::Focus),
        Role::Good => Some(Hue::Good),
        Role::Warn | Role::Hidden | Role::Asking => Some(Hue::Warn),
        Role::Bad => Some(Hue::Bad),
        Role::Text | Role::Strong | Role::Chosen | Role::ChosenElsewhere | Role::Server => None,
    }
}

/// The colour of a role; `None`: the terminal's own.
pub(super) fn of(palette: Palette, contrast: Contrast, role: Role) -> Option<Color> {
    let hue = hue(role)?;
    match palette {
        Palette::Plain => None,
        Palette::Sixteen => sixteen(hue),
        Palette::OnDark => Some(exact(on_dark(hue, contrast))),
        Palette::OnLight => Some(exact(on_light(hue, contrast))),
    }
}

fn exact(Rgb(red, green, blue): Rgb) -> Color {
    Color::Rgb(red, green, blue)
}

/// `None` where dimming says it.
fn sixteen(hue: Hue) -> Option<Color> {
    Some(match hue {
        // Dim, not grey: dark grey is unreadable on half of all palettes.
        Hue::Quiet => return None,
        Hue::Focus => Color::Cyan,
        Hue::Good => Color::Green,
        Hue::Warn => Color::Magenta,
        Hue::Bad => Color::Red,
    })
}

fn on_dark(hue: Hue, contrast: Contrast) -> Rgb {
    match (hue, contrast) {
        (Hue::Quiet, Contrast::Usual) => Rgb(0xa6, 0xad, 0xba),
        (Hue::Quiet, Contrast::High) => Rgb(0xd8, 0xdc, 0xe4),
        (Hue::Focus, Contrast::Usual) => Rgb(0x79, 0xc0, 0xff),
        (Hue::Focus, Contrast::High) => Rgb(0xa8, 0xd8, 0xff),
        (Hue::Good, Contrast::Usual) => Rgb(0x7e, 0xd6, 0x8a),
        (Hue::Good, Contrast::High) => Rgb(0x9c, 0xf0, 0xa8),
        (Hue::Warn, Contrast::Usual) => Rgb(0xf2, 0xb8, 0x5c),
        (Hue::Warn, Contrast::High) => Rgb(0xff, 0xd3, 0x80),
        (Hue::Bad, Contrast::Usual) => Rgb(0xff, 0x95, 0x8c),
        (Hue::Bad, Contrast::High) => Rgb(0xff, 0xc0, 0xba),
    }
}

fn on_light(hue: Hue, contrast: Contrast) -> Rgb {
    match (hue, contrast) {
        (Hue::Quiet, Contrast::Usual) => Rgb(0x55, 0x5c, 0x66),
        (Hue::Quiet, Contrast::High) => Rgb(0x38, 0x3d, 0x45),
        (Hue::Focus, Contrast::Usual) => Rgb(0x05, 0x50, 0xae),
        (Hue::Focus, Contrast::High) => Rgb(0x03, 0x36, 0x78),
        (Hue::Good, Contrast::Usual) => Rgb(0x11, 0x60, 0x2a),
        (Hue::Good, Contrast::High) => Rgb(0x0a, 0x43, 0x1c),
        (Hue::Warn, Contrast::Usual) => Rgb(0x85, 0x43, 0x00),
        (Hue::Warn, Contrast::High) => Rgb(0x5c, 0x2e, 0x00),
        (Hue::Bad, Contrast::Usual) => Rgb(0xae, 0x1c, 0x28),
        (Hue::Bad, Contrast::High) => Rgb(0x7c, 0x10, 0x1a),
    }
}

/// A colour for each hue.
type Set = fn(Hue, Contrast) -> Rgb;

/// The exact colours that are legible on this background; `None` where neither set
/// is, so that the sixteen have to serve.
pub(super) fn for_background(background: Rgb, contrast: Contrast) -> Option<Palette> {
    let needed = match contrast {
        Contrast::Usual => 4.5,
        Contrast::High => 7.0,
    };
    let sets: [(Palette, Set); 2] = [(Palette::OnDark, on_dark), (Palette::OnLight, on_light)];
    sets.into_iter()
        .find(|(_, set)| {
            HUES.iter()
                .all(|hue| set(*hue, contrast).contrast(background) >= needed)
        })
        .map(|(palette, _)| palette)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Backgrounds of terminals that many people use.
    const DARK: [Rgb; 5] = [
        Rgb(0, 0, 0),
        Rgb(0x1e, 0x1e, 0x2e),
        Rgb(0x00, 0x2b, 0x36),
        Rgb(0x28, 0x2c, 0x34),
        Rgb(0x30, 0x0a, 0x24),
    ];
    const LIGHT: [Rgb; 4] = [
        Rgb(0xff, 0xff, 0xff),
        Rgb(0xfd, 0xf6, 0xe3),
        Rgb(0xef, 0xf1, 0xf5),
        Rgb(0xfa, 0xfa, 0xfa),
    ];

    #[test]
    fn black_on_white_is_the_greatest_contrast() {
        let ratio = Rgb(0, 0, 0).contrast(Rgb(255, 255, 255));
        assert!((ratio - 21.0).abs() < 0.01, "{ratio}");
    }

    #[test]
    fn every_usual_background_gets_colours_that_are_legible_on_it() {
        for contrast in [Contrast::Usual, Contrast::High] {
            for background in DARK {
                let palette = for_background(background, contrast);
                assert_eq!(
                    palette,
                    Some(Palette::OnDark),
                    "{background:?} {contrast:?}"
                );
            }
            for background in LIGHT {
                let palette = for_background(background, contrast);
                assert_eq!(
                    palette,
                    Some(Palette::OnLight),
                    "{background:?} {contrast:?}"
                );
            }
        }
    }

    #[test]
    fn a_grey_between_both_falls_back_to_the_terminal_s_own_colours() {
        assert_eq!(for_background(Rgb(0x80, 0x80, 0x80), Contrast::Usual), None);
    }
}
