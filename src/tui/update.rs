//! The step: a message in, the model changed, effects out. It only routes; what a
//! tab or a prompt does with a key is in its own folder.

use std::time::Duration;

use super::action::Action;
use super::dock;
use super::effect::{Answer, Ask, Effect, Msg, Ticket, Timer, WorkEnd};
use super::focus::Focus;
use super::input::{Input, Key, Reply};
use super::layout;
use super::lesson;
use super::mend;
use super::mirror::{Known, Link};
use super::model::{Clock, Model, Purpose, Size};
use super::overlay;
use super::pointer::pointed;
use super::screen::{activity, connectors, custom, directory, functions};
use super::tab::{TABS, Tab};
use super::theme::Rgb;
use super::viewer;
use crate::domain::{ConnectorId, Fault, Status};
use crate::protocol::{EventKind, ListFunctions, Undo, Undone};

/// Takes a message in at a time.
pub(super) fn update(model: &mut Model, clock: Clock, msg: Msg) -> Vec<Effect> {
    model.clock = clock;
    let mut effects = match msg {
        Msg::Input(input) => typed(model, input),
        Msg::Resized { width, height } => {
            model.size = Size { width, height };
            vec![]
        }
        Msg::CellPixels(pixels) => {
            model.cell_pixels = pixels;
            vec![]
        }
        Msg::Painted => {
            dock::painted(model);
            vec![]
        }
        Msg::Timer(timer) => timed(model, timer),
        Msg::Attached => vec![],
        Msg::Lost(fault) => lost(model, fault),
        Msg::Board(event) => board(model, *event),
        Msg::Answered(ticket, result) => answered(model, ticket, result),
        Msg::Step(ticket, step) => match model.tasks.under_way.get(&ticket) {
            Some(Purpose::Detect | Purpose::Connect) => {
                custom::step(model, ticket, step);
                vec![]
            }
            Some(Purpose::Call) => {
                functions::step(model, ticket, step);
                vec![]
            }
            Some(Purpose::Connector(id, _)) => {
                let id = id.clone();
                connectors::stage(model, &id, step);
                vec![]
            }
            Some(Purpose::Details(_)) => connectors::step(model, ticket, step),
            _ => vec![],
        },
        Msg::Ended(ticket, result) => ended(model, ticket, result),
        Msg::Edited(ticket, edited) => match model.tasks.under_way.remove(&ticket) {
            Some(Purpose::EditOutside) => functions::edited(model, edited),
            _ => vec![],
        },
    };
    settle(model);
    effects.extend(dock::light_later(model));
    effects.extend(dock::tick_later(model));
    effects.extend(connectors::wants(model));
    effects.extend(viewer::wishes(model));
    effects.extend(model.keep_spinning());
    model.keep_time();
    effects
}

/// Keeps every list and text within its bounds, whatever changed.
fn settle(model: &mut Model) {
    if model.focus.tab().is_some() {
        model.places.insert(model.tab, model.focus);
    }
    for spec in TABS {
        (spec.does.settle)(model);
    }
    lesson::settle(model);
    viewer::settle(model);
    overlay::settle(model);
    dock::settle(model);
}

fn typed(model: &mut Model, input: Input) -> Vec<Effect> {
    if !layout::fits(model.size) {
        return match input {
            // Too small to show what a key would do: only leaving works.
            Input::Key(key) => match model.keymap.find(Focus::Connectors, key) {
                Some(Action::Quit) => vec![Effect::Leave],
                Some(Action::Suspend) => vec![Effect::Suspend],
                Some(Action::Redraw) => vec![Effect::Redraw],
                _ => vec![],
            },
            Input::Paste(_) | Input::Mouse(_) | Input::Reply(_) => vec![],
        };
    }
    if !matches!(input, Input::Reply(_)) {
        model.touched_at = Some(model.clock.now);
    }
    match input {
        Input::Paste(text) => pasted(model, &text),
        Input::Key(key) => pressed(model, key),
        Input::Mouse(mouse) => pointed(model, mouse),
        // Nobody typed it.
        Input::Reply(reply) => {
            replied(model, &reply);
            vec![]
        }
    }
}

/// The terminal said something of itself. Its background was asked for only where
/// exact colours may follow from it.
fn replied(model: &mut Model, reply: &Reply) {
    if let Reply::Background { red, green, blue } = reply {
        let part = |value: u16| u8::try_from(value >> 8).unwrap_or(u8::MAX);
        model.theme = model.theme.on(Rgb(part(*red), part(*green), part(*blue)));
    }
}

fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.focus.takes_paste_in_dock() {
        dock::pasted(model, text);
        return vec![];
    }
    model.dock.typed_elsewhere(model.clock.now);
    if model.focus.in_viewer_field() {
        return viewer::pasted(model, text);
    }
    match model.focus.tab() {
        None if model.focus.in_overlay() => overlay::pasted(model, text),
        Some(tab) if model.focus.is_field() => (tab.does().pasted)(model, text),
        // Nothing else takes a paste; above all no question does.
        _ => vec![],
    }
}

fn pressed(model: &mut Model, key: Key) -> Vec<Effect> {
    if model.focus.in_dock() {
        if let Some(effects) = dock::key(model, key) {
            return effects;
        }
    } else {
        model.dock.typed_elsewhere(model.clock.now);
        let taken = match model.focus.tab() {
            _ if model.focus.in_viewer_field() => viewer::key(model, key),
            Some(tab) if model.focus.is_field() => (tab.does().key)(model, key),
            Some(_) => None,
            None => overlay::key(model, key),
        };
        if let Some(effects) = taken {
            return effects;
        }
    }
    if model.is_typing() && key.typed().is_some() {
        return vec![];
    }
    match model.keymap.find(model.focus, key) {
        Some(action) => {
            let before = model.notice.as_ref().map(|notice| notice.number);
            let effects = act(model, action);
            // What was said of the last thing is not said of this one.
            if !action.only_looks() {
                model.notice.take_if(|notice| Some(notice.number) == before);
            }
            effects
        }
        // What would be typed behind it are commands: better said than done.
        None if key.typed() == Some('/') => vec![model.say("nothing to filter here")],
        None => vec![],
    }
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    lesson::did(model, action);
    if let Some(spec) = TABS.iter().find(|spec| spec.action == action) {
        return open_tab(model, spec.tab);
    }
    match action {
        Action::Help => overlay::toggle_help(model),
        Action::Palette => overlay::toggle_palette(model),
        Action::Quit => vec![Effect::Leave],
        Action::Suspend => vec![Effect::Suspend],
        Action::Redraw => vec![Effect::Redraw],
        Action::ToggleMouse => toggle_mouse(model),
        Action::ShowOffers => connectors::show_offers(model),
        Action::Cancel => cancel(model),
        Action::StartBoard => start_board(model),
        Action::Unlock => dock::ask_unlock(model),
        Action::LessonNext | Action::LessonBack | Action::LessonHide => {
            lesson::act(model, action);
            vec![]
        }
        Action::Undo => undo(model),
        Action::NextTab => open_tab(model, model.tab.step(true)),
        Action::PreviousTab => open_tab(model, model.tab.step(false)),
        Action::ToDock if dock::has_prompt(model) => {
            dock::take_focus(model);
            vec![]
        }
        Action::ToDock => to_what_needs_you(model),
        _ if model.focus.in_overlay() => overlay::act(model, action),
        _ if model.focus.in_dock() => dock::act(model, action),
        _ => match viewer::act(model, action) {
            Some(effects) => effects,
            None => (model.tab.does().act)(model, action),
        },
    }
}

/// Starts a board where none answers.
pub(super) fn start_board(model: &mut Model) -> Vec<Effect> {
    if !model.is_board_lost() {
        return vec![model.say("the board is there")];
    }
    vec![
        model.say("starting the board"),
        Effect::Attach { start: true },
    ]
}

/// Takes the mouse, or leaves it to the terminal.
fn toggle_mouse(model: &mut Model) -> Vec<Effect> {
    model.mouse = !model.mouse;
    let text = if model.mouse {
        "the mouse is callboard's; Shift leaves it to most terminals"
    } else {
        "the mouse is the terminal's"
    };
    vec![model.say(text), Effect::Mouse(model.mouse)]
}

/// Opens a tab.
pub(super) fn open_tab(model: &mut Model, tab: Tab) -> Vec<Effect> {
    let mut effects = vec![];
    if tab != model.tab {
        effects.extend((model.tab.does().left)(model));
    }
    model.open_tab(tab);
    effects.extend((tab.does().opened)(model));
    effects
}

