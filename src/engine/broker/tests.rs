use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

type Step = Event<u8, &'static str>;

fn ask(broker: &mut Broker<u8>, asker: &str, what: u8) -> Option<QuestionId> {
    let effects: Vec<Effect<()>> = broker.step(Event::Ask {
        asker: asker.to_owned(),
        what,
    });
    match effects.as_slice() {
        [Effect::Open { id }] => Some(id.clone()),
        _ => None,
    }
}

fn answer(id: &QuestionId, answer: &'static str, by: &str) -> Step {
    Event::Answer {
        id: id.clone(),
        answer,
        word: "accepted",
        by: by.to_owned(),
    }
}

fn answered(by: &str) -> QuestionEnd {
    QuestionEnd::Answered {
        answer: "accepted".to_owned(),
        by: by.to_owned(),
    }
}

#[test]
fn the_first_answer_wins_and_the_second_is_told_whose_it_was() {
    let mut broker = Broker::new("k");
    let id = ask(&mut broker, "wiki", 7).unwrap();
    assert_eq!(broker.find(&id), Some(&7));
    let first = broker.step(answer(&id, "yes", "ann"));
    let reply = Reply::Answered {
        answer: "yes",
        by: "ann".to_owned(),
    };
    assert_eq!(
        first,
        [
            Effect::Tell {
                id: id.clone(),
                reply
            },
            Effect::Close {
                id: id.clone(),
                end: answered("ann")
            },
        ]
    );
    let second = broker.step(answer(&id, "no", "bob"));
    assert_eq!(
        second,
        [Effect::TooLate {
            end: Some(answered("ann"))
        }]
    );
    assert_eq!(broker.find(&id), None);
}

#[test]
fn what_ends_otherwise_is_a_no() {
    let mut broker = Broker::new("k");
    let withdraw: fn(QuestionId) -> Step = |id| Event::Withdraw { id };
    let due: fn(QuestionId) -> Step = |id| Event::Due { id };
    for (event, no, end) in [
        (withdraw, No::Withdrawn, QuestionEnd::Withdrawn),
        (due, No::Expired, QuestionEnd::Expired),
    ] {
        let id = ask(&mut broker, "wiki", 1).unwrap();
        let effects = broker.step(event(id.clone()));
        assert_eq!(
            effects,
            [
                Effect::Tell {
                    id: id.clone(),
                    reply: Reply::No(no)
                },
                Effect::Close {
                    id: id.clone(),
                    end: end.clone()
                },
            ]
        );
        assert_eq!(broker.step(event(id.clone())), [], "once");
        assert_eq!(
            broker.step(answer(&id, "yes", "ann")),
            [Effect::TooLate { end: Some(end) }]
        );
    }
}

#[test]
fn the_end_of_the_board_is_a_no_to_everything() {
    let mut broker = Broker::new("k");
    let one = ask(&mut broker, "wiki", 1).unwrap();
    let two = ask(&mut broker, "crm", 2).unwrap();
    let effects: Vec<Effect<&str>> = broker.step(Event::End);
    let told: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Tell {
                id,
                reply: Reply::No(No::Ended),
            } => Some(id.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(told, [one, two]);
    assert_eq!(
        ask(&mut broker, "wiki", 3),
        None,
        "nothing is asked any more"
    );
}

#[test]
fn an_asker_cannot_flood_and_does_not_keep_others_from_asking() {
    let mut broker = Broker::new("k");
    for what in 0..4 {
        assert!(ask(&mut broker, "loud", what).is_some());
    }
    let refused: Vec<Effect<()>> = broker.step(Event::Ask {
        asker: "loud".to_owned(),
        what: 9,
    });
    assert_eq!(refused, [Effect::Refuse(No::TooMany)]);
    assert!(ask(&mut broker, "quiet", 1).is_some());
    let first = broker.open().next().unwrap().0;
    let _: Vec<Effect<()>> = broker.step(Event::Withdraw { id: first });
    assert!(ask(&mut broker, "loud", 9).is_some(), "room again");
}

#[test]
fn there_is_an_end_to_what_all_may_ask() {
    let mut broker = Broker::new("k");
    for place in 0..OPEN_OF_ALL {
        assert!(ask(&mut broker, &place.to_string(), 0).is_some());
    }
    assert_eq!(ask(&mut broker, "one more", 0), None);
}

#[test]
fn an_id_of_another_board_or_in_another_spelling_is_none() {
    let mut broker = Broker::new("k");
    let id = ask(&mut broker, "wiki", 1).unwrap();
    assert_eq!(id.as_str(), "k-1");
    for other in ["j-1", "k-01", "k-+1", "k-2", "k1", "", "k-"] {
        let id = QuestionId::new(other);
        assert_eq!(broker.find(&id), None, "{other}");
        assert_eq!(
            broker.step(answer(&id, "yes", "ann")),
            [Effect::TooLate { end: None }]
        );
    }
}

/// Whatever happens in whichever order, given by small numbers.
fn event() -> impl Strategy<Value = Step> {
    let id = || (0_u64..12).prop_map(|n| QuestionId::new(format!("k-{n}")));
    prop_oneof![
        4 => (0_u8..3, any::<u8>()).prop_map(|(asker, what)| Event::Ask { asker: asker.to_string(), what }),
        3 => (id(), 0_u8..2).prop_map(|(id, by)| answer(&id, "yes", if by == 0 { "ann" } else { "bob" })),
        1 => id().prop_map(|id| Event::Withdraw { id }),
        1 => id().prop_map(|id| Event::Due { id }),
        1 => Just(Event::End),
    ]
}

proptest! {
    /// At most one answer to a question, none after it closed, and no answer means no.
    #[test]
    fn a_question_ends_once_and_yes_comes_from_an_answer_alone(events in prop::collection::vec(event(), 0..120)) {
        let mut broker: Broker<u8> = Broker::new("k");
        let mut told: BTreeMap<QuestionId, usize> = BTreeMap::new();
        let mut open: Vec<QuestionId> = Vec::new();
        let mut over = false;
        for event in events {
            let of_answer = match &event {
                Event::Answer { id, .. } => Some(id.clone()),
                _ => None,
            };
            over |= event == Event::End;
            for effect in broker.step(event) {
                match effect {
                    Effect::Open { id } => {
                        prop_assert!(!over && !told.contains_key(&id) && !open.contains(&id));
                        open.push(id);
                    }
                    Effect::Tell { id, reply } => {
                        prop_assert!(open.contains(&id), "told after it closed");
                        *told.entry(id.clone()).or_default() += 1;
                        if matches!(reply, Reply::Answered { .. }) {
                            prop_assert_eq!(Some(&id), of_answer.as_ref());
                        }
                    }
                    Effect::Close { id, .. } => {
                        prop_assert_eq!(told.get(&id), Some(&1), "told exactly once before");
                        open.retain(|known| *known != id);
                    }
                    Effect::Refuse(_) => {}
                    Effect::TooLate { .. } => {
                        prop_assert!(!open.contains(of_answer.as_ref().unwrap()));
                    }
                }
            }
            prop_assert!(!over || open.is_empty(), "nothing waits at a board that ends");
            prop_assert!(open.len() <= 3 * OPEN_OF_ONE);
            prop_assert_eq!(broker.open().map(|(id, _)| id).collect::<Vec<_>>(), open.clone());
        }
    }
}
