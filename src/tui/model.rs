//! Everything the interface knows, and nothing that does anything.

use std::collections::BTreeMap;
use std::time::Duration;

use super::action::{self, Action, ActionSpec, Say};
use super::dock::{self, Dock};
use super::effect::{Answer, Ask, Effect, Gather, Ticket, Timer, Work};
use super::focus::Focus;
use super::form::Brush;
use super::input::Key;
use super::keymap::Keymap;
use super::lesson;
use super::mend;
use super::mirror::{Link, Mirror};
use super::overlay::Overlay;
use super::reach::Reach;
use super::screen::{activity, connectors, custom, directory, functions};
use super::tab::Tab;
use super::theme::Theme;
use super::viewer::CellPixels;
use super::widget::progress;
use crate::domain::{ConnectorId, Fault, QuestionId, Timestamp, Untrusted, Zone};

/// How long a notice stays.
const NOTICE_TIME: Duration = Duration::from_secs(8);

/// A quarter of a second: how fast the spinner turns.
const SPIN_TIME: Duration = Duration::from_millis(250);

/// The time, given from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock {
    /// Milliseconds since the face started; never goes back.
    pub(super) now: u64,
    /// By the wall.
    pub(super) wall: Timestamp,
}

/// The terminal's size, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    /// Columns.
    pub(super) width: u16,
    /// Rows.
    pub(super) height: u16,
}

/// A sentence above the footer that goes away by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    /// Which, for its timer.
    pub(super) number: u64,
    /// What it says.
    pub(super) text: String,
    /// Whether something went wrong.
    pub(super) bad: bool,
    /// It is of no board's answering, and over once one does.
    pub(super) of_the_board: bool,
}

