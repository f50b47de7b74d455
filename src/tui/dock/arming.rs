//! When a prompt that permits something may be answered.
//!
//! Whoever types into a list when a prompt appears must not answer it. The prompt
//! takes a yes only when it has been on the screen and had the keys for 400 ms, at
//! least one second after the last key typed elsewhere, and after 250 ms without
//! any key. What is typed before is thrown away. While it is hidden or something else
//! has the keys, nothing counts.

/// How long it must have been on the screen, with the keys, in milliseconds.
const IN_SIGHT: u64 = 400;

/// How long ago the last key elsewhere must be, in milliseconds.
const AFTER_TYPING: u64 = 1000;

/// How long no key may have been pressed, in milliseconds.
const QUIET: u64 = 250;

/// Times of one prompt, in milliseconds of the face's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arming {
    painted: Option<u64>,
    focused: Option<u64>,
    elsewhere: u64,
    key: u64,
}

impl Arming {
    /// A prompt that was asked for by a key pressed at `now`.
    pub(super) fn new(now: u64) -> Self {
        Self {
            painted: None,
            focused: None,
            elsewhere: now,
            key: now,
        }
    }

    /// It reached the screen; only the first time counts.
    pub(super) fn painted(&mut self, now: u64) {
        self.painted.get_or_insert(now);
    }

    /// It is not on the screen any more: another is in its place, or there is no room.
    pub(super) fn hidden(&mut self) {
        self.painted = None;
    }

    /// Whether it reached the screen.
    pub(super) fn is_painted(&self) -> bool {
        self.painted.is_some()
    }

    /// It was given the keys.
    pub(super) fn focused(&mut self, now: u64) {
        self.focused = Some(now);
        self.key = now;
    }

    /// It has the keys, if it did not have them before.
    pub(super) fn keeps_focus(&mut self, now: u64) {
        if self.focused.is_none() {
            self.focused(now);
        }
    }

    /// Something else has the keys.
    pub(super) fn unfocused(&mut self) {
        self.focused = None;
    }

    /// A key was pressed, or something pasted, that was not meant for it: what was
    /// counted so far counts no more.
    pub(super) fn typed_elsewhere(&mut self, now: u64) {
        self.focused = None;
        self.elsewhere = now;
    }

    /// A key was pressed in it.
    pub(super) fn key(&mut self, now: u64) {
        self.key = now;
    }

    /// From when on it may be answered, if no further key comes; `None` while it
    /// is not on the screen or does not have the keys.
    pub(super) fn ready_at(&self) -> Option<u64> {
        let in_sight = self.painted?.max(self.focused?).saturating_add(IN_SIGHT);
        let rested = self.elsewhere.saturating_add(AFTER_TYPING);
        let quiet = self.key.saturating_add(QUIET);
        Some(in_sight.max(rested).max(quiet))
    }

    /// The same where keys typed in it are meant for it: without the quiet.
    pub(super) fn rested_at(&self) -> Option<u64> {
        Self { key: 0, ..*self }.ready_at()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opened, focused and on the screen at 0.
    fn opened() -> Arming {
        let mut arming = Arming::new(0);
        arming.focused(0);
        arming.painted(0);
        arming
    }

    fn is_armed(arming: &Arming, now: u64) -> bool {
        arming.ready_at().is_some_and(|at| now >= at)
    }

    #[test]
    fn it_waits_a_second_after_the_key_that_opened_it() {
        let arming = opened();
        assert!(!is_armed(&arming, 999));
        assert!(is_armed(&arming, 1000));
    }

    #[test]
    fn it_is_never_armed_before_it_is_on_the_screen() {
        let mut arming = Arming::new(0);
        arming.focused(0);
        assert!(!is_armed(&arming, 100_000));
        arming.painted(5000);
        assert!(!is_armed(&arming, 5399));
        assert!(is_armed(&arming, 5400));
    }

    #[test]
    fn every_key_begins_the_quiet_anew() {
        let mut arming = opened();
        arming.key(2000);
        assert!(!is_armed(&arming, 2249));
        assert!(is_armed(&arming, 2250));
    }

    #[test]
    fn typing_elsewhere_disarms_it_until_it_has_the_keys_again() {
        let mut arming = opened();
        arming.typed_elsewhere(3000);
        assert!(!is_armed(&arming, 100_000));
        arming.focused(3100);
        assert!(!is_armed(&arming, 3999));
        assert!(is_armed(&arming, 4000));
    }

    #[test]
    fn one_that_keeps_the_keys_counts_from_when_it_had_them() {
        let mut arming = opened();
        arming.keeps_focus(5000);
        assert_eq!(arming.ready_at(), Some(1000));
        arming.typed_elsewhere(6000);
        arming.keeps_focus(6000);
        assert_eq!(arming.ready_at(), Some(7000));
    }

    #[test]
    fn one_that_left_the_screen_must_have_come_back() {
        let mut arming = opened();
        arming.hidden();
        assert!(!is_armed(&arming, 100_000));
        arming.painted(5000);
        assert_eq!(arming.ready_at(), Some(5400));
    }

    #[test]
    fn keys_typed_into_its_own_fields_do_not_hold_it_up() {
        let mut arming = opened();
        arming.key(5000);
        assert_eq!(arming.ready_at(), Some(5250));
        assert_eq!(arming.rested_at(), Some(1000));
    }
}
