//! Roles of colour and the signs beside them. A role never carries a meaning
//! alone: a sign and a word always stand with it.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

use crate::domain::{FunctionState, Permission, Status};
use crate::guard::sanitise::Form;

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

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Palette {
    /// None: bold, dim, underlined and reversed only.
    Plain,
    /// The sixteen that every terminal has, in the colours its owner chose.
    Sixteen,
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

impl Theme {
    /// The style of a role.
    pub(super) fn style(self, role: Role) -> Style {
        let style = Style::new();
        let (colour, modifier) = match role {
            Role::Text => (None, Modifier::empty()),
            // Dim, not grey: dark grey is unreadable on half of all palettes.
            Role::Quiet => (None, Modifier::DIM),
            Role::Strong => (None, Modifier::BOLD),
            Role::Focus => (Some(Color::Cyan), Modifier::BOLD),
            Role::Key => (Some(Color::Cyan), Modifier::empty()),
            Role::Good => (Some(Color::Green), Modifier::empty()),
            Role::Warn => (Some(Color::Magenta), Modifier::BOLD),
            Role::Bad => (Some(Color::Red), Modifier::BOLD),
            Role::Chosen => (None, Modifier::REVERSED),
            Role::ChosenElsewhere => (None, Modifier::BOLD),
            Role::Server => (None, Modifier::empty()),
            Role::Hidden => (Some(Color::Magenta), Modifier::REVERSED),
            Role::Asking => (Some(Color::Magenta), Modifier::BOLD),
        };
        let style = style.add_modifier(modifier);
        match (self.palette, colour) {
            (Palette::Sixteen, Some(colour)) => style.fg(colour),
            // Without colours what has one is at least bold where it warns.
            _ => style,
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
            Status::Connecting => ("◐", "~", Role::Quiet),
            Status::SignIn => ("◐", "o", Role::Warn),
            Status::Locked => ("◑", "o", Role::Warn),
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
            Permission::Block => ("✕", "x", Role::Bad),
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
            return self.pick("◐", "~");
        }
        let (unicode, ascii) = match step % 4 {
            0 => ("◐", "|"),
            1 => ("◓", "/"),
            2 => ("◑", "-"),
            _ => ("◒", "\\"),
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
