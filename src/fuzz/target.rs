//! A target: a guest that is given one input after the other.

use super::{
    Traced,
    entry::{Entry, EntryError},
    probe::Probe,
    ways::{Compare, Edges},
};
use crate::{
    call::CallError,
    error::Error,
    instance::Instance,
    module::{Module, ModuleBuilder},
    recording::Recording,
    report::Outcome,
    sandbox::Sandbox,
    stop::Stop,
};
use alloc::vec::Vec;
use core::fmt;

/// A guest that is given one input after the other, each as if it were the first.
///
/// It gets its input in one of three ways, of which it has the first that fits:
///
/// - as libFuzzer gives it: it exports `LLVMFuzzerTestOneInput(pointer, length)`, and `malloc`, which gives the buffer
///   once. `LLVMFuzzerInitialize` is called before, if there is one;
/// - by fuelbox's protocol: it exports `execute`;
/// - on standard input: it exports `_start`, and the sandbox grants WASI.
///
/// Only what is the same everywhere ends a run: there is no deadline. So the same input takes the same ways and the
/// same fuel each time, on every machine, and a guest that hangs is one that uses up its fuel.
///
/// ```
/// use fuelbox::{Limits, Module, Sandbox, Stop, Trap, fuzz::Target, protocol};
///
/// # let wasm = wat::parse_bytes(br#"(module
/// #     (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
/// #     (memory (export "memory") 1)
/// #     (func (export "execute") (param i32 i32) (result i32)
/// #         (drop (call $read (i32.const 0) (i32.const 64)))
/// #         (if (i32.eq (i32.load (i32.const 0)) (i32.const 0x21797562)) (then (unreachable))) (i32.const 0)))"#)?;
/// let sandbox = Sandbox::new(Limits::default().fuel(1_000_000)).grant(protocol());
/// let mut target = Target::new(&sandbox, &Module::builder(), &wasm)?;
/// assert_eq!(target.run(b"sell")?.stop, None);
///
/// // What it compared says what it would like to get.
/// let verdict = target.run_comparing(b"sell")?;
/// let wanted = verdict.compares().next().unwrap().right;
/// let verdict = target.run(&wanted.to_le_bytes()[..4])?;
/// assert_eq!(verdict.stop, Some(Stop::Trapped(Trap::Unreachable)));
/// println!("after {} fuel, on {} ways", verdict.fuel, verdict.edges.taken().count());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Target {
    plan: Plan,
    edges: Probe,
    /// Where it was asked what it compares.
    compares: Option<Probe>,
    /// Where the buffer of the last instance is; each that is made has it there.
    buffer: u32,
    input: Vec<u8>,
}

/// What a target is made of.
#[derive(Clone)]
struct Plan {
    sandbox: Sandbox,
    builder: ModuleBuilder,
    wasm: Vec<u8>,
    /// As it is compiled for anybody else.
    plain: Module,
    entry: Entry,
}

/// What the guest did on one input.
#[derive(Debug)]
#[non_exhaustive]
pub struct Verdict<'a> {
    /// Why the guest was stopped; none where it came to its end, whatever status it gave.
    pub stop: Option<Stop>,
    /// Which ways it took.
    pub edges: Edges<'a>,
    /// The fuel that it used.
    pub fuel: u64,
    probe: &'a Probe,
}

impl Target {
    /// The most bytes that an input has; of a longer one the rest is left out.
    pub const MOST_INPUT_BYTES: usize = 1 << 16;

    /// A target of the module of these bytes, built as `builder` says, in instances of `sandbox`.
    ///
    /// # Errors
    /// [`EntryError`].
    pub fn new(
        sandbox: &Sandbox,
        builder: &ModuleBuilder,
        wasm: impl AsRef<[u8]>,
    ) -> Result<Self, EntryError> {
        let builder = builder.clone();
        let module = traced(&builder, Traced::Edges, wasm.as_ref())?;
        let plan = Plan {
            sandbox: sandbox.timeless(),
            wasm: wasm.as_ref().into(),
            plain: builder.build(&wasm).map_err(EntryError::Refused)?,
            entry: Entry::of(&module).map_err(EntryError::Refused)?,
            builder,
        };
        // What would refuse the first run refuses now.
        let preflight = sandbox.check(&module);
        let refused = preflight.refusals.into_iter().next();
        if let (Entry::Entry, Some(error)) = (plan.entry, refused) {
            return Err(EntryError::Refused(error));
        }
        let (edges, buffer) = plan.probe(module)?;
        Ok(Self {
            plan,
            edges,
            compares: None,
            buffer,
            input: Vec::new(),
        })
    }

