//! Calls that are recorded, and calls that are replayed.

use super::{finish::After, running::Running};
use crate::{
    call::{Callee, Setting, Target},
    capability::{self, Grants},
    error::Error,
    host::{Diverged, Player, Recorder, Store, Tape, tape, values},
    instance::{Guest, Setup},
    limits::CallLimits,
    recording::{Called, End, RecordedCall, Recording},
    report::Report,
};
#[cfg(feature = "observe")]
use crate::{host::profiler::Node, module::ObservedPart as Part, value::Value};
use alloc::{boxed::Box, string::String, vec::Vec};
use wasmi::Val;

/// Takes down that a call of `target` begins.
pub(super) fn begin_call(
    recorder: &mut Recorder,
    target: &Target<'_>,
    setting: &Setting,
    limits: &CallLimits,
) {
    let called = match *target {
        Target::Initialization => Called::Initialization,
        Target::Entry(_) => Called::Entry,
        Target::Export {
            name, arguments, ..
        } => Called::Export {
            name: name.into(),
            args: arguments.to_vec(),
        },
    };
    recorder.begin_call(called, &setting.input, limits);
}

/// Takes down that a host call which waited returns now.
pub(super) fn host_call_returns(store: &mut Store, results: &[Val]) {
    if store.data_mut().recorder().is_some() {
        let results: Vec<_> = results.iter().map(values::from_wasmi).collect();
        tape::end_host_call(store, Some(&results));
    }
}

impl Running {
    /// Takes down that the call is over, before its parts go into the report.
    #[inline]
    pub(super) fn end_tape(&self, guest: &mut Guest) {
        if guest.store.data_mut().recorder().is_some() {
            self.end_recorded(guest);
        }
    }

    fn end_recorded(&self, guest: &mut Guest) {
        // One that has not returned never will.
        tape::end_host_call(&mut guest.store, None);
        let usage = self.usage(guest);
        let Some(outcome) = self.outcome().cloned() else {
            return;
        };
        let values = self.values(guest);
        let host = guest.store.data_mut();
        let (mounts, trees) = capability::trees(&host.states);
        let record = &host.record;
        let end = End {
            outcome,
            values,
            usage,
            output: record.output().to_vec(),
            stderr: record.stderr().to_vec(),
            logs: record.logs().to_vec(),
            mounts,
            trees,
        };
        if let Some(recorder) = host.recorder() {
            recorder.end_call(end);
        }
    }
}

/// A guest that is replayed, between two of its calls.
pub(crate) struct Replayed {
    guest: Box<Guest>,
}

/// Makes an instance whose host calls are those of `recording`.
///
/// # Errors
/// As for an instance that is not replayed.
pub(crate) fn replay(
    setup: &Setup<'_>,
    recording: Recording,
    counts_fuel: bool,
) -> Result<Replayed, Error> {
    let mut guest = Box::new(Guest::unlinked(setup));
    let player = Player::new(recording, counts_fuel);
    guest.store.data_mut().tape = Some(Tape::Playing(Box::new(player)));
    guest.link(&Grants::default())?;
    Ok(Replayed { guest })
}

impl Replayed {
    /// Runs the call of this number again, to its end.
    ///
    /// # Errors
    /// Those of beginning a call. A module other than the one that ran may lack what was called.
    pub(crate) fn run(
        &mut self,
        number: usize,
        call: &RecordedCall,
        limits: CallLimits,
    ) -> Result<Report, Error> {
        let Guest { store, module, .. } = &mut *self.guest;
        if let Some(player) = store.data_mut().player() {
            player.begin_call(number);
        }
        for (ptr, bytes) in &call.written_before {
            tape::write_before_call(store, *ptr, bytes);
        }
        let module = module.clone();
        let callee = match &call.called {
            Called::Initialization | Called::Entry => Callee::default(),
            Called::Export { name, args } => Callee::new(Some(name.clone()), args.clone()),
        };
        let target = match call.called {
            Called::Initialization => Target::Initialization,
            Called::Entry | Called::Export { .. } => callee.target(&module)?,
        };
        let mut setting = Setting {
            input: call.input.clone(),
            limits: Some(limits),
            ..Setting::default()
        };
        let mut running = Running::idle();
        let begun = running.begin(&mut self.guest, &target, &mut setting);
        begun.map_err(|error| *error)?;
        Ok(running.complete(&mut self.guest, After::Kept))
    }

    /// Where the guest did something else, if it did.
    pub(crate) fn diverged(&mut self) -> Option<Diverged> {
        let player = self.guest.store.data_mut().player()?;
        player.diverged().cloned()
    }

    /// The host call that the guest has left out in its last call, if it did.
    pub(crate) fn left_out(&mut self) -> Option<(u64, String)> {
        let player = self.guest.store.data_mut().player()?;
        Some((player.host_call(), player.left_out()?))
    }
}

/// What tells of a guest whose module is observed.
#[cfg(feature = "observe")]
impl Replayed {
    /// Whether its last call has ended it.
    pub(crate) fn is_over(&self) -> bool {
        self.guest.must_be_alive().is_err()
    }

    /// Where the functions are that were entered and not left, as places in the module, the outermost first.
    pub(crate) fn frames(&self) -> Vec<u32> {
        self.guest.frames()
    }

    /// The fuel of each function, where the module tells of calls.
    pub(crate) fn profile(&mut self) -> Vec<Node> {
        let profiler = self.guest.profile();
        profiler.map_or_else(Vec::new, |profiler| profiler.nodes().to_vec())
    }

    /// The locals of its innermost functions, the innermost first, where its module keeps them.
    pub(crate) fn locals(&self) -> Vec<Vec<Option<Value>>> {
        self.guest.locals()
    }

    /// What its module has counted.
    pub(crate) fn counters(&self) -> Vec<u64> {
        self.guest.counters()
    }

    /// All its memories.
    pub(crate) fn memories(&self) -> Vec<Vec<u8>> {
        let count = self
            .guest
            .module
            .places()
            .map_or(0, |places| places.memories);
        let memories = (0..count).map(|memory| self.guest.observed_memory(Part::Memory(memory)));
        memories
            .map(|bytes| bytes.unwrap_or_default().to_vec())
            .collect()
    }

    /// All its globals.
    pub(crate) fn globals(&self) -> Vec<Value> {
        let count = self
            .guest
            .module
            .places()
            .map_or(0, |places| places.globals);
        let globals = (0..count).map(|global| self.guest.observed_value(Part::Global(global)));
        globals.flatten().collect()
    }
}
