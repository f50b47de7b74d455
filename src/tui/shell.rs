//! The loop: what comes in goes to the step, what the step wants is done, and the
//! screen is drawn when nothing waits and the last frame has arrived.

mod drawing;
mod outside;
mod replies;

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::clipboard::{self, Passage};
use super::dock;
use super::effect::{Effect, Msg};
use super::environment::TerminalEnv;
use super::input::{Decoder, Input, Raw, Reader};
use super::keymap::Keymap;
use super::lesson::{self, Lesson};
use super::model::{Clock, Model, Size};
use super::perform::Performer;
use super::place;
use super::terminal::{self, Canvas, Frames, Gathering, Screen, Written};
use super::update::update;
use crate::config::{Home, Settings};
use crate::domain::{Fault, Timestamp, Zone};

/// How long a terminal may take to accept what gives it back.
const LAST_WORDS: Duration = Duration::from_millis(400);

/// How a face ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// The operator left; the board keeps running.
    Asked,
    /// The terminal went away, or a signal said to end.
    Gone,
}

/// Where the board is, and whether to start it.
#[derive(Clone, Debug)]
pub struct Start {
    /// Its folders.
    pub home: Home,
    /// Whether to start one where none runs, which then goes on without this face.
    pub start: bool,
    /// Whether nothing is to move by itself, whatever the settings say.
    pub calm: bool,
    /// The settings in force.
    pub settings: Settings,
    /// What is taught along the way, on a board to practise on.
    pub lesson: Option<Lesson>,
}

/// Shows the interface on the terminal of standard input and output until the
/// operator leaves or the terminal is gone. The first frame does not wait for the
/// board.
///
/// # Errors
/// Where the settings bind a key that cannot be bound, or there is no terminal to
/// show it on.
pub async fn run(start: Start, environment: TerminalEnv) -> Result<Leave, Fault> {
    let start_here = start.start;
    let keymap = Keymap::rebound(start.settings.keys())?;
    let mut shell = Shell::open(start, environment, keymap).map_err(|error| {
        let why = match error.raw_os_error() {
            Some(code) if code == rustix::io::Errno::NOTTY.raw_os_error() => {
                "the interface needs a terminal, and there is none here".to_owned()
            }
            _ => format!("the terminal cannot be used: {error}"),
        };
        Fault::user(why).hint("callboard --help lists the commands that need none")
    })?;
    let leave = shell.serve().await;
    let kept = shell.keep_place();
    let up = shell.model.mirror.is_up();
    shell.give_back().await;
    if let Err(error) = kept
        && leave == Leave::Asked
    {
        say(&format!(
            "where you were could not be kept for the next time: {error}"
        ));
    }
    if leave == Leave::Asked && up && start_here {
        say("the board keeps running; callboard comes back to it, callboard stop ends it");
    }
    Ok(leave)
}

/// Says something on the terminal as it was before.
fn say(text: &str) {
    // Whoever closed it does not want to read it.
    writeln!(io::stdout(), "{text}").ok();
}

/// Bytes that the drawing gathers.
#[derive(Clone, Debug, Default)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Bytes {
    fn take(&self) -> Vec<u8> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *bytes)
    }
}

impl Write for Bytes {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bytes.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The signals that a face answers to.
struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
    resize: Signal,
    go_on: Signal,
    stop: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            resize: signal(SignalKind::window_change())?,
            go_on: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
            stop: signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?,
        })
    }
}

struct Shell {
    home: Home,
    model: Model,
    started: Instant,
    screen: Screen,
    terminal: Terminal<Gathering<Bytes>>,
    bytes: Bytes,
    frames: Frames,
    /// The picture that the terminal shows besides text.
    canvas: Canvas,
    /// What a text for the clipboard has to get through.
    passage: Passage,
    written: UnboundedReceiver<Written>,
    reader: Option<Reader>,
    raw_sender: UnboundedSender<Raw>,
    raw: UnboundedReceiver<Raw>,
    decoder: Decoder,
    /// When the terminal was asked something that it may not have answered yet.
    asked: Option<Instant>,
    performer: Performer,
    messages: UnboundedReceiver<Msg>,
    signals: Signals,
    /// Something changed since the last frame.
    dirty: bool,
    /// There was a frame.
    painted: bool,
    /// Addresses are links where the terminal opens them.
    links: bool,
    leave: Option<Leave>,
}

/// What woke the loop.
enum Wake {
    Raw(Option<Raw>),
    Written(Option<Written>),
    Message(Option<Msg>),
    /// Nothing more came of a key that was begun.
    KeyOver,
    /// The frame has waited long enough.
    Drawing,
    Resize,
    Continued,
    Stop,
    End,
}

