//! Whether several functions are to run without asking from now on.

use ratatui::text::{Line, Span};

use super::{Kind, close, open};
use crate::domain::{ConnectorId, Permission, Untrusted};
use crate::tui::effect::Effect;
use crate::tui::mirror::Listed;
use crate::tui::model::Model;
use crate::tui::screen::functions;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// Names that are shown of each connector.
const NAMES_SHOWN: usize = 12;

/// Functions whose permission is set at once.
#[derive(Clone, Debug)]
pub(in crate::tui) struct Several {
    /// To what.
    pub(in crate::tui) permission: Permission,
    /// Which, by connector.
    pub(in crate::tui) of: Vec<Of>,
    /// How many of them the server says destroy something.
    destroying: usize,
    /// How many were left out because nobody has accepted them.
    pub(in crate::tui) left_out: usize,
}

/// Functions of one connector.
#[derive(Clone, Debug)]
pub(in crate::tui) struct Of {
    /// Which connector.
    pub(in crate::tui) id: ConnectorId,
    /// Its name.
    pub(in crate::tui) name: String,
    /// Their names.
    pub(in crate::tui) functions: Vec<Untrusted>,
    /// The digests of their definitions as they were seen, in the same order.
    pub(in crate::tui) digests: Vec<String>,
}

impl Several {
    /// None yet.
    pub(in crate::tui) fn new(permission: Permission) -> Self {
        Self {
            permission,
            of: Vec::new(),
            destroying: 0,
            left_out: 0,
        }
    }

    /// One more; those of a connector come one after another.
    pub(in crate::tui) fn add(&mut self, id: &ConnectorId, name: &str, function: Listed<'_>) {
        let destroys = function.hints().destructive == Some(true);
        self.destroying = self.destroying.saturating_add(usize::from(destroys));
        let (function, digest) = (function.name(), function.digest());
        match self.of.last_mut() {
            Some(of) if of.id == *id => {
                of.functions.push(function);
                of.digests.push(digest);
            }
            _ => self.of.push(Of {
                id: id.clone(),
                name: name.to_owned(),
                functions: vec![function],
                digests: vec![digest],
            }),
        }
    }

    /// How many there are.
    pub(in crate::tui) fn count(&self) -> usize {
        self.of.iter().map(|of| of.functions.len()).sum()
    }
}

/// Asks.
pub(in crate::tui) fn ask_several(model: &mut Model, several: Several) -> Vec<Effect> {
    open(model, Kind::Several(several));
    vec![]
}

/// It was said yes to.
pub(super) fn confirm(model: &mut Model) -> Vec<Effect> {
    match close(model).map(|prompt| prompt.kind) {
        Some(Kind::Several(several)) => functions::confirmed(model, several),
        _ => vec![],
    }
}

fn functions_of(count: usize) -> String {
    match count {
        1 => "1 function".to_owned(),
        _ => format!("{count} functions"),
    }
}

/// What stands in the frame.
pub(super) fn title(several: &Several) -> String {
    format!(" {} to always ", functions_of(several.count()))
}

/// What it says: how many, and of which connectors.
pub(super) fn lines(theme: Theme, several: &Several, width: usize) -> Vec<Line<'static>> {
    let count = functions_of(several.count());
    let text = match several.of.as_slice() {
        [of] => format!("Let {count} of {} run without asking from now on?", of.name),
        all => format!(
            "Let {count} of {} connectors run without asking from now on?",
            all.len()
        ),
    };
    let mut lines = rows::wrapped(theme, Role::Strong, &text, width, "");
    lines.extend(several.of.iter().map(|of| names(theme, of, width)));
    if several.destroying > 0 {
        let text = match several.destroying {
            1 => "! 1 of them says that it destroys".to_owned(),
            count => format!("! {count} of them say that they destroy"),
        };
        lines.extend(rows::wrapped(theme, Role::Warn, &text, width, "  "));
    }
    if several.left_out > 0 {
        let text = format!(
            "{} more are new or changed and stay as they are: read each first",
            several.left_out
        );
        lines.extend(rows::wrapped(theme, Role::Warn, &text, width, ""));
    }
    lines
}

/// A connector with the names of its functions, in quotes, as many as fit.
fn names(theme: Theme, of: &Of, width: usize) -> Line<'static> {
    let head = format!("{:>5} {} ", of.functions.len(), of.name);
    let names: Vec<String> = of
        .functions
        .iter()
        .take(NAMES_SHOWN)
        .map(|name| server::quoted(theme, name, 40))
        .collect();
    let room = width.saturating_sub(head.len());
    Line::from(vec![
        Span::raw(head),
        Span::styled(
            rows::cut_at_word(&names.join(" "), room),
            theme.style(Role::Quiet),
        ),
    ])
}
