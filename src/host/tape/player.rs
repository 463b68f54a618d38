//! Gives a guest again what crossed the boundary.

use crate::{
    host::{Break, Halt, Signal, StoreMut, ledger, memory},
    recording::{End, HostCall, Reader, RecordedCall, Recording},
    report::Outcome,
    stop::Stop,
    text::Name,
    value::Value,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// Gives a guest again what crossed the boundary, and looks whether it does what it did.
pub(crate) struct Player {
    recording: Recording,
    /// Which call is in progress.
    call: usize,
    /// How many bytes of its host calls were played, and how many host calls that are.
    at: usize,
    host_call: u64,
    /// Fuel that the call had used when its last host call returned.
    used: u64,
    /// Whether fuel must be the same at each host call: it is where the module is.
    counts_fuel: bool,
    diverged: Option<Diverged>,
}

/// At which host call a guest did something else than it did when it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Diverged {
    /// Which host call of the call, from 0.
    pub(crate) host_call: u64,
    /// What was recorded; nothing where there is no further host call.
    pub(crate) expected: Option<String>,
    pub(crate) found: Difference,
}

/// What a guest did instead.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Difference {
    /// This host call.
    HostCall(String),
    /// The same host call, but after so much fuel in place of the other.
    Fuel { expected: u64, found: u64 },
    /// The same host call, but it has no memory for what was written, or takes other results.
    Shape,
}

impl Diverged {
    /// What ends a run that diverged. Nobody sees it: the replay says what happened.
    pub(super) fn halt() -> Halt {
        Halt::new(Stop::Engine {
            message: "the replay has diverged".into(),
        })
    }
}

impl Player {
    /// Of a recording; `counts_fuel` where the guest must use the same fuel between host calls.
    pub(crate) fn new(recording: Recording, counts_fuel: bool) -> Self {
        Self {
            recording,
            call: 0,
            at: 0,
            host_call: 0,
            used: 0,
            counts_fuel,
            diverged: None,
        }
    }

    /// Begins the call of this number.
    pub(crate) fn begin_call(&mut self, call: usize) {
        self.call = call;
        self.at = 0;
        self.host_call = 0;
        self.used = 0;
    }

    /// Where the guest did something else, if it did.
    pub(crate) fn diverged(&self) -> Option<&Diverged> {
        self.diverged.as_ref()
    }

    /// What comes next was not done: the call is over before.
    pub(crate) fn left_out(&self) -> Option<String> {
        let (next, _) = self.next()?;
        Some(self.shown(&next))
    }

    /// Which host call of the call comes next, from 0.
    pub(crate) fn host_call(&self) -> u64 {
        self.host_call
    }

    fn call(&self) -> Option<&RecordedCall> {
        Some(self.recording.calls.get(self.call)?)
    }

    /// The next host call, and how many bytes it takes.
    fn next(&self) -> Option<(HostCall<'_>, usize)> {
        let bytes = self.call()?.host_calls.get(self.at..)?;
        let mut reader = Reader::new(bytes, 0);
        if reader.is_at_end() {
            return None;
        }
        let next = HostCall::read(&mut reader).ok()?;
        Some((next, bytes.len().saturating_sub(reader.left())))
    }

    pub(super) fn play(
        &mut self,
        caller: &mut StoreMut<'_>,
        (module, name): (&str, &str),
        args: &[Value],
        used: u64,
    ) -> Result<Vec<Value>, Break> {
        let Some((next, len)) = self.next() else {
            let found = Difference::HostCall(shown(module, name, args));
            return self.diverge(None, found);
        };
        let expected = self.shown(&next);
        let import = self.recording.imports.get(index(next.import));
        let is_same = import.is_some_and(|import| import.module == module && import.name == name);
        if !is_same || next.args != args {
            let found = Difference::HostCall(shown(module, name, args));
            return self.diverge(Some(expected), found);
        }
        let due = self.used.saturating_add(next.fuel_before);
        if self.counts_fuel && due != used {
            let found = Difference::Fuel {
                expected: due,
                found: used,
            };
            return self.diverge(Some(expected), found);
        }
        if write(caller, &next.writes).is_none() {
            return self.diverge(Some(expected), Difference::Shape);
        }
        if let Some(files) = next.files {
            caller.data_mut().meter.set_files(files);
        }
        let host = caller.data_mut();
        host.ledger.count_call();
        ledger::charge(caller, next.fuel)?;
        let (fuel, results) = (next.fuel, next.results);
        self.used = used.saturating_add(fuel);
        self.at = self.at.saturating_add(len);
        self.host_call = self.host_call.saturating_add(1);
        match results {
            Some(results) => Ok(results),
            None => Err(self.ending(expected)),
        }
    }

    /// What ended the call in the host call that was played last.
    fn ending(&mut self, expected: String) -> Break {
        let end = self.call().and_then(|call| call.end.as_ref());
        match end.map(|End { outcome, .. }| outcome) {
            Some(Outcome::Finished { status }) => Break::Signal(Signal::Exit(*status)),
            Some(Outcome::Stopped { stop, .. }) => Break::Halt(Halt::new(stop.clone())),
            None => match self.diverge(Some(expected), Difference::Shape) {
                Err(halt) => halt,
                Ok(_) => Break::Halt(Diverged::halt()),
            },
        }
    }

    fn diverge(
        &mut self,
        expected: Option<String>,
        found: Difference,
    ) -> Result<Vec<Value>, Break> {
        self.diverged.get_or_insert(Diverged {
            host_call: self.host_call,
            expected,
            found,
        });
        Err(Break::Halt(Diverged::halt()))
    }

    /// Takes note that a host call takes other results than it gave.
    pub(crate) fn diverge_in_results(&mut self, import: (&str, &str), args: &[Value]) -> Halt {
        let expected = shown(import.0, import.1, args);
        let _ = self.diverge(Some(expected), Difference::Shape);
        Diverged::halt()
    }

    fn shown(&self, host_call: &HostCall<'_>) -> String {
        match self.recording.imports.get(index(host_call.import)) {
            Some(import) => shown(&import.module, &import.name, &host_call.args),
            None => shown("an import", &host_call.import.to_string(), &host_call.args),
        }
    }
}

/// Copies to memory what was written there; `None` where there is no memory.
fn write(caller: &mut StoreMut<'_>, writes: &[(u32, &[u8])]) -> Option<()> {
    memory::with_whole(caller, |memory, _| {
        for (ptr, bytes) in writes {
            let start = index(*ptr);
            let range = memory.get_mut(start..start.checked_add(bytes.len())?)?;
            range.copy_from_slice(bytes);
        }
        Some(())
    })
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn shown(module: &str, name: &str, args: &[Value]) -> String {
    let args: Vec<_> = args.iter().map(Value::to_string).collect();
    format!("{}.{}({})", Name(module), Name(name), args.join(", "))
}