impl Shell {
    fn open(start: Start, environment: TerminalEnv, keymap: Keymap) -> io::Result<Self> {
        let signals = Signals::new()?;
        let screen = Screen::take()?;
        let (raw_sender, raw) = unbounded_channel();
        let (written_sender, written) = unbounded_channel();
        let (message_sender, messages) = unbounded_channel();
        let mut frames = Frames::start(screen.output()?, written_sender)?;
        frames.send(terminal::enter(start.settings.mouse()));
        let reader = Reader::start(screen.input()?, raw_sender.clone())?;
        let (width, height) = screen.size();
        let bytes = Bytes::default();
        let terminal = Terminal::with_options(
            Gathering::new(bytes.clone(), width, height),
            TerminalOptions {
                viewport: Viewport::Fixed(Rect::new(0, 0, width, height)),
            },
        )?;
        let started = Instant::now();
        let clock = Clock {
            now: 0,
            wall: Timestamp::now(),
        };
        let mut theme = environment.theme(&start.settings);
        theme.calm |= start.calm;
        let passage = environment.passage();
        let links = environment.shows_links(&start.settings);
        let mut decoder = Decoder::default();
        let mut asked = None;
        if environment.asks_for_background(&start.settings) {
            asked = Some(replies::ask_for_background(&mut frames, &mut decoder));
        }
        let mut model = Model::new(Size { width, height }, theme, clock);
        model.keymap = keymap;
        model.mouse = start.settings.mouse();
        model.dock.vault_wish = start.settings.vault();
        model.reach = environment.reach();
        model.lesson = start.lesson.map(lesson::State::of);
        model.cell_pixels = screen.cell_pixels();
        let wishes = place::read(&start.home).map(|text| place::recall(&mut model, &text));
        let damaged = wishes.and_then(Result::err);
        let mut shell = Self {
            home: start.home.clone(),
            model,
            started,
            screen,
            terminal,
            bytes,
            frames,
            canvas: Canvas::default(),
            passage,
            written,
            reader: Some(reader),
            raw_sender,
            raw,
            decoder,
            asked,
            performer: Performer::new(start.home, environment, message_sender),
            messages,
            signals,
            dirty: true,
            painted: false,
            links,
            leave: None,
        };
        shell
            .performer
            .perform(Effect::Attach { start: start.start });
        if let Some(fault) = damaged {
            let effect = shell.model.complain(&fault);
            shell.performer.perform(effect);
        }
        Ok(shell)
    }

    async fn serve(&mut self) -> Leave {
        self.draw_if_due();
        // Finding it walks through folders, and the first frame shows no time.
        self.model.zone = Zone::system();
        loop {
            self.draw_if_due();
            let wake = self.wake().await;
            self.take(wake).await;
            // Whatever else is there already is taken in before the next frame.
            while self.leave.is_none() {
                let Some(wake) = self.waiting() else { break };
                self.take(wake).await;
            }
            if let Some(leave) = self.leave {
                return leave;
            }
        }
    }

    async fn wake(&mut self) -> Wake {
        let key_over = self.decoder.pending().wait();
        let drawing = self.holds_frame();
        tokio::select! {
            biased;
            _ = self.signals.hangup.recv() => Wake::End,
            _ = self.signals.terminate.recv() => Wake::End,
            _ = self.signals.interrupt.recv() => Wake::End,
            _ = self.signals.go_on.recv() => Wake::Continued,
            _ = self.signals.stop.recv() => Wake::Stop,
            _ = self.signals.resize.recv() => Wake::Resize,
            raw = self.raw.recv() => Wake::Raw(raw),
            written = self.written.recv() => Wake::Written(written),
            message = self.messages.recv() => Wake::Message(message),
            () = wait(key_over), if key_over.is_some() => Wake::KeyOver,
            () = wait(drawing), if drawing.is_some() => Wake::Drawing,
        }
    }

    /// What is there without waiting.
    fn waiting(&mut self) -> Option<Wake> {
        if let Ok(raw) = self.raw.try_recv() {
            return Some(Wake::Raw(Some(raw)));
        }
        if let Ok(written) = self.written.try_recv() {
            return Some(Wake::Written(Some(written)));
        }
        let message = self.messages.try_recv().ok()?;
        Some(Wake::Message(Some(message)))
    }

    async fn take(&mut self, wake: Wake) {
        match wake {
            Wake::End | Wake::Raw(None | Some(Raw::Gone)) | Wake::Written(None) => {
                self.leave = Some(Leave::Gone);
            }
            Wake::Written(Some(Written(Err(_)))) => self.leave = Some(Leave::Gone),
            Wake::Written(Some(Written(Ok(())))) => {
                self.frames.arrived();
                if self.frames.idle() && !self.dirty && dock::awaits_paint(&self.model) {
                    self.step(Msg::Painted).await;
                }
            }
            Wake::Raw(Some(Raw::Bytes(bytes))) => {
                self.give_up_late_replies();
                let mut inputs = Vec::new();
                self.decoder.feed(&bytes, &mut inputs);
                self.type_in(inputs).await;
            }
            Wake::KeyOver => {
                let mut inputs = Vec::new();
                self.decoder.expire(&mut inputs);
                self.type_in(inputs).await;
            }
            Wake::Message(Some(message)) => self.step(message).await,
            Wake::Message(None) | Wake::Drawing => {}
            Wake::Resize => self.resized(true).await,
            Wake::Continued => self.woken().await,
            Wake::Stop => self.sleep().await,
        }
    }

