//! Where in its code a guest was when it ended.

use crate::{
    error::Error,
    execution::Replayed,
    module::{Module, SLOTS, Told},
    recording::Recording,
    replay::{Purpose, Replay},
    value::Value,
};
use alloc::vec::Vec;

/// What can be seen of a guest when it is run again: where in its code it was, and what it had.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Observation {
    /// The reports, as a [replay](Recording::replay) has them.
    pub replay: Replay,
    /// The functions that the guest was in when its last call ended, the innermost first; none where it came to its
    /// end, or was stopped before it entered one.
    pub frames: Vec<Frame>,
    /// The memories of the guest, whole, in their order.
    pub memories: Vec<Vec<u8>>,
    /// The globals of the guest, in their order.
    pub globals: Vec<Value>,
}

/// A function that a guest was in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// Its number in the module; those of imported functions are the first.
    pub function: u32,
    /// Where in the bytes of the module the operator stands that ran, or the call that had not come back.
    pub offset: u64,
}

impl Recording {
    /// Runs it again with the module of these bytes, as [`replay`](Self::replay) does, and looks where the guest was
    /// when its last call ended.
    ///
    /// The module is changed to tell where it is, and uses the same fuel: so this ends at the same point, whatever
    /// ended the run that was recorded.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module
    /// #     (func $divide (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
    /// #     (func (export "_start") (drop (call $divide (i32.const 0)))))"#)?;
    /// let sandbox = Sandbox::new(Limits::default()).record(16 << 20);
    /// let finished = sandbox.start(&Module::new(&wasm)?, "")?.finish();
    /// assert_eq!(finished.report.outcome.code(), "trap-integer-division-by-zero");
    ///
    /// let observation = finished.recording.expect("the sandbox records").observe(&wasm)?;
    /// assert_eq!(observation.replay.divergence, None);
    /// let functions: Vec<_> = observation.frames.iter().map(|frame| frame.function).collect();
    /// assert_eq!(functions, [0, 1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`ModuleBuilder::build`](crate::ModuleBuilder::build) under the [limits](Self::module_limits) of the
    /// recording, and those of [`replay`](Self::replay).
    pub fn observe(&self, wasm: impl AsRef<[u8]>) -> Result<Observation, Error> {
        let builder = Module::builder().limits(self.module_limits.clone());
        let module = builder.telling(Told::Frames).build(wasm)?;
        let (replay, replayed) = self.run_again(&module, Purpose::Observe)?;
        let frame = |offset: u32| {
            let at = usize::try_from(offset).unwrap_or(usize::MAX);
            let function = module.places()?.function(at)?;
            let offset = offset.into();
            Some(Frame { function, offset })
        };
        let frames = frames(&replay, &replayed);
        Ok(Observation {
            frames: frames.into_iter().rev().filter_map(frame).collect(),
            memories: replayed.memories(),
            globals: replayed.globals(),
            replay,
        })
    }
}

impl Recording {
    /// Runs it again to keep the locals of the functions that an observation of it has found, the innermost first.
    ///
    /// Of each function come back its parameters and its locals, as they were at the operator that is shown for it;
    /// `None` for vectors and references. More than the 64 innermost functions are left out.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox, Value};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module
    /// #     (func $divide (param i32) (local f64) (local.set 1 (f64.const 2.5))
    /// #         (drop (i32.div_u (i32.const 1) (local.get 0))))
    /// #     (func (export "_start") (call $divide (i32.const 0))))"#)?;
    /// let sandbox = Sandbox::new(Limits::default()).record(16 << 20);
    /// let finished = sandbox.start(&Module::new(&wasm)?, "")?.finish();
    /// let recording = finished.recording.expect("the sandbox records");
    ///
    /// let observation = recording.observe(&wasm)?;
    /// let locals = recording.locals(&wasm, &observation)?;
    /// assert_eq!(locals[0], [Some(Value::I32(0)), Some(Value::F64(2.5))]);
    /// assert_eq!(locals[1], []); // of `_start`
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`observe`](Self::observe).
    pub fn locals(
        &self,
        wasm: impl AsRef<[u8]>,
        observation: &Observation,
    ) -> Result<Vec<Vec<Option<Value>>>, Error> {
        let most = usize::try_from(SLOTS).unwrap_or(usize::MAX);
        let innermost = observation.frames.iter().take(most);
        let sites = innermost.map(|frame| frame.offset).collect();
        let builder = Module::builder().limits(self.module_limits.clone());
        let module = builder.telling(Told::Locals(sites)).build(wasm)?;
        let (replay, replayed) = self.run_again(&module, Purpose::Observe)?;
        // What has returned has no functions, and leaves what it kept as it was.
        if frames(&replay, &replayed).is_empty() {
            return Ok(Vec::new());
        }
        Ok(replayed.locals())
    }
}

/// The places of the functions that were entered and not left, the outermost first.
fn frames(replay: &Replay, replayed: &Replayed) -> Vec<u32> {
    // What has returned leaves its frames as they were.
    let is_in_a_call = replayed.is_over() && !replay.reports.is_empty();
    if is_in_a_call {
        replayed.frames()
    } else {
        Vec::new()
    }
}
