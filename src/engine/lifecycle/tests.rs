//! Lives, told as lists of events.

use proptest::prelude::*;

use super::*;

fn passing() -> Fault {
    Fault::new(FaultKind::Network, "no answer").retryable()
}

fn lasting() -> Fault {
    Fault::new(FaultKind::Network, "certificate expired")
}

fn failed(attempt: u64, fault: Fault) -> Event {
    Event::Failed {
        attempt,
        fault,
        locked: false,
        dice: 0,
    }
}

fn lost(attempt: u64, fault: Fault) -> Event {
    Event::Lost {
        attempt,
        fault,
        dice: 0,
    }
}

fn after(events: Vec<Event>) -> Life {
    let mut life = Life::default();
    for event in events {
        life.step(event);
    }
    life
}

#[test]
fn switching_on_connects() {
    let mut life = Life::default();
    assert_eq!(
        life.step(Event::Renew),
        [
            Effect::HangUp,
            Effect::Connect { attempt: 1 },
            Effect::Publish
        ]
    );
    assert_eq!(
        life.step(Event::Connected { attempt: 1 }),
        [Effect::Publish]
    );
    assert_eq!(life.status(), Status::Connected);
}

#[test]
fn a_failure_that_may_heal_is_tried_again_ever_more_slowly() {
    let mut life = after(vec![Event::Renew]);
    let mut waits = Vec::new();
    for attempt in 1..=11 {
        for effect in life.step(failed(attempt, passing())) {
            if let Effect::Wait { delay, .. } = effect {
                waits.push(delay.as_secs());
            }
        }
        assert_eq!(life.status(), Status::Failed);
        life.step(Event::Due { attempt });
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
}

#[test]
fn a_failure_that_does_not_heal_waits_for_a_person() {
    let mut life = after(vec![Event::Renew]);
    assert_eq!(life.step(failed(1, lasting())), [Effect::Publish]);
    assert_eq!(life.phase(), &Phase::Failed(lasting()));
    assert!(life.step(Event::Due { attempt: 1 }).is_empty());
    assert_eq!(life.step(Event::Renew)[1], Effect::Connect { attempt: 2 });
}

#[test]
fn the_server_s_own_waiting_time_is_kept() {
    let mut life = after(vec![Event::Renew]);
    let fault = Fault::new(FaultKind::Server, "busy").retry_after(90_000);
    let effects = life.step(failed(1, fault));
    let delay = Duration::from_secs(90);
    assert_eq!(effects[0], Effect::Wait { attempt: 1, delay });
}

#[test]
fn a_session_that_dies_is_made_again_at_once_and_the_second_time_later() {
    let mut life = after(vec![Event::Renew, Event::Connected { attempt: 1 }]);
    let effects = life.step(lost(1, passing()));
    assert_eq!(
        effects,
        [
            Effect::HangUp,
            Effect::Connect { attempt: 2 },
            Effect::Publish
        ]
    );
    let effects = life.step(failed(2, passing()));
    assert!(matches!(effects[0], Effect::Wait { .. }));
}

#[test]
fn a_sign_in_is_not_tried_again_by_itself() {
    let fault = Fault::new(FaultKind::SignIn, "sign in");
    let mut life = after(vec![Event::Renew]);
    assert_eq!(life.step(failed(1, fault)), [Effect::Publish]);
    assert_eq!(life.status(), Status::SignIn);
}

#[test]
fn a_closed_vault_is_waited_for() {
    let mut life = after(vec![Event::Renew]);
    life.step(Event::Failed {
        attempt: 1,
        fault: Fault::config("the vault is locked"),
        locked: true,
        dice: 0,
    });
    assert_eq!(life.status(), Status::Locked);
    assert_eq!(
        life.step(Event::VaultOpened)[0],
        Effect::Connect { attempt: 2 }
    );
}

#[test]
fn opening_the_vault_disturbs_nobody_else() {
    for mut life in [
        after(vec![]),
        after(vec![Event::Renew]),
        after(vec![Event::Renew, Event::Connected { attempt: 1 }]),
        after(vec![Event::Renew, failed(1, passing())]),
    ] {
        assert!(life.step(Event::VaultOpened).is_empty());
    }
}

#[test]
fn closing_the_vault_hangs_up_until_it_is_opened_again() {
    let fault = Fault::config("the vault is locked");
    let closed = Event::VaultClosed { fault };
    let mut life = after(vec![Event::Renew, Event::Connected { attempt: 1 }]);
    assert_eq!(life.step(closed.clone()), [Effect::HangUp, Effect::Publish]);
    assert_eq!(life.status(), Status::Locked);
    assert!(life.step(lost(1, passing())).is_empty());
    assert_eq!(
        life.step(Event::VaultOpened)[0],
        Effect::Connect { attempt: 3 }
    );
    let mut off = after(vec![]);
    assert!(off.step(closed).is_empty());
}

#[test]
fn what_comes_late_changes_nothing() {
    let mut life = after(vec![Event::Renew, Event::Renew]);
    assert!(life.step(Event::Connected { attempt: 1 }).is_empty());
    assert!(life.step(failed(1, lasting())).is_empty());
    life.step(Event::Disable);
    assert!(life.step(Event::Connected { attempt: 2 }).is_empty());
    assert!(life.step(lost(2, passing())).is_empty());
    assert_eq!(life.status(), Status::Disabled);
}

#[test]
fn a_success_forgets_earlier_failures() {
    let mut life = after(vec![
        Event::Renew,
        failed(1, passing()),
        Event::Due { attempt: 1 },
        Event::Connected { attempt: 2 },
    ]);
    let effects = life.step(lost(2, passing()));
    assert_eq!(effects[1], Effect::Connect { attempt: 3 });
}

proptest! {
    #[test]
    fn no_order_of_events_makes_two_attempts_or_connects_what_is_off(
        script in proptest::collection::vec((0_u8..8, 0_u64..6, any::<u32>()), 0..60)
    ) {
        let mut life = Life::default();
        let mut highest = 0;
        for (kind, attempt, dice) in script {
            let event = match kind {
                0 => Event::Renew,
                1 => Event::Disable,
                2 => Event::Connected { attempt },
                3 => Event::Failed { attempt, fault: passing(), locked: false, dice },
                4 => Event::Lost { attempt, fault: passing(), dice },
                5 => Event::Due { attempt },
                6 => Event::VaultClosed { fault: lasting() },
                _ => Event::VaultOpened,
            };
            let was_off = life.status() == Status::Disabled;
            let renewed = event == Event::Renew;
            for effect in life.step(event) {
                match effect {
                    Effect::Connect { attempt } => {
                        prop_assert!(attempt > highest);
                        prop_assert!(!was_off || renewed);
                        highest = attempt;
                    }
                    Effect::Wait { delay, .. } => {
                        prop_assert!(delay <= LONGEST_WAIT && delay >= FIRST_WAIT.mul_f64(0.75));
                    }
                    Effect::HangUp | Effect::Retire | Effect::Publish => {}
                }
            }
        }
    }
}