    async fn type_in(&mut self, inputs: Vec<Input>) {
        for input in inputs {
            if self.leave.is_some() {
                return;
            }
            self.step(Msg::Input(input)).await;
        }
    }

    async fn step(&mut self, message: Msg) {
        if let Msg::Ended(ticket, _) = &message {
            self.performer.forget(*ticket);
        }
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let clock = Clock {
            now,
            wall: Timestamp::now(),
        };
        let effects = update(&mut self.model, clock, message);
        self.dirty = true;
        for effect in effects {
            match effect {
                Effect::Leave => self.leave = Some(Leave::Asked),
                Effect::Suspend => Box::pin(self.sleep()).await,
                Effect::EditOutside(ticket, text) => {
                    Box::pin(self.edit_outside(ticket, &text)).await;
                }
                Effect::Mouse(taken) => self.frames.send(terminal::mouse(taken)),
                Effect::Redraw => Box::pin(self.resized(false)).await,
                // Sent whole, in front of the next frame or behind the last one.
                Effect::Copy(text) => self.frames.send(clipboard::sequence(&text, self.passage)),
                other => self.performer.perform(other),
            }
        }
    }

    /// Takes the terminal's size anew and draws everything.
    async fn resized(&mut self, tell: bool) {
        let (width, height) = self.screen.size();
        // Clearing goes into the gathered bytes and cannot fail.
        self.terminal.backend_mut().resize(width, height);
        self.terminal.resize(Rect::new(0, 0, width, height)).ok();
        self.terminal.clear().ok();
        self.canvas.forget();
        self.dirty = true;
        let pixels = self.screen.cell_pixels();
        if pixels != self.model.cell_pixels {
            Box::pin(self.step(Msg::CellPixels(pixels))).await;
        }
        if tell || (self.model.size != Size { width, height }) {
            Box::pin(self.step(Msg::Resized { width, height })).await;
        }
    }

    /// Keeps where the operator is for the next time.
    fn keep_place(&mut self) -> io::Result<()> {
        let text = place::keep(&mut self.model);
        place::write(&self.home, &text)
    }

    /// Gives the terminal to whoever comes next. Nothing reads it meanwhile: a key
    /// must never be taken from another program.
    async fn hand_over(&mut self) {
        self.wait_for_replies().await;
        self.reader = None;
        self.decoder = Decoder::default();
        self.frames.send(self.canvas.leave());
        self.frames.send(terminal::LEAVE.to_vec());
        self.wait_until_written().await;
        self.screen.cooked();
    }

    /// Gives the terminal back and stops, as any program does on Ctrl-z.
    async fn sleep(&mut self) {
        // Many a stopped program never wakes; one that does keeps its place by itself.
        self.keep_place().ok();
        self.hand_over().await;
        let stopped =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
        if stopped.is_ok() {
            tokio::select! {
                _ = self.signals.go_on.recv() => {}
                _ = self.signals.hangup.recv() => self.leave = Some(Leave::Gone),
                _ = self.signals.terminate.recv() => self.leave = Some(Leave::Gone),
            }
        }
        if self.leave.is_none() {
            self.woken().await;
        }
    }

    /// Takes the terminal over again after a sleep, ours or one that was forced.
    async fn woken(&mut self) {
        let again = self.screen.raw().and_then(|()| {
            if self.reader.is_none() {
                let reader = Reader::start(self.screen.input()?, self.raw_sender.clone())?;
                self.reader = Some(reader);
            }
            Ok(())
        });
        if again.is_err() {
            self.leave = Some(Leave::Gone);
            return;
        }
        self.frames.send(terminal::enter(self.model.mouse));
        self.resized(true).await;
    }

    async fn wait_until_written(&mut self) {
        let all = async {
            while !self.frames.idle() {
                match self.written.recv().await {
                    Some(Written(Ok(()))) => self.frames.arrived(),
                    Some(Written(Err(_))) | None => return,
                }
            }
        };
        // A terminal that takes nothing is left as it is.
        tokio::time::timeout(LAST_WORDS, all).await.ok();
    }

    async fn give_back(mut self) {
        self.hand_over().await;
    }
}

async fn wait(time: Option<Duration>) {
    tokio::time::sleep(time.unwrap_or(Duration::MAX)).await;
}
