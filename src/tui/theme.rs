//! Roles of colour and the signs beside them. A role never carries a meaning
//! alone: a sign and a word always stand with it.

mod colours;

use ratatui::style::{Modifier, Style};
use ratatui::symbols::border;

use crate::domain::{FunctionState, Permission, Status};
use crate::guard::sanitise::Form;

pub(super) use colours::Rgb;

/// What a piece of the screen is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// Text of callboard's.
    Text,
    /// Text that matters less.
    Quiet,
    /// Headings and names of things.
    Strong,
    /// Where the keys go.
    Focus,
    /// A key that can be pressed.
    Key,
    /// Well.
    Good,
    /// Needs a look.
    Warn,
    /// Not well.
    Bad,
    /// The row that is chosen, in the pane that has the keys.
    Chosen,
    /// The row that is chosen, in another pane.
    ChosenElsewhere,
    /// Words of a server.
    Server,
    /// What a server's words hid.
    Hidden,
    /// A frame around something that asks.
    Asking,
}

/// Which colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Palette {
    /// None: bold, dim, underlined and reversed only.
    Plain,
    /// The sixteen that every terminal has, in the colours its owner chose.
    Sixteen,
    /// Exact ones, on a dark background.
    OnDark,
    /// Exact ones, on a light background.
    OnLight,
}

/// How far text stands out from what is behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Contrast {
    /// As usual.
    #[default]
    Usual,
    /// As far as it can: nothing is dim, keys are underlined.
    High,
}

/// How pictures are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Pictures {
    /// Not at all: their kind and size are said in words.
    None,
    /// Two pixels to a cell, as coloured half blocks. Any terminal with colours can.
    HalfBlocks(Depth),
    /// By sixel.
    Sixel,
    /// By kitty's graphics protocol.
    Kitty,
}

/// How many colours half blocks have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Depth {
    /// The sixteen that every terminal has.
    Sixteen,
    /// xterm's 256.
    Indexed,
    /// All.
    True,
}

/// Looks: colours and signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    /// Which colours.
    pub(super) palette: Palette,
    /// How far text stands out.
    pub(super) contrast: Contrast,
    /// Which signs.
    pub(super) signs: Signs,
    /// Nothing moves by itself.
    pub(super) calm: bool,
    /// What the terminal can do with pictures; [`Theme::pictures`] says what is done.
    pub(super) pictures: Pictures,
}

/// Signs, each one cell wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signs {
    /// For terminals with UTF-8.
    Unicode,
    /// For the others.
    Ascii,
}

/// The sign that turns, as it stands where nothing is to move. No other state has a
/// sign that it turns through.
const STILL: (&str, &str) = ("◌", "~");

impl Theme {
    /// The style of a role.
    pub(super) fn style(self, role: Role) -> Style {
        let style = Style::new().add_modifier(self.modifier(role));
        match colours::of(self.palette, self.contrast, role) {
            Some(colour) => style.fg(colour),
            None => style,
        }
    }

    fn modifier(self, role: Role) -> Modifier {
        let high = self.contrast == Contrast::High;
        let exact = matches!(self.palette, Palette::OnDark | Palette::OnLight);
        match role {
            Role::Text | Role::Server | Role::Good => Modifier::empty(),
            // Exact colours have one for it, and high contrast has no dim text.
            Role::Quiet if exact || high => Modifier::empty(),
            Role::Quiet => Modifier::DIM,
            Role::Key if high => Modifier::BOLD | Modifier::UNDERLINED,
            Role::Key => Modifier::empty(),
            Role::Strong | Role::Focus | Role::Warn | Role::Bad | Role::Asking => Modifier::BOLD,
            Role::Chosen if high => Modifier::REVERSED | Modifier::BOLD,
            Role::Chosen | Role::Hidden => Modifier::REVERSED,
            Role::ChosenElsewhere => Modifier::BOLD,
        }
    }

