//! Looking at another thing of the same kind as at the one before it.

use super::{Pane, Text, View};

impl Pane {
    /// Looks at it the same way, and a text at the same place.
    pub(in crate::tui::viewer) fn look_as(&mut self, before: &Self) {
        if !self.views.contains(&before.view) {
            return;
        }
        self.view = before.view;
        let Some(pages) = before.words().map(|text| text.pages) else {
            return;
        };
        let text = match self.view {
            View::Raw => self.raw.get_or_insert_with(|| Text::raw(&self.whole)),
            _ => self
                .text
                .get_or_insert_with(|| Text::of(&self.parts, &self.whole)),
        };
        text.pages = pages;
    }
}
