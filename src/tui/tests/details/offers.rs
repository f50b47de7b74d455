use super::*;
use crate::domain::{Fault, FaultKind, Status};

#[test]
fn prompts_and_resources() {
    pictures!("details_offers", listed);
    pictures!("details_offers_loading", |w, h| {
        let mut runner = on(w, h, vec![connector("wiki")]);
        runner.keys("<enter><tab><tab>");
        runner
    });
    pictures!("details_offers_none", |w, h| {
        let mut runner = on(w, h, vec![connector("wiki")]);
        runner.keys("<enter><tab><tab>");
        let none = |what| Fault::not_found(format!("wiki offers no {what}"));
        for (ticket, errand) in runner.errands() {
            match errand {
                Errand::Resources(_) => runner.end(ticket, Err(none("resources"))),
                Errand::Prompts(_) => runner.end(ticket, Err(none("prompts"))),
                _ => {}
            }
        }
        runner
    });
    pictures!("details_offers_failed", |w, h| {
        let mut runner = on(w, h, vec![connector("wiki")]);
        runner.keys("<enter><tab><tab>");
        let fault = Fault::new(FaultKind::Server, "the server's list has no end")
            .hint("ask whoever runs it");
        for (ticket, errand) in runner.errands() {
            match errand {
                Errand::Resources(_) => runner.end(ticket, Err(fault.clone())),
                Errand::Prompts(_) => runner.found(ticket, Found::Prompts(prompts())),
                _ => {}
            }
        }
        runner
    });
    pictures!("details_offers_not_connected", |w, h| {
        let mut runner = on(w, h, all_kinds());
        runner.keys("<enter><tab><tab>");
        runner
    });
    pictures!("details_offers_many", |w, h| {
        let mut many = resources();
        let one = many.resources[0].clone();
        many.resources = (0..4000)
            .map(|place| Resource {
                uri: format!("file:///srv/notes/{place:04}.md").into(),
                ..one.clone()
            })
            .collect();
        let mut runner = on(w, h, vec![connector("wiki")]);
        runner.keys("<enter><tab><tab>");
        tell_offers(&mut runner, many, prompts());
        runner.keys("Gkk");
        runner
    });
}

#[test]
fn nothing_is_asked_of_a_server_before_somebody_looks_at_its_offers() {
    let mut runner = on(120, 40, vec![connector("wiki"), connector("zoo")]);
    runner.keys("<enter><tab><tab><esc>");
    runner.errands();
    runner.keys("j");
    let asked = runner.errands();
    let of_the_server = |errand: &Errand| !matches!(errand, Errand::Journal(_));
    assert!(
        !asked.iter().any(|(_, errand)| of_the_server(errand)),
        "{asked:?}"
    );
    runner.shows("Enter lists them");
    runner.keys("<enter>");
    let asked = runner.errands();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked.iter().all(|(_, errand)| of_the_server(errand)));
}

#[test]
fn a_list_that_differs_is_read_again_and_stays_until_it_came() {
    let mut runner = listed(80, 24);
    runner.keys("j");
    runner.event(EventKind::Offers {
        id: connector("wiki").id,
    });
    runner.shows("greet");
    let mut more = prompts();
    let mut first = more[1].clone();
    first.name = "another".into();
    more.insert(0, first);
    tell_offers(&mut runner, resources(), more);
    runner.shows("3 prompts");
    // What was chosen is chosen still.
    runner.keys("<enter>");
    let (_, errand) = runner.errand();
    assert!(matches!(errand, Errand::Fill(get) if get.prompt == "greet"));
}

#[test]
fn a_connector_that_connects_anew_lists_anew() {
    let mut runner = listed(80, 24);
    let mut wiki = connector("wiki");
    wiki.status = Status::Connecting;
    wiki.since = wall();
    runner.event(EventKind::Connector(Box::new(wiki.clone())));
    assert!(runner.errands().is_empty());
    wiki.status = Status::Connected;
    runner.event(EventKind::Connector(Box::new(wiki)));
    assert_eq!(runner.errands().len(), 2);
}

#[test]
fn what_was_asked_for_another_connector_is_not_waited_for() {
    let mut runner = on(80, 24, vec![connector("a"), connector("b")]);
    runner.keys("<enter><tab><tab>");
    let first: Vec<_> = runner.errands().into_iter().skip(1).collect();
    assert_eq!(first.len(), 2, "{first:?}");
    runner.keys("<esc>j<enter>");
    let wanted = runner.wanted();
    assert!(first.iter().all(|(ticket, _)| cancels(&wanted, *ticket)));
    runner.found(first[0].0, Found::Resources(resources()));
    runner.hides("play://bill");
}

#[test]
fn the_filter_reads_kinds_addresses_and_titles() {
    for (words, found, hidden) in [
        ("prompt", "review", "play://bill"),
        ("cast", "The cast", "The bill"),
        ("review a", "review", "greet"),
    ] {
        let mut runner = listed(120, 40);
        runner.keys(&format!("/{words}"));
        runner.shows(found);
        runner.hides(hidden);
    }
}