    /// The same in exact colours that suit this background, where there are such.
    pub(super) fn on(self, background: Rgb) -> Self {
        match colours::for_background(background, self.contrast) {
            Some(palette) => Self { palette, ..self },
            None => self,
        }
    }

    /// How pictures are drawn: in words where there are no colours, or only ASCII.
    pub(super) fn pictures(self) -> Pictures {
        match (self.palette, self.signs) {
            (Palette::Plain, _) | (_, Signs::Ascii) => Pictures::None,
            _ => self.pictures,
        }
    }

    /// The sign of a status and the role it is drawn in.
    pub(super) fn status(self, status: Status) -> (&'static str, Role) {
        let (unicode, ascii, role) = match status {
            Status::Connected => ("●", "*", Role::Good),
            Status::Connecting => (STILL.0, STILL.1, Role::Quiet),
            Status::SignIn => ("◐", "o", Role::Warn),
            Status::Locked => ("◊", "@", Role::Warn),
            Status::Changed => ("!", "!", Role::Warn),
            Status::Failed => ("✕", "x", Role::Bad),
            Status::Disabled => ("○", "-", Role::Quiet),
        };
        (self.pick(unicode, ascii), role)
    }

    /// The sign of a permission and the role it is drawn in.
    pub(super) fn permission(self, permission: Permission) -> (&'static str, Role) {
        let (unicode, ascii, role) = match permission {
            Permission::Always => ("✓", "+", Role::Good),
            Permission::Ask => ("?", "?", Role::Key),
            Permission::Block => ("■", "#", Role::Bad),
        };
        (self.pick(unicode, ascii), role)
    }

    /// The sign before a function: that it differs, or else its permission's.
    pub(super) fn function(
        self,
        permission: Permission,
        state: FunctionState,
    ) -> (&'static str, Role) {
        match state {
            FunctionState::Accepted => self.permission(permission),
            FunctionState::New | FunctionState::Changed => ("!", Role::Warn),
        }
    }

    /// The sign for this set.
    pub(super) fn pick(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self.signs {
            Signs::Unicode => unicode,
            Signs::Ascii => ascii,
        }
    }

    /// Before a row that is marked, besides the one that is chosen.
    pub(super) fn mark(self) -> &'static str {
        self.pick("»", "=")
    }

    /// How a server's words are written out.
    pub(super) fn form(self) -> Form {
        match self.signs {
            Signs::Unicode => Form::Unicode,
            Signs::Ascii => Form::Ascii,
        }
    }

    /// A sign that turns, a quarter for each step; it stands still where nothing is
    /// to move.
    pub(super) fn spinner(self, step: u64) -> &'static str {
        if self.calm {
            return self.pick(STILL.0, STILL.1);
        }
        let (unicode, ascii) = match step % 4 {
            0 => ("◜", "~"),
            1 => ("◝", "/"),
            2 => ("◞", "~"),
            _ => ("◟", "\\"),
        };
        self.pick(unicode, ascii)
    }

    /// The line beside a server's words.
    pub(super) fn gutter(self) -> &'static str {
        self.pick("│ ", "| ")
    }

    /// What stands where something was cut.
    pub(super) fn ellipsis(self) -> &'static str {
        self.pick("…", "...")
    }

    /// What separates words of one line.
    pub(super) fn dot(self) -> &'static str {
        self.pick(" · ", " - ")
    }

    /// The lines of a frame.
    pub(super) fn border(self, asking: bool) -> border::Set<'static> {
        match (self.signs, asking) {
            (Signs::Unicode, false) => border::PLAIN,
            (Signs::Unicode, true) => border::THICK,
            (Signs::Ascii, _) => border::Set {
                top_left: "+",
                top_right: "+",
                bottom_left: "+",
                bottom_right: "+",
                vertical_left: "|",
                vertical_right: "|",
                horizontal_top: if asking { "=" } else { "-" },
                horizontal_bottom: if asking { "=" } else { "-" },
            },
        }
    }
}