/// Goes to a connector that needs a person, to the next one where one is chosen: to
/// its functions where they changed, else to what is said of it.
fn to_what_needs_you(model: &mut Model) -> Vec<Effect> {
    let waiting: Vec<(ConnectorId, Status)> = model
        .mirror
        .connectors
        .iter()
        .filter(|it| it.status.needs_a_person())
        .map(|it| (it.id.clone(), it.status))
        .collect();
    let here = connectors::chosen(model).map(|it| it.id.clone());
    let place = waiting.iter().position(|(id, _)| Some(id) == here.as_ref());
    let next = place.map_or(0, |place| place.saturating_add(1) % waiting.len().max(1));
    let Some((id, status)) = waiting.get(next).cloned() else {
        return vec![model.say("nothing waits for you")];
    };
    model.leave_overlay();
    connectors::choose(model, &id);
    if status == Status::Changed {
        model.open_tab(Tab::Functions);
        return functions::show_unread(model, &id);
    }
    let effects = open_tab(model, Tab::Connectors);
    connectors::show_overview(model);
    effects
}

/// Takes the last change back, wherever it was made.
fn undo(model: &mut Model) -> Vec<Effect> {
    vec![model.ask(Purpose::Undo, Ask::Undo(Undo {}))]
}

/// The last change was taken back, or could not be.
fn undone(model: &mut Model, result: Result<Answer, Fault>) -> Vec<Effect> {
    match result {
        Ok(Answer::Undone(Undone { what, connector })) => {
            let mut effects = vec![model.say(what)];
            // Whoever looks at its functions sees at once what they may do now.
            if model.mirror.functions.contains_key(&connector) {
                effects.extend(load_functions(model, &connector));
            }
            effects
        }
        Ok(_) => vec![],
        Err(fault) => vec![model.complain(&fault)],
    }
}

/// Ctrl-c: stops the nearest thing under way, and leaves questions alone.
fn cancel(model: &mut Model) -> Vec<Effect> {
    if model.overlay.is_some() {
        overlay::close(model);
        return vec![];
    }
    match (model.tab.does().cancel)(model) {
        Some(effects) => effects,
        None => {
            let text = model.words("nothing is under way here; {quit} leaves");
            vec![model.say(text)]
        }
    }
}

fn timed(model: &mut Model, timer: Timer) -> Vec<Effect> {
    match timer {
        Timer::Spin => model.turn(),
        Timer::Notice(number) => {
            model.notice.take_if(|notice| notice.number == number);
        }
        Timer::Detect(number) => return custom::detect_now(model, number),
        Timer::Rest(number) => return functions::rested(model, number),
        // The prompt is drawn again, and looks at the clock itself.
        Timer::Arm(_) => {}
        Timer::Minute(number) => dock::ticked(model, number),
        Timer::Attach if !model.mirror.is_up() => return vec![Effect::Attach { start: false }],
        Timer::Attach => {}
    }
    vec![]
}

/// How long the board is waited for at most before it is tried again, while somebody
/// sits in front of it.
const LONGEST_WATCHED: Duration = Duration::from_secs(1);

/// The board is gone or was not found: tries again, later each time.
fn lost(model: &mut Model, fault: Fault) -> Vec<Effect> {
    let (attempts, stopped) = match &model.mirror.link {
        Link::Down {
            attempts, stopped, ..
        } => (attempts.saturating_add(1), *stopped),
        Link::Starting | Link::Up => (1, false),
    };
    model.mirror.link = Link::Down {
        fault,
        attempts,
        stopped,
    };
    let delay = layout::attach_delay(attempts);
    // Somebody who sits there should not wait for it.
    let delay = if model.is_watched() {
        delay.min(LONGEST_WATCHED)
    } else {
        delay
    };
    vec![Effect::Timer(Timer::Attach, delay)]
}

fn board(model: &mut Model, event: EventKind) -> Vec<Effect> {
    let mut effects = dock::heard(model, &event);
    let was_up = model.mirror.is_up();
    let stale = model.mirror.apply(event.clone());
    effects.extend(
        stale
            .into_iter()
            .filter_map(|id| load_functions(model, &id)),
    );
    for spec in TABS {
        effects.extend((spec.does.heard)(model, &event));
    }
    lesson::heard(model, &event);
    if !was_up && model.mirror.is_up() {
        model.notice.take_if(|notice| notice.of_the_board);
        effects.extend((model.tab.does().opened)(model));
    }
    effects
}