    /// Runs the guest on `input`.
    ///
    /// # Errors
    /// Where an instance had to be made again, and could not be.
    pub fn run(&mut self, input: &[u8]) -> Result<Verdict<'_>, CallError> {
        fill(&mut self.input, input);
        run(
            &mut self.edges,
            self.plan.entry,
            self.buffer,
            &mut self.input,
        )
    }

    /// Runs the guest on `input`, and notes what it compares: takes about twice as long.
    ///
    /// # Errors
    /// As [`run`](Self::run); the first time those of [`new`](Self::new) too.
    pub fn run_comparing(&mut self, input: &[u8]) -> Result<Verdict<'_>, CallError> {
        if self.compares.is_none() {
            let Plan { builder, wasm, .. } = &self.plan;
            let refused = |error| match error {
                EntryError::Refused(error) => CallError::Refused(error),
                EntryError::NotReady(error) => error,
            };
            let module = traced(builder, Traced::Compares, wasm).map_err(refused)?;
            let (probe, _) = self.plan.probe(module).map_err(refused)?;
            self.compares = Some(probe);
        }
        fill(&mut self.input, input);
        let probe = self.compares.as_mut().expect("it is made above");
        run(probe, self.plan.entry, self.buffer, &mut self.input)
    }

    /// Runs the guest on `input` as any other guest is run, and records it.
    ///
    /// The module is not traced, so that whoever has it can replay the recording.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn record(&self, input: &[u8]) -> Result<Recording, CallError> {
        const MOST_BYTES: u64 = 64 << 20;

        let Plan {
            sandbox,
            plain,
            entry,
            ..
        } = &self.plan;
        let sandbox = sandbox.clone().record(MOST_BYTES);
        let mut instance = sandbox.instantiate(plain)?;
        let buffer = entry.prepare(&mut instance, MOST_INPUT)?;
        let mut kept = Vec::new();
        fill(&mut kept, input);
        let call = entry.call(&mut instance, buffer, &mut kept);
        let execution = instance.start(call).map_err(Error::from)?;
        Ok(execution.finish().recording.expect("the sandbox records"))
    }

    /// How many ways the guest has, taken or not: as many as the [`Edges`] of each run.
    #[must_use]
    pub fn ways(&self) -> usize {
        self.edges.edges().len()
    }

    /// How often an instance had to be made again, and could not be put back.
    #[must_use]
    pub fn remade(&self) -> u64 {
        self.edges.remade()
    }
}

impl Plan {
    /// A probe of `module`, which is ready for input, and where its buffer is.
    fn probe(&self, module: Module) -> Result<(Probe, u32), EntryError> {
        let entry = self.entry;
        let make = move |sandbox: &Sandbox| -> Result<(Instance, u32), CallError> {
            let mut instance = sandbox.instantiate(&module)?;
            let buffer = entry.prepare(&mut instance, MOST_INPUT)?;
            Ok((instance, buffer))
        };
        let ready = make(&self.sandbox).map_err(EntryError::of)?;
        let (mut first, buffer) = (Some(ready.0), ready.1);
        let probe = Probe::new(&self.sandbox, move |sandbox| match first.take() {
            Some(instance) => Ok(instance),
            None => make(sandbox).map(|(instance, _)| instance),
        });
        Ok((probe.map_err(EntryError::of)?, buffer))
    }
}

impl Verdict<'_> {
    /// What it compared, where it was asked: see [`Probe::compares`].
    pub fn compares(&self) -> impl Iterator<Item = Compare> {
        self.probe.compares()
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("entry", &self.plan.entry)
            .field("edges", &self.edges)
            .finish_non_exhaustive()
    }
}

const MOST_INPUT: u32 = 1 << 16;

fn traced(builder: &ModuleBuilder, traced: Traced, wasm: &[u8]) -> Result<Module, EntryError> {
    let module = builder.clone().traced(traced).build(wasm);
    module.map_err(EntryError::Refused)
}

/// Puts an input into the buffer, in place of what is there.
fn fill(buffer: &mut Vec<u8>, input: &[u8]) {
    buffer.clear();
    let input = input.get(..Target::MOST_INPUT_BYTES).unwrap_or(input);
    buffer.extend_from_slice(input);
}

/// Runs a guest on what is in `input`, which is there for the next run afterwards.
fn run<'a>(
    probe: &'a mut Probe,
    entry: Entry,
    buffer: u32,
    input: &mut Vec<u8>,
) -> Result<Verdict<'a>, CallError> {
    let instance = probe.ready()?;
    let call = entry.call(instance, buffer, input);
    let report = instance.run(call)?;
    if entry.keeps_input() {
        *input = probe.take_input();
    }
    let stop = match report.outcome {
        Outcome::Stopped { stop, .. } => Some(stop),
        Outcome::Finished { .. } => None,
    };
    Ok(Verdict {
        stop,
        edges: probe.edges(),
        fuel: report.usage.fuel,
        probe,
    })
}
