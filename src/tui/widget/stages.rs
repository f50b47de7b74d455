//! The stages of connecting, as far as they came.

use ratatui::text::Span;

use crate::guard::sanitise;
use crate::protocol::{Step, StepState};
use crate::tui::theme::{Role, Theme};

/// All of them in their order, and what each is called.
const STAGES: &[(Step, &str)] = &[
    (Step::Detect, "look"),
    (Step::Reach, "reach"),
    (Step::Negotiate, "negotiate"),
    (Step::SignIn, "sign in"),
    (Step::ListFunctions, "list functions"),
    (Step::Pin, "pin"),
];

/// See the module.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct Stages(Vec<(Step, StepState)>);

impl Stages {
    /// Whether none has begun.
    pub(in crate::tui) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets them.
    pub(in crate::tui) fn clear(&mut self) {
        self.0.clear();
    }

    /// One began or ended. Returns whether it is heard of for the first time.
    pub(in crate::tui) fn take(&mut self, step: Step, state: StepState) -> bool {
        match self.0.iter_mut().find(|(name, _)| *name == step) {
            Some((_, known)) => {
                *known = state;
                false
            }
            None => {
                self.0.push((step, state));
                true
            }
        }
    }

    /// It came to nothing: the sign of a failure stays at the stage that failed
    /// alone, the last one.
    pub(in crate::tui) fn fail(&mut self) {
        let stages = &mut self.0;
        let last = stages
            .iter()
            .rposition(|(_, state)| *state == StepState::Started)
            .max(
                stages
                    .iter()
                    .rposition(|(_, state)| *state == StepState::Failed),
            );
        let mut place = 0;
        stages.retain_mut(|(_, state)| {
            let this = Some(place) == last;
            place += 1;
            if this {
                *state = StepState::Failed;
            }
            this || *state == StepState::Done
        });
    }

    /// The stages as lines of at most so many cells, where one fits.
    pub(in crate::tui) fn lines(
        &self,
        theme: Theme,
        spin: u64,
        width: usize,
    ) -> Vec<Vec<Span<'static>>> {
        let mut lines = vec![Vec::new()];
        let mut used = 0;
        for (step, word) in STAGES {
            let state = self.0.iter().find(|(name, _)| name == step);
            // Looking is a stage only where it was one.
            if state.is_none() && *step == Step::Detect {
                continue;
            }
            let (sign, role) = match state.map(|(_, state)| *state) {
                None => (theme.pick("○", "-"), Role::Quiet),
                Some(StepState::Started) => (theme.spinner(spin), Role::Key),
                Some(StepState::Done) => (theme.pick("●", "*"), Role::Good),
                Some(StepState::Failed) => (theme.pick("✕", "x"), Role::Bad),
            };
            let text = format!("{sign} {word}");
            let cells = sanitise::width(&text);
            if used > 0 && used + cells > width {
                lines.push(Vec::new());
                used = 0;
            }
            used += cells + 2;
            if let Some(line) = lines.last_mut() {
                line.push(Span::styled(text, theme.style(role)));
                line.push(Span::raw("  "));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::tests::theme;
    use crate::tui::theme::Signs;

    fn shown(stages: &Stages, width: usize) -> Vec<String> {
        let theme = Theme {
            signs: Signs::Ascii,
            calm: true,
            ..theme()
        };
        let lines = stages.lines(theme, 0, width);
        let text = |line: Vec<Span<'_>>| {
            let words: Vec<String> = line.iter().map(|it| it.content.to_string()).collect();
            words.concat().trim_end().to_owned()
        };
        lines.into_iter().map(text).collect()
    }

    #[test]
    fn stages_stand_in_their_order_and_break_between_two() {
        let mut stages = Stages::default();
        stages.take(Step::Reach, StepState::Done);
        stages.take(Step::Negotiate, StepState::Started);
        assert_eq!(
            shown(&stages, 80),
            ["* reach  ~ negotiate  - sign in  - list functions  - pin"]
        );
        assert_eq!(
            shown(&stages, 30),
            [
                "* reach  ~ negotiate",
                "- sign in  - list functions",
                "- pin"
            ]
        );
    }

    #[test]
    fn the_last_stage_alone_has_failed() {
        let mut stages = Stages::default();
        assert!(stages.take(Step::Reach, StepState::Failed));
        assert!(!stages.take(Step::Reach, StepState::Done));
        stages.take(Step::Negotiate, StepState::Failed);
        stages.take(Step::SignIn, StepState::Started);
        stages.fail();
        assert_eq!(
            shown(&stages, 80),
            ["* reach  - negotiate  x sign in  - list functions  - pin"]
        );
    }
}