/// Asks for the functions of a connector. What is known stays until they come.
pub(super) fn load_functions(model: &mut Model, id: &ConnectorId) -> Option<Effect> {
    let name = model.mirror.connector(id)?.name.as_str().to_owned();
    if !matches!(model.mirror.functions.get(id), Some(Known::Here(_))) {
        model.mirror.functions.insert(id.clone(), Known::Loading);
    }
    let purpose = Purpose::Functions(id.clone());
    if model.is_under_way(|other| *other == purpose) {
        // The answer to come may be older than this event: ask again, and let the
        // later answer win.
        model.tasks.under_way.retain(|_, other| *other != purpose);
    }
    Some(model.ask(purpose, Ask::Functions(ListFunctions { name })))
}

fn answered(model: &mut Model, ticket: Ticket, result: Result<Answer, Fault>) -> Vec<Effect> {
    let Some(purpose) = model.tasks.under_way.remove(&ticket) else {
        return vec![];
    };
    match purpose {
        Purpose::Functions(id) => {
            let known = match result {
                Ok(Answer::Functions(functions)) => Known::Here(functions),
                Ok(_) => Known::Missing(Fault::internal("the board answered something else")),
                Err(fault) => Known::Missing(fault),
            };
            model.mirror.functions.insert(id.clone(), known);
            functions::loaded(model, &id)
        }
        Purpose::Function(id, name) => {
            functions::seen(model, &id, &name, result);
            vec![]
        }
        Purpose::Permit(id) => functions::permitted(model, &id, result),
        Purpose::Rename => custom::renamed(model, result),
        Purpose::Gather(next) => custom::gathered(model, next, result),
        Purpose::Vault => dock::vault_answered(model, result),
        Purpose::Undo => undone(model, result),
        Purpose::Directory(directory::Wish::List) => directory::listed(model, result),
        Purpose::Activity(wish) => activity::answered(model, wish, result),
        Purpose::Question(id, said) => dock::question_answered(model, &id, said, result.map(drop)),
        Purpose::SignIn(wish) => dock::sign_in_answered(model, wish, result),
        Purpose::Save(name) => viewer::saved(model, ticket, &name, result.map(drop)),
        Purpose::Picture => {
            let result = match result {
                Ok(Answer::Painted(painted)) => Ok(painted),
                Ok(_) => Err(Fault::internal("the picture was not drawn")),
                Err(fault) => Err(fault),
            };
            viewer::painted(model, ticket, result);
            vec![]
        }
        Purpose::Remove(_, name) => dock::removed(model, &name, result),
        Purpose::Connector(_, wish) => match result {
            Ok(answer) => {
                model.take_connector(answer);
                connectors::switched(model, wish)
            }
            Err(fault) => vec![model.complain(&fault)],
        },
        Purpose::Detect
        | Purpose::Connect
        | Purpose::Call
        | Purpose::EditOutside
        | Purpose::Details(_) => vec![],
    }
}

fn ended(model: &mut Model, ticket: Ticket, result: Result<WorkEnd, Fault>) -> Vec<Effect> {
    let Some(purpose) = model.tasks.under_way.remove(&ticket) else {
        return vec![];
    };
    match purpose {
        Purpose::Detect => {
            custom::detected(model, ticket, result);
            vec![]
        }
        Purpose::Connect => custom::connected(model, ticket, result),
        Purpose::Call => functions::called(model, ticket, result),
        Purpose::Details(wish) => connectors::ended(model, ticket, wish, result),
        Purpose::Connector(id, wish) => {
            connectors::moved(model, &id, result.is_ok());
            match result {
                Ok(WorkEnd::Connector(connector)) => {
                    model.mirror.put(*connector);
                    connectors::switched(model, wish)
                }
                Ok(_) => vec![],
                Err(fault) if locked_here(model, &fault) => dock::ask_unlock(model),
                // Its box says it, or the key that stopped it.
                Err(_) if wish == connectors::SIGNING_IN && dock::tells_of(model, &id) => vec![],
                Err(fault) => vec![model.complain(&fault)],
            }
        }
        _ => vec![],
    }
}

/// Whether something that was asked for here failed for want of the vault.
pub(super) fn locked_here(model: &Model, fault: &Fault) -> bool {
    mend::is_for_the_vault(fault)
        && model.is_vault_locked()
        && model.focus.tab().is_some()
        && !model.is_typing()
}
