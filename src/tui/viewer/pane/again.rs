//! Looking at another thing of the same kind as at the one before it.

use super::{Pane, Text, View};

impl Pane {
    /// Looks at it the same way, and a text at the same place.
    pub(in crate::tui::viewer) fn look_as(&mut self, before: &Self) {
        if !self.views.contains(&before.view) {
            return;
        }
        self.view = before.view;
        if let (View::Text, Some(text)) = (self.view, &before.text) {
            let pages = text.pages;
            let text = self
                .text
                .get_or_insert_with(|| Text::of(&self.parts, &self.whole));
            text.pages = pages;
        }
    }
}