/// What a ticket was drawn for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The functions of a connector.
    Functions(ConnectorId),
    /// What the board remembers of one of them.
    Function(ConnectorId, Untrusted),
    /// Something about a connector whose success shows in its row; the words say
    /// what was wished, for the notice if it fails.
    Connector(ConnectorId, &'static str),
    /// A connector of this name is forgotten.
    Remove(ConnectorId, String),
    /// Permissions of functions.
    Permit(ConnectorId),
    /// Something that a connector's details show.
    Details(connectors::Wish),
    /// The last change is taken back.
    Undo,
    /// Something of the Directory.
    Directory(directory::Wish),
    /// Something of Activity.
    Activity(activity::Wish),
    /// A look at the URL in the form.
    Detect,
    /// The form's connector.
    Connect,
    /// The form's connector gets its new name first.
    Rename,
    /// What the form names and this process has, read before this goes on.
    Gather(custom::Next),
    /// The run of a function.
    Call,
    /// The arguments in an editor.
    EditOutside,
    /// A result written to a file of this name.
    Save(String),
    /// A picture to be drawn.
    Picture,
    /// The vault.
    Vault,
    /// Something about a sign-in.
    SignIn(dock::SignInWish),
    /// An answer to a question of the board's, and what is to be said of it.
    Question(QuestionId, &'static str),
}

impl Purpose {
    /// Whether nothing moves while it is under way: it only waits to be told.
    fn stands_still(&self) -> bool {
        matches!(self, Self::Details(wish) if wish.is_watching())
    }
}

/// What each tab remembers.
#[derive(Debug, Default)]
pub(super) struct Tabs {
    /// Tab 1.
    pub(super) connectors: connectors::State,
    /// Tab 2.
    pub(super) directory: directory::State,
    /// Tab 3.
    pub(super) custom: custom::State,
    /// Tab 4.
    pub(super) functions: functions::State,
    /// Tab 5.
    pub(super) activity: activity::State,
}

/// What is under way.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    /// By ticket.
    pub(super) under_way: BTreeMap<Ticket, Purpose>,
    /// Since when, in milliseconds of the face's clock.
    since: BTreeMap<Ticket, u64>,
    /// Turns while something is under way.
    pub(super) spin: u64,
    spinning: bool,
    numbers: u64,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Model {
    /// What is known of the board.
    pub(super) mirror: Mirror,
    /// The tab that is open.
    pub(super) tab: Tab,
    /// Where the keys go.
    pub(super) focus: Focus,
    /// Where they went in the other tabs.
    pub(super) places: BTreeMap<Tab, Focus>,
    /// What each tab remembers.
    pub(super) tabs: Tabs,
    /// The prompts at the bottom.
    pub(super) dock: Dock,
    /// What is taught along the way.
    pub(super) lesson: Option<lesson::State>,
    /// What is laid over the tab, while something is.
    pub(super) overlay: Option<Overlay>,
    /// What is to be said in passing.
    pub(super) notice: Option<Notice>,
    /// The terminal's size.
    pub(super) size: Size,
    /// The pixels of one of its cells, where it says.
    pub(super) cell_pixels: CellPixels,
    /// Its looks.
    pub(super) theme: Theme,
    /// The keys in force.
    pub(super) keymap: Keymap,
    /// The time.
    pub(super) clock: Clock,
    /// How this machine is reached.
    pub(super) reach: Reach,
    /// The zone in which times are shown.
    pub(super) zone: Zone,
    /// What is under way.
    pub(super) tasks: Tasks,
    /// Whether the mouse is taken.
    pub(super) mouse: bool,
    /// When something was typed, pasted or clicked last, by the face's clock.
    pub(super) touched_at: Option<u64>,
}

impl Model {
    /// The interface before it knows anything.
    pub(super) fn new(size: Size, theme: Theme, clock: Clock) -> Self {
        Self {
            mirror: Mirror::new(),
            tab: Tab::Connectors,
            focus: Focus::Connectors,
            places: BTreeMap::new(),
            tabs: Tabs::default(),
            dock: Dock::default(),
            lesson: None,
            overlay: None,
            notice: None,
            size,
            cell_pixels: None,
            theme,
            keymap: Keymap::of_the_table(),
            clock,
            reach: Reach::default(),
            zone: Zone::utc(),
            tasks: Tasks::default(),
            mouse: false,
            touched_at: None,
        }
    }

    /// A number that was never given before.
    pub(super) fn number(&mut self) -> u64 {
        self.tasks.numbers = self.tasks.numbers.saturating_add(1);
        self.tasks.numbers
    }

    /// Asks the board.
    pub(super) fn ask(&mut self, purpose: Purpose, ask: Ask) -> Effect {
        let ticket = Ticket(self.number());
        self.tasks.under_way.insert(ticket, purpose);
        Effect::Ask(ticket, ask)
    }

    /// Has the board do something. Returns the ticket, to cancel it by.
    pub(super) fn work(&mut self, purpose: Purpose, work: Work) -> (Ticket, Effect) {
        let ticket = Ticket(self.number());
        self.tasks.under_way.insert(ticket, purpose);
        (ticket, Effect::Work(ticket, work))
    }

    /// Has what the form names read.
    pub(super) fn gather(&mut self, next: custom::Next, wanted: Gather) -> Effect {
        let ticket = Ticket(self.number());
        self.tasks.under_way.insert(ticket, Purpose::Gather(next));
        Effect::Gather(ticket, wanted)
    }

    /// Stops what a ticket was drawn for.
    pub(super) fn cancel(&mut self, ticket: Ticket) -> Effect {
        self.tasks.under_way.remove(&ticket);
        Effect::Cancel(ticket)
    }

    /// Whether something of this kind is under way.
    pub(super) fn is_under_way(&self, wanted: impl Fn(&Purpose) -> bool) -> bool {
        self.tasks.under_way.values().any(wanted)
    }

    /// Notes when what is under way began: after each message.
    pub(super) fn keep_time(&mut self) {
        let Tasks {
            under_way, since, ..
        } = &mut self.tasks;
        since.retain(|ticket, _| under_way.contains_key(ticket));
        for ticket in under_way.keys() {
            since.entry(*ticket).or_insert(self.clock.now);
        }
    }

    /// That something is waited for: the sign that turns, the words, and from a second
    /// on how long it has been. Where nothing is to move, the time does not either.
    pub(super) fn waiting(&self, text: &str, wanted: impl Fn(&Purpose) -> bool) -> String {
        let begun = self.tasks.under_way.iter().filter(|(_, it)| wanted(it));
        let since = begun.filter_map(|(ticket, _)| self.tasks.since.get(ticket));
        let took = since
            .min()
            .map_or(0, |since| self.clock.now.saturating_sub(*since));
        let said = format!("{} {text}", self.theme.spinner(self.tasks.spin));
        if took < 1000 || self.theme.calm {
            return said;
        }
        format!("{said}{}{}", self.theme.dot(), progress::elapsed(took))
    }

    /// Says something in passing.
    pub(super) fn say(&mut self, text: impl Into<String>) -> Effect {
        self.notify(text.into(), false)
    }

    /// Says that something was changed, and the key that takes it back; with words on
    /// what that does not bring back.
    pub(super) fn say_undoable(&mut self, text: impl Into<String>, but: &str) -> Effect {
        let text = format!(
            "{}; {} takes it back{but}",
            text.into(),
            self.key(Action::Undo)
        );
        self.say(text)
    }

    /// Says what went wrong in passing.
    pub(super) fn complain(&mut self, fault: &Fault) -> Effect {
        let mut text = fault.message.clone();
        if let Some(hint) = mend::hints(self, fault).next() {
            text.push_str(self.theme.dot());
            text.push_str(&hint);
        }
        let effect = self.notify(text, true);
        if let Some(notice) = &mut self.notice {
            notice.of_the_board = mend::is_for_the_board(fault);
        }
        effect
    }

    fn notify(&mut self, text: String, bad: bool) -> Effect {
        let number = self.number();
        self.notice = Some(Notice {
            number,
            text,
            bad,
            of_the_board: false,
        });
        Effect::Timer(Timer::Notice(number), NOTICE_TIME)
    }

    /// Opens a tab, with the keys where they were last.
    pub(super) fn open_tab(&mut self, tab: Tab) {
        self.leave_overlay();
        if let Some(present) = self.focus.tab() {
            self.places.insert(present, self.focus);
        }
        self.tab = tab;
        let first = tab.spec().map_or(Focus::Connectors, |spec| spec.focus);
        self.focus = self.places.get(&tab).copied().unwrap_or(first);
    }

    /// Gives the keys back to the tab that is open.
    pub(super) fn focus_tab(&mut self) {
        let first = self.tab.spec().map_or(Focus::Connectors, |spec| spec.focus);
        self.focus = self.places.get(&self.tab).copied().unwrap_or(first);
    }

    /// Gives the keys to a prompt or an overlay, and remembers where they were.
    pub(super) fn borrow_focus(&mut self, focus: Focus) {
        if let Some(tab) = self.focus.tab() {
            self.places.insert(tab, self.focus);
        }
        self.focus = focus;
    }

    /// Takes away what is laid over the tab, if something is, and gives the keys back
    /// to what had them.
    pub(super) fn leave_overlay(&mut self) {
        if let Some(overlay) = self.overlay.take() {
            self.focus = overlay.from;
        }
    }

    /// Whether keys with a character are typed into a field.
    pub(super) fn is_typing(&self) -> bool {
        match self.focus {
            Focus::Form => self.tabs.custom.is_typing(),
            Focus::DockForm => dock::is_typing(self),
            Focus::Arguments => self.tabs.functions.is_typing(),
            Focus::OfferForm => connectors::is_typing(self),
            focus => focus.takes_text(),
        }
    }

    /// Whether anything moves, so that the spinner turns.
    pub(super) fn is_busy(&self) -> bool {
        // In an editor nothing is seen to move.
        self.is_under_way(|purpose| !purpose.stands_still() && *purpose != Purpose::EditOutside)
            || self.mirror.link == Link::Starting
            || self.mirror.counts().moving > 0
    }

    /// Sets the spinner's timer while it is needed and none is set.
    pub(super) fn keep_spinning(&mut self) -> Option<Effect> {
        if self.tasks.spinning || self.theme.calm || !self.is_busy() {
            return None;
        }
        self.tasks.spinning = true;
        Some(Effect::Timer(Timer::Spin, SPIN_TIME))
    }

    /// Turns the spinner.
    pub(super) fn turn(&mut self) {
        self.tasks.spinning = false;
        if self.is_busy() {
            self.tasks.spin = self.tasks.spin.wrapping_add(1);
        }
    }

    /// Whether somebody did something here within the last minute.
    pub(super) fn is_watched(&self) -> bool {
        let since = |at: u64| self.clock.now.saturating_sub(at);
        self.touched_at.is_some_and(|at| since(at) < 60_000)
    }

    /// Whether the board does not answer.
    pub(super) fn is_board_lost(&self) -> bool {
        matches!(self.mirror.link, Link::Down { .. })
    }

    /// Whether the vault has to be opened by somebody.
    pub(super) fn is_vault_locked(&self) -> bool {
        let vault = self.mirror.vault.as_ref();
        vault.is_some_and(|vault| vault.kind.is_some() && vault.locked)
    }

    /// Whether a key types a character where the keys go.
    fn is_typed(&self, key: Key) -> bool {
        // A choice of the form takes letters too, lest one of them leaves it.
        key.typed().is_some()
            && (self.is_typing() || self.is_on_a_choice() && !self.is_let_through(key))
    }

    /// Whether a key works even on a choice of the form, which takes the others.
    pub(super) fn is_let_through(&self, key: Key) -> bool {
        let action = self.keymap.find(self.focus, key);
        // Where nothing is filled in, there is nothing to change in an editor either.
        let nothing = self.focus == Focus::Arguments && self.tabs.functions.takes_nothing();
        action.is_some_and(|action| {
            action.counts_on_a_choice()
                && !(nothing && matches!(action, Action::RawView | Action::EditOutside))
        })
    }

    /// Whether the keys are in a form, on something that is not typed into.
    pub(super) fn is_on_a_choice(&self) -> bool {
        let in_form = matches!(
            self.focus,
            Focus::Form | Focus::Arguments | Focus::OfferForm | Focus::DockForm
        );
        in_form && !self.is_typing()
    }

    /// The key to show for an action: one that works now. `None` where none does.
    pub(super) fn shown_key(&self, spec: &ActionSpec) -> Option<Key> {
        let mut here = self.focus.contexts().iter();
        let counts = here.any(|context| spec.contexts.contains(context));
        let mut keys = self.keymap.keys(self.focus, spec).iter();
        // One that counts elsewhere is typed there.
        keys.find(|key| !counts || !self.is_typed(**key)).copied()
    }

    /// An action's key within a sentence. Where it has none, it is what the palette
    /// finds it by.
    pub(super) fn key(&self, action: Action) -> String {
        let Some(spec) = action.spec() else {
            return String::new();
        };
        let bound = |spec| {
            let key = self.shown_key(spec);
            key.or_else(|| self.keymap.keys(self.focus, spec).first().copied())
        };
        match (bound(spec), Action::Palette.spec().and_then(bound)) {
            (Some(key), _) => key.to_string(),
            (None, Some(palette)) => format!("{palette} {}", spec.name),
            (None, None) => spec.name.to_owned(),
        }
    }

    /// What a form is drawn with.
    pub(super) fn brush<'a>(&self, say: Say<'a>) -> Brush<'a> {
        Brush {
            theme: self.theme,
            say,
        }
    }

    /// A sentence in which `{reconnect}` stands for the key of that action.
    pub(super) fn words(&self, sentence: &str) -> String {
        action::said(sentence, &|spec| self.key(spec.action))
    }

    /// Takes an answer about a connector in.
    pub(super) fn take_connector(&mut self, answer: Answer) {
        if let Answer::Connector(connector) = answer {
            self.mirror.put(*connector);
        }
    }
}
