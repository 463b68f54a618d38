//! How does an editor run its plugins? Each is an instance that lives and gets events, what they ask takes another
//! thread a while, and all together get a bit of each frame. One that goes wrong is unloaded, and no other notices.
//!
//! ```sh
//! cargo run --example editor
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "nobody types for that many frames"
)]

use fuelbox::{
    Call, CallLimits, ExecutionId, Finished, Function, Instance, Limits, Module, Sandbox,
    Scheduler, Value, ValueType,
};
use std::{
    collections::{BTreeMap, VecDeque},
    error::Error,
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};

const PLUGINS: [&str; 3] = ["spelling", "letters", "hangs"];
const TYPED: &str = "a guest wiats for its hsot";

/// What all plugins together may take of one frame.
const PER_FRAME: Duration = Duration::from_millis(1);

/// What a plugin may use for one event.
const FUEL_PER_EVENT: u64 = 1_000_000;

/// A question of a plugin to the dictionary, and the answer to it.
type Asked = (ExecutionId, String);
type Answered = (ExecutionId, bool);

struct Editor {
    plugins: BTreeMap<&'static str, Plugin>,
    scheduler: Scheduler,
    asked: Sender<Asked>,
    answered: Receiver<Answered>,
}

struct Plugin {
    state: State,
    /// Events that it was not told of yet.
    words: VecDeque<String>,
    /// What it said to the last one.
    said: i32,
}

enum State {
    Idle(Instance),
    Busy(ExecutionId),
    /// It was unloaded, because of this.
    Gone(String),
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut editor = Editor::new()?;
    for word in TYPED.split(' ') {
        editor.type_word(word);
        editor.frame()?; // draw one; the user types on, whatever the plugins do
    }
    let mut frames = 0;
    while editor.is_busy() {
        editor.frame()?;
        frames += 1;
        thread::sleep(PER_FRAME); // the rest of the frame
    }
    println!("{frames} frames more until all were done");
    for (name, plugin) in &editor.plugins {
        match &plugin.state {
            State::Gone(why) => println!("{name}: unloaded: {why}"),
            _ => println!("{name}: {}", plugin.said),
        }
    }
    let said = |name| editor.plugins.get(name).map(|plugin| plugin.said);
    assert_eq!(said("spelling"), Some(2), "words that are not known");
    assert_eq!(said("letters"), Some(21));
    assert_eq!(said("hangs"), Some(2), "it has come as far as this");
    assert!(editor.scheduler.is_empty());
    Ok(())
}

impl Editor {
    fn new() -> Result<Self, Box<dyn Error>> {
        let (asked, questions) = mpsc::channel();
        let (answers, answered) = mpsc::channel();
        thread::spawn(move || dictionary(&questions, &answers));
        let look_up = Function::waiting(
            "editor",
            "look_up",
            &[ValueType::I32, ValueType::I32],
            &[ValueType::I32],
        );
        let sandbox = Sandbox::new(Limits::default().memory_bytes(1 << 20)).grant(look_up);
        let mut plugins = BTreeMap::new();
        for name in PLUGINS {
            let text = std::fs::read_to_string(format!("examples/guests/{name}.wat"))?;
            let instance = sandbox.instantiate(&Module::from_wat(&text)?)?;
            let plugin = Plugin {
                state: State::Idle(instance),
                words: VecDeque::new(),
                said: 0,
            };
            plugins.insert(name, plugin);
        }
        Ok(Self {
            plugins,
            scheduler: Scheduler::new(),
            asked,
            answered,
        })
    }

    /// An event for all plugins.
    fn type_word(&mut self, word: &str) {
        for plugin in self.plugins.values_mut() {
            plugin.words.push_back(word.to_owned());
        }
    }

    fn is_busy(&self) -> bool {
        self.plugins.values().any(|plugin| match plugin.state {
            State::Idle(_) => !plugin.words.is_empty(),
            State::Busy(_) => true,
            State::Gone(_) => false,
        })
    }

    /// What the editor does for its plugins in each frame. Nothing here waits.
    fn frame(&mut self) -> Result<(), Box<dyn Error>> {
        for plugin in self.plugins.values_mut() {
            plugin.begin(&mut self.scheduler)?;
        }
        while let Ok((id, is_known)) = self.answered.try_recv() {
            // Unless it was unloaded meanwhile.
            if let Some(execution) = self.scheduler.get_mut(id) {
                execution.answer(u32::from(is_known))?;
            }
        }
        self.scheduler.turn(PER_FRAME);
        while let Some(id) = self.scheduler.asking() {
            let word = asked_word(&mut self.scheduler, id)?;
            self.asked.send((id, word))?;
        }
        while let Some((id, finished)) = self.scheduler.finished() {
            let mut plugins = self.plugins.values_mut();
            let plugin = plugins.find(|plugin| matches!(plugin.state, State::Busy(of) if of == id));
            plugin.ok_or("each runs for a plugin")?.end(finished);
        }
        Ok(())
    }
}

impl Plugin {
    /// Tells it of the next word, if it has nothing else to do.
    fn begin(&mut self, scheduler: &mut Scheduler) -> Result<(), Box<dyn Error>> {
        if let State::Idle(instance) = &mut self.state
            && let Some(word) = self.words.pop_front()
        {
            let buffer: u32 = instance.call("buffer", ())?;
            instance.memory().write(buffer.into(), word.as_bytes())?;
            let call = Call::export("on_word")
                .args(u32::try_from(word.len())?)
                .limits(CallLimits::default().fuel(FUEL_PER_EVENT));
            let idle = std::mem::replace(&mut self.state, State::Gone(String::new()));
            if let State::Idle(instance) = idle {
                self.state = State::Busy(scheduler.add(instance.start(call)?));
            }
        }
        Ok(())
    }

    fn end(&mut self, finished: Finished) {
        let Finished {
            report, instance, ..
        } = finished;
        if let [Value::I32(said)] = report.values[..] {
            self.said = said;
        }
        self.state = match instance {
            Some(instance) => State::Idle(instance),
            None => State::Gone(report.outcome.to_string()),
        };
    }
}

/// The word that a plugin asks for, read from its memory: checked, and paid for by the plugin.
fn asked_word(scheduler: &mut Scheduler, id: ExecutionId) -> Result<String, Box<dyn Error>> {
    let execution = scheduler.get_mut(id).ok_or("it asks, so it is there")?;
    let mut request = execution.request().ok_or("it asks")?;
    let [Value::I32(ptr), Value::I32(len)] = *request.args() else {
        return Err("it asks with what it was declared with".into());
    };
    let word = request.read(ptr.cast_unsigned(), len.cast_unsigned())?;
    Ok(String::from_utf8_lossy(word).into_owned())
}

/// Another thread, or a server: it takes its time.
fn dictionary(questions: &Receiver<Asked>, answers: &Sender<Answered>) {
    for (id, word) in questions {
        thread::sleep(Duration::from_millis(2));
        let is_known = ["a", "for", "guest", "host", "its", "waits"].contains(&&*word);
        if answers.send((id, is_known)).is_err() {
            return;
        }
    }
}
