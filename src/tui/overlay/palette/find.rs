//! What the palette finds, and in which order.

use std::cmp::Reverse;

use super::{Does, Found};
use crate::search::Search;
use crate::tui::action::{ACTIONS, ActionSpec, Group};
use crate::tui::focus::Focus;
use crate::tui::keymap;
use crate::tui::model::Model;
use crate::tui::offers::{title, why_not};

/// Everything that fits what was typed, the best first; with nothing typed all of it,
/// what works where the keys are before the rest. `model.focus` is where it is to
/// work.
pub(super) fn find(model: &Model, typed: &str) -> Vec<Found> {
    let mut names = Search::new(typed);
    // A sentence has any few letters somewhere: its words must be there whole.
    let words: Vec<String> = typed
        .split_whitespace()
        .map(|it| format!("'{it}"))
        .collect();
    let mut sentences = Search::new(&words.join(" "));
    let mut ranked: Vec<_> = candidates(model)
        .into_iter()
        .filter_map(|(name, found)| {
            let score = names.score(&found.title).max(names.score(name));
            let (tier, score) = match score {
                Some(score) => (0, score),
                None => (1, sentences.score(&found.about)?),
            };
            // Of two that fit alike the one is meant that was typed whole.
            let whole = [name, &found.title]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(typed));
            let rank = (tier, Reverse(score), !whole, found.why_not.is_some());
            Some((rank, found))
        })
        .collect();
    // Stable: what fits alike stays in the order of the candidates.
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, found)| found).collect()
}

/// Everything there is, with another name to find it by: what counts here, the
/// connectors, what counts everywhere, and the rest.
fn candidates(model: &Model) -> Vec<(&'static str, Found)> {
    let mut here: Vec<&ActionSpec> = Vec::new();
    for spec in keymap::here(model.focus).filter(|spec| is_for_the_palette(spec)) {
        if !here.iter().any(|known| known.action == spec.action) {
            here.push(spec);
        }
    }
    let (wide, near): (Vec<_>, Vec<_>) = here.iter().copied().partition(|spec| {
        spec.contexts
            .iter()
            .any(|it| it.group() == Group::Everywhere)
    });
    let rest = ACTIONS.iter().filter(|spec| {
        is_for_the_palette(spec) && !here.iter().any(|known| known.action == spec.action)
    });
    let mut all: Vec<(&'static str, Found)> = Vec::new();
    all.extend(near.into_iter().map(|spec| (spec.name, found(model, spec))));
    all.extend(connectors(model));
    all.extend(wide.into_iter().map(|spec| (spec.name, found(model, spec))));
    all.extend(rest.map(|spec| (spec.name, found(model, spec))));
    all
}

/// Whether the palette may do it: it counts somewhere in a tab. What counts only in
/// a prompt answers a question, and what counts only in an overlay works it.
pub(super) fn is_for_the_palette(spec: &ActionSpec) -> bool {
    let in_a_tab = |focus: &&Focus| focus.tab().is_some();
    spec.contexts.iter().any(|context| {
        let mut tabs = Focus::ALL.iter().filter(in_a_tab);
        tabs.any(|focus| focus.contexts().contains(context))
    })
}

fn found(model: &Model, spec: &ActionSpec) -> Found {
    let keys = model.keymap.keys(model.focus, spec);
    let key = model.shown_key(spec).or_else(|| keys.first().copied());
    Found {
        title: title(model, spec).to_owned(),
        about: spec.doc.to_owned(),
        key: key.map_or_else(String::new, |key| key.to_string()),
        why_not: why_not(model, spec),
        does: Does::Act(spec.action),
    }
}

fn connectors(model: &Model) -> impl Iterator<Item = (&'static str, Found)> {
    model.mirror.connectors.iter().map(|connector| {
        let found = Found {
            title: format!("go to {}", connector.name),
            about: connector.url.clone(),
            key: String::new(),
            why_not: None,
            does: Does::GoTo(connector.id.clone()),
        };
        ("", found)
    })
}
